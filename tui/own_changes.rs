//! How many changes this console has made: the app counts them, and lists that wait for what is made here look at it, wherever
//! they are.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, Clone, Default)]
pub(super) struct OwnChanges(Arc<AtomicU64>);

impl OwnChanges {
    pub(super) fn number(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(super) fn count_one(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
