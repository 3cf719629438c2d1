//! What presences do to the agents of their users (protocol 8, protocol decision 5): pause, unpause, log off. Those of the
//! presence `disconnected` never disturb a call: they wait for its end, unless the user is back by then.

use super::work::{self, Pause};
use crate::live::messages::{AgentOrder, Moment};
use crate::live::state::{Effects, LiveState};
use crate::settings::id::{AgentId, UserId};
use crate::settings::presence::{Presence, PresenceAction};

/// An agent who is not logged in stays as they are.
pub(in crate::live::handlers) fn act(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    (action, presence): (PresenceAction, &Presence),
    out: &mut Effects,
) {
    perform(state, now, agent, action, presence.display.as_str(), out);
}

/// The same once the agent is on no call.
pub(in crate::live::handlers) fn act_when_free(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    (action, presence): (PresenceAction, &Presence),
    out: &mut Effects,
) {
    if !state.agents().get(agent).is_on_call() {
        return act(state, now, agent, (action, presence), out);
    }
    defer(state, now, agent, (action, presence.display.as_str()), out);
}

/// Logs the agent off, once they are on no call: their telephone is no more.
pub(super) fn log_off_when_free(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    if state.agents().get(agent).is_on_call() {
        defer(state, now, agent, (PresenceAction::AgentLogoff, ""), out);
    } else {
        work::log_off(state, now, agent, AgentOrder::Ours, out);
    }
}

fn defer(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    (action, reason): (PresenceAction, &str),
    out: &mut Effects,
) {
    if state.agents().is_logged_in(agent) {
        state.change_agent(now, agent, out, |agent| {
            agent.deferred.push((action, reason.into()));
            // Even if this process ends before their call does.
            agent.kept.wanted.is_logged_off |= action == PresenceAction::AgentLogoff;
        });
    }
}

/// What waited for the end of the agent's call is done, if it is over.
pub(super) fn act_deferred(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    if at_work.deferred.is_empty() || at_work.is_on_call() {
        return;
    }
    let deferred = at_work.deferred.clone();
    forget_deferred(state, now, agent, out);
    for (action, reason) in deferred {
        perform(state, now, agent, action, &reason, out);
    }
}

/// The user is back: nothing waits for the end of their agent's call any more.
pub(in crate::live::handlers) fn forget_deferred(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    out: &mut Effects,
) {
    if !state.agents().get(agent).deferred.is_empty() {
        state.change_agent(now, agent, out, |agent| {
            agent.deferred.clear();
            agent.kept.wanted.is_logged_off = false;
        });
    }
}

/// The row of a presence in the log of queues, if the user has an agent; without a link nobody asks for it later.
pub(in crate::live::handlers) fn log_presence(state: &LiveState, user: UserId, presence: &str, out: &mut Effects) {
    if let Some(agent) = state.agent_of_user(user).filter(|_| state.is_telephony_up()) {
        work::log_row(state, agent, "PRESENCE", presence.to_owned(), out);
    }
}

fn perform(
    state: &mut LiveState,
    now: Moment,
    agent: AgentId,
    action: PresenceAction,
    reason: &str,
    out: &mut Effects,
) {
    let pause = |is_paused| Pause { queue: None, is_paused, reason: if is_paused { reason } else { "" }.into() };
    match action {
        PresenceAction::EnableDnd(_) => {}
        PresenceAction::QueuePauseAll => work::pause(state, now, agent, pause(true), AgentOrder::Presence, out),
        PresenceAction::QueueUnpauseAll => work::pause(state, now, agent, pause(false), AgentOrder::Presence, out),
        PresenceAction::AgentLogoff => work::log_off(state, now, agent, AgentOrder::Presence, out),
    }
}
