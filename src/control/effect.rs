//! What the running server made of the settings: what came of a change, and where what is configured is not what holds.
//! `server` tells it, `check` makes findings of it, `command` and the console say it to people.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::config::FileFault;

/// What holds once the server has taken over everything that was changed before it was asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Effect {
    /// How many sessions ended because their users may not be connected any more (protocol decision 11).
    pub(crate) sessions_ended: u32,
    /// Where clients can connect now.
    pub(crate) listen: Vec<SocketAddr>,
    /// What `serve --listen` named; it stands above the settings.
    pub(crate) named: Vec<SocketAddr>,
    /// SHA-256 of the certificate that new handshakes get.
    pub(crate) fingerprint: Option<String>,
    /// What CTIBOX_LOG of the server said; it stands above log.level.
    pub(crate) log_filter: Option<String>,
    /// What is configured and does not hold.
    pub(crate) discrepancies: Vec<Discrepancy>,
}

/// Something that is configured and does not hold in the running server, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub(crate) enum Discrepancy {
    /// The settings cannot be read: those that were read last hold.
    Settings { why: String },
    /// What stands in settings files and cannot be taken: the rest of them holds, and where a value was in force before,
    /// that one.
    Files { errors: Vec<FileError> },
    /// Addresses cannot be listened on; clients connect where they did before.
    Listen { failures: Vec<ListenFailure>, instead: Vec<SocketAddr> },
    /// The pair cannot be used; new handshakes get the one that was in use before, or, where there was none at the
    /// start, ctibox's own.
    Certificate {
        certificate: String,
        why: String,
        in_use: Option<String>,
        #[serde(default)]
        is_own: bool,
        /// It is out of its time and clients get it all the same, for lack of a better one.
        #[serde(default)]
        is_used: bool,
    },
    /// The address cannot be listened on at which Asterisk is to ask for callers' names; it may ask where it did before.
    CallerNames { failure: ListenFailure, instead: Option<SocketAddr> },
    /// Telephony is configured, and there is no link to Asterisk.
    Telephony {
        why: String,
        /// Asterisk is there and refuses the login.
        is_refused: bool,
    },
    /// A backend is named and cannot be asked, for lack of settings.
    Backends { why: String },
    /// A backend has not answered the logins of late.
    SilentBackend { backend: String, logins: u64, seconds: u64 },
}

/// Something in a settings file that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ToldFileError", into = "ToldFileError")]
pub(crate) struct FileError {
    /// `/etc/ctibox/config.yml:3:9`
    pub(crate) place: String,
    pub(crate) fault: FileFault,
}

/// With its words too, for who reads the JSON and for programs of other versions.
#[derive(Serialize, Deserialize)]
struct ToldFileError {
    place: String,
    why: String,
    remedy: String,
    #[serde(default)]
    fault: serde_json::Value,
}

impl From<FileError> for ToldFileError {
    fn from(FileError { place, fault }: FileError) -> Self {
        let (why, remedy) = (fault.to_string(), fault.remedy().to_string());
        // One that was only told in words is told so again.
        Self { place, why, remedy, fault: serde_json::to_value(fault).unwrap_or_default() }
    }
}

impl From<ToldFileError> for FileError {
    fn from(ToldFileError { place, why, remedy, fault }: ToldFileError) -> Self {
        let known = serde_json::from_value(fault);
        Self { place, fault: known.unwrap_or(FileFault::OfOtherVersion { why, remedy }) }
    }
}

/// A setting that a settings file of the running server decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FileSetting {
    pub(crate) key: String,
    /// None: it is a secret.
    pub(crate) value: Option<String>,
    pub(crate) file: String,
    /// How many files stand above that one.
    pub(crate) rank: usize,
    /// From 1, as the column.
    pub(crate) line: u32,
    pub(crate) column: u32,
}

/// An address that cannot be listened on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ListenFailure {
    pub(crate) address: SocketAddr,
    pub(crate) problem: ListenProblem,
    /// In the words of the system.
    pub(crate) why: String,
}

impl ListenFailure {
    pub(crate) fn of(address: SocketAddr, error: &io::Error) -> Self {
        Self { address, problem: ListenProblem::of(address.ip(), error), why: error.to_string() }
    }
}

/// Why an address cannot be had, as far as it decides what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ListenProblem {
    /// Another program has it.
    Taken,
    /// The process may not, as with ports below 1024.
    NotPermitted,
    /// It belongs to another host.
    NotOfThisHost,
    /// This host has no addresses of that family.
    NoSuchFamily,
    #[serde(other)]
    Other,
}

impl ListenProblem {
    /// What an error of `bind` or `listen` means for this address.
    pub(crate) fn of(address: IpAddr, error: &io::Error) -> Self {
        let is_unsupported = error.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error());
        match error.kind() {
            _ if is_unsupported => Self::NoSuchFamily,
            // A host without IPv6, as against a wrong address.
            io::ErrorKind::AddrNotAvailable if address == Ipv6Addr::UNSPECIFIED => Self::NoSuchFamily,
            io::ErrorKind::AddrNotAvailable => Self::NotOfThisHost,
            io::ErrorKind::AddrInUse => Self::Taken,
            io::ErrorKind::PermissionDenied => Self::NotPermitted,
            _ => Self::Other,
        }
    }
}

