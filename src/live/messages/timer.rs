//! What may become due: one timer a key, set again or cancelled by whoever set it. The engine keeps them and says when
//! one fired.

use std::time::Duration;

use super::session::SessionId;
use crate::settings::id::UserUuid;

/// Whose time runs, and for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum TimerKey {
    /// A user whose last session was lost, or who was connected before the start, may come back until then.
    Grace(UserUuid),
    /// A session that has not shown by then that it is a desktop client is none (protocol decision 16).
    ChatDeadline(SessionId),
    /// Something of the session that waits for its turn may pass then (protocol decision 13).
    Pace(SessionId),
}

/// What becomes of a timer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimerChange {
    /// `Input::TimerFired` is to come then, on the steady clock, and at no time that was said before.
    Set { key: TimerKey, at: Duration },
    /// It is not to come.
    Cancel { key: TimerKey },
}
