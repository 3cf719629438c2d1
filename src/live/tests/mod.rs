//! The variations of what a logged-in client can bring about: inputs on one side, what each session hears on the other.
//! `Stage` plays the server around a `Live`: it says lines as clients write them and keeps what every session is told.

mod agents;
mod agents_administration;
mod agents_outside;
mod agents_phones;
mod agents_presences;
mod agents_resync;
mod agents_settings;
mod call_model;
mod callers;
mod calls;
mod chat;
mod events;
mod kept;
mod lamps;
mod lists;
mod pace;
mod people;
mod phone_book;
mod phones;
mod presences;
mod queue_orders;
mod queues;
mod registrations;
mod resync;
mod services;
mod sessions;
mod settings;
mod slices;
mod stage;
mod told;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::protocol::parse::parse;
use crate::protocol::request::Version;
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::edit::{NewAgent, NewConference, NewLine, NewQueue, NewUser};
use crate::settings::fixtures::whole;
use crate::settings::id::{AgentId, ChatId, ContextId, Id, ProfileId, ServerUuid, UserId, UserUuid};
use crate::settings::name::{
    AgentNumber, ConferenceName, ConferenceNumber, ContextName, Device, DisplayName, Extension, FirstName, LastName,
    Login, Mailbox, QueueName,
};
use crate::settings::setting::General;
use crate::settings::state::{KeptAgent, StateWrite, States, UserState};
use crate::settings::whole::WholeConfiguration;

use super::messages::{
    Admission, AfterCommit, AgentChangeId, AgentChangeOutcome, AnswerPermit, Event, Moment, SessionId, StoreCall,
    SwitchOff, SwitchOffId, SwitchOffOutcome, TelephonyCall, TelephonyEvent, TelephonyInput, TelephonyQuestion,
    TelephonyRequest, TelephonySnapshot, TimerKey, Unanswered,
};
use super::state::{Effects, Immediate, Input, LogEvent, PreparedSettings};
use crate::engine::{TimedLive, request_of};

use agents_resync::at_work;
use calls::Replies;
pub(super) use kept::Kept;

pub(super) const AGNES: i64 = 1;
pub(super) const BERTIL: i64 = 2;
pub(super) const CHIARA: i64 = 3;
/// Has no line.
pub(super) const GRETE: i64 = 4;
const CLIENT: i64 = 3;
const AGENT: i64 = 2;

/// How the disk behaves.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Disk {
    Fast,
    /// Writes wait for `commit` or `fail`.
    Slow,
}

/// Counts lines that are answered.
#[derive(Default)]
pub(super) struct Answered(AtomicU32);

