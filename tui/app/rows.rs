//! The rows of a list that a change would be about, as every screen says them.

use crate::settings::id::Id;
use crate::settings::table::Kind;

/// What the rows of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum RowsOf {
    Objects(Kind),
    Sessions,
}

/// Those that a change would be about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct Rows {
    pub(in crate::tui) of: RowsOf,
    pub(in crate::tui) ids: Vec<i64>,
    /// Whether marks say which; else the cursor does.
    pub(in crate::tui) is_by_marks: bool,
}

impl Rows {
    /// What the cursor is on.
    pub(in crate::tui) fn chosen(kind: Kind, id: Option<impl Id>) -> Option<Self> {
        Some(Self::at_cursor(RowsOf::Objects(kind), id?.number()))
    }

    pub(in crate::tui) fn at_cursor(of: RowsOf, id: i64) -> Self {
        Self { of, ids: vec![id], is_by_marks: false }
    }

    /// All that are marked, else what the cursor is on.
    pub(in crate::tui) fn meant(of: RowsOf, ids: Vec<i64>) -> Self {
        Self { of, ids, is_by_marks: true }
    }
}
