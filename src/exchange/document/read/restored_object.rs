//! One object after the other from its audit image back into a configuration: each kind's own reader, with the names of
//! now and of all that comes back together. Only restore.rs uses it.

use std::collections::HashMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::restore::{Goal, Goals};
use super::setting::text;
use super::user::folded;
use super::{Names, Placed, Reading, form, malformed, settle};
use crate::settings::id::{
    AgentId, AuditId, ContextId, Id, PhoneHintGroupId, PresenceGroupId, PresenceId, ProfileId, ServerUuid, UserId,
    UserUuid,
};
use crate::settings::rule::Rule;
use crate::settings::setting::SettingValue;
use crate::settings::table::{Collection, Kind, Object, Table};
use crate::settings::user::User;

pub(super) struct Restorer<'a> {
    reading: Reading<'a>,
    /// What could not come back with the rest, a sentence each.
    notes: Vec<String>,
    groups: Names<PresenceGroupId>,
    /// By group and name.
    presences: HashMap<(PresenceGroupId, String), PresenceId>,
    hints: Names<PhoneHintGroupId>,
    profiles: Names<ProfileId>,
    contexts: Names<ContextId>,
    /// By folded login and by UUID.
    users: Names<UserId>,
    agents: Names<AgentId>,
}

impl<'a> Restorer<'a> {
    pub(super) fn new(reading: Reading<'a>, goals: &Goals) -> Self {
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
        Self {
            notes: Vec::new(),
            presences,
            hints: names(&c.phone_hint_groups, goals, "name", |group| group.name.to_string()),
            profiles: names(&c.profiles, goals, "name", |profile| profile.name.to_string()),
            contexts: names(&c.contexts, goals, "name", |context| context.name.to_string()),
            users: users.map(|(name, id)| (folded(&name), id)).collect(),
            agents: names(&c.agents, goals, "number", |agent| agent.number.to_string()),
            groups,
            reading,
        }
    }

    pub(super) fn done(self) -> (Reading<'a>, Vec<String>) {
        (self.reading, self.notes)
    }

    /// Makes the object what its image says; what is wrong with it becomes a problem of the reading.
    pub(super) fn put(&mut self, goal: &Goal, image: Value) {
        let current = self.reading.current;
        match goal.kind {
            Kind::Server => self.put_server(goal, &image),
            Kind::Setting => self.put_setting(goal, &image),
            Kind::Presence => self.put_presence(goal, image),
            Kind::User => self.put_user(goal, image),
            Kind::Conference => self.put_conference(goal, image),
            Kind::PresenceGroup => {
                let group = self.placed(goal, image).and_then(|it| self.reading.presence_group(it, Id::new(goal.id)));
                back(&mut self.reading.new.presence_groups, &current.presence_groups, group, goal.entry);
            }
            Kind::PhoneHintGroup => {
                let group = self.placed(goal, image).and_then(|it| self.reading.phone_hint_group(it, Id::new(goal.id)));
                back(&mut self.reading.new.phone_hint_groups, &current.phone_hint_groups, group, goal.entry);
            }
            Kind::Profile => {
                let form = self.placed(goal, image);
                let read = |it| self.reading.profile(it, Id::new(goal.id), &self.groups, &self.hints);
                let profile = form.and_then(read);
                back(&mut self.reading.new.profiles, &current.profiles, profile, goal.entry);
            }
            Kind::Context => {
                let form = self.placed(goal, image);
                let context = form.and_then(|it| self.reading.context(it, Id::new(goal.id), &self.contexts));
                back(&mut self.reading.new.contexts, &current.contexts, context, goal.entry);
            }
            Kind::Line => {
                let form = self.placed(goal, image);
                let line = form.and_then(|it| self.reading.line(it, Id::new(goal.id), &self.contexts, &self.users));
                back(&mut self.reading.new.lines, &current.lines, line, goal.entry);
            }
            Kind::Voicemail => {
                let form = self.placed(goal, image);
                let read = |it| self.reading.voicemail(it, Id::new(goal.id), &self.contexts, &self.users);
                let voicemail = form.and_then(read);
                back(&mut self.reading.new.voicemails, &current.voicemails, voicemail, goal.entry);
            }
            Kind::Agent => {
                let form = self.placed(goal, image);
                let agent = form.and_then(|it| self.reading.agent(it, Id::new(goal.id), &self.contexts, &self.users));
                back(&mut self.reading.new.agents, &current.agents, agent, goal.entry);
            }
            Kind::Queue => {
                let form = self.placed(goal, image);
                let queue = form.and_then(|it| self.reading.queue(it, Id::new(goal.id), &self.contexts, &self.agents));
                back(&mut self.reading.new.queues, &current.queues, queue, goal.entry);
            }
            Kind::PhoneBookEntry => {
                let form = self.placed(goal, image);
                let entry = form.and_then(|it| self.reading.phone_book_entry(it, Id::new(goal.id), &self.contexts));
                back(&mut self.reading.new.phone_book, &current.phone_book, entry, goal.entry);
            }
        }
    }

