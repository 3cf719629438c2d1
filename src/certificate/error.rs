//! What went wrong with which file of a pair, each kind in its own words; as a finding of rule G2 for whoever checks.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use super::PairPaths;
use super::describe::moment_text;
use super::key_kind::KeyKind;
use super::pem::FormFault;
use crate::settings::rule::{Finding, Refusal, Rule, Severity};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::{PairFault, Violation};

/// What went wrong with which file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CertificateError {
    #[error("cannot read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("cannot write {path}")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("{path} {fault}")]
    Form { path: PathBuf, fault: FormFault },
    /// `found` says what is there in its place.
    #[error("{path} holds no certificate, but {found}")]
    NoCertificate { path: PathBuf, found: String },
    #[error("{path} holds no private key, but {found}")]
    NoKey { path: PathBuf, found: String },
    #[error("certificate and key are swapped: {certificate} holds a private key, {key} a certificate")]
    Swapped { certificate: PathBuf, key: PathBuf },
    #[error("{path} is damaged: its {label} number {place} is not base64")]
    NotBase64 { path: PathBuf, label: String, place: usize },
    #[error("{path} holds a certificate that cannot be read as X.509, number {place}: {why}")]
    NotX509 { path: PathBuf, place: usize, why: String },
    #[error("{path} is an X.509 version {version} certificate; version 3 is needed")]
    OldX509 { path: PathBuf, version: u8 },
    #[error("{path} is no certificate for servers: its extended key usage names other uses alone")]
    NotForServers { path: PathBuf },
    #[error("{path} is protected by a password; the key must not be encrypted")]
    EncryptedKey { path: PathBuf },
    #[error("{path} holds a key that cannot be used: {kind}; {USABLE}")]
    KeyKind { path: PathBuf, kind: KeyKind },
    #[error("{path} holds a private key that is damaged or not whole")]
    DamagedKey { path: PathBuf },
    #[error(
        "{path} holds its certificates in the wrong order: number {place} of {of} is the one of the key, and the \
         server's own must come first"
    )]
    WrongOrder { path: PathBuf, place: usize, of: usize },
    #[error("{certificate} is not the certificate of the key {key}")]
    NotTogether { certificate: PathBuf, key: PathBuf },
    #[error("{path} expired on {}", moment_text(*.on))]
    Expired { path: PathBuf, on: OffsetDateTime },
    #[error("{path} is not valid before {}", moment_text(*.until))]
    NotYetValid { path: PathBuf, until: OffsetDateTime },
    #[error("{key} is missing although its certificate {certificate} is there")]
    LoneCertificate { certificate: PathBuf, key: PathBuf },
    #[error("{name:?} is no name or address of a host, so no certificate can be for it")]
    Name { name: String },
    #[error("cannot make a certificate: {why}")]
    Make { why: String },
}

/// What ring can sign with.
const USABLE: &str = "RSA of 2048 to 4096 bits, EC on P-256 or P-384, and Ed25519 can";

impl CertificateError {
    /// With its cause, in one line.
    pub(crate) fn words(&self) -> String {
        crate::observe::chain(self)
    }

    /// The same as a finding of rule G2.
    pub(crate) fn finding(&self) -> Finding {
        self.finding_of(None)
    }

    /// For `check` and for a setting that is being set: what is wrong with the file of the pair's key is no fault of its
    /// certificate.
    pub(crate) fn finding_in(&self, pair: &PairPaths) -> Finding {
        self.finding_of(Some(&pair.key))
    }

    fn finding_of(&self, key: Option<&Path>) -> Finding {
        let problem = Violation::Pair { fault: self.fault(), words: self.words(), consequence: None };
        let on = if self.is_of_key(key) { TargetKind::Key } else { TargetKind::Certificate };
        Finding { severity: Severity::Error, about: None, refusal: Refusal::new(Rule::G2, on, problem) }
    }

    fn is_of_key(&self, key: Option<&Path>) -> bool {
        match self {
            Self::Read { path, .. }
            | Self::Write { path, .. }
            | Self::Form { path, .. }
            | Self::NotBase64 { path, .. } => Some(path.as_path()) == key,
            Self::NoKey { .. }
            | Self::EncryptedKey { .. }
            | Self::KeyKind { .. }
            | Self::DamagedKey { .. }
            | Self::LoneCertificate { .. } => true,
            Self::NoCertificate { .. }
            | Self::Swapped { .. }
            | Self::NotX509 { .. }
            | Self::OldX509 { .. }
            | Self::NotForServers { .. }
            | Self::WrongOrder { .. }
            | Self::NotTogether { .. }
            | Self::Expired { .. }
            | Self::NotYetValid { .. }
            | Self::Name { .. }
            | Self::Make { .. } => false,
        }
    }

    /// Which way out there is.
    fn fault(&self) -> PairFault {
        match self {
            Self::Read { source, .. } | Self::Write { source, .. } => match source.kind() {
                ErrorKind::PermissionDenied => PairFault::PermissionDenied,
                ErrorKind::NotFound => PairFault::Missing,
                _ => PairFault::Other,
            },
            Self::Form { fault, .. } => match fault {
                FormFault::Der => PairFault::Der,
                FormFault::Pkcs12 => PairFault::Pkcs12,
                FormFault::JavaKeyStore => PairFault::JavaKeyStore,
                FormFault::CutShort { .. } => PairFault::CutShort,
                FormFault::Empty | FormFault::NotPem => PairFault::Other,
            },
            Self::EncryptedKey { .. } => PairFault::EncryptedKey,
            Self::KeyKind { kind, .. } if kind.is_openssh() => PairFault::OpensshKey,
            Self::KeyKind { .. } => PairFault::UnusableKey,
            Self::Swapped { .. } => PairFault::Swapped,
            Self::WrongOrder { .. } => PairFault::WrongOrder,
            Self::Expired { .. } => PairFault::Expiry,
            Self::NotYetValid { .. } => PairFault::NotYetValid,
            Self::OldX509 { .. } => PairFault::OldVersion,
            Self::NotForServers { .. } => PairFault::NotForServers,
            Self::Name { .. } => PairFault::HostName,
            Self::NoCertificate { .. }
            | Self::NoKey { .. }
            | Self::NotBase64 { .. }
            | Self::NotX509 { .. }
            | Self::DamagedKey { .. }
            | Self::NotTogether { .. }
            | Self::LoneCertificate { .. }
            | Self::Make { .. } => PairFault::Other,
        }
    }
}
