//! The general settings: one table of keys with type, range, default and moment of effect (settings §1.9), and
//! `General`, the whole of them as typed fields. `config` merges where values come from; `store` keeps the database's.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

pub(crate) use super::agent::PhoneGoneAction;
use super::ami_settings::AmiSettings;
use super::auth_settings::{AuthSettings, BackendName, LdapMode, LdapSettings, LdapUri, XivoAuthSettings};
use super::column::{self, Columns};
use super::console_theme::ConsoleTheme;
pub(crate) use super::encryption::{EncryptionMode, TlsMinVersion, TlsVersion};
use super::host::Host;
use super::network::{self, Network};
use super::password::Secret;
use super::rule::{Refusal, Rule};
use super::rule_target::RuleTarget;
pub(crate) use super::setting_text::SettingType;
use super::setting_text::{canonical, time_of_day};
use super::string_enum::string_enum;
use super::target_kind::TargetKind;
use super::violation::Violation;

string_enum! {
    /// The keys of settings §1.9; the only spelling anywhere.
    Key, S1, Setting {
        ClientEnabled = "client.enabled",
        ClientListen = "client.listen",
        ClientPort = "client.port",
        ClientLoginTimeout = "client.login_timeout",
        ClientConnectionsMax = "client.connections_max",
        ClientConnectionsPerAddressMax = "client.connections_per_address_max",
        ClientUnauthenticatedPerAddressMax = "client.unauthenticated_per_address_max",
        ClientSessionsPerUserMax = "client.sessions_per_user_max",
        EncryptionMode = "encryption.mode",
        EncryptionCertificate = "encryption.certificate",
        EncryptionKeyFile = "encryption.key",
        EncryptionMinVersion = "encryption.min_version",
        EncryptionAllowLegacyTls = "encryption.allow_legacy_tls",
        EncryptionLegacyTlsFrom = "encryption.legacy_tls_from",
        EncryptionFallbackWhenBroken = "encryption.fallback_when_broken",
        LogLevel = "log.level",
        ContextSeparation = "context_separation",
        StrictPresence = "strict_presence",
        PresenceDisconnectGrace = "presence.disconnect_grace",
        PresenceAgentActionsOnLoss = "presence.agent_actions_on_loss",
        ServicesEnforceProfile = "services.enforce_profile",
        AgentsPhoneGone = "agents.phone_gone",
        AgentsPhoneGoneAction = "agents.phone_gone_action",
        ChatKeepDays = "chat.keep_days",
        ChatMakeSafe = "chat.make_safe",
        PeopleColumns = "people.columns",
        ProtocolAnswerUnknown = "protocol.answer_unknown",
        AuthBackend = "auth.backend",
        AuthBackends = "auth.backends",
        AuthLdapUri = "auth.ldap.uri",
        AuthLdapUserBaseDn = "auth.ldap.user_base_dn",
        AuthLdapUserLoginAttribute = "auth.ldap.user_login_attribute",
        AuthLdapUserEmailAttribute = "auth.ldap.user_email_attribute",
        AuthLdapBindDn = "auth.ldap.bind_dn",
        AuthLdapBindPassword = "auth.ldap.bind_password",
        AuthLdapBindAnonymous = "auth.ldap.bind_anonymous",
        AuthLdapStartTls = "auth.ldap.start_tls",
        AuthLdapCaFile = "auth.ldap.ca_file",
        AuthXivoAuthHost = "auth.xivo_auth.host",
        AuthXivoAuthPort = "auth.xivo_auth.port",
        AuthXivoAuthTimeout = "auth.xivo_auth.timeout",
        AuthXivoAuthCaFile = "auth.xivo_auth.ca_file",
        AuthXivoAuthBackend = "auth.xivo_auth.backend",
        AmiHost = "ami.host",
        AmiPort = "ami.port",
        AmiUsername = "ami.username",
        AmiSecret = "ami.secret",
        AmiTls = "ami.tls",
        AmiCaFile = "ami.ca_file",
        AgiListen = "agi.listen",
        BackupKeep = "backup.keep",
        BackupTime = "backup.time",
        ConsoleTheme = "console.theme",
    }
}

/// When a changed value acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Acts {
    Live,
    NextConnection,
    NextHandshake,
    NextLogin,
    NextStart,
}

