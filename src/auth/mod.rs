//! Who may log in: one trait, one file a backend, and the pool that runs the costly checks. `server` asks; a backend
//! never sees a socket and never logs a password.

use crate::settings::id::UserUuid;
use crate::settings::password::{CheckMemory, Secret};

mod pool;
mod turns;
mod xivo_user;

pub(crate) use pool::CheckPool;
pub(crate) use xivo_user::XivoUser;

/// What a backend says of a login and a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Accepted(UserUuid),
    /// Also a user who may not log in: the wire makes no difference, the log does.
    WrongPassword,
    UnknownUser,
    /// The backend could not say: it is down, or too many wait.
    Unavailable,
}

/// A backend. `check` may block for long; the pool calls it off the async threads, with memory that it may work in and
/// that the thread keeps from one check to the next.
pub(crate) trait Authenticator: Send + Sync + 'static {
    fn check(&self, login: &str, password: &Secret, memory: &mut CheckMemory) -> Answer;
}
