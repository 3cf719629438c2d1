//! What a text was to be, or a nameless thing is, as a closed set with the words that people read. Hints are chosen by
//! the variant, never by its words; whoever chooses names every variant, so that a new one is asked for.

use std::fmt;

macro_rules! target_kinds {
    ($($variant:ident = $words:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum TargetKind {
            $($variant,)*
            /// A field of a form of the console, by its name.
            FormField(&'static str),
            /// The value of a preference, by the preference's key.
            PreferenceValue(&'static str),
            /// The value of a general setting, by the setting's key.
            SettingValue(&'static str),
        }

        impl fmt::Display for TargetKind {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant => out.write_str($words),)*
                    Self::FormField(name) => out.write_str(name),
                    Self::PreferenceValue(key) => write!(out, "preference {key} value"),
                    Self::SettingValue(key) => write!(out, "setting {key}"),
                }
            }
        }
    };
}

target_kinds! {
    Account = "account",
    AccountKind = "kind of account",
    AgentNumber = "agent number",
    Backend = "backend",
    Certificate = "certificate",
    Color = "color",
    ColumnType = "column type",
    ConferenceName = "conference name",
    ConferenceNumber = "conference number",
    ConferencePin = "conference PIN",
    Context = "context",
    Days = "days",
    Description = "description",
    Device = "device",
    DialRule = "dial rule",
    DisplayName = "display name",
    Document = "document",
    EmailAddress = "e-mail address",
    Encoding = "encoding",
    Extension = "extension",
    File = "file",
    FirstName = "first name",
    Format = "format",
    Id = "id",
    Key = "key",
    Language = "language",
    LastName = "last name",
    Login = "login",
    Members = "members",
    MobileNumber = "mobile number",
    Name = "name",
    NextIds = "next_ids",
    Number = "number",
    Password = "password",
    PasswordHash = "password hash",
    Penalty = "penalty",
    PhoneBookEntry = "phone book entry",
    PhoneHint = "phone hint",
    PhoneHintGroup = "phone hint group",
    PhoneHintText = "phone hint text",
    Pin = "pin",
    Preference = "preference",
    Presence = "presence",
    PresenceAction = "presence action",
    PresenceGroup = "presence group",
    Profile = "profile",
    Queue = "queue",
    Right = "right",
    Server = "server",
    ServerUuid = "server_uuid",
    Service = "service",
    Setting = "setting",
    Settings = "settings",
    Strip = "strip",
    TheChange = "the change",
    TheCommand = "the command",
    TheConsole = "the console",
    TheImport = "the import",
    TheLine = "the line",
    TheServer = "the server",
    TheUser = "the user",
    TheUsersAgent = "the user's agent",
    Theme = "theme",
    User = "user",
    Uuid = "uuid",
    VoicemailBox = "voicemail box",
    WrapUpTime = "wrap-up time",
    Xlet = "xlet",
    XletFlags = "xlet flags",
    XletNumber = "xlet number",
    XletPosition = "xlet position",
}
