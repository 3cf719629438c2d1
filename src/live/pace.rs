//! The pace of what one session makes others hear ("Ours" 13): presence and services a burst of ten, then two a second,
//! and one that waits is replaced by a later one of its kind; chat a burst of twenty, then five a second, in order. None
//! is refused, and other lines pass. Time is an input; nothing here decides what a line brings about.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use crate::protocol::request::{Chat, FeaturesPut, Request};
use crate::settings::id::UserId;

use super::SessionId;
use super::effects::Effects;
use super::visibility::LiveState;
use super::{Moment, chat, presence, services};

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
enum Kind {
    Presence,
    DoNotDisturb,
    CallFilter,
    Forwards,
    /// Of the user whose calls are recorded.
    Recording(UserId),
}

/// What one session has used up, and what waits for it.
#[derive(Debug, Default)]
struct Session {
    /// When the whole burst is free again.
    changes_free: Duration,
    chats_free: Duration,
    changes: VecDeque<(Kind, Request)>,
    chats: VecDeque<Chat>,
    alarm: Option<Duration>,
}

impl Session {
    fn next_alarm(&self) -> Option<Duration> {
        let changes = (!self.changes.is_empty()).then(|| CHANGES.next(self.changes_free));
        let chats = (!self.chats.is_empty()).then(|| CHATS.next(self.chats_free));
        changes.into_iter().chain(chats).min()
    }

    /// Something that waited and may pass now.
    fn due(&mut self, now: Duration) -> Option<Request> {
        if !self.changes.is_empty() && CHANGES.next(self.changes_free) <= now {
            self.changes_free = self.changes_free.max(now) + CHANGES.every;
            return self.changes.pop_front().map(|(_, request)| request);
        }
        if !self.chats.is_empty() && CHATS.next(self.chats_free) <= now {
            self.chats_free = self.chats_free.max(now) + CHATS.every;
            return self.chats.pop_front().map(Request::Chat);
        }
        None
    }

    fn wait(&mut self, kind: Kind, request: Request) {
        match self.changes.iter_mut().find(|(waiting, _)| *waiting == kind) {
            Some((_, before)) => replace(before, request),
            None => self.changes.push_back((kind, request)),
        }
    }
}

/// Of forwards, those that are not named again stay.
fn replace(before: &mut Request, mut later: Request) {
    if let (Request::FeaturesPut(FeaturesPut::Forwards(before)), Request::FeaturesPut(FeaturesPut::Forwards(later))) =
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
    sessions: HashMap<SessionId, Session>,
    alarms: BTreeSet<(Duration, SessionId)>,
}

impl Paces {
    pub(super) fn next_alarm(&self) -> Option<Duration> {
        self.alarms.first().map(|(at, _)| *at)
    }

    fn set_alarm(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let next = session.next_alarm();
        if let Some(before) = std::mem::replace(&mut session.alarm, next) {
            self.alarms.remove(&(before, id));
        }
        self.alarms.extend(next.map(|at| (at, id)));
    }

    /// What waited longest and may pass now, and whose it is.
    fn due(&mut self, now: Duration) -> Option<(SessionId, Request)> {
        let (_, id) = self.alarms.first().copied().filter(|(at, _)| *at <= now)?;
        let request = self.sessions.get_mut(&id).and_then(|session| session.due(now));
        self.set_alarm(id);
        request.map(|request| (id, request))
    }

    /// Forgets the session and gives back what waited, in order.
    fn end(&mut self, id: SessionId) -> Vec<Request> {
        let Some(session) = self.sessions.remove(&id) else { return Vec::new() };
        if let Some(alarm) = session.alarm {
            self.alarms.remove(&(alarm, id));
        }
        let changes = session.changes.into_iter().map(|(_, request)| request);
        changes.chain(session.chats.into_iter().map(Request::Chat)).collect()
    }

    /// How many sessions are known and how many alarms are set, for the test that nothing grows.
    #[cfg(test)]
    pub(super) fn sizes(&self) -> [usize; 2] {
        [self.sessions.len(), self.alarms.len()]
    }
}

/// Whether a line is dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passed {
    /// It was done, or waits without holding up the lines behind it.
    Whole,
    /// Its session is read no further until it was done.
    Waits,
}

/// A presence or a service: now, or when its turn comes.
pub(super) fn change(
    state: &mut LiveState,
    now: Moment,
    session: SessionId,
    user: UserId,
    asked: Request,
    out: &mut Effects,
) {
    let Some(kind) = kind(state, user, &asked) else { return perform(state, now, session, asked, out) };
    let paces = state.paces_mut();
    let of = paces.sessions.entry(session).or_default();
    if of.changes.is_empty() && CHANGES.next(of.changes_free) <= now.steady {
        of.changes_free = of.changes_free.max(now.steady) + CHANGES.every;
        return perform(state, now, session, asked, out);
    }
    of.wait(kind, asked);
    paces.set_alarm(session);
}

/// A chat: now, or in its turn behind those that wait.
pub(super) fn chat(state: &mut LiveState, now: Moment, session: SessionId, chat: Chat, out: &mut Effects) -> Passed {
    let paces = state.paces_mut();
    let of = paces.sessions.entry(session).or_default();
    if of.chats.is_empty() && CHATS.next(of.chats_free) <= now.steady {
        of.chats_free = of.chats_free.max(now.steady) + CHATS.every;
        perform(state, now, session, Request::Chat(chat), out);
        return Passed::Whole;
    }
    of.chats.push_back(chat);
    paces.set_alarm(session);
    Passed::Waits
}

/// Does what waited and is due. A chat's line is dealt with then, unless it waits for the store.
pub(super) fn ring_alarms(state: &mut LiveState, now: Moment, out: &mut Effects) {
    while let Some((session, request)) = state.paces_mut().due(now.steady) {
        let is_chat = matches!(request, Request::Chat(_));
        let store_calls = out.store_calls.len();
        perform(state, now, session, request, out);
        let waits = out.store_calls[store_calls..].iter().any(|call| call.pending.session() == Some(session));
        if is_chat && !waits {
            out.line_done(session);
        }
    }
}

/// The session is ending: what it said before is not lost.
pub(super) fn session_ends(state: &mut LiveState, now: Moment, session: SessionId, out: &mut Effects) {
    for request in state.paces_mut().end(session) {
        perform(state, now, session, request, out);
    }
}

fn perform(state: &mut LiveState, now: Moment, session: SessionId, request: Request, out: &mut Effects) {
    let Some(user) = state.user_of(session) else { return };
    match request {
        Request::AvailState { state: name } => presence::choose(state, session, user, &name, out),
        Request::FeaturesPut(put) => services::put(state, session, user, &put, out),
        Request::Chat(chat) => chat::chat(state, now, session, user, &chat, out),
        _ => {}
    }
}

/// None for what nobody would hear of.
fn kind(state: &LiveState, user: UserId, asked: &Request) -> Option<Kind> {
    match asked {
        Request::AvailState { state: name } => state.view(user).presence_named(name).map(|_| Kind::Presence),
        Request::FeaturesPut(put) => Some(match put {
            FeaturesPut::DoNotDisturb(_) => Kind::DoNotDisturb,
            FeaturesPut::CallFilter(_) => Kind::CallFilter,
            FeaturesPut::Forwards(_) => Kind::Forwards,
            FeaturesPut::Recording { .. } => Kind::Recording(services::target(&state.view(user), user, put)?),
        }),
        _ => None,
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
