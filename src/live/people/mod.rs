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
use crate::settings::state::Deed;

use super::SessionId;
use super::effects::{DeedToDo, Effects, Waiting};
use super::visibility::World;

/// Who waits for his address book, and for what.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asking {
    pub(super) session: SessionId,
    user: UserId,
    question: Question,
}

#[derive(Debug, Clone, PartialEq)]
enum Question {
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
    world: &World,
    session: SessionId,
    user: UserId,
    request: Request,
    reply: CommandId,
    out: &mut Effects,
) -> Option<(Request, CommandId)> {
    let look = |look, question| (AddressBookAct::Look(look), question);
    let (act, question) = match request {
        Request::PeopleHeaders => {
            tell_user(world, session, user, PeopleNotice::Headers(world.view(user).people_columns().clone()), out);
            return None;
        }
        Request::SwitchboardHeaders => {
            tell_user(world, session, user, PeopleNotice::SwitchboardHeaders(columns::switchboard()), out);
            return None;
        }
        Request::SwitchboardSearch { pattern } => {
            let rows = rows::switchboard(&world.view(user), &pattern);
            tell_user(world, session, user, PeopleNotice::SwitchboardRows { pattern, rows }, out);
            return None;
        }
        Request::PeopleSearch { pattern } => look(Look::Find(pattern.clone()), Question::Search { pattern }),
        Request::PeopleFavorites => look(Look::Favourites, Question::Favorites),
        Request::PeoplePersonalContacts => look(Look::Contacts, Question::PersonalContacts),
        Request::Directory { pattern } => look(Look::Find(pattern.clone()), Question::Directory { reply, pattern }),
        Request::PersonalContactRaw(id) => look(Look::One(id), Question::Raw(id)),
        Request::ExportPersonalContacts => look(Look::Export, Question::Export),
        Request::PeopleSetFavorite { entry, is_favorite } => {
            let favourite = favourite(world, user, entry)?;
            (AddressBookAct::SetFavourite(favourite, is_favorite), Question::SetFavorite { entry, is_favorite })
        }
        Request::CreatePersonalContact(contact) => (AddressBookAct::Create(contact), Question::Create),
        Request::EditPersonalContact(id, contact) => (AddressBookAct::Edit(id, contact), Question::Edit(id)),
        Request::DeletePersonalContact(id) => (AddressBookAct::Delete(id), Question::Delete(id)),
        Request::PurgePersonalContacts => (AddressBookAct::Purge, Question::Purge),
        Request::ImportPersonalContacts(table) => (AddressBookAct::Import(table), Question::Import),
        other => return Some((other, reply)),
    };
    if let Some(uuid) = world.uuid_of(user) {
        let waiting = Waiting::AddressBook(Asking { session, user, question });
        out.deeds.push(DeedToDo { deed: Deed::AddressBook(uuid, act), waiting });
    }
    None
}

/// Nobody marks whom he does not see.
fn favourite(world: &World, user: UserId, entry: EntryReference) -> Option<Favourite> {
    match entry {
        EntryReference::User(other) => world.view(user).uuid(other).map(Favourite::User),
        EntryReference::Contact(id) => Some(Favourite::Contact(id)),
        EntryReference::PhoneBook(id) => world.view(user).seen_entry(id).map(|entry| Favourite::PhoneBook(entry.id)),
    }
}

/// The store has answered; what the user may see is judged now.
pub(super) fn tell(world: &World, asking: Asking, outcome: AddressBookOutcome, out: &mut Effects) {
    let Asking { session, user, question } = asking;
    let notice = match outcome {
        AddressBookOutcome::Found(found) => rows_of(world, user, question, &found),
        AddressBookOutcome::One(contact) => match question {
            Question::Raw(id) => Some(PeopleNotice::ContactRaw(id, contact)),
            _ => None,
        },
        AddressBookOutcome::Exported(csv) => Some(PeopleNotice::ContactsExported { csv }),
        AddressBookOutcome::Done => done(question),
        AddressBookOutcome::Imported { created, failed } => Some(PeopleNotice::ContactsImported { created, failed }),
        AddressBookOutcome::Refused => None,
    };
    if let Some(notice) = notice {
        tell_user(world, session, user, notice, out);
    }
}

fn rows_of(world: &World, user: UserId, question: Question, own: &Found) -> Option<PeopleNotice> {
    let view = world.view(user);
    let (of, rows) = match question {
        Question::Search { pattern } => {
            let rows = rows::search(&view, own, &pattern);
            (RowsOf::Search { term: pattern }, rows)
        }
        Question::Favorites => (RowsOf::Favorites, rows::favorites(&view, own)),
        Question::PersonalContacts => (RowsOf::PersonalContacts, rows::personal_contacts(&view, own)),
        Question::Directory { reply, pattern } => {
            let rows = rows::directory(&view, own, &pattern);
            return Some(PeopleNotice::Directory { reply, headers: columns::directory(view.people_columns()), rows });
        }
        _ => return None,
    };
    Some(PeopleNotice::Rows { of, headers: view.people_columns().clone(), rows })
}

fn done(question: Question) -> Option<PeopleNotice> {
    Some(match question {
        Question::SetFavorite { entry, is_favorite } => PeopleNotice::FavoriteUpdate { entry, is_favorite },
        Question::Create => PeopleNotice::ContactCreated,
        Question::Edit(id) => PeopleNotice::ContactEdited(id),
        Question::Delete(id) => PeopleNotice::ContactDeleted(id),
        Question::Purge => PeopleNotice::ContactsPurged,
        _ => return None,
    })
}

/// All sessions of the user, and the one that asked as an answer ("Ours" 13).
fn tell_user(world: &World, session: SessionId, user: UserId, notice: PeopleNotice, out: &mut Effects) {
    let notice = Notice::People(notice);
    let others = world.reach_own_besides(user, session);
    if !others.sessions().is_empty() {
        out.tell(others, notice.clone());
    }
    if world.user_of(session) == Some(user) {
        out.answer(session, notice);
    }
}
