//! Contexts, conference rooms and queues as the document and the audit show them.

use serde_json::Value;

use super::{Documented, Secret, Show, agent_number, in_context, line_name, named, shown, value};
use crate::exchange::document::form;
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::id::Id as _;
use crate::settings::label::context_name;
use crate::settings::queue::{MemberId, Queue, QueueMember};
use crate::settings::rule_target::Naming;

impl Documented for Context {
    const LIST: &'static str = "contexts";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.contexts)
    }

    fn image(&self, configuration: &Configuration, _: Show) -> Value {
        value(&form::ContextForm {
            id: Some(self.id.number()),
            name: self.name.to_string(),
            includes: self.includes.iter().map(|id| context_name(configuration, *id)).collect(),
        })
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        named(image, "name")
    }
}

impl Documented for Conference {
    const LIST: &'static str = "conferences";
    const SECRET: Option<Secret> = Some(Secret { member: "pin", other: "another PIN" });

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.conferences)
    }

    fn image(&self, configuration: &Configuration, show: Show) -> Value {
        value(&form::ConferenceForm {
            id: Some(self.id.number()),
            number: self.number.to_string(),
            name: self.name.to_string(),
            context: context_name(configuration, self.context),
            pin: shown(self.pin.as_ref().map(|pin| pin.as_str()), show),
        })
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        in_context(image, "number")
    }
}

impl Documented for Queue {
    const LIST: &'static str = "queues";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.queues)
    }

    fn image(&self, configuration: &Configuration, _: Show) -> Value {
        let members = self.members.iter().map(|QueueMember { member, penalty }| {
            let (agent, line) = match member {
                MemberId::Agent(agent) => (Some(agent_number(configuration, *agent)), None),
                MemberId::Line(line) => (None, Some(line_name(configuration, *line))),
            };
            form::QueueMemberForm { agent, line, penalty: *penalty }
        });
        value(&form::QueueForm {
            id: Some(self.id.number()),
            name: self.name.to_string(),
            display: self.display.to_string(),
            number: self.number.to_string(),
            context: context_name(configuration, self.context),
            wrapup_seconds: self.wrapup_seconds,
            members: members.collect(),
        })
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        named(image, "name")
    }
}