/// Without what to do about it, which whoever talks to a person adds.
impl fmt::Display for Discrepancy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings { why } => write!(out, "the settings cannot be read, the old ones stay in force: {why}"),
            Self::Files { errors } => {
                let errors: Vec<_> = errors.iter().map(|one| format!("{}: {}", one.place, one.fault)).collect();
                write!(out, "settings files: {}", errors.join("; "))
            }
            Self::Listen { failures, instead } => {
                let failures: Vec<_> = failures.iter().map(|one| format!("{}: {}", one.address, one.why)).collect();
                write!(out, "cannot listen on {}; {}", failures.join("; "), connect_to(instead))
            }
            Self::CallerNames { failure, instead } => {
                write!(out, "cannot listen on {} for callers' names: {}; ", failure.address, failure.why)?;
                match instead {
                    Some(address) => write!(out, "Asterisk may ask at {address} as before"),
                    None => out.write_str("telephones show callers' numbers alone"),
                }
            }
            Self::Telephony { why, .. } => write!(out, "no link to Asterisk, telephony is down: {why}"),
            Self::Certificate { why, is_used: true, .. } => {
                write!(out, "clients that verify the certificate refuse it: {why}")
            }
            Self::Backends { why } => write!(out, "{why}: logins that come to it end with `xivo_auth_error`"),
            Self::SilentBackend { backend, logins, seconds } => {
                let logins = if *logins == 1 { "1 login".to_owned() } else { format!("{logins} logins") };
                let since = minutes(*seconds);
                write!(out, "{backend} does not answer: {logins} could not be checked in the last {since}")
            }
            Self::Certificate { why, in_use, is_own, .. } => {
                let whose = if *is_own { "ctibox's own" } else { "the one that was in use" };
                write!(out, "the certificate cannot be used: {why}; ")?;
                match in_use {
                    Some(fingerprint) => write!(out, "clients get {whose}, SHA-256 {fingerprint}"),
                    None => out.write_str("no client can encrypt"),
                }
            }
        }
    }
}

/// `minute`, `12 minutes`; a begun one is one.
pub(super) fn minutes(seconds: u64) -> String {
    match seconds.div_ceil(60).max(1) {
        1 => "minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// `clients connect to 127.0.0.1:5003 as before`.
pub(crate) fn connect_to(instead: &[SocketAddr]) -> String {
    let addresses: Vec<_> = instead.iter().map(SocketAddr::to_string).collect();
    match addresses.is_empty() {
        true => "no client can connect".to_owned(),
        false => format!("clients connect to {} as before", addresses.join(" ")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::settings::setting::Key;

    #[test]
    fn what_an_older_server_leaves_out_is_nothing() {
        assert_eq!(serde_json::from_str::<Effect>("{}").expect("an effect"), Effect::default());
    }

    #[test]
    fn a_fault_in_a_file_is_the_same_on_the_other_side_and_words_where_it_is_not_known() {
        let fault =
            FileFault::WrongValue { key: Key::ClientPort, path: "client.port".into(), must_be: "must be less".into() };
        let error = FileError { place: "/etc/c.yml:3:9".into(), fault };
        let mut told = serde_json::to_value(&error).expect("JSON");
        assert_eq!((&told["place"], &told["why"]), (&json!("/etc/c.yml:3:9"), &json!("`client.port` must be less")));
        assert_eq!(serde_json::from_value::<FileError>(told.clone()).expect("an error"), error);
        let words = || FileFault::OfOtherVersion {
            why: "`client.port` must be less".into(),
            remedy: error.fault.remedy().to_string(),
        };
        told["fault"]["kind"] = json!("eclipsed");
        assert_eq!(serde_json::from_value::<FileError>(told.clone()).expect("an error").fault, words());
        told.as_object_mut().expect("an object").remove("fault");
        let of_older: FileError = serde_json::from_value(told.clone()).expect("an error");
        assert_eq!(of_older.fault, words());
        assert_eq!(serde_json::to_value(of_older).expect("JSON")["why"], told["why"]);
    }

    #[test]
    fn a_problem_of_a_newer_server_is_another() {
        let failure = r#"{"address":"127.0.0.1:1","problem":"eclipsed","why":"dark"}"#;
        let failure: ListenFailure = serde_json::from_str(failure).expect("a failure");
        assert_eq!(failure.problem, ListenProblem::Other);
    }

    #[test]
    fn a_host_without_ipv6_lacks_the_family_and_no_more() {
        let no_family = || io::Error::from_raw_os_error(rustix::io::Errno::AFNOSUPPORT.raw_os_error());
        let no_address = || io::Error::from(io::ErrorKind::AddrNotAvailable);
        let is_absent = |text: &str, error| {
            ListenProblem::of(text.parse().expect("an address"), &error) == ListenProblem::NoSuchFamily
        };
        assert!(is_absent("::", no_family()) && is_absent("::", no_address()) && is_absent("2001:db8::1", no_family()));
        assert!(!is_absent("2001:db8::1", no_address()) && !is_absent("0.0.0.0", no_address()));
        assert!(!is_absent("::", io::ErrorKind::AddrInUse.into()));
    }

    #[test]
    fn logins_that_could_not_be_checked_are_counted() {
        let silent = |logins, seconds| {
            Discrepancy::SilentBackend { backend: "ldap_user".to_owned(), logins, seconds }.to_string()
        };
        assert_eq!(silent(1, 0), "ldap_user does not answer: 1 login could not be checked in the last minute");
        assert_eq!(silent(37, 661), "ldap_user does not answer: 37 logins could not be checked in the last 12 minutes");
    }

    #[test]
    fn a_discrepancy_says_what_holds_instead() {
        let taken = ListenFailure {
            address: "127.0.0.1:443".parse().expect("an address"),
            problem: ListenProblem::NotPermitted,
            why: "Permission denied".to_owned(),
        };
        let instead = vec!["127.0.0.1:5003".parse().expect("an address")];
        assert_eq!(
            Discrepancy::Listen { failures: vec![taken], instead }.to_string(),
            "cannot listen on 127.0.0.1:443: Permission denied; clients connect to 127.0.0.1:5003 as before"
        );
    }
}
