//! Dial rules: N1, N2 and the reference of C3.

use super::Validator;
use super::dialplan::expect_context;
use crate::settings::dial_rule::STRIP_MAX;
use crate::settings::label::Labelled as _;
use crate::settings::rule::Rule;
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
        if let Some(first) = rules[..place].iter().find(|earlier| earlier.hides(rule)) {
            let first = first.object_name(configuration);
            validator.warning(Rule::N2, &***rule, Violation::NeverReached { first });
        }
    }
}
