//! Colours of presences and phone hints, always `#RRGGBB` (rule P6); short hex and common names are taken and expanded.

use std::fmt;

use super::rule::{Refusal, Rule};
use super::rule_target::RuleTarget;
use super::target_kind::TargetKind;
use super::violation::Violation;

/// Red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Color(pub(crate) u8, pub(crate) u8, pub(crate) u8);

/// The colour names that are taken: the sixteen of HTML 4 and `orange`.
pub(crate) const NAMED: [(&str, Color); 18] = [
    ("black", Color(0, 0, 0)),
    ("silver", Color(0xC0, 0xC0, 0xC0)),
    ("gray", Color(0x80, 0x80, 0x80)),
    ("grey", Color(0x80, 0x80, 0x80)),
    ("white", Color(0xFF, 0xFF, 0xFF)),
    ("maroon", Color(0x80, 0, 0)),
    ("red", Color(0xFF, 0, 0)),
    ("purple", Color(0x80, 0, 0x80)),
    ("fuchsia", Color(0xFF, 0, 0xFF)),
    ("green", Color(0, 0x80, 0)),
    ("lime", Color(0, 0xFF, 0)),
    ("olive", Color(0x80, 0x80, 0)),
    ("yellow", Color(0xFF, 0xFF, 0)),
    ("navy", Color(0, 0, 0x80)),
    ("blue", Color(0, 0, 0xFF)),
    ("teal", Color(0, 0x80, 0x80)),
    ("aqua", Color(0, 0xFF, 0xFF)),
    ("orange", Color(0xFF, 0xA5, 0)),
];

impl Color {
    /// Takes `#RRGGBB`, `#RGB` or a name of `NAMED`, in any case of letters; else rule P6 is named.
    pub(crate) fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let named = NAMED.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, color)| *color);
        named.or_else(|| text.strip_prefix('#').and_then(hex)).ok_or_else(|| {
            let form = Violation::must_be("`#RRGGBB`, `#RGB` or one of the 17 names like `green`");
            Refusal::new(Rule::P6, RuleTarget::text(TargetKind::Color, text), form)
        })
    }
}

fn hex(digits: &str) -> Option<Color> {
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    match digits.len() {
        6 => Some(Color(red, green, blue)),
        3 => Some(Color((green & 0x0F) * 17, (blue >> 4) * 17, (blue & 0x0F) * 17)),
        _ => None,
    }
}

impl fmt::Display for Color {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colors_are_expanded_and_shown_in_one_form() {
        for (input, expected) in [("#9bc920", "#9BC920"), ("#F0a", "#FF00AA"), ("Orange", "#FFA500")] {
            assert_eq!(Color::parse(input).expect(input).to_string(), expected);
        }
    }

    #[test]
    fn anything_else_names_rule_p6() {
        for input in ["", "#", "#12", "#12345", "#1234567", "#GGGGGG", "chartreuse-ish", "9BC920", "#+12345"] {
            assert_eq!(Color::parse(input).expect_err(input).rule, Rule::P6);
        }
    }
}
