//! Agents: who answers the calls of queues.

use super::id::{AgentId, ContextId, UserId};
use super::name::{AgentNumber, FirstName, LastName};
use super::table::object;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) version: u32,
    pub(crate) number: AgentNumber,
    pub(crate) first_name: FirstName,
    pub(crate) last_name: LastName,
    pub(crate) context: ContextId,
    /// A user has at most one.
    pub(crate) user: Option<UserId>,
}

/// What becomes of an agent whose telephone is gone for too long (`agents.phone_gone`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PhoneGoneAction {
    Pause,
    LogOff,
}

object!(Agent, AgentId);
