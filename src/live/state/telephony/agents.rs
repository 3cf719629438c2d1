//! Agents: where they are logged in, whether they are paused, on a call or resting, and so whether they are available
//! (telephony §6). `LiveState` changes them (`state::agents_at_work`), which keeps what clients know in step.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use super::agent_availability::{Availability, OtherCall};
use crate::live::messages::telephony::MemberSeen;
use crate::settings::id::{AgentId, LineId, QueueId};
use crate::settings::presence::PresenceAction;
use crate::settings::state::{AgentLogin, AgentWanted, KeptAgent};

pub(in crate::live) struct Agents {
    /// Whoever ever did anything.
    agents: BTreeMap<AgentId, AgentAtWork>,
    /// Who is logged in on a line's telephone.
    on_lines: HashMap<LineId, AgentId>,
    idle: AgentAtWork,
}

/// All that is known of one agent.
#[derive(Debug, Clone, Default)]
pub(in crate::live) struct AgentAtWork {
    /// As last written, or on its way to disk.
    pub(in crate::live) kept: KeptAgent,
    /// Where they are paused, since when in Unix time; None: since before this process began.
    pub(in crate::live) paused_since: BTreeMap<QueueId, Option<f64>>,
    /// The line of the telephone on which they are logged in, if it is one of ours.
    pub(in crate::live) line: Option<LineId>,
    /// The extension of the login, or of the last one.
    pub(in crate::live) phone_number: Option<Box<str>>,
    /// The queues that have them as a member now.
    pub(in crate::live) members: BTreeMap<QueueId, AgentMember>,
    /// While queues that shall take them, since they log in, have not all answered.
    pub(in crate::live) entering: Option<Entering>,
    /// Queues that are still to say that they have removed them, after a log-off.
    pub(in crate::live) leaving: usize,
    /// Until then what a queue says of them is no login: it was said before they were logged off.
    pub(in crate::live) is_left_until: Option<Duration>,
    /// On a call of a queue.
    pub(in crate::live) is_on_queue_call: bool,
    /// On a call of their own.
    pub(in crate::live) other_call: Option<OtherCall>,
    /// When their rest after a call is over.
    pub(in crate::live) rests_until: Option<Duration>,
    /// Whether queues have them under another number or on another telephone, since there was no link when that changed.
    pub(in crate::live) is_to_be_taken_anew: bool,
    /// Whether their telephone is gone, as Asterisk says.
    pub(in crate::live) is_phone_gone: bool,
    /// Queues that are to be told another penalty of theirs than when they took them.
    pub(in crate::live) penalties_to_tell: BTreeSet<QueueId>,
    /// What is to be done once their call is over.
    pub(in crate::live) deferred: Vec<(PresenceAction, Box<str>)>,
    /// What clients are to know.
    pub(in crate::live) standing: AgentStanding,
    /// Whether `Availability` is set: what changed is not told before, since it may be over in a moment.
    pub(in crate::live) is_held: bool,
    /// What they were told last, which is what they read.
    pub(in crate::live) told: ToldAgent,
}

/// An agent as clients were told.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::live) struct ToldAgent {
    pub(in crate::live) standing: AgentStanding,
    /// Queues joined and left at work.
    pub(in crate::live) memberships: BTreeMap<QueueId, bool>,
}

/// A membership as Asterisk has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::live) struct AgentMember {
    /// Of the queue, which may be deleted here while Asterisk has it.
    pub(in crate::live) queue: Box<str>,
    pub(in crate::live) interface: Box<str>,
}

impl AgentMember {
    pub(in crate::live) fn of(member: &MemberSeen) -> Self {
        Self { queue: member.queue.clone(), interface: member.interface.clone() }
    }
}

/// Queues that were asked to take an agent who logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live) struct Entering {
    /// Those that have not answered.
    pub(in crate::live) left: usize,
    /// Those that took them.
    pub(in crate::live) taken: usize,
}

/// How an agent stands, as far as clients know it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::live) struct AgentStanding {
    pub(in crate::live) availability: Availability,
    /// Unix time; None: the start of the server.
    pub(in crate::live) since: Option<f64>,
    pub(in crate::live) phone_number: Option<Box<str>>,
    pub(in crate::live) is_on_queue_call: bool,
    pub(in crate::live) is_resting: bool,
    pub(in crate::live) other_call: Option<OtherCall>,
}

impl AgentAtWork {
    /// None too where they are to be logged off.
    pub(in crate::live) fn login(&self) -> Option<&AgentLogin> {
        self.kept.login.as_ref().filter(|_| !self.kept.wanted.is_logged_off || !self.deferred.is_empty())
    }

    pub(in crate::live) fn is_on_call(&self) -> bool {
        self.is_on_queue_call || self.other_call.is_some()
    }

    pub(in crate::live) fn is_paused_in(&self, queue: QueueId) -> bool {
        self.login().is_some() && self.kept.pauses.contains_key(&queue)
    }

    /// The queues that they work in: those of the settings but that they joined or left some.
    pub(in crate::live) fn queues(&self, configured: &[QueueId]) -> Vec<QueueId> {
        queues(configured, &self.kept.memberships)
    }

    /// Telephony §6.4, in its order.
    pub(in crate::live) fn availability(&self, queues: &[QueueId]) -> Availability {
        let is_all_paused = || !queues.is_empty() && queues.iter().all(|queue| self.kept.pauses.contains_key(queue));
        if self.login().is_none() {
            Availability::LoggedOut
        } else if self.is_on_queue_call {
            Availability::Unavailable
        } else if let Some(call) = self.other_call {
            Availability::OnOtherCall(call)
        } else if is_all_paused() || self.rests_until.is_some() {
            Availability::Unavailable
        } else {
            Availability::Available
        }
    }

