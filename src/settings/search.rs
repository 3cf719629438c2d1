//! What somebody types to find people: a part of a name or an address, or a number in any way in which people write one.
//! `live` looks through its index by it, `command` and `tui` through their lists.

use super::fold::{fold, is_invisible};
use super::phone_number::{PhoneNumber, WrittenNumber, ascii_digit, is_between};

/// The fewest digits that are looked for without the zero, or the country's code, in front of them.
const DIGITS_OF_A_NUMBER: usize = 6;
/// The digits of a country's code.
const DIGITS_OF_A_COUNTRY: std::ops::RangeInclusive<usize> = 1..=3;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SearchPattern {
    /// Folded.
    text: String,
    /// As parts of a number that is kept as it is dialled; none if the text is no number.
    parts: Vec<String>,
    /// Whole numbers, for those that are kept without the country's code that was typed.
    wholes: Vec<String>,
}

impl SearchPattern {
    pub(crate) fn of(text: &str) -> Self {
        let mut pattern = Self { text: fold(text.trim()), ..Self::default() };
        let Some(dialled) = dialled(text) else { return pattern };
        let core = dialled.trim_start_matches('+').trim_start_matches('0').to_owned();
        let is_international = dialled.starts_with('+') || dialled.starts_with("00");
        for digits in DIGITS_OF_A_COUNTRY.filter(|_| is_international) {
            if let Some(national) = core.get(digits..).filter(|national| national.len() > DIGITS_OF_A_NUMBER) {
                pattern.wholes.extend([national.to_owned(), format!("0{national}")]);
            }
        }
        if core.len() >= DIGITS_OF_A_NUMBER && core != dialled {
            pattern.parts.push(core);
        } else {
            pattern.parts.push(dialled);
        }
        pattern
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether it is a part of this text, which is folded.
    pub(crate) fn is_in(&self, folded: &str) -> bool {
        !self.is_empty() && folded.contains(&self.text)
    }

    /// Whether it is in this number, however that is written.
    pub(crate) fn is_in_number(&self, written: &str) -> bool {
        if self.is_in(&fold(written)) {
            return true;
        }
        let Some(number) = dialled(written).filter(|_| !self.parts.is_empty()) else { return false };
        self.parts.iter().any(|part| number.contains(part)) || self.wholes.contains(&number)
    }

    /// What to look for in a text that has all that is known of somebody, folded, numbers as they are dialled, a
    /// `separator` behind each.
    pub(crate) fn needles(&self, separator: char) -> Vec<String> {
        let wholes = self.wholes.iter().map(|whole| format!("{separator}{whole}{separator}"));
        let mut needles: Vec<String> =
            [self.text.clone()].into_iter().chain(self.parts.iter().cloned()).chain(wholes).collect();
        needles.retain(|needle| !needle.is_empty());
        needles.dedup();
        needles
    }
}

/// A number, or the part of one, as it is dialled; None for a text that is none.
fn dialled(text: &str) -> Option<String> {
    let signs = || text.chars().filter(|sign| !is_invisible(*sign)).map(ascii_digit);
    let is_number = signs().all(|sign| sign.is_ascii_digit() || "+*#".contains(sign) || is_between(sign));
    if !is_number || !signs().any(|sign| sign.is_ascii_digit()) {
        return None;
    }
    match PhoneNumber::read(text) {
        Ok(Some(WrittenNumber { number, left_out: None })) => Some(number.to_string()),
        _ => Some(signs().filter(|sign| !is_between(*sign)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_they_are_written() {
        for (kept, patterns) in [
            (
                "+15145550301",
                &[
                    "5145550301",
                    "514 555-0301",
                    "(514) 555-0301",
                    "+1 514 555 0301",
                    "0514 5550301",
                    "001 514 5550301",
                    "555 03",
                ][..],
            ),
            ("+49305550303", &["+49 30 5550303", "+49 (0)30 5550303", "030/5550303", "0049 30 5550303", "30 555"]),
            ("0305550303", &["+49 30 5550303", "0049305550303", "030-555"]),
            ("5145550301", &["+1 514 555 0301", "\u{202a}514\u{2011}555\u{202c}"]),
            ("+1 (514) 555-0777", &["5145550777", "5550777", "+1514555", "(514)"]),
        ] {
            for pattern in patterns {
                assert!(SearchPattern::of(pattern).is_in_number(kept), "{pattern:?} in {kept:?}");
            }
        }
        for (kept, pattern) in
            [("2101", "0102"), ("5145550301", "555-0302"), ("0305550304", "+49 30 5550303"), ("1", "x")]
        {
            assert!(!SearchPattern::of(pattern).is_in_number(kept), "{pattern:?} in {kept:?}");
        }
        assert!(!SearchPattern::of("").is_in_number("1"));
    }

    #[test]
    fn names_are_found_whatever_apostrophe_they_have() {
        for (name, pattern) in
            [("D\u{2019}Arcy", "D'Arcy"), ("O'Brien", "o\u{2019}brien"), ("Jean\u{2011}Luc", "jean-luc")]
        {
            assert!(SearchPattern::of(pattern).is_in(&fold(name)), "{pattern:?}");
        }
        assert_eq!(SearchPattern::of("anna").needles('\n'), ["anna"]);
        assert_eq!(SearchPattern::of("1001").needles('\n'), ["1001"]);
        assert_eq!(SearchPattern::of(" ").needles('\n'), [""; 0]);
    }
}
