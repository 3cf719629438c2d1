//! What the telephony port is asked for a question of `live`: with whom its reply, of the question's own type, is for. The link
//! gives each request its time, and replies that nobody knows where that is over; so nothing of them is kept here.

use crate::asterisk::{AsteriskRequest, ReplyGuard};
use crate::live::messages::{TelephonyQuestion, TelephonyReply};

/// `tell` hears what came of it, once.
pub(super) fn request_of(
    question: TelephonyQuestion,
    tell: impl FnOnce(TelephonyReply) + Send + 'static,
) -> AsteriskRequest {
    match question {
        TelephonyQuestion::Do(request, pending) => {
            let done = ReplyGuard::new(move |outcome| tell(TelephonyReply::Do(pending, outcome)));
            AsteriskRequest::Do(request, done)
        }
        TelephonyQuestion::Exists(place, order) => {
            let done = ReplyGuard::new(move |outcome| tell(TelephonyReply::Exists(order, outcome)));
            AsteriskRequest::Exists(place, done)
        }
        TelephonyQuestion::Originate(call, pending) => {
            let done = ReplyGuard::new(move |outcome| tell(TelephonyReply::Originate(pending, outcome)));
            AsteriskRequest::Originate(call, done)
        }
    }
}
