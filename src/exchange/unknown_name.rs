//! A line of a file that names something that is not there: what is told of it, the same in every import. Called by
//! `user_import` and `phone_book`.

use crate::settings::violation::Violation;

/// More of those that there are nobody reads.
const TOLD: usize = 6;

/// With some of those that there are. `name` is left out where it may be a secret in a wrong column.
pub(super) fn names_nothing<'a>(
    what: &'static str,
    name: Option<&str>,
    there: impl Iterator<Item = &'a str>,
) -> Violation {
    let mut told: Vec<String> = there.take(TOLD + 1).map(str::to_owned).collect();
    if told.len() > TOLD {
        "…".clone_into(&mut told[TOLD]);
    }
    Violation::NamesNothing { what, name: name.map(str::to_owned), there: told }
}
