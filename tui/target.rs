//! An object of the configuration, as places and forms speak of it.

use crate::settings::table::Kind;

/// An object that a place can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) kind: Kind,
    pub(crate) id: i64,
}
