//! The list of agents: as they are configured; where the server says it, how each stands now. Below it the chosen one in full.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::control::{AgentNow, AgentState};
use crate::settings::agent::Agent;
use crate::settings::configuration::Configuration;
use crate::settings::id::AgentId;
use crate::tui::app::App;
use crate::tui::at_work::AtWork;
use crate::tui::filter::Filter;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, cell};

use super::standing;
use super::{context_name, queues_of};
use crate::tui::screens::telephony_link;

/// Columns of the last cell, and of the blank before the first.
const LAST_WIDTH: u16 = 8;
/// Columns of what an agent does, for how long, and of the blank before the first.
const STATE_WIDTH: usize = 14;
const FOR_WIDTH: usize = 7;
/// Columns of the pauses, at the least.
const PAUSE_WIDTH: u16 = 15;
/// Rows below the list: the chosen agent in full.
const FOOT_ROWS: u16 = 6;

/// What a filter may ask for by name.
pub(super) const FIELDS: &[&str] = &["state", "queue", "paused", "context"];

/// What a filter looks into.
pub(super) fn searched(agent: &Agent, app: &App) -> String {
    let now = app.at_work.as_ref().and_then(|at_work| at_work.agent(agent.number.as_str()));
    let state = now.map(|now| format!("{} {}", standing::state(now), now.extension.as_deref().unwrap_or_default()));
    let user = user_words(agent, &app.configuration);
    format!("{} {} {user} {}", agent.number, agent_name(agent), state.unwrap_or_default())
}

pub(super) fn field(id: AgentId, name: &str, app: &App) -> String {
    let c = &app.configuration;
    let Some(agent) = c.agents.get(id) else { return String::new() };
    let now = app.at_work.as_ref().and_then(|at_work| at_work.agent(agent.number.as_str()));
    match (name, now) {
        ("context", _) => context_name(agent.context, c),
        ("state", Some(now)) => standing::state(now),
        ("queue", Some(now)) => now.queues.iter().map(|queue| queue.queue.as_str()).collect::<Vec<_>>().join(" "),
        ("paused", Some(now)) => standing::pauses(now, app),
        _ => String::new(),
    }
}

pub(super) fn draw((list, filter): (&mut List<AgentId>, &Filter), frame: &mut Frame<'_>, area: Rect, app: &App) {
    let foot = Rect { y: area.bottom().saturating_sub(FOOT_ROWS), height: FOOT_ROWS, ..area };
    let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + FOOT_ROWS), ..area };
    if list.chosen().is_none() && !filter.is_on() {
        let words = " There is no agent yet; `a` adds one, Tab shows the queues.";
        frame.buffer_mut().set_string(area.x, area.y + 2, words, theme::MUTED);
    }
    match &app.at_work {
        Some(at_work) => draw_standing(list, frame, (Rect { height: 1, ..area }, rows), at_work, app),
        None => draw_configured(list, frame, (Rect { height: 1, ..area }, rows), &app.configuration),
    }
    draw_foot(list, frame, foot, app);
}

fn draw_configured(list: &mut List<AgentId>, frame: &mut Frame<'_>, (head, rows): (Rect, Rect), c: &Configuration) {
    let agents = || c.agents.iter();
    let users = agents().filter_map(|agent| agent.user).filter_map(|user| c.users.get(user));
    let columns = [
        Column::new(10, "agent").holding(agents().map(|agent| agent.number.as_str())),
        Column::new(24, "name").holding(agents().map(|agent| agent_name(agent))),
        Column::new(12, "context").holding(agents().map(|agent| context_name(agent.context, c))),
        Column::new(16, "user").holding(users.map(|user| user.shown_login())),
    ];
    let [number, name, context, user] = fit(head.width.saturating_sub(LAST_WIDTH), columns);
    let words = format!(
        " {}{}{}{}queues",
        cell("agent", number),
        cell("name", name),
        cell("context", context),
        cell("user", user)
    );
    frame.buffer_mut().set_stringn(head.x, head.y, words, usize::from(head.width), theme::TITLE);
    list.draw(frame, rows, true, |id| {
        let Some(agent) = c.agents.get(id) else { return Line::default() };
        Line::raw(format!(
            " {}{}{}{}{}",
            cell(agent.number.as_str(), number),
            cell(&agent_name(agent), name),
            cell(&context_name(agent.context, c), context),
            cell(&user_words(agent, c), user),
            queues_of(id, c)
        ))
    });
}

