//! The brake on guessing passwords: an attempt at a login, or from an address, with too many failures gets its usual
//! answer late, and is checked no sooner. `turns` decides; here are the clock, those who wait, and what is handed to the
//! store. `server` waits for a turn before each check, `authenticator` says what came of it.

mod failures;
mod ledger;
mod turns;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::{Notify, oneshot};
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep_until};

use crate::observe::counter::{Counter, count};
use crate::observe::shown;
use crate::settings::address_group::AddressGroup;
use crate::settings::login_record::{CountedAgainst, LoginName, LoginRecord};
use turns::{Ticket, Turns};

pub(crate) use turns::Throttled;
pub(super) use turns::TurnOutcome;

/// Takes what is to be remembered over a restart; never waits.
pub(crate) type KeepRecords = Box<dyn Fn(Vec<LoginRecord>) + Send + Sync>;

/// Dropped, nobody gets a turn any more.
pub(crate) struct Throttle(Arc<Shared>);

struct Shared {
    held: Mutex<Held>,
    /// The next alarm is an earlier one.
    is_earlier: Notify,
    clock: SteadyClock,
    keep: KeepRecords,
}

struct Held {
    turns: Turns,
    waiting: HashMap<Ticket, oneshot::Sender<()>>,
    /// Rings the alarms; there only while there are some.
    ringer: Option<Ringer>,
}

struct Ringer {
    task: AbortHandle,
    /// When it looks next.
    next: Duration,
}

/// Time since 1970 that runs steadily, whatever is done to the wall clock meanwhile.
struct SteadyClock {
    start: Instant,
    start_since_1970: Duration,
}

/// How an attempt stands to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Precedence {
    InTurn,
    /// Waits for nobody: the way in that is always open.
    AtOnce,
}

/// Who is slowed down, or counted, or waits, those with most failures first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ThrottleView {
    pub(crate) logins: Vec<Throttled<LoginName>>,
    pub(crate) addresses: Vec<Throttled<AddressGroup>>,
}

impl ThrottleView {
    /// Of what was kept, where no server runs.
    pub(crate) fn of_records(records: Vec<LoginRecord>) -> Self {
        let clock = SteadyClock::start();
        let mut turns = Turns::default();
        records.into_iter().for_each(|record| turns.take_in(record, clock.now()));
        Self::of(&turns, clock.now())
    }

    fn of(turns: &Turns, now: Duration) -> Self {
        Self { logins: turns.throttled_logins(now), addresses: turns.throttled_addresses(now) }
    }
}

/// The right to one check at its time. Dropped without an outcome, it counts for nothing.
pub(crate) struct Turn {
    shared: Arc<Shared>,
    ticket: Ticket,
}

impl Throttle {
    /// Goes on with what was kept before.
    pub(crate) fn start(records: Vec<LoginRecord>, keep: KeepRecords) -> Self {
        let clock = SteadyClock::start();
        let mut turns = Turns::default();
        records.into_iter().for_each(|record| turns.take_in(record, clock.now()));
        let held = Held { turns, waiting: HashMap::new(), ringer: None };
        Self(Arc::new(Shared { held: Mutex::new(held), is_earlier: Notify::new(), clock, keep }))
    }

    /// Waits for the attempt's turn. Whoever drops this before leaves the queue.
    pub(crate) async fn turn(&self, login: &str, address: IpAddr, precedence: Precedence) -> Turn {
        let (login, address) = (LoginName::of(login), AddressGroup::of(address));
        let (turn, mut is_turn) = {
            let mut held = self.0.held();
            let now = self.0.clock.now();
            let ticket = match precedence {
                Precedence::InTurn => held.turns.enter(login, address, now),
                Precedence::AtOnce => held.turns.enter_free(login, address),
            };
            let (give, is_turn) = oneshot::channel();
            held.waiting.insert(ticket, give);
            Shared::pass_on(&self.0, &mut held);
            (Turn { shared: self.0.clone(), ticket }, is_turn)
        };
        if is_turn.try_recv().is_err() {
            count(Counter::LoginsDelayed);
            // Never lost: what waits is kept until it is given or the turn dropped.
            let _ = is_turn.await;
        }
        turn
    }

    pub(crate) fn view(&self) -> ThrottleView {
        ThrottleView::of(&self.0.held().turns, self.0.clock.now())
    }

    /// Forgets failures; says how many.
    pub(crate) fn unlock(&self, which: &CountedAgainst) -> u32 {
        let mut held = self.0.held();
        let forgotten = held.turns.unlock(which, self.0.clock.now());
        Shared::pass_on(&self.0, &mut held);
        forgotten
    }
}

impl Drop for Throttle {
    fn drop(&mut self) {
        if let Some(ringer) = self.0.held().ringer.take() {
            ringer.task.abort();
        }
    }
}

impl Turn {
    /// What came of the check.
    pub(super) fn settle(self, outcome: TurnOutcome) {
        self.leave(outcome);
    }

    fn leave(&self, outcome: TurnOutcome) {
        let mut held = self.shared.held();
        let now = self.shared.clock.now();
        held.waiting.remove(&self.ticket);
        for slowed_down in held.turns.leave(self.ticket, outcome, now) {
            match slowed_down {
                CountedAgainst::Login(login) => {
                    tracing::warn!(
                        login = shown(login.as_str()),
                        "too many failed logins: its attempts are slowed down"
                    );
                }
                CountedAgainst::Address(address) => {
                    tracing::warn!(%address, "too many failed logins from one address: its attempts are slowed down");
                }
            }
        }
        Shared::pass_on(&self.shared, &mut held);
    }
}

