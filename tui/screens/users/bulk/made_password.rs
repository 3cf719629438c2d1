//! A password that was made for a user: `passwords` makes and stores it, `made_list` shows it once.

use crate::settings::id::{Id as _, UserId};
use crate::settings::password::{Password, PasswordHash};
use crate::settings::table::Kind;
use crate::tui::typed_form::{FormKey, FormSubject};

/// What is asked about again.
pub(super) const WHAT: &str = "made passwords";

/// A password that was made for somebody, and what is stored of it.
pub(super) struct MadePassword {
    pub(super) user: UserId,
    pub(super) password: Password,
    pub(super) hash: PasswordHash,
}

/// By which they are told of at the next start, where the line was cut while they were shown.
pub(in crate::tui::screens::users) fn key(users: &[UserId]) -> FormKey {
    let ids = users.iter().map(|user| user.number()).collect();
    FormKey { subject: FormSubject::Several(Kind::User, WHAT.to_owned(), ids), within: None }
}
