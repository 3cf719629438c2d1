//! Row ids as types. They travel on the CTI wire as decimal text and will stand in the PBX's dialplan, so an id is
//! never reused and never mistaken for one of another kind. Everybody uses them; only `store` and `Table` make them.

use std::fmt;

/// What every id can do: become and come from the integer that the database and the wire hold.
pub(crate) trait Id: Copy + Ord + fmt::Debug + fmt::Display + 'static {
    fn new(number: i64) -> Self;
    fn number(self) -> i64;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(i64);

        impl Id for $name {
            fn new(number: i64) -> Self {
                Self(number)
            }

            fn number(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }
    )*};
}

ids! {
    PresenceGroupId
    PresenceId
    PhoneHintGroupId
    ProfileId
    ContextId
    UserId
    /// A line; on the wire the id of a phone and of an endpoint.
    LineId
    VoicemailId
    /// A conference room; on the wire a `meetme`.
    ConferenceId
    AgentId
    QueueId
    DialRuleId
    AccountId
    /// On the wire the `source_entry_id` of an entry of `phonebook`.
    PhoneBookEntryId
    /// A contact in one user's own address book.
    ContactId
    /// A chat text; counts up with every one that is sent.
    ChatId
    /// A row of the audit; counts up with every object that is changed.
    AuditId
}

macro_rules! uuids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(uuid::Uuid);

        impl $name {
            pub(crate) fn new(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// Any spelling of a UUID is taken (upper case, no dashes); it is shown in one (protocol §11).
            pub(crate) fn parse(text: &str) -> Option<Self> {
                uuid::Uuid::try_parse(text).ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(out)
            }
        }
    )*};
}

uuids! {
    /// `xivo_uuid`: this installation.
    ServerUuid
    /// `user_uuid`: a user, the same for ever, also after export and import.
    UserUuid
}