    fn put_server(&mut self, goal: &Goal, image: &Value) {
        match image["server_uuid"].as_str().and_then(ServerUuid::parse) {
            Some(uuid) => self.reading.new.server_uuid = uuid,
            None => self.reading.problem(Rule::D1, &goal.on, "its image has no UUID"),
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

    fn put_presence(&mut self, goal: &Goal, mut image: Value) {
        let (group, position) = match image.as_object_mut() {
            Some(members) => (members.remove("group"), members.remove("position")),
            None => (None, None),
        };
        let group = group.as_ref().and_then(Value::as_str).unwrap_or_default();
        let group = self.reading.refer(Rule::P7, &goal.on, "presence group", &self.groups, group);
        let position = position.as_ref().and_then(Value::as_u64).and_then(|it| u32::try_from(it).ok()).unwrap_or(1);
        let Some((placed, group)) = self.placed(goal, image).zip(group) else { return };
        let find = |name: &str| self.presences.get(&(group, name.to_owned())).copied();
        let presence = self.reading.presence(placed, Id::new(goal.id), group, position, find);
        let current = self.reading.current;
        back(&mut self.reading.new.presences, &current.presences, presence, goal.entry);
    }

    fn put_user(&mut self, goal: &Goal, image: Value) {
        let Some(Placed { place, form }) = self.placed::<form::User>(goal, image) else { return };
        let (id, current) = (UserId::new(goal.id), self.reading.current);
        let Some(uuid) = form.uuid.as_deref().and_then(UserUuid::parse) else {
            return self.reading.problem(Rule::D1, &goal.on, "its image has no UUID");
        };
        // "set": the one that he has now stays.
        let old = form.password_hash.is_some().then_some(id);
        let is_new = current.users.get(id).is_none();
        let form = form::User { password_hash: None, ..form };
        let Some(mut user) = self.reading.user(Placed { place, form }, id, uuid, old.as_ref(), &self.profiles) else {
            return;
        };
        if old.is_some() && user.password.is_none() {
            let disabled = if is_new { " and are disabled" } else { "" };
            user.enabled &= !is_new;
            self.notes.push(format!(
                "{} had a password, which the history does not keep: they have none now{disabled}",
                goal.on
            ));
        }
        back(&mut self.reading.new.users, &current.users, Some(user), goal.entry);
    }

    fn put_conference(&mut self, goal: &Goal, image: Value) {
        let Some(Placed { place, form }) = self.placed::<form::Conference>(goal, image) else { return };
        let current = self.reading.current;
        let had_pin = form.pin.is_some();
        let kept = current.conferences.get(Id::new(goal.id)).and_then(|room| room.pin.clone()).filter(|_| had_pin);
        let placed = Placed { place, form: form::Conference { pin: None, ..form } };
        let room = self.reading.conference(placed, Id::new(goal.id), kept, &self.contexts);
        if had_pin && room.as_ref().is_some_and(|room| room.pin.is_none()) {
            self.notes.push(format!("{} had a PIN, which the history does not keep: everybody may enter now", goal.on));
        }
        back(&mut self.reading.new.conferences, &current.conferences, room, goal.entry);
    }

    fn placed<F: DeserializeOwned>(&mut self, goal: &Goal, image: Value) -> Option<Placed<F>> {
        match serde_json::from_value(image) {
            Ok(form) => Some(Placed { place: goal.on.clone(), form }),
            Err(error) => {
                self.reading.problems.push(malformed(&goal.on, &error));
                None
            }
        }
    }
}

/// The names of now and of what comes back.
fn names<T: Object>(table: &Table<T>, goals: &Goals, member: &str, name: impl Fn(&T) -> String) -> Names<T::Id> {
    let now = table.iter().map(|object| (name(object), object.id()));
    let back = goals.values().filter(|goal| goal.kind == T::KIND);
    let back =
        back.filter_map(|goal| Some((goal.image.as_ref()?.get(member)?.as_str()?.to_owned(), T::Id::new(goal.id))));
    now.chain(back).collect()
}

/// A returning object's version is higher than any that it ever had, as each of its changes has an entry of its own:
/// whoever still has a form of it open is told that it changed.
fn back<C: Collection>(new: &mut C, current: &C, object: Option<C::Object>, entry: AuditId) {
    let Some(mut object) = object else { return };
    if current.objects().get(object.id()).is_some() {
        return settle(new, current, object);
    }
    object.set_version(u32::try_from(entry.number()).map_or(u32::MAX / 2, |entry| entry.clamp(1, u32::MAX / 2)));
    new.share(&Arc::new(object));
}
