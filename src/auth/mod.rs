//! Who may log in: one trait, one file a backend, and for each backend a gate that bounds what it checks at once. `command`
//! says how backends are made, `server` asks the `Authenticator`; a backend never sees a socket of a client and never logs
//! a password.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use crate::settings::configuration::Configuration;
use crate::settings::id::UserUuid;
use crate::settings::password::Secret;
use crate::settings::setting::General;

mod account;
mod authenticator;
mod chain;
mod fair_queue;
mod gate;
mod known_users;
mod ldap;
mod ldap_probe;
mod ldap_user;
mod local_passwords;
mod password_pool;
mod probe;
mod remembered;
mod sendable;
mod silence;
mod throttle;
mod token_service;
mod xivo_auth;
mod xivo_user;

pub(crate) use account::AccountBackend;
#[cfg(test)]
pub(crate) use authenticator::MakeBackend;
pub(crate) use authenticator::{Authenticator, BackendRole, CheckedLogin};
pub(crate) use ldap_user::LdapUser;
pub(crate) use local_passwords::LocalPasswords;
pub(crate) use probe::{PendingProbe, ProbeReport, ProbeStage, ProbeStep, ProbeSubject, StepResult, Verdict};
pub(crate) use throttle::{Precedence, Throttle, ThrottleView, Throttled, Turn};
pub(crate) use token_service::LoginToken;
pub(crate) use xivo_auth::XivoAuth;
pub(crate) use xivo_user::{UserScope, XivoUser};

use gate::CheckPermit;

/// What is said of a login and a password, by one backend or by all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthOutcome {
    Accepted(UserUuid),
    /// The password is right, of somebody who is no user: on the wire `user_not_found`.
    NoUser,
    /// The login is known here, and refused: nobody else is asked.
    Refused(RefusalCause),
    /// The backend has nobody to compare with: the next one is asked. Of all together: nobody knows the login.
    Unknown(UnknownCause),
    /// Nobody could say: a backend is down, or too many wait. Nobody else is asked.
    Unavailable,
}

impl AuthOutcome {
    /// Whether whoever guesses passwords is refused so. Who is known and shut out comes again and again with a client that
    /// has the right password stored: their address is not to be banned.
    fn may_be_a_guess(self) -> bool {
        match self {
            Self::Refused(cause) => match cause {
                RefusalCause::WrongPassword => true,
                RefusalCause::UserDisabled
                | RefusalCause::AccountDisabled
                | RefusalCause::NoProfile
                | RefusalCause::SeveralEntries
                | RefusalCause::NoEmail
                | RefusalCause::EmailOfNobody
                | RefusalCause::EmailOfSeveral => false,
            },
            Self::Unknown(_) => true,
            Self::Accepted(_) | Self::NoUser | Self::Unavailable => false,
        }
    }
}

/// Why a login is refused. On the wire it is a wrong password, whatever the cause; the log names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefusalCause {
    #[error("wrong password")]
    WrongPassword,
    #[error("the user is disabled")]
    UserDisabled,
    #[error("the user has no profile")]
    NoProfile,
    #[error("the account is disabled")]
    AccountDisabled,
    #[error("several entries of the directory have this login")]
    SeveralEntries,
    #[error("the directory's entry has no e-mail address that may be read")]
    NoEmail,
    #[error("the e-mail address of the directory's entry is nobody's here")]
    EmailOfNobody,
    #[error("the e-mail address of the directory's entry is that of several users here")]
    EmailOfSeveral,
}

/// Why a backend leaves a login to the next one. On the wire it is a wrong password as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnknownCause {
    #[error("no such user")]
    NoSuchUser,
    #[error("the user has no password")]
    NoPassword,
    /// Another server refuses and does not tell an unknown login from a wrong password.
    #[error("login or password is not accepted")]
    NotAccepted,
}

/// What a client says who it is.
#[derive(Debug)]
pub(crate) struct Credentials {
    login: Box<str>,
    password: Secret,
    /// What another service granted for them.
    token: Mutex<Option<LoginToken>>,
}

impl Credentials {
    fn new(login: Box<str>, password: Secret) -> Self {
        Self { login, password, token: Mutex::default() }
    }

    fn take_token(&self) -> Option<LoginToken> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// One check of one backend. A backend lets go of it when it works on it no more, not when nobody waits for it any more.
pub(crate) struct LoginAttempt {
    credentials: Arc<Credentials>,
    /// Counts under the backend's bound for as long as it is held.
    _permit: CheckPermit,
}

impl LoginAttempt {
    fn login(&self) -> &str {
        &self.credentials.login
    }

    fn password(&self) -> &Secret {
        &self.credentials.password
    }

    /// Has the session hold this token.
    fn keep(&self, token: LoginToken) {
        *self.credentials.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }
}

/// The outcome of a check, on its way. Who drops it waits for it no more.
pub(crate) type PendingOutcome<'a> = Pin<Box<dyn Future<Output = AuthOutcome> + Send + 'a>>;

/// A backend: who it knows, and whether a password is theirs. It never blocks the thread that polls it. It ends when it is
/// dropped: once no settings name it any more and its last check is over.
pub(crate) trait AuthBackend: Send + Sync + 'static {
    /// How many checks it can work on at once; further ones wait outside.
    fn checks_at_once(&self) -> NonZeroUsize;

    fn check(&self, attempt: LoginAttempt) -> PendingOutcome<'_>;

    /// What is known without a check, at once and before the gate: what a right password came to not long ago. None for
    /// every wrong one, which takes no other time than where nothing is known.
    fn recall(&self, _credentials: &Credentials) -> Option<AuthOutcome> {
        None
    }

    /// From the next check on these settings hold; a check that is under way may end with the old ones.
    fn follow(&self, configuration: &Configuration, general: &General);

    /// Whether settings that it needs are not there. That is told as such: that it answers nobody says nothing more then.
    fn lacks_settings(&self) -> bool {
        false
    }

    /// Tries what a check needs, step by step, for `ctibox auth check`; as far as it goes without a login if there is none.
    fn probe<'a>(&'a self, subject: &'a ProbeSubject) -> PendingProbe<'a>;
}
