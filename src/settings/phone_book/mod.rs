//! The phone book that all users share: people and companies outside of the house, each in a context or everyone's.
//! Configuration like users and lines, edited by administrators alone; `exchange::phone_book`
//! reads and writes what other programs know of it.

mod book;

pub(crate) use book::{EntriesNeeded, PhoneBook};

use super::fold::is_invisible;
use super::id::{ContextId, PhoneBookEntryId};
use super::name::{EmailAddress, EntryName};
use super::phone_number::{PhoneNumber, WrittenNumber};
use super::rule::{Refusal, Rule};
use super::table::object;
use super::target_kind::TargetKind;
use super::violation::Violation;

/// Entries of the phone book; rule B2.
pub(crate) const PHONE_BOOK_ENTRIES_MAX: usize = 100_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PhoneBookEntry {
    pub(crate) id: PhoneBookEntryId,
    pub(crate) version: u32,
    pub(crate) details: EntryDetails,
    /// None: everyone's (protocol decision 8).
    pub(crate) context: Option<ContextId>,
}

object!(PhoneBookEntry, PhoneBookEntryId, "phone book entry", PhoneBook, |book, context| book.number_in(context));

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
    Home,
    Other,
}

impl Field {
    pub(crate) const ALL: [Self; 9] = [
        Self::FirstName,
        Self::LastName,
        Self::Number,
        Self::Mobile,
        Self::Email,
        Self::Company,
        Self::Fax,
        Self::Home,
        Self::Other,
    ];

    /// Its name in a table, as in the client's form.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::FirstName => "firstname",
            Self::LastName => "lastname",
            Self::Number => "number",
            Self::Mobile => "mobile",
            Self::Email => "email",
            Self::Company => "company",
            Self::Fax => "fax",
            Self::Home => "home",
            Self::Other => "other",
        }
    }

    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Number | Self::Mobile | Self::Fax | Self::Home | Self::Other)
    }

    /// What the field takes of a text in a file: a number as it is dialled, an address without what stands around it, a
    /// name on one line. Empty if there is nothing to take; `remark` hears of what is left out.
    pub(crate) fn read(self, text: &str, remark: &mut impl FnMut(String)) -> String {
        let trimmed = |text| str::trim_matches(text, |sign: char| sign.is_whitespace() || is_invisible(sign));
        let text = trimmed(text);
        let read = match self {
            _ if self.is_number() => PhoneNumber::read(text).map(|written| self.number(written, remark)),
            Self::Email => match bare_address(text) {
                "" => Ok(String::new()),
                address => email(address).map(|address| address.to_string()),
            },
            _ => {
                let parts = text.split(char::is_control).map(trimmed).filter(|part| !part.is_empty());
                Ok(parts.collect::<Vec<_>>().join(" "))
            }
        };
        read.unwrap_or_else(|refusal| {
            remark(left_out(&refusal));
            String::new()
        })
    }

    fn number(self, written: Option<WrittenNumber>, remark: &mut impl FnMut(String)) -> String {
        let Some(WrittenNumber { number, left_out }) = written else { return String::new() };
        if let Some(left_out) = left_out {
            remark(format!("{number} was kept of a {} that has {left_out}", self.as_str()));
        }
        number.to_string()
    }
}

/// Whom to call and how: a name or a number at least (rule B1).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct EntryDetails {
    first_name: EntryName,
    last_name: EntryName,
    number: Option<PhoneNumber>,
    mobile: Option<PhoneNumber>,
    email: Option<EmailAddress>,
    company: EntryName,
    fax: Option<PhoneNumber>,
    home: Option<PhoneNumber>,
    other: Option<PhoneNumber>,
}

