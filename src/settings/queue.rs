//! Queues and their members.

use super::id::{AgentId, ContextId, QueueId};
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
    /// In order of agent id; an agent stands once.
    pub(crate) members: Vec<QueueMember>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct QueueMember {
    pub(crate) agent: AgentId,
    /// 0..100; a lower one is called first.
    pub(crate) penalty: u8,
}

object!(Queue, QueueId);
