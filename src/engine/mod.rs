//! The one loop that owns the live picture. Connections, the control socket and whoever watches the settings bring
//! messages through an `EngineHandle`; `live` decides; what it decides goes to the ports: clients, the store and the
//! telephone system, whose replies come back into the same order. Whatever the picture needs of the outside (another server) is
//! one more port here; whoever only follows what happens is a follower. No sockets, no SQL, and nothing here waits for a client or a disk.

/// What is done about one message.
mod actor;
/// The one reader of the clocks.
mod clock;
/// What of its decisions goes into the log.
mod decision_log;
/// Runs the loop: what comes next, and when.
mod event_loop;
/// Who follows what happens.
mod followers;
/// How messages come in.
mod handle;
/// What the engine asks of the outside.
mod ports;
/// What the store has not replied to yet.
mod store_requests;
/// What the telephony port is asked.
mod telephony_requests;
#[cfg(any(test, feature = "measure"))]
mod timed_live;
/// All that is to become due.
mod timers;
/// Who waits for an answer of `live`, by number.
mod waiting;

#[cfg(test)]
mod tests;

pub(crate) use clock::{Clock, unix_time};
pub(crate) use event_loop::{EventLoop, Parts, Watchdog};
pub(crate) use followers::Followed;
pub(crate) use handle::{EngineHandle, EngineStopped, Message, Report, SessionFilter, SessionSnapshot};
pub(crate) use ports::{ClientPort, Link, StorePort};
#[cfg(any(test, feature = "measure"))]
pub(crate) use store_requests::request_of;
#[cfg(any(test, feature = "measure"))]
pub(crate) use timed_live::TimedLive;
