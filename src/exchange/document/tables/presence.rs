//! Presence groups and presences as the document and the audit show them.

use serde_json::Value;

use super::{Documented, Show, group_name, named, text, value};
use crate::exchange::document::form;
use crate::settings::configuration::Configuration;
use crate::settings::id::Id as _;
use crate::settings::presence::{Presence, PresenceGroup};
use crate::settings::rule_target::Naming;

impl Documented for PresenceGroup {
    const LIST: &'static str = "presence_groups";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.presence_groups)
    }

    fn image(&self, _: &Configuration, _: Show) -> Value {
        value(&group_form(self, Vec::new()))
    }

    /// With its presences.
    fn listed(&self, configuration: &Configuration, _: Show) -> Value {
        let presences = configuration.presences_of(self.id);
        let presences = presences.into_iter().map(|object| value(&presence_form(configuration, object))).collect();
        value(&group_form(self, presences))
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        named(image, "name")
    }
}

impl Documented for Presence {
    const LIST: &'static str = "presences";

    /// Presences stand in their groups.
    fn member(_: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        None
    }

    /// Alone it says where it stands.
    fn image(&self, configuration: &Configuration, _: Show) -> Value {
        let mut placed = value(&presence_form(configuration, self));
        placed["group"] = Value::from(group_name(configuration, self.group));
        placed["position"] = Value::from(self.position);
        placed
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        let group = text(image, "group").unwrap_or_default().to_owned();
        Some(Naming::InGroup { name: text(image, "name")?.to_owned(), group })
    }
}

fn group_form(group: &PresenceGroup, presences: Vec<Value>) -> form::PresenceGroupForm {
    form::PresenceGroupForm {
        id: Some(group.id.number()),
        name: group.name.to_string(),
        description: group.description.to_string(),
        deletable: Some(group.deletable),
        presences,
    }
}

fn presence_form(configuration: &Configuration, presence: &Presence) -> form::PresenceForm {
    form::PresenceForm {
        id: Some(presence.id.number()),
        name: presence.name.to_string(),
        display: presence.display.to_string(),
        color: presence.color.to_string(),
        allowed: configuration.allowed_from(presence).into_iter().map(|other| other.name.to_string()).collect(),
        actions: presence.actions.iter().map(|a| (a.name().to_owned(), a.parameter().to_owned())).collect(),
        deletable: Some(!presence.is_mandatory()),
    }
}