fn draw_standing(
    list: &mut List<AgentId>,
    frame: &mut Frame<'_>,
    (head, rows): (Rect, Rect),
    at_work: &AtWork,
    app: &App,
) {
    let c = &app.configuration;
    let agents = || c.agents.iter();
    let columns = [
        Column::new(8, "agent").holding(agents().map(|agent| agent.number.as_str())),
        Column::new(16, "name").holding(agents().map(|agent| agent_name(agent))),
        Column::new(13, "at").holding(at_work.agents.iter().filter_map(|agent| agent.extension.as_deref())),
    ];
    let others = u16::try_from(STATE_WIDTH + FOR_WIDTH + 3).unwrap_or(0) + PAUSE_WIDTH;
    let [number, name, at] = fit(head.width.saturating_sub(others), columns);
    let words = format!(
        " {}{}{}{}{}paused",
        cell("agent", number),
        cell("name", name),
        cell("state", STATE_WIDTH),
        cell("for", FOR_WIDTH),
        cell("at", at)
    );
    frame.buffer_mut().set_stringn(head.x, head.y, words, usize::from(head.width), theme::TITLE);
    let room = usize::from(head.width).saturating_sub(1 + number + name + STATE_WIDTH + FOR_WIDTH + at + 5);
    list.draw(frame, rows, true, |id| {
        let Some(agent) = c.agents.get(id) else { return Line::default() };
        let named = format!(" {}{}", cell(agent.number.as_str(), number), cell(&agent_name(agent), name));
        let Some(now) = at_work.agent(agent.number.as_str()) else { return Line::raw(named) };
        let pauses = standing::pauses(now, app);
        Line::from(vec![
            Span::raw(named),
            Span::styled(cell(&standing::state(now), STATE_WIDTH), style(now)),
            Span::raw(cell(&standing::stands_for(now, app), FOR_WIDTH)),
            Span::raw(cell(now.extension.as_deref().unwrap_or("-"), at)),
            Span::raw(cell(&pauses, room.saturating_sub(1))),
        ])
    });
}

fn style(agent: &AgentNow) -> Style {
    match agent.state {
        _ if agent.is_phone_gone => theme::WARNING,
        AgentState::LoggedOut => theme::MUTED,
        AgentState::Available => theme::GOOD,
        AgentState::Paused => theme::WARNING,
        AgentState::OnQueueCall | AgentState::OnOtherCall | AgentState::Resting => theme::PLAIN,
    }
}

fn draw_foot(list: &List<AgentId>, frame: &mut Frame<'_>, area: Rect, app: &App) {
    let c = &app.configuration;
    let Some((id, agent)) = list.chosen().and_then(|id| Some((id, c.agents.get(id)?))) else { return };
    let mut foot = Foot::new(&format!("agent {} {}", agent.number, agent_name(agent)), area.width);
    let now = app.at_work.as_ref().and_then(|at_work| at_work.agent(agent.number.as_str()));
    match now {
        Some(now) => {
            let place = standing::place(now, app).unwrap_or_else(|| "not logged in".to_owned());
            foot.say("logged in at", &place);
            let queues: Vec<&str> = now.queues.iter().map(|queue| queue.queue.as_str()).collect();
            foot.say("works in", &or_none(queues.join(", ")));
            let pauses = standing::pauses_in_full(now, app);
            if !pauses.is_empty() {
                foot.say("paused in", &pauses);
            }
            foot.say("user", &format!("{}, context {}", user_words(agent, c), context_name(agent.context, c)));
        }
        None => {
            let queues = c.queues.iter().filter(|queue| queue.member(id).is_some());
            foot.say("works in", &or_none(queues.map(|queue| queue.name.as_str()).collect::<Vec<_>>().join(", ")));
        }
    }
    tell_link(&mut foot, app);
    foot.draw(frame, area);
}

/// Why it is not known how anything stands, or stands as it did, and what to do about it.
pub(super) fn tell_link(foot: &mut Foot, app: &App) {
    if app.at_work.as_ref().is_some_and(|at_work| at_work.is_linked) {
        return;
    }
    let (_, state) = telephony_link::state(app);
    foot.say("Asterisk", &state);
    if let Some(remedy) = telephony_link::remedy(app) {
        foot.say("", &format!("› {remedy}"));
    }
}

fn or_none(words: String) -> String {
    if words.is_empty() { "no queue".to_owned() } else { words }
}

pub(super) fn agent_name(agent: &Agent) -> String {
    format!("{} {}", agent.first_name, agent.last_name).trim_end().to_owned()
}

fn user_words(agent: &Agent, c: &Configuration) -> String {
    let user = agent.user.and_then(|user| c.users.get(user));
    user.map_or_else(|| "-".to_owned(), |user| user.shown_login())
}
