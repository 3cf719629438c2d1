//! Notices that many ask for at different times: spelled once, up to the stamp, which each line has of its own. `live`
//! makes and keeps them, the hub writes them.

use std::ops::Deref;
use std::sync::Arc;

use super::{Stamp, write_head, write_line};
use crate::observe::work::spend;
use crate::protocol::notice::Notice;

/// A notice with its line.
#[derive(Debug)]
pub(crate) struct SharedNotice {
    notice: Notice,
    /// Up to the stamp.
    head: Box<[u8]>,
}

impl SharedNotice {
    pub(crate) fn new(notice: Notice) -> Self {
        let mut head = Vec::with_capacity(super::LINE_BYTES_USUAL);
        write_head(&notice, &mut head);
        spend(head.len());
        Self { notice, head: head.into() }
    }

    /// About what it holds, with its place among others: what it says as a value takes as much as its line.
    pub(crate) fn held_bytes(&self) -> usize {
        2 * size_of::<Self>() + 2 * self.head.len()
    }

    fn write_line(&self, stamp: &Stamp, lines: &mut Vec<u8>) {
        let before = lines.len();
        lines.extend_from_slice(&self.head);
        stamp.end_line(lines);
        spend(lines.len() - before);
    }
}

/// A notice that is this receiver's alone, or one that others are told too. Where it comes from makes no difference to
/// what it says.
#[derive(Debug, Clone)]
pub(crate) enum AnyNotice {
    Own(Notice),
    Shared(Arc<SharedNotice>),
}

impl AnyNotice {
    /// The line alone.
    #[cfg(any(test, feature = "measure"))]
    pub(crate) fn line(&self, unix_time: f64) -> Vec<u8> {
        let mut line = Vec::new();
        self.write_line(&Stamp::new(unix_time), &mut line);
        line
    }

    /// Writes the line behind what `lines` holds.
    pub(crate) fn write_line(&self, stamp: &Stamp, lines: &mut Vec<u8>) {
        match self {
            Self::Own(notice) => write_line(notice, stamp, lines),
            Self::Shared(shared) => shared.write_line(stamp, lines),
        }
    }
}

impl Deref for AnyNotice {
    type Target = Notice;

    fn deref(&self) -> &Notice {
        match self {
            Self::Own(notice) => notice,
            Self::Shared(shared) => &shared.notice,
        }
    }
}

impl Deref for SharedNotice {
    type Target = Notice;

    fn deref(&self) -> &Notice {
        &self.notice
    }
}

impl PartialEq for AnyNotice {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl From<Notice> for AnyNotice {
    fn from(notice: Notice) -> Self {
        Self::Own(notice)
    }
}
