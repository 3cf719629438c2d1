//! What an input brings about, as values: `engine` runs them, in order, and knows nothing of why. The rest of `live`
//! fills them through the few words here.

use super::event::Event;
use super::pending::{AfterCommit, StoreCall};
use super::session::SessionId;
use crate::live::state::audience::Audience;
use crate::observe::work::spend;
use crate::protocol::encode::AnyNotice;
use crate::protocol::notice::Notice;
use crate::settings::id::{ChatId, UserId};
use crate::settings::state::StateWrite;

/// A notice on its way, and whether the receivers asked for it: answers never cut off a slow reader (protocol decision
/// 13).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutgoingNotice {
    pub(crate) to: Audience,
    pub(crate) notice: AnyNotice,
    pub(crate) is_answer: bool,
    /// A chat text: once a receiver's system has acknowledged it, `Input::ChatAcknowledged` says so.
    pub(crate) chat: Option<ChatId>,
}

/// What is to be done now, in this order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Immediate {
    Send(OutgoingNotice),
    /// Close the session once all that was told to it is written.
    Close {
        session: SessionId,
    },
    /// A line of this session that had waited for its turn is dealt with.
    LineDone {
        session: SessionId,
    },
    /// A line for the log, with the level that fits.
    Log(LogEvent),
}

/// Things worth a log line or a count that only the middle can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LogEvent {
    PresenceRefused {
        user: UserId,
        from: Box<str>,
        to: Box<str>,
    },
    UnknownRequest {
        class: Box<str>,
    },
    ServiceNotGranted {
        user: UserId,
    },
    ForwardToNoNumber {
        user: UserId,
    },
    /// The settings changed between the check of a password and the login.
    LoginRefused {
        user: UserId,
        why: &'static str,
    },
    /// The oldest session of a user who logged in once more than one may.
    TooManySessions {
        user: UserId,
        ended: SessionId,
        most: u32,
    },
    /// Older messages went to make room for a new one.
    ChatDropped {
        number: usize,
    },
}

/// What an input brings about: some at once; some only when `writes` are on disk.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Effects {
    pub(crate) immediate: Vec<Immediate>,
    pub(crate) writes: Vec<StateWrite>,
    /// Comes back when `writes` are committed, or are not.
    pub(crate) after_commit: Vec<AfterCommit>,
    /// For the store, behind `writes`; each comes back as `Input::StoreReplied`.
    pub(crate) store_calls: Vec<StoreCall>,
    /// What happened, in this order, for whoever follows it.
    pub(crate) events: Vec<Event>,
    /// The line that was the input is not dealt with yet: `Input::StoreReplied` or `Immediate::LineDone` will say so.
    pub(crate) is_line_waiting: bool,
}

impl Effects {
    /// What `session` asked for.
    pub(in crate::live) fn answer(&mut self, session: SessionId, notice: impl Into<AnyNotice>) {
        let (to, notice) = (Audience::only(session), notice.into());
        self.immediate.push(Immediate::Send(OutgoingNotice { to, notice, is_answer: true, chat: None }));
    }

    /// What nobody asked for; an empty audience is told nothing.
    pub(in crate::live) fn notify(&mut self, to: Audience, notice: Notice) {
        self.send(to, notice, None);
    }

    /// The same of a chat text, whose receipt somebody waits for.
    pub(in crate::live) fn notify_chat(&mut self, to: Audience, notice: Notice, chat: ChatId) {
        self.send(to, notice, Some(chat));
    }

    fn send(&mut self, to: Audience, notice: Notice, chat: Option<ChatId>) {
        spend(to.sessions().len());
        if !to.sessions().is_empty() {
            self.immediate.push(Immediate::Send(OutgoingNotice { to, notice: notice.into(), is_answer: false, chat }));
        }
    }

    /// Whether a line of `session` waits for one of the requests to the store behind the first `known`.
    pub(in crate::live) fn is_store_called_for(&self, session: SessionId, known: usize) -> bool {
        self.store_calls[known..].iter().any(|call| call.pending.session() == Some(session))
    }

    pub(in crate::live) fn close(&mut self, session: SessionId) {
        self.immediate.push(Immediate::Close { session });
    }

    pub(in crate::live) fn line_done(&mut self, session: SessionId) {
        self.immediate.push(Immediate::LineDone { session });
    }

    pub(in crate::live) fn log(&mut self, event: LogEvent) {
        self.immediate.push(Immediate::Log(event));
    }
}