impl Answered {
    pub(super) fn lines(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Unanswered for Answered {
    fn answered(&self, lines: u32) {
        self.0.fetch_add(lines, Ordering::Relaxed);
    }
}

pub(super) struct Stage {
    pub(super) live: TimedLive,
    pub(super) configuration: Arc<WholeConfiguration>,
    pub(super) general: Arc<General>,
    pub(super) now: Moment,
    pub(super) disk: Disk,
    pub(super) writes: Vec<StateWrite>,
    pub(super) notes: Vec<LogEvent>,
    /// What callers are called who were asked for.
    pub(super) callers: Vec<(crate::live::messages::CallerQuestionId, Option<Box<str>>)>,
    pub(super) agent_changes: Vec<(AgentChangeId, AgentChangeOutcome)>,
    pub(super) switched_off: Vec<(SwitchOffId, SwitchOffOutcome)>,
    events: Vec<Event>,
    /// How many sessions each change of settings ended.
    pub(super) ended: Vec<usize>,
    /// Lines whose permits were let go.
    pub(super) answered: Arc<Answered>,
    pub(super) kept: Kept,
    pub(super) is_store_broken: bool,
    /// Requests wait for `answer_store_calls`.
    pub(super) is_store_slow: bool,
    /// The chat texts that each session was told and has not acknowledged.
    pub(super) told: BTreeMap<SessionId, Vec<ChatId>>,
    /// What the telephone system was asked for.
    pub(super) asked: Vec<TelephonyRequest>,
    /// What it replies to everything; without a link that is `Unavailable`.
    /// What the telephone system replies.
    pub(super) reply: Replies,
    /// All that it was asked, as text.
    pub(super) calls: Vec<String>,
    store_calls: Vec<StoreCall>,
    waiting: Vec<AfterCommit>,
    heard: BTreeMap<SessionId, Vec<String>>,
    last_session: u64,
}

/// Two contexts, `default` with agnes and bertil (an agent), `sales` with chiara, and grete, who has no line; a queue
/// in each context with bertil's agent in both; a conference room in each; agnes has a voicemail box.
pub(crate) fn cast() -> Configuration {
    let mut known = Configuration::default_data(server(), Language::English);
    let default = ContextId::new(1);
    let sales = known.add_context(name(ContextName::parse("sales")), &[]).expect("a context");
    for (number, login, profile, context) in [
        (AGNES, "agnes", CLIENT, Some(default)),
        (BERTIL, "bertil", AGENT, Some(default)),
        (CHIARA, "chiara", CLIENT, Some(sales)),
        (GRETE, "grete", CLIENT, None),
    ] {
        let id = add_user(&mut known, number, login, profile);
        if let Some(context) = context {
            add_line(&mut known, id, &format!("100{number}"), context);
        }
    }
    let agent = known.add_agent(NewAgent {
        number: name(AgentNumber::parse("2105")),
        first_name: name(FirstName::parse("Bertil")),
        last_name: name(LastName::parse("Ögent")),
        context: default,
        user: Some(UserId::new(BERTIL)),
    });
    for (queue, number, context) in [("support", "3001", default), ("orders", "3002", sales)] {
        let queue = known.add_queue(NewQueue {
            name: name(QueueName::parse(queue)),
            display: name(DisplayName::parse(queue)),
            number: name(Extension::parse(number)),
            context,
            wrapup_seconds: 0,
        });
        known.set_queue_member(queue.expect("a queue"), *agent.as_ref().expect("an agent"), 0).expect("a member");
    }
    for (number, room, context) in [("4001", "Daily", default), ("4002", "Board", sales)] {
        let room = NewConference {
            number: name(ConferenceNumber::parse(number)),
            name: name(ConferenceName::parse(room)),
            context,
            pin: None,
        };
        known.add_conference(room).expect("a room");
    }
    known.add_voicemail(name(Mailbox::parse("1001")), default, Some(UserId::new(AGNES))).expect("a voicemail box");
    known
}

pub(super) fn add_user(known: &mut Configuration, number: i64, login: &str, profile: i64) -> UserId {
    let mut first_name = login.to_owned();
    first_name[..1].make_ascii_uppercase();
    let user = NewUser {
        uuid: uuid(number),
        login: Some(name(Login::parse(login))),
        first_name: name(FirstName::parse(&first_name)),
        last_name: name(LastName::parse("")),
        email: None,
        mobile: None,
        password: None,
        enabled: true,
        profile: Some(ProfileId::new(profile)),
    };
    known.add_user(user).expect("a user")
}

/// Makes a user one who has a telephone and no client.
pub(super) fn without_login(known: &mut Configuration, user: UserId) {
    known.users.edit(user, |user| {
        (user.login, user.password, user.enabled, user.profile) = (None, None, false, None);
    });
}

pub(super) fn add_line(known: &mut Configuration, user: UserId, extension: &str, context: ContextId) {
    let device = name(Device::parse(&format!("PJSIP/{extension}")));
    let extension = name(Extension::parse(extension));
    known.add_line(NewLine { user, extension, context, device, is_main: false }).expect("a line");
}

pub(super) fn name<T, E: std::fmt::Debug>(parsed: Result<T, E>) -> T {
    parsed.expect("a name of a test keeps the rules")
}

pub(super) fn server() -> ServerUuid {
    ServerUuid::parse("5a1e5a1e-0000-4000-8000-000000000001").expect("a uuid")
}

pub(super) fn uuid(number: i64) -> UserUuid {
    UserUuid::parse(&format!("00000000-0000-4000-8000-{number:012}")).expect("a uuid")
}

impl Stage {
    pub(super) fn new() -> Self {
        Self::with(cast(), General::default())
    }

    /// With `context_separation`.
    pub(super) fn separated() -> Self {
        Self::with(cast(), General { context_separation: true, ..General::default() })
    }

    pub(super) fn with(configuration: Configuration, general: General) -> Self {
        Self::restarted(configuration, general, HashMap::new(), HashMap::new())
    }

    pub(super) fn restarted(
        configuration: Configuration,
        general: General,
        users: HashMap<UserUuid, UserState>,
        agents: HashMap<AgentId, KeptAgent>,
    ) -> Self {
        Self::restarted_with(configuration, general, States { users, agents, ..States::default() })
    }

    pub(super) fn apply(&mut self, input: Input) {
        let effects = self.live.apply(self.now, input);
        self.run_all(effects);
    }

    /// What is due by now.
    pub(super) fn ring(&mut self) {
        let effects = self.live.pass(self.now);
        self.run_all(effects);
    }

    fn run_all(&mut self, effects: Effects) {
        self.run(effects);
        while self.live.is_publishing() {
            let effects = self.live.apply(self.now, Input::Continue);
            self.run(effects);
        }
    }

    pub(super) fn run(&mut self, effects: Effects) {
        for effect in effects.immediate {
            match effect {
                Immediate::Send(tell) => {
                    let line = shown(&tell.notice.line(self.now.unix));
                    for session in tell.to.sessions() {
                        self.heard.entry(*session).or_default().push(line.clone());
                        self.told.entry(*session).or_default().extend(tell.chat);
                    }
                }
                Immediate::Close { session } => self.heard.entry(session).or_default().push("(closed)".to_owned()),
                Immediate::LineDone(permit) => drop(permit),
                Immediate::SettingsTaken { ended } => self.ended.push(ended),
                Immediate::CallerNamed { id, name } => self.callers.push((id, name)),
                Immediate::Log(note) => self.notes.push(note),
            }
        }
        self.agent_changes.extend(effects.agent_changes);
        self.switched_off.extend(effects.switched_off);
        self.events.extend(effects.events);
        self.writes.extend(effects.writes);
        self.store_calls.extend(effects.store_calls);
        if !self.is_store_slow {
            self.answer_store_calls();
        }
        for TelephonyCall { question, permit: _ } in effects.telephony_calls {
            self.calls.push(calls::shown(&question));
            if let TelephonyQuestion::Do(request, _) = &question {
                self.asked.push(request.clone());
            }
            let effects = self.live.apply(self.now, Input::TelephonyReplied(self.reply.to(question)));
            self.run(effects);
        }
        self.waiting.extend(effects.after_commit);
        if self.disk == Disk::Fast {
            self.commit();
        }
    }

    /// The store does what it was asked for, and says what came of it.
    pub(super) fn answer_store_calls(&mut self) {
        for StoreCall { question, permit: _ } in std::mem::take(&mut self.store_calls) {
            let reply = if self.is_store_broken { request_of(question, drop).1 } else { self.kept.act(question) };
            self.apply(Input::StoreReplied(reply));
        }
    }

    /// The link holds, and everything stands so on the telephone system, which does what it is asked for from now on.
    pub(super) fn link(&mut self, snapshot: TelephonySnapshot) {
        self.reply = Replies::Done;
        self.apply(Input::Telephony(TelephonyInput::Up(Box::new(snapshot))));
    }

    pub(super) fn lose_link(&mut self) {
        self.reply = Replies::Unavailable;
        self.apply(Input::Telephony(TelephonyInput::Down));
    }

    /// Something happens on the telephone system.
    pub(super) fn happens(&mut self, event: TelephonyEvent) {
        self.apply(Input::Telephony(TelephonyInput::Event(event)));
    }

    /// What the telephone system was asked for since this was asked last.
    pub(super) fn asked(&mut self) -> Vec<TelephonyRequest> {
        self.calls.clear();
        std::mem::take(&mut self.asked)
    }

    /// The system of the session's client acknowledges all chat that it was told.
    pub(super) fn acknowledge(&mut self, session: SessionId) {
        for chat in self.told.remove(&session).unwrap_or_default() {
            self.apply(Input::ChatAcknowledged { session, chat });
        }
    }

    /// The session's connection is given up.
    pub(super) fn lose(&mut self, session: SessionId) {
        self.apply(Input::Gone { session });
        self.apply(Input::ConnectionOver { session });
    }

    /// What waits for the disk is there.
    pub(super) fn commit(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        if !waiting.is_empty() {
            self.apply(Input::Committed(waiting));
        }
    }

    /// What waits for the disk could not be brought there.
    pub(super) fn fail(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.apply(Input::CommitFailed(waiting));
    }

    pub(super) fn log_in(&mut self, user: i64, state: &str) -> SessionId {
        self.log_in_as(user, state, Version::V2_2)
    }

    pub(super) fn log_in_as(&mut self, user: i64, state: &str, version: Version) -> SessionId {
        self.last_session += 1;
        let session = SessionId(self.last_session);
        let user = UserId::new(user);
        let profile = self.configuration.users.get(user).and_then(|user| user.profile).unwrap_or(ProfileId::new(1));
        self.apply(Input::LoggedIn { session, admission: Admission { user, profile, version, state: state.into() } });
        session
    }

    /// Logs in, asks for the own configuration as every client does, and forgets what everybody heard of it.
    pub(super) fn enter(&mut self, user: i64, state: &str) -> SessionId {
        let session = self.log_in(user, state);
        self.ask_own_config(session, user);
        self.heard.clear();
        session
    }

    /// From then on the session hears chat.
    pub(super) fn ask_own_config(&mut self, session: SessionId, user: i64) {
        self.ask(
            session,
            &format!(r#"{{"class":"getlist","function":"updateconfig","listname":"users","tid":"{user}"}}"#),
        );
    }

    /// A line as the client writes it.
    pub(super) fn ask(&mut self, session: SessionId, line: &str) {
        let line = parse(line.as_bytes()).expect("a good line");
        self.apply(Input::Asked { session, line, permit: AnswerPermit::default() });
    }

    /// Asks and gives back what the session alone heard of it.
    pub(super) fn answer(&mut self, session: SessionId, line: &str) -> Vec<String> {
        self.heard(session);
        self.ask(session, line);
        self.heard(session)
    }

    pub(super) fn choose(&mut self, session: SessionId, state: &str) {
        self.ask(session, &format!(r#"{{"class":"availstate","availstate":"{state}"}}"#));
    }

    /// What the session heard since it was asked last.
    pub(super) fn heard(&mut self, session: SessionId) -> Vec<String> {
        self.heard.remove(&session).unwrap_or_default()
    }

    pub(super) fn pass_milliseconds(&mut self, milliseconds: u64) {
        self.now.steady += Duration::from_millis(milliseconds);
        self.ring();
    }

    /// The same, and nothing else goes on meanwhile.
    pub(super) fn pass_milliseconds_once(&mut self, milliseconds: u64) {
        self.now.steady += Duration::from_millis(milliseconds);
        let effects = self.live.pass(self.now);
        self.run(effects);
    }

    pub(super) fn pass(&mut self, seconds: u64) {
        self.now.steady += Duration::from_secs(seconds);
        self.now.unix += f64::from(u32::try_from(seconds).expect("a short time"));
        self.ring();
    }

    /// Changes the settings as an administrator does.
    pub(super) fn change(&mut self, edit: impl FnOnce(&mut Configuration, &mut General)) {
        let (mut configuration, mut general) = ((*self.configuration).clone(), (*self.general).clone());
        edit(&mut configuration, &mut general);
        (self.configuration, self.general) = (Arc::new(configuration), Arc::new(general));
        let (configuration, general) = (Arc::clone(&self.configuration), Arc::clone(&self.general));
        self.apply(self.live.changed_to(configuration, general));
    }
}

/// A line in short: its class, and for lists function, list, id or ids, and what it says.
fn shown(line: &[u8]) -> String {
    let line: Value = serde_json::from_slice(line).expect("a line is JSON");
    let Value::Object(mut line) = line else { unreachable!("a line is an object") };
    line.shift_remove("timenow");
    let class = line.shift_remove("class").and_then(|class| class.as_str().map(str::to_owned)).unwrap_or_default();
    if class != "getlist" {
        return format!("{class} {}", Value::Object(line));
    }
    let text = |member: &str| line.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
    let about = line.get("tid").or_else(|| line.get("list")).cloned().unwrap_or_default();
    let says = line.get("config").or_else(|| line.get("status")).map(|says| format!(" {says}")).unwrap_or_default();
    format!("{} {} {about}{says}", text("function"), text("listname"))
}

/// The mark of a link that held before.
fn is_mark(request: &TelephonyRequest) -> bool {
    let family = match request {
        TelephonyRequest::PutKey(key) => &key.family,
        _ => return false,
    };
    **family == *"cti/ctibox"
}
