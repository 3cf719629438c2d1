//! Since when a backend has had no answer to logins, for whoever asks whether the server serves: a directory that is away
//! shuts out everybody who is asked of it. Each `GatedBackend` holds one; a first answer ends it. Pure but for the lock.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::observe::streak::Streak;
use crate::settings::auth_settings::BackendName;

/// Nobody asks a backend but for a login: after this time without one it is not known any more how it stands.
const SILENCE_TOLD: Duration = Duration::from_secs(15 * 60);

/// A backend that did not answer the logins of late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SilentBackend {
    pub(crate) name: BackendName,
    /// That it could not say anything about, one after the other.
    pub(crate) logins: u64,
    /// Since the first of them.
    pub(crate) since: Duration,
}

#[derive(Debug, Default)]
pub(super) struct Silence(Mutex<Option<Streak>>);

impl Silence {
    /// A login that had to be asked was not answered.
    pub(super) fn goes_on(&self, now: Instant) {
        let mut unanswered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *unanswered = Some(Streak::one_more(*unanswered, now, SILENCE_TOLD));
    }

    /// It answered, or other settings name another one.
    pub(super) fn ends(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn of(&self, name: BackendName, now: Instant) -> Option<SilentBackend> {
        let unanswered = (*self.0.lock().unwrap_or_else(PoisonError::into_inner))?;
        let told = || SilentBackend { name, logins: unanswered.number(), since: unanswered.since(now) };
        (!unanswered.is_over(now, SILENCE_TOLD)).then(told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logins_without_an_answer_are_counted_until_one_has_one_or_nobody_asks() {
        let silence = Silence::default();
        let start = Instant::now();
        let minutes = |number: u64| start + Duration::from_secs(60 * number);
        let told = |now| silence.of(BackendName::LdapUser, now).map(|told| (told.logins, told.since.as_secs() / 60));
        assert_eq!(told(start), None);
        silence.goes_on(start);
        silence.goes_on(minutes(10));
        assert_eq!(told(minutes(12)), Some((2, 12)));
        assert_eq!(told(minutes(25)), None, "for 15 minutes nobody asked");
        silence.goes_on(minutes(30));
        assert_eq!(told(minutes(31)), Some((1, 1)));
        silence.ends();
        assert_eq!(told(minutes(31)), None);
    }
}
