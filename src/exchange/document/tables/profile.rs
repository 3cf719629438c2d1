//! Profiles as the document and the audit show them.

use serde_json::Value;

use super::{Documented, Show, group_name, named, value};
use crate::exchange::document::form;
use crate::settings::configuration::Configuration;
use crate::settings::id::Id as _;
use crate::settings::profile::{Profile, ProfileXlet, XletFlags};
use crate::settings::rule_target::Naming;

impl Documented for Profile {
    const LIST: &'static str = "profiles";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.profiles)
    }

    fn image(&self, configuration: &Configuration, _: Show) -> Value {
        let hints = configuration.phone_hint_groups.get(self.phone_hint_group);
        let preferences = self.preferences.iter();
        value(&form::ProfileForm {
            id: Some(self.id.number()),
            name: self.name.to_string(),
            presence_group: group_name(configuration, self.presence_group),
            phone_hint_group: hints.map_or_else(|| self.phone_hint_group.to_string(), |group| group.name.to_string()),
            may_listen: self.may_listen,
            services: self.services.iter().map(|service| service.as_str().to_owned()).collect(),
            preferences: preferences
                .map(|(name, value)| (name.as_str().to_owned(), value.as_str().to_owned()))
                .collect(),
            xlets: self.xlets.iter().map(xlet).collect(),
        })
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        named(image, "name")
    }
}

fn xlet(entry: &ProfileXlet) -> form::Xlet {
    let (xlet, position) = (entry.xlet.as_str().to_owned(), entry.position.as_str().to_owned());
    let number = entry.number.map(|number| number.get().into());
    if entry.flags == XletFlags::ALL {
        form::Xlet::AllFlags(xlet, position, number)
    } else {
        form::Xlet::SomeFlags(xlet, position, number, entry.flags.letters())
    }
}
