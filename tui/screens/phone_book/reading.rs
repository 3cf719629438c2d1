//! The reading of the phone book, off the thread that draws: all entries once, later those that changed. What it needs for
//! that goes from job to job; the screen starts one whenever the configuration is another.

use std::io;

use super::index::EntryIndex;
use crate::settings::whole::WholeConfiguration;
use crate::store::{Store, StoreError, Watcher};
use crate::tui::job::Job;

/// What was read last, and how to hear of what came since.
pub(super) struct Reader {
    watcher: Watcher,
    known: WholeConfiguration,
}

/// What a job brings back.
pub(super) struct Read {
    /// None: the first reading failed, the next one begins anew.
    pub(super) reader: Option<Reader>,
    /// None: no entry is another.
    pub(super) outcome: Result<Option<EntryIndex>, StoreError>,
}

/// Reads what is new, or all where nothing was read yet.
pub(super) fn start(reader: Option<Reader>, store: &Store) -> io::Result<Job<Read>> {
    let store = store.clone();
    Job::start("phone book", move |_| match reader {
        Some(reader) => reader.look(),
        None => first(&store),
    })
}

fn first(store: &Store) -> Read {
    // The watcher before what it watches: nothing is missed.
    let read = Watcher::new(store).and_then(|watcher| Ok(Reader { watcher, known: store.whole_configuration()? }));
    match read {
        Ok(reader) => Read { outcome: Ok(Some(EntryIndex::new(reader.known.entries()))), reader: Some(reader) },
        Err(error) => Read { reader: None, outcome: Err(error) },
    }
}

impl Reader {
    fn look(mut self) -> Read {
        let outcome = self.watcher.poll_whole(&self.known).map(|new| {
            let new = new?;
            let is_same = new.entries().is_same(self.known.entries());
            self.known = new;
            (!is_same).then(|| EntryIndex::new(self.known.entries()))
        });
        Read { reader: Some(self), outcome }
    }
}
