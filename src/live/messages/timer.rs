//! What may become due: one timer a key, set again or stopped by whoever set it.

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
