//! What happens in a world of the separation test: users come, go, ask for everything there is and for what is not
//! theirs; administrators move, rename, make, remove and toggle in mid-traffic.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::people::{add_agent, add_entry, add_queue, add_room, add_voicemail, numbered};
use super::rule::Thing;
use super::{LISTS, Separated};
use crate::live::messages::{Admission, Ending, SessionId};
use crate::live::simulation::strict::StrictClient;
use crate::live::simulation::{Random, some};
use crate::live::state::Input;
use crate::live::tests::{add_line, add_user, name, server, uuid, without_login};
use crate::protocol::request::Version;
use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, ConferenceId, ContextId, Id, ProfileId, QueueId, VoicemailId};
use crate::settings::name::{ContextName, Device, DisplayName, FirstName};
use crate::settings::queue::MemberId;
use crate::settings::setting::General;

const STATES: [&str; 6] = ["available", "away", "donotdisturb", "outtolunch", "disconnected", "nosuch"];
const VERSIONS: [Version; 4] = [Version::V2_0, Version::V2_1, Version::V2_2, Version::V2_3];
const SESSIONS_MAX: usize = 10;

impl Separated {
    pub(super) fn act(&mut self) {
        match self.random.below(27) {
            20..=23 => self.telephone(),
            24..=26 => self.queues_move(),
            0..=3 => self.log_in(),
            4 => self.leave(),
            5..=15 => self.ask_something(),
            16 => self.pass_time(),
            _ => self.administer(),
        }
        if self.random.below(4) > 0 {
            self.turn_the_disk();
        }
        while let Some(input) = self.telephones.reply() {
            self.apply(input);
        }
    }

    /// Something happens on the telephone system; what a busy floor holds back is told now and then.
    fn telephone(&mut self) {
        if let Some(input) = self.telephones.act(&mut self.random, &self.rule.known) {
            self.apply(Input::Telephony(input));
        }
        if self.random.below(2) == 0 {
            self.now.steady += Duration::from_millis(50);
            self.ring();
        }
    }

    fn log_in(&mut self) {
        if self.clients.len() >= SESSIONS_MAX {
            return self.leave();
        }
        self.last_session += 1;
        let session = SessionId(self.last_session);
        let Some(user) = some(&mut self.random, &self.rule.known.users) else { return };
        let Some(profile) = self.rule.known.users.get(user).and_then(|user| user.profile) else { return };
        let (version, state) = (VERSIONS[self.random.below(4)], STATES[self.random.below(6)].into());
        self.clients.insert(session, user);
        self.strict.insert(session, StrictClient::new(user, self.now));
        self.apply(Input::LoggedIn { session, admission: Admission { user, profile, version, state } });
        // Others are programs that ask for no lists.
        if self.random.below(3) > 0 {
            self.ask(session, &json!({"class": "getipbxlist"}));
            self.ask(session, &getlist("updateconfig", "users", &user.to_string()));
        }
        for list in LISTS {
            self.ask(session, &json!({"class": "getlist", "function": "listid", "listname": list}));
        }
    }

    fn leave(&mut self) {
        let Some(session) = self.some_session() else { return };
        match self.random.below(4) {
            0 => {
                self.clients.remove(&session);
                self.apply(Input::Gone { session });
                self.apply(Input::ConnectionOver { session });
            }
            1 => self.ask(session, &json!({"class": "logout"})),
            2 => self.apply(Input::End { session, how: Ending::Plain }),
            _ => self.apply(Input::End { session, how: Ending::Force }),
        }
    }

    pub(super) fn some_session(&mut self) -> Option<SessionId> {
        let sessions: Vec<SessionId> = self.clients.keys().copied().collect();
        self.random.pick(&sessions).copied()
    }

