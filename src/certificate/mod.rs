//! Certificates of the CTI port: the fallback pair is made here, named ones are loaded, checked and described, and a
//! renewed pair is noticed. `server`, `command`, `check` and the console call; nothing here opens a socket.

use std::path::{Path, PathBuf};

use crate::settings::rule::{Finding, Refusal, Rule, Severity};

mod check;
mod current;
mod describe;
mod load;
mod make;

pub(crate) use check::{check_pair, urgency};
pub(crate) use current::{CurrentPair, Refreshed};
pub(crate) use describe::{Description, days_left, fingerprint, moment_text};
pub(crate) use load::{Pair, load_pair};
pub(crate) use make::{ensure_fallback, renew_fallback};

/// Where a certificate and its key stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PairPaths {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl PairPaths {
    /// The appliance's own pair, used while the administrator names none.
    pub(crate) fn fallback(folder: &Path) -> Self {
        let certs = folder.join("certs");
        Self { certificate: certs.join("server.crt"), key: certs.join("server.key") }
    }

    /// The named pair, or the fallback.
    pub(crate) fn effective(named: Option<&(PathBuf, PathBuf)>, folder: &Path) -> Self {
        match named {
            Some((certificate, key)) => Self { certificate: certificate.clone(), key: key.clone() },
            None => Self::fallback(folder),
        }
    }
}

/// What went wrong with which file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificateError {
    #[error("cannot read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("cannot write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("{path} holds no certificate in PEM form")]
    NoCertificate { path: PathBuf },
    #[error("{path} holds a certificate that cannot be read as X.509: {why}")]
    NotX509 { path: PathBuf, why: String },
    #[error("{path} is an X.509 version {version} certificate; version 3 is needed")]
    OldX509 { path: PathBuf, version: u8 },
    #[error("{path} holds no private key in PEM form")]
    NoKey { path: PathBuf },
    #[error("{path} is protected by a password; the key must not be encrypted")]
    EncryptedKey { path: PathBuf },
    #[error("{path} holds a key of a kind that cannot be used; RSA and EC keys can")]
    KeyKind { path: PathBuf },
    #[error("{certificate} is not the certificate of the key {key}")]
    NotTogether { certificate: PathBuf, key: PathBuf },
    #[error("{key} is missing although its certificate {certificate} is there")]
    LoneCertificate { certificate: PathBuf, key: PathBuf },
    #[error("cannot make a certificate: {why}")]
    Make { why: String },
}

impl CertificateError {
    /// The same as a finding of rule G2, for `check` and for a setting that is being set.
    pub(crate) fn finding(&self) -> Finding {
        let message = match self {
            Self::Read { source, .. } | Self::Write { source, .. } => format!("{self}: {source}"),
            _ => self.to_string(),
        };
        Finding { severity: Severity::Error, about: None, refusal: Refusal::new(Rule::G2, "certificate", message) }
    }
}
