//! The phone book of a document.

use std::collections::HashMap;

use serde_json::Value;

use super::table::{FromDocument, Goal, ObjectNames, Restorer, back};
use super::{Claim, Names, Placed, Reading, settle};
use crate::exchange::document::form;
use crate::exchange::document::tables::{Documented, Show};
use crate::settings::id::{ContextId, Id, PhoneBookEntryId};
use crate::settings::label::context_name;
use crate::settings::phone_book::{EntryDetails, Field, PhoneBookEntry};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::table::Collection as _;

impl FromDocument for PhoneBookEntry {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        // A document without the list was written before there was a phone book, and says nothing about it.
        let current = reading.current;
        let as_it_is =
            || current.phone_book.at_hand().iter().map(|entry| entry.listed(current, Show::Nothing)).collect();
        let forms = reading.forms(Self::LIST, Some(list.unwrap_or_else(as_it_is)));
        reading.read_phone_book(forms, &names.contexts);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object =
            form.and_then(|form| restorer.reading.phone_book_entry(form, Id::new(goal.id), &restorer.names.contexts));
        back(&mut restorer.reading.new.phone_book, &current.phone_book, object, goal.entry);
    }
}

impl Reading<'_> {
    /// An entry without an id is the one that says the same, if there is one: it has no name of its own.
    pub(super) fn read_phone_book(
        &mut self,
        entries: Vec<Placed<form::PhoneBookEntryForm>>,
        contexts: &Names<ContextId>,
    ) {
        let current = self.current;
        let known: HashMap<(&EntryDetails, Option<String>), PhoneBookEntryId> = current
            .phone_book
            .at_hand()
            .iter()
            .map(|entry| ((&entry.details, entry.context.map(|id| context_name(current, id))), entry.id))
            .collect();
        let claims: Vec<_> = entries
            .iter()
            .map(|Placed { place, form }| {
                let details = form.details().ok();
                let same = details.as_ref().and_then(|details| known.get(&(details, form.context.clone())));
                Claim { place, said: form.id, known: same.copied() }
            })
            .collect();
        let ids = self.assign("phone_book", &claims, current.phone_book.at_hand());
        for (placed, id) in entries.into_iter().zip(ids) {
            if let Some(entry) = self.phone_book_entry(placed, id, contexts) {
                settle(&mut self.new.phone_book, &current.phone_book, entry);
            }
        }
        self.new.phone_book.raise_next_number(self.next_ids["phone_book"]);
    }

    pub(super) fn phone_book_entry(
        &mut self,
        Placed { place, form }: Placed<form::PhoneBookEntryForm>,
        id: PhoneBookEntryId,
        contexts: &Names<ContextId>,
    ) -> Option<PhoneBookEntry> {
        let details = self.take(&place, form.details());
        let context = self.refer_optional(Rule::C3, &place, "context", contexts, form.context.as_deref());
        Some(PhoneBookEntry { id, version: 1, details: details?, context: context? })
    }
}

impl form::PhoneBookEntryForm {
    fn details(&self) -> Result<EntryDetails, Refusal> {
        EntryDetails::parse(|field| {
            let text = match field {
                Field::FirstName => &self.first_name,
                Field::LastName => &self.last_name,
                Field::Number => &self.number,
                Field::Mobile => &self.mobile,
                Field::Email => &self.email,
                Field::Company => &self.company,
                Field::Fax => &self.fax,
                Field::Home => &self.home,
                Field::Other => &self.other,
            };
            text.as_deref().unwrap_or_default()
        })
    }
}
