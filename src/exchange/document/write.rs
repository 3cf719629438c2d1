//! From a configuration to the export document, and from one object to its audit image. Hashes, PINs and secrets come
//! out in one of three ways and in no other place than `shown`.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::layout::lay_out;
use super::{FORMAT, Secrets, form};
use crate::settings::agent::Agent;
use crate::settings::conference::Conference;
use crate::settings::configuration::Configuration;
use crate::settings::context::Context;
use crate::settings::id::{AgentId, Id, PresenceGroupId, ProfileId, UserId};
use crate::settings::label::context_name;
use crate::settings::line::Line;
use crate::settings::phone_book::{Field, PhoneBookEntry};
use crate::settings::phone_hint::PhoneHintGroup;
use crate::settings::presence::{Presence, PresenceGroup};
use crate::settings::profile::{Profile, ProfileXlet, XletFlags};
use crate::settings::queue::Queue;
use crate::settings::setting::{Key, SettingType, SettingValue};
use crate::settings::table::{Kind, Object, Table};
use crate::settings::user::User;
use crate::settings::voicemail::Voicemail;
use crate::settings::whole::WholeConfiguration;

/// How secrets come out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    Nothing,
    /// `"set"` or null: what audit and comparison show.
    Presence,
    Everything,
}

/// The whole configuration as a document.
pub(crate) fn write(configuration: &WholeConfiguration, secrets: Secrets) -> String {
    let show = match secrets {
        Secrets::Omitted => Show::Nothing,
        Secrets::Included => Show::Everything,
    };
    let document = form::Document {
        format: Some(FORMAT.to_owned()),
        with_secrets: Some(secrets == Secrets::Included),
        server_uuid: Some(configuration.server_uuid.to_string()),
        next_ids: next_ids(configuration),
        settings: Some(settings(configuration, show)),
        presence_groups: Some(list(&configuration.presence_groups, |group| with_presences(configuration, group))),
        phone_hint_groups: Some(list(&configuration.phone_hint_groups, phone_hint_group)),
        profiles: Some(list(&configuration.profiles, |profile_| profile(configuration, profile_))),
        contexts: Some(list(&configuration.contexts, |context_| context(configuration, context_))),
        users: Some(list(&configuration.users, |user_| user(configuration, user_, show))),
        lines: Some(list(&configuration.lines, |line_| line(configuration, line_))),
        voicemails: Some(list(&configuration.voicemails, |voicemail_| voicemail(configuration, voicemail_))),
        conferences: Some(list(&configuration.conferences, |conference_| conference(configuration, conference_, show))),
        agents: Some(list(&configuration.agents, |agent_| agent(configuration, agent_))),
        queues: Some(list(&configuration.queues, |queue_| queue(configuration, queue_))),
        phone_book: Some(phone_book(configuration)),
    };
    lay_out(&value(&document))
}

/// One object as audit images and comparisons show it: members as in the document, secrets as `"set"` or null. A setting's
/// number is its place in `Key::ALL`. Null if there is no such object.
pub(crate) fn object_json(kind: Kind, id: i64, configuration: &Configuration) -> Value {
    image(kind, id, configuration, Show::Presence)
}

/// The same with every secret: for comparing alone.
pub(super) fn object_with_secrets(kind: Kind, id: i64, configuration: &Configuration) -> Value {
    image(kind, id, configuration, Show::Everything)
}

fn image(kind: Kind, id: i64, configuration: &Configuration, show: Show) -> Value {
    let c = configuration;
    match kind {
        Kind::Server => json!({"server_uuid": c.server_uuid.to_string()}),
        Kind::Setting => {
            let key = usize::try_from(id).ok().and_then(|place| Key::ALL.get(place));
            key.and_then(|key| c.settings.get(key)).map_or(Value::Null, setting_json)
        }
        Kind::PresenceGroup => one(&c.presence_groups, id, presence_group),
        Kind::Presence => one(&c.presences, id, |object| placed_presence(c, object)),
        Kind::PhoneHintGroup => one(&c.phone_hint_groups, id, phone_hint_group),
        Kind::Profile => one(&c.profiles, id, |object| profile(c, object)),
        Kind::Context => one(&c.contexts, id, |object| context(c, object)),
        Kind::User => one(&c.users, id, |object| user(c, object, show)),
        Kind::Line => one(&c.lines, id, |object| line(c, object)),
        Kind::Voicemail => one(&c.voicemails, id, |object| voicemail(c, object)),
        Kind::Conference => one(&c.conferences, id, |object| conference(c, object, show)),
        Kind::Agent => one(&c.agents, id, |object| agent(c, object)),
        Kind::Queue => one(&c.queues, id, |object| queue(c, object)),
        Kind::PhoneBookEntry => one(c.phone_book.at_hand(), id, |object| phone_book_entry(c, object)),
    }
}

/// A setting as audit images and comparisons show it: `{"key": …, "value": …}`, a secret as `"set"` or null.
pub(crate) fn setting_json(setting: &SettingValue) -> Value {
    json!({"key": setting.key().as_str(), "value": setting_value(setting, Show::Presence)})
}

