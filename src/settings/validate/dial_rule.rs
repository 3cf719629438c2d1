//! Dial rules: N1, N2 and the reference of C3.

use super::dialplan::expect_context;
use super::{Subject as _, Validator};
use crate::settings::dial_rule::{STRIP_MAX, hidden_by};
use crate::settings::label::{Labelled as _, dial_rule_name};
use crate::settings::rule::{Finding, Refusal, Rule, Severity};
use crate::settings::rule_target::{Naming, ObjectName};
use crate::settings::violation::Violation;

pub(super) fn validate(validator: &mut Validator<'_>) {
    let configuration = validator.configuration;
    let rules = configuration.ordered_dial_rules();
    for (place, rule) in rules.iter().enumerate() {
        if let Some(context) = rule.context {
            expect_context(validator, &***rule, context);
        }
        if rule.strip > STRIP_MAX {
            validator.error(Rule::N1, &***rule, Violation::Strip { strip: rule.strip, most: STRIP_MAX });
        }
        if let Some(first) = hidden_by(&rules, place) {
            // By their places, as every list shows them; which number a rule has in the database nobody knows.
            let named = |at: usize| {
                let name = dial_rule_name(rules[at].prefix.as_str());
                ObjectName { naming: Naming::Placed { name, place: at + 1 }, ..rules[at].object_name(configuration) }
            };
            let refusal = Refusal::new(Rule::N2, named(place), Violation::NeverReached { first: named(first) });
            validator.findings.push(Finding { severity: Severity::Warning, about: Some(rule.which()), refusal });
        }
    }
}
