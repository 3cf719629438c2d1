//! From live's overview of now to the words of the control socket.

use super::control_text::phone_status;
use crate::control;
use crate::live::messages::overview::{self, AgentStateNow};
use crate::observe::shown;

pub(super) fn overview_of(of: control::OverviewOf) -> overview::OverviewOf {
    match of {
        control::OverviewOf::Users => overview::OverviewOf::Users,
        control::OverviewOf::Phones => overview::OverviewOf::Phones,
        control::OverviewOf::Agents => overview::OverviewOf::Agents,
        control::OverviewOf::Queues => overview::OverviewOf::Queues,
    }
}

pub(super) fn overview(overview::Overview { is_linked, rows }: overview::Overview) -> control::Overview {
    let rows = match rows {
        overview::OverviewRows::Users(users) => control::OverviewRows::Users(users.into_iter().map(user).collect()),
        overview::OverviewRows::Phones(phones) => {
            control::OverviewRows::Phones(phones.into_iter().map(phone).collect())
        }
        overview::OverviewRows::Agents(agents) => {
            control::OverviewRows::Agents(agents.into_iter().map(agent).collect())
        }
        overview::OverviewRows::Queues(queues) => {
            control::OverviewRows::Queues(queues.into_iter().map(queue).collect())
        }
    };
    control::Overview { is_linked, rows }
}

fn user(it: overview::UserNow) -> control::UserNow {
    let services = it.services.iter().map(|service| shown(service)).collect();
    control::UserNow { user: it.user, name: shown(&it.name), presence: it.presence, sessions: it.sessions, services }
}

fn phone(it: overview::PhoneNow) -> control::PhoneNow {
    control::PhoneNow { line: it.line, device: it.device, user: shown(&it.user), status: phone_status(it.hint) }
}

fn agent(it: overview::AgentNow) -> control::AgentNow {
    let queue = |queue: crate::live::messages::overview::AgentQueueNow| control::AgentQueue {
        queue: queue.queue,
        paused: queue.paused.as_deref().map(shown),
        paused_since: queue.paused_since,
    };
    let (extension, device, logged_in_since) = match it.login {
        Some(login) => (Some(shown(&login.extension)), Some(shown(&login.device)), Some(login.since)),
        None => (None, None, None),
    };
    control::AgentNow {
        agent: it.agent,
        name: shown(&it.name),
        state: match it.state {
            AgentStateNow::LoggedOut => control::AgentState::LoggedOut,
            AgentStateNow::OnQueueCall => control::AgentState::OnQueueCall,
            AgentStateNow::OnOtherCall => control::AgentState::OnOtherCall,
            AgentStateNow::Resting => control::AgentState::Resting,
            AgentStateNow::Paused => control::AgentState::Paused,
            AgentStateNow::Available => control::AgentState::Available,
        },
        since: it.since,
        extension,
        device,
        logged_in_since,
        queues: it.queues.into_iter().map(queue).collect(),
        is_phone_gone: it.is_phone_gone,
    }
}

fn queue(it: overview::QueueNow) -> control::QueueNow {
    let overview::QueueNow { queue, display, members, logged_in, paused, on_call, available, talking, callers } = it;
    let caller = |it: &overview::CallerNow| control::CallerNow {
        name: shown(&it.name),
        number: shown(&it.number),
        since: it.since,
    };
    control::QueueNow {
        queue,
        display: shown(&display),
        members,
        logged_in,
        paused,
        on_call,
        available,
        talking,
        waiting: callers.len(),
        longest_wait_since: callers.iter().map(|caller| caller.since).min_by(f64::total_cmp),
        callers: callers.iter().map(caller).collect(),
    }
}
