//! What the engine asks of the outside. None of it waits, neither for a client nor for a disk.

use std::net::SocketAddr;

use crate::asterisk;
use crate::live::OutgoingNotice;
use crate::live::messages::{Moment, SessionId, TelephonyReply, TelephonyRequest};
use crate::settings::setting::TlsVersion;
use crate::settings::state::{StateWrite, StoreRequest};
use crate::store::{Done, ReplyDone, StateWriter};

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
    /// Behind what was written before. `done` is called once, from any thread, with the reply.
    fn ask(&self, request: StoreRequest, done: ReplyDone);
}

/// What came of a request to the telephone system.
pub(crate) type TelephonyDone = Box<dyn FnOnce(TelephonyReply) + Send>;

/// Where requests to the telephone system go: the link, which keeps their order and gives each its time.
pub(crate) trait TelephonyPort: Send {
    /// `done` is called once, from any thread, with what came of it; at once where there is no link.
    fn ask(&self, request: TelephonyRequest, done: TelephonyDone);
}

impl TelephonyPort for asterisk::Handle {
    fn ask(&self, request: TelephonyRequest, done: TelephonyDone) {
        Self::ask(self, request, done);
    }
}

impl StorePort for StateWriter {
    fn write(&self, writes: Vec<StateWrite>, done: Done) {
        self.save(writes, done);
    }

    fn ask(&self, request: StoreRequest, done: ReplyDone) {
        self.act(request, done);
    }
}