fn one<T: Object>(table: &Table<T>, id: i64, write: impl FnOnce(&T) -> Value) -> Value {
    table.get(T::Id::new(id)).map_or(Value::Null, |object| write(object))
}

fn list<T: Object>(table: &Table<T>, write: impl Fn(&T) -> Value) -> Vec<Value> {
    table.iter().map(|object| write(object)).collect()
}

fn value(form: &impl Serialize) -> Value {
    serde_json::to_value(form).expect("texts, numbers, lists and maps with text keys always become JSON")
}

fn next_ids(configuration: &Configuration) -> Map<String, Value> {
    let c = configuration;
    [
        ("presence_groups", c.presence_groups.next_number()),
        ("presences", c.presences.next_number()),
        ("phone_hint_groups", c.phone_hint_groups.next_number()),
        ("profiles", c.profiles.next_number()),
        ("contexts", c.contexts.next_number()),
        ("users", c.users.next_number()),
        ("lines", c.lines.next_number()),
        ("voicemails", c.voicemails.next_number()),
        ("conferences", c.conferences.next_number()),
        ("agents", c.agents.next_number()),
        ("queues", c.queues.next_number()),
        ("phone_book", c.phone_book.at_hand().next_number()),
    ]
    .into_iter()
    .map(|(list, next)| (list.to_owned(), Value::from(next)))
    .collect()
}

fn settings(configuration: &Configuration, show: Show) -> Map<String, Value> {
    let written = configuration.settings.iter().filter(|(key, _)| show == Show::Everything || !key.is_secret());
    written.map(|(key, setting)| (key.as_str().to_owned(), setting_value(setting, show))).collect()
}

fn setting_value(setting: &SettingValue, show: Show) -> Value {
    let text = setting.reveal();
    match setting.key().value_type() {
        SettingType::Bool => Value::from(text == "true"),
        SettingType::Integer { .. } | SettingType::Seconds { .. } | SettingType::Days { .. } => {
            text.parse::<u32>().map_or_else(|_| Value::from(text), Value::from)
        }
        SettingType::WordList(_) | SettingType::AddressList | SettingType::Columns => text.split(',').collect(),
        SettingType::Secret => shown(Some(text).filter(|text| !text.is_empty() || show == Show::Everything), show)
            .map_or(Value::Null, Value::from),
        SettingType::Word(_) | SettingType::Text | SettingType::Path | SettingType::TimeOfDay => Value::from(text),
    }
}

/// The one place that decides whether a secret leaves this room.
fn shown(secret: Option<&str>, show: Show) -> Option<String> {
    let secret = secret?;
    match show {
        Show::Nothing => None,
        Show::Presence => Some("set".to_owned()),
        Show::Everything => Some(secret.to_owned()),
    }
}

fn presence_group(group: &PresenceGroup) -> Value {
    value(&group_form(group, Vec::new()))
}

fn with_presences(configuration: &Configuration, group: &PresenceGroup) -> Value {
    let presences = configuration.presences_of(group.id);
    let presences = presences.into_iter().map(|object| value(&presence_form(configuration, object))).collect();
    value(&group_form(group, presences))
}

fn group_form(group: &PresenceGroup, presences: Vec<Value>) -> form::PresenceGroup {
    form::PresenceGroup {
        id: Some(group.id.number()),
        name: group.name.to_string(),
        description: group.description.to_string(),
        deletable: Some(group.deletable),
        presences,
    }
}

fn presence_form(configuration: &Configuration, presence: &Presence) -> form::Presence {
    form::Presence {
        id: Some(presence.id.number()),
        name: presence.name.to_string(),
        display: presence.display.to_string(),
        color: presence.color.to_string(),
        allowed: configuration.allowed_from(presence).into_iter().map(|other| other.name.to_string()).collect(),
        actions: presence.actions.iter().map(|a| (a.name().to_owned(), a.parameter().to_owned())).collect(),
        deletable: Some(!presence.is_mandatory()),
    }
}

/// A presence alone says where it stands.
fn placed_presence(configuration: &Configuration, presence: &Presence) -> Value {
    let mut placed = value(&presence_form(configuration, presence));
    placed["group"] = Value::from(group_name(configuration, presence.group));
    placed["position"] = Value::from(presence.position);
    placed
}

fn phone_hint_group(group: &PhoneHintGroup) -> Value {
    let hints = group.hints.iter().map(|(number, hint)| form::PhoneHint {
        number: number.number().into(),
        text: hint.text.to_string(),
        color: hint.color.to_string(),
    });
    value(&form::PhoneHintGroup {
        id: Some(group.id.number()),
        name: group.name.to_string(),
        description: group.description.to_string(),
        deletable: Some(group.deletable),
        hints: hints.collect(),
    })
}

