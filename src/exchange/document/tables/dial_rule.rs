//! Dial rules as the document and the audit show them.

use serde_json::Value;

use super::{Documented, Show, text, value};
use crate::exchange::document::form;
use crate::settings::configuration::Configuration;
use crate::settings::dial_rule::DialRule;
use crate::settings::id::Id as _;
use crate::settings::label::{context_name, dial_rule_name};
use crate::settings::rule_target::Naming;

impl Documented for DialRule {
    const LIST: &'static str = "dial_rules";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.dial_rules)
    }

    /// Alone it says where it stands.
    fn image(&self, configuration: &Configuration, show: Show) -> Value {
        let mut placed = self.listed(configuration, show);
        placed["position"] = Value::from(self.position);
        placed
    }

    fn listed(&self, configuration: &Configuration, _: Show) -> Value {
        value(&form::DialRuleForm {
            id: Some(self.id.number()),
            prefix: self.prefix.to_string(),
            strip: self.strip,
            add: self.add.to_string(),
            context: self.context.map(|id| context_name(configuration, id)),
        })
    }

    fn order(&self) -> u32 {
        self.position
    }

    fn naming_in(image: &Value, id: i64) -> Option<Naming> {
        Some(Naming::Numbered { id, name: dial_rule_name(text(image, "prefix")?) })
    }
}
