//! The lamps of keys by which agents log in and off at telephones (telephony §6.2): those of logging in and of both are
//! lit while the agent is logged in, that of logging off while they are not. A lamp is called as its key dials: the code
//! and the agent, by number or by `*` and id.

use crate::settings::id::AgentId;

/// Feature codes (telephony §5).
const TOGGLE: &str = "*30";
const LOG_IN: &str = "*31";
const LOG_OFF: &str = "*32";

/// All lamps of the agent, and whether they are lit.
pub(super) fn lamps(agent: AgentId, number: &str, is_logged_in: bool) -> impl Iterator<Item = (Box<str>, bool)> {
    let names = [format!("*{agent}"), number.to_owned()];
    let codes = [(TOGGLE, is_logged_in), (LOG_IN, is_logged_in), (LOG_OFF, !is_logged_in)];
    names.into_iter().flat_map(move |name| codes.map(|(code, is_lit)| (format!("{code}{name}").into(), is_lit)))
}
