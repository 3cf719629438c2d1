//! A password that was made for a user: `passwords` makes and stores it, `made_list` shows it once.

use crate::settings::id::UserId;
use crate::settings::password::{Password, PasswordHash};

/// A password that was made for somebody, and what is stored of it.
pub(super) struct MadePassword {
    pub(super) user: UserId,
    pub(super) password: Password,
    pub(super) hash: PasswordHash,
}
