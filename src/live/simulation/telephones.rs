//! The telephone system of a simulated world: telephones ring, boxes fill, feature codes are dialled, callers come into
//! queues (`floor`), the link comes and goes. It keeps its own keys and lamps as Asterisk does, by what it is asked for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::floor::Floor;
use super::{Random, Simulation};
use crate::live::messages::telephony::{DeviceSeen, HintSeen, MailboxSeen, StoredKey, UserEvent};
use crate::live::messages::{
    RequestFailure, TelephonyCall, TelephonyEvent, TelephonyInput, TelephonyQuestion, TelephonyReply, TelephonyRequest,
    TelephonySnapshot,
};
use crate::live::state::telephony::services::{MARK_FAMILY, MARK_KEY};
use crate::live::state::{Input, LiveState};
use crate::settings::configuration::Configuration;
use crate::settings::state::Services;

const STATES: [&str; 5] = ["NOT_INUSE", "INUSE", "RINGING", "ONHOLD", "UNAVAILABLE"];
const HINTS: [i8; 8] = [0, 1, 2, 4, 8, 9, 16, -2];

#[derive(Default)]
pub(in crate::live) struct Telephones {
    is_up: bool,
    /// Who asks gets no reply before it is their turn.
    asked: VecDeque<TelephonyCall>,
    /// What is on its way over the link.
    said: VecDeque<Input>,
    is_reply_first: bool,
    floor: Floor,
    keys: BTreeMap<(Box<str>, Box<str>), Box<str>>,
    lamps: BTreeSet<Box<str>>,
}

/// The reply where the link goes before it comes.
fn lost(reply: TelephonyReply) -> TelephonyReply {
    let why = RequestFailure::Unavailable;
    match reply {
        TelephonyReply::Do(pending, _) => TelephonyReply::Do(pending, Err(why)),
        TelephonyReply::Exists(order, _) => TelephonyReply::Exists(order, Err(why)),
        TelephonyReply::Originate(pending, _) => TelephonyReply::Originate(pending, Err(why.into())),
    }
}

impl Telephones {
    pub(in crate::live) fn ask(&mut self, calls: Vec<TelephonyCall>) {
        self.asked.extend(calls);
    }

    /// What comes over the link next: what happened, or the reply to what was asked for first.
    pub(in crate::live) fn reply(&mut self) -> Option<Input> {
        if let Some(input) = self.said.pop_front() {
            return Some(input);
        }
        let TelephonyCall { question, permit: _ } = self.asked.pop_front()?;
        if !self.is_up {
            return Some(Input::TelephonyReplied(lost(question.succeed())));
        }
        let reply = Input::TelephonyReplied(match question {
            TelephonyQuestion::Do(request, pending) => TelephonyReply::Do(pending, self.obey(request)),
            TelephonyQuestion::Exists(..) | TelephonyQuestion::Originate(..) => question.succeed(),
        });
        // A reply may overtake what happened for it.
        self.is_reply_first = !self.is_reply_first;
        if self.is_reply_first {
            self.said.push_back(reply);
            self.say();
        } else {
            self.say();
            self.said.push_back(reply);
        }
        self.said.pop_front()
    }

    fn obey(&mut self, request: TelephonyRequest) -> Result<(), RequestFailure> {
        match request {
            TelephonyRequest::PutKey(StoredKey { family, key, value }) => {
                drop(self.keys.insert((family, key), value));
            }
            TelephonyRequest::DeleteKey { family, key } => drop(self.keys.remove(&(family, key))),
            TelephonyRequest::SetLamp { lamp, is_lit: true } => drop(self.lamps.insert(lamp)),
            TelephonyRequest::SetLamp { lamp, is_lit: false } => drop(self.lamps.remove(&lamp)),
            other => return self.floor.obey(&other),
        }
        Ok(())
    }

    fn say(&mut self) {
        let events = self.floor.said().into_iter();
        self.said.extend(events.map(|event| Input::Telephony(TelephonyInput::Event(event))));
    }

