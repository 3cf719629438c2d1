//! Why an LDAP server could not say: nobody is told a wrong password because of one of these.

use std::io;

use crate::certificate::TrustError;
use crate::observe::shown;

/// What was asked of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::auth) enum Operation {
    Connect,
    Encrypt,
    ServiceBind,
    Search,
    UserBind,
    ReadEmail,
}

impl Operation {
    fn words(self) -> &'static str {
        match self {
            Self::Connect => "connecting",
            Self::Encrypt => "encrypting",
            Self::ServiceBind => "the bind of the service",
            Self::Search => "the search for the login",
            Self::UserBind => "the bind of the user",
            Self::ReadEmail => "reading the e-mail address",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub(in crate::auth) enum LdapFault {
    #[error("cannot connect: {0}")]
    Connect(io::Error),
    #[error("cannot encrypt: {why}")]
    Encrypt { why: String },
    #[error("{0}")]
    Trust(#[from] TrustError),
    #[error("{} is not answered in time", .0.words())]
    Timeout(Operation),
    #[error("the connection broke during {}: {why}", .asked.words())]
    Broken { asked: Operation, why: String },
    /// `code` is the result code of LDAP, `text` what the server says beside it.
    #[error("answers {} with {}", .asked.words(), answer(.code, .text))]
    Answer { asked: Operation, code: u32, text: String },
}

/// Result codes of LDAP that say that the server cannot serve now.
const BUSY: u32 = 51;
const UNAVAILABLE: u32 = 52;

impl LdapFault {
    /// What failed.
    pub(in crate::auth) fn asked(&self) -> Operation {
        match self {
            Self::Connect(_) => Operation::Connect,
            Self::Encrypt { .. } | Self::Trust(_) => Operation::Encrypt,
            Self::Timeout(asked) | Self::Broken { asked, .. } | Self::Answer { asked, .. } => *asked,
        }
    }

    /// Whether the server is at fault rather than what it is asked: another one may do better.
    pub(super) fn is_of_server(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Encrypt { .. } | Self::Trust(_) | Self::Timeout(_) | Self::Broken { .. } => true,
            Self::Answer { code, .. } => matches!(*code, BUSY | UNAVAILABLE),
        }
    }

    /// Whether a connection that was kept may have been too old: a fresh one may do better.
    pub(super) fn is_of_connection(&self) -> bool {
        match self {
            Self::Timeout(_) | Self::Broken { .. } => true,
            Self::Connect(_) | Self::Encrypt { .. } | Self::Trust(_) | Self::Answer { .. } => false,
        }
    }
}

fn answer(code: &u32, text: &str) -> String {
    let name = match code {
        1 => "operationsError",
        2 => "protocolError",
        8 => "strongerAuthRequired",
        10 => "referral, which is not followed",
        13 => "confidentialityRequired: it wants TLS",
        16 => "noSuchAttribute",
        17 => "undefinedAttributeType",
        32 => "noSuchObject",
        34 => "invalidDNSyntax",
        48 => "inappropriateAuthentication",
        49 => "invalidCredentials",
        50 => "insufficientAccessRights",
        51 => "busy",
        52 => "unavailable",
        53 => "unwillingToPerform",
        _ => "an error",
    };
    let more = if text.is_empty() { String::new() } else { format!(": {}", shown(text)) };
    format!("{name} (result {code}{more})")
}
