//! What an agent dials at a telephone to log in or off, as the dial plan says it: `UserEvent(CtiAgent,ACTION: toggle,
//! AGENT: 8001,EXTEN: 101)` (telephony §6.2).

use super::members;
use super::work::{self, LoginTelephone};
use crate::live::messages::telephony::UserEvent;
use crate::live::messages::{AgentOrder, Moment};
use crate::live::state::{Effects, LiveState, LogEvent};
use crate::settings::id::{AgentId, Id, LineId};

pub(super) fn said(state: &mut LiveState, now: Moment, event: &UserEvent, out: &mut Effects) {
    if !event.name.eq_ignore_ascii_case("CtiAgent") {
        return;
    }
    let field = |name| event.field(name).unwrap_or_default().trim();
    let Some(agent) = agent(state, field("AGENT")) else {
        return refuse(field("AGENT"), "there is no such agent", out);
    };
    let is_logged_in = state.agents().is_logged_in(agent);
    let is_login = match &*field("ACTION").to_ascii_lowercase() {
        "login" => true,
        "logoff" => false,
        "toggle" => !is_logged_in,
        _ => return refuse(field("AGENT"), "ACTION is none of login, logoff and toggle", out),
    };
    if !is_login {
        return work::log_off(state, now, agent, AgentOrder::Telephone, out);
    }
    let line = line(state, agent, (field("CONTEXT"), field("EXTEN")), field("CHANNEL"));
    let Some(place) = line.and_then(|line| LoginTelephone::of(state, line)) else {
        return refuse(field("AGENT"), "the telephone is none of our lines", out);
    };
    if state.agents().at(&place.context, &place.extension).is_some_and(|other| other != agent) {
        return refuse(field("AGENT"), "another agent is logged in at this telephone", out);
    }
    work::log_in(state, now, agent, place, AgentOrder::Telephone, out);
}

/// By number, or by `*` and id.
fn agent(state: &LiveState, named: &str) -> Option<AgentId> {
    match named.strip_prefix('*') {
        Some(id) => id.parse().ok().map(AgentId::new).filter(|agent| state.agent(*agent).is_some()),
        None => members::agent_numbered(state, named),
    }
}

/// The line of the telephone: by its extension, in the context that is said or the agent's, or by the channel that it calls
/// through.
fn line(state: &LiveState, agent: AgentId, (context, extension): (&str, &str), channel: &str) -> Option<LineId> {
    let names = state.telephony_names();
    let context = if context.is_empty() { state.context_of_agent(agent)? } else { context };
    let by_channel = || names.line_of_device(channel.rsplit_once('-')?.0);
    names.line_at(context, extension).or_else(by_channel)
}

fn refuse(agent: &str, why: &'static str, out: &mut Effects) {
    out.log(LogEvent::AgentAtPhoneRefused { agent: agent.chars().take(40).collect(), why });
}
