//! What is wrong, with the values that it needs to be told. The words go on after those of the target.

use std::fmt;
use std::net::SocketAddr;

use crate::certificate::{KeyKind, XivoPair};
use crate::check::telephone_system::SystemDefect;
use crate::config::{FilePlace, FileProblem, Origin};
use crate::control::{Discrepancy, ListenFailure, RefusedClients, TurnedAway, connect_to};
use crate::settings::rule::Refusal;
use crate::settings::setting::{Key, SettingValue};
use crate::settings::violation::Violation;
use crate::store::{BrokenReference, SchemaDifference};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Defect {
    Rule(Refusal),
    /// The data folder is a file.
    NoFolder,
    /// In the system's words, as all of these.
    UnreadableFolder {
        why: String,
    },
    /// An error of the store, which names the file, and what is behind it.
    Store {
        why: String,
    },
    /// As SQLite tells it.
    Unsound {
        why: String,
    },
    BrokenReference(BrokenReference),
    Schema(SchemaDifference),
    OlderSchema,
    SecretIsOpen {
        exposure: Exposure,
        mode: u32,
        kind: SecretKind,
    },
    File(FileProblem),
    /// One of certificate and key is named, and not the other one.
    HalfOfPair {
        named_in: Origin,
        missing: Key,
    },
    XivoPair(XivoPair),
    LegacyTls(Violation),
    /// TLS 1.2 is refused while 1.0 and 1.1 are served.
    MinVersionAboveLegacyTls,
    KeyUnknownToLegacyTls(KeyKind),
    /// No file by which other servers are believed.
    NoTrust {
        is_unset: bool,
        why: String,
        need: TrustNeed,
    },
    /// `--listen` says otherwise than what is stored.
    OverriddenByCommandLine {
        stored: SettingValue,
        in_force: SettingValue,
    },
    OverriddenByFile {
        stored: SettingValue,
        in_force: SettingValue,
        place: FilePlace,
    },
    OverriddenLog {
        stored: SettingValue,
        filter: String,
    },
    /// The running server reads other settings files.
    OtherFiles {
        there: (SettingValue, Origin),
        here: (SettingValue, Origin),
    },
    /// An address of the clients; where they connect instead is told of a server that runs.
    NotListening {
        failure: ListenFailure,
        instead: Option<Vec<SocketAddr>>,
    },
    NotListeningForNames(ListenFailure),
    /// The server's process is there.
    NoAnswer {
        error: String,
    },
    /// The server has told it, and says it of itself.
    Discrepancy(Discrepancy),
    RefusedClients(RefusedClients),
    TurnedAway(TurnedAway),
    TelephoneSystem(SystemDefect),
}

/// Whom a file is open to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exposure {
    EverybodyWrites,
    EverybodyReads,
    GroupWrites,
}

/// A file that holds what others must not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SecretKind {
    Database,
    Key,
    Settings,
}

/// What does not work without trusted certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TrustNeed {
    LdapUser,
    XivoAuth,
    Link,
}

impl SecretKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Key => "key",
            Self::Settings => "settings file",
        }
    }

    fn content(self) -> &'static str {
        match self {
            Self::Database => "passwords' hashes and PINs",
            Self::Key => "what the encryption hangs on",
            Self::Settings => "another system's secret",
        }
    }
}

impl Exposure {
    fn as_str(self) -> &'static str {
        match self {
            Self::EverybodyWrites => "everybody on this host may change it",
            Self::EverybodyReads => "everybody on this host may read it",
            Self::GroupWrites => "its group may change it",
        }
    }
}

impl TrustNeed {
    fn as_str(self) -> &'static str {
        match self {
            Self::LdapUser => "nobody can log in by `ldap_user`",
            Self::XivoAuth => "nobody can log in by `xivo_auth`",
            Self::Link => "there is no link to Asterisk",
        }
    }
}

impl Defect {
    /// The words, of a broken rule with its code, which commands print and the documents explain.
    pub(crate) fn with_rule(&self) -> String {
        match self {
            Self::Rule(Refusal { problem, rule, .. }) => format!("{problem} (rule {rule})"),
            defect => defect.to_string(),
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(refusal) => refusal.problem.fmt(out),
            Self::NoFolder => out.write_str("cannot be read: it is not a folder"),
            Self::UnreadableFolder { why } => write!(out, "cannot be read: {why}"),
            Self::Store { why } | Self::Unsound { why } => out.write_str(why),
            Self::BrokenReference(reference) => reference.fmt(out),
            Self::Schema(difference) => difference.fmt(out),
            Self::OlderSchema => {
                out.write_str("was written by an older ctibox; its rules can be checked when it is up to date")
            }
            Self::SecretIsOpen { exposure, mode, kind } => {
                let (exposure, content) = (exposure.as_str(), kind.content());
                write!(out, "{exposure} (mode {:04o}), and it holds {content}", mode & 0o7777)
            }
            Self::File(problem) => problem.fmt(out),
            Self::HalfOfPair { named_in, missing } => {
                write!(out, "is named ({named_in}) without {missing}: clients get ctibox's own pair")
            }
            Self::XivoPair(pair) => out.write_str(&pair.words()),
            Self::LegacyTls(violation) => violation.fmt(out),
            Self::MinVersionAboveLegacyTls => {
                out.write_str("is 1.3, which refuses TLS 1.2 while encryption.allow_legacy_tls serves 1.0 and 1.1")
            }
            Self::KeyUnknownToLegacyTls(key) => {
                write!(out, "serves nobody: TLS 1.0 and 1.1 know no key of the certificate's kind, {key}")
            }
            Self::NoTrust { is_unset, why, need } => {
                let unset = if *is_unset { "is not set, and of the system " } else { "" };
                write!(out, "{unset}{why}: {}", need.as_str())
            }
            Self::OverriddenByCommandLine { stored, in_force } => {
                write!(out, "is {stored}, but the server was started with `--listen`: {in_force}")
            }
            Self::OverriddenByFile { stored, in_force, place: FilePlace { file, line, .. } } => {
                write!(out, "is stored as {stored}, but has no effect: {file} line {line} overrides it with {in_force}")
            }
            Self::OverriddenLog { stored, filter } => {
                write!(out, "is {stored}, but the server was started with CTIBOX_LOG={filter}, which overrides it")
            }
            Self::OtherFiles { there: (there, from), here: (here, by) } => write!(
                out,
                "is {} in the running server ({from}), but {} by the settings files that are read here ({by})",
                shown(there),
                shown(here)
            ),
            Self::NotListening { failure, instead } => {
                write!(out, "cannot be listened on: {}", failure.why)?;
                instead.as_ref().map_or(Ok(()), |instead| write!(out, "; {}", connect_to(instead)))
            }
            Self::NotListeningForNames(failure) => {
                write!(out, "cannot be listened on for callers' names: {}", failure.why)
            }
            Self::NoAnswer { error } => write!(out, "does not answer: {error}"),
            Self::Discrepancy(discrepancy) => discrepancy.fmt(out),
            Self::RefusedClients(refused) => refused.fmt(out),
            Self::TurnedAway(turned_away) => turned_away.fmt(out),
            Self::TelephoneSystem(defect) => defect.fmt(out),
        }
    }
}

fn shown(value: &SettingValue) -> String {
    Some(value.to_string()).filter(|text| !text.is_empty()).unwrap_or_else(|| "not set".to_owned())
}

impl From<SystemDefect> for Defect {
    fn from(defect: SystemDefect) -> Self {
        Self::TelephoneSystem(defect)
    }
}
