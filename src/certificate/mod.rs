//! Certificates of the CTI port: the fallback pair is made here, named ones are loaded, checked and described, and a
//! renewed pair is noticed. `server`, `command`, `check` and the console call; nothing here opens a socket.

use std::path::{Path, PathBuf};

mod check;
mod current;
mod describe;
mod error;
mod key_kind;
mod load;
#[cfg(test)]
mod load_tests;
mod make;
mod pem;
#[cfg(test)]
mod samples;

pub(crate) use check::{check_pair, findings_of, urgency};
pub(crate) use current::{CurrentPair, Refreshed};
pub(crate) use describe::{Description, days_left, fingerprint, moment_text};
pub(crate) use error::CertificateError;
pub(crate) use load::{Pair, load_authorities, load_pair};
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
