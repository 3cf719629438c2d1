//! Comparing passwords with hashes of our own, for the backends that have them here: on threads beside those that serve
//! sockets, and at the same cost whether or not there is a hash, so that the time of an answer tells nobody who exists.

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;

use super::LoginAttempt;
use super::password_pool::PoolHandle;
use crate::settings::password::{CheckMemory, PasswordHash, Secret};

/// A hash that costs what every other costs; written out because making it would cost a start as much.
pub(super) const DUMMY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcy4uLg$bw1CM5wnOh5y4ctcm4g5CnPtffXnuSMdFzzGhkTWllo";

/// Cheap to clone: all clones share their threads, for there are no more cores than there are.
#[derive(Clone)]
pub(crate) struct LocalPasswords {
    /// What the password of somebody without one is compared with.
    dummy: PasswordHash,
    cores: NonZeroUsize,
    /// Once something was compared; the threads end with the last clone.
    pool: Arc<OnceLock<PoolHandle>>,
}

impl LocalPasswords {
    pub(crate) fn new() -> Self {
        let dummy = PasswordHash::parse(DUMMY).expect("the text is a hash, as a test shows");
        let cores = available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { dummy, cores, pool: Arc::default() }
    }

    fn pool(&self) -> &PoolHandle {
        self.pool.get_or_init(|| PoolHandle::start(self.cores))
    }

    /// A comparison takes a core.
    pub(super) fn at_once(&self) -> NonZeroUsize {
        self.cores
    }

    /// What is compared with where there is no hash too.
    pub(super) fn or_dummy<'a>(&'a self, hash: Option<&'a PasswordHash>) -> &'a PasswordHash {
        hash.unwrap_or(&self.dummy)
    }

    /// Whether the attempt's password is that of the hash. None: there is no thread, or no memory.
    pub(super) async fn is_right(&self, hash: Option<&PasswordHash>, attempt: LoginAttempt) -> Option<bool> {
        self.is_right_then(hash, attempt, |_, _| {}).await
    }

    /// The same; a right password is heard by `then` on the thread that compared it, with its hash.
    pub(super) async fn is_right_then(
        &self,
        hash: Option<&PasswordHash>,
        attempt: LoginAttempt,
        then: impl FnOnce(&PasswordHash, &Secret) + Send + 'static,
    ) -> Option<bool> {
        let hash = self.or_dummy(hash).clone();
        // The attempt goes along: its permit is free when the core is, whether or not somebody still waits.
        let compare = move |memory: &mut CheckMemory| {
            let is_right = hash.is_of(attempt.password(), memory);
            if is_right {
                then(&hash, attempt.password());
            }
            is_right
        };
        self.pool().run(compare).await
    }

    /// The same for whoever tries a backend out.
    pub(super) async fn is_right_of(&self, hash: PasswordHash, password: Secret) -> Option<bool> {
        self.pool().run(move |memory| hash.is_of(&password, memory)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::password::Password;

    #[test]
    fn an_unknown_user_costs_what_a_password_costs() {
        let made = Password::parse("nobody has this password").expect("a password").hash(b"sixteen bytes...");
        assert_eq!(made.as_str(), DUMMY);
    }
}
