//! What is looked up or done in what is kept and is too much to hold in memory, each with the type of its reply. `live`
//! asks, `store` does it and replies; what changes anything is on disk by then. Decides nothing.

use super::address_book::{AddressBookChange, Contact, Found, Imported, Look};
use super::id::{ChatId, ContactId, UserUuid};
use super::state::{KeptChat, NewChat};

/// Something that the store is asked for.
pub(crate) trait StoreQuery {
    /// What came of it.
    type Reply;
}

/// Contacts out of a user's address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FindContacts {
    pub(crate) owner: UserUuid,
    pub(crate) look: Look,
}

impl StoreQuery for FindContacts {
    type Reply = Found;
}

/// One contact of a user's address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReadContact {
    pub(crate) owner: UserUuid,
    pub(crate) id: ContactId,
}

impl StoreQuery for ReadContact {
    type Reply = Option<Contact>;
}

/// The first contact of a user's address book, by name, that has one of these numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FindByNumber {
    pub(crate) owner: UserUuid,
    pub(crate) numbers: Box<[Box<str>]>,
}

impl StoreQuery for FindByNumber {
    type Reply = Option<Contact>;
}

/// All contacts of a user's address book, as a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExportContacts {
    pub(crate) owner: UserUuid,
}

impl StoreQuery for ExportContacts {
    type Reply = Box<str>;
}

/// A change of a user's address book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ChangeContacts {
    pub(crate) owner: UserUuid,
    pub(crate) change: AddressBookChange,
}

impl StoreQuery for ChangeContacts {
    /// Whether it was made: not where there is no such contact, or no room.
    type Reply = bool;
}

/// A table of contacts for a user's address book: as many of them as there is room for, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ImportContacts {
    pub(crate) owner: UserUuid,
    pub(crate) table: Box<str>,
}

impl StoreQuery for ImportContacts {
    /// None: there is no such user any more.
    type Reply = Option<Imported>;
}

/// A message to somebody who is not connected is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeepChat(pub(crate) NewChat);

impl StoreQuery for KeepChat {
    /// So many older messages had to go for it.
    type Reply = usize;
}

/// What waits for this user, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FetchChat {
    pub(crate) to: UserUuid,
    /// Unix time: whatever is older is gone.
    pub(crate) oldest: i64,
}

impl StoreQuery for FetchChat {
    type Reply = Vec<KeptChat>;
}

/// A message that was kept is not needed any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ForgetChat(pub(crate) ChatId);

impl StoreQuery for ForgetChat {
    type Reply = ();
}