    pub(super) fn has_nothing_to_say(&self) -> bool {
        self.asked.is_empty() && self.said.is_empty()
    }

    /// The queues there, while a link holds and all was said and replied to.
    pub(super) fn settled_floor(&self) -> Option<&Floor> {
        (self.is_up && self.has_nothing_to_say()).then_some(&self.floor)
    }

    /// Something happens: what the link brings of it, but for what happens in queues, which it brings next.
    pub(in crate::live) fn act(&mut self, random: &mut Random, known: &Configuration) -> Option<TelephonyInput> {
        // A link that is lost is soon there again.
        let what = if !self.is_up && random.below(6) == 0 { 2 } else { random.below(22) };
        Some(match what {
            0..=1 => {
                self.lose_link();
                TelephonyInput::Down
            }
            2 => {
                let was_up = std::mem::replace(&mut self.is_up, true);
                if !was_up && random.below(3) == 0 {
                    self.floor.restart();
                    self.floor.said();
                }
                // What happens while the lists are asked for may be in them, and comes behind them.
                for _ in 0..random.below(4) {
                    self.floor.act(random, known);
                }
                self.say();
                TelephonyInput::Up(Box::new(self.snapshot(random, known).prepare()))
            }
            3..=4 => TelephonyInput::Event(TelephonyEvent::Mailbox(mailbox(random, known))),
            5..=6 => TelephonyInput::Event(TelephonyEvent::User(self.dial_feature_code(random, known))),
            7..=8 => TelephonyInput::Event(TelephonyEvent::Device(device(random, known))),
            9..=12 => TelephonyInput::Event(TelephonyEvent::Hint(hint(random, known))),
            _ => {
                for _ in 0..=random.below(8) {
                    self.floor.act(random, known);
                }
                if self.is_up {
                    self.say();
                } else {
                    // Nobody listens.
                    self.floor.said();
                }
                return None;
            }
        })
    }

    /// What was on its way is lost; whoever waits for a reply hears that.
    fn lose_link(&mut self) {
        self.is_up = false;
        let said = std::mem::take(&mut self.said).into_iter();
        self.said = said
            .filter_map(|input| match input {
                Input::TelephonyReplied(reply) => Some(Input::TelephonyReplied(lost(reply))),
                _ => None,
            })
            .collect();
    }

    fn snapshot(&self, random: &mut Random, known: &Configuration) -> TelephonySnapshot {
        let many = random.below(6);
        let lamp = |lamp: &str| DeviceSeen { device: format!("Custom:{lamp}").into(), state: "INUSE".into() };
        TelephonySnapshot {
            hints: (0..many).map(|_| hint(random, known)).collect(),
            devices: (0..many).map(|_| device(random, known)).chain(self.lamps.iter().map(|it| lamp(it))).collect(),
            mailboxes: (0..random.below(2)).map(|_| mailbox(random, known)).collect(),
            keys: self
                .keys
                .iter()
                .map(|((family, key), value)| StoredKey {
                    family: family.clone(),
                    key: key.clone(),
                    value: value.clone(),
                })
                .collect(),
            queues: self.floor.queues(),
            channels: self.floor.channels(),
            ..TelephonySnapshot::default()
        }
    }

    /// The dial plan changes the key itself.
    fn dial_feature_code(&mut self, random: &mut Random, known: &Configuration) -> UserEvent {
        let user = super::some(random, &known.users).map_or("77".to_owned(), |user| user.to_string());
        // What is no number is left alone by a first link: none is dialled before such a one is over, which takes until all
        // that was found there is on disk.
        let is_first_over = self.keys.contains_key(&(MARK_FAMILY.into(), MARK_KEY.into()));
        let (name, value, destination) = match random.below(if is_first_over { 4 } else { 3 }) {
            0 => ("dnd", "1", ""),
            1 => ("dnd", "0", ""),
            2 => ("fwdunc", "1", "1044"),
            _ => ("fwdunc", "1", "nowhere"),
        };
        let key = (format!("cti/{user}").into(), name.into());
        match value {
            "0" => drop(self.keys.remove(&key)),
            _ => drop(self.keys.insert(key, if name == "dnd" { "1".into() } else { destination.into() })),
        }
        let fields = [("USERID", &*user), ("NAME", name), ("VALUE", value), ("DEST", destination)];
        let fields = fields.map(|(name, value)| (name.into(), value.into())).to_vec();
        UserEvent { name: "CtiUserState".into(), fields }
    }

