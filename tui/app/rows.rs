//! The rows of a list that a change would be about, as every screen says them.

use crate::settings::id::Id;
use crate::settings::table::Kind;

/// What the rows of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum RowsOf {
    Objects(Kind),
    Sessions,
}

/// Those that a change would be about: what is marked, else what the cursor is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct Rows {
    pub(in crate::tui) of: RowsOf,
    pub(in crate::tui) ids: Vec<i64>,
}

impl Rows {
    /// What the cursor is on.
    pub(in crate::tui) fn chosen(kind: Kind, id: Option<impl Id>) -> Option<Self> {
        Some(Self { of: RowsOf::Objects(kind), ids: vec![id?.number()] })
    }
}
