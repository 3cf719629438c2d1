//! Accounts as the document and the audit show them.

use serde_json::Value;

use super::{Documented, Secret, Show, named, shown, value};
use crate::exchange::document::form;
use crate::settings::account::Account;
use crate::settings::configuration::Configuration;
use crate::settings::id::Id as _;
use crate::settings::label::context_name;
use crate::settings::rule_target::Naming;

impl Documented for Account {
    const LIST: &'static str = "accounts";
    const SECRET: Option<Secret> = Some(Secret { member: "password_hash", other: "a new password" });

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.accounts)
    }

    fn image(&self, configuration: &Configuration, show: Show) -> Value {
        value(&form::AccountForm {
            id: Some(self.id.number()),
            kind: self.kind.to_string(),
            name: self.name.to_string(),
            password_hash: shown(self.password.as_ref().map(|hash| hash.as_str()), show),
            enabled: Some(self.enabled),
            rights: self.rights.iter().map(ToString::to_string).collect(),
            contexts: self.contexts.iter().map(|id| context_name(configuration, *id)).collect(),
        })
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        named(image, "name")
    }
}
