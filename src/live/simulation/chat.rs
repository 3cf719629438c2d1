//! Chat in a world where things fail: clients that start slowly, go dark, end and come back, programs that ask for no
//! lists, a store that answers late, a server that stops. No text is lost, none comes twice, all come in the order in
//! which they were written, and none to a client that would die of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use super::Random;
use super::strict::StrictClient;
use crate::engine::TimedLive;
use crate::live::messages::{Admission, AnswerPermit, Moment, SessionId, StoreCall};
use crate::live::state::{Effects, Immediate, Input, PreparedSettings};
use crate::live::tests::{Kept, cast, server};
use crate::protocol::notice::Notice;
use crate::protocol::request::{Chat, ClientLine, CommandId, ListName, Request, UserKey, Version};
use crate::settings::fixtures::whole;
use crate::settings::id::{ChatId, Id, ProfileId, UserId};
use crate::settings::setting::General;
use crate::settings::state::States;

const WORLDS: u64 = 300;
const STEPS: usize = 150;
/// Fewer than are kept for one.
const TEXTS_MAX: usize = 60;
const PEOPLE: i64 = 3;

struct Seat {
    user: i64,
    strict: StrictClient,
    /// What its client's system has not acknowledged, in order.
    told: VecDeque<(ChatId, usize)>,
    last: usize,
    entered: usize,
    is_dark: bool,
}

struct ChatSimulation {
    random: Random,
    live: TimedLive,
    now: Moment,
    step: usize,
    kept: Kept,
    store_calls: VecDeque<StoreCall>,
    seats: BTreeMap<SessionId, Seat>,
    /// Sessions that are over, their connections not yet.
    closing: BTreeMap<SessionId, Seat>,
    sessions: u64,
    /// To whom each text was written.
    texts: Vec<i64>,
    /// The step at which a first client acknowledged it.
    delivered: HashMap<usize, usize>,
    /// Written while its receiver was logged in, or told to a session: if that ends without it, it comes late to another.
    may_be_late: BTreeSet<usize>,
}

#[test]
fn no_text_is_lost_or_comes_twice_or_out_of_order_or_to_a_client_that_would_die_of_it() {
    for seed in 0..WORLDS {
        let mut state = ChatSimulation::new(seed);
        for step in 0..STEPS {
            state.step = step;
            state.act();
        }
        state.step = STEPS;
        state.end(seed);
    }
}

impl ChatSimulation {
    fn new(seed: u64) -> Self {
        let now = Moment { steady: Duration::ZERO, unix: 1_471_009_851.0 };
        let settings = PreparedSettings::new(Arc::new(whole(cast())), Arc::new(General::default()));
        let live = TimedLive::new(settings, States::default(), now);
        Self {
            random: Random::new(seed),
            live,
            now,
            step: 0,
            kept: Kept::default(),
            store_calls: VecDeque::new(),
            seats: BTreeMap::new(),
            closing: BTreeMap::new(),
            sessions: 0,
            texts: Vec::new(),
            delivered: HashMap::new(),
            may_be_late: BTreeSet::new(),
        }
    }

    fn act(&mut self) {
        let seats: Vec<SessionId> = self.seats.keys().copied().collect();
        let seat = self.random.pick(&seats).copied();
        match (self.random.below(20), seat) {
            (0..=3, _) | (_, None) if seats.len() < 6 => self.log_in(),
            (4, Some(seat)) => self.ask(seat, Request::GetIpbxList),
            (5..=6, Some(seat)) => self.ask_own_config(seat),
            (7..=10, Some(seat)) if self.texts.len() < TEXTS_MAX => self.write(seat),
            (11..=13, Some(seat)) => self.acknowledge(seat),
            (14, Some(seat)) => drop(self.seats.get_mut(&seat).map(|seat| seat.is_dark = true)),
            (15, Some(seat)) => self.leave(seat),
            (16, _) => self.close(),
            (17, _) => {
                self.now.steady += Duration::from_secs(self.random.number(6).unsigned_abs());
                self.ring();
            }
            _ => self.turn_the_store(),
        }
    }

    fn log_in(&mut self) {
        self.sessions += 1;
        let session = SessionId(self.sessions);
        let user = self.random.number(PEOPLE);
        let strict = StrictClient::new(UserId::new(user), self.now);
        let seat = Seat { user, strict, told: VecDeque::new(), last: 0, entered: self.step, is_dark: false };
        self.seats.insert(session, seat);
        let profile = if user == 2 { 2 } else { 3 };
        let admission = Admission {
            user: UserId::new(user),
            profile: ProfileId::new(profile),
            version: Version::V2_3,
            state: "available".into(),
        };
        self.apply(Input::LoggedIn { session, admission });
    }

    fn ask(&mut self, session: SessionId, request: Request) {
        if let Some(seat) = self.seats.get_mut(&session) {
            seat.strict.asks(self.now, &request);
        }
        self.apply(Input::Asked {
            session,
            line: ClientLine { request, commandid: CommandId::default() },
            permit: AnswerPermit::default(),
        });
    }

    fn ask_own_config(&mut self, session: SessionId) {
        let Some(user) = self.seats.get(&session).map(|seat| seat.user) else { return };
        self.ask(session, Request::UpdateConfig { list: ListName::Users, tid: user.to_string().into() });
    }

