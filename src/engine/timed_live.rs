//! The live picture with its timers, and nothing else of the engine: what tests and benches drive without clients and
//! store. Keeps and fires them as the engine does.

use std::ops::{Deref, DerefMut};
#[cfg(test)]
use std::time::Duration;

use super::timers::Timers;
use crate::live::Live;
use crate::live::messages::{Moment, TimeOfDay, TimerChange, TimerKey};
use crate::live::{Effects, Input, PreparedSettings};
use crate::settings::state::States;

pub(crate) struct TimedLive {
    live: Live,
    timers: Timers<TimerKey>,
}

impl TimedLive {
    /// The clock on the wall shows UTC.
    pub(crate) fn new(settings: PreparedSettings, states: States, now: Moment) -> Self {
        let (live, effects) = Live::new(settings, states, |unix| TimeOfDay::at(unix, 0), now);
        let mut timed = Self { live, timers: Timers::default() };
        timed.keep(effects.timers);
        timed
    }

    /// What the input brings about, with what is due at that moment.
    pub(crate) fn apply(&mut self, now: Moment, input: Input) -> Effects {
        let mut all = Effects::default();
        self.fire(now, &mut all, |key| !input.overtakes(key));
        self.decide(now, input, &mut all);
        self.fire(now, &mut all, |_| true);
        all
    }

    /// What is due by now.
    #[cfg(test)]
    pub(crate) fn pass(&mut self, now: Moment) -> Effects {
        let mut all = Effects::default();
        self.fire(now, &mut all, |_| true);
        all
    }

    #[cfg(test)]
    pub(crate) fn next_alarm(&self) -> Option<Duration> {
        self.timers.next_due()
    }

    fn fire(&mut self, now: Moment, all: &mut Effects, is_meant: impl Fn(TimerKey) -> bool) {
        while let Some(key) = self.timers.take_due(now.steady, &is_meant) {
            self.decide(now, Input::TimerFired(key), all);
        }
    }

    fn decide(&mut self, now: Moment, input: Input, all: &mut Effects) {
        let Effects {
            immediate,
            writes,
            after_commit,
            store_calls,
            telephony_calls,
            events,
            timers,
            agent_changes,
            switched_off,
            retired,
            permit,
        } = self.live.apply(now, input);
        self.keep(timers);
        all.immediate.extend(immediate);
        all.writes.extend(writes);
        all.after_commit.extend(after_commit);
        all.store_calls.extend(store_calls);
        all.telephony_calls.extend(telephony_calls);
        all.events.extend(events);
        all.agent_changes.extend(agent_changes);
        all.switched_off.extend(switched_off);
        all.retired.extend(retired);
        if permit.is_held() {
            all.permit = permit;
        }
    }

    fn keep(&mut self, changes: Vec<TimerChange>) {
        for change in changes {
            match change {
                TimerChange::Set { key, at } => self.timers.set(key, at),
                TimerChange::Cancel { key } => self.timers.cancel(key),
            }
        }
    }

    /// How many of those that are meant are set.
    #[cfg(test)]
    pub(crate) fn number_of_timers(&self, is_meant: impl Fn(TimerKey) -> bool) -> usize {
        self.timers.number_of(is_meant)
    }
}

impl Deref for TimedLive {
    type Target = Live;

    fn deref(&self) -> &Live {
        &self.live
    }
}

impl DerefMut for TimedLive {
    fn deref_mut(&mut self) -> &mut Live {
        &mut self.live
    }
}
