//! A line of a file that names something that is not there: what is told of it, the same in every import. Called by
//! `user_import` and `phone_book`.

use strsim::osa_distance;

use crate::settings::fold::fold;
use crate::settings::violation::Violation;

/// More of those that there are nobody reads.
const TOLD: usize = 6;
/// In so many letters one may be wrong.
const LETTERS_OF_A_SLIP: usize = 3;

/// With some of those that there are, and the one that is spelled almost so.
pub(super) fn names_nothing<'a>(what: &'static str, name: &str, there: impl Iterator<Item = &'a str>) -> Violation {
    let there: Vec<&str> = there.collect();
    let nearest = nearest(name, &there).map(str::to_owned);
    let mut told: Vec<String> = there.iter().take(TOLD + 1).map(|name| (*name).to_owned()).collect();
    if told.len() > TOLD {
        "…".clone_into(&mut told[TOLD]);
    }
    Violation::NamesNothing { what, name: Some(name.to_owned()), nearest, there: told }
}

/// In any case of letters, with or without accents.
fn nearest<'a>(name: &str, there: &[&'a str]) -> Option<&'a str> {
    let name = fold(name.trim());
    let slips_max = name.chars().count() / LETTERS_OF_A_SLIP;
    let near = there.iter().map(|known| (osa_distance(&name, &fold(known)), *known));
    let near = near.filter(|(slips, _)| *slips <= slips_max).min_by_key(|(slips, _)| *slips);
    near.map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_seen_through() {
        let there = ["Supervisor", "Agent", "Client", "IT"];
        for (name, meant) in [("Cleint", Some("Client")), ("client", Some("Client")), ("agents", Some("Agent"))] {
            assert_eq!(nearest(name, &there), meant, "{name}");
        }
        for name in ["", "Clerk", "Reception", "I"] {
            assert_eq!(nearest(name, &there), None, "{name}");
        }
    }
}
