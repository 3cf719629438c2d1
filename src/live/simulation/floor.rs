//! The queues of a simulated telephone system: members, callers who wait, calls that are answered. It does what it is asked
//! for and says everything that happens, in order, as Asterisk does; and what a queue or an agent is called here has no say
//! there: an administrator renames, and the telephone system does not hear of it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Random, some};
use crate::live::messages::telephony::{
    AnsweredCall, Channel, CompletedCall, EntrySeen, MemberSeen, Party, QueueSeen, TelephonyRequest,
};
use crate::live::messages::{RequestFailure, TelephonyEvent};
use crate::settings::configuration::Configuration;

const NOT_IN_USE: u8 = 1;
const IN_USE: u8 = 2;
/// The time in these worlds, for the ends of calls.
const UNIX: i64 = 1_471_009_000;

#[derive(Default)]
pub(in crate::live) struct Floor {
    queues: BTreeMap<Box<str>, QueueSeen>,
    talks: Vec<Talk>,
    /// Channels that are in no queue any more.
    others: BTreeSet<Box<str>>,
    last_call: u32,
    said: Vec<TelephonyEvent>,
}

/// A caller with the member who answered.
struct Talk {
    queue: Box<str>,
    member: MemberSeen,
    unique_id: Box<str>,
}

/// What is asked.
impl Floor {
    pub(super) fn queue(&self, name: &str) -> Option<&QueueSeen> {
        self.queues.get(name)
    }

    pub(super) fn queues(&self) -> Vec<QueueSeen> {
        self.queues.values().cloned().collect()
    }

    pub(super) fn channels(&self) -> Vec<Channel> {
        let waiting = self.queues.values().flat_map(|queue| &queue.entries).map(|entry| &entry.unique_id);
        let talking = self.talks.iter().map(|talk| &talk.unique_id);
        waiting.chain(talking).chain(&self.others).map(|unique_id| channel(unique_id)).collect()
    }

    /// What happened since this was asked last.
    pub(super) fn said(&mut self) -> Vec<TelephonyEvent> {
        std::mem::take(&mut self.said)
    }

