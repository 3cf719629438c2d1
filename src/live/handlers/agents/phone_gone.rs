//! The telephone of a logged-in agent that is gone: it is said once, and after some time the agent is paused or logged off,
//! where the settings want that (`agents.phone_gone`).

use crate::live::messages::{Effects, LogEvent, Moment, TelephonyTimer, TimerKey};
use crate::live::state::LiveState;
use crate::settings::id::AgentId;

pub(super) fn gone(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    let Some(login) = at_work.login().filter(|_| !at_work.is_phone_gone) else { return };
    out.log(LogEvent::AgentPhoneGone { agent, device: login.device.clone() });
    state.change_agent(now, agent, out, |agent| agent.is_phone_gone = true);
}

pub(super) fn back(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    if state.agents().get(agent).is_phone_gone {
        state.change_agent(now, agent, out, |agent| agent.is_phone_gone = false);
        state.cancel_timer(TimerKey::Telephony(TelephonyTimer::PhoneGone(agent)));
    }
}

pub(in crate::live::handlers) fn phone_is_gone(
    _state: &mut LiveState,
    _now: Moment,
    _agent: AgentId,
    _out: &mut Effects,
) {
}
