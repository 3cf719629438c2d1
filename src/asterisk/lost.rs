//! Why there is no link, in the words of log and status.

use std::io;
use std::time::Duration;

use super::action::UnsendableAction;
use super::back_off::Failure;
use crate::certificate::TrustError;

#[derive(Debug, thiserror::Error)]
pub(super) enum Lost {
    #[error("cannot connect to {address}: {cause}")]
    Connect { address: String, cause: io::Error },
    #[error("{address} does not answer within {} s", .within.as_secs())]
    NoAnswer { address: String, within: Duration },
    #[error("cannot encrypt to {address}: {cause}")]
    Encrypt { address: String, cause: io::Error },
    #[error("{0}")]
    Trust(#[from] TrustError),
    #[error("no AMI of Asterisk is there")]
    NoAmi,
    #[error("Asterisk refuses the login: {message}")]
    Refused { message: String },
    #[error("user name or secret cannot be sent: {0}")]
    Unsendable(#[from] UnsendableAction),
    #[error("Asterisk does not answer the login within {} s", .within.as_secs())]
    LoginUnanswered { within: Duration },
    #[error("Asterisk does not say how everything stands")]
    ResyncUnanswered,
    #[error("Asterisk was still starting")]
    BootedLate,
    #[error("Asterisk closed the connection")]
    Closed,
    #[error("the connection failed: {0}")]
    Failed(io::Error),
    #[error("Asterisk does not answer any more")]
    Silent,
    #[error("Asterisk takes no more actions")]
    Stuck,
    #[error("Asterisk's lists are too large")]
    TooMuch,
    #[error("more happened than ctibox could follow")]
    Overrun,
}

impl Lost {
    pub(super) fn failure(&self) -> Failure {
        match self {
            Self::Refused { .. } | Self::Unsendable(_) => Failure::Refused,
            Self::Connect { .. }
            | Self::NoAnswer { .. }
            | Self::Encrypt { .. }
            | Self::Trust(_)
            | Self::NoAmi
            | Self::LoginUnanswered { .. }
            | Self::ResyncUnanswered
            | Self::BootedLate
            | Self::Closed
            | Self::Failed(_)
            | Self::Silent
            | Self::Stuck
            | Self::TooMuch
            | Self::Overrun => Failure::Down,
        }
    }
}
