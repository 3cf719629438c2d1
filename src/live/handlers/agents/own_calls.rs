//! Calls of agents that no queue brought (telephony §6.4): an agent who talks in one is not available.

use crate::live::messages::Moment;
use crate::live::state::telephony::agent_availability::OtherCall;
use crate::live::state::telephony::calls::Direction;
use crate::live::state::{Effects, LiveState};
use crate::settings::id::AgentId;

/// The calls of some devices are others: the agents whose they are.
pub(super) fn follow(state: &mut LiveState, now: Moment, out: &mut Effects) -> Vec<AgentId> {
    let lines = state.lines_with_changed_calls();
    let agents: Vec<AgentId> = lines.filter_map(|line| state.agents().on_line(line)).collect();
    agents.iter().for_each(|agent| look(state, now, *agent, out));
    agents
}

/// What the agent talks in now, on a telephone of ours: of another one nothing is followed.
pub(super) fn look(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    let login = at_work.kept.login.as_ref().filter(|_| at_work.line.is_some());
    let call = login.and_then(|login| state.own_call(&login.device));
    let call = call
        .map(|call| OtherCall { is_incoming: call.direction == Direction::Incoming, is_internal: call.is_internal });
    if state.agents().get(agent).other_call != call {
        state.change_agent(now, agent, out, |agent| agent.other_call = call);
    }
}
