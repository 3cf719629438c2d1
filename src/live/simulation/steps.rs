//! What happens in a simulated world: each step is one thing that a user, the disk, the clock or an administrator does.

use std::sync::Arc;
use std::time::Duration;

use crate::live::messages::{Admission, Ending, SessionId};
use crate::live::state::Input;
use crate::live::tests::{add_line, add_user, cast, name, server, uuid, without_login};
use crate::protocol::request::{
    AgentReference, Chat, FeaturesPut, ForwardKind, Registrations, Request, UserKey, Version,
};
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewAgent;
use crate::settings::id::{ContextId, Id, LineId, ProfileId, QueueId, UserId};
use crate::settings::name::{AgentNumber, Device, Extension, FirstName, LastName, PresenceName, QueueName};
use crate::settings::queue::MemberId;
use crate::settings::setting::General;
use crate::settings::table::{Object, Table};

use super::client::Client;
use super::{Random, Simulation};

const STATES: [&str; 7] = ["available", "away", "donotdisturb", "outtolunch", "disconnected", "nosuch", "gone"];
const VERSIONS: [Version; 4] = [Version::V2_0, Version::V2_1, Version::V2_2, Version::V2_3];
const SESSIONS_MAX: usize = 6;

impl Simulation {
    /// Does one thing and says what.
    pub(super) fn step(&mut self) -> String {
        let did = match self.random.below(28) {
            0..=2 => self.log_in(),
            3 => self.leave(),
            4..=5 => self.with_client(|random, _| Request::AvailState { state: state(random) }),
            6..=7 => self.with_client(|random, _| Request::FeaturesPut(features_put(random))),
            8 => self.with_client(|random, _| chat(random)),
            9..=10 => self.register(),
            11 => self.pass_time(),
            12 => self.turn_the_disk(),
            13..=15 | 26..=27 => self.work(),
            16..=20 => self.telephone(),
            21..=22 => self.subscribe(),
            _ => self.administer(),
        };
        // What the telephone system brings is told within that time.
        self.now.steady += Duration::from_millis(100);
        self.ring();
        did
    }

    /// Something is wanted of an agent, mostly by their own user.
    fn work(&mut self) -> String {
        let known = Arc::clone(&self.configuration);
        let own = |client: &Client| known.agents.find(|agent| agent.user == Some(client.user)).map(|agent| agent.id);
        let owners: Vec<_> = self.clients.iter().filter_map(|(id, client)| Some((*id, own(client)?))).collect();
        let (session, own) = match self.random.pick(&owners).copied() {
            Some((session, agent)) if self.random.below(4) > 0 => (Some(session), Some(agent)),
            _ => (self.some_session(), some(&mut self.random, &known.agents)),
        };
        let Some(session) = session else { return "nobody asks".to_owned() };
        let random = &mut self.random;
        let agent = own.map_or(7, Id::number);
        let queue = some(random, &known.queues).map_or(7, Id::number);
        let request = match random.below(8) {
            0..=2 => {
                let extension = Some(format!("100{}", random.number(4)).into()).filter(|_| random.below(3) == 0);
                Request::AgentLogin { agent: AgentReference::Id(agent), extension }
            }
            3 => Request::AgentLogout { agent: AgentReference::Own },
            4 => Request::AgentMembership { agent, queue, is_member: random.below(2) == 0 },
            _ => {
                let queue = Some(queue).filter(|_| random.below(2) == 0);
                Request::AgentPause { agent, queue, is_paused: random.below(2) == 0 }
            }
        };
        let did = format!("{session:?} asks {request:?}");
        self.ask(session, request);
        did
    }

    fn subscribe(&mut self) -> String {
        let Some(session) = self.some_session() else { return "nobody subscribes".to_owned() };
        let request = match some(&mut self.random, &self.configuration.queues) {
            Some(queue) if self.random.below(2) == 0 => Request::SubscribeQueueEntries { queue: queue.number() },
            _ => {
                self.clients.get_mut(&session).into_iter().for_each(Client::subscribe_figures);
                Request::SubscribeQueuesStats
            }
        };
        let did = format!("{session:?} asks {request:?}");
        self.ask(session, request);
        did
    }

    fn log_in(&mut self) -> String {
        if self.clients.len() >= SESSIONS_MAX {
            return self.leave();
        }
        self.last_session += 1;
        let session = SessionId(self.last_session);
        let user = UserId::new(self.random.number(self.last_user + 1));
        let (version, state) = (VERSIONS[self.random.below(4)], state(&mut self.random));
        self.clients.insert(session, Client::new(user, self.now));
        let did = format!("user {user} logs in as {session:?} into {state}");
        // Now and then they were offered another profile than they have by now.
        let profile = ProfileId::new(if self.random.below(8) == 0 { 1 } else { 3 });
        self.apply(Input::LoggedIn { session, admission: Admission { user, profile, version, state } });
        did
    }