impl Drop for Turn {
    /// Of one that was settled nothing is known any more.
    fn drop(&mut self) {
        self.leave(TurnOutcome::Undecided);
    }
}

impl Shared {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives turns to those whose they are, hands what changed to the store, and sees to the next alarm.
    fn pass_on(shared: &Arc<Self>, held: &mut Held) {
        shared.give_turns(held);
        let Some(next) = held.turns.next_alarm() else { return };
        match &held.ringer {
            None => {
                let task = tokio::spawn(ring_alarms(shared.clone())).abort_handle();
                held.ringer = Some(Ringer { task, next });
            }
            Some(ringer) if next < ringer.next => shared.is_earlier.notify_one(),
            Some(_) => {}
        }
    }

    fn give_turns(&self, held: &mut Held) {
        for ticket in held.turns.take_released() {
            if let Some(give) = held.waiting.remove(&ticket) {
                // One who went in this very moment leaves by dropping the turn.
                let _ = give.send(());
            }
        }
        let changed = held.turns.ledger.take_changed(self.clock.now());
        if !changed.is_empty() {
            (self.keep)(changed);
        }
    }
}

/// Rings alarms as long as there are some.
async fn ring_alarms(shared: Arc<Shared>) {
    loop {
        let next = {
            let mut held = shared.held();
            held.turns.ring(shared.clock.now());
            shared.give_turns(&mut held);
            let next = held.turns.next_alarm();
            held.ringer = held.ringer.take().zip(next).map(|(ringer, next)| Ringer { next, ..ringer });
            next
        };
        let Some(next) = next else { return };
        tokio::select! {
            () = sleep_until(shared.clock.instant_of(next)) => {}
            () = shared.is_earlier.notified() => {}
        }
    }
}

impl SteadyClock {
    fn start() -> Self {
        let start_since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { start: Instant::now(), start_since_1970 }
    }

    fn now(&self) -> Duration {
        self.start_since_1970 + self.start.elapsed()
    }

    fn instant_of(&self, time: Duration) -> Instant {
        self.start + time.saturating_sub(self.start_since_1970)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::task::{Context, Poll, Waker};

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime")
    }

    fn throttle() -> (Throttle, Arc<Mutex<Vec<LoginRecord>>>) {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let keeps = kept.clone();
        let keep = move |records: Vec<LoginRecord>| keeps.lock().expect("not poisoned").extend(records);
        (Throttle::start(Vec::new(), Box::new(keep)), kept)
    }

    async fn fail(throttle: &Throttle, times: u32) {
        for _ in 0..times {
            throttle.turn("alice", HERE, Precedence::InTurn).await.settle(TurnOutcome::Failure);
        }
    }

    #[test]
    fn a_delayed_attempt_has_its_turn_when_its_time_has_come() {
        runtime().block_on(async {
            let (throttle, _kept) = throttle();
            fail(&throttle, 3).await;
            let began = Instant::now();
            fail(&throttle, 1).await;
            assert!(began.elapsed() >= Duration::from_millis(990), "{:?}", began.elapsed());
            let began = Instant::now();
            throttle.turn("alice", HERE, Precedence::AtOnce).await.settle(TurnOutcome::Failure);
            assert!(began.elapsed() < Duration::from_millis(500));
        });
    }

    #[test]
    fn who_drops_the_wait_leaves_the_queue() {
        runtime().block_on(async {
            let (throttle, _kept) = throttle();
            fail(&throttle, 3).await;
            let mut waits = Box::pin(throttle.turn("alice", HERE, Precedence::InTurn));
            assert!(matches!(waits.as_mut().poll(&mut Context::from_waker(Waker::noop())), Poll::Pending));
            assert_eq!(throttle.view().logins[0].waiting, 1);
            drop(waits);
            let view = throttle.view();
            assert_eq!((view.logins[0].waiting, view.logins[0].failures), (0, 3));
            assert!(throttle.0.held().waiting.is_empty());
        });
    }

    #[test]
    fn unlocking_says_what_it_forgot_and_lets_who_waits_in_at_once() {
        runtime().block_on(async {
            let (throttle, _kept) = throttle();
            fail(&throttle, 4).await;
            let began = Instant::now();
            let waits = throttle.turn("alice", HERE, Precedence::InTurn);
            let unlocks = async { throttle.unlock(&CountedAgainst::of("alice")) };
            let (turn, forgotten) = tokio::join!(waits, unlocks);
            turn.settle(TurnOutcome::Success);
            assert_eq!(forgotten, 4);
            assert!(began.elapsed() < Duration::from_millis(1500));
        });
    }

    #[test]
    fn what_was_kept_holds_after_a_restart() {
        runtime().block_on(async {
            let (throttle, kept) = throttle();
            fail(&throttle, 3).await;
            throttle.turn("bob", HERE, Precedence::InTurn).await.settle(TurnOutcome::Success);
            drop(throttle);
            let kept: Vec<LoginRecord> = kept.lock().expect("not poisoned").clone();
            assert_eq!(kept.len(), 4, "one a change");
            let mut latest = HashMap::new();
            kept.into_iter().for_each(|record| drop(latest.insert(record.login.clone(), record)));
            let view = ThrottleView::of_records(latest.into_values().collect());
            assert_eq!(view.logins.len(), 1);
            assert_eq!((view.logins[0].failures, view.logins[0].delay), (3, Duration::from_secs(1)));
        });
    }
}