impl Key {
    /// Without these `ldap_user` has nothing to ask.
    pub(crate) const NEEDED_BY_LDAP: [Self; 3] =
        [Self::AuthLdapUri, Self::AuthLdapUserBaseDn, Self::AuthLdapUserLoginAttribute];

    /// Which one of `ALL` it is, from 0: what stands for an id where objects have one.
    pub(crate) fn place(self) -> i64 {
        self as i64
    }

    /// The one with that place.
    pub(crate) fn at(place: i64) -> Option<Self> {
        usize::try_from(place).ok().and_then(|place| Self::ALL.get(place)).copied()
    }

    pub(crate) fn value_type(self) -> SettingType {
        use SettingType as T;
        match self {
            Self::ClientEnabled
            | Self::EncryptionAllowLegacyTls
            | Self::EncryptionFallbackWhenBroken
            | Self::ContextSeparation
            | Self::StrictPresence
            | Self::PresenceAgentActionsOnLoss
            | Self::ServicesEnforceProfile
            | Self::ChatMakeSafe
            | Self::ProtocolAnswerUnknown
            | Self::AuthLdapBindAnonymous
            | Self::AuthLdapStartTls
            | Self::AmiTls => T::Bool,
            Self::ClientListen => T::AddressList,
            Self::EncryptionLegacyTlsFrom => T::NetworkList,
            Self::ClientPort => T::Integer { least: 0, most: 65_535 },
            Self::ClientLoginTimeout => T::Seconds { least: 1, most: 60 },
            Self::ClientConnectionsMax => T::Integer { least: 1, most: 1_000_000 },
            Self::ClientConnectionsPerAddressMax => T::Integer { least: 0, most: 1_000_000 },
            Self::ClientUnauthenticatedPerAddressMax => T::Integer { least: 1, most: 1_000_000 },
            Self::ClientSessionsPerUserMax => T::Integer { least: 1, most: 1000 },
            Self::EncryptionMode => T::Word(&["off", "offer", "require"]),
            Self::EncryptionMinVersion => T::Word(&["1.2", "1.3"]),
            Self::LogLevel => T::Word(&["error", "warn", "info", "debug", "trace"]),
            Self::EncryptionCertificate
            | Self::EncryptionKeyFile
            | Self::AuthLdapCaFile
            | Self::AuthXivoAuthCaFile
            | Self::AmiCaFile => T::Path,
            Self::PresenceDisconnectGrace => T::Seconds { least: 0, most: 600 },
            Self::AgentsPhoneGone => T::Seconds { least: 0, most: 3600 },
            Self::AgentsPhoneGoneAction => T::Word(&["pause", "logoff"]),
            Self::ChatKeepDays => T::Days { most: 3650 },
            Self::PeopleColumns => T::Columns,
            Self::AuthBackend => T::Word(BackendName::WORDS),
            Self::AuthBackends => T::WordList(BackendName::WORDS),
            Self::AuthLdapUri => T::LdapUris,
            Self::AuthLdapUserLoginAttribute => T::AttributeOrNone,
            Self::AuthLdapUserEmailAttribute => T::Attribute,
            Self::AuthXivoAuthHost | Self::AmiHost => T::Host,
            Self::AuthXivoAuthBackend => T::RemoteBackend,
            Self::AuthXivoAuthPort | Self::AmiPort => T::Integer { least: 1, most: 65_535 },
            Self::AuthXivoAuthTimeout => T::Seconds { least: 1, most: 60 },
            Self::AuthLdapBindPassword | Self::AmiSecret => T::Secret,
            Self::AgiListen => T::AddressAndPort,
            Self::BackupKeep => T::Integer { least: 0, most: 366 },
            Self::BackupTime => T::TimeOfDay,
            Self::ConsoleTheme => T::Word(ConsoleTheme::WORDS),
            Self::AuthLdapUserBaseDn | Self::AuthLdapBindDn | Self::AmiUsername => T::Text,
        }
    }

