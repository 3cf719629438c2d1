//! A request on its way to Asterisk, and the one who waits for what comes of it: they hear of it once, whatever happens, in
//! the type of its reply.

use crate::live::messages::telephony::{CallFailure, DialplanPlace, Originate, RequestFailure, TelephonyRequest};

pub(crate) enum AsteriskRequest {
    Do(TelephonyRequest, ReplyGuard<Result<(), RequestFailure>>),
    /// Whether the dial plan has the extension.
    Exists(DialplanPlace, ReplyGuard<Result<bool, RequestFailure>>),
    Originate(Originate, ReplyGuard<Result<(), CallFailure>>),
}

/// What can be replied, and can be that nothing was done.
pub(crate) trait Reply: Send + 'static {
    fn failed(why: RequestFailure) -> Self;
}

impl<T: Send + 'static, E: From<RequestFailure> + Send + 'static> Reply for Result<T, E> {
    fn failed(why: RequestFailure) -> Self {
        Err(why.into())
    }
}

/// Replies; dropped without that, it replies that nobody knows.
pub(crate) struct ReplyGuard<R: Reply>(Option<Box<dyn FnOnce(R) + Send>>);

impl<R: Reply> ReplyGuard<R> {
    /// `done` is called once, from any thread.
    pub(crate) fn new(done: impl FnOnce(R) + Send + 'static) -> Self {
        Self(Some(Box::new(done)))
    }

    pub(super) fn reply(mut self, reply: R) {
        if let Some(done) = self.0.take() {
            done(reply);
        }
    }
}

impl<R: Reply> Drop for ReplyGuard<R> {
    fn drop(&mut self) {
        if let Some(done) = self.0.take() {
            done(R::failed(RequestFailure::Unavailable));
        }
    }
}
