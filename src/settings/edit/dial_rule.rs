//! Edits of dial rules: where one stands among the others. Whether it is reached there is a finding.

use super::{existing, removable};
use crate::settings::configuration::Configuration;
use crate::settings::dial_rule::DialRule;
use crate::settings::id::{ContextId, DialRuleId};
use crate::settings::name::DialDigits;
use crate::settings::rule::Refusal;

/// What a new rule starts with; it becomes the last one.
#[derive(Debug, Clone)]
pub(crate) struct NewDialRule {
    pub(crate) prefix: DialDigits,
    pub(crate) strip: u8,
    pub(crate) add: DialDigits,
    pub(crate) context: Option<ContextId>,
}

removable! {
    DialRule: remove_dial_rule,
}

impl Configuration {
    pub(crate) fn add_dial_rule(&mut self, new: NewDialRule) -> Result<DialRuleId, Refusal> {
        if let Some(context) = new.context {
            existing(&self.contexts, context)?;
        }
        let position = self.ordered_dial_rules().last().map_or(1, |last| last.position.saturating_add(1));
        let NewDialRule { prefix, strip, add, context } = new;
        Ok(self.dial_rules.add(|id| DialRule { id, version: 1, position, prefix, strip, add, context }))
    }

    /// Moves a rule to a place among all, counted from 1; a place past the end is the last.
    pub(crate) fn move_dial_rule(&mut self, id: DialRuleId, place: usize) -> Result<(), Refusal> {
        existing(&self.dial_rules, id)?;
        let mut order: Vec<DialRuleId> = self.ordered_dial_rules().iter().map(|rule| rule.id).collect();
        order.retain(|other| *other != id);
        order.insert(place.saturating_sub(1).min(order.len()), id);
        for (other, position) in order.into_iter().zip(1..) {
            self.dial_rules.edit(other, |rule| rule.position = position);
        }
        Ok(())
    }

    pub(crate) fn remove_dial_rule(&mut self, id: DialRuleId) -> Result<(), Refusal> {
        existing(&self.dial_rules, id)?;
        self.dial_rules.remove(id);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures::small_company;
    use crate::settings::id::Id as _;

    fn with(prefixes: [&str; 4]) -> Configuration {
        let mut office = small_company();
        for prefix in prefixes {
            let digits = |text| DialDigits::parse(text).expect("digits");
            let new = NewDialRule { prefix: digits(prefix), strip: 0, add: digits(""), context: None };
            office.add_dial_rule(new).expect("a rule");
        }
        office
    }

    fn order(office: &Configuration) -> Vec<i64> {
        office.ordered_dial_rules().iter().map(|rule| rule.id.number()).collect()
    }

    #[test]
    fn a_rule_moves_to_its_place_and_the_others_close_up() {
        let mut office = with(["1", "2", "3", "4"]);
        for (rule, place, expected) in
            [(4, 1, [4, 1, 2, 3]), (4, 3, [1, 2, 4, 3]), (1, 99, [2, 4, 3, 1]), (3, 0, [3, 2, 4, 1])]
        {
            office.move_dial_rule(DialRuleId::new(rule), place).expect("it is there");
            assert_eq!(order(&office), expected);
        }
        office.remove_dial_rule(DialRuleId::new(2)).expect("it is there");
        assert_eq!(order(&office), [3, 4, 1]);
        office.move_dial_rule(DialRuleId::new(2), 1).expect_err("it is gone");
    }

    #[test]
    fn a_context_that_a_rule_names_stays() {
        let mut office = small_company();
        let context = office.add_context(crate::settings::name::ContextName::parse("outside").expect("a name"), &[]);
        let context = context.expect("a context");
        let digits = |text| DialDigits::parse(text).expect("digits");
        let new = NewDialRule { prefix: digits("0"), strip: 1, add: digits(""), context: Some(context) };
        office.add_dial_rule(new).expect("a rule");
        let refused = office.remove_context(context).expect_err("it is in use");
        assert_eq!(refused.with_rule(), "context \"outside\": is used by 1 dial rule (rule C1)");
    }
}
