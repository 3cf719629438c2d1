//! The phone book as its place shows it: all entries in order of their names, each with the text that a filter looks into,
//! one behind the other in one piece of memory, and their order by each other column, so that a key costs a walk along it and
//! nothing else. Made on a thread of its own by `reading`, never changed afterwards.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::settings::fold::fold;
use crate::settings::id::{ContextId, PhoneBookEntryId};
use crate::settings::phone_book::{EntryDetails, Field as EntryField, PhoneBookEntry};
use crate::settings::table;
use crate::tui::filter::{Folded, SEPARATOR};
use crate::tui::natural;
use crate::tui::widgets::columns::{Candidate, ColumnDesign, TableColumn};
use crate::tui::widgets::heads::{Sort, SortKey};

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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EntryColumn {
    Name,
    Number,
    Mobile,
    Company,
}

impl TableColumn for EntryColumn {
    const ALL: &'static [Self] = &[Self::Name, Self::Number, Self::Mobile, Self::Company];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Name => ColumnDesign::new("name", 25),
            Self::Number => ColumnDesign::new("number", 16),
            Self::Mobile => ColumnDesign::new("mobile", 16),
            Self::Company => ColumnDesign::new("company", 17),
        }
    }
}

impl EntryColumn {
    /// None: the name, which is made of several.
    fn field(self) -> Option<EntryField> {
        match self {
            Self::Name => None,
            Self::Number => Some(EntryField::Number),
            Self::Mobile => Some(EntryField::Mobile),
            Self::Company => Some(EntryField::Company),
        }
    }

    pub(super) fn text(self, details: &EntryDetails) -> String {
        self.field().map_or_else(|| details.shown_name(), |field| details.text(field).to_owned())
    }
}

pub(super) struct EntryIndex {
    entries: table::Table<PhoneBookEntry>,
    /// In order.
    places: Vec<Place>,
    texts: String,
    columns: Vec<Candidate<EntryColumn>>,
    /// By each column, in their order.
    orders: Vec<ColumnOrder>,
}

/// All entries, rising by what stands in one column.
struct ColumnOrder {
    rows: Vec<EntryRow>,
    /// So many of them, the first ones, have anything there.
    with_anything: usize,
}

/// One entry, and where its text ends; it begins where that of the one before ends.
struct Place {
    id: PhoneBookEntryId,
    context: Option<ContextId>,
    end: usize,
}

/// The folded name of each context.
pub(super) type ContextNames = BTreeMap<ContextId, String>;

impl Default for EntryIndex {
    fn default() -> Self {
        let (places, texts, orders) = (Vec::new(), String::new(), Vec::new());
        Self { entries: table::Table::default(), places, texts, columns: columns(), orders }
    }
}

fn columns() -> Vec<Candidate<EntryColumn>> {
    EntryColumn::ALL.iter().map(|column| Candidate::of(*column)).collect()
}

impl EntryIndex {
    pub(super) fn new(entries: &table::Table<PhoneBookEntry>) -> Self {
        let mut order: Vec<(bool, String, &PhoneBookEntry)> = Vec::with_capacity(entries.len());
        let mut columns = columns();
        for entry in entries.iter() {
            let details = &entry.details;
            let name = details.shown_name();
            for Candidate { column, width, .. } in &mut columns {
                width.holds(column.field().map_or(name.as_str(), |field| details.text(field)));
            }
            // Bare numbers behind those that have a name.
            order.push((name.is_empty(), fold(&name), entry));
        }
        order.sort_unstable_by(|(own, name, entry), (other, other_name, other_entry)| {
            let (number, other_number) =
                (entry.details.text(EntryField::Number), other_entry.details.text(EntryField::Number));
            let by_name = own.cmp(other).then_with(|| natural::compare(name, other_name));
            by_name.then_with(|| (number, entry.id).cmp(&(other_number, other_entry.id)))
        });
        let (mut texts, mut places) = (String::new(), Vec::with_capacity(order.len()));
        for (_, name, entry) in order {
            put_text(&mut texts, &name, &entry.details);
            places.push(Place { id: entry.id, context: entry.context, end: texts.len() });
        }
        let mut index = Self { entries: entries.clone(), places, texts, columns, orders: Vec::new() };
        index.orders = EntryColumn::ALL.iter().map(|column| index.order(*column)).collect();
        index
    }

    /// The names are in order already.
    fn order(&self, column: EntryColumn) -> ColumnOrder {
        let part = column.field().and_then(|field| PARTS.iter().position(|known| *known == field));
        let part = part.map_or(0, |part| 1 + part);
        let key = |row: EntryRow| self.text(row.place).split(SEPARATOR).nth(part).unwrap_or_default();
        let mut keyed: Vec<(SortKey<'_>, EntryRow)> = self.rows().map(|row| (SortKey::folded(key(row)), row)).collect();
        if column != EntryColumn::Name {
            keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        let with_anything = keyed.iter().filter(|(key, _)| *key != SortKey::Nothing).count();
        ColumnOrder { rows: keyed.into_iter().map(|(_, row)| row).collect(), with_anything }
    }

    /// All of them in that order.
    pub(super) fn sorted(&self, sort: Sort<EntryColumn>) -> Vec<EntryRow> {
        let at = EntryColumn::ALL.iter().position(|column| *column == sort.column());
        let order = at.and_then(|at| self.orders.get(at));
        order.map_or_else(Vec::new, |order| sort.turn(&order.rows, order.with_anything))
    }

    pub(super) fn get(&self, id: PhoneBookEntryId) -> Option<&Arc<PhoneBookEntry>> {
        self.entries.get(id)
    }

    /// The number that the next new entry gets.
    pub(super) fn next_number(&self) -> i64 {
        self.entries.next_number()
    }

    /// What the columns of the table hold.
    pub(super) fn columns(&self) -> &[Candidate<EntryColumn>] {
        &self.columns
    }

    /// The row of an entry, to be chosen in a list.
    pub(super) fn row(id: PhoneBookEntryId) -> EntryRow {
        EntryRow { place: usize::MAX, id }
    }

    /// All of them in order.
    pub(super) fn rows(&self) -> impl Iterator<Item = EntryRow> {
        self.places.iter().enumerate().map(|(place, at)| EntryRow { place, id: at.id })
    }

    /// What is looked into.
    pub(super) fn searched(&self, row: EntryRow) -> Folded<'_> {
        Folded::known(self.text(row.place))
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

    /// Whom a filter finds, by their ids.
    fn found(index: &EntryIndex, pattern: &str) -> Vec<i64> {
        let contexts = ContextNames::from([(ContextId::new(2), "sales".to_owned())]);
        let mut filter = Filter::new(FIELDS);
        filter.press(Key::char('/'));
        filter.paste(pattern);
        let has = |row, name, value: &str| Folded::known(index.field(row, name, &contexts)).says(value);
        filter.sift(index.rows(), |row| index.searched(row), has).iter().map(|row| row.id.number()).collect()
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
