//! The list of agents: as they are configured; where the server says it, how each stands now. Below it the chosen one in full.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::control::{AgentNow, AgentState};
use crate::settings::agent::Agent;
use crate::settings::configuration::Configuration;
use crate::settings::id::AgentId;
use crate::tui::app::App;
use crate::tui::filter::Folded;
use crate::tui::table_view::{TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::SortKey;

use super::standing::{self, QueueView};
use super::{context_name, queues_of};
use crate::tui::screens::telephony_link::{self, ReadOn};

/// Rows below the list: the chosen agent in full.
const FOOT_ROWS: u16 = 6;

/// What a filter may ask for by name.
pub(super) const FIELDS: &[&str] = &["state", "queue", "user", "paused", "context"];

/// As they are configured, or as they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AgentColumn {
    Number,
    Name,
    Context,
    User,
    Queues,
    State,
    For,
    At,
    Paused,
}

impl TableColumn for AgentColumn {
    const ALL: &'static [Self] = &[
        Self::Number,
        Self::Name,
        Self::Context,
        Self::User,
        Self::Queues,
        Self::State,
        Self::For,
        Self::At,
        Self::Paused,
    ];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Number => ColumnDesign::new("agent", 8),
            Self::Name => ColumnDesign::new("name", 16),
            Self::Context => ColumnDesign::new("context", 12).where_rows_differ(),
            Self::User => ColumnDesign::new("user", 16),
            Self::Queues => ColumnDesign::new("queues", 6),
            Self::State => ColumnDesign::new("state", 14),
            Self::For => ColumnDesign::new("for", 7),
            Self::At => ColumnDesign::new("at", 13).need(Need::ByDesign(1)),
            Self::Paused => ColumnDesign::new("paused", 15),
        }
    }
}

impl AgentColumn {
    fn is_of(self, view: QueueView) -> bool {
        match self {
            Self::Number | Self::Name | Self::Context => true,
            Self::User | Self::Queues => view == QueueView::Configured,
            Self::State | Self::For | Self::At | Self::Paused => view == QueueView::Live,
        }
    }
}

pub(super) struct AgentRows<'a>(pub(super) &'a App);

impl<'a> AgentRows<'a> {
    fn agent(&self, id: AgentId) -> Option<(&'a Agent, Option<&'a AgentNow>)> {
        let agent: &Agent = self.0.configuration.agents.get(id)?;
        let at_work = self.0.at_work.as_ref();
        Some((agent, at_work.and_then(|at_work| at_work.agent(agent.number.as_str()))))
    }
}

