//! Whom a notice reaches. One session may always be answered; what makes an audience of several is private to the rule of
//! visibility, the module above.

use std::sync::Arc;

use crate::live::messages::session::SessionId;

/// Whom a notice reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Audience {
    /// Shared: a change of settings may tell one audience thousands of things at once.
    sessions: Arc<[SessionId]>,
}

impl Audience {
    pub(crate) fn only(session: SessionId) -> Self {
        Self { sessions: Arc::new([session]) }
    }

    pub(crate) fn sessions(&self) -> &[SessionId] {
        &self.sessions
    }

    /// Those that the rule allows.
    pub(super) fn of(sessions: impl Into<Arc<[SessionId]>>) -> Self {
        Self { sessions: sessions.into() }
    }
}
