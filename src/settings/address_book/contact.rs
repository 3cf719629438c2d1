//! One personal contact: texts by name, within the bounds of what travels and of what is shown.

use std::collections::BTreeMap;

use crate::settings::fold::fold;
use crate::settings::phone_book::Field;
use crate::settings::phone_number::PhoneNumber;
use crate::settings::search::SearchPattern;
use crate::settings::wire_length::wire_bytes;

/// Texts of one contact.
pub(crate) const CONTACT_FIELDS_MAX: usize = 64;
/// The name of such a text.
pub(crate) const FIELD_NAME_BYTES_MAX: usize = 64;
/// The names and texts of one contact together, as they travel.
pub(crate) const CONTACT_BYTES_MAX: usize = 16 * 1024;

/// Between name and text, and behind each text; no name and no text holds them.
const BETWEEN: char = '\u{1f}';
const BEHIND: char = '\u{1e}';

/// What a person wrote down of another: texts by name. The desktop client's form has firstname, lastname, number,
/// mobile, email, company and fax; other programs may bring others. In one piece, since a user may have thousands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact(Box<str>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ContactError {
    #[error("nothing is filled in")]
    Empty,
    #[error("it has more than {CONTACT_FIELDS_MAX} texts")]
    TooManyFields,
    #[error("the name of a text is longer than {FIELD_NAME_BYTES_MAX} bytes")]
    LongName,
    #[error("it is longer than {} KiB", CONTACT_BYTES_MAX / 1024)]
    TooLong,
}

impl Contact {
    /// Of a name that is said twice the last text holds.
    pub(crate) fn new(texts: impl IntoIterator<Item = (Box<str>, Box<str>)>) -> Result<Self, ContactError> {
        let texts: BTreeMap<Box<str>, Box<str>> = texts.into_iter().collect();
        if texts.values().all(|text| text.trim().is_empty()) {
            return Err(ContactError::Empty);
        }
        if texts.len() > CONTACT_FIELDS_MAX {
            return Err(ContactError::TooManyFields);
        }
        if texts.keys().any(|name| name.len() > FIELD_NAME_BYTES_MAX) {
            return Err(ContactError::LongName);
        }
        let contact = Self::kept(&texts);
        if contact.bytes() > CONTACT_BYTES_MAX { Err(ContactError::TooLong) } else { Ok(contact) }
    }

    /// As it lies in the store, which may be from before a bound.
    pub(crate) fn kept(texts: &BTreeMap<Box<str>, Box<str>>) -> Self {
        let mut whole = String::new();
        for (name, text) in texts {
            for (part, sign) in [(name, BETWEEN), (text, BEHIND)] {
                whole.extend(part.chars().map(|of| if of == BETWEEN || of == BEHIND { ' ' } else { of }));
                whole.push(sign);
            }
        }
        Self(whole.into())
    }

    /// In order of the names.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.split_terminator(BEHIND).filter_map(|pair| pair.split_once(BETWEEN))
    }

    /// Empty if it is not there.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.texts().find(|(known, _)| *known == name).map_or("", |(_, text)| text.trim())
    }

    /// First and last name as people read them; of who has none the company, and of who has nothing that a client shows
    /// what there is.
    pub(crate) fn full_name(&self) -> String {
        let name = format!("{} {}", self.text("firstname"), self.text("lastname"));
        let others = ["company", "number", "mobile", "email"].map(|name| self.text(name));
        match (name.trim(), others) {
            ("", ["", "", "", ""]) => self.texts().map(|(_, text)| text.trim()).find(|text| !text.is_empty()),
            ("", [company, ..]) => Some(company),
            (name, _) => Some(name),
        }
        .unwrap_or_default()
        .to_owned()
    }

    /// Whether a search for numbers or addresses finds it; the name is the caller's.
    pub(crate) fn is_found(&self, pattern: &SearchPattern) -> bool {
        let numbers = Field::ALL.into_iter().filter(|field| field.is_number());
        numbers.map(|field| self.text(field.as_str())).any(|number| !number.is_empty() && pattern.is_in_number(number))
            || pattern.is_in(&fold(self.text(Field::Email.as_str())))
    }

    /// Whether one of these numbers is among its own, however that is written.
    pub(crate) fn has_number(&self, numbers: &[Box<str>]) -> bool {
        let own = Field::ALL.into_iter().filter(|field| field.is_number()).map(|field| self.text(field.as_str()));
        own.filter(|text| !text.is_empty()).any(|text| {
            let written = PhoneNumber::read(text).ok().flatten();
            let dialled = written.as_ref().map_or(text, |written| written.number.as_str());
            numbers.iter().any(|number| **number == *dialled)
        })
    }

    pub(super) fn bytes(&self) -> usize {
        self.texts().map(|(name, text)| wire_bytes(name) + wire_bytes(text)).sum()
    }
}
