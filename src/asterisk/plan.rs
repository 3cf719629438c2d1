//! How a request becomes actions, and their answers a reply: one action after another, each made of the answers before it.
//! `request` writes plans, the session runs them and knows nothing of what is in them.

use std::time::Duration;

use super::action::Action;
use super::answer::Answer;
use super::asked::{Reply, ReplyGuard};
use crate::live::messages::{RequestFailure, TelephonyEvent};

/// What is to be done next for a request whose reply is an `R`. Where the link is lost meanwhile, or no answer comes in time,
/// the request is replied to as unavailable and the rest of its plan is not run.
pub(crate) enum Plan<R> {
    Ask(Ask<R>),
    Conclude(Conclusion<R>),
}

/// An action, and how it goes on.
pub(crate) struct Ask<R> {
    pub(super) action: Action,
    pub(super) awaited: Awaited,
    pub(super) then: Next<R>,
}

/// How a plan goes on with the answer to its action.
type Next<R> = Box<dyn FnOnce(&Answer) -> Plan<R> + Send>;

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
pub(crate) struct Conclusion<R> {
    /// Told before the reply.
    pub(super) events: Vec<TelephonyEvent>,
    pub(super) reply: R,
}

impl<R: Reply> Plan<R> {
    pub(crate) fn ask(action: Action, awaited: Awaited, then: impl FnOnce(&Answer) -> Self + Send + 'static) -> Self {
        Self::Ask(Ask { action, awaited, then: Box::new(then) })
    }

    pub(crate) fn reply(reply: R) -> Self {
        Self::Conclude(Conclusion { events: Vec::new(), reply })
    }

    /// With what was learnt on the way.
    pub(crate) fn reply_with(events: Vec<TelephonyEvent>, reply: R) -> Self {
        Self::Conclude(Conclusion { events, reply })
    }

    /// For whoever waits for it.
    pub(super) fn for_whom(self, done: ReplyGuard<R>) -> Step {
        match self {
            Self::Ask(Ask { action, awaited, then }) => {
                let then = move |answer: Result<&Answer, RequestFailure>| match answer {
                    Ok(answer) => then(answer).for_whom(done),
                    Err(why) => Self::reply(R::failed(why)).for_whom(done),
                };
                Step::Ask { action, awaited, then: Box::new(then) }
            }
            Self::Conclude(Conclusion { events, reply }) => {
                Step::Conclude { events, reply: Box::new(move || done.reply(reply)) }
            }
        }
    }
}

impl Plan<Result<(), RequestFailure>> {
    /// One action whose success is all there is to know.
    pub(crate) fn just(action: Action) -> Self {
        Self::ask(action, Awaited::Response, |answer| {
            Self::reply(if answer.is_success() { Ok(()) } else { Err(refusal(answer)) })
        })
    }
}

/// In Asterisk's own words.
pub(crate) fn refusal(answer: &Answer) -> RequestFailure {
    RequestFailure::Refused(answer.message().into())
}

/// A plan with the one who waits for its end, of whatever type the reply is. Let go, it replies that nobody knows.
pub(super) enum Step {
    Ask { action: Action, awaited: Awaited, then: Then },
    Conclude { events: Vec<TelephonyEvent>, reply: Box<dyn FnOnce() + Send> },
}

/// How it goes on with the answer to its action, or where the action was not sent.
pub(super) type Then = Box<dyn FnOnce(Result<&Answer, RequestFailure>) -> Step + Send>;