    /// While a link holds and all is replied to, the telephone system has every user's services and every agent's login.
    pub(in crate::live) fn check(&self, state: &LiveState, known: &Configuration, did: &str) {
        if self.settled_floor().is_none() {
            return;
        }
        for user in state.users_without_pending_services() {
            let Services { do_not_disturb, unconditional, .. } = state.view(user).services(user).unwrap_or_default();
            let key = |name: &str| self.keys.get(&(format!("cti/{user}").into(), name.into())).map(|value| &**value);
            let forward = unconditional.is_on.then_some(&*unconditional.destination);
            assert_eq!((key("dnd"), key("fwdunc")), (do_not_disturb.then_some("1"), forward), "{did}: user {user}");
            let is_lit = self.lamps.contains(format!("*735{user}***225").as_str());
            assert_eq!(is_lit, do_not_disturb, "{did}: the lamp of user {user}");
        }
        for agent in known.agents.iter() {
            let login = state.agents().get(agent.id).login();
            let key = (format!("cti/agent/{}", agent.id).into(), "iface".into());
            let device = login.map(|login| &login.device);
            assert!(device.is_none_or(|device| self.keys.get(&key) == Some(device)), "{did}: the key of {agent:?}");
            let is_lit = self.lamps.contains(format!("*30{}", agent.number).as_str());
            assert_eq!(is_lit, login.is_some(), "{did}: the lamp of {agent:?}");
        }
    }
}

impl Simulation {
    pub(super) fn telephone(&mut self) -> String {
        let input = self.telephones.act(&mut self.random, &self.configuration);
        let did = format!("the telephone system brings {input:?} and {:?}", self.telephones.said);
        if let Some(input) = input {
            self.apply(Input::Telephony(input));
        }
        if self.random.below(2) == 0 {
            self.reply_to_all();
        }
        did
    }

    pub(super) fn reply_to_all(&mut self) {
        while let Some(input) = self.telephones.reply() {
            self.apply(input);
        }
    }
}

fn hint(random: &mut Random, known: &Configuration) -> HintSeen {
    let line = super::some(random, &known.lines).and_then(|line| known.lines.get(line));
    let context = line.and_then(|line| known.contexts.get(line.context)).map_or("nowhere", |it| it.name.as_str());
    let (extension, device) = line.map_or(("1", "SIP/none"), |line| (line.extension.as_str(), line.device.as_str()));
    let status = *random.pick(&HINTS).unwrap_or(&0);
    let hint = if random.below(4) == 0 { "".to_owned() } else { format!("{device}&Custom:DND,CustomPresence:1") };
    HintSeen { extension: extension.into(), context: context.into(), hint: hint.into(), status }
}

fn device(random: &mut Random, known: &Configuration) -> DeviceSeen {
    let line = super::some(random, &known.lines).and_then(|line| known.lines.get(line));
    let device = line.map_or("SIP/none", |line| line.device.as_str()).into();
    DeviceSeen { device, state: (*random.pick(&STATES).unwrap_or(&"INVALID")).into() }
}

fn mailbox(random: &mut Random, known: &Configuration) -> MailboxSeen {
    let voicemail = super::some(random, &known.voicemails).and_then(|voicemail| known.voicemails.get(voicemail));
    let context = voicemail.and_then(|it| known.contexts.get(it.context)).map_or("nowhere", |it| it.name.as_str());
    let number = voicemail.map_or("1", |voicemail| voicemail.mailbox.as_str());
    let new = u32::try_from(random.below(4)).unwrap_or(0);
    MailboxSeen { mailbox: format!("{number}@{context}").into(), new, old: 0 }
}
