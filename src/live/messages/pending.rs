//! What waits for the store, and for whom: changes of services until they are on disk, and requests until their reply.

use super::event::Cause;
use super::permit::AnswerPermit;
use super::service_change::ServiceChange;
use super::session::{Requester, SessionId};
use super::switch_off::SwitchOffId;
use super::telephony::CallerQuestionId;
use crate::protocol::people::PeopleNotice;
use crate::protocol::request::CommandId;
use crate::settings::address_book::{Contact, Found, Imported};
use crate::settings::id::{ContactId, UserId};
use crate::settings::state::{KeptChat, Services};
use crate::settings::store_query::{
    ChangeContacts, ExportContacts, FetchChat, FindByNumber, FindContacts, ForgetChat, ImportContacts, KeepChat,
    ReadContact,
};

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
    /// An administrator, who waits for what comes of it.
    Administrator(SwitchOffId),
}

/// Something that the store is asked for, and who waits for what comes of it.
#[derive(Debug, PartialEq)]
pub(crate) struct StoreCall {
    pub(crate) question: StoreQuestion,
    /// Of the line that is not answered before the store has replied; nobody's where none waits for that.
    pub(crate) permit: AnswerPermit,
}

/// What is asked, and what for: each comes back as the `StoreReply` of its name.
#[derive(Debug, PartialEq)]
pub(crate) enum StoreQuestion {
    FindContacts(FindContacts, RowsWanted),
    ReadContact(ReadContact, Requester),
    FindByNumber(FindByNumber, CallerQuestionId),
    ExportContacts(ExportContacts, Requester),
    ChangeContacts(ChangeContacts, ContactsChange),
    ImportContacts(ImportContacts, Requester),
    KeepChat(KeepChat),
    /// What was kept for the user of this session.
    FetchChat(FetchChat, SessionId),
    ForgetChat(ForgetChat),
}

/// What came of it, of the type that the question asks for; None: the store failed, or did not reply in time.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum StoreReply {
    FindContacts(RowsWanted, Option<Found>),
    ReadContact(ContactId, Requester, Option<Option<Contact>>),
    FindByNumber(CallerQuestionId, Option<Option<Contact>>),
    ExportContacts(Requester, Option<Box<str>>),
    ChangeContacts(ContactsChange, Option<bool>),
    ImportContacts(Requester, Option<Option<Imported>>),
    KeepChat(Option<usize>),
    FetchChat(SessionId, Option<Vec<KeptChat>>),
    ForgetChat(Option<()>),
}

/// Whose rows are to be made of contacts, and for which answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowsWanted {
    pub(in crate::live) requester: Requester,
    pub(in crate::live) answer: RowsAnswer,
}

#[derive(Debug, Clone, PartialEq)]
pub(in crate::live) enum RowsAnswer {
    Search { pattern: Box<str> },
    Favorites,
    PersonalContacts,
    Directory { reply: CommandId, pattern: Box<str> },
}

/// Who changes their address book, and what they hear if it was changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ContactsChange {
    pub(in crate::live) requester: Requester,
    pub(in crate::live) answer: PeopleNotice,
}
