//! The link to Asterisk: one AMI connection over which everything comes that `live` knows of telephones, and goes that it
//! asks of them. `packet` and `action` are the wire; `event` and `resync` make `live`'s messages of what comes, `request`
//! makes actions of what goes; `link` keeps the connection, for `server` to start and the engine to ask; `dialplan`
//! writes what Asterisk's own files need. The room decides nothing about people, phones or queues.

/// What is sent.
mod action;
/// What Asterisk asks while a call comes in.
pub(crate) mod agi;
/// What came back for an action.
mod answer;
/// A request, and who waits for what comes of it.
mod asked;
/// How long to wait after a failure.
mod back_off;
/// The socket.
mod connection;
/// What an administrator includes in Asterisk's own files.
pub(crate) mod dialplan;
/// What an event means.
mod event;
/// One that answers as a test says.
#[cfg(test)]
mod fake;
/// The near end.
mod handle;
/// A connection for questions alone.
mod inquiry;
/// What there is to take over.
mod inventory;
/// Keeps the link.
mod link;
/// How it stands.
mod link_state;
/// Why there is none.
mod lost;
/// For the login by challenge.
mod md5;
/// Which actions wait for what.
mod outstanding;
/// What is received.
mod packet;
/// Bytes to packets.
mod packet_reader;
/// How a request is carried out.
mod plan;
/// How each request becomes a plan.
mod request;
/// What is asked when a link begins.
mod resync;
/// The dialogue of one connection.
mod session;
#[cfg(test)]
mod session_tests;
/// How Asterisk stands towards what is needed of it.
mod survey;
/// What passes, for whoever follows it.
mod trace;
/// What a real Asterisk was heard to say.
#[cfg(test)]
mod transcript;

pub(crate) use asked::{AsteriskRequest, ReplyGuard};
pub(crate) use handle::Handle;
pub(crate) use inquiry::InquiryError;
pub(crate) use inventory::{Inventory, inventory};
pub(crate) use link::link;
pub(crate) use link_state::LinkState;
#[cfg(feature = "measure")]
pub(crate) use packet_reader::{PacketReader, Received};
#[cfg(test)]
pub(crate) use survey::AccountLine;
pub(crate) use survey::{DialplanExtension, Lacking, Survey, survey};
pub(crate) use trace::{Followed, Traced, Way};
