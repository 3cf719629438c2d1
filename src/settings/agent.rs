//! Agents: who answers the calls of queues.

use super::id::{AgentId, ContextId, Id, UserId};
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

/// The context of the dial plan by which queues call agents (telephony §6.1).
pub(crate) const CALLBACK_CONTEXT: &str = "agentcallback";

const MEMBER_PREFIX: &str = "Agent/";

impl Agent {
    /// What queues call the agent among their members: `Agent/8001` (telephony §6.1).
    pub(crate) fn member_name(&self) -> String {
        member_name(self.number.as_str())
    }
}

/// The same of the agent who has, or had, this number.
pub(crate) fn member_name(number: &str) -> String {
    format!("{MEMBER_PREFIX}{number}")
}

/// The agent whom a queue calls by this interface: `Local/id-7@agentcallback`, with options behind it or not.
pub(crate) fn id_of_callback(interface: &str) -> Option<AgentId> {
    let (id, context) = interface.strip_prefix("Local/id-")?.split_once('@')?;
    let context = context.split('/').next()?;
    id.parse().ok().filter(|_| context == CALLBACK_CONTEXT).map(AgentId::new)
}

/// The number of the agent whom queues call so, if it is one's.
pub(crate) fn number_of_member(name: &str) -> Option<&str> {
    name.strip_prefix(MEMBER_PREFIX)
}

object!(Agent, AgentId, "agent", in |agent, context| agent.context == context);
