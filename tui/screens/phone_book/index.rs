//! The phone book as its place shows it: all entries in order of their names, each with the text that a filter looks into,
//! one behind the other in one piece of memory, so that a key costs a walk along it and nothing else. Made on a thread of
//! its own by `reading`, never changed afterwards.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use crate::settings::fold::fold;
use crate::settings::id::{ContextId, PhoneBookEntryId};
use crate::settings::phone_book::{EntryDetails, Field as EntryField, PhoneBookEntry};
use crate::settings::table;
use crate::tui::filter::SEPARATOR;
use crate::tui::widgets::columns::Column;

/// What a filter may ask for by name.
pub(super) const FIELDS: &[&str] = &["company", "email", "number", "mobile", "context"];

/// What is looked into behind the name, in this order; `FIELDS` names the first of it.
const PARTS: [EntryField; 7] = [
    EntryField::Company,
    EntryField::Email,
    EntryField::Number,
    EntryField::Mobile,
    EntryField::Home,
    EntryField::Other,
    EntryField::Fax,
];

/// An entry of the list. It is the same one wherever it stands: the cursor stays on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct EntryRow {
    /// In the index that it came from.
    place: usize,
    pub(super) id: PhoneBookEntryId,
}

impl PartialEq for EntryRow {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for EntryRow {}

impl PartialOrd for EntryRow {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EntryRow {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}

/// What the columns hold at the most: name, number, mobile, company.
pub(super) type Longest = [Column; 4];

pub(super) struct EntryIndex {
    entries: table::Table<PhoneBookEntry>,
    /// In order.
    places: Vec<Place>,
    texts: String,
    longest: Longest,
}

/// One entry, and where its text ends; it begins where that of the one before ends.
struct Place {
    id: PhoneBookEntryId,
    context: Option<ContextId>,
    end: usize,
}

/// The folded name of each context.
pub(super) type ContextNames = HashMap<ContextId, String>;

impl Default for EntryIndex {
    fn default() -> Self {
        Self { entries: table::Table::default(), places: Vec::new(), texts: String::new(), longest: columns() }
    }
}

fn columns() -> Longest {
    [Column::new(25, "name"), Column::new(16, "number"), Column::new(16, "mobile"), Column::new(17, "company")]
}

impl EntryIndex {
    pub(super) fn new(entries: &table::Table<PhoneBookEntry>) -> Self {
        let mut order: Vec<(bool, String, &PhoneBookEntry)> = Vec::with_capacity(entries.len());
        let mut longest = columns();
        for entry in entries.iter() {
            let details = &entry.details;
            let name = details.shown_name();
            longest[0].holds(&name);
            for (column, field) in
                longest[1..].iter_mut().zip([EntryField::Number, EntryField::Mobile, EntryField::Company])
            {
                column.holds(details.text(field));
            }
            // Bare numbers behind those that have a name.
            order.push((name.is_empty(), fold(&name), entry));
        }
        order.sort_unstable_by(|(own, name, entry), (other, other_name, other_entry)| {
            (own, name, entry.details.text(EntryField::Number), entry.id).cmp(&(
                other,
                other_name,
                other_entry.details.text(EntryField::Number),
                other_entry.id,
            ))
        });
        let (mut texts, mut places) = (String::new(), Vec::with_capacity(order.len()));
        for (_, name, entry) in order {
            put_text(&mut texts, &name, &entry.details);
            places.push(Place { id: entry.id, context: entry.context, end: texts.len() });
        }
        Self { entries: entries.clone(), places, texts, longest }
    }

