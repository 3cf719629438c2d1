//! The phone book that all users share: people and companies outside of the house, each in a context or everyone's.
//! Configuration like users and lines, edited by administrators alone; `table` and `vcard` read and write what other
//! programs know of it.

pub(crate) mod file;
mod table;
mod vcard;

use super::id::{ContextId, PhoneBookEntryId};
use super::name::{EmailAddress, EntryName, PhoneNumber};
use super::rule::{Refusal, Rule};
use super::table::object;

/// Entries of the phone book; rule B2.
pub(crate) const PHONE_BOOK_ENTRIES_MAX: usize = 100_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhoneBookEntry {
    pub(crate) id: PhoneBookEntryId,
    pub(crate) version: u32,
    pub(crate) details: EntryDetails,
    /// None: everyone's ("Ours" 8).
    pub(crate) context: Option<ContextId>,
}

object!(PhoneBookEntry, PhoneBookEntryId);

/// What an entry says, one text a field of the client's own form for contacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Field {
    FirstName,
    LastName,
    Number,
    Mobile,
    Email,
    Company,
    Fax,
}

impl Field {
    pub(crate) const ALL: [Self; 7] =
        [Self::FirstName, Self::LastName, Self::Number, Self::Mobile, Self::Email, Self::Company, Self::Fax];

    /// Its name in a table, as in the client's form.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::FirstName => "firstname",
            Self::LastName => "lastname",
            Self::Number => "number",
            Self::Mobile => "mobile",
            Self::Email => "email",
            Self::Company => "company",
            Self::Fax => "fax",
        }
    }
}

/// Whom to call and how: a name or a number at least (rule B1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryDetails {
    first_name: EntryName,
    last_name: EntryName,
    number: Option<PhoneNumber>,
    mobile: Option<PhoneNumber>,
    email: Option<EmailAddress>,
    company: EntryName,
    fax: Option<PhoneNumber>,
}

impl EntryDetails {
    /// Takes the text of each field, empty for none.
    pub(crate) fn parse<'a>(text: impl Fn(Field) -> &'a str) -> Result<Self, Refusal> {
        let number = |field| optional(text(field), PhoneNumber::parse);
        let details = Self {
            first_name: EntryName::parse(text(Field::FirstName))?,
            last_name: EntryName::parse(text(Field::LastName))?,
            number: number(Field::Number)?,
            mobile: number(Field::Mobile)?,
            // What an e-mail address is, is a matter of users (U3); here it is one of an entry.
            email: optional(text(Field::Email), EmailAddress::parse)
                .map_err(|refusal| Refusal { rule: Rule::B1, ..refusal })?,
            company: EntryName::parse(text(Field::Company))?,
            fax: number(Field::Fax)?,
        };
        let needed = [Field::FirstName, Field::LastName, Field::Company, Field::Number, Field::Mobile];
        if needed.iter().all(|field| details.text(*field).is_empty()) {
            return Err(Refusal::new(Rule::B1, "phone book entry", "has neither a name nor a number"));
        }
        Ok(details)
    }

    /// Empty if the field is not filled in.
    pub(crate) fn text(&self, field: Field) -> &str {
        match field {
            Field::FirstName => self.first_name.as_str(),
            Field::LastName => self.last_name.as_str(),
            Field::Number => self.number.as_ref().map_or("", |number| number.as_str()),
            Field::Mobile => self.mobile.as_ref().map_or("", |number| number.as_str()),
            Field::Email => self.email.as_ref().map_or("", |email| email.as_str()),
            Field::Company => self.company.as_str(),
            Field::Fax => self.fax.as_ref().map_or("", |number| number.as_str()),
        }
    }

    /// First and last name as people read them; of who has none the company. Empty for a bare number.
    pub(crate) fn shown_name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        let name = name.trim();
        if name.is_empty() { self.company.to_string() } else { name.to_owned() }
    }
}

fn optional<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    if text.trim().is_empty() { Ok(None) } else { parse(text).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn details(filled: &[(Field, &str)]) -> Result<EntryDetails, Refusal> {
        let texts: Vec<(Field, String)> = filled.iter().map(|(field, text)| (*field, (*text).to_owned())).collect();
        EntryDetails::parse(|field| texts.iter().find(|(of, _)| *of == field).map_or("", |(_, text)| text))
    }

    #[test]
    fn an_entry_has_a_name_or_a_number() {
        for field in [Field::FirstName, Field::LastName, Field::Company, Field::Number, Field::Mobile] {
            assert!(details(&[(field, "123")]).is_ok(), "{field:?}");
        }
        for field in [Field::Fax, Field::Email] {
            let refusal = details(&[(field, if field == Field::Fax { "1" } else { "a@b" })]).expect_err("nothing");
            assert_eq!((refusal.rule, &*refusal.message), (Rule::B1, "has neither a name nor a number"));
        }
        assert_eq!(details(&[(Field::Company, "A"), (Field::Email, "x")]).expect_err("no address").rule, Rule::B1);
    }

    #[test]
    fn the_company_stands_for_a_missing_name() {
        let shown = |filled: &[(Field, &str)]| details(filled).expect("an entry").shown_name();
        assert_eq!(shown(&[(Field::LastName, "Roe"), (Field::Company, "Acme")]), "Roe");
        assert_eq!(shown(&[(Field::Company, "Acme")]), "Acme");
        assert_eq!(shown(&[(Field::Number, "1")]), "");
    }

    #[test]
    fn numbers_are_kept_as_they_are_dialled() {
        for (written, dialled) in [
            ("+33 (0)1 42.68-53/00", "+33142685300"),
            ("(514) 555-1111", "5145551111"),
            ("01 42 68\u{a0}53 00", "0142685300"),
            ("*10#", "*10#"),
        ] {
            assert_eq!(PhoneNumber::parse(written).map(|number| number.to_string()).as_deref(), Ok(dialled));
        }
        for none in ["", "anna", "1+2x", &"1".repeat(81)] {
            assert_eq!(PhoneNumber::parse(none).expect_err(none).rule, Rule::B1);
        }
    }
}
