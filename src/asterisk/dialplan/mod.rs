//! What an administrator includes in the files of Asterisk so that it works with ctibox: contexts, account and queues for
//! one database (telephony §17). `command` prints or writes it. Pure: settings in, texts out; nothing is written into them
//! that Asterisk could read as anything but the name that it is.

/// Callers' names.
mod caller_names;
/// Contexts with their numbers, hints and lamps.
mod extensions;
/// The account of AMI.
mod manager;
/// Queues.
mod queues;
/// What may be written.
mod word;

use std::fmt;
use std::net::SocketAddr;

pub(crate) use caller_names::asked_at;
pub(crate) use manager::{AmiAccount, UnwritableAccount};

use crate::settings::configuration::Configuration;
use crate::settings::name::Device;

/// The files, in the order in which they are shown.
pub(crate) const EXTENSIONS_FILE: &str = "extensions_ctibox.conf";
pub(crate) const MANAGER_FILE: &str = "manager_ctibox.conf";
pub(crate) const QUEUES_FILE: &str = "queues_ctibox.conf";

/// By its beginning a file of ours is known.
pub(crate) const FIRST_WORDS: &str = "; Written by `ctibox asterisk dialplan`";

/// What is on the host already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PbxKind {
    /// Nothing but telephones.
    Bare(SipDriver),
    /// A XiVO, whose own dial plan has the numbers, queues and `agentcallback`.
    Xivo,
}

/// By which driver devices are called that the database calls `SIP/…` (telephony §16b).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SipDriver {
    Pjsip,
    /// Gone since Asterisk 21.
    ChanSip,
}

impl SipDriver {
    /// The device as Asterisk calls it; None if that could mean something else there.
    fn device(self, device: &Device) -> Option<String> {
        let (technology, name) = word::device(device)?;
        Some(format!("{}/{name}", self.technology(technology)))
    }

    fn technology(self, technology: &str) -> &str {
        match self {
            Self::Pjsip if technology.eq_ignore_ascii_case("sip") => "PJSIP",
            Self::Pjsip | Self::ChanSip => technology,
        }
    }
}

/// The texts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dialplan {
    pub(crate) extensions: String,
    pub(crate) manager: String,
    pub(crate) queues: String,
    /// What could not be written.
    pub(crate) left_out: Vec<LeftOut>,
}

/// Something of the database that Asterisk would read as something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LeftOut {
    Context(String),
    /// A line or queue's number in this context.
    Number {
        number: String,
        context: String,
    },
    Device(String),
    Queue(String),
}

impl fmt::Display for LeftOut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Context(name) => write!(out, "Asterisk keeps the name of the context {name} for itself"),
            Self::Number { number, context } => {
                write!(out, "Asterisk would not read {number} in the context {context} as a number")
            }
            Self::Device(device) => {
                write!(out, "the device {device} has characters that mean something in a dial plan")
            }
            Self::Queue(name) => write!(out, "Asterisk keeps the name of the queue {name} for itself"),
        }
    }
}

impl Dialplan {
    /// `caller_names`: where Asterisk is to ask for them.
    pub(crate) fn of(
        configuration: &Configuration,
        account: &AmiAccount<'_>,
        host: PbxKind,
        caller_names: Option<SocketAddr>,
    ) -> Result<Self, UnwritableAccount> {
        let mut left_out = Vec::new();
        let extensions =
            extensions::extensions(configuration, host, &mut left_out) + &caller_names::context(caller_names);
        let queues = match host {
            PbxKind::Bare(driver) => queues::queues(configuration, driver, &mut left_out),
            PbxKind::Xivo => "; The queues are XiVO's own.\n".to_owned(),
        };
        Ok(Self {
            extensions: with_head("extensions.conf", &extensions),
            manager: with_head("manager.conf", &manager::manager(account)?),
            queues: with_head("queues.conf", &queues),
            left_out,
        })
    }

    /// By the names of their files.
    pub(crate) fn files(&self) -> [(&'static str, &str); 3] {
        [(EXTENSIONS_FILE, &self.extensions), (MANAGER_FILE, &self.manager), (QUEUES_FILE, &self.queues)]
    }
}

fn with_head(includer: &str, text: &str) -> String {
    format!("{FIRST_WORDS}: do not edit, it is replaced. Included by {includer}.\n\n{text}")
}

#[cfg(test)]
mod tests;
