//! The first entries of the transaction under the cursor, for the detail beside the list. Every frame asks for them: they never
//! change, so they are read once, on a thread beside, and one reading at a time.

use std::rc::Rc;
use std::time::Duration;

use super::ReadEntry;
use crate::settings::id::AuditId;
use crate::store::{AuditEntry, StoreError};
use crate::tui::app::App;
use crate::tui::job::{Job, JobState};

/// More entries than there is room for beside the list.
const DETAIL_ENTRIES: usize = 60;

type EntriesRead = Result<Vec<ReadEntry>, StoreError>;

#[derive(Default)]
pub(super) struct DetailedTransaction {
    known: Option<(AuditId, Rc<[AuditEntry]>)>,
    reading: Option<(AuditId, Job<EntriesRead>)>,
}

impl DetailedTransaction {
    pub(super) fn is_under_way(&self) -> bool {
        self.reading.is_some()
    }

    /// None of them until they are read; and while a change is on its way nothing is read beside it.
    pub(super) fn entries(&mut self, id: AuditId, app: &App) -> Rc<[AuditEntry]> {
        self.take(Duration::ZERO);
        if self.known_of(id).is_none() && self.reading.is_none() && app.under_way().is_none() {
            let store = app.store.clone();
            let reading = Job::start("entries", move |_| store.entries_of(id, None, DETAIL_ENTRIES));
            // Without a thread the list alone is shown.
            self.reading = reading.ok().map(|job| (id, job));
            self.take(app.glance);
        }
        self.known_of(id).map(Rc::clone).unwrap_or_default()
    }

    fn known_of(&self, id: AuditId) -> Option<&Rc<[AuditEntry]>> {
        self.known.as_ref().filter(|(known, _)| *known == id).map(|(_, entries)| entries)
    }

    pub(super) fn take(&mut self, patience: Duration) {
        let Some((id, job)) = &mut self.reading else { return };
        let read = match job.wait(patience) {
            JobState::Working => return,
            JobState::Ended(read) => read.unwrap_or_default(),
            JobState::Lost => Vec::new(),
        };
        self.known = Some((*id, read.into_iter().flatten().collect()));
        self.reading = None;
    }
}
