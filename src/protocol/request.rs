//! What a client asks, parsed once from a line into types that cannot be wrong. `server` parses, `live` decides.
//! A class that ctibox does not know is `Unknown`, never an error (protocol 1.3); a known one with a member missing or
//! of a wrong type is a `BadLine` (protocol decision 2).

use std::fmt;

use serde_json::Value;

use super::queue_figures::FiguresQuestion;
use crate::settings::address_book::Contact;
use crate::settings::id::{ContactId, PhoneBookEntryId, ServerUuid, UserId, UserUuid};
use crate::settings::password::Secret;

/// A request and the `commandid` that its answer may carry back.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ClientLine {
    pub(crate) request: Request,
    pub(crate) commandid: CommandId,
}

/// Registrations that are one request; a line of more is several.
const REGISTRATIONS_AT_ONCE_MAX: usize = 500;

impl ClientLine {
    /// The same in pieces that are decided one by one, so that nobody waits long for another's long line.
    pub(crate) fn pieces(self) -> Vec<Self> {
        let Self { request, commandid } = self;
        let line = |request| Self { request, commandid: CommandId::default() };
        match request {
            Request::Register(wanted) if wanted.len() > REGISTRATIONS_AT_ONCE_MAX => {
                wanted.pieces().into_iter().map(|piece| line(Request::Register(piece))).collect()
            }
            Request::Unregister(unwanted) if unwanted.len() > REGISTRATIONS_AT_ONCE_MAX => {
                unwanted.pieces().into_iter().map(|piece| line(Request::Unregister(piece))).collect()
            }
            request => vec![Self { request, commandid }],
        }
    }
}

/// The `commandid` as it came; absent is None, null is `Some(Value::Null)`. `replyid` rules: protocol 1.5.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct CommandId(pub(crate) Option<Value>);

/// Protocol versions that are served (protocol decision 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Version {
    V2_0,
    V2_1,
    V2_2,
    V2_3,
}

impl Version {
    /// What is named to a client that cannot be served.
    pub(crate) const NEWEST: Self = Self::V2_3;

    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "2.0" => Some(Self::V2_0),
            "2.1" => Some(Self::V2_1),
            "2.2" => Some(Self::V2_2),
            "2.3" => Some(Self::V2_3),
            _ => None,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V2_1 => "2.1",
            Self::V2_2 => "2.2",
            Self::V2_3 => "2.3",
        }
    }

    /// The member that names the version in the answer to `login_id`.
    pub(crate) fn member(self) -> VersionMember {
        match self {
            Self::V2_0 | Self::V2_1 | Self::V2_2 => VersionMember::Xivo,
            Self::V2_3 => VersionMember::Wazo,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Request {
    /// `status` as it came: the answer echoes it.
    StartTls {
        status: Value,
    },
    LoginId(LoginId),
    LoginPass {
        password: Secret,
    },
    LoginCapas {
        capaid: Capaid,
        state: Box<str>,
    },
    KeepAlive,
    Logout,
    GetIpbxList,
    AvailState {
        state: Box<str>,
    },
    ListId {
        list: ListName,
    },
    /// `tid` is echoed as it came; only a string finds anything.
    UpdateConfig {
        list: ListName,
        tid: Value,
    },
    UpdateStatus {
        list: ListName,
        tid: Value,
    },
    /// `updateconfig` or `updatestatus` of a list nobody knows: answered empty, with the name as it came.
    UnknownList {
        asked: UnknownListAsked,
        name: Box<str>,
        tid: Value,
    },
    GetRelations,
    Register(Registrations),
    Unregister(Registrations),
    Chat(Chat),
    FeaturesPut(FeaturesPut),
    PeopleHeaders,
    PeopleSearch {
        pattern: Box<str>,
    },
    PeopleFavorites,
    PeoplePersonalContacts,
    PeopleSetFavorite {
        entry: EntryReference,
        is_favorite: bool,
    },
    PersonalContactRaw(ContactId),
    CreatePersonalContact(Contact),
    EditPersonalContact(ContactId, Contact),
    DeletePersonalContact(ContactId),
    PurgePersonalContacts,
    ExportPersonalContacts,
    /// The table as it came: reading it is not for whoever parses.
    ImportPersonalContacts(Box<str>),
    Directory {
        pattern: Box<str>,
    },
    SwitchboardHeaders,
    SwitchboardSearch {
        pattern: Box<str>,
    },
    History {
        size: i64,
    },
    SubscribeQueuesStats,
    /// None: no member `on` (protocol 4.10).
    GetQueuesStats {
        queues: Option<Vec<FiguresQuestion>>,
    },
    SubscribeMeetmes,
    SubscribeCurrentCalls,
    /// `queueid` as an integer or numeric text.
    SubscribeQueueEntries {
        queue: i64,
    },
    FaxSend,
    CallFormResult,
    /// On this extension; None: the agent's own.
    AgentLogin {
        agent: AgentReference,
        extension: Option<Box<str>>,
    },
    AgentLogout {
        agent: AgentReference,
    },
    /// `queueadd` and `queueremove`.
    AgentMembership {
        agent: i64,
        queue: i64,
        is_member: bool,
    },
    /// `queuepause` and `queueunpause`; no queue: all.
    AgentPause {
        agent: i64,
        queue: Option<i64>,
        is_paused: bool,
    },
    Dial {
        destination: Destination,
        /// As it came, cut: what cannot be reached is named by it.
        text: Box<str>,
    },
    /// One's own call.
    HangUp,
    Listen {
        agent: AgentReference,
    },
    /// Any other `ipbxcommand` or call control of protocol 4.8 and 4.9 that cannot be served without a telephony link.
    Telephony,
    /// Known to the protocol and rightly without any answer here: mutes in a conference, answers of forms, `people_*`
    /// that name nothing.
    Silent,
    /// A class or sub-selector nobody knows: ignored and counted.
    Unknown {
        class: Box<str>,
    },
}

impl Request {
    /// A question about one object of a list: answered at once from what is known, in next to no time.
    pub(crate) fn is_lookup(&self) -> bool {
        matches!(self, Self::UpdateConfig { .. } | Self::UpdateStatus { .. })
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LoginId {
    pub(crate) login: Box<str>,
    pub(crate) version: ClientVersion,
}

/// What the client says of its version, and in which member: that member's name decides the error prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ClientVersion {
    Served(Version),
    /// `xivoversion` or `wazoversion` of no served version.
    Other {
        member: VersionMember,
        text: Box<str>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VersionMember {
    Xivo,
    Wazo,
}

impl VersionMember {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Xivo => "xivoversion",
            Self::Wazo => "wazoversion",
        }
    }
}

/// `capaid` comes as an integer or as its text; anything else equals no profile (protocol §11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Capaid(pub(crate) Option<i64>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ListName {
    Users,
    Phones,
    Agents,
    Queues,
    Voicemails,
    Meetmes,
    QueueMembers,
    /// A list nobody knows; only in `listid`, which then has no answer (protocol 4.5.1).
    Unknown,
}

impl ListName {
    /// Those that there are.
    pub(crate) const ALL: [Self; 7] =
        [Self::Users, Self::Phones, Self::Agents, Self::Queues, Self::Voicemails, Self::Meetmes, Self::QueueMembers];

    pub(crate) fn parse(word: &str) -> Self {
        match word {
            "users" => Self::Users,
            "phones" => Self::Phones,
            "agents" => Self::Agents,
            "queues" => Self::Queues,
            "voicemails" => Self::Voicemails,
            "meetmes" => Self::Meetmes,
            "queuemembers" => Self::QueueMembers,
            _ => Self::Unknown,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::Phones => "phones",
            Self::Agents => "agents",
            Self::Queues => "queues",
            Self::Voicemails => "voicemails",
            Self::Meetmes => "meetmes",
            Self::QueueMembers => "queuemembers",
            Self::Unknown => "unknown",
        }
    }
}

/// Whom a row of a people answer is about: `source` and `source_entry_id` together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryReference {
    /// `internal`
    User(UserId),
    /// `personal`
    Contact(ContactId),
    /// `phonebook`
    PhoneBook(PhoneBookEntryId),
}

impl EntryReference {
    pub(crate) fn source(self) -> &'static str {
        match self {
            Self::User(_) => "internal",
            Self::Contact(_) => "personal",
            Self::PhoneBook(_) => "phonebook",
        }
    }
}

