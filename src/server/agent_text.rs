//! What administrators want of agents, from the words of the control socket to live's and back, and its line in the log.

use crate::control::{self, AgentOutcome, AgentRefusal};
use crate::live::messages::{self, AgentChange, AgentChangeOutcome, AgentChangeRefusal};
use crate::observe::shown;

pub(super) fn change_of(agent: &str, action: &control::AgentAction) -> AgentChange {
    let name = |queue: &Option<String>| queue.as_deref().map(Into::into);
    let action = match action {
        control::AgentAction::LogOff => messages::AgentAction::LogOff,
        control::AgentAction::Pause { queue, reason } => {
            messages::AgentAction::Pause { queue: name(queue), reason: reason.as_str().into() }
        }
        control::AgentAction::Unpause { queue } => messages::AgentAction::Unpause { queue: name(queue) },
    };
    AgentChange { agent: agent.into(), action }
}

pub(super) fn outcome_of(outcome: AgentChangeOutcome) -> AgentOutcome {
    let refusal = match outcome {
        AgentChangeOutcome::Done => return AgentOutcome::Done,
        AgentChangeOutcome::Refused(refusal) => refusal,
    };
    AgentOutcome::Refused(match refusal {
        AgentChangeRefusal::NoSuchAgent => AgentRefusal::NoSuchAgent,
        AgentChangeRefusal::NoSuchQueue => AgentRefusal::NoSuchQueue,
        AgentChangeRefusal::NotLoggedIn => AgentRefusal::NotLoggedIn,
        AgentChangeRefusal::NotInQueue => AgentRefusal::NotInQueue,
        AgentChangeRefusal::InNoQueue => AgentRefusal::InNoQueue,
        AgentChangeRefusal::NoLink => AgentRefusal::NoLink,
        AgentChangeRefusal::LinkLost => AgentRefusal::LinkLost,
        AgentChangeRefusal::ByAsterisk(words) => AgentRefusal::ByAsterisk(shown(&words)),
    })
}

/// Who did what. `uid` is whose process is at the other end of the socket, which nobody can make up.
pub(super) fn log(agent: &str, action: &control::AgentAction, (by, uid): (&str, Option<u32>), outcome: &AgentOutcome) {
    let (what, queue) = match action {
        control::AgentAction::LogOff => ("logged off", None),
        control::AgentAction::Pause { queue, .. } => ("paused", queue.as_deref()),
        control::AgentAction::Unpause { queue } => ("unpaused", queue.as_deref()),
    };
    let (agent, by, queue) = (shown(agent), shown(by), queue.map_or_else(|| "all".to_owned(), shown));
    match outcome {
        AgentOutcome::Done => tracing::info!(agent, queue, by, uid, "agent {what} by an administrator"),
        AgentOutcome::Asked => {
            tracing::info!(agent, queue, by, uid, "agent is to be {what} by an administrator: Asterisk was asked");
        }
        AgentOutcome::Refused(why) => {
            tracing::info!(agent, queue, by, uid, cause = %why, "agent was not {what} for an administrator");
        }
    }
}