    /// The built-in default as text; help and documents print it from here.
    pub(crate) fn default_text(self) -> &'static str {
        match self {
            Self::ClientEnabled
            | Self::EncryptionFallbackWhenBroken
            | Self::StrictPresence
            | Self::ServicesEnforceProfile
            | Self::ChatMakeSafe => "true",
            Self::EncryptionAllowLegacyTls
            | Self::ContextSeparation
            | Self::PresenceAgentActionsOnLoss
            | Self::ProtocolAnswerUnknown
            | Self::AuthLdapBindAnonymous
            | Self::AuthLdapStartTls
            | Self::AmiTls => "false",
            Self::ClientListen => "0.0.0.0,::",
            Self::ClientPort => "5003",
            Self::ClientLoginTimeout => "5",
            Self::ClientConnectionsMax => "20000",
            Self::ClientConnectionsPerAddressMax => "0",
            Self::ClientUnauthenticatedPerAddressMax => "500",
            Self::ClientSessionsPerUserMax => "20",
            Self::EncryptionMode => "offer",
            Self::EncryptionMinVersion => "1.2",
            Self::LogLevel => "info",
            Self::EncryptionLegacyTlsFrom => network::PRIVATE,
            Self::PresenceDisconnectGrace => "45",
            Self::AgentsPhoneGone => "0",
            Self::AgentsPhoneGoneAction => "pause",
            Self::ChatKeepDays => "30",
            Self::PeopleColumns => column::ENGLISH,
            Self::AuthBackend | Self::AuthBackends | Self::AuthXivoAuthBackend => "xivo_user",
            Self::AuthLdapUserEmailAttribute => "mail",
            Self::AuthXivoAuthHost => "localhost",
            Self::AuthXivoAuthPort => "9497",
            Self::AuthXivoAuthTimeout => "3",
            Self::AmiHost => "127.0.0.1",
            Self::AmiPort => "5038",
            Self::AmiUsername => "ctibox",
            Self::AgiListen => "127.0.0.1:4573",
            Self::BackupKeep => "7",
            Self::BackupTime => "03:00",
            Self::ConsoleTheme => "auto",
            Self::EncryptionCertificate
            | Self::EncryptionKeyFile
            | Self::AuthLdapUri
            | Self::AuthLdapUserBaseDn
            | Self::AuthLdapUserLoginAttribute
            | Self::AuthLdapBindDn
            | Self::AuthLdapBindPassword
            | Self::AuthLdapCaFile
            | Self::AuthXivoAuthCaFile
            | Self::AmiSecret
            | Self::AmiCaFile => "",
        }
    }

    pub(crate) fn acts(self) -> Acts {
        match self {
            Self::ClientLoginTimeout | Self::EncryptionMode => Acts::NextConnection,
            Self::EncryptionCertificate
            | Self::EncryptionKeyFile
            | Self::EncryptionMinVersion
            | Self::EncryptionAllowLegacyTls
            | Self::EncryptionLegacyTlsFrom => Acts::NextHandshake,
            Self::EncryptionFallbackWhenBroken => Acts::NextStart,
            _ if self.as_str().starts_with("auth.") => Acts::NextLogin,
            _ => Acts::Live,
        }
    }

    pub(crate) fn is_secret(self) -> bool {
        self.value_type() == SettingType::Secret
    }
}

/// A value that its key takes, in its one canonical text (lists joined by commas, booleans true / false).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SettingValue {
    key: Key,
    text: Box<str>,
}

impl SettingValue {
    /// Takes what a person or a file says for this key, or names rule S1 with the limit.
    pub(crate) fn parse(key: Key, text: &str) -> Result<Self, Refusal> {
        // A secret is what it is, white space included.
        let text = if key.is_secret() { text } else { text.trim() };
        match canonical(key.value_type(), text) {
            Ok(text) => Ok(Self { key, text: text.into() }),
            Err(limit) => {
                let shown = if key.is_secret() { "(secret)".to_owned() } else { format!("{text:?}") };
                Err(Refusal::new(
                    Rule::S1,
                    RuleTarget::shown(TargetKind::SettingValue(key.as_str()), shown),
                    Violation::must_be(limit),
                ))
            }
        }
    }

    pub(crate) fn default_of(key: Key) -> Self {
        Self { key, text: key.default_text().into() }
    }

    pub(crate) fn key(&self) -> Key {
        self.key
    }

    /// The canonical text, secrets included: for the database and `export --with-secrets`.
    pub(crate) fn reveal(&self) -> &str {
        &self.text
    }
}

/// As people may see it: secrets only as `set` or `not set`.
impl fmt::Display for SettingValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.key.is_secret(), self.text.is_empty()) {
            (false, _) => self.text.fmt(out),
            (true, true) => "not set".fmt(out),
            (true, false) => "set".fmt(out),
        }
    }
}

impl fmt::Debug for SettingValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}={self}", self.key)
    }
}

