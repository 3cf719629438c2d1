//! Chat, the directory family and the call history (protocol 4.13, 4.15, 4.16).

use std::collections::BTreeMap;

use super::fault::Fault;
use super::json::{Given, Raw};
use super::members::{Members, cut_to};
use super::status;
use crate::protocol::request::{Chat, EntryReference, Request, UserKey};
use crate::settings::address_book::{
    CONTACT_BYTES_MAX, CONTACT_FIELDS_MAX, Contact, ContactError, FIELD_NAME_BYTES_MAX,
};
use crate::settings::id::{ContactId, Id, PhoneBookEntryId, ServerUuid, UserId};
use crate::settings::wire_length::wire_bytes_as_html;

/// A chat text may take this many bytes on the wire to its receivers, where it is escaped: what somebody else wrote
/// must not fill all that may wait for a client.
pub(in crate::protocol) const CHAT_TEXT_BYTES_MAX: usize = 64 * 1024;
/// A longer pattern of a search is cut: nobody types one.
const PATTERN_BYTES_MAX: usize = 1024;

/// A class of the directory family or `history`; None if it is another.
pub(super) fn request(class: &str, members: &Members<'_>) -> Option<Result<Request, Fault>> {
    let pattern = || members.text_or_empty("pattern").map(|pattern| cut_to(pattern, PATTERN_BYTES_MAX));
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
        "people_import_personal_contacts_csv" => members.text("csv_contacts").map(Request::ImportPersonalContacts),
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

fn set_favorite(members: &Members<'_>) -> Result<Option<Request>, Fault> {
    let entry = entry(members)?;
    let is_favorite = match members.take("favorite")? {
        Some(Given::Bool(is_favorite)) => Some(is_favorite),
        None | Some(Given::Null) => None,
        Some(_) => return Err(Fault::wrong("favorite", "true or false")),
    };
    Ok(entry.zip(is_favorite).map(|(entry, is_favorite)| Request::PeopleSetFavorite { entry, is_favorite }))
}

fn create(members: &Members<'_>) -> Result<Option<Request>, Fault> {
    contact(members).map(|contact| contact.map(Request::CreatePersonalContact))
}

fn edit(members: &Members<'_>) -> Result<Option<Request>, Fault> {
    let (id, contact) = (contact_id(members)?, contact(members)?);
    Ok(id.zip(contact).map(|(id, contact)| Request::EditPersonalContact(id, contact)))
}

/// None for what names nobody.
fn entry(members: &Members<'_>) -> Result<Option<EntryReference>, Fault> {
    let source = members.text_or_empty("source")?;
    let number = match members.take("source_entry_id")? {
        Some(Given::Text(id)) => id.parse().ok(),
        Some(Given::Number(id)) => id.as_i64(),
        None | Some(Given::Null) => None,
        Some(_) => return Err(Fault::wrong("source_entry_id", "a text")),
    };
    Ok(number.and_then(|number| match &*source {
        "internal" => Some(EntryReference::User(UserId::new(number))),
        "personal" => Some(EntryReference::Contact(ContactId::new(number))),
        "phonebook" => Some(EntryReference::PhoneBook(PhoneBookEntryId::new(number))),
        _ => None,
    }))
}

fn contact_id(members: &Members<'_>) -> Result<Option<ContactId>, Fault> {
    Ok(match entry(members)? {
        Some(EntryReference::Contact(id)) => Some(id),
        Some(EntryReference::User(_) | EntryReference::PhoneBook(_)) | None => None,
    })
}

/// None for a contact with nothing in it.
fn contact(members: &Members<'_>) -> Result<Option<Contact>, Fault> {
    let wrong = || Fault::wrong("contact_infos", "an object of texts");
    let infos = match members.take("contact_infos")? {
        Some(Given::Object(infos)) => infos,
        None | Some(Given::Null) => return Ok(None),
        Some(_) => return Err(wrong()),
    };
    // Of members of one name the last one holds, as everywhere.
    let mut texts = BTreeMap::new();
    for (name, text) in infos {
        texts.insert(Box::<str>::from(name), text);
        if texts.len() > CONTACT_FIELDS_MAX {
            return Err(too_much());
        }
    }
    let text = |(name, text): (Box<str>, Raw<'_>)| match text.given()? {
        Given::Text(text) => Ok((name, text)),
        Given::Null => Ok((name, "".into())),
        _ => Err(wrong()),
    };
    let texts: Vec<_> = texts.into_iter().map(text).collect::<Result<_, Fault>>()?;
    match Contact::new(texts) {
        Ok(contact) => Ok(Some(contact)),
        Err(ContactError::Empty) => Ok(None),
        Err(ContactError::TooManyFields | ContactError::LongName | ContactError::TooLong) => Err(too_much()),
    }
}

fn too_much() -> Fault {
    let most = format!(
        "an object of at most {CONTACT_FIELDS_MAX} texts, named in at most {FIELD_NAME_BYTES_MAX} bytes each, of at \
         most {CONTACT_BYTES_MAX} bytes together"
    );
    Fault::wrong("contact_infos", &most)
}

/// `alias` is required and not used: the sender's own name is told (protocol decision 12). Members of `to` behind the
/// second never mattered.
pub(super) fn chitchat(members: &Members<'_>) -> Result<Request, Fault> {
    members.check_text("alias")?;
    let text = members.text("text")?;
    if wire_bytes_as_html(&text) > CHAT_TEXT_BYTES_MAX {
        let most = format!("a text of at most {CHAT_TEXT_BYTES_MAX} bytes as it is sent, escaped");
        return Err(Fault::wrong("text", &most));
    }
    let mut to = members.array("to")?;
    let wrong = || Fault::wrong("to", "a pair of a server's uuid and a user's uuid or id");
    let (server, user) = (to.next().map(Raw::given).transpose()?, to.next().map(Raw::given).transpose()?);
    let (Some(Given::Text(server)), Some(user)) = (server, user) else { return Err(wrong()) };
    let server = ServerUuid::parse(&server).ok_or_else(wrong)?;
    match status::user(&user).ok_or_else(wrong)? {
        UserKey::Id(id) if id.number() <= 0 => Err(wrong()),
        to => Ok(Request::Chat(Chat { server, to, text })),
    }
}

/// `size` as an integer or its text; a fraction is cut off as it always was.
fn history(members: &Members<'_>) -> Result<Request, Fault> {
    let size = match members.require("size")? {
        Given::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|size| size as i64)),
        Given::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    match size {
        Some(size) if size >= 0 => Ok(Request::History { size }),
        _ => Err(Fault::wrong("size", "a number that is not negative, or its text")),
    }
}
