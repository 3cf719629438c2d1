//! The transactions of the history that are opened, and the entries of them that were read: page by page, each on a thread
//! beside. The screen opens, closes and looks after them; nothing here draws.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use super::ReadEntry;
use crate::settings::fold::fold;
use crate::settings::id::AuditId;
use crate::store::{Store, StoreError};
use crate::tui::job::{Job, JobState};
use crate::tui::natural;

/// Entries of an opened transaction that are read at once.
const ENTRIES_PAGE: usize = 500;

/// One entry of an opened transaction.
pub(super) struct OpenEntry {
    pub(super) id: AuditId,
    read: ReadEntry,
    /// In words, folded.
    pub(super) text: String,
}

pub(super) struct OpenTransaction {
    /// By their words, as people look for one.
    pub(super) entries: Vec<OpenEntry>,
    /// The last that was read.
    behind: Option<AuditId>,
    /// Entries that were not read.
    pub(super) more: usize,
    reading: Option<Job<Result<Vec<ReadEntry>, StoreError>>>,
}

#[derive(Default)]
pub(super) struct OpenTransactions(BTreeMap<AuditId, OpenTransaction>);

impl OpenTransactions {
    pub(super) fn get(&self, id: AuditId) -> Option<&OpenTransaction> {
        self.0.get(&id)
    }

    pub(super) fn is_open(&self, id: AuditId) -> bool {
        self.0.contains_key(&id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn entry(&self, of: AuditId, id: AuditId) -> Option<&ReadEntry> {
        self.get(of)?.entries.iter().find(|entry| entry.id == id).map(|entry| &entry.read)
    }

    /// One of so many entries, none of which is read yet.
    pub(super) fn open(&mut self, id: AuditId, number: usize) {
        self.0.insert(id, OpenTransaction { entries: Vec::new(), behind: None, more: number, reading: None });
    }

    /// Whether it was open.
    pub(super) fn close(&mut self, id: AuditId) -> bool {
        self.0.remove(&id).is_some()
    }

    pub(super) fn close_all(&mut self) {
        self.0.clear();
    }

    /// Begins to read the next page of its entries, unless that is done already.
    pub(super) fn read_more(&mut self, of: AuditId, store: &Store) -> io::Result<()> {
        let Some(opened) = self.0.get_mut(&of).filter(|opened| opened.reading.is_none()) else { return Ok(()) };
        let (store, behind) = (store.clone(), opened.behind);
        opened.reading = Some(Job::start("entries", move |_| store.entries_of(of, behind, ENTRIES_PAGE))?);
        Ok(())
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.0.values().any(|opened| opened.reading.is_some())
    }

    /// Takes what was read, if anything is there within so long; why not, where a reading failed.
    pub(super) fn take(&mut self, patience: Duration) -> Option<Result<(), String>> {
        let taken = self.0.values_mut().filter_map(|opened| opened.take(patience));
        taken.reduce(Result::and)
    }
}

impl OpenTransaction {
    fn take(&mut self, patience: Duration) -> Option<Result<(), String>> {
        let outcome = match self.reading.as_mut()?.wait(patience) {
            JobState::Working => return None,
            JobState::Ended(Ok(entries)) => {
                self.more = if entries.len() < ENTRIES_PAGE { 0 } else { self.more.saturating_sub(entries.len()) };
                self.put(entries);
                Ok(())
            }
            JobState::Ended(Err(error)) => Err(error.to_string()),
            JobState::Lost => Err("reading the changes ended unexpectedly".to_owned()),
        };
        self.reading = None;
        Some(outcome)
    }
}

impl OpenTransaction {
    fn put(&mut self, entries: Vec<ReadEntry>) {
        self.entries.extend(entries.into_iter().map(OpenEntry::of));
        self.behind = self.entries.iter().map(|entry| entry.id).max();
        self.entries.sort_by(|one, other| natural::compare(&one.text, &other.text).then(one.id.cmp(&other.id)));
    }
}

impl OpenEntry {
    fn of(read: ReadEntry) -> Self {
        let (id, words) = match &read {
            Ok(entry) => (entry.id, entry.recorded().describe()),
            Err(damaged) => (damaged.id, damaged.to_string()),
        };
        Self { id, text: fold(&words), read }
    }
}