/// The values of one layer (database, files, command line), by key.
pub(crate) type Layer = BTreeMap<Key, SettingValue>;

/// All settings that something in the program reads today, as typed fields. Built by `config` from the merged layers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct General {
    pub(crate) client_enabled: bool,
    pub(crate) client_listen: Vec<IpAddr>,
    pub(crate) client_port: u16,
    pub(crate) login_timeout: Duration,
    pub(crate) connections_max: u32,
    /// None: no bound.
    pub(crate) connections_per_address_max: Option<u32>,
    pub(crate) unauthenticated_per_address_max: u32,
    pub(crate) sessions_per_user_max: u32,
    pub(crate) encryption_mode: EncryptionMode,
    /// Certificate and key; None: the fallback pair of the data folder.
    pub(crate) encryption_pair: Option<(PathBuf, PathBuf)>,
    pub(crate) encryption_min_version: TlsMinVersion,
    /// Whether clients that offer nothing newer get TLS 1.0 or 1.1.
    pub(crate) allow_legacy_tls: bool,
    /// From where they may come.
    pub(crate) legacy_tls_from: Vec<Network>,
    /// Whether a start goes on with the fallback pair where the named one cannot be used.
    pub(crate) fallback_when_broken: bool,
    pub(crate) log_level: tracing::Level,
    pub(crate) context_separation: bool,
    pub(crate) strict_presence: bool,
    pub(crate) disconnect_grace: Duration,
    /// Whether the agent actions of `disconnected` run after a lost connection too.
    pub(crate) agent_actions_on_loss: bool,
    /// Whether a user may switch only the services that the profile grants.
    pub(crate) enforce_profile_services: bool,
    /// For how long the telephone of a logged-in agent is gone before `phone_gone_action`; None: that is only told.
    pub(crate) phone_gone_after: Option<Duration>,
    pub(crate) phone_gone_action: PhoneGoneAction,
    /// None: chat is not kept.
    pub(crate) chat_kept_for: Option<Duration>,
    pub(crate) chat_make_safe: bool,
    pub(crate) people_columns: Columns,
    pub(crate) answer_unknown: bool,
    pub(crate) auth: AuthSettings,
    pub(crate) ami: AmiSettings,
    /// Where Asterisk may ask for callers' names; None: nowhere.
    pub(crate) agi_listen: Option<SocketAddr>,
    pub(crate) backup_keep: u32,
    /// Hour and minute, local time.
    pub(crate) backup_time: (u8, u8),
}

