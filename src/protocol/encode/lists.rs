//! The `getlist` family: configurations and statuses, asked for and told (protocol 4.5, 5.1–5.5).

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;

use super::words::{Number, Text, Texts, say};
use super::{Empty, NONE};
use crate::protocol::notice::{
    AgentAvailability, Config, QueueMemberConfig, Status, StatusAnswer, UserConfig, UserServices,
};
use crate::protocol::request::{ListName, UnknownListAsked};
use crate::settings::id::{AgentId, LineId, QueueId, ServerUuid, UserId};

const CONFIG: &str = "updateconfig";
const STATUS: &str = "updatestatus";

/// `listid`, `addconfig` and `delconfig`.
pub(super) fn ids<M: SerializeMap>(
    function: &str,
    list: ListName,
    ids: &[Box<str>],
    map: &mut M,
) -> Result<(), M::Error> {
    head(function, list.as_str(), map)?;
    say!(map, "list" => ids)
}

pub(super) fn config_answer<M: SerializeMap>(
    list: ListName,
    tid: &Value,
    config: Option<&Config>,
    map: &mut M,
) -> Result<(), M::Error> {
    head(CONFIG, list.as_str(), map)?;
    match config {
        Some(config) => say!(map, "tid" => tid, "config" => AsMembers(config)),
        None => say!(map, "tid" => tid, "config" => Empty {}),
    }
}

pub(super) fn status_answer<M: SerializeMap>(
    list: ListName,
    tid: &Value,
    status: &StatusAnswer,
    map: &mut M,
) -> Result<(), M::Error> {
    head(STATUS, list.as_str(), map)?;
    match status {
        StatusAnswer::Known(status) => say!(map, "tid" => tid, "status" => AsMembers(status)),
        StatusAnswer::Unknown => say!(map, "tid" => tid, "status" => Empty {}),
        StatusAnswer::Null => say!(map, "tid" => tid, "status" => ()),
    }
}

pub(super) fn unknown_list<M: SerializeMap>(
    asked: UnknownListAsked,
    name: &str,
    tid: &Value,
    map: &mut M,
) -> Result<(), M::Error> {
    match asked {
        UnknownListAsked::Config => {
            head(CONFIG, name, map)?;
            say!(map, "tid" => tid, "config" => Empty {})
        }
        UnknownListAsked::Status => {
            head(STATUS, name, map)?;
            say!(map, "tid" => tid, "status" => Empty {})
        }
    }
}

pub(super) fn config<M: SerializeMap>(list: ListName, tid: &str, config: &Config, map: &mut M) -> Result<(), M::Error> {
    head(CONFIG, list.as_str(), map)?;
    say!(map, "tid" => tid, "config" => AsMembers(config))
}

pub(super) fn status<M: SerializeMap>(list: ListName, tid: &str, status: &Status, map: &mut M) -> Result<(), M::Error> {
    head(STATUS, list.as_str(), map)?;
    match (status, tid.parse::<i64>()) {
        // The one `tid` that is an integer (protocol 4.5.6).
        (Status::Agent(_), Ok(tid)) => say!(map, "tid" => tid)?,
        _ => say!(map, "tid" => tid)?,
    }
    say!(map, "status" => AsMembers(status))
}

fn head<M: SerializeMap>(function: &str, list: &str, map: &mut M) -> Result<(), M::Error> {
    say!(map, "class" => "getlist", "function" => function, "listname" => list, "tipbxid" => "xivo")
}

/// A configuration or status as the object of its members.
struct AsMembers<'a, T>(&'a T);

impl Serialize for AsMembers<'_, Config> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Config::User(user) => User::of(user).serialize(serializer),
            Config::UserServices(services) => Services(services).serialize(serializer),
            Config::Phone { number, user, identity } => {
                Phone { number, iduserfeatures: Number(*user), identity }.serialize(serializer)
            }
            Config::Agent { number, first_name, last_name, context } => {
                Agent { number, firstname: first_name, lastname: last_name, context }.serialize(serializer)
            }
            Config::Queue { name, display, number, context } => {
                Queue { name, displayname: display, number, context }.serialize(serializer)
            }
            Config::Voicemail { mailbox, context } => Voicemail { mailbox, context }.serialize(serializer),
            Config::Meetme { number, name, context } => {
                Meetme { confno: number, name, context, admin_moderationmode: 0 }.serialize(serializer)
            }
            Config::QueueMember(member) => QueueMember::of(member).serialize(serializer),
        }
    }
}

