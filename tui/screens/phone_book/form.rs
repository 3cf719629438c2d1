//! The form of an entry of the phone book: every field that the client's own form for contacts has, and its context. The
//! entry itself comes from the index, for the configuration at hand does not hold it.

use std::sync::Arc;

use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, Id as _, PhoneBookEntryId};
use crate::settings::label::context_name;
use crate::settings::phone_book::{EntriesNeeded, EntryDetails, Field as EntryField, PhoneBookEntry};
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::tui::app::{App, ExpectedVersion, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::typed_form::{FormKey, FormSubject};
use crate::tui::widgets::entry::{Entry, Field};

#[derive(Clone)]
pub(in crate::tui::screens) struct EntryModel {
    /// None: a new one.
    id: Option<PhoneBookEntryId>,
    /// What the fields say at first.
    shown: Option<Arc<PhoneBookEntry>>,
    /// As it is stored, where somebody else was faster.
    stored: Option<Arc<PhoneBookEntry>>,
    /// What the options of `context` stand for; None: everyone's.
    contexts: Vec<Option<ContextId>>,
}

impl EntryModel {
    pub(in crate::tui::screens) fn new(app: &App) -> Self {
        Self { id: None, shown: None, stored: None, contexts: contexts(app) }
    }

    pub(in crate::tui::screens) fn of(entry: Arc<PhoneBookEntry>, app: &App) -> Self {
        Self { id: Some(entry.id), shown: Some(entry), stored: None, contexts: contexts(app) }
    }

    /// A new one that says the same at first.
    pub(in crate::tui::screens) fn copy_of(entry: Arc<PhoneBookEntry>, app: &App) -> Self {
        Self { id: None, shown: Some(entry), stored: None, contexts: contexts(app) }
    }
}

fn contexts(app: &App) -> Vec<Option<ContextId>> {
    let contexts = app.configuration.contexts.iter().map(|context| Some(context.id));
    std::iter::once(None).chain(contexts).collect()
}

fn label_and_help(field: EntryField) -> (&'static str, &'static str) {
    const NUMBER: &str = "Digits, +, * or #; blanks, brackets and dashes are left out";
    match field {
        EntryField::FirstName => ("First name", "May be empty; a name or a number is needed"),
        EntryField::LastName => ("Last name", "May be empty"),
        EntryField::Company => ("Company", "Stands for the name where there is none"),
        EntryField::Email => ("E-mail", "Like zoe@example.org; may be empty"),
        EntryField::Number => ("Number", NUMBER),
        EntryField::Mobile => ("Mobile", NUMBER),
        EntryField::Home => ("At home", NUMBER),
        EntryField::Other => ("Other number", NUMBER),
        EntryField::Fax => ("Fax", NUMBER),
    }
}

/// The name that it is told by: of a person or a company, or a number.
fn told_name(fields: &Fields) -> String {
    let text = |field: EntryField| fields.text(field.as_str()).trim().to_owned();
    let full = format!("{} {}", text(EntryField::FirstName), text(EntryField::LastName)).trim().to_owned();
    let numbers = EntryField::ALL.into_iter().filter(|field| field.is_number()).map(text);
    let mut names = [full, text(EntryField::Company)].into_iter().chain(numbers);
    names.find(|name| !name.is_empty()).unwrap_or_default()
}

impl Model for EntryModel {
    fn key(&self) -> Option<FormKey> {
        let shown = self.shown.as_ref().map(|entry| Target { kind: Kind::PhoneBookEntry, id: entry.id.number() });
        Some(match (self.id, shown) {
            (None, Some(source)) => FormKey { subject: FormSubject::Copy(source), within: None },
            _ => FormKey::of(Kind::PhoneBookEntry, self.target()),
        })
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new entry".to_owned() } else { "edit entry".to_owned() }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::PhoneBookEntry, id: id.number() })
    }

    fn expected(&self, _app: &App) -> Option<ExpectedVersion> {
        let version = self.shown.as_ref()?.version;
        self.target().map(|target| ExpectedVersion { target, version })
    }

    fn entries(&self) -> EntriesNeeded {
        EntriesNeeded::These(self.id.into_iter().collect())
    }

    fn note_stored(&mut self, stored: &Configuration) {
        self.stored = self.id.and_then(|id| stored.phone_book.get(id)).cloned();
    }

    fn anew(&self, app: &App) -> Option<Self> {
        self.stored.clone().map(|entry| Self::of(entry, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let text = |field| self.shown.as_ref().map(|entry| entry.details.text(field)).unwrap_or_default();
        let mut fields: Vec<Field> = EntryField::ALL
            .into_iter()
            .map(|field| {
                let (label, help) = label_and_help(field);
                Field::new(field.as_str(), label, help, Entry::text(text(field)))
            })
            .collect();
        let name =
            |id: &Option<ContextId>| id.map_or_else(|| "none: everyone sees it".to_owned(), |id| context_name(c, id));
        let context = self.shown.as_ref().and_then(|entry| entry.context);
        let at = self.contexts.iter().position(|known| *known == context);
        fields.push(Field::new(
            "context",
            "Context",
            "Where contexts are separated, those who see it; or everyone",
            Entry::choice(self.contexts.iter().map(name).collect(), at),
        ));
        fields
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let wrong = EntryField::ALL
            .into_iter()
            .filter_map(|field| fields.parse(field.as_str(), |text| EntryDetails::check(field, text)).err());
        // All of them are read, so that all that is wrong is told.
        if let Some(first) = wrong.collect::<Vec<_>>().into_iter().next() {
            return Err(first);
        }
        let details = EntryDetails::parse(|field| fields.text(field.as_str()))?;
        let context = fields.choose("context", &self.contexts)?;
        match self.id {
            None => {
                c.add_phone_book_entry(details, context)?;
            }
            Some(id) => c.phone_book.edit(id, |entry| (entry.details, entry.context) = (details, context)),
        }
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        match rule {
            Rule::B1 => Some(EntryField::FirstName.as_str()),
            Rule::C3 => Some("context"),
            _ => None,
        }
    }

    fn words(&self, fields: &Fields) -> String {
        let did = if self.id.is_none() { "added" } else { "changed" };
        format!("phone book entry \"{}\" was {did}", told_name(fields))
    }
}
