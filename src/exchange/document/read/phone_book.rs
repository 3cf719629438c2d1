//! The phone book of a document.

use std::collections::HashMap;

use super::{Claim, Names, Placed, Reading, versioned};
use crate::exchange::document::form;
use crate::settings::id::{ContextId, PhoneBookEntryId};
use crate::settings::label::context_name;
use crate::settings::phone_book::{EntryDetails, Field, PhoneBookEntry};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::table::Table;
use crate::settings::whole::WholeConfiguration;

impl Reading<'_> {
    /// An entry without an id is the one that says the same, if there is one: it has no name of its own.
    pub(super) fn read_phone_book(
        &mut self,
        entries: Vec<Placed<form::PhoneBookEntry>>,
        contexts: &Names<ContextId>,
        current: &WholeConfiguration,
    ) -> Table<PhoneBookEntry> {
        let known: HashMap<(&EntryDetails, Option<String>), PhoneBookEntryId> = current
            .entries()
            .iter()
            .map(|entry| ((&entry.details, entry.context.map(|id| context_name(current, id))), entry.id))
            .collect();
        let claims: Vec<_> = entries
            .iter()
            .map(|Placed { place, form }| {
                let details = form.details().ok();
                let same = details.as_ref().and_then(|details| known.get(&(details, form.context.clone())));
                Claim { place: place.as_str(), said: form.id, known: same.copied() }
            })
            .collect();
        let ids = self.assign("phone_book", &claims, current.entries());
        let mut new = Table::default();
        for (placed, id) in entries.into_iter().zip(ids) {
            if let Some(entry) = self.phone_book_entry(placed, id, contexts) {
                new.put(versioned(current.entries(), entry));
            }
        }
        new.raise_next_number(self.next_ids["phone_book"]);
        new
    }

    pub(super) fn phone_book_entry(
        &mut self,
        Placed { place, form }: Placed<form::PhoneBookEntry>,
        id: PhoneBookEntryId,
        contexts: &Names<ContextId>,
    ) -> Option<PhoneBookEntry> {
        let details = self.take(&place, form.details());
        let context = self.refer_optional(Rule::C3, &place, "context", contexts, form.context.as_deref());
        Some(PhoneBookEntry { id, version: 1, details: details?, context: context? })
    }
}

impl form::PhoneBookEntry {
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
