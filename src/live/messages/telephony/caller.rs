//! Who is called by whom, as the dial plan says it when it asks for the caller's name.

use crate::settings::id::{QueueId, UserId};

/// What the dial plan asks: what is the one called who calls from this number?
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallerQuestion {
    /// As the telephone would show it.
    pub(crate) number: Box<str>,
    pub(crate) called: Callee,
}

/// Whose sight decides what the caller is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Callee {
    User(UserId),
    Queue(QueueId),
    /// A line's number or a queue's, in the context of this name.
    Extension {
        extension: Box<str>,
        context: Box<str>,
    },
}

/// A question that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CallerQuestionId(pub(crate) u64);
