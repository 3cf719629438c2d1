//! What the engine asks of the outside. None of it waits, neither for a client nor for a disk.

use std::net::SocketAddr;

use crate::asterisk::{self, AsteriskRequest};
use crate::live::OutgoingNotice;
use crate::live::messages::{Moment, SessionId};
use crate::settings::setting::TlsVersion;
use crate::settings::state::StateWrite;
use crate::store::{Done, StateWriter, StoreRequest};

/// Where notices go: `server`'s hub, which encodes each once.
pub(crate) trait ClientPort {
    /// How a connected client is reached.
    type Client: Send;

    fn connect(&mut self, session: SessionId, client: Self::Client);
    fn disconnect(&mut self, session: SessionId);
    /// `now` is what its line is stamped with.
    fn send(&mut self, now: Moment, notice: &OutgoingNotice);
    /// Closes the session once all that was sent to it is written.
    fn close(&mut self, session: SessionId);
    /// Nothing more waits to be decided: what was held back to be handed out together goes out now.
    fn flush(&mut self);
    fn link(&self, session: SessionId) -> Option<Link>;
}

/// How a client is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) peer: SocketAddr,
    /// None: in clear.
    pub(crate) tls: Option<TlsVersion>,
}

/// Where writes go: `store`'s writer, which keeps their order. Dropping it waits until all is on disk.
pub(crate) trait StorePort: Send {
    /// `done` is called once, from any thread, when the writes are on disk or could not be brought there.
    fn write(&self, writes: Vec<StateWrite>, done: Done);
    /// Behind what was written before. The request's own `done` is called once, from any thread, with the reply.
    fn ask(&self, request: StoreRequest);
}

/// Where requests to the telephone system go: the link, which keeps their order and gives each its time.
pub(crate) trait TelephonyPort: Send {
    /// Whoever waits for the request hears once, from any thread, what came of it; at once where there is no link, and within
    /// a bound that the link sets where there is one: seconds, or as long as the telephone may ring.
    fn ask(&self, request: AsteriskRequest);
}

impl TelephonyPort for asterisk::Handle {
    fn ask(&self, request: AsteriskRequest) {
        Self::ask(self, request);
    }
}

impl StorePort for StateWriter {
    fn write(&self, writes: Vec<StateWrite>, done: Done) {
        self.save(writes, done);
    }

    fn ask(&self, request: StoreRequest) {
        Self::ask(self, request);
    }
}