    fn leave(&mut self) -> String {
        let Some(session) = self.some_session() else { return "nobody leaves".to_owned() };
        match self.random.below(4) {
            0 => {
                self.clients.remove(&session);
                self.apply(Input::Gone { session });
                self.apply(Input::ConnectionOver { session });
            }
            1 => self.ask(session, Request::Logout),
            2 => self.apply(Input::End { session, how: Ending::Plain }),
            _ => self.apply(Input::End { session, how: Ending::Force }),
        }
        format!("{session:?} leaves")
    }

    fn some_session(&mut self) -> Option<SessionId> {
        let sessions: Vec<SessionId> = self.clients.keys().copied().collect();
        self.random.pick(&sessions).copied()
    }

    fn with_client(&mut self, request: impl Fn(&mut Random, SessionId) -> Request) -> String {
        let Some(session) = self.some_session() else { return "nobody asks".to_owned() };
        let request = request(&mut self.random, session);
        let did = format!("{session:?} asks {request:?}");
        self.ask(session, request);
        did
    }

    fn register(&mut self) -> String {
        let Some(session) = self.some_session() else { return "nobody registers".to_owned() };
        let user = uuid(self.random.number(self.last_user));
        let users = Registrations::Users(vec![(server(), UserKey::Uuid(user))]);
        let Some(client) = self.clients.get_mut(&session) else { return String::new() };
        if self.random.below(4) == 0 {
            client.unregister(user);
            self.ask(session, Request::Unregister(users));
        } else {
            // Whoever does not exist is not taken.
            if self.configuration.users.iter().any(|known| known.uuid == user) {
                client.register(user);
            }
            self.ask(session, Request::Register(users));
        }
        format!("{session:?} registers for {user}, or no more")
    }

    fn pass_time(&mut self) -> String {
        let seconds = self.random.number(15);
        self.now.steady += Duration::from_secs(seconds.unsigned_abs());
        self.ring();
        format!("{seconds} seconds pass")
    }

    fn turn_the_disk(&mut self) -> String {
        let mut did = "the disk turns".to_owned();
        while let Some(waiting) = self.disk.pop_front() {
            let is_good = self.random.below(4) > 0;
            did += if is_good { ", writes" } else { ", fails" };
            self.apply(if is_good { Input::Committed(waiting) } else { Input::CommitFailed(waiting) });
        }
        did
    }

    fn administer(&mut self) -> String {
        let (mut known, mut general) = ((*self.configuration).clone(), (*self.general).clone());
        let edits = self.random.number(3);
        let did: Vec<String> = (0..edits).map(|_| self.edit(&mut known, &mut general)).collect();
        (self.configuration, self.general) = (Arc::new(known), Arc::new(general));
        let (configuration, general) = (Arc::clone(&self.configuration), Arc::clone(&self.general));
        self.apply(self.live.changed_to(configuration, general));
        did.join(", ")
    }

    /// One edit of an administrator. What a rule refuses is not done: that is not looked at here.
    fn edit(&mut self, known: &mut Configuration, general: &mut General) -> String {
        let random = &mut self.random;
        let context = some(random, &known.contexts).unwrap_or(ContextId::new(1));
        let (user, line) = (some(random, &known.users), some(random, &known.lines));
        let (agent, queue) = (some(random, &known.agents), some(random, &known.queues));
        match (random.below(26), user, line, agent, queue) {
            (0..=1, ..) => {
                general.context_separation = !general.context_separation;
                return format!("separation {}", general.context_separation);
            }
            (2..=4, _, Some(line), ..) => {
                known.move_line(line, context).expect("a line moves");
                return format!("line {line} moves to context {context}");
            }
            (5, Some(user), ..) => add_line(known, user, &format!("7{}", known.lines.next_number()), context),
            (6, _, Some(line), ..) => known.set_main_line(line).expect("a main line"),
            (7, _, Some(line), ..) => known.remove_line(line).expect("a line goes"),
            (8, ..) => {
                self.last_user += 1;
                let user = add_user(known, self.last_user, &format!("user{}", self.last_user), 3);
                if self.last_user % 3 == 0 {
                    without_login(known, user);
                }
                add_line(known, user, &format!("6{user}"), context);
                return format!("user {user} is new in context {context}");
            }
            (9, Some(user), ..) => {
                known.remove_user(user).expect("a user goes");
                return format!("user {user} is deleted");
            }
            (10, Some(id), ..) => known.users.edit(id, |user| user.enabled = !user.enabled),
            (11, Some(id), ..) => {
                let other = name(FirstName::parse(&format!("Name{}", random.below(9))));
                known.users.edit(id, |user| user.first_name = other);
            }
            (12, user, _, Some(agent), _) => {
                // One agent a user.
                let user = user.filter(|user| known.agents.find(|agent| agent.user == Some(*user)).is_none());
                known.agents.edit(agent, |agent| (agent.context, agent.user) = (context, user))
            }
            (13, _, _, _, Some(queue)) => known.queues.edit(queue, |queue| queue.context = context),
            (14, _, _, Some(agent), Some(queue)) => edit_member(random, known, queue, agent.into()),
            (20, _, Some(line), _, Some(queue)) => edit_member(random, known, queue, line.into()),
            (15, user, ..) => {
                let Some(voicemail) = some(random, &known.voicemails) else { return "nothing".to_owned() };
                known.voicemails.edit(voicemail, |voicemail| (voicemail.context, voicemail.user) = (context, user));
            }
            (16, ..) => {
                let includes = some(random, &known.contexts).into_iter().collect();
                known.contexts.edit(context, |context| context.includes = includes);
            }
            (17, Some(id), ..) => {
                let profile = Some(ProfileId::new(random.number(4))).filter(|profile| profile.number() < 4);
                known.users.edit(id, |user| user.profile = profile);
            }
            (18, ..) => edit_presence(random, known),
            (21..=25, ..) => return edit_names(random, known),
            (19, ..) => {
                general.strict_presence = random.below(2) == 0;
                general.disconnect_grace = Duration::from_secs(random.number(20).unsigned_abs() - 1);
            }
            _ => {}
        }
        "an edit".to_owned()
    }
}

