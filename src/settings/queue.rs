//! Queues and their members.

use super::id::{AgentId, ContextId, LineId, QueueId};
use super::name::{DisplayName, Extension, QueueName};
use super::table::object;

/// Rule Q1: the highest penalty of a queue's member.
pub(crate) const PENALTY_MAX: u8 = 100;

/// Rule Q1: the longest rest after a call.
pub(crate) const WRAPUP_SECONDS_MAX: u16 = 3600;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Queue {
    pub(crate) id: QueueId,
    pub(crate) version: u32,
    pub(crate) name: QueueName,
    pub(crate) display: DisplayName,
    pub(crate) number: Extension,
    pub(crate) context: ContextId,
    /// Seconds of rest after a call, 0..3600.
    pub(crate) wrapup_seconds: u16,
    /// Agents before lines, each in order of id; whoever is a member stands once.
    pub(crate) members: Vec<QueueMember>,
}

impl Queue {
    pub(crate) fn member(&self, member: impl Into<MemberId>) -> Option<&QueueMember> {
        let member = member.into();
        self.members.iter().find(|other| other.member == member)
    }
}

/// Who answers the calls of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum MemberId {
    /// Wherever they are logged in.
    Agent(AgentId),
    /// A telephone, whoever sits there.
    Line(LineId),
}

impl From<AgentId> for MemberId {
    fn from(agent: AgentId) -> Self {
        Self::Agent(agent)
    }
}

impl From<LineId> for MemberId {
    fn from(line: LineId) -> Self {
        Self::Line(line)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct QueueMember {
    pub(crate) member: MemberId,
    /// 0..100; a lower one is called first.
    pub(crate) penalty: u8,
}

object!(Queue, QueueId, "queue", in |queue, context| queue.context == context);
