//! What is said of queues: who waits in one, and its figures, asked for and told (protocol 4.10). Plain values; `encode`
//! spells them.

/// A queue that figures are asked of, and of which of its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FiguresQuestion {
    /// As the client names it; the answer repeats that.
    pub(crate) queue: Box<str>,
    /// How many seconds back from now.
    pub(crate) window: i64,
    /// A call that was answered in less seconds was answered well.
    pub(crate) xqos: i64,
}

/// The answer: what became of the calls of a window of time. Counts are texts on the wire, and what is None is an empty
/// one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CallFigures {
    pub(crate) joined: u32,
    pub(crate) answered: u32,
    /// They left without an answer.
    pub(crate) lost: u32,
    /// Percentages.
    pub(crate) answered_rate: Option<u32>,
    pub(crate) answered_well_rate: Option<u32>,
    /// Seconds.
    pub(crate) hold_average: Option<u32>,
    pub(crate) hold_longest: Option<u32>,
}

/// What is told of a queue when it changes; each is a message of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum QueueFigures {
    LoggedAgents(u32),
    Waiting {
        calls: u32,
        /// Of the call that waits longest, in seconds; None where none waits.
        longest: Option<u32>,
    },
    /// Who could answer, and how long one is likely to wait: texts on the wire, as Asterisk's own figures are.
    Members {
        available: u32,
        talking: u32,
        /// In seconds.
        expected_wait: u32,
    },
}

/// A caller who waits.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct WaitingCaller {
    /// From 1.
    pub(crate) position: u32,
    pub(crate) name: Box<str>,
    pub(crate) number: Box<str>,
    /// Unix time.
    pub(crate) join_time: f64,
    pub(crate) unique_id: Box<str>,
}
