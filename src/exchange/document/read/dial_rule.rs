//! The dial rules of a document: their order is that of the list.

use serde_json::Value;

use super::table::{FromDocument, Goal, ObjectNames, Restorer, back};
use super::{Claim, Names, Placed, Reading, settle};
use crate::exchange::document::form;
use crate::exchange::document::tables::Documented;
use crate::settings::dial_rule::DialRule;
use crate::settings::id::{ContextId, DialRuleId, Id};
use crate::settings::name::DialDigits;
use crate::settings::rule::Rule;

impl FromDocument for DialRule {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        // Documents of versions that had no dial rules have no list of them.
        let forms = reading.forms(Self::LIST, Some(list.unwrap_or_default()));
        reading.read_dial_rules(forms, &names.contexts);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, mut image: Value) {
        let position = image.as_object_mut().and_then(|members| members.remove("position"));
        let position = position.as_ref().and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok()).unwrap_or(1);
        let (form, current) = (restorer.placed(goal, image), restorer.reading.current);
        let object = form
            .and_then(|form| restorer.reading.dial_rule(form, Id::new(goal.id), position, &restorer.names.contexts));
        back(&mut restorer.reading.new.dial_rules, &current.dial_rules, object, goal.entry);
    }
}

impl Reading<'_> {
    fn read_dial_rules(&mut self, rules: Vec<Placed<form::DialRuleForm>>, contexts: &Names<ContextId>) {
        let current = self.current;
        // Nothing but its id tells a rule from another.
        let claims: Vec<_> =
            rules.iter().map(|Placed { place, form }| Claim { place, said: form.id, known: None }).collect();
        let ids = self.assign("dial_rules", &claims, &current.dial_rules);
        let positions = self.dial_positions(&ids);
        for ((placed, id), position) in rules.into_iter().zip(ids).zip(positions) {
            if let Some(rule) = self.dial_rule(placed, id, position, contexts) {
                settle(&mut self.new.dial_rules, &current.dial_rules, rule);
            }
        }
        self.new.dial_rules.raise_next_number(self.next_ids["dial_rules"]);
    }

    /// Rules in the order of the current configuration keep their numbers, gaps of removed ones included, so that nothing
    /// counts as changed.
    fn dial_positions(&self, ids: &[DialRuleId]) -> Vec<u32> {
        let old: Option<Vec<u32>> =
            ids.iter().map(|id| self.current.dial_rules.get(*id).map(|rule| rule.position)).collect();
        let old = old.filter(|old| old.is_sorted_by(|one, next| one < next));
        old.unwrap_or_else(|| (1..).take(ids.len()).collect())
    }

    fn dial_rule(
        &mut self,
        Placed { place, form }: Placed<form::DialRuleForm>,
        id: DialRuleId,
        position: u32,
        contexts: &Names<ContextId>,
    ) -> Option<DialRule> {
        let prefix = self.take(&place, DialDigits::parse(&form.prefix));
        let add = self.take(&place, DialDigits::parse(&form.add));
        let context = self.refer_optional(Rule::C3, &place, "context", contexts, form.context.as_deref());
        Some(DialRule { id, version: 1, position, prefix: prefix?, strip: form.strip, add: add?, context: context? })
    }
}
