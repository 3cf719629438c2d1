//! Certificates of the CTI port: the fallback pair is made here, named ones are kept, made, loaded, checked and described,
//! and a renewed pair is noticed. `server`, `command`, `check` and the console call; nothing here opens a socket.

use std::path::{Path, PathBuf};

mod check;
mod current;
mod describe;
mod error;
mod files;
mod issue;
mod key_kind;
mod load;
#[cfg(test)]
mod load_tests;
mod make;
mod pem;
#[cfg(test)]
mod samples;
mod store;
mod trust;
mod xivo;

pub(crate) use check::{check_pair, findings_of, urgency};
pub(crate) use current::{CurrentPair, Refreshed};
pub(crate) use describe::{Description, days_left, fingerprint, moment_text};
pub(crate) use error::CertificateError;
pub(crate) use files::Occupied;
pub(crate) use issue::{DAYS_MAX, SignedBy, Subject, VALIDITY_DAYS};
pub(crate) use key_kind::KeyKind;
pub(crate) use load::{Pair, PairBytes, load_authorities, load_pair, read};
pub(crate) use make::{ensure_fallback, renew_fallback};
pub(crate) use store::{CertificateStore, Content, PairName, StoreError, Stored};
pub(crate) use trust::{TrustError, TrustFile, distrust_words, expect_trust, server_name};
pub(crate) use xivo::{XIVO_CERTIFICATES, XivoPair};

/// Where a certificate and its key stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PairPaths {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl PairPaths {
    /// The appliance's own pair, used while the administrator names none.
    pub(crate) fn fallback(folder: &Path) -> Self {
        let certs = files::folder_of(folder);
        Self { certificate: certs.join("server.crt"), key: certs.join("server.key") }
    }

    /// The named pair, or the fallback.
    pub(crate) fn effective(named: Option<&(PathBuf, PathBuf)>, folder: &Path) -> Self {
        match named {
            Some((certificate, key)) => Self { certificate: certificate.clone(), key: key.clone() },
            None => Self::fallback(folder),
        }
    }

    /// Whether both lead to the same files, by whatever links.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        leads_to(&self.certificate) == leads_to(&other.certificate) && leads_to(&self.key) == leads_to(&other.key)
    }

    /// Whether one of its files is among these.
    pub(crate) fn is_among(&self, named: &[PathBuf]) -> bool {
        let own = [leads_to(&self.certificate), leads_to(&self.key)];
        named.iter().any(|path| own.contains(&leads_to(path)))
    }
}

/// Without links, as far as it is there.
fn leads_to(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
