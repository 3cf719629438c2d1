//! What an input brings about, as values: `engine` runs them, in order, and knows nothing of why. The rest of `live`
//! fills them through the few words here.

use crate::observe::work::spend;
use crate::protocol::notice::Notice;
use crate::settings::id::{ChatId, UserId};
use crate::settings::state::{Deed, Services, StateWrite};

use super::people::Asking;
use super::services::ServiceChange;
use super::{Audience, SessionId};

/// A notice on its way, and whether the receivers asked for it: answers never cut off a slow reader ("Ours" 13).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tell {
    pub(crate) to: Audience,
    pub(crate) notice: Notice,
    pub(crate) is_answer: bool,
    /// A chat text: once a receiver's system has acknowledged it, `Input::ChatAcknowledged` says so.
    pub(crate) chat: Option<ChatId>,
}

/// What is to be done now, in this order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Now {
    Tell(Tell),
    /// Close the session once all that was told to it is written.
    Close {
        session: SessionId,
    },
    /// A line of this session that had waited for its turn is dealt with.
    DealtWith {
        session: SessionId,
    },
    /// A line for the log, with the level that fits.
    Note(Note),
}

/// Things worth a log line or a count that only the middle can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Note {
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

/// A change of services that waits for the disk. It comes back as `Input::Kept` or `Input::NotKept`; who hears of it
/// is judged then, by what he may see then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AfterCommit {
    pub(super) user: UserId,
    /// All services of the user as they were written.
    pub(super) services: Services,
    /// What was asked for, told even where it was so before.
    pub(super) asked: Vec<ServiceChange>,
    pub(super) cause: Cause,
}

/// Why services are switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A client asked for just that: if it fails, this session is told how it stands ("Ours" 14).
    Request { session: SessionId },
    /// An action of a presence: if it fails, the user's clients are told so ("Ours" 15).
    PresenceAction,
}

/// What an input brings about: some at once; some only when `writes` are on disk.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Effects {
    pub(crate) now: Vec<Now>,
    pub(crate) writes: Vec<StateWrite>,
    /// Comes back when `writes` are committed, or are not.
    pub(crate) after_commit: Vec<AfterCommit>,
    /// For the store, behind `writes`; each comes back as `Input::Done`.
    pub(crate) deeds: Vec<DeedToDo>,
    /// The line that was the input is not dealt with yet: `Input::Done` or `Now::DealtWith` will say so.
    pub(crate) is_line_waiting: bool,
}

/// Something that the store is asked for, and who waits for what comes of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct DeedToDo {
    pub(crate) deed: Deed,
    pub(crate) waiting: Waiting,
}

/// Who waits for a deed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Waiting {
    AddressBook(Asking),
    /// A text is being kept, of this session's line if it is one's.
    ChatKept(Option<SessionId>),
    /// What was kept for the user of this session is being fetched.
    KeptChat(SessionId),
    Nobody,
}

impl Waiting {
    /// Whose line is not dealt with before the deed is done.
    pub(crate) fn session(&self) -> Option<SessionId> {
        match self {
            Self::AddressBook(asking) => Some(asking.session),
            Self::ChatKept(session) => *session,
            Self::KeptChat(_) | Self::Nobody => None,
        }
    }
}

impl Effects {
    /// What `session` asked for.
    pub(super) fn answer(&mut self, session: SessionId, notice: Notice) {
        self.now.push(Now::Tell(Tell { to: Audience::only(session), notice, is_answer: true, chat: None }));
    }

    /// What nobody asked for; an empty audience is told nothing.
    pub(super) fn tell(&mut self, to: Audience, notice: Notice) {
        self.tell_some(to, notice, None);
    }

    /// The same of a chat text, whose receipt somebody waits for.
    pub(super) fn tell_chat(&mut self, to: Audience, notice: Notice, chat: ChatId) {
        self.tell_some(to, notice, Some(chat));
    }

    fn tell_some(&mut self, to: Audience, notice: Notice, chat: Option<ChatId>) {
        spend(to.sessions().len());
        if !to.sessions().is_empty() {
            self.now.push(Now::Tell(Tell { to, notice, is_answer: false, chat }));
        }
    }

    pub(super) fn close(&mut self, session: SessionId) {
        self.now.push(Now::Close { session });
    }

    pub(super) fn dealt_with(&mut self, session: SessionId) {
        self.now.push(Now::DealtWith { session });
    }

    pub(super) fn note(&mut self, note: Note) {
        self.now.push(Now::Note(note));
    }
}
