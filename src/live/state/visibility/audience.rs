//! Whom a notice reaches. Handlers make none: they answer the session that asked, or ask the rule of visibility, the module
//! above, which alone makes an audience of several.

use std::sync::Arc;

use crate::live::messages::session::SessionId;

/// Whom a notice reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Audience {
    /// Shared: a change of settings may tell one audience thousands of things at once.
    sessions: Arc<[SessionId]>,
}

impl Audience {
    pub(in crate::live::state) fn only(session: SessionId) -> Self {
        Self { sessions: Arc::new([session]) }
    }

    /// For tests outside of this room.
    #[cfg(test)]
    pub(crate) fn of_one(session: SessionId) -> Self {
        Self::only(session)
    }

    pub(crate) fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }

    /// Those that the rule allows.
    pub(super) fn of(sessions: impl Into<Arc<[SessionId]>>) -> Self {
        Self { sessions: sessions.into() }
    }
}
