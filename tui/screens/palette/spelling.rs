//! A slip in what was typed: where nothing has a word, the one that is meant, among the words for places and for what can be
//! done. Names of people and of what is configured are never guessed: who is meant must be typed. Pure.

use std::collections::BTreeSet;

use strsim::osa_distance;

/// Shorter words are too near to one another.
const LETTERS_MIN: usize = 4;
/// From so many letters on two slips are one word's.
const LETTERS_OF_TWO_SLIPS: usize = 7;

/// The words that may be meant, folded.
#[derive(Default)]
pub(super) struct Vocabulary(BTreeSet<String>);

impl Vocabulary {
    pub(super) fn with<'a>(mut self, texts: impl Iterator<Item = &'a str>) -> Self {
        let words = texts.flat_map(|text| text.split(|sign: char| !sign.is_alphanumeric()));
        self.0.extend(words.filter(|word| word.chars().count() >= LETTERS_MIN).map(str::to_owned));
        self
    }

    /// The word that is a slip or two away from this one: a letter wrong, missing, too much, or two that changed places.
    pub(super) fn nearest(&self, typed: &str) -> Option<&str> {
        let letters = typed.chars().count();
        if letters < LETTERS_MIN || typed.bytes().any(|sign| sign.is_ascii_digit()) {
            return None;
        }
        let slips_max = if letters < LETTERS_OF_TWO_SLIPS { 1 } else { 2 };
        let near = self.0.iter().filter(|word| word.chars().count().abs_diff(letters) <= slips_max);
        let near = near.map(|word| (osa_distance(word, typed), word.chars().next() != typed.chars().next(), word));
        near.filter(|(slips, ..)| *slips <= slips_max).min().map(|(.., word)| word.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_or_two_is_seen_through_and_no_more() {
        let known = Vocabulary::default()
            .with(["history, changes", "add a user", "certificates", "disable", "dnd"].into_iter());
        for (typed, meant) in [
            ("histroy", "history"),
            ("hisotry", "history"),
            ("histery", "history"),
            ("certifcates", "certificates"),
            ("certificats", "certificates"),
            ("disbale", "disable"),
            ("usre", "user"),
        ] {
            assert_eq!(known.nearest(typed), Some(meant), "{typed}");
        }
        for typed in ["mystery", "dmd", "hist0ry", "usual", "", "hst"] {
            assert_eq!(known.nearest(typed), None, "{typed}");
        }
    }
}
