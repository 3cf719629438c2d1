//! The directory family (protocol 4.15): the people xlet, the old search, the switchboard's search, favourites and
//! personal contacts. What needs a user's address book asks the store first and is decided when that has answered; all
//! answers go to all sessions of the user, and where the store fails, to none.

use super::people_rows as rows;
use crate::live::messages::{Pending, PeopleQuery, PeopleQuestion, Requester};
use crate::live::state::{Effects, LiveState};
use crate::protocol::columns;
use crate::protocol::notice::Notice;
use crate::protocol::people::{PeopleNotice, RowsOf};
use crate::protocol::request::{CommandId, EntryReference};
use crate::settings::address_book::{AddressBookAct, AddressBookOutcome, Contact, Favourite, Found, Look};
use crate::settings::id::{ContactId, UserId};
use crate::settings::state::StoreRequest;

pub(in crate::live) fn headers(state: &LiveState, requester: Requester, out: &mut Effects) {
    let columns = state.view(requester.user).people_columns().clone();
    tell_user(state, requester, PeopleNotice::Headers(columns), out);
}

pub(in crate::live) fn switchboard_headers(state: &LiveState, requester: Requester, out: &mut Effects) {
    tell_user(state, requester, PeopleNotice::SwitchboardHeaders(columns::switchboard()), out);
}

pub(in crate::live) fn switchboard_search(
    state: &LiveState,
    requester: Requester,
    pattern: Box<str>,
    out: &mut Effects,
) {
    let rows = rows::switchboard(&state.view(requester.user), &pattern);
    tell_user(state, requester, PeopleNotice::SwitchboardRows { pattern, rows }, out);
}

pub(in crate::live) fn search(state: &LiveState, requester: Requester, pattern: Box<str>, out: &mut Effects) {
    look(state, requester, Look::Find(pattern.clone()), PeopleQuestion::Search { pattern }, out);
}

pub(in crate::live) fn directory(
    state: &LiveState,
    requester: Requester,
    pattern: Box<str>,
    reply: CommandId,
    out: &mut Effects,
) {
    look(state, requester, Look::Find(pattern.clone()), PeopleQuestion::Directory { reply, pattern }, out);
}

pub(in crate::live) fn favorites(state: &LiveState, requester: Requester, out: &mut Effects) {
    look(state, requester, Look::Favourites, PeopleQuestion::Favorites, out);
}

pub(in crate::live) fn personal_contacts(state: &LiveState, requester: Requester, out: &mut Effects) {
    look(state, requester, Look::Contacts, PeopleQuestion::PersonalContacts, out);
}

pub(in crate::live) fn contact(state: &LiveState, requester: Requester, id: ContactId, out: &mut Effects) {
    look(state, requester, Look::One(id), PeopleQuestion::Raw(id), out);
}

pub(in crate::live) fn export(state: &LiveState, requester: Requester, out: &mut Effects) {
    look(state, requester, Look::Export, PeopleQuestion::Export, out);
}

pub(in crate::live) fn set_favorite(
    state: &LiveState,
    requester: Requester,
    entry: EntryReference,
    is_favorite: bool,
    out: &mut Effects,
) {
    if let Some(favourite) = favourite(state, requester.user, entry) {
        let act = AddressBookAct::SetFavourite(favourite, is_favorite);
        ask(state, requester, act, PeopleQuestion::SetFavorite { entry, is_favorite }, out);
    }
}

pub(in crate::live) fn create(state: &LiveState, requester: Requester, contact: Contact, out: &mut Effects) {
    ask(state, requester, AddressBookAct::Create(contact), PeopleQuestion::Create, out);
}

pub(in crate::live) fn edit(
    state: &LiveState,
    requester: Requester,
    id: ContactId,
    contact: Contact,
    out: &mut Effects,
) {
    ask(state, requester, AddressBookAct::Edit(id, contact), PeopleQuestion::Edit(id), out);
}

pub(in crate::live) fn delete(state: &LiveState, requester: Requester, id: ContactId, out: &mut Effects) {
    ask(state, requester, AddressBookAct::Delete(id), PeopleQuestion::Delete(id), out);
}

pub(in crate::live) fn purge(state: &LiveState, requester: Requester, out: &mut Effects) {
    ask(state, requester, AddressBookAct::Purge, PeopleQuestion::Purge, out);
}

pub(in crate::live) fn import(state: &LiveState, requester: Requester, table: Box<str>, out: &mut Effects) {
    ask(state, requester, AddressBookAct::Import(table), PeopleQuestion::Import, out);
}

fn look(state: &LiveState, requester: Requester, look: Look, question: PeopleQuestion, out: &mut Effects) {
    ask(state, requester, AddressBookAct::Look(look), question, out);
}

