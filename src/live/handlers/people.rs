//! The directory family (protocol 4.15): the people xlet, the old search, the switchboard's search, favourites and
//! personal contacts. What needs a user's address book asks the store first and is decided when that has answered; all
//! answers go to all sessions of the user, and where the store fails, to none.

use super::people_rows as rows;
use crate::live::messages::{ContactsChange, Requester, RowsAnswer, RowsWanted, StoreQuestion};
use crate::live::state::{Effects, LiveState};
use crate::protocol::columns;
use crate::protocol::notice::Notice;
use crate::protocol::people::{PeopleNotice, RowsOf};
use crate::protocol::request::{CommandId, EntryReference};
use crate::settings::address_book::{AddressBookChange, Contact, Favourite, Found, Imported, Look};
use crate::settings::id::{ContactId, UserId, UserUuid};
use crate::settings::store_query::{ChangeContacts, ExportContacts, FindContacts, ImportContacts, ReadContact};

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
    find(state, requester, Look::Pattern(pattern.clone()), RowsAnswer::Search { pattern }, out);
}

pub(in crate::live) fn directory(
    state: &LiveState,
    requester: Requester,
    pattern: Box<str>,
    reply: CommandId,
    out: &mut Effects,
) {
    find(state, requester, Look::Pattern(pattern.clone()), RowsAnswer::Directory { reply, pattern }, out);
}

pub(in crate::live) fn favorites(state: &LiveState, requester: Requester, out: &mut Effects) {
    find(state, requester, Look::Favourites, RowsAnswer::Favorites, out);
}

pub(in crate::live) fn personal_contacts(state: &LiveState, requester: Requester, out: &mut Effects) {
    find(state, requester, Look::All, RowsAnswer::PersonalContacts, out);
}

pub(in crate::live) fn contact(state: &LiveState, requester: Requester, id: ContactId, out: &mut Effects) {
    ask(state, requester, |owner| StoreQuestion::ReadContact(ReadContact { owner, id }, requester), out);
}

pub(in crate::live) fn export(state: &LiveState, requester: Requester, out: &mut Effects) {
    ask(state, requester, |owner| StoreQuestion::ExportContacts(ExportContacts { owner }, requester), out);
}

pub(in crate::live) fn set_favorite(
    state: &LiveState,
    requester: Requester,
    entry: EntryReference,
    is_favorite: bool,
    out: &mut Effects,
) {
    if let Some(favourite) = favourite(state, requester.user, entry) {
        let change = AddressBookChange::SetFavourite(favourite, is_favorite);
        self::change(state, requester, change, PeopleNotice::FavoriteUpdate { entry, is_favorite }, out);
    }
}

pub(in crate::live) fn create(state: &LiveState, requester: Requester, contact: Contact, out: &mut Effects) {
    change(state, requester, AddressBookChange::Create(contact), PeopleNotice::ContactCreated, out);
}

pub(in crate::live) fn edit(
    state: &LiveState,
    requester: Requester,
    id: ContactId,
    contact: Contact,
    out: &mut Effects,
) {
    change(state, requester, AddressBookChange::Edit(id, contact), PeopleNotice::ContactEdited(id), out);
}

pub(in crate::live) fn delete(state: &LiveState, requester: Requester, id: ContactId, out: &mut Effects) {
    change(state, requester, AddressBookChange::Delete(id), PeopleNotice::ContactDeleted(id), out);
}

pub(in crate::live) fn purge(state: &LiveState, requester: Requester, out: &mut Effects) {
    change(state, requester, AddressBookChange::Purge, PeopleNotice::ContactsPurged, out);
}

pub(in crate::live) fn import(state: &LiveState, requester: Requester, table: Box<str>, out: &mut Effects) {
    ask(state, requester, |owner| StoreQuestion::ImportContacts(ImportContacts { owner, table }, requester), out);
}

fn find(state: &LiveState, requester: Requester, look: Look, answer: RowsAnswer, out: &mut Effects) {
    let wanted = RowsWanted { requester, answer };
    ask(state, requester, |owner| StoreQuestion::FindContacts(FindContacts { owner, look }, wanted), out);
}

fn change(state: &LiveState, requester: Requester, change: AddressBookChange, answer: PeopleNotice, out: &mut Effects) {
    let waiting = ContactsChange { requester, answer };
    ask(state, requester, |owner| StoreQuestion::ChangeContacts(ChangeContacts { owner, change }, waiting), out);
}

/// The line waits for what the store replies about its user's address book.
fn ask(state: &LiveState, by: Requester, question: impl FnOnce(UserUuid) -> StoreQuestion, out: &mut Effects) {
    if let Some(owner) = state.uuid_of(by.user) {
        out.ask_store_for_line(question(owner));
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

/// The store has found contacts; what the user may see is judged now.
pub(in crate::live) fn found(state: &LiveState, wanted: RowsWanted, own: &Found, out: &mut Effects) {
    let RowsWanted { requester, answer } = wanted;
    let view = state.view(requester.user);
    let (of, rows) = match answer {
        RowsAnswer::Search { pattern } => {
            let rows = rows::search(&view, own, &pattern);
            (RowsOf::Search { term: pattern }, rows)
        }
        RowsAnswer::Favorites => (RowsOf::Favorites, rows::favorites(&view, own)),
        RowsAnswer::PersonalContacts => (RowsOf::PersonalContacts, rows::personal_contacts(&view, own)),
        RowsAnswer::Directory { reply, pattern } => {
            let rows = rows::directory(&view, own, &pattern);
            let headers = columns::directory(view.people_columns());
            return tell_user(state, requester, PeopleNotice::Directory { reply, headers, rows }, out);
        }
    };
    tell_user(state, requester, PeopleNotice::Rows { of, headers: view.people_columns().clone(), rows }, out);
}

pub(in crate::live) fn read(
    state: &LiveState,
    requester: Requester,
    (id, contact): (ContactId, Contact),
    out: &mut Effects,
) {
    tell_user(state, requester, PeopleNotice::ContactRaw(id, contact), out);
}

pub(in crate::live) fn exported(state: &LiveState, requester: Requester, csv: Box<str>, out: &mut Effects) {
    tell_user(state, requester, PeopleNotice::ContactsExported { csv }, out);
}

pub(in crate::live) fn changed(state: &LiveState, change: ContactsChange, out: &mut Effects) {
    tell_user(state, change.requester, change.answer, out);
}

pub(in crate::live) fn imported(state: &LiveState, requester: Requester, imported: Imported, out: &mut Effects) {
    let Imported { created, failed } = imported;
    tell_user(state, requester, PeopleNotice::ContactsImported { created, failed }, out);
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
