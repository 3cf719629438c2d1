//! What waits for all clients together, in bytes: each piece once, however many it waits for, and each slot of a queue.
//! The hub counts in, what is let go counts out by itself; beyond the bound the hub cuts off the fullest.

use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;

/// All that waits for all clients together.
const WAITING_BYTES_OF_ALL_MAX: usize = 128 * 1024 * 1024;
/// What a slot of a queue takes beside the bytes that wait there.
pub(super) const SLOT_BYTES: usize = 128;

/// The sum of this process.
pub(super) static OF_ALL: WaitingSum = WaitingSum::new();

#[derive(Debug)]
pub(super) struct WaitingSum(AtomicUsize);

impl WaitingSum {
    pub(super) const fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// The same bytes, which count until the last that shares them lets them go.
    pub(super) fn counted(&'static self, bytes: Vec<u8>) -> Bytes {
        let counted = Share { sum: self, bytes: bytes.len() };
        self.0.fetch_add(counted.bytes, Ordering::Relaxed);
        Bytes::from_owner(Counted { bytes, _counted: counted })
    }

    /// A slot in each of so many queues; each counts until it is dropped.
    pub(super) fn slots(&'static self, number: usize) -> Vec<Share> {
        self.0.fetch_add(number * SLOT_BYTES, Ordering::Relaxed);
        (0..number).map(|_| Share { sum: self, bytes: SLOT_BYTES }).collect()
    }

    pub(super) fn is_too_much(&self) -> bool {
        self.0.load(Ordering::Relaxed) > WAITING_BYTES_OF_ALL_MAX
    }
}

/// A part of the sum.
#[derive(Debug)]
pub(super) struct Share {
    sum: &'static WaitingSum,
    bytes: usize,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.sum.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

struct Counted {
    bytes: Vec<u8>,
    _counted: Share,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_bytes_count_once_and_until_the_last_lets_go() {
        static SUM: WaitingSum = WaitingSum::new();
        let now = || SUM.0.load(Ordering::Relaxed);
        let bytes = SUM.counted(vec![b'x'; 1000]);
        let (other, slot) = (bytes.clone(), SUM.slots(1));
        assert_eq!((now(), &other[..3]), (1000 + SLOT_BYTES, &b"xxx"[..]));
        drop((bytes, slot));
        assert_eq!(now(), 1000);
        drop(other);
        assert_eq!(now(), 0);
        let _all = SUM.counted(vec![b'x'; WAITING_BYTES_OF_ALL_MAX]);
        assert!(!SUM.is_too_much());
        let _more = SUM.slots(1);
        assert!(SUM.is_too_much());
    }
}