    /// An id of a list, in or out of sight, now and then of nothing.
    pub(super) fn some_id(&mut self, list: &str) -> String {
        let (random, known) = (&mut self.random, &self.rule.known);
        let number = |id: Option<i64>| id.unwrap_or(999).to_string();
        if random.below(20) == 0 {
            return "999".to_owned();
        }
        match list {
            "users" => number(some(random, &known.users).map(Id::number)),
            "phones" => number(some(random, &known.lines).map(Id::number)),
            "agents" => number(some(random, &known.agents).map(Id::number)),
            "queues" => number(some(random, &known.queues).map(Id::number)),
            "voicemails" => number(some(random, &known.voicemails).map(Id::number)),
            "meetmes" => number(some(random, &known.conferences).map(Id::number)),
            _ => {
                let queue = some(random, &known.queues).and_then(|queue| known.queues.get(queue));
                let members = queue.map_or(&[][..], |queue| &queue.members);
                let name = random.pick(members).and_then(|member| match member.member {
                    MemberId::Agent(agent) => known.agents.get(agent).map(|agent| format!("Agent/{}", agent.number)),
                    MemberId::Line(line) => known.lines.get(line).map(|line| line.device.to_string()),
                });
                let tid = queue.zip(name).map(|(queue, name)| format!("{name},{}", queue.name));
                tid.unwrap_or_else(|| "Agent/1,none".to_owned())
            }
        }
    }

    fn ask_something(&mut self) {
        let Some(session) = self.some_session() else { return };
        let list = LISTS[self.random.below(LISTS.len())];
        let id = self.some_id(list);
        let (user, agent, queue, line) =
            (self.some_id("users"), self.some_id("agents"), self.some_id("queues"), self.some_id("phones"));
        let number = |id: &str| id.parse::<i64>().unwrap_or(999);
        let user_uuid = uuid(self.random.number(14)).to_string();
        let ours = server().to_string();
        let is_on = self.random.below(2) == 0;
        let how = if self.random.below(4) == 0 { "unregister" } else { "register" };
        let (line, tempted) = match self.random.below(27) {
            0..=2 => (getlist("updateconfig", list, &id), Thing::of(list, &id)),
            3..=5 => (getlist("updatestatus", list, &id), Thing::of(list, &id)),
            6..=7 => (json!({"class": "availstate", "availstate": STATES[self.random.below(6)]}), None),
            8 => (json!({"class": "featuresput", "function": "enablednd", "value": is_on}), None),
            9 => {
                let target =
                    json!({"class": "featuresput", "function": "enablerecording", "value": is_on, "target": user});
                (target, Thing::of("users", &user))
            }
            10 => {
                let value = json!({"enableunc": is_on, "destunc": "1044", "enablerna": is_on, "destrna": ""});
                (json!({"class": "featuresput", "function": "fwd", "value": value}), None)
            }
            11..=12 => {
                let to = if is_on { json!([ours, user_uuid]) } else { json!([ours, number(&user)]) };
                let thing = if is_on { self.user_of(&user_uuid) } else { Some(Thing::User(number(&user))) };
                (json!({"class": "chitchat", "alias": "me", "text": "hello", "to": to}), thing)
            }
            13 => {
                let ids = json!([[ours, user_uuid], [ours, number(&user)]]);
                (json!({"class": format!("{how}_user_status_update"), "user_ids": ids}), self.user_of(&user_uuid))
            }
            14 => {
                let ids = json!([[ours, number(&line)]]);
                (
                    json!({"class": format!("{how}_endpoint_status_update"), "endpoint_ids": ids}),
                    Thing::of("phones", &line),
                )
            }
            15 => {
                let ids = json!([[ours, number(&agent)]]);
                (json!({"class": format!("{how}_agent_status_update"), "agent_ids": ids}), Thing::of("agents", &agent))
            }
            16 => (json!({"class": "get_relations"}), None),
            17 => (json!({"class": "subscribetoqueuesstats"}), None),
            18 => {
                let on = json!({queue.clone(): {"window": "3600", "xqos": 60}});
                (json!({"class": "getqueuesstats", "on": on}), Thing::of("queues", &queue))
            }
            19 => {
                let line = json!({"class": "subscribe", "message": "queueentryupdate", "queueid": queue});
                (line, Thing::of("queues", &queue))
            }
            20 => {
                let line =
                    json!({"class": "ipbxcommand", "command": "agentlogin", "agentids": format!("xivo/{agent}")});
                (line, Thing::of("agents", &agent))
            }
            21 => (json!({"class": "subscribe", "message": "meetme_update"}), None),
            22 => {
                let class = ["people_search", "directory", "switchboard_directory_search"][self.random.below(3)];
                (json!({"class": class, "pattern": "e"}), None)
            }
            23 => (json!({"class": "people_favorites"}), None),
            24..=25 => self.mark_somebody(&user),
            _ => (getlist("listid", list, ""), None),
        };
        self.note_temptation(session, &line, tempted);
        self.ask(session, &line);
    }