/// The usual ones, of whom two more are agents; a telephone is a member too, and one queue lets agents rest.
pub(super) fn people() -> Configuration {
    let mut known = cast();
    let queue = QueueId::new(1);
    for (number, user) in [("2106", Some(3)), ("2107", None)] {
        let agent = NewAgent {
            number: name(AgentNumber::parse(number)),
            first_name: name(FirstName::parse("Agent")),
            last_name: name(LastName::parse(number)),
            context: ContextId::new(1),
            user: user.map(UserId::new),
        };
        let agent = known.add_agent(agent).expect("an agent");
        known.set_queue_member(queue, agent, 1).expect("a member");
    }
    known.set_queue_member(queue, LineId::new(1), 0).expect("a member");
    known.queues.edit(queue, |queue| queue.wrapup_seconds = 5);
    known
}

fn edit_member(random: &mut Random, known: &mut Configuration, queue: QueueId, member: MemberId) {
    match random.below(3) {
        0 => drop(known.remove_queue_member(queue, member)),
        1 => known.set_queue_member(queue, member, 3).expect("a member"),
        _ => {
            let other = name(QueueName::parse(&format!("queue{queue}x{}", random.below(9))));
            known.queues.edit(queue, |queue| queue.name = other);
        }
    }
}

/// What the telephone system knows them by is another, or they are gone, whatever they are in just then.
fn edit_names(random: &mut Random, known: &mut Configuration) -> String {
    let (agent, queue, line) = (some(random, &known.agents), some(random, &known.queues), some(random, &known.lines));
    let tag = random.below(9);
    match (random.below(5), agent, queue, line) {
        (0, Some(agent), ..) => {
            let number = name(AgentNumber::parse(&format!("9{agent}{tag}")));
            known.agents.edit(agent, |agent| agent.number = number);
            format!("agent {agent} has another number")
        }
        (1, _, _, Some(line)) => {
            let device = name(Device::parse(&format!("PJSIP/d{line}x{tag}")));
            known.lines.edit(line, |line| line.device = device);
            format!("line {line} has another device")
        }
        (2, _, _, Some(line)) => {
            let extension = name(Extension::parse(&format!("5{line}{tag}")));
            known.lines.edit(line, |line| line.extension = extension);
            format!("line {line} has another number")
        }
        (3, Some(agent), ..) if known.agents.len() > 1 => {
            known.remove_agent(agent).expect("an agent goes");
            format!("agent {agent} is deleted")
        }
        (4, _, Some(queue), _) if known.queues.len() > 1 => {
            known.remove_queue(queue).expect("a queue goes");
            format!("queue {queue} is deleted")
        }
        _ => "nothing".to_owned(),
    }
}

fn edit_presence(random: &mut Random, known: &mut Configuration) {
    let Some(presence) = some(random, &known.presences) else { return };
    if random.below(2) == 0 {
        drop(known.remove_presence(presence));
    } else {
        drop(known.rename_presence(presence, name(PresenceName::parse(&format!("state{}", random.below(99))))));
    }
}

pub(in crate::live) fn some<T: Object>(random: &mut Random, table: &Table<T>) -> Option<T::Id> {
    let ids: Vec<T::Id> = table.iter().map(|object| object.id()).collect();
    random.pick(&ids).copied()
}

fn state(random: &mut Random) -> Box<str> {
    STATES[random.below(STATES.len())].into()
}

fn features_put(random: &mut Random) -> FeaturesPut {
    match random.below(3) {
        0 => FeaturesPut::DoNotDisturb(random.below(2) == 0),
        1 => FeaturesPut::Forwards(vec![(ForwardKind::Unconditional, random.below(2) == 0, "1044".into())]),
        _ => FeaturesPut::Forwards(vec![
            (ForwardKind::NoAnswer, true, "".into()),
            (ForwardKind::Busy, random.below(2) == 0, "1046".into()),
        ]),
    }
}

fn chat(random: &mut Random) -> Request {
    let to = UserKey::Id(UserId::new(random.number(6)));
    Request::Chat(Chat { server: server(), to, text: "hello".into() })
}