fn profile(configuration: &Configuration, profile: &Profile) -> Value {
    let hints = configuration.phone_hint_groups.get(profile.phone_hint_group);
    let preferences = profile.preferences.iter();
    value(&form::Profile {
        id: Some(profile.id.number()),
        name: profile.name.to_string(),
        presence_group: group_name(configuration, profile.presence_group),
        phone_hint_group: hints.map_or_else(|| profile.phone_hint_group.to_string(), |group| group.name.to_string()),
        services: profile.services.iter().map(|service| service.as_str().to_owned()).collect(),
        preferences: preferences.map(|(name, value)| (name.as_str().to_owned(), value.as_str().to_owned())).collect(),
        xlets: profile.xlets.iter().map(xlet).collect(),
    })
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

fn context(configuration: &Configuration, context: &Context) -> Value {
    value(&form::Context {
        id: Some(context.id.number()),
        name: context.name.to_string(),
        includes: context.includes.iter().map(|id| context_name(configuration, *id)).collect(),
    })
}

fn user(configuration: &Configuration, user: &User, show: Show) -> Value {
    value(&form::User {
        id: Some(user.id.number()),
        uuid: Some(user.uuid.to_string()),
        login: user.login.as_ref().map(ToString::to_string),
        first_name: user.first_name.to_string(),
        last_name: user.last_name.to_string(),
        email: user.email.as_ref().map(ToString::to_string),
        mobile: user.mobile.as_ref().map(ToString::to_string),
        password_hash: shown(user.password.as_ref().map(|hash| hash.as_str()), show),
        enabled: Some(user.enabled),
        profile: user.profile.map(|id| profile_name(configuration, id)),
    })
}

fn line(configuration: &Configuration, line: &Line) -> Value {
    value(&form::Line {
        id: Some(line.id.number()),
        extension: line.extension.to_string(),
        context: context_name(configuration, line.context),
        user: user_name(configuration, line.user),
        device: Some(line.device.to_string()),
        main: line.is_main,
    })
}

fn voicemail(configuration: &Configuration, voicemail: &Voicemail) -> Value {
    value(&form::Voicemail {
        id: Some(voicemail.id.number()),
        mailbox: voicemail.mailbox.to_string(),
        context: context_name(configuration, voicemail.context),
        user: voicemail.user.map(|id| user_name(configuration, id)),
    })
}

fn conference(configuration: &Configuration, conference: &Conference, show: Show) -> Value {
    value(&form::Conference {
        id: Some(conference.id.number()),
        number: conference.number.to_string(),
        name: conference.name.to_string(),
        context: context_name(configuration, conference.context),
        pin: shown(conference.pin.as_ref().map(|pin| pin.as_str()), show),
    })
}

fn agent(configuration: &Configuration, agent: &Agent) -> Value {
    value(&form::Agent {
        id: Some(agent.id.number()),
        number: agent.number.to_string(),
        first_name: agent.first_name.to_string(),
        last_name: agent.last_name.to_string(),
        context: context_name(configuration, agent.context),
        user: agent.user.map(|id| user_name(configuration, id)),
    })
}

fn queue(configuration: &Configuration, queue: &Queue) -> Value {
    let members = queue
        .members
        .iter()
        .map(|member| form::QueueMember { agent: agent_number(configuration, member.agent), penalty: member.penalty });
    value(&form::Queue {
        id: Some(queue.id.number()),
        name: queue.name.to_string(),
        display: queue.display.to_string(),
        number: queue.number.to_string(),
        context: context_name(configuration, queue.context),
        wrapup_seconds: queue.wrapup_seconds,
        members: members.collect(),
    })
}

/// All entries, as the document lists them.
pub(super) fn phone_book(configuration: &WholeConfiguration) -> Vec<Value> {
    list(configuration.entries(), |entry| phone_book_entry(configuration, entry))
}

fn phone_book_entry(configuration: &Configuration, entry: &PhoneBookEntry) -> Value {
    let text = |field| Some(entry.details.text(field).to_owned()).filter(|text| !text.is_empty());
    value(&form::PhoneBookEntry {
        id: Some(entry.id.number()),
        first_name: text(Field::FirstName),
        last_name: text(Field::LastName),
        number: text(Field::Number),
        mobile: text(Field::Mobile),
        email: text(Field::Email),
        company: text(Field::Company),
        fax: text(Field::Fax),
        home: text(Field::Home),
        other: text(Field::Other),
        context: entry.context.map(|id| context_name(configuration, id)),
    })
}

fn group_name(configuration: &Configuration, id: PresenceGroupId) -> String {
    name_of(&configuration.presence_groups, id, |group| group.name.to_string())
}

fn profile_name(configuration: &Configuration, id: ProfileId) -> String {
    name_of(&configuration.profiles, id, |profile| profile.name.to_string())
}

fn user_name(configuration: &Configuration, id: UserId) -> String {
    name_of(&configuration.users, id, |user| user.login_or_uuid())
}

fn agent_number(configuration: &Configuration, id: AgentId) -> String {
    name_of(&configuration.agents, id, |agent| agent.number.to_string())
}

/// The name by which an object is referred to, or its bare id if it does not exist.
fn name_of<T: Object>(table: &Table<T>, id: T::Id, name: impl FnOnce(&Arc<T>) -> String) -> String {
    table.get(id).map_or_else(|| id.to_string(), name)
}
