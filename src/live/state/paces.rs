//! The pace of what one session makes others hear (protocol decision 13): presence and services a burst of ten, then
//! two a second, and one that waits is replaced by a later one of its kind; chat a burst of twenty, then five a second,
//! in order. None is refused, and other lines pass. Used by `handlers::pace` alone; time is an input, and nothing here
//! decides what a line brings about.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use super::LiveState;
use crate::live::messages::{AnswerPermit, SessionId};
use crate::protocol::request::{Chat, FeaturesPut};
use crate::settings::id::UserId;

/// What has a pace and makes others hear of a user.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::live) enum PacedChange {
    /// By name.
    Presence(Box<str>),
    Services(FeaturesPut),
}

/// What has a pace.
#[derive(Debug)]
pub(in crate::live) enum PacedRequest {
    Change(PacedChange),
    /// With the permit of its line.
    Chat(Chat, AnswerPermit),
}

/// So many at once, then one each `every`.
#[derive(Debug, Clone, Copy)]
struct Rate {
    burst: u32,
    every: Duration,
}

const CHANGES: Rate = Rate { burst: 10, every: Duration::from_millis(500) };
const CHATS: Rate = Rate { burst: 20, every: Duration::from_millis(200) };

impl Rate {
    /// When the next one may pass, for a session whose whole burst is free again at `free`.
    fn next(self, free: Duration) -> Duration {
        free.saturating_sub(self.every * (self.burst - 1))
    }
}

/// Of what waits, a later one replaces an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live) enum PaceKind {
    Presence,
    DoNotDisturb,
    CallFilter,
    Forwards,
    /// Of the user whose calls are recorded.
    Recording(UserId),
}

/// What one session has used up, and what waits for it.
#[derive(Debug, Default)]
struct Pace {
    /// When the whole burst is free again.
    changes_free: Duration,
    chats_free: Duration,
    changes: VecDeque<(PaceKind, PacedChange)>,
    chats: VecDeque<(Chat, AnswerPermit)>,
}

impl Pace {
    /// When something that waits may pass.
    fn next_due(&self) -> Option<Duration> {
        let changes = (!self.changes.is_empty()).then(|| CHANGES.next(self.changes_free));
        let chats = (!self.chats.is_empty()).then(|| CHATS.next(self.chats_free));
        changes.into_iter().chain(chats).min()
    }

    /// Something that waited and may pass now.
    fn take_due(&mut self, now: Duration) -> Option<PacedRequest> {
        if !self.changes.is_empty() && CHANGES.next(self.changes_free) <= now {
            self.changes_free = self.changes_free.max(now) + CHANGES.every;
            return self.changes.pop_front().map(|(_, change)| PacedRequest::Change(change));
        }
        if !self.chats.is_empty() && CHATS.next(self.chats_free) <= now {
            self.chats_free = self.chats_free.max(now) + CHATS.every;
            return self.chats.pop_front().map(|(chat, permit)| PacedRequest::Chat(chat, permit));
        }
        None
    }

    fn wait(&mut self, kind: PaceKind, change: PacedChange) {
        match self.changes.iter_mut().find(|(waiting, _)| *waiting == kind) {
            Some((_, before)) => replace(before, change),
            None => self.changes.push_back((kind, change)),
        }
    }
}

/// Of forwards, those that are not named again stay.
fn replace(before: &mut PacedChange, mut later: PacedChange) {
    if let (PacedChange::Services(FeaturesPut::Forwards(before)), PacedChange::Services(FeaturesPut::Forwards(later))) =
        (&*before, &mut later)
    {
        let stay = before.iter().filter(|(kind, ..)| later.iter().all(|(other, ..)| other != kind)).cloned();
        let stay: Vec<_> = stay.collect();
        later.extend(stay);
    }
    *before = later;
}

#[derive(Debug, Default)]
pub(super) struct Paces {
    sessions: HashMap<SessionId, Pace>,
}

impl Paces {
    /// The change if it may pass now; else it waits.
    pub(super) fn admit(
        &mut self,
        session: SessionId,
        now: Duration,
        kind: PaceKind,
        change: PacedChange,
    ) -> Option<PacedChange> {
        let pace = self.sessions.entry(session).or_default();
        if pace.changes.is_empty() && CHANGES.next(pace.changes_free) <= now {
            pace.changes_free = pace.changes_free.max(now) + CHANGES.every;
            return Some(change);
        }
        pace.wait(kind, change);
        None
    }

