//! What waits for the store, and for whom: changes of services until they are on disk, and requests until their reply.

use super::event::Cause;
use super::permit::AnswerPermit;
use super::service_change::ServiceChange;
use super::session::{Requester, SessionId};
use super::telephony::CallerQuestionId;
use crate::protocol::request::{CommandId, EntryReference};
use crate::settings::id::{ContactId, UserId};
use crate::settings::state::{Services, StoreRequest};

/// A change of services that waits for the disk. It comes back as `Input::Committed` or `Input::CommitFailed`; who
/// hears of it is judged then, by what they may see then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AfterCommit {
    pub(in crate::live) user: UserId,
    /// All services of the user as they were written.
    pub(in crate::live) services: Services,
    /// What was asked for, told even where it was so before.
    pub(in crate::live) asked: Vec<ServiceChange>,
    /// Who is told if it fails: the session that asked (protocol decision 14), or nobody where it was the telephone
    /// system.
    pub(in crate::live) cause: Cause,
    pub(in crate::live) by: SwitchedBy,
}

/// What switched services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live) enum SwitchedBy {
    /// Whoever is the cause asked for just that; by a feature code, or for the telephone system had it so when we first
    /// met it.
    Itself,
    /// An action of a presence: if it fails, the user's clients are told so (protocol decision 15).
    PresenceAction,
}

/// Something that the store is asked for, and who waits for what comes of it.
#[derive(Debug, PartialEq)]
pub(crate) struct StoreCall {
    pub(crate) request: StoreRequest,
    pub(crate) pending: Pending,
    /// Of the line that is not answered before the store has replied; nobody's where none waits for that.
    pub(crate) permit: AnswerPermit,
}

/// Who waits for what comes of a request to the store.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pending {
    AddressBook(PeopleQuery),
    /// A text is being kept.
    ChatKept,
    /// What was kept for the user of this session is being fetched.
    KeptChat(SessionId),
    /// The called one's own contacts are looked through for a caller.
    CallerName(CallerQuestionId),
    Nobody,
}

/// Who waits for their address book, and for what.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PeopleQuery {
    pub(in crate::live) requester: Requester,
    pub(in crate::live) question: PeopleQuestion,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::live) enum PeopleQuestion {
    Search { pattern: Box<str> },
    Favorites,
    PersonalContacts,
    Directory { reply: CommandId, pattern: Box<str> },
    Raw(ContactId),
    Export,
    SetFavorite { entry: EntryReference, is_favorite: bool },
    Create,
    Edit(ContactId),
    Delete(ContactId),
    Purge,
    Import,
}
