//! What the server says, as types: every answer and every broadcast. `live` makes notices, `server`'s hub
//! encodes each once (`encode`), however many receive it.

use std::collections::BTreeMap;

use serde_json::Value;

use super::people::PeopleNotice;
use super::queue_figures::{CallFigures, QueueFigures, WaitingCaller};
use super::request::{CommandId, ListName, UnknownListAsked, Version, VersionMember};
use crate::settings::id::{AgentId, LineId, ProfileId, QueueId, ServerUuid, UserId, UserUuid};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Notice {
    /// `starttls`, the offer.
    OfferStartTls,
    /// `starttls` with member `starttls` = the client's `status`.
    AnswerStartTls {
        status: Value,
    },
    LoginId {
        session_id: Box<str>,
        version: Version,
    },
    LoginIdRefused(LoginIdError),
    LoginPass {
        profile: ProfileId,
    },
    LoginPassRefused(LoginPassError),
    LoginCapas(Box<LoginCapas>),
    LoginCapasRefused(LoginCapasError),
    ProtocolError {
        code: ErrorCode,
        detail: Box<str>,
        reply: CommandId,
    },
    IpbxList {
        reply: CommandId,
    },
    KeepAlive {
        reply: CommandId,
    },
    ListId {
        list: ListName,
        ids: Vec<Box<str>>,
    },
    /// Answer to `updateconfig`: None is `{}`; `tid` as the request had it.
    ConfigAnswer {
        list: ListName,
        tid: Value,
        config: Option<Config>,
    },
    StatusAnswer {
        list: ListName,
        tid: Value,
        status: StatusAnswer,
    },
    /// Answer about a list that nobody knows: `{}`, with its name as it came.
    UnknownList {
        asked: UnknownListAsked,
        name: Box<str>,
        tid: Value,
    },
    AddConfig {
        list: ListName,
        ids: Vec<Box<str>>,
    },
    DelConfig {
        list: ListName,
        ids: Vec<Box<str>>,
    },
    /// Pushed `updateconfig`.
    Config {
        list: ListName,
        tid: Box<str>,
        config: Config,
    },
    /// Pushed `updatestatus`. Agents' availability has an integer `tid` (protocol 4.5.6), by `Status::Agent`.
    Status {
        list: ListName,
        tid: Box<str>,
        status: Status,
    },
    Relations {
        server: ServerUuid,
        user: UserId,
        endpoint: Option<LineId>,
        agent: Option<AgentId>,
    },
    UserStatus {
        server: ServerUuid,
        uuid: UserUuid,
        user: UserId,
        status: Box<str>,
    },
    EndpointStatus {
        server: ServerUuid,
        endpoint: LineId,
        status: i32,
    },
    AgentStatus {
        server: ServerUuid,
        agent: AgentId,
        is_logged_in: bool,
    },
    Chat {
        alias: Box<str>,
        text: Box<str>,
        server: ServerUuid,
        from: ChatParty,
        to: ChatParty,
    },
    FeaturesNotGranted,
    /// A service that could not be brought to disk (protocol decision 14).
    FeaturesNotKept,
    People(PeopleNotice),
    HistoryNone,
    /// Pushed `getqueuesstats` of one queue.
    QueueFigures {
        queue: QueueId,
        figures: QueueFigures,
    },
    /// None: `warning_string` `return_is_none`. Else the seven figures of each queue, by its name as it was asked for.
    QueuesStats {
        reply: CommandId,
        queues: Option<Vec<(Box<str>, CallFigures)>>,
    },
    /// The rooms that one may see, in order, none twice; nobody is in them.
    Meetmes {
        rooms: Vec<QuietRoom>,
    },
    MeetmeUserNone,
    CurrentCallsNone,
    /// `queueentryupdate`: all who wait, in order of position.
    QueueEntries {
        queue: QueueId,
        name: Box<str>,
        callers: Vec<WaitingCaller>,
    },
    FaxTaken {
        reply: CommandId,
    },
    FaxProgress(FaxProgress),
    /// `ipbxcommand` with this `error_string`.
    CommandRefused {
        error: &'static str,
    },
    /// `ipbxcommand` with `unreachable_extension:` and this.
    ExtensionUnreachable {
        extension: Box<str>,
    },
    DialSuccess {
        extension: Box<str>,
    },
    /// `disconnect` of type `force`.
    DisconnectForce,
    /// For good too, but the client may be told to come back by a person: too many of one user are logged in (protocol
    /// decision 11).
    DisconnectOldest,
}

/// A conference room without anybody in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QuietRoom {
    pub(crate) number: Box<str>,
    pub(crate) name: Box<str>,
    pub(crate) needs_pin: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaxProgress {
    /// It stops the client's own timer (protocol 4.17).
    Preparing,
    Failed,
}