    /// Does what it is asked for, if that is of queues.
    pub(super) fn obey(&mut self, request: &TelephonyRequest) -> Result<(), RequestFailure> {
        match request {
            TelephonyRequest::QueueAdd { queue, interface, name, state_interface, penalty, paused } => {
                let member = MemberSeen {
                    queue: queue.clone(),
                    interface: interface.clone(),
                    name: name.clone(),
                    state_interface: state_interface.clone(),
                    is_dynamic: true,
                    penalty: (*penalty).into(),
                    status: NOT_IN_USE,
                    is_paused: paused.is_some(),
                    pause_reason: paused.clone().unwrap_or_default(),
                    ..MemberSeen::default()
                };
                // One who is there already is in it all the same (telephony §1.6).
                self.add(member);
                Ok(())
            }
            TelephonyRequest::QueueRemove { queue, interface } => {
                self.remove(queue, interface);
                Ok(())
            }
            TelephonyRequest::QueuePause { queue, interface, is_paused, reason } => {
                self.pause((queue.as_deref(), interface), *is_paused, reason)
            }
            TelephonyRequest::QueuePenalty { queue, interface, penalty } => {
                self.change(queue, interface, |member| member.penalty = (*penalty).into());
                Ok(())
            }
            TelephonyRequest::QueueStatus { queue } => {
                let seen = self.queues.get(queue).cloned();
                self.said.extend(seen.map(TelephonyEvent::Queue));
                Ok(())
            }
            TelephonyRequest::MemberStatus { queue, interface } => {
                let members = self.queues.get(queue).map_or(&[][..], |queue| &queue.members);
                let member = members.iter().find(|member| member.interface == *interface).cloned();
                self.said.extend(member.map(TelephonyEvent::Member));
                Ok(())
            }
            TelephonyRequest::QueueSummary { queue } => {
                if let Some(QueueSeen { hold_seconds, .. }) = self.queues.get(queue) {
                    let (queue, hold_seconds) = (queue.clone(), *hold_seconds);
                    self.said.push(TelephonyEvent::Summary { queue, available: 0, hold_seconds });
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn pause(
        &mut self,
        (queue, interface): (Option<&str>, &str),
        is_paused: bool,
        reason: &str,
    ) -> Result<(), RequestFailure> {
        let mut is_anybody = false;
        let meant = self.queues.iter_mut().filter(|(name, _)| queue.is_none_or(|queue| ***name == *queue));
        for member in meant.flat_map(|(_, queue)| &mut queue.members).filter(|member| *member.interface == *interface) {
            (member.is_paused, member.pause_reason) = (is_paused, reason.into());
            self.said.push(TelephonyEvent::Member(member.clone()));
            is_anybody = true;
        }
        if is_anybody { Ok(()) } else { Err(RequestFailure::Refused("Interface not found".into())) }
    }
}

/// What happens by itself.
impl Floor {
    pub(super) fn act(&mut self, random: &mut Random, known: &Configuration) {
        let queue = some(random, &known.queues).and_then(|queue| known.queues.get(queue));
        let mut name: Box<str> = queue.map_or("none", |queue| queue.name.as_str()).into();
        let all: Vec<Box<str>> = self.queues.keys().cloned().collect();
        if random.below(4) == 0
            && let Some(other) = random.pick(&all)
        {
            name = other.clone();
        }
        self.queues.entry(name.clone()).or_insert_with(|| QueueSeen { name: name.clone(), ..QueueSeen::default() });
        match random.below(11) {
            0..=2 => self.call(random, &name),
            3 => self.abandon(random, &name),
            4 => self.answer(random, &name),
            5 => self.complete(random),
            6 => self.take_away(random, &name),
            7 => self.hang_up(random),
            8 => self.change_member(random, &name),
            _ => self.take_on_somebody(random, known, &name),
        }
    }

    /// Nothing of what was added or called while it ran is left.
    pub(super) fn restart(&mut self) {
        self.talks.clear();
        self.others.clear();
        for queue in self.queues.values_mut() {
            queue.entries.clear();
            queue.members.retain(|member| !member.is_dynamic);
        }
    }

    fn call(&mut self, random: &mut Random, name: &str) {
        self.last_call += 1;
        self.join(random, name, &format!("u.{}", self.last_call));
    }

    /// Mostly at the end.
    fn join(&mut self, random: &mut Random, name: &str, unique_id: &str) {
        let Some(queue) = self.queues.get_mut(name) else { return };
        let count = queue.entries.len();
        let place = if random.below(4) == 0 { random.below(count + 1) } else { count };
        let caller = Party { name: "Zoe".into(), number: "5145550000".into() };
        let (channel, wait_seconds) = ("PJSIP/trunk-1".into(), 0);
        let entry = EntrySeen { position: 0, unique_id: unique_id.into(), channel, caller, wait_seconds };
        queue.entries.insert(place, entry);
        number(queue);
        let entry = queue.entries[place].clone();
        self.said.push(TelephonyEvent::CallerJoined { queue: name.into(), entry, count: many(queue) });
    }

    /// Who waits in a place of the queue, and waits no more.
    fn leave(&mut self, random: &mut Random, name: &str) -> Option<(Box<str>, TelephonyEvent)> {
        let queue = self.queues.get_mut(name).filter(|queue| !queue.entries.is_empty())?;
        let EntrySeen { unique_id, position, .. } = queue.entries.remove(random.below(queue.entries.len()));
        number(queue);
        let left = TelephonyEvent::CallerLeft {
            queue: name.into(),
            unique_id: unique_id.clone(),
            position,
            count: many(queue),
        };
        Some((unique_id, left))
    }

    fn abandon(&mut self, random: &mut Random, name: &str) {
        let Some((unique_id, left)) = self.leave(random, name) else { return };
        let queue = name.into();
        self.said.push(TelephonyEvent::CallerAbandoned { queue, unique_id: unique_id.clone(), hold_seconds: 3 });
        self.said.push(left);
        self.said.push(hung_up(&unique_id));
    }

    fn answer(&mut self, random: &mut Random, name: &str) {
        let members: Vec<MemberSeen> = self.queues.get(name).map(|queue| queue.members.clone()).unwrap_or_default();
        let mut free: Vec<MemberSeen> = members.into_iter().filter(|member| !member.is_paused).collect();
        if random.below(2) == 0 && free.iter().any(is_agent) {
            free.retain(is_agent);
        }
        let Some(member) = random.pick(&free).cloned() else { return };
        let Some((unique_id, left)) = self.leave(random, name) else { return };
        self.said.push(left);
        self.said.push(TelephonyEvent::AgentConnected(AnsweredCall {
            queue: name.into(),
            name: member.name.clone(),
            interface: member.interface.clone(),
            unique_id: unique_id.clone(),
            hold_seconds: 5,
        }));
        self.change(name, &member.interface, |member| (member.in_call, member.status) = (Some(true), IN_USE));
        self.said.push(TelephonyEvent::BridgeEntered { bridge: "b".into(), channel: channel(&unique_id) });
        self.talks.push(Talk { queue: name.into(), member, unique_id });
    }

    /// Who was answered goes, or is brought back into the queue.
    fn complete(&mut self, random: &mut Random) {
        if self.talks.is_empty() {
            return;
        }
        let Talk { queue, member, unique_id } = self.talks.remove(random.below(self.talks.len()));
        self.said.push(TelephonyEvent::AgentCompleted(CompletedCall {
            queue: queue.clone(),
            name: member.name,
            interface: member.interface.clone(),
            unique_id: unique_id.clone(),
            hold_seconds: 5,
            talk_seconds: 60,
        }));
        let is_on_another = self.talks.iter().any(|talk| talk.member.interface == member.interface);
        self.change(&queue, &member.interface, |member| {
            (member.calls_taken, member.last_call) = (member.calls_taken + 1, UNIX);
            if !is_on_another {
                (member.in_call, member.status) = (Some(false), NOT_IN_USE);
            }
        });
        if random.below(3) == 0 {
            self.join(random, &queue, &unique_id);
        } else {
            self.said.push(hung_up(&unique_id));
        }
    }

    /// From behind the queue's back, as a switchboard does: the queue says nothing of it (telephony §9.3).
    fn take_away(&mut self, random: &mut Random, name: &str) {
        if let Some((unique_id, _)) = self.leave(random, name) {
            self.said.push(TelephonyEvent::BridgeEntered { bridge: "b".into(), channel: channel(&unique_id) });
            self.others.insert(unique_id);
        }
    }

    fn hang_up(&mut self, random: &mut Random) {
        let others: Vec<Box<str>> = self.others.iter().cloned().collect();
        if let Some(unique_id) = random.pick(&others) {
            self.others.remove(unique_id);
            self.said.push(hung_up(unique_id));
        }
    }

    fn change_member(&mut self, random: &mut Random, name: &str) {
        let members = self.queues.get(name).map_or(&[][..], |queue| &queue.members);
        let Some(interface) = random.pick(members).map(|member| member.interface.clone()) else { return };
        let sides = (random.below(4), random.below(9));
        match sides {
            (0, _) => self.remove(name, &interface),
            (1, _) => self.change(name, &interface, |member| member.is_paused = !member.is_paused),
            (2, penalty) => {
                self.change(name, &interface, |member| member.penalty = u32::try_from(penalty).unwrap_or(0))
            }
            (_, status) => self.change(name, &interface, |member| member.status = u8::try_from(status).unwrap_or(0)),
        }
    }

    /// A telephone, somebody whom nobody knows, or an agent whom another program logs in.
    fn take_on_somebody(&mut self, random: &mut Random, known: &Configuration, name: &str) {
        let agent = some(random, &known.agents).and_then(|agent| known.agents.get(agent));
        let line = some(random, &known.lines).and_then(|line| known.lines.get(line));
        let device: Box<str> = line.map_or("PJSIP/carol", |line| line.device.as_str()).into();
        let (interface, name_of_member): (Box<str>, Box<str>) = match (random.below(4), agent) {
            (0, Some(agent)) => (format!("Local/id-{}@agentcallback", agent.id).into(), agent.member_name().into()),
            (1, _) => ("PJSIP/carol".into(), "Carol".into()),
            _ => (device.clone(), device.clone()),
        };
        self.add(MemberSeen {
            queue: name.into(),
            is_dynamic: *interface != *device,
            interface,
            name: name_of_member,
            state_interface: device,
            status: u8::try_from(random.below(9)).unwrap_or(0),
            is_paused: random.below(4) == 0,
            ..MemberSeen::default()
        });
    }

    /// Unless the queue has one of this interface.
    fn add(&mut self, member: MemberSeen) {
        let name = member.queue.clone();
        let new = || QueueSeen { name: name.clone(), ..QueueSeen::default() };
        let queue = self.queues.entry(name.clone()).or_insert_with(new);
        let is_new = queue.members.iter().all(|other| other.interface != member.interface);
        if is_new {
            queue.members.push(member.clone());
            self.said.push(TelephonyEvent::Member(member));
        }
    }

    fn remove(&mut self, name: &str, interface: &str) {
        let Some(queue) = self.queues.get_mut(name) else { return };
        let Some(place) = queue.members.iter().position(|member| *member.interface == *interface) else { return };
        let MemberSeen { queue, interface, name, .. } = queue.members.remove(place);
        self.said.push(TelephonyEvent::MemberRemoved { queue, interface, name });
    }

    fn change(&mut self, name: &str, interface: &str, change: impl FnOnce(&mut MemberSeen)) {
        let members = self.queues.get_mut(name).map(|queue| &mut queue.members);
        let member = members.into_iter().flatten().find(|member| *member.interface == *interface);
        if let Some(member) = member {
            change(member);
            self.said.push(TelephonyEvent::Member(member.clone()));
        }
    }
}

fn is_agent(member: &MemberSeen) -> bool {
    member.interface.ends_with("@agentcallback")
}

fn number(queue: &mut QueueSeen) {
    queue.entries.iter_mut().zip(1..).for_each(|(entry, position)| entry.position = position);
}

fn many(queue: &QueueSeen) -> u32 {
    u32::try_from(queue.entries.len()).unwrap_or(u32::MAX)
}

fn channel(unique_id: &str) -> Channel {
    Channel { name: format!("PJSIP/trunk-{unique_id}").into(), unique_id: unique_id.into(), ..Channel::default() }
}

fn hung_up(unique_id: &str) -> TelephonyEvent {
    TelephonyEvent::HungUp { channel: channel(unique_id), cause: 16 }
}
