//! What people hear of an agent: that they logged in on an extension, joined or left queues, and how they stand (protocol
//! 5.3). An agent's queues are named only as far as who hears of the agent sees them.

use super::LiveState;
use super::event_log::EventLog;
use crate::live::messages::{Change, Subject, Watched};
use crate::protocol::notice::{Notice, Status};
use crate::protocol::request::ListName;
use crate::settings::id::AgentId;

/// How many steps that took.
pub(super) fn publish(state: &mut LiveState, agent: AgentId, log: &mut EventLog<'_>) -> usize {
    let before = state.tell_agent(agent);
    let state = &*state;
    let present = &state.agents().get(agent).told;
    if *present == before {
        return 1;
    }
    let subject = Subject::Agent(agent);
    let tid = || agent.to_string().into();
    let (was_in, is_in) = (before.is_logged_in(), present.is_logged_in());
    let is_elsewhere = present.standing.phone_number != before.standing.phone_number;
    let mut steps = 1;
    for (scope, to) in state.audiences_by_scope(subject) {
        let seen = state.view_from(scope).agent_status(agent);
        steps += 2 + to.sessions().len();
        if let Some(number) = present.standing.phone_number.clone().filter(|_| is_in && is_elsewhere) {
            let status = Status::AgentPhone { phone_number: number };
            log.out.notify(to.clone(), Notice::Status { list: ListName::Agents, tid: tid(), status });
        }
        if present.memberships != before.memberships {
            let status = Status::AgentQueues(seen.clone());
            log.out.notify(to.clone(), Notice::Status { list: ListName::Agents, tid: tid(), status });
        }
        if present.standing != before.standing {
            let status = Status::Agent(seen);
            log.out.notify(to, Notice::Status { list: ListName::Agents, tid: tid(), status });
        }
    }
    if was_in != is_in {
        let notice = Notice::AgentStatus { server: state.server(), agent, is_logged_in: is_in };
        log.out.notify(state.audience_of_watchers(Watched::Agent(agent), subject), notice);
        log.add(subject, || match present.standing.phone_number.clone().filter(|_| is_in) {
            Some(extension) => Change::AgentLoggedIn { extension },
            None => Change::AgentLoggedOff,
        });
    }
    let (from, to) = (before.standing.availability, present.standing.availability);
    if from != to && was_in && is_in {
        log.add(subject, || Change::AgentAvailability { from: from.as_str(), to: to.as_str() });
    }
    steps
}