fn ask(state: &LiveState, requester: Requester, act: AddressBookAct, question: PeopleQuestion, out: &mut Effects) {
    if let Some(uuid) = state.uuid_of(requester.user) {
        let pending = Pending::AddressBook(PeopleQuery { requester, question });
        out.ask_store_for_line(StoreRequest::AddressBook(uuid, act), pending);
    }
}

/// Nobody marks whom they do not see.
fn favourite(state: &LiveState, user: UserId, entry: EntryReference) -> Option<Favourite> {
    match entry {
        EntryReference::User(other) => state.view(user).uuid(other).map(Favourite::User),
        EntryReference::Contact(id) => Some(Favourite::Contact(id)),
        EntryReference::PhoneBook(id) => state.view(user).seen_entry(id).map(|entry| Favourite::PhoneBook(entry.id)),
    }
}

/// The store has answered; what the user may see is judged now.
pub(in crate::live) fn answer(state: &LiveState, query: PeopleQuery, outcome: AddressBookOutcome, out: &mut Effects) {
    let PeopleQuery { requester, question } = query;
    let notice = match outcome {
        AddressBookOutcome::Found(found) => rows_of(state, requester.user, question, &found),
        AddressBookOutcome::One(contact) => raw(question, contact),
        AddressBookOutcome::Exported(csv) => Some(PeopleNotice::ContactsExported { csv }),
        AddressBookOutcome::Done => done(question),
        AddressBookOutcome::Imported { created, failed } => Some(PeopleNotice::ContactsImported { created, failed }),
        AddressBookOutcome::Refused => None,
    };
    if let Some(notice) = notice {
        tell_user(state, requester, notice, out);
    }
}

fn rows_of(state: &LiveState, user: UserId, question: PeopleQuestion, own: &Found) -> Option<PeopleNotice> {
    let view = state.view(user);
    let (of, rows) = match question {
        PeopleQuestion::Search { pattern } => {
            let rows = rows::search(&view, own, &pattern);
            (RowsOf::Search { term: pattern }, rows)
        }
        PeopleQuestion::Favorites => (RowsOf::Favorites, rows::favorites(&view, own)),
        PeopleQuestion::PersonalContacts => (RowsOf::PersonalContacts, rows::personal_contacts(&view, own)),
        PeopleQuestion::Directory { reply, pattern } => {
            let rows = rows::directory(&view, own, &pattern);
            return Some(PeopleNotice::Directory { reply, headers: columns::directory(view.people_columns()), rows });
        }
        PeopleQuestion::Raw(_)
        | PeopleQuestion::Export
        | PeopleQuestion::SetFavorite { .. }
        | PeopleQuestion::Create
        | PeopleQuestion::Edit(_)
        | PeopleQuestion::Delete(_)
        | PeopleQuestion::Purge
        | PeopleQuestion::Import => return None,
    };
    Some(PeopleNotice::Rows { of, headers: view.people_columns().clone(), rows })
}

fn raw(question: PeopleQuestion, contact: Contact) -> Option<PeopleNotice> {
    match question {
        PeopleQuestion::Raw(id) => Some(PeopleNotice::ContactRaw(id, contact)),
        PeopleQuestion::Search { .. }
        | PeopleQuestion::Favorites
        | PeopleQuestion::PersonalContacts
        | PeopleQuestion::Directory { .. }
        | PeopleQuestion::Export
        | PeopleQuestion::SetFavorite { .. }
        | PeopleQuestion::Create
        | PeopleQuestion::Edit(_)
        | PeopleQuestion::Delete(_)
        | PeopleQuestion::Purge
        | PeopleQuestion::Import => None,
    }
}

fn done(question: PeopleQuestion) -> Option<PeopleNotice> {
    Some(match question {
        PeopleQuestion::SetFavorite { entry, is_favorite } => PeopleNotice::FavoriteUpdate { entry, is_favorite },
        PeopleQuestion::Create => PeopleNotice::ContactCreated,
        PeopleQuestion::Edit(id) => PeopleNotice::ContactEdited(id),
        PeopleQuestion::Delete(id) => PeopleNotice::ContactDeleted(id),
        PeopleQuestion::Purge => PeopleNotice::ContactsPurged,
        PeopleQuestion::Search { .. }
        | PeopleQuestion::Favorites
        | PeopleQuestion::PersonalContacts
        | PeopleQuestion::Directory { .. }
        | PeopleQuestion::Raw(_)
        | PeopleQuestion::Export
        | PeopleQuestion::Import => return None,
    })
}

/// All sessions of the user, and the one that asked as an answer (protocol decision 13).
fn tell_user(state: &LiveState, requester: Requester, notice: PeopleNotice, out: &mut Effects) {
    let Requester { session, user } = requester;
    let notice = Notice::People(notice);
    let others = state.audience_of_user_besides(user, session);
    if !others.sessions().is_empty() {
        out.notify(others, notice.clone());
    }
    if state.user_of(session) == Some(user) {
        out.answer(session, notice);
    }
}