    fn write(&mut self, from: SessionId) {
        let to = self.random.number(PEOPLE);
        self.texts.push(to);
        if self.seats.values().any(|seat| seat.user == to) {
            self.may_be_late.insert(self.texts.len());
        }
        let text = self.texts.len().to_string().into();
        self.ask(from, Request::Chat(Chat { server: server(), to: UserKey::Id(UserId::new(to)), text }));
    }

    /// In order, as TCP does.
    fn acknowledge(&mut self, session: SessionId) {
        let Some(seat) = self.seats.get_mut(&session).filter(|seat| !seat.is_dark) else { return };
        let number = self.random.below(seat.told.len() + 1);
        let acknowledged: Vec<_> = seat.told.drain(..number).collect();
        self.acknowledged(session, acknowledged);
    }

    fn acknowledged(&mut self, session: SessionId, texts: Vec<(ChatId, usize)>) {
        for (chat, text) in texts {
            self.delivered.entry(text).or_insert(self.step);
            self.apply(Input::ChatAcknowledged { session, chat });
        }
    }

    fn leave(&mut self, session: SessionId) {
        let Some(seat) = self.seats.remove(&session) else { return };
        self.closing.insert(session, seat);
        let how = self.random.below(2);
        if how == 0 {
            self.apply(Input::Asked {
                session,
                line: ClientLine { request: Request::Logout, commandid: CommandId::default() },
                permit: AnswerPermit::default(),
            });
        }
        self.apply(Input::Gone { session });
    }

    fn close(&mut self) {
        let closing: Vec<SessionId> = self.closing.keys().copied().collect();
        let Some(session) = self.random.pick(&closing).copied() else { return };
        let Some(mut seat) = self.closing.remove(&session) else { return };
        if !seat.is_dark {
            let number = self.random.below(seat.told.len() + 1);
            let acknowledged = seat.told.drain(..number).collect();
            self.acknowledged(session, acknowledged);
        }
        self.apply(Input::ConnectionOver { session });
    }

    fn turn_the_store(&mut self) {
        for _ in 0..=self.random.below(4) {
            let Some(StoreCall { question, permit: _ }) = self.store_calls.pop_front() else { return };
            let reply = self.kept.act(question);
            self.apply(Input::StoreReplied(reply));
        }
    }

    fn apply(&mut self, input: Input) {
        let effects = self.live.apply(self.now, input);
        self.hear(effects);
    }

    /// What is due by now.
    fn ring(&mut self) {
        let effects = self.live.pass(self.now);
        self.hear(effects);
    }

    fn hear(&mut self, effects: Effects) {
        let Effects { immediate, store_calls, .. } = effects;
        self.store_calls.extend(store_calls);
        for effect in immediate {
            let Immediate::Send(tell) = effect else { continue };
            for session in tell.to.sessions() {
                let Some(seat) = self.seats.get_mut(session) else { continue };
                seat.strict.hears(self.now, &tell.notice);
                let Notice::Chat { text, .. } = &*tell.notice else { continue };
                let number: usize = text.parse().expect("a number");
                let chat = tell.chat.expect("every chat has its number");
                assert_eq!(self.texts[number - 1], seat.user, "text {number} is not for user {}", seat.user);
                let is_late = self.delivered.get(&number).is_some_and(|at| *at < seat.entered);
                assert!(!is_late, "text {number} comes again to user {}", seat.user);
                let is_in_order = number > seat.last || self.may_be_late.contains(&number);
                assert!(is_in_order, "text {number} comes behind {} to user {}", seat.last, seat.user);
                seat.last = seat.last.max(number);
                seat.told.push_back((chat, number));
            }
            if let Notice::Chat { text, .. } = &*tell.notice {
                self.may_be_late.insert(text.parse().expect("a number"));
            }
        }
    }

    /// The server stops or everybody leaves; then everybody comes once more, and has it all.
    fn end(&mut self, seed: u64) {
        if self.random.below(2) == 0 {
            self.apply(Input::Stopping);
        }
        for session in self.seats.keys().copied().collect::<Vec<_>>() {
            self.leave(session);
        }
        while !self.closing.is_empty() {
            self.close();
        }
        while !self.store_calls.is_empty() {
            self.turn_the_store();
        }
        for user in 1..=PEOPLE {
            self.sessions += 1;
            let session = SessionId(self.sessions);
            let strict = StrictClient::new(UserId::new(user), self.now);
            let seat = Seat { user, strict, told: VecDeque::new(), last: 0, entered: self.step, is_dark: false };
            self.seats.insert(session, seat);
            let profile = ProfileId::new(if user == 2 { 2 } else { 3 });
            let state = "available".into();
            let admission = Admission { user: UserId::new(user), profile, version: Version::V2_3, state };
            self.apply(Input::LoggedIn { session, admission });
            self.ask_own_config(session);
            while !self.store_calls.is_empty() {
                self.turn_the_store();
            }
            let told: Vec<_> =
                self.seats.get_mut(&session).map(|seat| seat.told.drain(..).collect()).unwrap_or_default();
            assert!(told.is_sorted_by_key(|(_, text)| *text), "seed {seed}: {told:?}");
            self.acknowledged(session, told);
        }
        while !self.store_calls.is_empty() {
            self.turn_the_store();
        }
        let lost: Vec<usize> = (1..=self.texts.len()).filter(|text| !self.delivered.contains_key(text)).collect();
        assert!(lost.is_empty(), "seed {seed}: lost {lost:?}");
        assert_eq!(self.kept.chats, [], "seed {seed}: kept after all was delivered");
        assert_eq!(self.live.state.held().chat_texts, 0, "seed {seed}");
    }
}
