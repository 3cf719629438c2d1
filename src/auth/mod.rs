//! Who may log in: one trait, one file a backend, and for each backend a gate that bounds what it checks at once. `command`
//! wires the backends, `server` asks the `Authenticator`; a backend never sees a socket and never logs a password.

use std::num::NonZeroUsize;
use std::pin::Pin;
use std::sync::Arc;

use crate::settings::configuration::Configuration;
use crate::settings::id::UserUuid;
use crate::settings::password::Secret;

mod authenticator;
mod fair_queue;
mod gate;
mod password_pool;
mod xivo_user;

pub(crate) use authenticator::Authenticator;
pub(crate) use xivo_user::XivoUser;

use gate::CheckPermit;

/// What is said of a login and a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AuthOutcome {
    Accepted(UserUuid),
    Refused(RefusalCause),
    /// Nobody could say: a backend is down, or too many wait.
    Unavailable,
}

/// Why a login is refused. On the wire it is a wrong password, whatever the cause; the log names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefusalCause {
    #[error("no such user")]
    UnknownUser,
    #[error("the user has no password")]
    NoPassword,
    #[error("wrong password")]
    WrongPassword,
    #[error("the user is disabled")]
    UserDisabled,
    #[error("the user has no profile")]
    NoProfile,
}

impl RefusalCause {
    /// Whether another backend may know better: this one has no password to compare with.
    fn is_left_to_others(self) -> bool {
        match self {
            Self::UnknownUser | Self::NoPassword => true,
            Self::WrongPassword | Self::UserDisabled | Self::NoProfile => false,
        }
    }

    /// Whether whoever guesses passwords is refused so. Who is known and shut out comes again and again with a client that
    /// has the right password stored: their address is not to be banned.
    fn may_be_a_guess(self) -> bool {
        match self {
            Self::UnknownUser | Self::NoPassword | Self::WrongPassword => true,
            Self::UserDisabled | Self::NoProfile => false,
        }
    }
}

/// What a client says who it is.
#[derive(Debug)]
struct Credentials {
    login: Box<str>,
    password: Secret,
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
}

/// The outcome of a check, on its way. Who drops it waits for it no more.
pub(crate) type PendingOutcome<'a> = Pin<Box<dyn Future<Output = AuthOutcome> + Send + 'a>>;

/// A backend: who it knows, and whether a password is theirs. It never blocks the thread that polls it.
pub(crate) trait AuthBackend: Send + Sync + 'static {
    /// How many checks it can work on at once; further ones wait outside.
    fn checks_at_once(&self) -> NonZeroUsize;

    fn check(&self, attempt: LoginAttempt) -> PendingOutcome<'_>;

    /// From the next check on these settings hold.
    fn follow(&self, configuration: &Configuration);
}
