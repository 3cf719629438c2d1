//! What a configuration says, ordered so that `live` finds it at once: whose line, whose agent, which context. Built
//! once for each settings change by `visibility` and never changed; it decides nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, ContextId, LineId, PresenceGroupId, QueueId, UserId, UserUuid, VoicemailId};
use crate::settings::presence::Presence;

#[derive(Default)]
pub(super) struct Index {
    users: HashMap<UserUuid, UserId>,
    /// The main line first.
    lines: HashMap<UserId, Vec<LineId>>,
    /// Of the main line.
    contexts: HashMap<UserId, ContextId>,
    agents: HashMap<UserId, AgentId>,
    voicemails: HashMap<UserId, VoicemailId>,
    queues: HashMap<AgentId, Vec<QueueId>>,
    /// By the wire's id, `Agent/<number>,<queue>`.
    members: HashMap<Box<str>, (QueueId, AgentId)>,
    /// Of every member: a login asks for each of them twice, and a queue may be long.
    penalties: HashMap<(QueueId, AgentId), u8>,
    reachable: HashMap<ContextId, BTreeSet<ContextId>>,
    /// In order of position.
    presences: HashMap<PresenceGroupId, Vec<Arc<Presence>>>,
}

impl Index {
    pub(super) fn new(configuration: &Configuration) -> Self {
        let mut index = Self::default();
        for user in configuration.users.iter() {
            index.users.insert(user.uuid, user.id);
        }
        for line in configuration.lines.iter() {
            let lines = index.lines.entry(line.user).or_default();
            if line.is_main {
                lines.insert(0, line.id);
                index.contexts.insert(line.user, line.context);
            } else {
                lines.push(line.id);
            }
        }
        for agent in configuration.agents.iter() {
            if let Some(user) = agent.user {
                index.agents.insert(user, agent.id);
            }
        }
        for voicemail in configuration.voicemails.iter() {
            if let Some(user) = voicemail.user {
                index.voicemails.insert(user, voicemail.id);
            }
        }
        for queue in configuration.queues.iter() {
            for member in &queue.members {
                index.queues.entry(member.agent).or_default().push(queue.id);
                index.penalties.insert((queue.id, member.agent), member.penalty);
                if let Some(tid) = member_tid(configuration, queue.id, member.agent) {
                    index.members.insert(tid, (queue.id, member.agent));
                }
            }
        }
        for context in configuration.contexts.iter() {
            index.reachable.insert(context.id, configuration.reachable_contexts(context.id));
        }
        for group in configuration.presence_groups.iter() {
            index.presences.insert(group.id, configuration.presences_of(group.id).into_iter().cloned().collect());
        }
        index
    }

    pub(super) fn user(&self, uuid: UserUuid) -> Option<UserId> {
        self.users.get(&uuid).copied()
    }

    /// The main line first; empty without a line.
    pub(super) fn lines(&self, user: UserId) -> &[LineId] {
        self.lines.get(&user).map_or(&[], Vec::as_slice)
    }

    pub(super) fn main_line(&self, user: UserId) -> Option<LineId> {
        self.context(user).and(self.lines(user).first().copied())
    }

    /// The context of the user's main line (settings §1.2).
    pub(super) fn context(&self, user: UserId) -> Option<ContextId> {
        self.contexts.get(&user).copied()
    }

    pub(super) fn agent(&self, user: UserId) -> Option<AgentId> {
        self.agents.get(&user).copied()
    }

    pub(super) fn voicemail(&self, user: UserId) -> Option<VoicemailId> {
        self.voicemails.get(&user).copied()
    }

    pub(super) fn queues(&self, agent: AgentId) -> &[QueueId] {
        self.queues.get(&agent).map_or(&[], Vec::as_slice)
    }

    /// None if the agent is not in the queue.
    pub(super) fn penalty(&self, queue: QueueId, agent: AgentId) -> Option<u8> {
        self.penalties.get(&(queue, agent)).copied()
    }

    pub(super) fn member(&self, tid: &str) -> Option<(QueueId, AgentId)> {
        self.members.get(tid).copied()
    }

    /// Whether `to` is `from` or is included by it, directly or not.
    pub(super) fn is_reachable(&self, from: ContextId, to: ContextId) -> bool {
        self.reachable.get(&from).is_some_and(|reached| reached.contains(&to))
    }

    /// In order of position.
    pub(super) fn presences(&self, group: PresenceGroupId) -> &[Arc<Presence>] {
        self.presences.get(&group).map_or(&[], Vec::as_slice)
    }
}

/// The wire's id of a queue member (protocol 4.5.4).
pub(super) fn member_tid(configuration: &Configuration, queue: QueueId, agent: AgentId) -> Option<Box<str>> {
    let number = &configuration.agents.get(agent)?.number;
    let name = &configuration.queues.get(queue)?.name;
    Some(format!("Agent/{number},{name}").into())
}
