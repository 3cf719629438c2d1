//! The members of the export document as serde sees them: plain texts and numbers, in the order in which they are
//! written. Only `write` fills and `read` checks them; an unknown member is refused by its name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The top level. Members are optional here so that `read` can name all missing ones at once.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Document {
    pub(super) format: Option<String>,
    /// Whether hashes, PINs and secrets stand in it: where they do not, null says nothing about them.
    pub(super) with_secrets: Option<bool>,
    pub(super) server_uuid: Option<String>,
    /// By list, the lowest id that was never used, so that none is used again.
    #[serde(default)]
    pub(super) next_ids: Map<String, Value>,
    pub(super) settings: Option<Map<String, Value>>,
    pub(super) presence_groups: Option<Vec<Value>>,
    pub(super) phone_hint_groups: Option<Vec<Value>>,
    pub(super) profiles: Option<Vec<Value>>,
    pub(super) contexts: Option<Vec<Value>>,
    pub(super) users: Option<Vec<Value>>,
    pub(super) lines: Option<Vec<Value>>,
    pub(super) voicemails: Option<Vec<Value>>,
    pub(super) conferences: Option<Vec<Value>>,
    pub(super) agents: Option<Vec<Value>>,
    pub(super) queues: Option<Vec<Value>>,
    /// Not in documents of versions that had no dial rules; in their order.
    pub(super) dial_rules: Option<Vec<Value>>,
    /// Not in documents of versions that had no accounts.
    pub(super) accounts: Option<Vec<Value>>,
    /// Not in documents of versions that had no phone book.
    pub(super) phone_book: Option<Vec<Value>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PresenceGroupForm {
    pub(super) id: Option<i64>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) deletable: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) presences: Vec<Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PresenceForm {
    pub(super) id: Option<i64>,
    pub(super) name: String,
    pub(super) display: String,
    pub(super) color: String,
    /// Itself included, in order of position; empty if no other is reachable (rule P8).
    #[serde(default)]
    pub(super) allowed: Vec<String>,
    #[serde(default)]
    pub(super) actions: Vec<(String, String)>,
    /// Follows from the name (rule P9).
    pub(super) deletable: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhoneHintGroupForm {
    pub(super) id: Option<i64>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) deletable: Option<bool>,
    pub(super) hints: Vec<PhoneHintForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhoneHintForm {
    pub(super) number: i64,
    pub(super) text: String,
    pub(super) color: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProfileForm {
    pub(super) id: Option<i64>,
    pub(super) name: String,
    pub(super) presence_group: String,
    pub(super) phone_hint_group: String,
    /// Left out where it is not so, as in what older versions wrote.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) may_listen: bool,
    #[serde(default)]
    pub(super) services: Vec<String>,
    #[serde(default)]
    pub(super) preferences: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) xlets: Vec<Xlet>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DialRuleForm {
    pub(super) id: Option<i64>,
    pub(super) prefix: String,
    #[serde(default)]
    pub(super) strip: u8,
    #[serde(default)]
    pub(super) add: String,
    pub(super) context: Option<String>,
}

/// `["queues", "dock", null]`: xlet, position, number; all four flags unless their letters follow as a fourth.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "an xlet is [\"name\", \"position\", number or null] and, if not all are set, \"flags\"")]
pub(super) enum Xlet {
    AllFlags(String, String, Option<i64>),
    SomeFlags(String, String, Option<i64>, String),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ContextForm {
    pub(super) id: Option<i64>,
    pub(super) name: String,
    #[serde(default)]
    pub(super) includes: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserForm {
    pub(super) id: Option<i64>,
    /// May be left out for a user who is there already.
    pub(super) uuid: Option<String>,
    /// Null or left out: has none, and is referred to by the UUID.
    pub(super) login: Option<String>,
    pub(super) first_name: String,
    #[serde(default)]
    pub(super) last_name: String,
    pub(super) email: Option<String>,
    pub(super) mobile: Option<String>,
    pub(super) password_hash: Option<String>,
    /// Left out: true, but for a user without a login.
    pub(super) enabled: Option<bool>,
    pub(super) profile: Option<String>,
    /// Left out where it is not so, as in what older versions wrote.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) break_glass: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineForm {
    pub(super) id: Option<i64>,
    pub(super) extension: String,
    pub(super) context: String,
    pub(super) user: String,
    pub(super) device: Option<String>,
    #[serde(default)]
    pub(super) main: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VoicemailForm {
    pub(super) id: Option<i64>,
    pub(super) mailbox: String,
    pub(super) context: String,
    pub(super) user: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConferenceForm {
    pub(super) id: Option<i64>,
    pub(super) number: String,
    pub(super) name: String,
    pub(super) context: String,
    pub(super) pin: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgentForm {
    pub(super) id: Option<i64>,
    pub(super) number: String,
    pub(super) first_name: String,
    #[serde(default)]
    pub(super) last_name: String,
    pub(super) context: String,
    pub(super) user: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QueueForm {
    pub(super) id: Option<i64>,
    pub(super) name: String,
    pub(super) display: String,
    pub(super) number: String,
    pub(super) context: String,
    #[serde(default)]
    pub(super) wrapup_seconds: u16,
    #[serde(default)]
    pub(super) members: Vec<QueueMemberForm>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QueueMemberForm {
    /// The number of an agent, or else `line`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) agent: Option<String>,
    /// `1001@default`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<String>,
    #[serde(default)]
    pub(super) penalty: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PhoneBookEntryForm {
    pub(super) id: Option<i64>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) number: Option<String>,
    pub(super) mobile: Option<String>,
    pub(super) email: Option<String>,
    pub(super) company: Option<String>,
    pub(super) fax: Option<String>,
    pub(super) home: Option<String>,
    pub(super) other: Option<String>,
    /// Null: everyone's.
    pub(super) context: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountForm {
    pub(super) id: Option<i64>,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) password_hash: Option<String>,
    /// Left out: true.
    pub(super) enabled: Option<bool>,
    pub(super) rights: Vec<String>,
    /// Empty: it may see everything.
    #[serde(default)]
    pub(super) contexts: Vec<String>,
}
