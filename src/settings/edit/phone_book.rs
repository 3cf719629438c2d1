//! Edits of the phone book: entries come, change and go; one that says what another one says is not added twice by an
//! import.

use std::collections::HashSet;

use super::{existing, removable};
use crate::settings::configuration::Configuration;
use crate::settings::id::{ContextId, PhoneBookEntryId};
use crate::settings::phone_book::{EntryDetails, PhoneBookEntry};
use crate::settings::rule::Refusal;
use crate::settings::table::Collection;
use crate::settings::whole::WholeConfiguration;

removable! {
    PhoneBookEntry: remove_phone_book_entry,
}

impl Configuration {
    /// Without a context it is everyone's.
    pub(crate) fn add_phone_book_entry(
        &mut self,
        details: EntryDetails,
        context: Option<ContextId>,
    ) -> Result<PhoneBookEntryId, Refusal> {
        if let Some(context) = context {
            existing(&self.contexts, context)?;
        }
        Ok(self.phone_book.add(|id| PhoneBookEntry { id, version: 1, details, context }))
    }

    /// One that is at hand.
    pub(crate) fn remove_phone_book_entry(&mut self, id: PhoneBookEntryId) -> Result<(), Refusal> {
        existing(self.phone_book.at_hand(), id)?;
        self.phone_book.remove(id);
        Ok(())
    }
}

impl WholeConfiguration {
    /// Adds those that are not there yet, word for word in the same context; how many that were.
    pub(crate) fn add_phone_book_entries(
        &mut self,
        entries: Vec<(EntryDetails, Option<ContextId>)>,
    ) -> Result<usize, Refusal> {
        let known = self.entries().iter().map(|entry| (entry.details.clone(), entry.context));
        let mut known: HashSet<(EntryDetails, Option<ContextId>)> = known.collect();
        let before = self.phone_book.len();
        for (details, context) in entries {
            if known.insert((details.clone(), context)) {
                self.add_phone_book_entry(details, context)?;
            }
        }
        Ok(self.phone_book.len() - before)
    }
}
