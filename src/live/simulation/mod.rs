//! A seeded simulation: a handful of clients that keep their own picture from what they are told, as released clients
//! do, while users come and go, switch things, and an administrator moves, separates and deletes. After each step each
//! client's picture must be what its user may see, and nothing of anybody else may have reached it.

mod chat;
mod client;
mod floor;
mod queues;
mod steps;
pub(super) mod strict;
mod telephones;
mod work;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::protocol::notice::{ChatParty, Notice};
use crate::protocol::request::{ClientLine, CommandId, ListName, Request};
use crate::settings::fixtures::whole;
use crate::settings::setting::General;
use crate::settings::state::States;
use crate::settings::whole::WholeConfiguration;

use super::messages::{AfterCommit, AnswerPermit, Moment, SessionId, StoreCall, TimerKey};
use super::state::Held;
use super::state::view::subjects;
use super::state::{Effects, Immediate, Input, PreparedSettings};
use super::tests::Kept;
use crate::engine::TimedLive;

use client::Client;
use queues::SITUATIONS;
pub(super) use steps::some;
pub(super) use telephones::Telephones;

const STEPS: u32 = 60;

/// splitmix64: all that happens in a world follows from its seed.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let mixed = mixed ^ (mixed >> 31);
        usize::try_from(mixed % u64::try_from(sides).expect("a die has few sides")).expect("less than its sides")
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())) }
    }

    pub(super) fn number(&mut self, sides: i64) -> i64 {
        let sides = usize::try_from(sides).expect("a die has sides");
        1 + i64::try_from(self.below(sides)).expect("a die has few sides")
    }
}

struct Simulation {
    random: Random,
    live: TimedLive,
    configuration: Arc<WholeConfiguration>,
    general: Arc<General>,
    now: Moment,
    clients: BTreeMap<SessionId, Client>,
    kept: Kept,
    /// Writes on their way to disk, the oldest first.
    disk: VecDeque<Vec<AfterCommit>>,
    telephones: Telephones,
    last_session: u64,
    last_user: i64,
}

