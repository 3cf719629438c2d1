//! Dial rules: how a number becomes what the dial plan wants, as `+33 1 23…` out of a phone book. They stand in an order; the
//! first whose prefix and context fit a number counts.

use std::sync::Arc;

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

    /// Whether some of the numbers that it fits are the other one's too.
    pub(crate) fn shares_with(&self, other: &Self) -> bool {
        let is_same_place = self.context.is_none() || other.context.is_none() || self.context == other.context;
        is_same_place && (self.begins(other) || other.begins(self))
    }

    /// Whether no number that the other one fits is left to it.
    pub(crate) fn hides(&self, later: &Self) -> bool {
        let is_everywhere = self.context.is_none() || self.context == later.context;
        is_everywhere && self.begins(later)
    }

    /// Whether the other one looks for a beginning that this one fits; a code is left alone by a rule for any number.
    fn begins(&self, other: &Self) -> bool {
        let (own, others) = (self.prefix.as_str(), other.prefix.as_str());
        others.starts_with(own) && !(is_code(others) && own.is_empty())
    }
}

object!(DialRule, DialRuleId, "dial rule", in |rule, context| rule.context == Some(context));

/// The place, from 0, of the rule that counts for a number from there: the first of them, which come in their order, that
/// fits it. A code of the telephones, as `*21`, is changed only by a rule that names its beginning.
pub(crate) fn counting(rules: &[Arc<DialRule>], number: &str, context: Option<ContextId>) -> Option<usize> {
    let is_left_alone = |rule: &DialRule| is_code(number) && rule.prefix.as_str().is_empty();
    rules.iter().position(|rule| rule.fits(number, context) && !is_left_alone(rule))
}

/// The place of the first rule before that one, which leaves it no number. They come in their order.
pub(crate) fn hidden_by(rules: &[&Arc<DialRule>], place: usize) -> Option<usize> {
    let (earlier, rest) = rules.split_at_checked(place)?;
    let rule = rest.first()?;
    earlier.iter().position(|earlier| earlier.hides(rule))
}

/// A code of the telephones.
fn is_code(number: &str) -> bool {
    number.starts_with(['*', '#'])
}

/// What is dialled for a number from there.
pub(crate) fn dialled(rules: &[Arc<DialRule>], number: &str, context: Option<ContextId>) -> String {
    let rule = counting(rules, number, context).and_then(|at| rules.get(at));
    rule.map_or_else(|| number.to_owned(), |rule| rule.apply(number))
}

/// The other way: the numbers for which this would be dialled from there, as far as rules say what they have taken off.
pub(crate) fn numbers_behind(rules: &[Arc<DialRule>], extension: &str, context: Option<ContextId>) -> Vec<String> {
    let number = |rule: &Arc<DialRule>| {
        let (rest, taken) =
            (extension.strip_prefix(rule.add.as_str())?, rule.prefix.as_str().get(..rule.strip.into())?);
        let number = format!("{taken}{rest}");
        (rule.fits(&number, context) && dialled(rules, &number, context) == extension).then_some(number)
    };
    rules.iter().filter_map(number).collect()
}

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
    fn the_first_rule_that_fits_counts_and_the_other_way_finds_what_was_written() {
        let here = Some(ContextId::new(1));
        let rules: Vec<Arc<DialRule>> = [
            rule("+33", 3, "00", None),
            rule("+", 1, "000", None),
            rule("00", 0, "", Some(2)),
            rule("0", 0, "0", None),
        ]
        .into_iter()
        .map(Arc::new)
        .collect();
        for (number, extension) in
            [("+33123456789", "00123456789"), ("+4930", "0004930"), ("0123456789", "00123456789"), ("1002", "1002")]
        {
            assert_eq!(dialled(&rules, number, here), extension);
        }
        assert_eq!(dialled(&rules, "0049", Some(ContextId::new(2))), "0049");
        assert_eq!(numbers_behind(&rules, "00123456789", here), ["+33123456789", "0123456789"]);
        assert_eq!(numbers_behind(&rules, "0004930", here), ["+3304930", "+4930", "004930"]);
        assert_eq!(numbers_behind(&rules, "1002", here), [""; 0]);
        assert_eq!(dialled(&[], "+33", here), "+33");
        // What was taken off beyond the prefix is not known.
        assert_eq!(numbers_behind(&[Arc::new(rule("1", 3, "", None))], "23", here), [""; 0]);
        let outside = [Arc::new(rule("", 0, "9", None))];
        assert_eq!((dialled(&outside, "123", here).as_str(), dialled(&outside, "*21", here).as_str()), ("9123", "*21"));
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
        // Which leaves codes alone.
        assert!(!rule("", 0, "9", None).hides(&rule("*21", 0, "", None)));
        assert!(rule("*", 0, "", None).hides(&rule("*21", 0, "", None)));
    }
}
