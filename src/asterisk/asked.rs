//! A request on its way to Asterisk, and the one who waits for what comes of it: they hear of it once, whatever happens.

use crate::live::messages::{TelephonyReply, TelephonyRequest};

pub(super) struct Asked {
    pub(super) request: TelephonyRequest,
    pub(super) done: ReplyGuard,
}

/// Replies; dropped without that, it replies that nobody knows.
pub(super) struct ReplyGuard(Option<Box<dyn FnOnce(TelephonyReply) + Send>>);

impl ReplyGuard {
    pub(super) fn new(done: Box<dyn FnOnce(TelephonyReply) + Send>) -> Self {
        Self(Some(done))
    }

    pub(super) fn reply(mut self, reply: TelephonyReply) {
        if let Some(done) = self.0.take() {
            done(reply);
        }
    }
}

impl Drop for ReplyGuard {
    fn drop(&mut self) {
        if let Some(done) = self.0.take() {
            done(TelephonyReply::Unavailable);
        }
    }
}
