//! How previews of imports count the lines of a file that are not taken, and whether they show those alone; what of a
//! preview stays when its file is read again.

use std::collections::BTreeSet;

use crate::settings::name::ContextName;
use crate::settings::rule::count;

/// `1 line is not good`, `3 lines are not good`.
pub(super) fn not_good(number: usize) -> String {
    format!("{} {} not good", count(number, "line"), if number == 1 { "is" } else { "are" })
}

/// Which lines a preview shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum ShownLines {
    #[default]
    All,
    BadLines,
}

impl ShownLines {
    pub(super) fn other(self) -> Self {
        if self == Self::All { Self::BadLines } else { Self::All }
    }
}

/// What is kept of a preview whose file is read again.
#[derive(Debug, Clone, Default)]
pub(super) struct KeptView {
    /// Contexts that only the file had and that were to be added before.
    pub(super) proposed: BTreeSet<ContextName>,
    pub(super) shown: ShownLines,
}
