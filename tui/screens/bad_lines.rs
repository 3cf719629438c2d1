//! How previews of imports count the lines of a file that are not taken, and whether they show those alone.

use crate::settings::rule::count;

/// `1 line is not good`, `3 lines are not good`.
pub(super) fn not_good(number: usize) -> String {
    format!("{} {} not good", count(number, "line"), if number == 1 { "is" } else { "are" })
}

/// Which lines a preview shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShownLines {
    All,
    BadLines,
}

impl ShownLines {
    pub(super) fn other(self) -> Self {
        if self == Self::All { Self::BadLines } else { Self::All }
    }
}
