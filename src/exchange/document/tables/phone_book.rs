//! The phone book as the document and the audit show them.

use serde_json::Value;

use super::{Documented, Show, text, value};
use crate::exchange::document::form;
use crate::settings::configuration::Configuration;
use crate::settings::id::Id as _;
use crate::settings::label::context_name;
use crate::settings::phone_book::{Field, PhoneBookEntry};
use crate::settings::rule_target::Naming;

impl Documented for PhoneBookEntry {
    const LIST: &'static str = "phone_book";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.phone_book)
    }

    fn image(&self, configuration: &Configuration, _: Show) -> Value {
        let text = |field| Some(self.details.text(field).to_owned()).filter(|text| !text.is_empty());
        value(&form::PhoneBookEntryForm {
            id: Some(self.id.number()),
            first_name: text(Field::FirstName),
            last_name: text(Field::LastName),
            number: text(Field::Number),
            mobile: text(Field::Mobile),
            email: text(Field::Email),
            company: text(Field::Company),
            fax: text(Field::Fax),
            home: text(Field::Home),
            other: text(Field::Other),
            context: self.context.map(|id| context_name(configuration, id)),
        })
    }

    fn naming_in(image: &Value, id: i64) -> Option<Naming> {
        // By the first that it has of names and numbers.
        let text = |member| text(image, member).unwrap_or_default();
        let whole = format!("{} {}", text("first_name"), text("last_name"));
        let names = [whole.trim(), text("company"), text("number"), text("mobile"), text("home"), text("other")];
        let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        Some(Naming::Numbered { id, name: name.to_owned() })
    }
}
