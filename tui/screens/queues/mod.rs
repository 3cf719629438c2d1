//! Agents and queues: both as lists side by side in time, one key apart; in a queue its members with their penalties.

mod agent_form;
mod members;
mod queue_form;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::agent::Agent;
use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, ContextId, Id as _, QueueId};
use crate::settings::label::Labelled as _;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::ask::Removal;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::list::{List, MOVES, cell};

use agent_form::AgentModel;
use members::Members;
use queue_form::QueueModel;

/// Which of both is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Queues,
    Agents,
}

pub(super) struct Queues {
    section: Section,
    queues: List<QueueId>,
    agents: List<AgentId>,
}

impl Queues {
    pub(super) fn open(app: &App) -> Self {
        let mut screen = Self { section: Section::Queues, queues: List::default(), agents: List::default() };
        screen.set(app);
        screen
    }

    fn set(&mut self, app: &App) {
        self.queues.set(app.configuration.queues.iter().map(|queue| queue.id).collect());
        self.agents.set(app.configuration.agents.iter().map(|agent| agent.id).collect());
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        match self.section {
            Section::Queues => self.queues.press(key),
            Section::Agents => self.agents.press(key),
        };
        Transition::Stay
    }

    fn other(&mut self, _app: &mut App) -> Transition {
        self.section = match self.section {
            Section::Queues => Section::Agents,
            Section::Agents => Section::Queues,
        };
        Transition::Stay
    }

    /// A queue shows its members; an agent is edited.
    fn enter(&mut self, app: &mut App) -> Transition {
        match (self.section, self.queues.chosen()) {
            (Section::Queues, Some(id)) => Transition::Push(Box::new(Members::open(id, app))),
            (Section::Queues, None) => Transition::Stay,
            (Section::Agents, _) => self.edit(app),
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        match self.section {
            Section::Queues => Transition::Push(Box::new(Form::open(QueueModel::new(None, app), app))),
            Section::Agents => Transition::Push(Box::new(Form::open(AgentModel::new(None, app), app))),
        }
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match (self.section, self.queues.chosen(), self.agents.chosen()) {
            (Section::Queues, Some(id), _) => {
                Transition::Push(Box::new(Form::open(QueueModel::new(Some(id), app), app)))
            }
            (Section::Agents, _, Some(id)) => {
                Transition::Push(Box::new(Form::open(AgentModel::new(Some(id), app), app)))
            }
            _ => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        match (self.section, self.queues.chosen(), self.agents.chosen()) {
            (Section::Queues, Some(id), _) => ask_to_remove_queue(id, app),
            (Section::Agents, _, Some(id)) => ask_to_remove_agent(id, app),
            _ => Transition::Stay,
        }
    }

    fn is_empty(&self) -> bool {
        match self.section {
            Section::Queues => self.queues.chosen().is_none(),
            Section::Agents => self.agents.chosen().is_none(),
        }
    }
}

fn ask_to_remove_queue(id: QueueId, app: &mut App) -> Transition {
    let c = &app.configuration;
    let Some(queue) = c.queues.get(id) else { return Transition::Stay };
    let removal = Removal {
        target: Target { kind: Kind::Queue, id: id.number() },
        title: format!("Remove {}?", queue.label(c)),
        text: format!("It has {}; they stay what they are.", count(queue.members.len(), "member")),
        words: format!("{} was removed", queue.label(c)),
    };
    removal.ask(app, move |c| c.remove_queue(id))
}

fn ask_to_remove_agent(id: AgentId, app: &mut App) -> Transition {
    let c = &app.configuration;
    let Some(agent) = c.agents.get(id) else { return Transition::Stay };
    let queues = count(queues_of(id, c), "queue");
    let user = agent.user.and_then(|user| c.users.get(user));
    let of_user = user.map_or_else(String::new, |user| format!(" {} stays, without an agent.", user.full_name()));
    let removal = Removal {
        target: Target { kind: Kind::Agent, id: id.number() },
        title: format!("Remove {}?", agent.label(c)),
        text: format!("It leaves {queues}.{of_user}"),
        words: format!("{} was removed", agent.label(c)),
    };
    removal.ask(app, move |c| c.remove_agent(id))
}

fn queues_of(agent: AgentId, c: &Configuration) -> usize {
    c.queues.iter().filter(|queue| queue.member(agent).is_some()).count()
}

/// A context's name, for a cell.
fn context_name(id: ContextId, c: &Configuration) -> String {
    c.contexts.get(id).map_or_else(String::new, |context| context.name.to_string())
}

impl Screen for Queues {
    fn title(&self, _app: &App) -> String {
        "agents and queues".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.is_empty().then_some("the list is empty");
        let enter = |words, help| Command::new([Key::ENTER], words, help, Self::enter).blocked(none);
        let (tab, enter) = match self.section {
            Section::Queues => ("agents", enter("members", "Show the members of the queue")),
            Section::Agents => ("queues", enter("edit", "Edit the agent").edits(app)),
        };
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::TAB], tab, "Show agents instead of queues, and back", Self::other),
            enter,
            Command::new([Key::char('a')], "add", "Add a queue, or an agent", Self::add).edits(app),
            Command::new([Key::char('e')], "edit", "Edit the queue, or the agent", Self::edit).blocked(none).edits(app),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the queue, or the agent", Self::remove)
                .blocked(none)
                .edits(app),
        ]
    }

    fn on_update(&mut self, app: &mut App) {
        self.set(app);
    }

    fn reveal(&mut self, target: Target, _app: &mut App) -> Transition {
        match target.kind {
            Kind::Queue => {
                self.section = Section::Queues;
                self.queues.choose(QueueId::new(target.id));
            }
            Kind::Agent => {
                self.section = Section::Agents;
                self.agents.choose(AgentId::new(target.id));
            }
            _ => {}
        }
        Transition::Stay
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        match self.section {
            Section::Queues => self.queues.clicked(at),
            Section::Agents => self.agents.clicked(at),
        };
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let c = &app.configuration;
        let (queues, agents) = (queue_widths(c, area.width), agent_widths(c, area.width));
        let (head, empty) = match self.section {
            Section::Queues => (
                format!(
                    " {}{}{}{}{}wrap-up",
                    cell("queue", queues[0]),
                    cell("display name", queues[1]),
                    cell("number", queues[2]),
                    cell("context", queues[3]),
                    cell("members", queues[4])
                ),
                " There is no queue yet; `a` adds one, Tab shows the agents.",
            ),
            Section::Agents => (
                format!(
                    " {}{}{}{}queues",
                    cell("agent", agents[0]),
                    cell("name", agents[1]),
                    cell("context", agents[2]),
                    cell("user", agents[3])
                ),
                " There is no agent yet; `a` adds one, Tab shows the queues.",
            ),
        };
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        if self.is_empty() {
            frame.buffer_mut().set_string(area.x, area.y + 2, empty, theme::MUTED);
        }
        match self.section {
            Section::Queues => self.queues.draw(frame, rows, true, |id| queue_row(id, queues, c)),
            Section::Agents => self.agents.draw(frame, rows, true, |id| agent_row(id, agents, c)),
        }
    }
}

