//! Chat, the directory family and the call history (protocol 4.13, 4.15, 4.16).

use serde_json::Value;

use super::members::{Fault, Members};
use super::status;
use crate::protocol::request::{Chat, Request, UserKey};
use crate::settings::id::{Id, ServerUuid};

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
        // The members of these are all optional (protocol 4.15).
        "people_set_favorite"
        | "people_purge_personal_contacts"
        | "people_personal_contact_raw"
        | "people_create_personal_contact"
        | "people_delete_personal_contact"
        | "people_edit_personal_contact"
        | "people_export_personal_contacts_csv" => Ok(Request::Silent),
        "people_import_personal_contacts_csv" => members.text("csv_contacts").map(|_| Request::Silent),
        _ => return None,
    })
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
