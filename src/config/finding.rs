//! What is wrong in a settings file, where, and how it is said. `files` finds it; `check`, `serve` and `setting` tell it.

use std::fmt;

use super::fault::FileFault;
use super::place::FilePlace;
use crate::settings::prose::{Prose, prose};
use crate::settings::rule::{Severity, count};
use crate::settings::setting::Key;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileFinding {
    pub(crate) place: FilePlace,
    pub(crate) problem: FileProblem,
}

/// What is written and does not hold is a fault, an error; all else is a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FileProblem {
    Fault(FileFault),
    UnknownKey {
        path: String,
        nearest: Option<String>,
    },
    /// A key with its dots, where a file nests it.
    DottedKey {
        name: String,
    },
    /// An empty group, which is a value all the same.
    EmptyGroup {
        path: String,
        settings: usize,
    },
    /// A value that is no map under a map of an earlier file, or the other way round.
    OtherKind {
        path: String,
        above: FilePlace,
    },
    RepeatedKey {
        name: String,
    },
    Inert {
        key: Key,
        why: &'static str,
    },
    NotDone {
        path: String,
        why: &'static str,
    },
}

impl From<FileFault> for FileProblem {
    fn from(fault: FileFault) -> Self {
        Self::Fault(fault)
    }
}

impl FileFinding {
    /// Whether it is the same one, though files above it may have come or gone.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let place = |finding: &Self| (finding.place.file.clone(), finding.place.line, finding.place.column);
        self.problem == other.problem && place(self) == place(other)
    }

    /// An error is something that is written and does not hold.
    pub(crate) fn severity(&self) -> Severity {
        use FileProblem as P;
        match self.problem {
            P::Fault(_) => Severity::Error,
            P::UnknownKey { .. }
            | P::DottedKey { .. }
            | P::EmptyGroup { .. }
            | P::OtherKind { .. }
            | P::RepeatedKey { .. }
            | P::Inert { .. }
            | P::NotDone { .. } => Severity::Warning,
        }
    }

    /// Whether a server does not start on it: it would let in others than those who are meant.
    pub(crate) fn keeps_from_starting(&self) -> bool {
        self.fault().is_some_and(|fault| match fault {
            FileFault::Unreadable { is_own_main, .. }
            | FileFault::Broken { is_own_main, .. }
            | FileFault::NoMap { is_own_main } => *is_own_main,
            FileFault::WrongValue { key, .. } => is_open_by_default(*key),
            FileFault::NoGroup { below, .. } => below.iter().copied().any(is_open_by_default),
            FileFault::OfOtherVersion { .. } => false,
        })
    }

    /// The file, and where in it something is wrong: nowhere if nothing of it could be read.
    pub(crate) fn location(&self) -> String {
        match self.fault() {
            Some(FileFault::Unreadable { .. }) => self.place.file.to_string(),
            _ => self.place.to_string(),
        }
    }

    /// What is written and does not hold.
    pub(crate) fn fault(&self) -> Option<&FileFault> {
        match &self.problem {
            FileProblem::Fault(fault) => Some(fault),
            _ => None,
        }
    }

    /// The setting that it is about.
    pub(crate) fn key(&self) -> Option<Key> {
        match self.problem {
            FileProblem::Fault(FileFault::WrongValue { key, .. }) | FileProblem::Inert { key, .. } => Some(key),
            _ => None,
        }
    }

    /// Whether it is that a value for this very setting is not taken.
    pub(crate) fn refuses(&self, key: Key) -> bool {
        match self.fault() {
            Some(FileFault::WrongValue { key: wrong, .. }) => *wrong == key,
            Some(FileFault::NoGroup { below, .. }) => below.contains(&key),
            _ => false,
        }
    }

    /// Whether it is that a whole file is not taken, whatever that says.
    pub(crate) fn refuses_file(&self) -> bool {
        matches!(self.fault(), Some(FileFault::Unreadable { .. } | FileFault::Broken { .. } | FileFault::NoMap { .. }))
    }

    pub(crate) fn remedy(&self) -> Prose {
        self.problem.remedy()
    }
}

