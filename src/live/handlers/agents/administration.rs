//! What administrators want of agents: logged off, paused, or not paused any more. Unlike what clients and presences want it
//! is refused where there is no link: whoever asks sits in front of it, and is told what came of it.

use super::work::{self, Pause};
use crate::live::messages::{
    AgentAction, AgentChange, AgentChangeId, AgentChangeOutcome, AgentChangeRefusal, AgentOrder, AgentStep, Moment,
    RequestFailure,
};
use crate::live::state::{Effects, LiveState};
use crate::settings::id::{AgentId, QueueId};

/// Does it, or says at once why not.
pub(in crate::live) fn change(
    state: &mut LiveState,
    now: Moment,
    (id, change): (AgentChangeId, &AgentChange),
    out: &mut Effects,
) {
    if let Err(refusal) = begin(state, now, id, change, out) {
        out.agent_changes.push((id, AgentChangeOutcome::Refused(refusal)));
    }
}

fn begin(
    state: &mut LiveState,
    now: Moment,
    id: AgentChangeId,
    change: &AgentChange,
    out: &mut Effects,
) -> Result<(), AgentChangeRefusal> {
    let agent = state.telephony_names().agent_numbered(&change.agent).ok_or(AgentChangeRefusal::NoSuchAgent)?;
    let pause = match &change.action {
        AgentAction::LogOff => None,
        AgentAction::Pause { queue, reason } => {
            Some(Pause { queue: queue_named(state, queue.as_deref())?, is_paused: true, reason: reason.clone() })
        }
        AgentAction::Unpause { queue } => {
            Some(Pause { queue: queue_named(state, queue.as_deref())?, is_paused: false, reason: "".into() })
        }
    };
    if !state.is_telephony_up() {
        return Err(AgentChangeRefusal::NoLink);
    }
    if !state.agents().is_logged_in(agent) {
        return Err(AgentChangeRefusal::NotLoggedIn);
    }
    let order = AgentOrder::Administrator(id);
    let Some(pause) = pause else {
        work::log_off(state, now, agent, order, out);
        tell_if_off(state, agent, id, out);
        return Ok(());
    };
    let queues = state.queues_of_agent(agent);
    match pause.queue {
        Some(queue) if !queues.contains(&queue) => return Err(AgentChangeRefusal::NotInQueue),
        None if queues.is_empty() => return Err(AgentChangeRefusal::InNoQueue),
        Some(_) | None => work::pause(state, now, agent, pause, order, out),
    }
    Ok(())
}

/// None is all of them.
fn queue_named(state: &LiveState, name: Option<&str>) -> Result<Option<QueueId>, AgentChangeRefusal> {
    name.map(|name| state.telephony_names().queue(name).ok_or(AgentChangeRefusal::NoSuchQueue)).transpose()
}

/// What Asterisk said to a step of it, after that was taken.
pub(super) fn replied(
    state: &LiveState,
    id: AgentChangeId,
    (agent, step): (AgentId, &AgentStep),
    outcome: &Result<(), RequestFailure>,
    out: &mut Effects,
) {
    let refused = |refusal| Some(AgentChangeOutcome::Refused(refusal));
    let outcome = match (step, outcome) {
        (AgentStep::LogOff | AgentStep::Pause { .. }, Err(RequestFailure::Unavailable)) => {
            refused(AgentChangeRefusal::LinkLost)
        }
        // A queue that has not got them has let them go too.
        (AgentStep::LogOff, _) => return tell_if_off(state, agent, id, out),
        (AgentStep::Pause { .. }, Err(RequestFailure::Refused(words))) => {
            refused(AgentChangeRefusal::ByAsterisk(words.clone()))
        }
        (AgentStep::Pause { .. }, _) => Some(AgentChangeOutcome::Done),
        (AgentStep::LogIn | AgentStep::Join | AgentStep::Leave | AgentStep::Penalty | AgentStep::Other, _) => None,
    };
    out.agent_changes.extend(outcome.map(|outcome| (id, outcome)));
}

/// Done once no queue has them any more.
fn tell_if_off(state: &LiveState, agent: AgentId, id: AgentChangeId, out: &mut Effects) {
    if state.agents().get(agent).leaving == 0 {
        out.agent_changes.push((id, AgentChangeOutcome::Done));
    }
}
