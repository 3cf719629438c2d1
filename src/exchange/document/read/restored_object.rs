//! One object after the other from its audit image back into a configuration: each kind's own reader, with the names of
//! now and of all that comes back together. Only restore.rs uses it.

use std::collections::HashMap;

use serde_json::Value;

use super::lost_secret::LostSecret;
use super::setting::text;
use super::table::{FromDocument, Goal, Goals, ObjectNames, Restorer};
use super::user::folded;
use super::{Names, Reading};
use crate::settings::configuration::Configuration;
use crate::settings::id::{Id, LineId, PresenceId, ServerUuid};
use crate::settings::rule::Rule;
use crate::settings::setting::SettingValue;
use crate::settings::table::{Kind, Object, Table};
use crate::settings::tables::on_table_of;
use crate::settings::user::User;
use crate::settings::violation::Violation;

impl<'a> Restorer<'a> {
    pub(super) fn new(reading: Reading<'a>, goals: &Goals, remembered: &'a Configuration) -> Self {
        let c = reading.current;
        let groups = names(&c.presence_groups, goals, "name", |group| group.name.to_string());
        let uuids = names(&c.users, goals, "uuid", |user| user.uuid.to_string());
        let users = uuids.into_iter().chain(names(&c.users, goals, "login", User::login_or_uuid));
        let mut presences: HashMap<_, _> =
            c.presences.iter().map(|presence| ((presence.group, presence.name.to_string()), presence.id)).collect();
        for goal in goals.values().filter(|goal| goal.kind == Kind::Presence) {
            let text = |member| goal.image.as_ref()?.get(member)?.as_str();
            let Some((group, name)) = text("group").and_then(|group| groups.get(group)).zip(text("name")) else {
                continue;
            };
            presences.insert((*group, name.to_owned()), PresenceId::new(goal.id));
        }
        let names = ObjectNames {
            presences,
            hints: names(&c.phone_hint_groups, goals, "name", |group| group.name.to_string()),
            profiles: names(&c.profiles, goals, "name", |profile| profile.name.to_string()),
            contexts: names(&c.contexts, goals, "name", |context| context.name.to_string()),
            users: users.map(|(name, id)| (folded(&name), id)).collect(),
            lines: lines(c, goals),
            agents: names(&c.agents, goals, "number", |agent| agent.number.to_string()),
            groups,
        };
        Self { reading, lost: Vec::new(), names, remembered }
    }

    pub(super) fn done(self) -> (Reading<'a>, Vec<LostSecret>) {
        (self.reading, self.lost)
    }

    /// Makes the object what its image says; what is wrong with it becomes a problem of the reading.
    pub(super) fn put(&mut self, goal: &Goal, image: Value) {
        on_table_of!(
            goal.kind,
            ($table:ident, $object:ty) => { <$object as FromDocument>::restore(self, goal, image) },
            Kind::Server => self.put_server(goal, &image),
            Kind::Setting => self.put_setting(goal, &image)
        )
    }

    fn put_server(&mut self, goal: &Goal, image: &Value) {
        match image["server_uuid"].as_str().and_then(ServerUuid::parse) {
            Some(uuid) => self.reading.new.server_uuid = uuid,
            None => self.reading.problem(Rule::D1, goal.on.clone(), Violation::ImageWithoutUuid),
        }
    }

    /// A secret one comes here only to be empty again.
    fn put_setting(&mut self, goal: &Goal, image: &Value) {
        let Some(key) = goal.key else { return };
        let parsed = match &image["value"] {
            Value::Null => SettingValue::parse(key, ""),
            value => text(key, value).and_then(|text| SettingValue::parse(key, &text)),
        };
        match parsed {
            Ok(setting) => drop(self.reading.new.settings.insert(key, setting)),
            Err(refusal) => self.reading.problems.push(refusal),
        }
    }
}

/// The lines of now and of what comes back, by number and context.
fn lines(c: &Configuration, goals: &Goals) -> Names<LineId> {
    let now = c.lines.iter().map(|line| (line.name(c), line.id));
    let back = goals.values().filter(|goal| goal.kind == Kind::Line).filter_map(|goal| {
        let text = |member| goal.image.as_ref()?.get(member)?.as_str();
        Some((format!("{}@{}", text("extension")?, text("context")?), LineId::new(goal.id)))
    });
    now.chain(back).collect()
}

/// The names of now and of what comes back.
fn names<T: Object>(table: &Table<T>, goals: &Goals, member: &str, name: impl Fn(&T) -> String) -> Names<T::Id> {
    let now = table.iter().map(|object| (name(object), object.id()));
    let back = goals.values().filter(|goal| goal.kind == T::KIND);
    let back =
        back.filter_map(|goal| Some((goal.image.as_ref()?.get(member)?.as_str()?.to_owned(), T::Id::new(goal.id))));
    now.chain(back).collect()
}