impl EntryDetails {
    /// Takes the text of each field, empty for none: as it was kept, or as a person writes it.
    pub(crate) fn parse<'a>(text: impl Fn(Field) -> &'a str) -> Result<Self, Refusal> {
        let mut details = Self::default();
        for field in Field::ALL {
            let text = text(field);
            if !text.trim().is_empty() {
                details.fill(field, text)?;
            }
        }
        details.with_something()
    }

    /// Takes what a file says: what is wrong or left out with one field costs no other, and `remark` hears of it.
    pub(crate) fn read<'a>(text: impl Fn(Field) -> &'a str, mut remark: impl FnMut(String)) -> Result<Self, Refusal> {
        let mut details = Self::default();
        for field in Field::ALL {
            let text = field.read(text(field), &mut remark);
            if !text.is_empty()
                && let Err(refusal) = details.fill(field, &text)
            {
                remark(left_out(&refusal));
            }
        }
        details.with_something()
    }

    /// Whether one field could hold the text, as a person writes it; nothing can always be held.
    pub(crate) fn check(field: Field, text: &str) -> Result<(), Refusal> {
        if text.trim().is_empty() { Ok(()) } else { Self::default().fill(field, text) }
    }

    fn fill(&mut self, field: Field, text: &str) -> Result<(), Refusal> {
        let number = || PhoneNumber::kept(text).or_else(|_| PhoneNumber::parse(text)).map(Some);
        match field {
            Field::FirstName => self.first_name = EntryName::parse(text)?,
            Field::LastName => self.last_name = EntryName::parse(text)?,
            Field::Number => self.number = number()?,
            Field::Mobile => self.mobile = number()?,
            Field::Email => self.email = Some(email(text)?),
            Field::Company => self.company = EntryName::parse(text)?,
            Field::Fax => self.fax = number()?,
            Field::Home => self.home = number()?,
            Field::Other => self.other = number()?,
        }
        Ok(())
    }

    /// Rule B1.
    fn with_something(self) -> Result<Self, Refusal> {
        let is_enough = |field: &Field| !matches!(field, Field::Email | Field::Fax);
        if Field::ALL.iter().filter(|field| is_enough(field)).all(|field| self.text(*field).is_empty()) {
            return Err(Refusal::new(Rule::B1, TargetKind::PhoneBookEntry, Violation::EmptyEntry));
        }
        Ok(self)
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
            Field::Home => self.home.as_ref().map_or("", |number| number.as_str()),
            Field::Other => self.other.as_ref().map_or("", |number| number.as_str()),
        }
    }

    /// First and last name as people read them; of who has none the company. Empty for a bare number.
    pub(crate) fn shown_name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        let name = name.trim();
        if name.is_empty() { self.company.to_string() } else { name.to_owned() }
    }
}

fn left_out(refusal: &Refusal) -> String {
    format!("left out: {} {}", refusal.on, refusal.problem)
}

/// What an e-mail address is, is a matter of users (U3); here it is one of an entry.
fn email(text: &str) -> Result<EmailAddress, Refusal> {
    EmailAddress::parse(text).map_err(|refusal| Refusal { rule: Rule::B1, ..refusal })
}

/// The address of `mailto:zoe@example.org` and of `Zoe Roe <zoe@example.org>`.
fn bare_address(text: &str) -> &str {
    let is_mailto = text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let text = if is_mailto { text[7..].split('?').next().unwrap_or_default() } else { text };
    let inner = text.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(address, _)| address);
    inner.unwrap_or(text).trim()
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
        for field in Field::ALL.into_iter().filter(|field| !matches!(field, Field::Fax | Field::Email)) {
            assert!(details(&[(field, "123")]).is_ok(), "{field:?}");
        }
        for field in [Field::Fax, Field::Email] {
            let refusal = details(&[(field, if field == Field::Fax { "1" } else { "a@b" })]).expect_err("nothing");
            assert_eq!((refusal.rule, *refusal.problem), (Rule::B1, Violation::EmptyEntry));
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

    /// A name that is exported and imported again is the same name, and no second entry.
    #[test]
    fn what_was_read_is_read_again_as_the_same() {
        let read = |text: &str| Field::Company.read(text, &mut |_| {});
        for text in ["a\u{1}\u{201e}\u{ad}\u{8d}\u{ad}", " \u{200b} a \u{1} b\u{feff} ", "\u{1}\u{ad}\u{1}"] {
            assert_eq!(read(&read(text)), read(text), "{text:?}");
        }
        assert_eq!(read("a\u{1}\u{201e}\u{ad}\u{8d}\u{ad}"), "a \u{201e}");
    }

    #[test]
    fn what_is_wrong_with_one_field_of_a_file_costs_no_other() {
        let texts = [
            (Field::FirstName, "Ina\nMaria \u{200b}"),
            (Field::Number, "n/a"),
            (Field::Mobile, "030 5550108 x204"),
            (Field::Fax, "none yet"),
            (Field::Email, "Ina <ina@example.org>"),
            (Field::Company, "\u{1}"),
        ];
        let mut remarks = Vec::new();
        let text = |field| texts.iter().find(|(of, _)| *of == field).map_or("", |(_, text)| *text);
        let details = EntryDetails::read(text, |remark| remarks.push(remark)).expect("an entry");
        let shown = Field::ALL.map(|field| details.text(field).to_owned());
        assert_eq!(shown, ["Ina Maria", "", "", "0305550108", "ina@example.org", "", "", "", ""]);
        assert_eq!(remarks.len(), 2, "{remarks:?}");
        assert!(
            remarks[0].starts_with("0305550108 was kept of a mobile that has the extension \"x204\""),
            "{remarks:?}"
        );
        assert!(remarks[1].starts_with("left out: number \"none yet\" must be"), "{remarks:?}");
        let nothing = EntryDetails::read(|field| if field == Field::Number { "n/a" } else { "" }, |_| ());
        assert_eq!(nothing.expect_err("nothing").rule, Rule::B1);
    }
}