impl fmt::Display for EntryReference {
    /// The `source_entry_id`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(out),
            Self::Contact(id) => id.fmt(out),
            Self::PhoneBook(id) => id.fmt(out),
        }
    }
}

/// What was asked of a list that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnknownListAsked {
    Config,
    Status,
}

/// `[[xivo_uuid, id], …]` of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Registrations {
    Agents(Vec<(ServerUuid, i64)>),
    Endpoints(Vec<(ServerUuid, i64)>),
    Users(Vec<(ServerUuid, UserKey)>),
}

impl Registrations {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Agents(pairs) | Self::Endpoints(pairs) => pairs.len(),
            Self::Users(pairs) => pairs.len(),
        }
    }

    fn pieces(self) -> Vec<Self> {
        match self {
            Self::Agents(pairs) => in_pieces(&pairs).map(Self::Agents).collect(),
            Self::Endpoints(pairs) => in_pieces(&pairs).map(Self::Endpoints).collect(),
            Self::Users(pairs) => in_pieces(&pairs).map(Self::Users).collect(),
        }
    }
}

fn in_pieces<T: Clone>(pairs: &[T]) -> impl Iterator<Item = Vec<T>> {
    pairs.chunks(REGISTRATIONS_AT_ONCE_MAX).map(<[T]>::to_vec)
}

/// A user by uuid, or by id as integer or numeric text (protocol decision 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum UserKey {
    Uuid(UserUuid),
    Id(UserId),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chat {
    pub(crate) server: ServerUuid,
    pub(crate) to: UserKey,
    pub(crate) text: Box<str>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FeaturesPut {
    DoNotDisturb(bool),
    CallFilter(bool),
    /// `target` as it came, if it came.
    Recording {
        is_on: bool,
        target: Option<Value>,
    },
    /// In the order unconditional, no answer, busy; those that came.
    Forwards(Vec<(ForwardKind, bool, Box<str>)>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ForwardKind {
    Unconditional,
    NoAnswer,
    Busy,
}

/// Where `dial` leads (protocol 4.8.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// As somebody wrote it: what can be dialled of it is for whoever dials.
    Number(Box<str>),
    /// `voicemail:xivo/7`
    Voicemail(i64),
    /// `vm_consult:xivo/`: one's own messages.
    OwnMessages,
    /// A form that names nothing.
    Nowhere,
}

/// Which agent an `agentlogin`, `agentlogout` or `listen` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AgentReference {
    /// Null, absent, empty or `agent:special:me`.
    Own,
    Id(i64),
    /// A text that names none.
    Nobody,
}