    /// Pauses that began or ended are known to have done so now.
    pub(in crate::live) fn follow_pauses(&mut self, unix: f64) {
        let Self { kept, paused_since, .. } = self;
        paused_since.retain(|queue, _| kept.pauses.contains_key(queue));
        for queue in kept.pauses.keys() {
            paused_since.entry(*queue).or_insert(Some(unix));
        }
    }

    /// Clients are to know it from now on.
    pub(in crate::live) fn stand(&mut self, availability: Availability, unix: f64) {
        let is_in = availability != Availability::LoggedOut;
        let since = if availability == self.standing.availability { self.standing.since } else { Some(unix) };
        self.standing = AgentStanding {
            availability,
            since,
            phone_number: self.phone_number.clone(),
            is_on_queue_call: is_in && self.is_on_queue_call,
            is_resting: is_in && self.rests_until.is_some(),
            other_call: self.other_call.filter(|_| is_in),
        };
    }

    /// Clients know from now on how they stand; how they were told to stand before.
    pub(in crate::live) fn tell(&mut self) -> ToldAgent {
        let told = ToldAgent { standing: self.standing.clone(), memberships: self.kept.memberships.clone() };
        std::mem::replace(&mut self.told, told)
    }

    /// Nothing of a work that is over is left.
    pub(in crate::live) fn forget_work(&mut self) {
        self.kept.login = None;
        self.kept.pauses.clear();
        self.kept.wanted = AgentWanted::default();
        (self.line, self.leaving, self.rests_until, self.is_phone_gone) = (None, 0, None, false);
        self.other_call = None;
        self.penalties_to_tell.clear();
        self.deferred.clear();
    }
}

impl ToldAgent {
    pub(in crate::live) fn is_logged_in(&self) -> bool {
        self.standing.availability != Availability::LoggedOut
    }

    /// The queues that they work in, as clients know it.
    pub(in crate::live) fn queues(&self, configured: &[QueueId]) -> Vec<QueueId> {
        queues(configured, &self.memberships)
    }
}

fn queues(configured: &[QueueId], changed: &BTreeMap<QueueId, bool>) -> Vec<QueueId> {
    let stay = configured.iter().copied().filter(|queue| changed.get(queue) != Some(&false));
    let joined = changed.iter().filter(|(queue, is_member)| **is_member && !configured.contains(queue));
    stay.chain(joined.map(|(queue, _)| *queue)).collect()
}

impl Agents {
    /// What was kept of them. Of whoever is not logged in nothing is wanted.
    pub(in crate::live) fn new(
        kept: HashMap<AgentId, KeptAgent>,
        line_of: impl Fn(&AgentLogin) -> Option<LineId>,
    ) -> Self {
        let mut agents = Self { agents: BTreeMap::new(), on_lines: HashMap::new(), idle: AgentAtWork::default() };
        for (id, mut kept) in kept {
            if kept.login.is_none() {
                kept.wanted = AgentWanted::default();
                kept.pauses.clear();
            }
            let line = kept.login.as_ref().and_then(&line_of);
            let phone_number = kept.login.as_ref().map(|login| login.extension.clone());
            let paused_since = kept.pauses.keys().map(|queue| (*queue, None)).collect();
            agents.agents.insert(id, AgentAtWork { kept, paused_since, line, phone_number, ..AgentAtWork::default() });
            agents.index(id, None);
        }
        agents
    }

    pub(in crate::live) fn get(&self, agent: AgentId) -> &AgentAtWork {
        self.agents.get(&agent).unwrap_or(&self.idle)
    }

    pub(in crate::live) fn iter(&self) -> impl Iterator<Item = (AgentId, &AgentAtWork)> {
        self.agents.iter().map(|(id, agent)| (*id, agent))
    }

    pub(in crate::live) fn is_logged_in(&self, agent: AgentId) -> bool {
        self.get(agent).login().is_some()
    }

    /// Who is logged in on the telephone of this line.
    pub(in crate::live) fn on_line(&self, line: LineId) -> Option<AgentId> {
        self.on_lines.get(&line).copied()
    }

    /// Who is logged in there.
    pub(in crate::live) fn at(&self, context: &str, extension: &str) -> Option<AgentId> {
        let is_there = |login: &AgentLogin| *login.context == *context && *login.extension == *extension;
        self.iter().find(|(_, agent)| agent.login().is_some_and(is_there)).map(|(id, _)| id)
    }

    /// For `state::agents_at_work` alone.
    pub(in crate::live) fn change(&mut self, id: AgentId, change: impl FnOnce(&mut AgentAtWork)) {
        let agent = self.agents.entry(id).or_default();
        let before = agent.line;
        change(agent);
        self.index(id, before);
    }

    /// They are no more.
    pub(in crate::live) fn forget(&mut self, id: AgentId) {
        let line = self.agents.remove(&id).and_then(|agent| agent.line);
        if let Some(line) = line.filter(|line| self.on_lines.get(line) == Some(&id)) {
            self.on_lines.remove(&line);
        }
    }

    fn index(&mut self, id: AgentId, before: Option<LineId>) {
        if let Some(line) = before.filter(|line| self.on_lines.get(line) == Some(&id)) {
            self.on_lines.remove(&line);
        }
        let agent = self.get(id);
        if let Some(line) = agent.line.filter(|_| agent.kept.login.is_some()) {
            self.on_lines.insert(line, id);
        }
    }
}
