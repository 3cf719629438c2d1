//! What a finding is about.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::defect::SecretKind;
use crate::check::telephone_system::SystemPart;
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::Key;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FindingTarget {
    /// What a broken rule is about.
    Rule(RuleTarget),
    DataFolder(PathBuf),
    /// None: what is wrong names the file.
    Database(Option<PathBuf>),
    /// A file that should be secret.
    Secret(SecretKind, PathBuf),
    Setting(Key),
    /// A place in a settings file, or the file.
    SettingsFile(String),
    /// Of the certificate that clients get, as it is configured.
    Certificate(String),
    Address(SocketAddr),
    Encryption,
    Backends,
    /// How many clients there may be.
    Connections,
    /// The process that has the data folder.
    ServerProcess(u32),
    /// What it has in force.
    RunningServer,
    /// The link of the running server to Asterisk.
    Link,
    /// What Asterisk says of itself.
    TelephoneSystem(SystemPart),
}

impl fmt::Display for FindingTarget {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rule(target) => target.fmt(out),
            Self::DataFolder(folder) => write!(out, "data folder {}", folder.display()),
            Self::Database(None) => out.write_str("database"),
            Self::Database(Some(file)) => write!(out, "database {}", file.display()),
            Self::Secret(kind, path) => write!(out, "{} {}", kind.as_str(), path.display()),
            Self::Setting(key) => write!(out, "setting {key}"),
            Self::SettingsFile(place) => write!(out, "settings file {place}"),
            Self::Certificate(path) => write!(out, "certificate {path}"),
            Self::Address(address) => write!(out, "address {address}"),
            Self::Encryption => out.write_str("encryption"),
            Self::Backends => out.write_str("backends"),
            Self::Connections => out.write_str("connections"),
            Self::ServerProcess(process) => write!(out, "server, process {process}"),
            Self::RunningServer => out.write_str("running server"),
            Self::Link => out.write_str("telephony"),
            Self::TelephoneSystem(part) => part.fmt(out),
        }
    }
}
