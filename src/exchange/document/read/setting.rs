//! The settings of a document: keys of settings §1.9 with values in their JSON types.

use serde_json::{Map, Value};

use super::Reading;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::{Key, SettingValue};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;

impl Reading<'_> {
    pub(super) fn read_settings(&mut self, settings: Map<String, Value>) {
        for (name, value) in settings {
            let Some(key) = self.take(&RuleTarget::Thing(TargetKind::Settings), Key::parse(&name)) else { continue };
            if value.is_null() {
                self.keep(key);
                continue;
            }
            let parsed = text(key, &value).and_then(|text| SettingValue::parse(key, &text));
            if let Some(setting) = self.take(&RuleTarget::Thing(TargetKind::Settings), parsed) {
                self.new.settings.insert(key, setting);
            }
        }
        for key in Key::ALL.iter().filter(|key| key.is_secret()) {
            self.keep(*key);
        }
    }

    /// Keeps the current value, if the document has said none.
    fn keep(&mut self, key: Key) {
        if let Some(setting) = self.current.settings.get(&key) {
            self.new.settings.entry(key).or_insert_with(|| setting.clone());
        }
    }
}

pub(super) fn text(key: Key, value: &Value) -> Result<String, Refusal> {
    let refuse = || {
        let form = Violation::must_be("a text, a number, true, false or a list of texts");
        Refusal::new(Rule::S1, RuleTarget::Setting(key.as_str()), form)
    };
    let one = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(refuse()),
    };
    match value {
        Value::Array(items) => Ok(items.iter().map(one).collect::<Result<Vec<_>, _>>()?.join(",")),
        other => one(other),
    }
}
