//! What the server says about people: answers to searches, favourites and a user's own contacts (protocol 4.15). `live`
//! makes them, `encode` spells them.

use super::request::{CommandId, EntryReference};
use crate::settings::address_book::{Contact, FailedLine};
use crate::settings::column::Columns;
use crate::settings::id::{AgentId, ContactId, LineId, ServerUuid, UserId, UserUuid};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PeopleNotice {
    /// `people_headers_result`
    Headers(Columns),
    Rows {
        of: RowsOf,
        headers: Columns,
        rows: Vec<PersonRow>,
    },
    /// `people_favorite_update`
    FavoriteUpdate {
        entry: EntryReference,
        is_favorite: bool,
    },
    ContactCreated,
    ContactDeleted(ContactId),
    /// `people_personal_contact_raw_update`
    ContactEdited(ContactId),
    /// `people_personal_contact_raw_result`
    ContactRaw(ContactId, Contact),
    ContactsPurged,
    ContactsExported {
        csv: Box<str>,
    },
    ContactsImported {
        created: usize,
        failed: Vec<FailedLine>,
    },
    /// `directory`, the old search: rows of exactly as many cells as there are headers, joined by `;`.
    Directory {
        reply: CommandId,
        headers: Vec<Box<str>>,
        rows: Vec<Box<str>>,
    },
    /// `directory_headers`
    SwitchboardHeaders(Headers),
    /// `directory_search_result`
    SwitchboardRows {
        pattern: Box<str>,
        rows: Vec<SwitchboardRow>,
    },
}

/// Which question the rows answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowsOf {
    Search { term: Box<str> },
    Favorites,
    PersonalContacts,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PersonRow {
    /// One a header.
    pub(crate) cells: Vec<Cell>,
    pub(crate) entry: EntryReference,
    /// None for whoever is no user here.
    pub(crate) relations: Option<Relations>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cell {
    /// Empty travels as null.
    Text(Box<str>),
    Flag(bool),
}

/// What a client may register for when it shows a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relations {
    pub(crate) server: ServerUuid,
    pub(crate) agent: Option<AgentId>,
    pub(crate) user: UserId,
    pub(crate) uuid: UserUuid,
    pub(crate) endpoint: Option<LineId>,
}

/// One number of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SwitchboardRow {
    pub(crate) name: Box<str>,
    pub(crate) number: Box<str>,
    pub(crate) kind: NumberKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberKind {
    Office,
    Mobile,
    Other,
}

/// Titles and types of the switchboard's columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Headers(pub(crate) &'static [(&'static str, &'static str)]);