    /// The chat if it may pass now; else it waits behind those that wait, and its line's permit with it.
    pub(super) fn admit_chat(
        &mut self,
        session: SessionId,
        now: Duration,
        chat: Chat,
        permit: &mut AnswerPermit,
    ) -> Option<Chat> {
        let pace = self.sessions.entry(session).or_default();
        if pace.chats.is_empty() && CHATS.next(pace.chats_free) <= now {
            pace.chats_free = pace.chats_free.max(now) + CHATS.every;
            return Some(chat);
        }
        pace.chats.push_back((chat, permit.take()));
        None
    }

    /// When something of the session that waits may pass.
    pub(super) fn next_due(&self, session: SessionId) -> Option<Duration> {
        self.sessions.get(&session).and_then(Pace::next_due)
    }

    /// What of the session waited longest and may pass now.
    pub(super) fn take_due(&mut self, session: SessionId, now: Duration) -> Option<PacedRequest> {
        self.sessions.get_mut(&session).and_then(|pace| pace.take_due(now))
    }

    /// Forgets the session and gives back what waited, in order.
    pub(super) fn end(&mut self, session: SessionId) -> Vec<PacedRequest> {
        let Some(pace) = self.sessions.remove(&session) else { return Vec::new() };
        let changes = pace.changes.into_iter().map(|(_, change)| PacedRequest::Change(change));
        changes.chain(pace.chats.into_iter().map(|(chat, permit)| PacedRequest::Chat(chat, permit))).collect()
    }

    /// How many sessions are known, for the test that nothing grows.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.sessions.len()
    }
}

/// As `handlers::pace` asks for it: nobody else has `Paces` in hand.
impl LiveState {
    /// The change if it may pass now; else it waits.
    pub(in crate::live) fn admit_change(
        &mut self,
        session: SessionId,
        now: Duration,
        kind: PaceKind,
        change: PacedChange,
    ) -> Option<PacedChange> {
        self.paces.admit(session, now, kind, change)
    }

    /// The chat if it may pass now; else it waits, and its line's permit with it.
    pub(in crate::live) fn admit_chat(
        &mut self,
        session: SessionId,
        now: Duration,
        chat: Chat,
        permit: &mut AnswerPermit,
    ) -> Option<Chat> {
        self.paces.admit_chat(session, now, chat, permit)
    }

    /// When something of the session that waits may pass.
    pub(in crate::live) fn next_paced(&self, session: SessionId) -> Option<Duration> {
        self.paces.next_due(session)
    }

    /// What of the session waited longest and may pass now.
    pub(in crate::live) fn take_paced(&mut self, session: SessionId, now: Duration) -> Option<PacedRequest> {
        self.paces.take_due(session, now)
    }

    /// The session is ending; what of it waited, in order.
    pub(in crate::live) fn end_pace(&mut self, session: SessionId) -> Vec<PacedRequest> {
        self.paces.end(session)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATES: [Rate; 2] = [CHANGES, CHATS];

    proptest! {
        /// Within any time no more pass than the burst and what the rate gives.
        #[test]
        fn whoever_asks_however_often_keeps_the_pace(gaps in proptest::collection::vec(0..3_000u64, 1..200), which in 0..2usize) {
            let rate = RATES[which];
            let (mut now, mut free) = (Duration::ZERO, Duration::ZERO);
            let mut passed = Vec::new();
            for gap in gaps {
                now += Duration::from_millis(gap / 10);
                if rate.next(free) <= now {
                    free = free.max(now) + rate.every;
                    passed.push(now);
                }
            }
            let burst = usize::try_from(rate.burst).expect("few");
            for (from, begin) in passed.iter().enumerate() {
                for (to, end) in passed.iter().enumerate().skip(from) {
                    let most = burst + usize::try_from((*end - *begin).as_millis() / rate.every.as_millis()).expect("few");
                    prop_assert!(to - from < most, "{} in {:?}", to - from + 1, *end - *begin);
                }
            }
        }
    }
}
