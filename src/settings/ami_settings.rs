//! The link to Asterisk's manager interface, as typed settings (settings §1.9). `setting::General` holds them; `asterisk`
//! works by them.

use std::fmt;
use std::path::PathBuf;

use super::host::Host;
use super::password::Secret;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AmiSettings {
    pub(crate) host: Host,
    pub(crate) port: u16,
    pub(crate) username: String,
    /// None: telephony is off.
    pub(crate) secret: Option<Secret>,
    pub(crate) tls: bool,
    /// None: the authorities that the system trusts.
    pub(crate) ca_file: Option<PathBuf>,
}

/// Where it is.
impl fmt::Display for AmiSettings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.host, self.port)
    }
}
