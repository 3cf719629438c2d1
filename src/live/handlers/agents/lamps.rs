//! The lamps of keys by which agents log in and off at telephones (telephony §6.2): those of logging in and of both are
//! lit while the agent is logged in, that of logging off while they are not.

use crate::live::messages::telephony::AgentCode;
use crate::settings::id::AgentId;

/// All lamps of the agent, and whether they are lit.
pub(super) fn lamps(agent: AgentId, number: &str, is_logged_in: bool) -> impl Iterator<Item = (Box<str>, bool)> {
    let by_id = AgentCode::ALL.map(|code| (code, code.key_of(agent)));
    let by_number = AgentCode::ALL.map(|code| (code, code.key_of_number(number)));
    let is_lit = move |code| match code {
        AgentCode::Toggle | AgentCode::LogIn => is_logged_in,
        AgentCode::LogOff => !is_logged_in,
    };
    by_id.into_iter().chain(by_number).map(move |(code, key)| (key.into(), is_lit(code)))
}
