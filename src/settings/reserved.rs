//! Words that Asterisk, or the dialplan that ctibox prints for it, takes for something else where names and numbers of
//! ours will stand: sections of queues.conf, extensions.conf, voicemail.conf, agents.conf and confbridge.conf, and the
//! extensions that Asterisk goes to by itself. Asterisk compares sections without regard to case.

use super::violation::Reserved;

/// Sections of extensions.conf and voicemail.conf that are no contexts, and a context of ctibox's own.
const CONTEXTS: [&str; 5] = ["general", "globals", "zonemessages", "aliases", "agentcallback"];
/// The section of every other file that holds its general settings.
const GENERAL: &str = "general";
/// Start, invalid, timeouts, hangup, operator, assistant, exception, fax, failure.
const EXTENSIONS: [&str; 10] = ["s", "i", "t", "T", "h", "o", "a", "e", "fax", "failed"];

/// Why no context can be called so.
pub(crate) fn context(name: &str) -> Option<Reserved> {
    is_one_of(&CONTEXTS, name).then(|| section(name, "extensions.conf or voicemail.conf"))
}

/// Why no queue can be called so.
pub(crate) fn queue(name: &str) -> Option<Reserved> {
    is_one_of(&[GENERAL], name).then(|| section(name, "queues.conf"))
}

/// Why no agent can have this number.
pub(crate) fn agent(number: &str) -> Option<Reserved> {
    is_one_of(&[GENERAL], number).then(|| section(number, "agents.conf"))
}

/// Why no line, queue or conference room can have this number.
pub(crate) fn extension(number: &str) -> Option<Reserved> {
    if number.starts_with('_') {
        return Some(Reserved::Pattern);
    }
    EXTENSIONS.contains(&number).then(|| Reserved::Extension(number.to_owned()))
}

/// Why no conference room can have this number, beside what holds for every extension.
pub(crate) fn conference(number: &str) -> Option<Reserved> {
    is_one_of(&[GENERAL], number).then(|| section(number, "confbridge.conf"))
}

fn is_one_of(words: &[&str], name: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(name))
}

fn section(name: &str, file: &'static str) -> Reserved {
    Reserved::Section { name: name.to_owned(), file }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_something_to_asterisk_is_reserved_and_no_more() {
        assert!(["general", "GENERAL"].iter().all(|name| queue(name).is_some() && agent(name).is_some()));
        assert!(["general", "Globals", "agentcallback"].iter().all(|name| context(name).is_some()));
        assert!(["h", "i", "_1XX"].iter().all(|number| extension(number).is_some()));
        assert!(conference("general").is_some());
        assert!(context("default").is_none() && queue("globals").is_none() && queue("default").is_none());
        assert!(["1001", "*10", "H", "hotel", "1_2"].iter().all(|number| extension(number).is_none()));
    }
}