    pub(super) fn get(&self, id: PhoneBookEntryId) -> Option<&Arc<PhoneBookEntry>> {
        self.entries.get(id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The number that the next new entry gets.
    pub(super) fn next_number(&self) -> i64 {
        self.entries.next_number()
    }

    /// What the columns of the table hold.
    pub(super) fn longest(&self) -> Longest {
        self.longest
    }

    /// The row of an entry, to be chosen in a list.
    pub(super) fn row(id: PhoneBookEntryId) -> EntryRow {
        EntryRow { place: usize::MAX, id }
    }

    /// All of them in order, each with what is looked into.
    pub(super) fn rows(&self) -> impl Iterator<Item = (EntryRow, Cow<'_, str>)> {
        self.places
            .iter()
            .enumerate()
            .map(|(place, at)| (EntryRow { place, id: at.id }, Cow::Borrowed(self.text(place))))
    }

    fn text(&self, place: usize) -> &str {
        let begin = place.checked_sub(1).and_then(|before| self.places.get(before)).map_or(0, |before| before.end);
        self.places.get(place).and_then(|at| self.texts.get(begin..at.end)).unwrap_or_default()
    }

    /// What a filter asks for by name, folded.
    pub(super) fn field<'a>(&'a self, row: EntryRow, name: &str, contexts: &'a ContextNames) -> &'a str {
        if name == "context" {
            let context = self.places.get(row.place).and_then(|at| at.context);
            return context.and_then(|id| contexts.get(&id)).map_or("", String::as_str);
        }
        let part = FIELDS.iter().position(|field| *field == name);
        // Before the parts stands the name.
        part.and_then(|part| self.text(row.place).split(SEPARATOR).nth(1 + part)).unwrap_or_default()
    }
}

/// The name and the parts, a separator behind each. People are found by the company also where that is their name.
fn put_text(texts: &mut String, name: &str, details: &EntryDetails) {
    texts.push_str(name);
    texts.push(SEPARATOR);
    for field in PARTS {
        let text = details.text(field);
        if !text.is_empty() {
            texts.push_str(&fold(text));
        }
        texts.push(SEPARATOR);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures::{entry_details, small_company};
    use crate::settings::id::Id as _;
    use crate::tui::filter::Filter;
    use crate::tui::keys::Key;
    use crate::tui::widgets::list::List;

    /// Whom a filter finds, by their ids.
    fn found(index: &EntryIndex, pattern: &str) -> Vec<i64> {
        let contexts = ContextNames::from([(ContextId::new(2), "sales".to_owned())]);
        let (mut filter, mut list) = (Filter::new(FIELDS), List::default());
        filter.press(Key::char('/'));
        filter.paste(pattern);
        filter.narrow_folded(&mut list, index.rows(), |row, name| index.field(row, name, &contexts).into());
        list.ids().iter().map(|row: &EntryRow| row.id.number()).collect()
    }

    fn index() -> EntryIndex {
        let mut company = small_company();
        let chloe = [("lastname", "Ørsted"), ("firstname", "Chloé"), ("company", "ACME"), ("mobile", "+33 6 1234567")];
        company.add_phone_book_entry(entry_details(&chloe), None).expect("an entry");
        company.add_phone_book_entry(entry_details(&[("home", "5550002")]), None).expect("an entry");
        EntryIndex::new(company.phone_book.at_hand())
    }

    #[test]
    fn entries_stand_in_the_order_of_their_names_and_bare_numbers_behind() {
        assert_eq!(found(&index(), ""), [2, 3, 1, 4]);
    }

    #[test]
    fn entries_are_found_by_name_company_address_and_any_number() {
        let found = |pattern: &str| found(&index(), pattern);
        for (pattern, ids) in [
            ("orsted CHL", &[3][..]),
            ("acme", &[2, 3]),
            ("zoe@example", &[1]),
            ("514 555 0001", &[1]),
            ("0006 1234567", &[3]),
            ("5550002", &[4]),
            ("roe acme", &[]),
        ] {
            assert_eq!(found(pattern), ids, "{pattern:?}");
        }
    }

    #[test]
    fn entries_are_found_by_what_a_field_says() {
        let found = |pattern: &str| found(&index(), pattern);
        assert_eq!(found("company:acme !mobile:none"), [3]);
        assert_eq!(found("context:sal"), [1]);
        assert_eq!(found("context:none company:none"), [4]);
        assert_eq!(found("email:zoe"), [1]);
        assert_eq!(found("number:yes"), [1]);
    }
}