    /// A user or an entry of the phone book becomes a favourite, or is none any more.
    fn mark_somebody(&mut self, user: &str) -> (Value, Option<Thing>) {
        let entry = some(&mut self.random, self.rule.known.entries()).map_or(999, Id::number);
        let is_favorite = self.random.below(4) > 0;
        let (source, id, thing) = match self.random.below(3) {
            0 => ("internal", user.to_owned(), Thing::of("users", user)),
            _ => ("phonebook", entry.to_string(), Some(Thing::Entry(entry))),
        };
        let line = json!({"class": "people_set_favorite", "source": source, "source_entry_id": id,
            "favorite": is_favorite});
        (line, thing)
    }

    fn user_of(&self, uuid: &str) -> Option<Thing> {
        let user = self.rule.known.users.find(|user| user.uuid.to_string() == uuid)?;
        Some(Thing::User(user.id.number()))
    }

    fn pass_time(&mut self) {
        self.now.steady += Duration::from_secs(self.random.number(15).unsigned_abs());
        self.ring();
    }

    fn turn_the_disk(&mut self) {
        while let Some(waiting) = self.disk.pop_front() {
            let is_good = self.random.below(8) > 0;
            self.apply(if is_good { Input::Committed(waiting) } else { Input::CommitFailed(waiting) });
        }
    }

    fn administer(&mut self) {
        let (mut known, mut general) = ((*self.rule.known).clone(), (*self.general).clone());
        for _ in 0..self.random.number(3) {
            self.edit(&mut known, &mut general);
        }
        self.change(Arc::new(known), Arc::new(general));
    }

