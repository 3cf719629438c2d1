//! The members of a line as the parsers ask for them: required or optional, of which type; each refusal names its member.

use serde_json::Value;

use super::fault::Fault;
use super::json::{Elements, Given, ObjectMembers, Raw};

/// What is echoed, or only compared with names, may take this much of a line.
pub(in crate::protocol) const ECHO_BYTES_MAX: usize = 4 * 1024;

/// Every member that some class has, in order of bytes; all others are skipped.
const KNOWN: [&str; 49] = [
    "agent_ids",
    "agentids",
    "agentphonenumber",
    "alias",
    "availstate",
    "capaid",
    "class",
    "command",
    "commandid",
    "company",
    "contact_infos",
    "csv_contacts",
    "data",
    "destination",
    "endpoint_ids",
    "favorite",
    "function",
    "functionargs",
    "ident",
    "infos",
    "listname",
    "member",
    "message",
    "number",
    "on",
    "password",
    "pattern",
    "queue",
    "queue_name",
    "queueid",
    "size",
    "source",
    "source_entry_id",
    "state",
    "status",
    "subcommand",
    "target",
    "text",
    "tid",
    "to",
    "unique_id",
    "user_ids",
    "userlogin",
    "value",
    "variables",
    "voicemail",
    "wazoversion",
    "window",
    "xivoversion",
];

/// The members of a line that some class has, each where it stands in the line.
pub(super) struct Members<'a>(Vec<(&'static str, Raw<'a>)>);

impl<'a> Members<'a> {
    /// Of a member that is said twice the last one holds.
    pub(super) fn new(object: ObjectMembers<'a>) -> Self {
        let mut members: Vec<(&'static str, Raw<'a>)> = Vec::new();
        for (name, value) in object {
            let Ok(place) = KNOWN.binary_search(&&*name) else { continue };
            match members.iter_mut().find(|(known, _)| *known == KNOWN[place]) {
                Some((_, before)) => *before = value,
                None => members.push((KNOWN[place], value)),
            }
        }
        Self(members)
    }

    /// Where the member stands.
    pub(super) fn find(&self, name: &str) -> Option<Raw<'a>> {
        debug_assert!(KNOWN.contains(&name), "{name} is missing among the known members");
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    pub(super) fn take(&self, name: &str) -> Result<Option<Given<'a>>, Fault> {
        self.find(name).map(Raw::given).transpose()
    }

    pub(super) fn require(&self, name: &str) -> Result<Given<'a>, Fault> {
        self.take(name)?.ok_or_else(|| Fault::missing(name))
    }

    /// A value that is echoed as it came.
    pub(super) fn echo(&self, name: &str) -> Result<Option<Value>, Fault> {
        match self.find(name) {
            Some(value) if value.len() > ECHO_BYTES_MAX => {
                Err(Fault::wrong(name, &format!("at most {ECHO_BYTES_MAX} bytes")))
            }
            value => value.map(Raw::value).transpose(),
        }
    }

    /// A required text that is not looked into.
    pub(super) fn check_text(&self, name: &str) -> Result<(), Fault> {
        match self.find(name) {
            Some(value) if value.is_text() => Ok(()),
            Some(_) => Err(Fault::wrong(name, "a text")),
            None => Err(Fault::missing(name)),
        }
    }

    /// A required text that is compared with names, or named in an answer: whatever is longer than those is cut.
    pub(super) fn short_text(&self, name: &str) -> Result<Box<str>, Fault> {
        self.text(name).map(cut)
    }

    /// A required text.
    pub(super) fn text(&self, name: &str) -> Result<Box<str>, Fault> {
        match self.require(name)? {
            Given::Text(text) => Ok(text),
            _ => Err(Fault::wrong(name, "a text")),
        }
    }

    /// A text that may be absent or null, which is the empty text.
    pub(super) fn text_or_empty(&self, name: &str) -> Result<Box<str>, Fault> {
        match self.take(name)? {
            Some(Given::Text(text)) => Ok(text),
            None | Some(Given::Null) => Ok("".into()),
            Some(_) => Err(Fault::wrong(name, "a text")),
        }
    }

    /// A required integer or its text.
    pub(super) fn integer(&self, name: &str) -> Result<i64, Fault> {
        integer(&self.require(name)?).ok_or_else(|| Fault::wrong(name, "an integer or its text"))
    }

    /// A required array.
    pub(super) fn array(&self, name: &str) -> Result<Elements<'a>, Fault> {
        match self.require(name)? {
            Given::Array(elements) => Ok(elements),
            _ => Err(Fault::wrong(name, "an array")),
        }
    }

    /// A value that is echoed: anything but an array or object; absent is null.
    pub(super) fn scalar(&self, name: &str) -> Result<Value, Fault> {
        match self.take(name)? {
            Some(Given::Array(_) | Given::Object(_)) => Err(Fault::wrong(name, "neither an array nor an object")),
            Some(_) | None => self.echo(name).map(Option::unwrap_or_default),
        }
    }
}

/// The front of a text, as much as may be echoed.
pub(super) fn cut(text: Box<str>) -> Box<str> {
    cut_to(text, ECHO_BYTES_MAX)
}

/// The front of a text, at most so many bytes.
pub(super) fn cut_to(text: Box<str>, bytes: usize) -> Box<str> {
    if text.len() <= bytes { text } else { text[..text.floor_char_boundary(bytes)].into() }
}

/// An integer that came as a number or as text.
pub(super) fn integer(value: &Given<'_>) -> Option<i64> {
    match value {
        Given::Number(number) => number.as_i64(),
        Given::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_members_are_in_order() {
        assert!(KNOWN.is_sorted());
    }
}