impl General {
    /// Reads every field through `value`, which answers with the effective value of a key.
    pub(crate) fn read<'a>(value: impl Fn(Key) -> &'a SettingValue) -> Self {
        let text = |key: Key| -> &'a str { value(key).reveal() };
        let is_on = |key| text(key) == "true";
        let number = |key| -> u32 { text(key).parse().unwrap_or_default() };
        let seconds = |key| Duration::from_secs(number(key).into());
        let days = |key| Duration::from_secs(u64::from(number(key)) * 86_400);
        let path = |key| path(text(key));
        Self {
            client_enabled: is_on(Key::ClientEnabled),
            client_listen: text(Key::ClientListen).split(',').filter_map(|address| address.parse().ok()).collect(),
            client_port: u16::try_from(number(Key::ClientPort)).unwrap_or_default(),
            login_timeout: seconds(Key::ClientLoginTimeout),
            connections_max: number(Key::ClientConnectionsMax),
            connections_per_address_max: Some(number(Key::ClientConnectionsPerAddressMax)).filter(|most| *most > 0),
            unauthenticated_per_address_max: number(Key::ClientUnauthenticatedPerAddressMax),
            sessions_per_user_max: number(Key::ClientSessionsPerUserMax).max(1),
            encryption_mode: match text(Key::EncryptionMode) {
                "off" => EncryptionMode::Off,
                "require" => EncryptionMode::Require,
                _ => EncryptionMode::Offer,
            },
            encryption_pair: path(Key::EncryptionCertificate).zip(path(Key::EncryptionKeyFile)),
            encryption_min_version: match text(Key::EncryptionMinVersion) {
                "1.3" => TlsMinVersion::V1_3,
                _ => TlsMinVersion::V1_2,
            },
            allow_legacy_tls: is_on(Key::EncryptionAllowLegacyTls),
            legacy_tls_from: network::listed(text(Key::EncryptionLegacyTlsFrom)),
            fallback_when_broken: is_on(Key::EncryptionFallbackWhenBroken),
            log_level: text(Key::LogLevel).parse().unwrap_or(tracing::Level::INFO),
            context_separation: is_on(Key::ContextSeparation),
            strict_presence: is_on(Key::StrictPresence),
            disconnect_grace: seconds(Key::PresenceDisconnectGrace),
            agent_actions_on_loss: is_on(Key::PresenceAgentActionsOnLoss),
            enforce_profile_services: is_on(Key::ServicesEnforceProfile),
            phone_gone_after: Some(seconds(Key::AgentsPhoneGone)).filter(|after| !after.is_zero()),
            phone_gone_action: match text(Key::AgentsPhoneGoneAction) {
                "logoff" => PhoneGoneAction::LogOff,
                _ => PhoneGoneAction::Pause,
            },
            chat_kept_for: Some(days(Key::ChatKeepDays)).filter(|kept_for| !kept_for.is_zero()),
            chat_make_safe: is_on(Key::ChatMakeSafe),
            people_columns: Columns::parse(text(Key::PeopleColumns)).unwrap_or_default(),
            answer_unknown: is_on(Key::ProtocolAnswerUnknown),
            auth: AuthSettings {
                backends: backends(value(Key::AuthBackends)),
                ldap: Self::read_ldap(text),
                xivo_auth: XivoAuthSettings {
                    host: Host::parse(text(Key::AuthXivoAuthHost)).unwrap_or_else(Host::localhost),
                    port: u16::try_from(number(Key::AuthXivoAuthPort)).unwrap_or_default(),
                    timeout: seconds(Key::AuthXivoAuthTimeout),
                    ca_file: path(Key::AuthXivoAuthCaFile),
                    backend: text(Key::AuthXivoAuthBackend).to_owned(),
                },
            },
            ami: AmiSettings {
                host: Host::parse(text(Key::AmiHost)).unwrap_or_else(Host::localhost),
                port: u16::try_from(number(Key::AmiPort)).unwrap_or_default(),
                username: text(Key::AmiUsername).to_owned(),
                secret: Some(text(Key::AmiSecret)).filter(|secret| !secret.is_empty()).map(Secret::new),
                tls: is_on(Key::AmiTls),
                ca_file: path(Key::AmiCaFile),
            },
            agi_listen: text(Key::AgiListen).parse().ok(),
            backup_keep: number(Key::BackupKeep),
            backup_time: time_of_day(text(Key::BackupTime)).unwrap_or((3, 0)),
        }
    }
}

/// The backends that the list names.
fn backends(list: &SettingValue) -> Vec<BackendName> {
    list.reveal().split(',').filter_map(|name| BackendName::parse(name).ok()).collect()
}

impl General {
    /// Where Asterisk is listened to for callers' names: nowhere while telephony is off.
    pub(crate) fn caller_names_at(&self) -> Option<SocketAddr> {
        self.agi_listen.filter(|_| self.ami.secret.is_some())
    }

    fn read_ldap<'a>(text: impl Fn(Key) -> &'a str) -> Option<LdapSettings> {
        let is_on = |key| text(key) == "true";
        if Key::NEEDED_BY_LDAP.into_iter().any(|key| text(key).is_empty()) {
            return None;
        }
        let (bind_dn, bind_password) = (text(Key::AuthLdapBindDn), text(Key::AuthLdapBindPassword));
        Some(LdapSettings {
            uris: LdapUri::parse_list(text(Key::AuthLdapUri))?,
            user_base_dn: text(Key::AuthLdapUserBaseDn).to_owned(),
            login_attribute: text(Key::AuthLdapUserLoginAttribute).to_owned(),
            email_attribute: text(Key::AuthLdapUserEmailAttribute).to_owned(),
            mode: LdapMode::of(bind_dn, bind_password, is_on(Key::AuthLdapBindAnonymous)),
            start_tls: is_on(Key::AuthLdapStartTls),
            ca_file: path(text(Key::AuthLdapCaFile)),
        })
    }
}

fn path(text: &str) -> Option<PathBuf> {
    Some(text).filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl Default for General {
    fn default() -> Self {
        let defaults: Layer = Key::ALL.iter().map(|key| (*key, SettingValue::default_of(*key))).collect();
        Self::read(|key| &defaults[&key])
    }
}
