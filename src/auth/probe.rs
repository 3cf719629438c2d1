//! What trying a backend out brings: its steps in the order in which a login takes them, and what it would say of a login.
//! Backends fill it in, `ctibox auth check` shows it.

use std::pin::Pin;

use super::AuthOutcome;
use crate::settings::password::Secret;

/// Whom a backend is tried out with.
#[derive(Debug, Default)]
pub(crate) struct ProbeSubject {
    /// None: the server that the backend asks is all that is tried.
    pub(crate) login: Option<Box<str>>,
    /// None: nothing is tried that needs it. Never without a login.
    pub(crate) password: Option<Secret>,
}

/// What came of it.
#[derive(Debug)]
pub(crate) struct ProbeReport {
    /// Up to the first that failed.
    pub(crate) steps: Vec<ProbeStep>,
    pub(crate) verdict: Verdict,
}

#[derive(Debug)]
pub(crate) struct ProbeStep {
    pub(crate) stage: ProbeStage,
    pub(crate) result: StepResult,
    /// What was found, or what is wrong and on what: one sentence without a secret.
    pub(crate) detail: String,
}

impl ProbeStep {
    /// The comparison with a hash of our own; None: there was no thread for it. Hands the outcome on.
    pub(super) fn of_password(is_right: Option<bool>) -> (Self, Option<bool>) {
        let (result, detail) = match is_right {
            Some(true) => (StepResult::Passed, "the password is right"),
            Some(false) => (StepResult::Negative, "the password is wrong"),
            None => (StepResult::Failed, "the system gives no thread or memory to compare passwords"),
        };
        (Self { stage: ProbeStage::Password, result, detail: detail.to_owned() }, is_right)
    }
}

/// The steps that backends know, each as far as it needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProbeStage {
    /// The settings that it needs are there.
    Settings,
    /// A connection to its server.
    Connect,
    /// Encryption and the server's certificate.
    Encrypt,
    /// What it says, once it is connected.
    Answer,
    /// The service's own account at the server.
    Bind,
    /// The login is found.
    Find,
    Password,
    /// The e-mail address that says which user it is.
    Email,
    /// The user here.
    User,
}

impl ProbeStage {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Connect => "connect",
            Self::Encrypt => "encrypt",
            Self::Answer => "answer",
            Self::Bind => "bind",
            Self::Find => "find",
            Self::Password => "password",
            Self::Email => "e-mail",
            Self::User => "user",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepResult {
    Passed,
    /// It works and says no: nobody of that login, a wrong password.
    Negative,
    /// It does not work.
    Failed,
}

/// What a backend would say of a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There is no login, or it cannot be said without the password.
    Open,
    /// It knows the login and decides: what it says of the right password. None was tried.
    Decides(AuthOutcome),
    /// All was tried.
    Answers(AuthOutcome),
}

/// What is found out, on its way.
pub(crate) type PendingProbe<'a> = Pin<Box<dyn Future<Output = ProbeReport> + Send + 'a>>;