impl FileProblem {
    /// What mends it.
    pub(crate) fn remedy(&self) -> Prose {
        use FileProblem as P;
        match self {
            P::Fault(fault) => fault.remedy(),
            P::UnknownKey { nearest: Some(nearest), .. } => prose!["did you mean `{nearest}`?"],
            P::UnknownKey { nearest: None, .. } => prose!["take it out; ", ctibox("setting list"), " shows all keys"],
            P::DottedKey { .. } => prose!["write each part on a line of its own, the next one indented below it"],
            P::EmptyGroup { path, .. } => prose!["take the line `{path}:` out, or write something below it"],
            P::OtherKind { .. } => prose!["let both files have a map there, or none"],
            P::RepeatedKey { .. } => prose!["write it once"],
            P::Inert { .. } | P::NotDone { .. } => prose!["take it out, or leave it: it does nothing"],
        }
    }
}

/// Without the place.
impl fmt::Display for FileProblem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(out),
            Self::UnknownKey { path, .. } => write!(out, "unknown key `{path}`"),
            Self::DottedKey { name } => write!(out, "`{name}` is no key of a file: a key is nested at its dots"),
            Self::EmptyGroup { path, settings } => write!(
                out,
                "`{path}` is empty, which is a value too: {} below it are at their defaults, whatever else is said",
                count(*settings, "setting")
            ),
            Self::OtherKind { path, above } => {
                write!(
                    out,
                    "`{path}` counts for nothing: it is a map in one file and none in the other, and {above} is first"
                )
            }
            Self::RepeatedKey { name } => write!(out, "`{name}` stands here twice; the last one counts"),
            Self::Inert { key, why } => write!(out, "{key} has no effect: {why}"),
            Self::NotDone { path, why } => write!(out, "`{path}` is not done: {why}"),
        }
    }
}

impl fmt::Display for FileFinding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            FileProblem::Fault(FileFault::Unreadable { .. } | FileFault::NoMap { .. }) => {
                write!(out, "{} {}", self.place.file, self.problem)
            }
            _ => write!(out, "{}: {}", self.place, self.problem),
        }
    }
}

/// What a start does not go on with.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct FatalFinding(pub(crate) FileFinding);

/// Whether a slip in the value would open what was meant to be shut, for the default lets in more.
fn is_open_by_default(key: Key) -> bool {
    use Key as K;
    match key {
        K::ClientEnabled
        | K::ClientListen
        | K::EncryptionMode
        | K::EncryptionMinVersion
        | K::EncryptionLegacyTlsFrom
        | K::EncryptionFallbackWhenBroken
        | K::ContextSeparation
        | K::AuthBackend
        | K::AuthBackends
        | K::AuthLdapStartTls
        | K::AmiTls => true,
        // By default they let in nobody else, or are no question of that.
        K::ClientPort
        | K::ClientLoginTimeout
        | K::ClientConnectionsMax
        | K::ClientConnectionsPerAddressMax
        | K::ClientUnauthenticatedPerAddressMax
        | K::ClientSessionsPerUserMax
        | K::EncryptionCertificate
        | K::EncryptionKeyFile
        | K::EncryptionAllowLegacyTls
        | K::LogLevel
        | K::StrictPresence
        | K::PresenceDisconnectGrace
        | K::PresenceAgentActionsOnLoss
        | K::ServicesEnforceProfile
        | K::AgentsPhoneGone
        | K::AgentsPhoneGoneAction
        | K::ChatKeepDays
        | K::ChatMakeSafe
        | K::PeopleColumns
        | K::ProtocolAnswerUnknown
        | K::AuthLdapUri
        | K::AuthLdapUserBaseDn
        | K::AuthLdapUserLoginAttribute
        | K::AuthLdapUserEmailAttribute
        | K::AuthLdapBindDn
        | K::AuthLdapBindPassword
        | K::AuthLdapBindAnonymous
        | K::AuthLdapCaFile
        | K::AuthXivoAuthHost
        | K::AuthXivoAuthPort
        | K::AuthXivoAuthTimeout
        | K::AuthXivoAuthCaFile
        | K::AuthXivoAuthBackend
        | K::AmiHost
        | K::AmiPort
        | K::AmiUsername
        | K::AmiSecret
        | K::AmiCaFile
        | K::AgiListen
        | K::BackupKeep
        | K::BackupTime
        | K::ConsoleTheme => false,
    }
}