impl TableRows for AgentRows<'_> {
    type Id = AgentId;
    type Column = AgentColumn;

    fn ids(&self) -> Vec<AgentId> {
        self.0.configuration.agents.iter().map(|agent| agent.id).collect()
    }

    fn searched(&self, id: AgentId) -> Folded<'_> {
        let Some((agent, now)) = self.agent(id) else { return Folded::default() };
        let state = now.map(|now| format!("{} {}", standing::state(now), now.extension.as_deref().unwrap_or_default()));
        let user = user_words(agent, &self.0.configuration);
        let state = state.unwrap_or_default();
        let queues = configured_queues(id, &self.0.configuration);
        Folded::of_parts(&[&format!("{} {} {user} {state}", agent.number, agent_name(agent)), &queues])
    }

    fn field(&self, id: AgentId, name: &'static str) -> Folded<'_> {
        let Some((agent, now)) = self.agent(id) else { return Folded::default() };
        match (name, now) {
            ("context", _) => Folded::of(&context_name(agent.context, &self.0.configuration)),
            ("state", Some(now)) => Folded::of(&standing::state(now)),
            ("queue", Some(now)) => {
                let queues: Vec<&str> = now.queues.iter().map(|queue| queue.queue.as_str()).collect();
                Folded::of(&queues.join(", "))
            }
            ("queue", None) => Folded::of(&configured_queues(id, &self.0.configuration)),
            ("user", _) => Folded::of(&user_words(agent, &self.0.configuration).replace('-', "")),
            ("paused", Some(now)) => Folded::of(&standing::pauses(now, self.0)),
            _ => Folded::default(),
        }
    }

    fn cell(&self, id: AgentId, column: AgentColumn) -> Line<'static> {
        let Some((agent, now)) = self.agent(id) else { return Line::default() };
        let c = &self.0.configuration;
        match (column, now) {
            (AgentColumn::Number, _) => Line::raw(agent.number.to_string()),
            (AgentColumn::Name, _) => Line::raw(agent_name(agent)),
            (AgentColumn::Context, _) => Line::raw(context_name(agent.context, c)),
            (AgentColumn::User, _) => Line::raw(user_words(agent, c)),
            (AgentColumn::Queues, _) => Line::raw(queues_of(id, c).to_string()),
            (AgentColumn::State, Some(now)) => Line::styled(standing::state(now), style(now)),
            (AgentColumn::For, Some(now)) => Line::raw(standing::stands_for(now, self.0)),
            (AgentColumn::At, Some(now)) => Line::raw(now.extension.clone().unwrap_or_else(|| "-".to_owned())),
            (AgentColumn::Paused, Some(now)) => Line::raw(standing::pauses(now, self.0)),
            (AgentColumn::State | AgentColumn::For | AgentColumn::At | AgentColumn::Paused, None) => Line::default(),
        }
    }

    fn sort_key(&self, id: AgentId, column: AgentColumn) -> SortKey<'_> {
        match (column, self.agent(id)) {
            (AgentColumn::For, Some((_, Some(now)))) => standing::since_key(now),
            _ => SortKey::of_cell(&self.cell(id, column)),
        }
    }

    fn has_column(&self, column: AgentColumn) -> bool {
        column.is_of(QueueView::of(self.0))
    }

    /// While it is told how they stand, the context has no room in a narrow terminal.
    fn need(&self, column: AgentColumn) -> Need {
        match (column, QueueView::of(self.0)) {
            (AgentColumn::Context, QueueView::Live) => Need::Beside,
            _ => column.design().need,
        }
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no agent yet; `a` adds one, Tab shows the queues.", theme::MUTED)
    }
}

pub(super) fn draw(table: &mut TableView<AgentId, AgentColumn>, frame: &mut Frame<'_>, area: Rect, app: &App) {
    let foot = foot(table.chosen(), area.width, app);
    table.draw_above(frame, area, &AgentRows(app), (foot, FOOT_ROWS));
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
pub(super) fn foot(chosen: Option<AgentId>, width: u16, app: &App) -> Option<Foot> {
    let c = &app.configuration;
    let agent = chosen.and_then(|id| c.agents.get(id))?;
    let mut foot = in_full(agent, width, app);
    tell_link(&mut foot, app);
    Some(foot)
}

/// How an agent stands, or what is configured.
pub(super) fn in_full(agent: &Agent, width: u16, app: &App) -> Foot {
    let c = &app.configuration;
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
            foot.say("works in", &or_none(configured_queues(agent.id, c)));
        }
    }
    foot
}

/// Why it is not known how anything stands, or stands as it did, and what to do about it.
pub(super) fn tell_link(foot: &mut Foot, app: &App) {
    if app.at_work.as_ref().is_some_and(|at_work| at_work.is_linked) {
        return;
    }
    let (_, state) = telephony_link::state(app);
    foot.say("Asterisk", &state);
    if let Some(remedy) = telephony_link::remedy(ReadOn::Elsewhere, app) {
        foot.say("", &format!("› {remedy}"));
    }
}

fn configured_queues(agent: AgentId, c: &Configuration) -> String {
    let queues = c.queues.iter().filter(|queue| queue.member(agent).is_some());
    queues.map(|queue| queue.name.as_str()).collect::<Vec<_>>().join(", ")
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
