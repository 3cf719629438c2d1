//! Phone hint groups as the document and the audit show them.

use serde_json::Value;

use super::{Documented, Show, named, value};
use crate::exchange::document::form;
use crate::settings::configuration::Configuration;
use crate::settings::id::Id as _;
use crate::settings::phone_hint::PhoneHintGroup;
use crate::settings::rule_target::Naming;

impl Documented for PhoneHintGroup {
    const LIST: &'static str = "phone_hint_groups";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.phone_hint_groups)
    }

    fn image(&self, _: &Configuration, _: Show) -> Value {
        let hints = self.hints.iter().map(|(number, hint)| form::PhoneHintForm {
            number: number.number().into(),
            text: hint.text.to_string(),
            color: hint.color.to_string(),
        });
        value(&form::PhoneHintGroupForm {
            id: Some(self.id.number()),
            name: self.name.to_string(),
            description: self.description.to_string(),
            deletable: Some(self.deletable),
            hints: hints.collect(),
        })
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        named(image, "name")
    }
}