#[test]
fn every_clients_picture_is_what_its_user_may_see() {
    let worlds = if std::env::var_os("CTIBOX_TEST_FULL").is_some() { 1000 } else { 100 };
    let mut met = BTreeSet::new();
    for seed in 0..worlds {
        let mut state = Simulation::new(seed);
        // Some publish at once what has changed, others in slices of next to nothing.
        if seed % 2 == 1 {
            state.live.state.set_slice_steps(usize::try_from(seed % 30).expect("few") + 1);
        }
        for step in 0..STEPS {
            let did = state.step();
            state.rest();
            state.check(&format!("seed {seed}, step {step}: {did}"));
            met.extend(state.situations());
        }
    }
    let missing: Vec<_> = SITUATIONS.into_iter().filter(|situation| !met.contains(situation)).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let (configuration, general) = (Arc::new(whole(steps::people())), Arc::new(General::default()));
        let now = Moment { steady: Duration::ZERO, unix: 1_471_009_851.0 };
        let (known, set) = (Arc::clone(&configuration), Arc::clone(&general));
        Self {
            random: Random(seed),
            live: TimedLive::new(PreparedSettings::new(known, set), States::default(), now),
            configuration,
            general,
            now,
            clients: BTreeMap::new(),
            kept: Kept::default(),
            disk: VecDeque::new(),
            telephones: Telephones::default(),
            last_session: 0,
            last_user: 4,
        }
    }

    /// Brings an input in and lets every client react to what it hears, until nobody asks any more.
    fn apply(&mut self, input: Input) {
        let effects = self.live.apply(self.now, input);
        self.react(effects);
    }

    /// The telephone system has replied to all, and what a busy floor held is told.
    fn rest(&mut self) {
        loop {
            self.reply_to_all();
            self.now.steady += Duration::from_millis(50);
            self.ring();
            if self.telephones.has_nothing_to_say() {
                return;
            }
        }
    }

    /// What is due by now.
    fn ring(&mut self) {
        let effects = self.live.pass(self.now);
        self.react(effects);
    }

    fn react(&mut self, effects: Effects) {
        let mut questions = self.deliver(effects);
        while self.live.is_publishing() || !questions.is_empty() {
            if self.live.is_publishing() && (questions.is_empty() || self.random.below(2) == 0) {
                let effects = self.live.apply(self.now, Input::Continue);
                questions.extend(self.deliver(effects));
                continue;
            }
            let Some((session, request)) = questions.pop_front() else { continue };
            if let Some(client) = self.clients.get_mut(&session) {
                client.strict.asks(self.now, &request);
            }
            let line = ClientLine { request, commandid: CommandId::default() };
            let effects = self.live.apply(self.now, Input::Asked { session, line, permit: AnswerPermit::default() });
            questions.extend(self.deliver(effects));
        }
        self.clients.values().for_each(|client| client.strict.rests());
    }

    fn ask(&mut self, session: SessionId, request: Request) {
        if let Some(client) = self.clients.get_mut(&session) {
            client.strict.asks(self.now, &request);
        }
        self.apply(Input::Asked {
            session,
            line: ClientLine { request, commandid: CommandId::default() },
            permit: AnswerPermit::default(),
        });
    }

    fn deliver(&mut self, effects: Effects) -> VecDeque<(SessionId, Request)> {
        let mut questions = VecDeque::new();
        for effect in effects.immediate {
            match effect {
                Immediate::Send(tell) => {
                    let once: BTreeSet<_> = tell.to.sessions().iter().collect();
                    assert_eq!(once.len(), tell.to.sessions().len(), "told twice: {:?}", tell.notice);
                    for session in tell.to.sessions() {
                        let client = self.clients.get_mut(session).expect("only the connected are told");
                        let state = &self.live.state;
                        let from = match &*tell.notice {
                            Notice::Chat { from: ChatParty::Id(user), .. } => Some(*user),
                            Notice::Chat { from: ChatParty::Uuid(uuid), .. } => state.user_by_uuid(*uuid),
                            _ => None,
                        };
                        client.strict.hears(self.now, &tell.notice);
                        let queue_named = |name: &str| state.telephony_names().queue(name);
                        client.check_reach(&state.view(client.user), from, queue_named, &tell.notice);
                        questions.extend(client.hear(&tell.notice).into_iter().map(|question| (*session, question)));
                    }
                }
                Immediate::Close { session } => assert!(self.clients.remove(&session).is_some(), "closed twice"),
                Immediate::LineDone(_)
                | Immediate::SettingsTaken { .. }
                | Immediate::CallerNamed { .. }
                | Immediate::Log(_) => {}
            }
        }
        if !effects.writes.is_empty() {
            self.disk.push_back(effects.after_commit);
        }
        for StoreCall { question, permit: _ } in effects.store_calls {
            let reply = self.kept.act(question);
            let effects = self.live.apply(self.now, Input::StoreReplied(reply));
            questions.extend(self.deliver(effects));
        }
        self.telephones.ask(effects.telephony_calls);
        questions
    }

    fn check(&self, did: &str) {
        let state = &self.live.state;
        for (session, client) in &self.clients {
            assert_eq!(state.user_of(*session), Some(client.user), "{did}");
            let view = state.view(client.user);
            client.check_picture(&view, self.now.unix, |uuid| state.user_by_uuid(uuid), did);
            let presence = view.presence(client.user).expect("a user sees themselves");
            let is_known = view.presences().is_empty() || view.presence_named(presence).is_some();
            assert!(is_known, "{did}: user {} is in {presence:?}", client.user);
        }
        self.telephones.check(state, &self.configuration, did);
        self.check_queues(did);
        let Held { sessions, places, people, registrations, .. } = state.held();
        let grace_timers = self.live.number_of_timers(|key| matches!(key, TimerKey::Grace(_)));
        let users = self.configuration.users.len();
        assert_eq!(sessions, self.clients.len(), "{did}");
        assert!(places <= self.configuration.contexts.len() + 1 && places <= sessions, "{did}");
        assert!(
            people <= users && grace_timers <= people,
            "{did}: {people} people, {grace_timers} timers, {users} users"
        );
        let registered: usize = self.clients.values().map(|client| client.registered()).sum();
        let subscribed: usize = self.clients.values().map(|client| client.subscribed()).sum();
        assert!((registered..=registered + subscribed).contains(&registrations), "{did}: {registrations}");
        for subject in ListName::ALL.into_iter().flat_map(|list| subjects(&self.configuration, list)) {
            let reached = state.who_hears_of(subject);
            let may_see = |(_, client): &(&SessionId, &Client)| state.view(client.user).may_see(subject);
            let expected: Vec<SessionId> = self.clients.iter().filter(may_see).map(|(session, _)| *session).collect();
            assert_eq!(reached, expected, "{did}: who hears of {subject:?}");
        }
    }
}
