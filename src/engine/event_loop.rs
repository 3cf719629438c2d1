//! The one task that owns the live picture: it takes all that waits in its queues, lets the engine decide, and what is
//! decided goes out before the next message. Nobody else touches the picture. If this task panics, the process ends.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use tokio::task::{spawn_blocking, yield_now};
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::actor::Engine;
use super::clock::{Clock, time_of_day};
use super::handle::{EngineHandle, Inbox, Report};
use super::ports::{ClientPort, StorePort, TelephonyPort};
use crate::live::Live;
use crate::live::{PreparedSettings, Retired};
use crate::settings::state::States;

/// Messages that are taken before the clock and the request to shut down are looked at again.
const MESSAGES_AT_ONCE: usize = 256;

/// How the service manager hears that this task lives.
pub(crate) struct Watchdog {
    pub(crate) every: Duration,
    pub(crate) notify: fn(),
}

pub(crate) struct EventLoop<C: ClientPort> {
    engine: Engine<C>,
    clock: Clock,
    inbox: Inbox<C::Client>,
    watchdog: Option<Watchdog>,
}

/// Everything that the loop is given.
pub(crate) struct Parts<C: ClientPort> {
    /// What the picture begins with.
    pub(crate) settings: PreparedSettings,
    pub(crate) states: States,
    pub(crate) clients: C,
    pub(crate) store: Box<dyn StorePort>,
    pub(crate) telephony: Box<dyn TelephonyPort>,
    pub(crate) clock: Clock,
    /// Whether passwords wait to be checked of clients who may have been connected before the start.
    pub(crate) are_logins_waiting: Box<dyn Fn() -> bool + Send>,
    pub(crate) watchdog: Option<Watchdog>,
}

impl<C: ClientPort> EventLoop<C> {
    pub(crate) fn new(parts: Parts<C>, handle: &EngineHandle<C::Client>, inbox: Inbox<C::Client>) -> Self {
        let Parts { settings, states, clients, store, telephony, clock, are_logins_waiting, watchdog } = parts;
        let now = clock.now();
        let live = Live::new(settings, states, time_of_day, now);
        let engine =
            Engine::new(now, live, clients, (store, telephony), handle.reports(), are_logins_waiting, Box::new(let_go));
        Self { engine, clock, inbox, watchdog }
    }

    /// Runs until the `shutdown`. What waits then is left undone: on a planned stop no session ends (protocol decision
    /// 5). But until all connections are `over`, what they say of chat is heard. The store comes back, for letting it
    /// go waits for the disk.
    pub(crate) async fn run(
        mut self,
        shutdown: impl Future<Output = ()>,
        over: impl Future<Output = ()>,
    ) -> Box<dyn StorePort> {
        let mut shutdown = pin!(shutdown);
        let mut waiting = Vec::with_capacity(MESSAGES_AT_ONCE);
        let every = self.watchdog.as_ref().map_or(Duration::from_secs(3600), |watchdog| watchdog.every);
        let mut watchdog = interval(every);
        watchdog.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let alarm = self.engine.next_alarm().map(|steady| Instant::from_std(self.clock.instant_of(steady)));
            self.engine.flush();
            tokio::select! {
                biased;
                () = &mut shutdown => return self.stop(over).await,
                _ = watchdog.tick() => if let Some(watchdog) = &self.watchdog { (watchdog.notify)() },
                Some(report) = self.inbox.reports.recv() => self.engine.hear(self.clock.now(), report),
                number = self.inbox.messages.recv_many(&mut waiting, MESSAGES_AT_ONCE) => {
                    if number == 0 {
                        return self.engine.into_store();
                    }
                    // Connections that are ready to bring more, or to write, come first, for as long as they bring
                    // more: under load more is decided, and handed out, together.
                    let mut taken = 0;
                    while taken < waiting.len() && waiting.len() < MESSAGES_AT_ONCE {
                        taken = waiting.len();
                        yield_now().await;
                        while waiting.len() < MESSAGES_AT_ONCE
                            && let Ok(message) = self.inbox.messages.try_recv()
                        {
                            waiting.push(message);
                        }
                    }
                    for message in waiting.drain(..) {
                        self.engine.handle(self.clock.now(), message);
                    }
                    // However much comes in.
                    if self.engine.is_publishing() {
                        self.engine.publish_more(self.clock.now());
                    }
                }
                // Nobody waits to be served.
                () = yield_now(), if self.engine.is_publishing() => self.engine.publish_more(self.clock.now()),
                // Last: every message rings what is due.
                () = sleep_until(alarm.unwrap_or_else(Instant::now)), if alarm.is_some() => {
                    self.engine.ring(self.clock.now());
                }
            }
        }
    }

    /// What no client has acknowledged is kept; what one acknowledges yet is not.
    async fn stop(mut self, over: impl Future<Output = ()>) -> Box<dyn StorePort> {
        self.engine.stop(self.clock.now());
        let mut over = pin!(over);
        loop {
            tokio::select! {
                biased;
                Some(report) = self.inbox.reports.recv() => {
                    if let Report::ChatAcknowledged { .. } = report {
                        self.engine.hear(self.clock.now(), report);
                    }
                }
                () = &mut over => return self.engine.into_store(),
            }
        }
    }
}

/// On a thread that may take long: each of a hundred thousand entries is looked at.
fn let_go(retired: Retired) {
    drop(spawn_blocking(move || drop(retired)));
}
