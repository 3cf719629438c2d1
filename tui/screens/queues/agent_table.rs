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
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, cells, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, cell};

use super::standing;
use super::{context_name, queues_of};
use crate::tui::screens::telephony_link;

/// Columns of what an agent does, and for how long.
const STATE_WIDTH: usize = 14;
const FOR_WIDTH: usize = 7;
/// Columns of the pauses.
const PAUSE_WIDTH: usize = 15;
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
    let foot_rows = detail::foot_rows(frame, FOOT_ROWS);
    let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + foot_rows), ..area };
    if list.chosen().is_none() && !filter.is_on() {
        let words = " There is no agent yet; `a` adds one, Tab shows the queues.";
        frame.buffer_mut().set_string(area.x, area.y + 2, words, theme::MUTED);
    }
    match &app.at_work {
        Some(at_work) => draw_standing(list, frame, (Rect { height: 1, ..area }, rows), at_work, app),
        None => draw_configured(list, frame, (Rect { height: 1, ..area }, rows), &app.configuration),
    }
    if let Some(foot) = foot(list, area.width, app) {
        foot.draw(frame, Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area });
    }
}

fn draw_configured(list: &mut List<AgentId>, frame: &mut Frame<'_>, (head, rows): (Rect, Rect), c: &Configuration) {
    let agents = || c.agents.iter();
    let login = |agent: &Agent| agent.user.and_then(|user| c.users.get(user)).map(|user| user.shown_login());
    let columns = [
        Column::new(10, "agent").holding(agents().map(|agent| agent.number.as_str())),
        Column::new(24, "name").holding(agents().map(|agent| agent_name(agent))),
        Column::new(12, "context").where_rows_differ().holding(agents().map(|agent| context_name(agent.context, c))),
        Column::new(16, "user").holding(agents().map(|agent| login(agent).unwrap_or_default())),
        Column::new(6, "queues"),
    ];
    let widths = fit(head.width.saturating_sub(1), columns);
    let words = format!(" {}", cells(["agent", "name", "context", "user", "queues"], &widths));
    frame.buffer_mut().set_stringn(head.x, head.y, words, usize::from(head.width), theme::HEAD);
    list.draw(frame, rows, true, |id| {
        let Some(agent) = c.agents.get(id) else { return Line::default() };
        let (name, context, user) = (agent_name(agent), context_name(agent.context, c), user_words(agent, c));
        let queues = queues_of(id, c).to_string();
        Line::raw(format!(" {}", cells([agent.number.as_str(), &name, &context, &user, &queues], &widths)))
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
        Column::new(STATE_WIDTH, "state"),
        Column::new(FOR_WIDTH, "for"),
        Column::new(13, "at").holding(at_work.agents.iter().filter_map(|agent| agent.extension.as_deref())).if_room(),
        Column::new(PAUSE_WIDTH, "paused").holding(at_work.agents.iter().map(|agent| standing::pauses(agent, app))),
    ];
    let widths = fit(head.width.saturating_sub(1), columns);
    let [number, name, state, lasting, at, paused] = widths;
    let words = format!(" {}", cells(["agent", "name", "state", "for", "at", "paused"], &widths));
    frame.buffer_mut().set_stringn(head.x, head.y, words, usize::from(head.width), theme::HEAD);
    list.draw(frame, rows, true, |id| {
        let Some(agent) = c.agents.get(id) else { return Line::default() };
        let named = format!(" {}{}", cell(agent.number.as_str(), number), cell(&agent_name(agent), name));
        let Some(now) = at_work.agent(agent.number.as_str()) else { return Line::raw(named) };
        let pauses = standing::pauses(now, app);
        Line::from(vec![
            Span::raw(named),
            Span::styled(cell(&standing::state(now), state), style(now)),
            Span::raw(cell(&standing::stands_for(now, app), lasting)),
            Span::raw(cell(now.extension.as_deref().unwrap_or("-"), at)),
            Span::raw(cell(&pauses, paused)),
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

/// The chosen agent in full.
pub(super) fn foot(list: &List<AgentId>, width: u16, app: &App) -> Option<Foot> {
    let c = &app.configuration;
    let (id, agent) = list.chosen().and_then(|id| Some((id, c.agents.get(id)?)))?;
    let mut foot = Foot::new(&format!("agent {} {}", agent.number, agent_name(agent)), width);
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
    Some(foot)
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
