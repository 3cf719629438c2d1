//! The table of users that XiVO's user import took (settings §8), in and out: what its columns mean, what becomes of each
//! line, the adding and changing of users. `command` and `tui` read the file, show the plan, ask and write; nothing here
//! does.
//!
//! In four steps: `UserTable::read`; `Plan::of` with the configuration that is there; `Plan::hashed`, which takes its time
//! and so comes before the transaction; in it `Plan::applied`, which plans again with what is there then.

mod addition;
mod apply;
mod change;
mod column;
mod known;
mod plan;
mod table;
#[cfg(test)]
mod tests;
mod told;
#[cfg(test)]
mod told_tests;
#[cfg(test)]
mod update_tests;
mod write;

use std::num::NonZeroUsize;

use crate::settings::id::UserUuid;

pub(crate) use apply::Hashes;
pub(crate) use plan::{Existing, LineOutcome, Plan, PlannedLine};
pub(crate) use table::{USER_TABLE_BYTES_MAX, UserTable, UserTableError};
pub(crate) use write::write;

/// What this room does not have of its own: chance, and how many threads may hash.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Means {
    /// Another one each time, for users whose line names none.
    pub(crate) uuid: fn() -> UserUuid,
    /// Another one each time, one a password.
    pub(crate) salt: fn() -> [u8; 16],
    pub(crate) threads: NonZeroUsize,
}
