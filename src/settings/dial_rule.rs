//! Dial rules: how a number becomes what the dial plan wants, as `+33 1 23…` out of a phone book. They stand in an order; the
//! first whose prefix and context fit a number counts.

use super::id::{ContextId, DialRuleId};
use super::name::DialDigits;
use super::table::object;

/// Rule N1: so many characters can be taken off a number.
pub(crate) const STRIP_MAX: u8 = 40;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DialRule {
    pub(crate) id: DialRuleId,
    pub(crate) version: u32,
    /// Among all rules, from 1; gaps are where one was removed.
    pub(crate) position: u32,
    /// What the number begins with; empty: any number.
    pub(crate) prefix: DialDigits,
    /// So many characters are taken off its beginning.
    pub(crate) strip: u8,
    /// And this is put there.
    pub(crate) add: DialDigits,
    /// Where the caller is; None: anywhere.
    pub(crate) context: Option<ContextId>,
}

impl DialRule {
    /// Whether it counts for a number that is dialled from there, unless an earlier one does.
    pub(crate) fn fits(&self, number: &str, context: Option<ContextId>) -> bool {
        number.starts_with(self.prefix.as_str()) && (self.context.is_none() || self.context == context)
    }

    /// What is dialled for a number that it fits; `number` has digits, `+`, `*` and `#` alone.
    pub(crate) fn apply(&self, number: &str) -> String {
        let rest: String = number.chars().skip(self.strip.into()).collect();
        format!("{}{rest}", self.add)
    }

    /// Whether no number that the other one fits is left to it.
    pub(crate) fn hides(&self, later: &Self) -> bool {
        let is_everywhere = self.context.is_none() || self.context == later.context;
        is_everywhere && later.prefix.as_str().starts_with(self.prefix.as_str())
    }
}

object!(DialRule, DialRuleId);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::id::Id as _;

    fn rule(prefix: &str, strip: u8, add: &str, context: Option<i64>) -> DialRule {
        let digits = |text| DialDigits::parse(text).expect("digits");
        let context = context.map(ContextId::new);
        let (id, prefix, add) = (DialRuleId::new(1), digits(prefix), digits(add));
        DialRule { id, version: 1, position: 1, prefix, strip, add, context }
    }

    #[test]
    fn a_rule_takes_off_the_beginning_and_puts_its_own_there() {
        assert_eq!(rule("+33", 3, "0", None).apply("+33123456789"), "0123456789");
        assert_eq!(rule("+", 1, "000", None).apply("+4930"), "0004930");
        assert_eq!(rule("", 0, "9", None).apply("123"), "9123");
        assert_eq!(rule("1", 5, "*", None).apply("123"), "*");
    }

    #[test]
    fn a_rule_fits_by_prefix_and_context() {
        let (here, there) = (Some(ContextId::new(1)), Some(ContextId::new(2)));
        assert!(rule("", 0, "", None).fits("1", here) && rule("", 0, "", None).fits("1", None));
        assert!(rule("00", 2, "", Some(1)).fits("0049", here));
        assert!(!rule("00", 2, "", Some(1)).fits("0049", there) && !rule("00", 2, "", Some(1)).fits("0149", here));
        assert!(!rule("00", 2, "", Some(1)).fits("0049", None));
    }

    #[test]
    fn a_rule_hides_later_ones_of_longer_prefixes_in_the_same_place() {
        assert!(rule("0", 0, "", None).hides(&rule("00", 0, "", Some(1))));
        assert!(rule("", 0, "", Some(1)).hides(&rule("", 0, "", Some(1))));
        assert!(!rule("0", 0, "", Some(1)).hides(&rule("00", 0, "", None)));
        assert!(!rule("00", 0, "", None).hides(&rule("0", 0, "", None)));
    }
}