impl Serialize for AsMembers<'_, Status> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Status::User { is_connected, availstate } => {
                let connection = is_connected.then_some("yes");
                UserStatusMembers { connection, availstate }.serialize(serializer)
            }
            Status::Presence { availstate } => PresenceMembers { availstate }.serialize(serializer),
            Status::Phone { hintstatus } => PhoneStatus { hintstatus }.serialize(serializer),
            Status::Agent(agent) => AgentStatusMembers::of(agent).serialize(serializer),
            Status::AgentPhone { phone_number } => AgentPhone { phonenumber: phone_number }.serialize(serializer),
            Status::AgentQueues(agent) => AgentQueues::of(agent).serialize(serializer),
            Status::Queue => QueueStatus { agentmembers: NONE, phonemembers: NONE }.serialize(serializer),
            Status::Voicemail { new } => VoicemailStatus { new: NewMessages::of(*new) }.serialize(serializer),
            Status::Meetme => MeetmeStatus { pseudochan: (), channels: Empty {}, paused: false }.serialize(serializer),
            Status::QueueMember(member) => QueueMember::of(member).serialize(serializer),
        }
    }
}

#[derive(Serialize)]
struct User<'a> {
    firstname: &'a str,
    lastname: &'a str,
    fullname: &'a str,
    mobilephonenumber: &'a str,
    agentid: Option<Number<AgentId>>,
    voicemailid: Option<i64>,
    enablevoicemail: bool,
    enablednd: bool,
    incallfilter: bool,
    enableunc: bool,
    destunc: &'a str,
    enablerna: bool,
    destrna: &'a str,
    enablebusy: bool,
    destbusy: &'a str,
    linelist: Texts<'a, LineId>,
    xivo_uuid: Text<ServerUuid>,
    /// Clients up to 16.08 offer transfers only then (protocol decision 1).
    enablexfer: bool,
}

impl<'a> User<'a> {
    fn of(user: &'a UserConfig) -> Self {
        let services = &user.services;
        let (enableunc, destunc) = forward(services.unconditional.as_ref());
        let (enablerna, destrna) = forward(services.no_answer.as_ref());
        let (enablebusy, destbusy) = forward(services.busy.as_ref());
        Self {
            firstname: &user.first_name,
            lastname: &user.last_name,
            fullname: &user.full_name,
            mobilephonenumber: &user.mobile,
            agentid: user.agent.map(Number),
            voicemailid: user.voicemail,
            enablevoicemail: user.voicemail.is_some(),
            enablednd: services.enablednd.unwrap_or_default(),
            incallfilter: services.incallfilter.unwrap_or_default(),
            enableunc,
            destunc,
            enablerna,
            destrna,
            enablebusy,
            destbusy,
            linelist: Texts(&user.lines),
            xivo_uuid: Text(user.server),
            enablexfer: true,
        }
    }
}

fn forward(forward: Option<&(bool, Box<str>)>) -> (bool, &str) {
    forward.map_or((false, ""), |(is_on, destination)| (*is_on, destination))
}

/// Only what changed (protocol 4.5.5).
struct Services<'a>(&'a UserServices);

impl Serialize for Services<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let services = self.0;
        let mut map = serializer.serialize_map(None)?;
        let switches = [
            ("enablednd", services.enablednd),
            ("incallfilter", services.incallfilter),
            ("enablerecording", services.enablerecording),
        ];
        for (name, is_on) in switches {
            if let Some(is_on) = is_on {
                map.serialize_entry(name, &is_on)?;
            }
        }
        let forwards = [
            ("enableunc", "destunc", &services.unconditional),
            ("enablerna", "destrna", &services.no_answer),
            ("enablebusy", "destbusy", &services.busy),
        ];
        for (enable, destination, forward) in forwards {
            if let Some((is_on, number)) = forward {
                map.serialize_entry(enable, is_on)?;
                map.serialize_entry(destination, number)?;
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Phone<'a> {
    number: &'a str,
    iduserfeatures: Number<UserId>,
    identity: &'a str,
}

#[derive(Serialize)]
struct Agent<'a> {
    number: &'a str,
    firstname: &'a str,
    lastname: &'a str,
    context: &'a str,
}

