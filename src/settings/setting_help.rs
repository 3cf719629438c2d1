//! The general settings in words: what each is for, what it may be, when a change acts. Command line, console and
//! documents print these; no rule is here.

use super::column::ColumnType;
use super::setting::{Acts, Key, SettingType};

impl Key {
    /// What it is for, in a line.
    pub(crate) fn meaning(self) -> &'static str {
        match self {
            Self::ClientEnabled => "Whether desktop clients are served at all",
            Self::ClientListen => "The addresses on which clients are served",
            Self::ClientPort => "The TCP port of the clients; 0 takes any free one",
            Self::ClientLoginTimeout => "How long a client may take to log in",
            Self::ClientConnectionsMax => "How many connections are served at once",
            Self::ClientConnectionsPerAddressMax => "How many of them from one address; 0 for no bound",
            Self::ClientUnauthenticatedPerAddressMax => "How many of one address may be on their way to log in",
            Self::ClientSessionsPerUserMax => {
                "How many times one user may be logged in at once; one more login ends the oldest"
            }
            Self::EncryptionMode => "Whether encryption is off, offered, or required of every client",
            Self::EncryptionCertificate => "A certificate of your own; empty for the one that ctibox made",
            Self::EncryptionKeyFile => "The key of that certificate",
            Self::EncryptionMinVersion => "The oldest TLS version that is spoken",
            Self::EncryptionAllowLegacyTls => "Whether clients that know no newer TLS get 1.0 or 1.1, which is weak",
            Self::EncryptionLegacyTlsFrom => "From which networks they may come",
            Self::EncryptionFallbackWhenBroken => {
                "Whether a start with a broken certificate of yours goes on with ctibox's"
            }
            Self::LogLevel => "How much is logged; CTIBOX_LOG overrides it",
            Self::ContextSeparation => "Whether people see only what is in their own context",
            Self::StrictPresence => "Whether a move that is not listed as reachable is refused",
            Self::PresenceDisconnectGrace => "How long a lost connection may be away before it counts as a logout",
            Self::AgentsPhoneGone => {
                "How long the telephone of a logged-in agent may be gone; 0: that is only warned of"
            }
            Self::AgentsPhoneGoneAction => "What becomes of the agent then: paused or logged off",
            Self::PresenceAgentActionsOnLoss => {
                "Whether a lost connection pauses or logs off an agent, as a logout does"
            }
            Self::ServicesEnforceProfile => "Whether services that a profile does not grant are refused",
            Self::ChatKeepDays => "How long chat waits for somebody who is not connected; 0 for not at all",
            Self::ChatMakeSafe => "Whether markup in chat is made harmless for its receiver",
            Self::PeopleColumns => "The columns of the People xlet, in order, with their titles",
            Self::ProtocolAnswerUnknown => "Whether commands that nobody knows are answered with an error",
            Self::AuthBackend => "Who checks passwords",
            Self::AuthBackends => "Who checks passwords, one after the other",
            Self::AuthLdapUri => "Where the LDAP servers are, tried in order, like ldaps://ldap1.example.org",
            Self::AuthLdapUserBaseDn => "Below which entry users are looked for",
            Self::AuthLdapUserLoginAttribute => "Which attribute holds what people type as login",
            Self::AuthLdapUserEmailAttribute => "Which attribute holds the e-mail that names the user here",
            Self::AuthLdapBindDn => "The account with which users are looked for",
            Self::AuthLdapBindPassword => "The password for that",
            Self::AuthLdapBindAnonymous => "Whether users are looked for without logging in there",
            Self::AuthLdapStartTls => "Whether a connection by ldap:// is encrypted by StartTLS",
            Self::AuthLdapCaFile => "The certificates that are trusted there, in PEM; empty for the system's",
            Self::AuthXivoAuthHost => "Where the authentication service is",
            Self::AuthXivoAuthPort => "Its port",
            Self::AuthXivoAuthTimeout => "How long it may take for an answer",
            Self::AuthXivoAuthCaFile => "The certificates that are trusted there, in PEM; empty for the system's",
            Self::AuthXivoAuthBackend => "Which of its backends is asked",
            Self::AmiHost => "Where Asterisk is",
            Self::AmiPort => "The port of its manager interface",
            Self::AmiUsername => "As whom ctibox logs in there",
            Self::AmiSecret => "The secret for that; none: telephony is off",
            Self::AmiTls => "Whether that connection is encrypted",
            Self::AmiCaFile => "The certificates that are trusted there, in PEM; empty for the system's",
            Self::AgiListen => "Where Asterisk asks for callers' names while telephony is on; empty: nowhere",
            Self::BackupKeep => "How many nightly backups are kept; 0 for none",
            Self::BackupTime => "When the nightly backup is made",
            Self::ConsoleTheme => "The console's colors; auto asks the terminal; CTIBOX_THEME and --theme override it",
        }
    }
}

impl SettingType {
    /// In what a number counts.
    pub(crate) fn unit(self) -> Option<&'static str> {
        match self {
            Self::Seconds { .. } => Some("seconds"),
            Self::Days { .. } => Some("days"),
            _ => None,
        }
    }

    /// The words that a value may be or be made of; none where it is no matter of words.
    pub(crate) fn words(self) -> &'static [&'static str] {
        match self {
            Self::Bool => &["true", "false"],
            Self::Word(words) | Self::WordList(words) => words,
            _ => &[],
        }
    }

    /// What a value may be.
    pub(crate) fn limits(self) -> String {
        match self {
            Self::Bool => "true or false".to_owned(),
            Self::Integer { least, most } => format!("{least} to {most}"),
            Self::Seconds { least, most } => format!("{least} to {most} seconds"),
            Self::Days { most } => format!("0 to {most} days"),
            Self::Word(words) => one_of(words),
            Self::WordList(words) => format!("some of {}", words.join(", ")),
            Self::AddressList => "IP addresses, separated by commas".to_owned(),
            Self::AddressAndPort => "an address as ADDRESS:PORT".to_owned(),
            Self::Host => "a host name or an IP address".to_owned(),
            Self::LdapUris => "addresses like ldap://HOST, ldaps://HOST:PORT, separated by commas".to_owned(),
            Self::Attribute | Self::AttributeOrNone => "the name of an attribute".to_owned(),
            Self::RemoteBackend => "the name of a backend".to_owned(),
            Self::NetworkList => "networks like 192.0.2.0/24, separated by commas".to_owned(),
            Self::Columns => {
                let types: Vec<_> = ColumnType::ALL.iter().map(|kind| kind.as_str()).collect();
                format!("TYPE=TITLE,TYPE=TITLE of {}", types.join(", "))
            }
            Self::Text => "any text".to_owned(),
            Self::Secret => "a secret".to_owned(),
            Self::Path => "a path".to_owned(),
            Self::TimeOfDay => "a time as HH:MM".to_owned(),
        }
    }
}

/// `a`, `a or b`, `a, b or c`.
fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} or {last}", others.join(", ")),
    }
}

impl Acts {
    /// When a change takes effect: `immediately`, `from the next login on`.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Live => "immediately",
            Self::NextConnection => "from the next connection on",
            Self::NextHandshake => "from the next handshake on",
            Self::NextLogin => "from the next login on",
            Self::NextStart => "from the next start on",
        }
    }
}