/// Who chats: 2.0 speaks of ids, later versions of uuids (protocol decision 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChatParty {
    Id(UserId),
    Uuid(UserUuid),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LoginIdError {
    /// `<prefix><client>;<newest served>`
    Version {
        member: VersionMember,
        client: Box<str>,
    },
    EncryptionRequired,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginPassError {
    /// `login_password`
    Password,
    /// `xivo_auth_error`
    Backend,
    /// `user_not_found`
    NotFound,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginCapasError {
    /// `wrong cti_profile_id`
    Wrong,
    /// `unknown cti_profile_id`
    Unknown,
}

/// The codes of protocol decision 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ErrorCode {
    NotJson,
    NotAnObject,
    MissingClass,
    MissingMember,
    WrongType,
    LineTooLong,
    TooDeep,
    TooManyErrors,
    LoginTimeout,
    TooManyConnections,
    UnknownClass,
}

impl ErrorCode {
    /// As it stands on the wire and counts in `status`.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::NotAnObject => "not_an_object",
            Self::MissingClass => "missing_class",
            Self::MissingMember => "missing_member",
            Self::WrongType => "wrong_type",
            Self::LineTooLong => "line_too_long",
            Self::TooDeep => "too_deep",
            Self::TooManyErrors => "too_many_errors",
            Self::LoginTimeout => "login_timeout",
            Self::TooManyConnections => "too_many_connections",
            Self::UnknownClass => "unknown_class",
        }
    }
}

/// Protocol §3.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LoginCapas {
    pub(crate) user: UserId,
    /// The profile's name.
    pub(crate) profile: Box<str>,
    /// `[name, layout, …]`, ordered, as protocol 3.1.
    pub(crate) xlets: Vec<Vec<Box<str>>>,
    /// Empty travels as `[""]`.
    pub(crate) services: Vec<&'static str>,
    /// Empty travels as `false`.
    pub(crate) preferences: BTreeMap<&'static str, Box<str>>,
    /// In order of position.
    pub(crate) presences: Vec<PresenceEntry>,
    pub(crate) phone_hints: Vec<(i8, Box<str>, Box<str>)>,
}

/// One member of `userstatus`; `allowed` and `actions` are left out when empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PresenceEntry {
    pub(crate) name: Box<str>,
    pub(crate) longname: Box<str>,
    pub(crate) color: Box<str>,
    pub(crate) allowed: Vec<Box<str>>,
    pub(crate) actions: Vec<(&'static str, &'static str)>,
}

/// `config` of protocol 4.5.2, whole or, for users, in part.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Config {
    User(Box<UserConfig>),
    /// Only the members that changed.
    UserServices(UserServices),
    Phone {
        number: Box<str>,
        user: UserId,
        identity: Box<str>,
    },
    Agent {
        number: Box<str>,
        first_name: Box<str>,
        last_name: Box<str>,
        context: Box<str>,
    },
    Queue {
        name: Box<str>,
        display: Box<str>,
        number: Box<str>,
        context: Box<str>,
    },
    Voicemail {
        mailbox: Box<str>,
        context: Box<str>,
    },
    Meetme {
        number: Box<str>,
        name: Box<str>,
        context: Box<str>,
    },
    QueueMember(QueueMemberConfig),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UserConfig {
    pub(crate) first_name: Box<str>,
    pub(crate) last_name: Box<str>,
    pub(crate) full_name: Box<str>,
    pub(crate) mobile: Box<str>,
    pub(crate) agent: Option<AgentId>,
    pub(crate) voicemail: Option<i64>,
    pub(crate) lines: Vec<LineId>,
    pub(crate) server: ServerUuid,
    /// All set: `enablednd`, `incallfilter`, the three forwards.
    pub(crate) services: UserServices,
}

/// Members of a user's config that the user switches; None is left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct UserServices {
    pub(crate) enablednd: Option<bool>,
    pub(crate) incallfilter: Option<bool>,
    pub(crate) enablerecording: Option<bool>,
    pub(crate) unconditional: Option<(bool, Box<str>)>,
    pub(crate) no_answer: Option<(bool, Box<str>)>,
    pub(crate) busy: Option<(bool, Box<str>)>,
}

/// The eight text members of protocol 4.5.4; config and status are the same.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct QueueMemberConfig {
    pub(crate) queue: Box<str>,
    pub(crate) interface: Box<str>,
    pub(crate) penalty: Box<str>,
    pub(crate) is_paused: bool,
    pub(crate) status: Box<str>,
    pub(crate) calls_taken: Box<str>,
    /// `HH:MM:SS` or empty.
    pub(crate) last_call: Box<str>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum StatusAnswer {
    Known(Status),
    /// `{}`
    Unknown,
    /// `null`: an unknown queue member.
    Null,
}

/// `status` of protocol 4.5.3.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Status {
    User {
        is_connected: bool,
        availstate: Box<str>,
    },
    /// The broadcast of protocol 5.1: `availstate` alone.
    Presence {
        availstate: Box<str>,
    },
    Phone {
        hintstatus: Box<str>,
    },
    Agent(AgentAvailability),
    /// Told when an agent logs in elsewhere than the last time.
    AgentPhone {
        phone_number: Box<str>,
    },
    /// Told when an agent joins or leaves a queue: what is null is left out, and the `tid` is a text (protocol 5.3).
    AgentQueues(AgentAvailability),
    Queue,
    /// None: nothing is known yet (protocol 4.5.3).
    Voicemail {
        new: Option<u32>,
    },
    Meetme,
    QueueMember(QueueMemberConfig),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AgentAvailability {
    pub(crate) availability: &'static str,
    /// Unix time in seconds.
    pub(crate) since: f64,
    pub(crate) phone_number: Option<Box<str>>,
    pub(crate) is_on_queue_call: bool,
    /// After a call of a queue.
    pub(crate) is_resting: bool,
    /// A call that no queue brought: `incoming` or `outgoing`, and whether both ends are ours.
    pub(crate) other_call: Option<(&'static str, bool)>,
    /// Only the queues that the viewer may see.
    pub(crate) queues: Vec<QueueId>,
}
