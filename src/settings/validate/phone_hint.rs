//! Phone hint groups as a whole: rules H1 and H4. Numbers, texts and colours hold their rules by type.

use super::Validator;
use crate::settings::edit::DEFAULT_GROUP;
use crate::settings::rule::{Finding, Refusal, Rule, Severity};
use crate::settings::rule_target::ObjectName;
use crate::settings::table::Kind;
use crate::settings::violation::Violation;

pub(super) fn validate(validator: &mut Validator<'_>) {
    let configuration = validator.configuration;
    let groups = configuration.phone_hint_groups.iter().map(|group| &**group);
    validator.unique(Rule::H1, "name (the case of letters does not count)", groups, |group| {
        Some(group.name.as_str().to_ascii_lowercase())
    });
    let default =
        configuration.phone_hint_groups.find(|group| group.name.as_str() == DEFAULT_GROUP && !group.deletable);
    if default.is_none() {
        let on = ObjectName::named(Kind::PhoneHintGroup, None, DEFAULT_GROUP);
        let refusal = Refusal::new(Rule::H4, on, Violation::DefaultGroupMustBe);
        validator.findings.push(Finding { severity: Severity::Error, about: None, refusal });
    }
}
