//! Chat, the directory family and the call history (protocol 4.13, 4.15, 4.16).

use serde_json::Value;

use super::members::{Fault, Members};
use super::status;
use crate::protocol::request::{Chat, EntryReference, Request, UserKey};
use crate::settings::address_book::{Contact, ContactTable};
use crate::settings::id::{ContactId, Id, PhoneBookEntryId, ServerUuid, UserId};

/// A chat text may hold this many bytes: escaped it may grow sixfold, and one line that somebody else wrote must not
/// fill all that may wait for a client.
pub(super) const CHAT_TEXT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A class of the directory family or `history`; None if it is another.
pub(super) fn request(class: &str, members: &mut Members) -> Option<Result<Request, Fault>> {
    let mut pattern = || members.text_or_empty("pattern");
    Some(match class {
        "people_headers" => Ok(Request::PeopleHeaders),
        "people_favorites" => Ok(Request::PeopleFavorites),
        "people_personal_contacts" => Ok(Request::PeoplePersonalContacts),
        "get_switchboard_directory_headers" => Ok(Request::SwitchboardHeaders),
        "people_search" => pattern().map(|pattern| Request::PeopleSearch { pattern }),
        "directory" => pattern().map(|pattern| Request::Directory { pattern }),
        "switchboard_directory_search" => pattern().map(|pattern| Request::SwitchboardSearch { pattern }),
        "history" => history(members),
        "people_purge_personal_contacts" => Ok(Request::PurgePersonalContacts),
        "people_export_personal_contacts_csv" => Ok(Request::ExportPersonalContacts),
        "people_import_personal_contacts_csv" => {
            members.text("csv_contacts").map(|text| Request::ImportPersonalContacts(ContactTable::read(&text)))
        }
        "people_set_favorite" => or_silent(set_favorite(members)),
        "people_create_personal_contact" => or_silent(create(members)),
        "people_edit_personal_contact" => or_silent(edit(members)),
        "people_personal_contact_raw" => or_silent(contact_id(members).map(|id| id.map(Request::PersonalContactRaw))),
        "people_delete_personal_contact" => {
            or_silent(contact_id(members).map(|id| id.map(Request::DeletePersonalContact)))
        }
        _ => return None,
    })
}

/// The members of these are all optional: without one there is nothing to act on, and nothing is answered (protocol
/// 4.15).
fn or_silent(request: Result<Option<Request>, Fault>) -> Result<Request, Fault> {
    request.map(|request| request.unwrap_or(Request::Silent))
}

fn set_favorite(members: &mut Members) -> Result<Option<Request>, Fault> {
    let entry = entry(members)?;
    let is_favorite = match members.take("favorite") {
        Some(Value::Bool(is_favorite)) => Some(is_favorite),
        None | Some(Value::Null) => None,
        Some(_) => return Err(Fault::wrong("favorite", "true or false")),
    };
    Ok(entry.zip(is_favorite).map(|(entry, is_favorite)| Request::PeopleSetFavorite { entry, is_favorite }))
}

fn create(members: &mut Members) -> Result<Option<Request>, Fault> {
    contact(members).map(|contact| contact.map(Request::CreatePersonalContact))
}

fn edit(members: &mut Members) -> Result<Option<Request>, Fault> {
    let (id, contact) = (contact_id(members)?, contact(members)?);
    Ok(id.zip(contact).map(|(id, contact)| Request::EditPersonalContact(id, contact)))
}

/// None for what names nobody.
fn entry(members: &mut Members) -> Result<Option<EntryReference>, Fault> {
    let source = members.text_or_empty("source")?;
    let number = match members.take("source_entry_id") {
        Some(Value::String(id)) => id.parse().ok(),
        Some(Value::Number(id)) => id.as_i64(),
        None | Some(Value::Null) => None,
        Some(_) => return Err(Fault::wrong("source_entry_id", "a text")),
    };
    Ok(number.and_then(|number| match &*source {
        "internal" => Some(EntryReference::User(UserId::new(number))),
        "personal" => Some(EntryReference::Contact(ContactId::new(number))),
        "phonebook" => Some(EntryReference::PhoneBook(PhoneBookEntryId::new(number))),
        _ => None,
    }))
}

fn contact_id(members: &mut Members) -> Result<Option<ContactId>, Fault> {
    Ok(match entry(members)? {
        Some(EntryReference::Contact(id)) => Some(id),
        Some(EntryReference::User(_) | EntryReference::PhoneBook(_)) | None => None,
    })
}

/// None for a contact with nothing in it, or with too much.
fn contact(members: &mut Members) -> Result<Option<Contact>, Fault> {
    let wrong = || Fault::wrong("contact_infos", "an object of texts");
    let texts = match members.take("contact_infos") {
        Some(Value::Object(texts)) => texts,
        None | Some(Value::Null) => return Ok(None),
        Some(_) => return Err(wrong()),
    };
    let text = |(name, text): (String, Value)| match text {
        Value::String(text) => Ok((name.into(), text.into())),
        Value::Null => Ok((name.into(), "".into())),
        _ => Err(wrong()),
    };
    Ok(Contact::new(texts.into_iter().map(text).collect::<Result<Vec<_>, _>>()?).ok())
}

/// `alias` is required and not used: the sender's own name is told ("Ours" 12). Members of `to` behind the second
/// never mattered.
pub(super) fn chitchat(members: &mut Members) -> Result<Request, Fault> {
    members.text("alias")?;
    let text = members.text("text")?;
    if text.len() > CHAT_TEXT_BYTES_MAX {
        return Err(Fault::wrong("text", &format!("a text of at most {CHAT_TEXT_BYTES_MAX} bytes")));
    }
    let to = members.array("to")?;
    let wrong = || Fault::wrong("to", "a pair of a server's uuid and a user's uuid or id");
    let [Value::String(server), user, ..] = &to[..] else { return Err(wrong()) };
    let server = ServerUuid::parse(server).ok_or_else(wrong)?;
    match status::user(user).ok_or_else(wrong)? {
        UserKey::Id(id) if id.number() <= 0 => Err(wrong()),
        to => Ok(Request::Chat(Chat { server, to, text })),
    }
}

/// `size` as an integer or its text; a fraction is cut off as it always was.
fn history(members: &mut Members) -> Result<Request, Fault> {
    let size = match members.require("size")? {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|size| size as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match size {
        Some(size) if size >= 0 => Ok(Request::History { size }),
        _ => Err(Fault::wrong("size", "a number that is not negative, or its text")),
    }
}
