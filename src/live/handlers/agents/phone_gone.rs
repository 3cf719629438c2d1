//! The telephone of a logged-in agent that is gone: it is said once, and after some time the agent is paused or logged off,
//! where the settings want that (`agents.phone_gone`).

use super::work::{self, Pause};
use crate::live::messages::{AgentOrder, Moment, TelephonyTimer, TimerKey};
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::settings::id::AgentId;
use crate::settings::setting::PhoneGoneAction;

pub(super) fn gone(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    let at_work = state.agents().get(agent);
    let Some(login) = at_work.login().filter(|_| !at_work.is_phone_gone) else { return };
    out.log(LogEvent::AgentPhoneGone { agent, device: login.device.clone() });
    state.change_agent(now, agent, out, |agent| agent.is_phone_gone = true);
    if let Some(after) = state.general().phone_gone_after {
        state.set_timer(TimerKey::Telephony(TelephonyTimer::PhoneGone(agent)), now.steady + after);
    }
}

pub(super) fn back(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    if state.agents().get(agent).is_phone_gone {
        state.change_agent(now, agent, out, |agent| agent.is_phone_gone = false);
        state.cancel_timer(TimerKey::Telephony(TelephonyTimer::PhoneGone(agent)));
    }
}

/// It has been gone for as long as the settings bear it.
pub(in crate::live::handlers) fn phone_is_gone(state: &mut LiveState, now: Moment, agent: AgentId, out: &mut Effects) {
    if !state.agents().get(agent).is_phone_gone {
        return;
    }
    match state.general().phone_gone_action {
        PhoneGoneAction::Pause => {
            let pause = Pause { queue: None, is_paused: true, reason: REASON.into() };
            work::pause(state, now, agent, pause, AgentOrder::Telephone, out);
        }
        PhoneGoneAction::LogOff => work::log_off(state, now, agent, AgentOrder::Telephone, out),
    }
}

/// Of such a pause.
const REASON: &str = "Telephone gone";
