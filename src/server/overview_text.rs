//! From live's overview of now to the words of the control socket.

use super::control_text::phone_status;
use crate::control;
use crate::live::messages::overview::{
    AgentNow, AgentStateNow, CallerNow, Overview, OverviewOf, OverviewRows, PhoneNow, QueueNow, UserNow,
};
use crate::observe::shown;

pub(super) fn overview_of(of: control::OverviewOf) -> OverviewOf {
    match of {
        control::OverviewOf::Users => OverviewOf::Users,
        control::OverviewOf::Phones => OverviewOf::Phones,
        control::OverviewOf::Agents => OverviewOf::Agents,
        control::OverviewOf::Queues => OverviewOf::Queues,
    }
}

pub(super) fn overview(Overview { is_linked, rows }: Overview) -> control::Overview {
    let rows = match rows {
        OverviewRows::Users(users) => control::OverviewRows::Users(users.into_iter().map(user).collect()),
        OverviewRows::Phones(phones) => control::OverviewRows::Phones(phones.into_iter().map(phone).collect()),
        OverviewRows::Agents(agents) => control::OverviewRows::Agents(agents.into_iter().map(agent).collect()),
        OverviewRows::Queues(queues) => control::OverviewRows::Queues(queues.into_iter().map(queue).collect()),
    };
    control::Overview { is_linked, rows }
}

fn user(it: UserNow) -> control::UserNow {
    let services = it.services.iter().map(|service| shown(service)).collect();
    control::UserNow { user: it.user, name: shown(&it.name), presence: it.presence, sessions: it.sessions, services }
}

fn phone(it: PhoneNow) -> control::PhoneNow {
    control::PhoneNow { line: it.line, device: it.device, user: shown(&it.user), status: phone_status(it.hint) }
}

fn agent(it: AgentNow) -> control::AgentNow {
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

fn queue(it: QueueNow) -> control::QueueNow {
    let QueueNow { queue, display, members, logged_in, paused, on_call, available, talking, callers } = it;
    let caller =
        |it: &CallerNow| control::CallerNow { name: shown(&it.name), number: shown(&it.number), since: it.since };
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