#[derive(Serialize)]
struct Queue<'a> {
    name: &'a str,
    displayname: &'a str,
    number: &'a str,
    context: &'a str,
}

#[derive(Serialize)]
struct Voicemail<'a> {
    mailbox: &'a str,
    context: &'a str,
}

#[derive(Serialize)]
struct Meetme<'a> {
    confno: &'a str,
    name: &'a str,
    context: &'a str,
    admin_moderationmode: u8,
}

/// Configuration and status of a queue member alike: eight texts (protocol 4.5.4).
#[derive(Serialize)]
struct QueueMember<'a> {
    queue_name: &'a str,
    interface: &'a str,
    membership: &'static str,
    penalty: &'a str,
    paused: &'static str,
    status: &'a str,
    callstaken: &'a str,
    lastcall: &'a str,
}

impl<'a> QueueMember<'a> {
    fn of(member: &'a QueueMemberConfig) -> Self {
        Self {
            queue_name: &member.queue,
            interface: &member.interface,
            membership: "static",
            penalty: &member.penalty,
            paused: if member.is_paused { "1" } else { "0" },
            status: &member.status,
            callstaken: &member.calls_taken,
            lastcall: &member.last_call,
        }
    }
}

#[derive(Serialize)]
struct UserStatusMembers<'a> {
    connection: Option<&'static str>,
    availstate: &'a str,
}

#[derive(Serialize)]
struct PresenceMembers<'a> {
    availstate: &'a str,
}

#[derive(Serialize)]
struct PhoneStatus<'a> {
    hintstatus: &'a str,
}

#[derive(Serialize)]
struct AgentStatusMembers<'a> {
    availability: &'static str,
    availability_since: f64,
    phonenumber: Option<&'a str>,
    channel: (),
    on_call_acd: bool,
    on_wrapup: bool,
    nonacd_call_status: Option<(&'static str, bool)>,
    queues: Texts<'a, QueueId>,
    groups: [(); 0],
}

impl<'a> AgentStatusMembers<'a> {
    fn of(agent: &'a AgentAvailability) -> Self {
        Self {
            availability: agent.availability,
            availability_since: agent.since,
            phonenumber: agent.phone_number.as_deref(),
            channel: (),
            on_call_acd: agent.is_on_queue_call,
            on_wrapup: agent.is_resting,
            nonacd_call_status: agent.other_call,
            queues: Texts(&agent.queues),
            groups: NONE,
        }
    }
}

#[derive(Serialize)]
struct AgentPhone<'a> {
    phonenumber: &'a str,
}

/// As `AgentStatusMembers`, without what is null.
#[derive(Serialize)]
struct AgentQueues<'a> {
    availability: &'static str,
    availability_since: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    phonenumber: Option<&'a str>,
    on_call_acd: bool,
    on_wrapup: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonacd_call_status: Option<(&'static str, bool)>,
    queues: Texts<'a, QueueId>,
    groups: [(); 0],
}

impl<'a> AgentQueues<'a> {
    fn of(agent: &'a AgentAvailability) -> Self {
        let AgentStatusMembers {
            availability,
            availability_since,
            phonenumber,
            on_call_acd,
            on_wrapup,
            nonacd_call_status,
            queues,
            groups,
            channel: (),
        } = AgentStatusMembers::of(agent);
        Self {
            availability,
            availability_since,
            phonenumber,
            on_call_acd,
            on_wrapup,
            nonacd_call_status,
            queues,
            groups,
        }
    }
}

#[derive(Serialize)]
struct QueueStatus {
    agentmembers: [(); 0],
    phonemembers: [(); 0],
}

#[derive(Serialize)]
struct VoicemailStatus {
    new: NewMessages,
}

/// An integer before anything is known, then a text (protocol 4.5.3).
#[derive(Serialize)]
#[serde(untagged)]
enum NewMessages {
    Unknown(u32),
    Known(String),
}

impl NewMessages {
    fn of(new: Option<u32>) -> Self {
        new.map_or(Self::Unknown(0), |new| Self::Known(new.to_string()))
    }
}

#[derive(Serialize)]
struct MeetmeStatus {
    pseudochan: (),
    channels: Empty,
    paused: bool,
}
