//! Time: timers that are to be set, users who may come back.

use std::time::Duration;

use super::{LiveState, RETURN_LEAST, Returning};
use crate::live::messages::{Moment, TimerChange, TimerKey};
use crate::settings::id::UserUuid;

impl LiveState {
    pub(in crate::live) fn set_timer(&mut self, key: TimerKey, at: Duration) {
        self.timers.push(TimerChange::Set { key, at });
    }

    pub(in crate::live) fn cancel_timer(&mut self, key: TimerKey) {
        self.timers.push(TimerChange::Cancel { key });
    }

    /// What was said of timers since this was asked last.
    pub(in crate::live) fn take_timers(&mut self) -> Vec<TimerChange> {
        std::mem::take(&mut self.timers)
    }

    /// The user is back, or is no more.
    pub(super) fn end_grace(&mut self, uuid: UserUuid) {
        self.returning.users.remove(&uuid);
        self.cancel_timer(TimerKey::Grace(uuid));
    }

    /// The grace time of a user is over.
    pub(in crate::live) fn give_up(&mut self, uuid: UserUuid) {
        self.returning.users.remove(&uuid);
    }

    /// Gives those who were connected before the start, if their grace time is over, another: a password check is no
    /// fault of theirs. Everybody returns at once after a restart, and each check takes its time.
    pub(in crate::live) fn wait_for_returning(&mut self, now: Moment) {
        let Returning { users, until, latest } = &mut self.returning;
        if *until <= now.steady && now.steady < *latest {
            *until = now.steady + self.settings.general.disconnect_grace.max(RETURN_LEAST);
            let put_off = |uuid: &UserUuid| TimerChange::Set { key: TimerKey::Grace(*uuid), at: *until };
            self.timers.extend(users.iter().map(put_off));
        }
    }
}