/// Columns of the last cell, and of the blank before the first.
const LAST_WIDTH: u16 = 8;

fn queue_widths(c: &Configuration, width: u16) -> [usize; 5] {
    let queues = || c.queues.iter();
    let columns = [
        Column::new(16, "queue").holding(queues().map(|queue| queue.name.as_str())),
        Column::new(20, "display name").holding(queues().map(|queue| queue.display.as_str())),
        Column::new(8, "number").holding(queues().map(|queue| queue.number.as_str())),
        Column::new(12, "context").holding(queues().map(|queue| context_name(queue.context, c))),
        Column::new(8, "members"),
    ];
    fit(width.saturating_sub(LAST_WIDTH), columns)
}

fn agent_widths(c: &Configuration, width: u16) -> [usize; 4] {
    let agents = || c.agents.iter();
    let users = agents().filter_map(|agent| agent.user).filter_map(|user| c.users.get(user));
    let columns = [
        Column::new(10, "agent").holding(agents().map(|agent| agent.number.as_str())),
        Column::new(24, "name").holding(agents().map(|agent| agent_name(agent))),
        Column::new(12, "context").holding(agents().map(|agent| context_name(agent.context, c))),
        Column::new(16, "user").holding(users.map(|user| user.shown_login())),
    ];
    fit(width.saturating_sub(LAST_WIDTH), columns)
}

fn agent_name(agent: &Agent) -> String {
    format!("{} {}", agent.first_name, agent.last_name)
}

fn queue_row(id: QueueId, widths: [usize; 5], c: &Configuration) -> Line<'static> {
    let Some(queue) = c.queues.get(id) else { return Line::default() };
    Line::raw(format!(
        " {}{}{}{}{}{} s",
        cell(queue.name.as_str(), widths[0]),
        cell(queue.display.as_str(), widths[1]),
        cell(queue.number.as_str(), widths[2]),
        cell(&context_name(queue.context, c), widths[3]),
        cell(&queue.members.len().to_string(), widths[4]),
        queue.wrapup_seconds
    ))
}

fn agent_row(id: AgentId, widths: [usize; 4], c: &Configuration) -> Line<'static> {
    let Some(agent) = c.agents.get(id) else { return Line::default() };
    let user = agent.user.and_then(|user| c.users.get(user));
    Line::raw(format!(
        " {}{}{}{}{}",
        cell(agent.number.as_str(), widths[0]),
        cell(&agent_name(agent), widths[1]),
        cell(&context_name(agent.context, c), widths[2]),
        cell(&user.map_or_else(|| "-".to_owned(), |user| user.shown_login()), widths[3]),
        queues_of(id, c)
    ))
}
