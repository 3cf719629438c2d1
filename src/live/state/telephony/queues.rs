//! Queues: their members as Asterisk has them, who waits in them, and their figures (telephony §7). `LiveState` changes
//! them (`state::queues_at_work`), which marks what is to be told.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::agent_availability::Availability;
use super::agents::Agents;
use super::queue_calls::QueueCalls;
use super::waiting_line::{WaitingLine, waited};
use crate::live::messages::TimeOfDay;
use crate::protocol::queue_figures::QueueFigures;
use crate::settings::id::QueueId;
use crate::settings::queue::MemberId;

#[derive(Default)]
pub(in crate::live) struct Queues {
    queues: HashMap<QueueId, QueueAtWork>,
    /// Members that clients know of because Asterisk has them, whether or not the settings name them.
    listed: BTreeSet<(QueueId, MemberId)>,
    pub(in crate::live) calls: QueueCalls,
}

/// All that is known of one queue.
#[derive(Default)]
pub(in crate::live) struct QueueAtWork {
    /// Whether Asterisk has said anything of it.
    pub(in crate::live) is_known: bool,
    pub(in crate::live) members: HashMap<MemberId, MemberAtWork>,
    pub(in crate::live) waiting: WaitingLine,
    /// How long a caller is likely to wait, in seconds: Asterisk's mean.
    pub(in crate::live) expected_wait: u32,
    /// Whether Asterisk is asked how the queue stands.
    pub(in crate::live) inquiry: Inquiry,
    /// From when on, on the steady clock, its summary may be asked for again.
    pub(in crate::live) summary_from: Duration,
    /// Whether that is wanted then.
    pub(in crate::live) is_summary_due: bool,
    /// What clients were told last, which is what they read.
    pub(in crate::live) told: ToldQueue,
}

/// A queue as clients were told.
#[derive(Default)]
pub(in crate::live) struct ToldQueue {
    pub(in crate::live) members: HashMap<MemberId, MemberAtWork>,
    pub(in crate::live) waiting: WaitingLine,
    pub(in crate::live) figures: ToldFigures,
}

/// Whether Asterisk is asked how a queue stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::live) enum Inquiry {
    #[default]
    NotAsked,
    Asked,
    /// And callers came or went meanwhile, which the answer may not know.
    AskedBeforeChange,
}

/// A member as Asterisk has it, or had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live) struct MemberAtWork {
    /// Whether the queue has it now.
    pub(in crate::live) is_there: bool,
    pub(in crate::live) penalty: u32,
    pub(in crate::live) calls_taken: u32,
    pub(in crate::live) last_call: Option<TimeOfDay>,
    /// On a call that this queue brought.
    pub(in crate::live) is_on_call: bool,
    /// Telephony §2: 0 to 8.
    pub(in crate::live) status: u8,
    pub(in crate::live) is_paused: bool,
}

/// What all figures follow from.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::live) struct ToldFigures {
    pub(in crate::live) logged_agents: u32,
    /// How many wait, and since when the first of them.
    pub(in crate::live) waiting: (usize, Option<f64>),
    /// None: nothing is known of the queue.
    pub(in crate::live) members: Option<QueueFigures>,
}

/// States of a device with which it can be called (telephony §2): unknown, not in use.
const FREE: [u8; 2] = [0, 1];
/// Invalid, unavailable.
const GONE: [u8; 2] = [4, 5];

impl Queues {
    pub(in crate::live) fn new(calls: QueueCalls) -> Self {
        Self { calls, ..Self::default() }
    }

    pub(in crate::live) fn get(&self, queue: QueueId) -> Option<&QueueAtWork> {
        self.queues.get(&queue)
    }

    pub(in crate::live) fn iter(&self) -> impl Iterator<Item = (QueueId, &QueueAtWork)> {
        self.queues.iter().map(|(id, queue)| (*id, queue))
    }

    pub(in crate::live) fn member(&self, queue: QueueId, member: MemberId) -> Option<&MemberAtWork> {
        self.queues.get(&queue)?.members.get(&member)
    }

    /// As clients know it.
    pub(in crate::live) fn told_member(&self, queue: QueueId, member: MemberId) -> Option<&MemberAtWork> {
        self.queues.get(&queue)?.told.members.get(&member)
    }

    /// Whether clients know of the member because Asterisk has it.
    pub(in crate::live) fn is_listed(&self, queue: QueueId, member: MemberId) -> bool {
        self.listed.contains(&(queue, member))
    }

    pub(in crate::live) fn listed(&self) -> impl Iterator<Item = (QueueId, MemberId)> {
        self.listed.iter().copied()
    }

    /// What is told of the queue as a whole. Available are the agents whom clients see as available, and who are not
    /// paused in this very queue nor without a telephone: Asterisk's own figure counts those who rest after a call too.
    pub(in crate::live) fn figures(&self, queue: QueueId, agents: &Agents) -> ToldFigures {
        let Some(at_work) = self.queues.get(&queue) else { return ToldFigures::default() };
        let (mut logged_agents, mut available, mut talking) = (0, 0, 0);
        for (id, member) in at_work.members.iter().filter(|(_, member)| member.is_there) {
            talking += u32::from(member.is_on_call);
            available += u32::from(match id {
                MemberId::Agent(agent) => {
                    logged_agents += 1;
                    let is_available = agents.get(*agent).standing.availability == Availability::Available;
                    is_available && !member.is_paused && !GONE.contains(&member.status)
                }
                MemberId::Line(_) => !member.is_paused && !member.is_on_call && FREE.contains(&member.status),
            });
        }
        let expected_wait = at_work.expected_wait;
        ToldFigures {
            logged_agents,
            waiting: (at_work.waiting.callers().len(), at_work.waiting.oldest()),
            members: at_work.is_known.then_some(QueueFigures::Members { available, talking, expected_wait }),
        }
    }

    /// For `state::queues_at_work` and for handlers that keep what they asked.
    pub(in crate::live) fn entry(&mut self, queue: QueueId) -> &mut QueueAtWork {
        self.queues.entry(queue).or_default()
    }

    /// Clients know of the member from now on, or do not any more; true if that is new.
    pub(in crate::live) fn list(&mut self, queue: QueueId, member: MemberId, is_there: bool) -> bool {
        if is_there { self.listed.insert((queue, member)) } else { self.listed.remove(&(queue, member)) }
    }

    /// Queues and members that are no more are forgotten.
    pub(in crate::live) fn retain(&mut self, is_queue: impl Fn(QueueId) -> bool, is_member: impl Fn(MemberId) -> bool) {
        self.queues.retain(|queue, _| is_queue(*queue));
        for queue in self.queues.values_mut() {
            queue.members.retain(|member, _| is_member(*member));
            queue.told.members.retain(|member, _| is_member(*member));
        }
        self.listed.retain(|(queue, member)| is_queue(*queue) && is_member(*member));
        self.calls.retain_queues(is_queue);
    }
}

impl ToldFigures {
    pub(in crate::live) fn waiting_figures(&self, unix: f64) -> QueueFigures {
        let (calls, oldest) = self.waiting;
        QueueFigures::Waiting {
            calls: u32::try_from(calls).unwrap_or(u32::MAX),
            longest: oldest.map(|since| waited(since, unix)),
        }
    }
}
