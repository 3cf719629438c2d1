//! What came of what was asked for agents. What the telephone system refuses is logged, whoever asked hears that it was not
//! done, and nothing is kept as done; what was lost with the link is wanted still.

use super::administration;
use super::work::{self, Pause};
use crate::live::messages::{AgentOrder, AgentStep, Moment, RequestFailure};
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::protocol::notice::Notice;
use crate::settings::id::{AgentId, QueueId};

/// What was asked, of whom.
#[derive(Debug)]
pub(in crate::live::handlers) struct Asked {
    pub(in crate::live::handlers) agent: AgentId,
    pub(in crate::live::handlers) queue: Option<QueueId>,
    pub(in crate::live::handlers) step: AgentStep,
    pub(in crate::live::handlers) order: AgentOrder,
}

pub(in crate::live::handlers) fn replied(
    state: &mut LiveState,
    now: Moment,
    asked: Asked,
    outcome: Result<(), RequestFailure>,
    out: &mut Effects,
) {
    let administrators = match asked.order {
        AgentOrder::Administrator(id) => Some((id, asked.agent, asked.step.clone(), outcome.clone())),
        AgentOrder::Client(_) | AgentOrder::Presence | AgentOrder::Telephone | AgentOrder::Ours => None,
    };
    match outcome {
        Ok(()) => done(state, now, &asked, out),
        Err(RequestFailure::Refused(words)) => {
            out.log(LogEvent::AgentRequestRefused { agent: asked.agent, queue: asked.queue, words });
            refused(state, now, &asked, out);
        }
        Err(RequestFailure::Unavailable) => lost(state, now, asked, out),
    }
    if let Some((id, agent, step, outcome)) = administrators {
        administration::replied(state, id, (agent, &step), &outcome, out);
    }
}

fn done(state: &mut LiveState, now: Moment, asked: &Asked, out: &mut Effects) {
    match asked.step {
        AgentStep::LogIn => entered(state, now, asked, 1, out),
        AgentStep::LogOff => left(state, now, asked.agent, out),
        AgentStep::Join | AgentStep::Leave | AgentStep::Pause { .. } | AgentStep::Penalty | AgentStep::Other => {}
    }
}

fn refused(state: &mut LiveState, now: Moment, asked: &Asked, out: &mut Effects) {
    match asked.step {
        AgentStep::LogIn => entered(state, now, asked, 0, out),
        AgentStep::LogOff => left(state, now, asked.agent, out),
        AgentStep::Join => {
            if let Some(queue) = asked.queue {
                work::set_membership(state, now, asked.agent, work::Membership::Left(queue), out);
            }
            tell(state, now, asked, out);
        }
        AgentStep::Leave | AgentStep::Pause { .. } => tell(state, now, asked, out),
        AgentStep::Penalty | AgentStep::Other => {}
    }
}

/// One queue less of an agent who logs in has to answer; a login that no queue took is none.
fn entered(state: &mut LiveState, now: Moment, asked: &Asked, taken: usize, out: &mut Effects) {
    let Some(mut entering) = state.agents().get(asked.agent).entering else { return };
    (entering.left, entering.taken) = (entering.left.saturating_sub(1), entering.taken + taken);
    let is_over = entering.left == 0;
    state.change_agent(now, asked.agent, out, |agent| {
        agent.entering = Some(entering).filter(|_| !is_over);
    });
    if is_over && entering.taken == 0 {
        work::forget_login(state, now, asked.agent, out);
        tell(state, now, asked, out);
    }
}

/// One queue less has to let go an agent who logs off.
fn left(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    if !at_work.kept.wanted.is_logged_off || at_work.leaving == 0 {
        return;
    }
    state.change_agent(now, agent, out, |agent| {
        agent.leaving -= 1;
        if agent.leaving == 0 {
            agent.forget_work();
        }
    });
}

/// The link went, or did not answer: a pause and a penalty are wanted still; a login and a log-off are recorded, and brought about when
/// the link is back.
fn lost(state: &mut LiveState, now: Moment, asked: Asked, out: &mut Effects) {
    let Asked { agent, queue, step, order: _ } = asked;
    match step {
        AgentStep::LogIn | AgentStep::LogOff => state.change_agent(now, agent, out, |agent| {
            agent.entering = None;
            agent.leaving = 0;
        }),
        AgentStep::Pause { is_paused, reason } if state.agents().is_logged_in(agent) => {
            work::want_pause(state, now, agent, &Pause { queue, is_paused, reason }, out);
        }
        AgentStep::Penalty => state.change_agent(now, agent, out, |agent| {
            agent.penalties_to_tell.extend(queue.filter(|_| agent.login().is_some()));
        }),
        AgentStep::Pause { .. } | AgentStep::Join | AgentStep::Leave | AgentStep::Other => {}
    }
}

/// Whoever wanted it hears that it was not done: the client that asked, or of a presence the agent's user, once a minute
/// (protocol decision 15).
fn tell(state: &mut LiveState, now: Moment, asked: &Asked, out: &mut Effects) {
    let failed = Notice::CommandRefused { error: "service_unavailable" };
    match asked.order {
        AgentOrder::Client(by) if state.user_of(by.session) == Some(by.user) => out.answer(by.session, failed),
        AgentOrder::Presence => {
            let Some(user) = state.agent(asked.agent).and_then(|agent| agent.user) else { return };
            let told = state.audience_of_failure(user, now);
            out.notify(told, failed);
        }
        AgentOrder::Client(_) | AgentOrder::Telephone | AgentOrder::Administrator(_) | AgentOrder::Ours => {}
    }
}
