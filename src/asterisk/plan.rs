//! How a request becomes actions, and their answers a reply: one action after another, each made of the answers before it.
//! `request` writes plans, the session runs them and knows nothing of what is in them.

use std::time::Duration;

use super::action::Action;
use super::answer::Answer;
use crate::live::messages::{TelephonyEvent, TelephonyReply};

/// What is to be done next for a request. Where the link is lost meanwhile, or no answer comes in time, the request is
/// replied to as unavailable and the rest of its plan is not run.
pub(crate) enum Plan {
    Ask(Ask),
    Conclude(Conclusion),
}

/// An action, and how it goes on.
pub(crate) struct Ask {
    pub(super) action: Action,
    pub(super) awaited: Awaited,
    pub(super) then: Box<dyn FnOnce(&Answer) -> Plan + Send>,
}

/// What the answer to an action consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// One response, and what it announces as a list.
    Response,
    /// The same with the time that a long list takes.
    List,
    /// The response, and the `OriginateResponse` behind it. The session gives the channel its id.
    Originate { timeout: Duration },
}

/// What came of a request.
#[derive(Debug, PartialEq)]
pub(crate) struct Conclusion {
    /// Told before the reply.
    pub(super) events: Vec<TelephonyEvent>,
    pub(super) reply: TelephonyReply,
}

impl Plan {
    pub(crate) fn ask(action: Action, awaited: Awaited, then: impl FnOnce(&Answer) -> Self + Send + 'static) -> Self {
        Self::Ask(Ask { action, awaited, then: Box::new(then) })
    }

    /// One action whose success is all there is to know.
    pub(crate) fn just(action: Action) -> Self {
        Self::ask(action, Awaited::Response, |answer| {
            Self::reply(if answer.is_success() { TelephonyReply::Done } else { Self::refusal(answer) })
        })
    }

    pub(crate) fn reply(reply: TelephonyReply) -> Self {
        Self::Conclude(Conclusion { events: Vec::new(), reply })
    }

    /// With what was learnt on the way.
    pub(crate) fn reply_with(events: Vec<TelephonyEvent>, reply: TelephonyReply) -> Self {
        Self::Conclude(Conclusion { events, reply })
    }

    /// In Asterisk's own words.
    pub(crate) fn refusal(answer: &Answer) -> TelephonyReply {
        TelephonyReply::Refused(answer.message().into())
    }
}
