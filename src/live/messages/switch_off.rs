//! What an administrator wants switched off that a user switched on, and what came of it.

use crate::settings::id::UserUuid;
use crate::settings::profile::Service;

/// Tells one from the others that are under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SwitchOffId(pub(crate) u64);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SwitchOff {
    pub(crate) user: UserUuid,
    /// Those of them that are on.
    pub(crate) services: Vec<Service>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SwitchOffOutcome {
    /// They are off, on disk too.
    Off,
    /// None of them was on.
    NothingOn,
    NoSuchUser,
    /// The disk did not take it: all is as it was.
    NotKept,
}