    fn edit(&mut self, known: &mut Configuration, general: &mut General) {
        let random = &mut self.random;
        let context = some(random, &known.contexts).unwrap_or(ContextId::new(1));
        let (user, line) = (some(random, &known.users), some(random, &known.lines));
        let (agent, queue) = (some(random, &known.agents), some(random, &known.queues));
        let (voicemail, room) = (some(random, &known.voicemails), some(random, &known.conferences));
        let tag = random.below(9);
        match (random.below(30), user, line, agent, queue) {
            (0..=1, ..) => general.context_separation = !general.context_separation || random.below(3) == 0,
            (2..=5, _, Some(line), ..) => known.move_line(line, context).expect("a line moves"),
            (6, Some(user), ..) => add_line(known, user, &format!("7{}", known.lines.next_number()), context),
            (7, _, Some(line), ..) => known.set_main_line(line).expect("a main line"),
            (8, _, Some(line), ..) => known.remove_line(line).expect("a line goes"),
            (9, ..) => {
                self.last_user += 1;
                let user = add_user(known, self.last_user, &format!("user{}", self.last_user), 3);
                known.users.edit(user, |user| user.first_name = numbered("Person", user.id.number(), FirstName::parse));
                if self.last_user % 3 == 0 {
                    without_login(known, user);
                }
                add_line(known, user, &format!("6{user}"), context);
            }
            (10, Some(id), ..) if known.users.len() > 12 => known.remove_user(id).expect("a user goes"),
            (11, Some(id), ..) => known.users.edit(id, |user| {
                user.first_name = numbered("Person", id.number(), |text| FirstName::parse(&format!("{text} {tag}")));
            }),
            (12, user, _, Some(agent), _) => known.agents.edit(agent, |agent| {
                (agent.context, agent.user) = (context, user);
                agent.first_name =
                    numbered("Agent", agent.id.number(), |text| FirstName::parse(&format!("{text} {tag}")));
            }),
            (13, _, _, _, Some(queue)) => known.queues.edit(queue, |queue| queue.context = context),
            (14, _, _, _, Some(queue)) => known.queues.edit(queue, |queue| {
                queue.display =
                    numbered("Queue", queue.id.number(), |text| DisplayName::parse(&format!("{text} {tag}")));
            }),
            (15, _, _, Some(agent), Some(queue)) => {
                known.set_queue_member(queue, agent, u8::try_from(tag).unwrap_or(0)).expect("a member");
            }
            (16, _, Some(line), Some(agent), Some(queue)) => match random.below(4) {
                0 | 1 => drop(known.remove_queue_member(queue, agent)),
                2 => drop(known.remove_queue_member(queue, line)),
                _ => known.set_queue_member(queue, line, u8::try_from(tag).unwrap_or(0)).expect("a member"),
            },
            (17, user, ..) => {
                if let Some(voicemail) = voicemail {
                    known.voicemails.edit(voicemail, |it| (it.context, it.user) = (context, user));
                }
            }
            (18, ..) => {
                let includes = some(random, &known.contexts).into_iter().collect();
                known.contexts.edit(context, |context| context.includes = includes);
            }
            (19, ..) => {
                let other = name(ContextName::parse(&format!("context{context}x{tag}")));
                known.contexts.edit(context, |context| context.name = other);
            }
            (20, ..) => {
                if let Some(room) = room {
                    known.conferences.edit(room, |room| room.context = context);
                }
            }
            (21, Some(id), ..) => {
                known.users.edit(id, |user| user.profile = Some(ProfileId::new(2 + i64::from(tag > 4))));
            }
            (22, ..) => general.enforce_profile_services = !general.enforce_profile_services,
            (23, Some(id), ..) => known.users.edit(id, |user| user.enabled = tag > 2),
            (24, user, ..) => match tag {
                0..=1 => add_agent(known, context, user.filter(|_| tag == 0)),
                2..=3 => add_queue(known, context),
                4..=5 => add_room(known, context),
                _ => add_voicemail(known, context),
            },
            (26, _, Some(line), ..) => {
                known.lines.edit(line, |line| line.device = name(Device::parse(&format!("PJSIP/d{tag}"))));
            }
            (27..=29, ..) => edit_phone_book(random, known, context),
            (25, _, _, agent, queue) => remove(known, tag, (agent, queue, voicemail, room)),
            _ => {}
        }
    }
}

/// Entries move between contexts and to everyone, come and go.
fn edit_phone_book(random: &mut Random, known: &mut Configuration, context: ContextId) {
    let place = Some(context).filter(|_| random.below(3) > 0);
    match (random.below(8), some(random, known.phone_book.at_hand())) {
        (0, _) | (_, None) => add_entry(known, place),
        (1, Some(entry)) if known.phone_book.len() > 2 => known.remove_phone_book_entry(entry).expect("an entry goes"),
        (_, Some(entry)) => known.phone_book.edit(entry, |entry| entry.context = place),
    }
}

type Removable = (Option<AgentId>, Option<QueueId>, Option<VoicemailId>, Option<ConferenceId>);

fn remove(known: &mut Configuration, tag: usize, (agent, queue, voicemail, room): Removable) {
    match tag % 4 {
        0 if known.agents.len() > 3 => drop(agent.map(|agent| known.remove_agent(agent))),
        1 if known.queues.len() > 3 => drop(queue.map(|queue| known.remove_queue(queue))),
        2 => drop(voicemail.map(|voicemail| known.remove_voicemail(voicemail))),
        3 => drop(room.map(|room| known.remove_conference(room))),
        _ => {}
    }
}

pub(super) fn getlist(function: &str, list: &str, tid: &str) -> Value {
    json!({"class": "getlist", "function": function, "listname": list, "tipbxid": "xivo", "tid": tid})
}

/// The separation itself and who has how many lines, at the beginning of a world.
pub(super) fn settings(random: &mut Random) -> General {
    General { context_separation: random.below(4) > 0, ..General::default() }
}
