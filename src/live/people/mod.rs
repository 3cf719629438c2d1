//! The directory family (protocol 4.15): the people xlet, the old search, the switchboard's search, favourites and
//! personal contacts. What needs a user's address book asks the store first and is decided when that has answered; all
//! answers go to all sessions of the user, and where the store fails, to none.

mod rows;
mod search_index;

pub(super) use search_index::SearchIndex;

use crate::protocol::columns;
use crate::protocol::notice::Notice;
use crate::protocol::people::{PeopleNotice, RowsOf};
use crate::protocol::request::{CommandId, EntryReference, Request};
use crate::settings::address_book::{AddressBookAct, AddressBookOutcome, Favourite, Found, Look};
use crate::settings::fold;
use crate::settings::id::{ContactId, UserId};
use crate::settings::state::StoreRequest;

use super::SessionId;
use super::effects::{Effects, Pending, StoreCall};
use super::visibility::LiveState;

/// Who waits for their address book, and for what.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PeopleQuery {
    pub(super) session: SessionId,
    user: UserId,
    question: PeopleQuestion,
}

#[derive(Debug, Clone, PartialEq)]
enum PeopleQuestion {
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

/// Answers, or asks the store; gives a request back that is none of the family.
pub(super) fn answer(
    state: &LiveState,
    session: SessionId,
    user: UserId,
    request: Request,
    reply: CommandId,
    out: &mut Effects,
) -> Option<(Request, CommandId)> {
    let look = |look, question| (AddressBookAct::Look(look), question);
    let (act, question) = match request {
        Request::PeopleHeaders => {
            tell_user(state, session, user, PeopleNotice::Headers(state.view(user).people_columns().clone()), out);
            return None;
        }
        Request::SwitchboardHeaders => {
            tell_user(state, session, user, PeopleNotice::SwitchboardHeaders(columns::switchboard()), out);
            return None;
        }
        Request::SwitchboardSearch { pattern } => {
            let rows = rows::switchboard(&state.view(user), &pattern);
            tell_user(state, session, user, PeopleNotice::SwitchboardRows { pattern, rows }, out);
            return None;
        }
        Request::PeopleSearch { pattern } => look(Look::Find(pattern.clone()), PeopleQuestion::Search { pattern }),
        Request::PeopleFavorites => look(Look::Favourites, PeopleQuestion::Favorites),
        Request::PeoplePersonalContacts => look(Look::Contacts, PeopleQuestion::PersonalContacts),
        Request::Directory { pattern } => {
            look(Look::Find(pattern.clone()), PeopleQuestion::Directory { reply, pattern })
        }
        Request::PersonalContactRaw(id) => look(Look::One(id), PeopleQuestion::Raw(id)),
        Request::ExportPersonalContacts => look(Look::Export, PeopleQuestion::Export),
        Request::PeopleSetFavorite { entry, is_favorite } => {
            let favourite = favourite(state, user, entry)?;
            (AddressBookAct::SetFavourite(favourite, is_favorite), PeopleQuestion::SetFavorite { entry, is_favorite })
        }
        Request::CreatePersonalContact(contact) => (AddressBookAct::Create(contact), PeopleQuestion::Create),
        Request::EditPersonalContact(id, contact) => (AddressBookAct::Edit(id, contact), PeopleQuestion::Edit(id)),
        Request::DeletePersonalContact(id) => (AddressBookAct::Delete(id), PeopleQuestion::Delete(id)),
        Request::PurgePersonalContacts => (AddressBookAct::Purge, PeopleQuestion::Purge),
        Request::ImportPersonalContacts(table) => (AddressBookAct::Import(table), PeopleQuestion::Import),
        other => return Some((other, reply)),
    };
    if let Some(uuid) = state.uuid_of(user) {
        let pending = Pending::AddressBook(PeopleQuery { session, user, question });
        out.store_calls.push(StoreCall { request: StoreRequest::AddressBook(uuid, act), pending });
    }
    None
}

/// Nobody marks whom he does not see.
fn favourite(state: &LiveState, user: UserId, entry: EntryReference) -> Option<Favourite> {
    match entry {
        EntryReference::User(other) => state.view(user).uuid(other).map(Favourite::User),
        EntryReference::Contact(id) => Some(Favourite::Contact(id)),
        EntryReference::PhoneBook(id) => state.view(user).seen_entry(id).map(|entry| Favourite::PhoneBook(entry.id)),
    }
}

/// The store has answered; what the user may see is judged now.
pub(super) fn tell(state: &LiveState, asking: PeopleQuery, outcome: AddressBookOutcome, out: &mut Effects) {
    let PeopleQuery { session, user, question } = asking;
    let notice = match outcome {
        AddressBookOutcome::Found(found) => rows_of(state, user, question, &found),
        AddressBookOutcome::One(contact) => match question {
            PeopleQuestion::Raw(id) => Some(PeopleNotice::ContactRaw(id, contact)),
            _ => None,
        },
        AddressBookOutcome::Exported(csv) => Some(PeopleNotice::ContactsExported { csv }),
        AddressBookOutcome::Done => done(question),
        AddressBookOutcome::Imported { created, failed } => Some(PeopleNotice::ContactsImported { created, failed }),
        AddressBookOutcome::Refused => None,
    };
    if let Some(notice) = notice {
        tell_user(state, session, user, notice, out);
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
        _ => return None,
    };
    Some(PeopleNotice::Rows { of, headers: view.people_columns().clone(), rows })
}

fn done(question: PeopleQuestion) -> Option<PeopleNotice> {
    Some(match question {
        PeopleQuestion::SetFavorite { entry, is_favorite } => PeopleNotice::FavoriteUpdate { entry, is_favorite },
        PeopleQuestion::Create => PeopleNotice::ContactCreated,
        PeopleQuestion::Edit(id) => PeopleNotice::ContactEdited(id),
        PeopleQuestion::Delete(id) => PeopleNotice::ContactDeleted(id),
        PeopleQuestion::Purge => PeopleNotice::ContactsPurged,
        _ => return None,
    })
}

/// All sessions of the user, and the one that asked as an answer ("Ours" 13).
fn tell_user(state: &LiveState, session: SessionId, user: UserId, notice: PeopleNotice, out: &mut Effects) {
    let notice = Notice::People(notice);
    let others = state.audience_of_user_besides(user, session);
    if !others.sessions().is_empty() {
        out.notify(others, notice.clone());
    }
    if state.user_of(session) == Some(user) {
        out.answer(session, notice);
    }
}
