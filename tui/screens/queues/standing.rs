//! Words for how agents stand that the lists of agents and of a queue's members share.

use crate::control::{AgentNow, AgentQueue, AgentState};
use crate::tui::app::App;
use crate::tui::at_work::state_words;
use crate::tui::clock::{minute, span};
use crate::tui::widgets::heads::SortKey;

/// What the tables of queues and agents show: as they are configured, or as they stand where that is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QueueView {
    Configured,
    Live,
}

impl QueueView {
    pub(super) fn of(app: &App) -> Self {
        if app.at_work.is_some() { Self::Live } else { Self::Configured }
    }
}

/// `● available`, `! paused`; with a warning's sign where the telephone is gone.
pub(super) fn state(agent: &AgentNow) -> String {
    let sign = match agent.state {
        _ if agent.is_phone_gone => "! ",
        AgentState::Paused => "! ",
        AgentState::Available => "● ",
        AgentState::LoggedOut | AgentState::OnQueueCall | AgentState::OnOtherCall | AgentState::Resting => "",
    };
    format!("{sign}{}", state_words(agent.state))
}

/// How long they have stood so.
pub(super) fn stands_for(agent: &AgentNow, app: &App) -> String {
    agent.since.map_or_else(|| "-".to_owned(), |since| span(since as i64, app.now))
}

/// The same to sort by: the longest last.
pub(super) fn since_key(agent: &AgentNow) -> SortKey<'static> {
    agent.since.map_or(SortKey::Nothing, |since| SortKey::Number(-(since as i64)))
}

/// `lunch 12 min`, or only how long; none where they are not paused there.
pub(super) fn pause(queue: &AgentQueue, app: &App) -> Option<String> {
    let reason = queue.paused.as_deref()?;
    let since = queue.paused_since.map(|since| span(since as i64, app.now)).unwrap_or_default();
    let words = format!("{reason} {since}");
    Some(if words.trim().is_empty() { "paused".to_owned() } else { words.trim().to_owned() })
}

/// All pauses as a column has them: `all: lunch 12 min` where all queues say the same.
pub(super) fn pauses(agent: &AgentNow, app: &App) -> String {
    let pauses: Vec<_> =
        agent.queues.iter().filter_map(|queue| Some((queue.queue.as_str(), pause(queue, app)?))).collect();
    match pauses.as_slice() {
        [] => "-".to_owned(),
        [(_, first), rest @ ..] if pauses.len() == agent.queues.len() && rest.iter().all(|(_, it)| it == first) => {
            if rest.is_empty() {
                first.clone()
            } else {
                format!("all: {first}")
            }
        }
        [(queue, words)] => format!("{queue}: {words}"),
        several => format!("{} of {} queues", several.len(), agent.queues.len()),
    }
}

/// All pauses in full: `support since 2026-11-24 01:48 (12 min): lunch`.
pub(super) fn pauses_in_full(agent: &AgentNow, app: &App) -> String {
    let told = |queue: &AgentQueue| {
        let reason = queue.paused.as_deref()?;
        let since = queue.paused_since.map(|since| since as i64);
        let since = since.map(|since| format!(" since {} ({})", minute(since, app.now), span(since, app.now)));
        let reason = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        Some(format!("{}{}{reason}", queue.queue, since.unwrap_or_default()))
    };
    agent.queues.iter().filter_map(told).collect::<Vec<_>>().join("; ")
}

/// Where they are logged in and since when: `2001@sales since 2026-11-24 01:10 (50 min), telephone PJSIP/2001`.
pub(super) fn place(agent: &AgentNow, app: &App) -> Option<String> {
    let extension = agent.extension.as_deref()?;
    let since = agent.logged_in_since;
    let since = since.map(|since| format!(" since {} ({})", minute(since, app.now), span(since, app.now)));
    let gone = if agent.is_phone_gone { ", which is gone" } else { "" };
    let device = agent.device.as_deref().map(|device| format!(", telephone {device}{gone}"));
    Some(format!("{extension}{}{}", since.unwrap_or_default(), device.unwrap_or_default()))
}

/// Said before whatever takes them out of the queues.
pub(super) fn call_goes_on(agent: &AgentNow) -> &'static str {
    match agent.state {
        AgentState::OnQueueCall | AgentState::OnOtherCall => "The call continues. ",
        AgentState::LoggedOut | AgentState::Resting | AgentState::Paused | AgentState::Available => "",
    }
}

/// What they do, as part of a sentence.
pub(super) fn does(agent: &AgentNow) -> &'static str {
    match agent.state {
        AgentState::LoggedOut => "is not logged in",
        AgentState::OnQueueCall => "is on a queue's call",
        AgentState::OnOtherCall => "is on a call outside the queues",
        AgentState::Resting => "rests after a call",
        AgentState::Paused => "is paused",
        AgentState::Available => "is available",
    }
}
