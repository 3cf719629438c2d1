//! What a document written without secrets cannot bring to a server that does not have them yet. `import` warns of it: a
//! room whose PIN stayed behind would stand open without a word. Passwords are a matter of rule F14.

use std::sync::Arc;

use super::form;
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::label::Labelled;
use crate::settings::prose::{Prose, prose};
use crate::settings::rule::count;
use crate::settings::setting::Key;

/// Rooms that are told by name; the others are counted.
const NAMES_TOLD: usize = 20;

/// One sentence each; empty for a document with secrets, or one that does not say. `new` is what it was read as.
pub(crate) fn left_out(text: &str, current: &Configuration, new: &Configuration) -> Vec<Prose> {
    let document: form::Document = serde_json::from_str(text).unwrap_or_default();
    if document.with_secrets != Some(false) {
        return Vec::new();
    }
    let mut sentences = Vec::new();
    let is_new_and_open = |room: &&Arc<Conference>| {
        room.pin.is_none() && current.conferences.find(|old| old.label(current) == room.label(new)).is_none()
    };
    let open: Vec<String> = new.conferences.iter().filter(is_new_and_open).map(|room| room.label(new)).collect();
    if !open.is_empty() {
        let mut names = open.iter().take(NAMES_TOLD).cloned().collect::<Vec<_>>().join(", ");
        if let more @ 1.. = open.len().saturating_sub(NAMES_TOLD) {
            names.push_str(&format!(" and {}", count(more, "more room")));
        }
        sentences.push(prose![
            "the document was written without PINs, so everybody may enter {names}; ",
            ctibox("conference edit NUMBER --pin"),
            " closes a room"
        ]);
    }
    let speaks_of_ami = new.settings.keys().any(|key| key.as_str().starts_with("ami.") && !key.is_secret());
    if speaks_of_ami && !new.settings.contains_key(&Key::AmiSecret) {
        let key = Key::AmiSecret;
        sentences.push(prose![
            "the document was written without secrets, so {key} is not set and telephony stays off; ",
            ctibox("setting set {key} --value-stdin"),
            " sets it"
        ]);
    }
    sentences
}
