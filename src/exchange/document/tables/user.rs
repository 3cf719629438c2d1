//! Users, lines, voicemail boxes and agents as the document and the audit show them.

use serde_json::Value;

use super::{Documented, Secret, Show, in_context, named, profile_name, shown, text, user_name, value};
use crate::exchange::document::form;
use crate::settings::agent::Agent;
use crate::settings::configuration::Configuration;
use crate::settings::id::Id as _;
use crate::settings::label::context_name;
use crate::settings::line::Line;
use crate::settings::rule_target::Naming;
use crate::settings::user::User;
use crate::settings::voicemail::Voicemail;

impl Documented for User {
    const LIST: &'static str = "users";
    const SECRET: Option<Secret> = Some(Secret { member: "password_hash", other: "a new password" });

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.users)
    }

    fn image(&self, configuration: &Configuration, show: Show) -> Value {
        value(&form::UserForm {
            id: Some(self.id.number()),
            uuid: Some(self.uuid.to_string()),
            login: self.login.as_ref().map(ToString::to_string),
            first_name: self.first_name.to_string(),
            last_name: self.last_name.to_string(),
            email: self.email.as_ref().map(ToString::to_string),
            mobile: self.mobile.as_ref().map(ToString::to_string),
            password_hash: shown(self.password.as_ref().map(|hash| hash.as_str()), show),
            enabled: Some(self.enabled),
            profile: self.profile.map(|id| profile_name(configuration, id)),
            break_glass: self.break_glass,
        })
    }

    fn naming_in(image: &Value, id: i64) -> Option<Naming> {
        match text(image, "login") {
            Some(login) => Some(Naming::Name(login.to_owned())),
            // As a `User` without a login is called.
            None => {
                let name = format!("{} {}", text(image, "first_name")?, text(image, "last_name").unwrap_or_default());
                Some(Naming::Numbered { id, name: name.trim_end().to_owned() })
            }
        }
    }
}

impl Documented for Line {
    const LIST: &'static str = "lines";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.lines)
    }

    fn image(&self, configuration: &Configuration, _: Show) -> Value {
        value(&form::LineForm {
            id: Some(self.id.number()),
            extension: self.extension.to_string(),
            context: context_name(configuration, self.context),
            user: user_name(configuration, self.user),
            device: Some(self.device.to_string()),
            main: self.is_main,
        })
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        in_context(image, "extension")
    }
}

impl Documented for Voicemail {
    const LIST: &'static str = "voicemails";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.voicemails)
    }

    fn image(&self, configuration: &Configuration, _: Show) -> Value {
        value(&form::VoicemailForm {
            id: Some(self.id.number()),
            mailbox: self.mailbox.to_string(),
            context: context_name(configuration, self.context),
            user: self.user.map(|id| user_name(configuration, id)),
        })
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        in_context(image, "mailbox")
    }
}

impl Documented for Agent {
    const LIST: &'static str = "agents";

    fn member(document: &mut form::Document) -> Option<&mut Option<Vec<Value>>> {
        Some(&mut document.agents)
    }

    fn image(&self, configuration: &Configuration, _: Show) -> Value {
        value(&form::AgentForm {
            id: Some(self.id.number()),
            number: self.number.to_string(),
            first_name: self.first_name.to_string(),
            last_name: self.last_name.to_string(),
            context: context_name(configuration, self.context),
            user: self.user.map(|id| user_name(configuration, id)),
        })
    }

    fn naming_in(image: &Value, _: i64) -> Option<Naming> {
        named(image, "number")
    }
}
