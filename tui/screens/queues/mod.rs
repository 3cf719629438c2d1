//! Agents and queues, one key apart: as they are configured, and where the server says it, how they stand now: who is logged
//! in where, paused since when and why, who waits how long. An agent is logged off, paused and unpaused; in a queue stand
//! its members and who waits.

mod agent_actions;
pub(super) mod agent_form;
mod agent_table;
mod members;
mod pause;
pub(super) mod queue_form;
mod queue_table;
mod standing;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, ContextId, Id as _, QueueId};
use crate::settings::label::Labelled as _;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, Target, Transition};
use crate::tui::ask::Removal;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, TableView};

use super::marked_removal::MarkedRemoval;
use agent_actions::{AgentScreen, Meant};
use agent_form::AgentModel;
use agent_table::{AgentColumn, AgentRows};
use members::Members;
use queue_form::QueueModel;
use queue_table::{QueueColumn, QueueRows};

/// Which of both is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Queues,
    Agents,
}

pub(super) struct Queues {
    section: Section,
    queues: TableView<QueueId, QueueColumn>,
    agents: TableView<AgentId, AgentColumn>,
}

impl Queues {
    pub(super) fn open(app: &App) -> Self {
        let (queues, agents) = (TableView::new(queue_table::FIELDS), TableView::new(agent_table::FIELDS).marked());
        let mut screen = Self { section: Section::Queues, queues, agents };
        screen.look(app);
        screen
    }

    /// How they stand is looked into too, and it changes.
    fn look(&mut self, app: &App) {
        self.queues.look(&QueueRows(app));
        self.agents.look(&AgentRows(app));
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
            Section::Queues => {
                self.queues.await_new(app.own_changes());
                Transition::Push(Box::new(Form::open(QueueModel::new(None, app), app)))
            }
            Section::Agents => {
                self.agents.await_new(app.own_changes());
                Transition::Push(Box::new(Form::open(AgentModel::new(None, app), app)))
            }
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
        if self.section == Section::Queues {
            return self.queues.chosen().map_or(Transition::Stay, |id| ask_to_remove_queue(id, app));
        }
        let removal = MarkedRemoval {
            what: "agent",
            told: "They leave their queues; their users stay, without an agent.",
            name: |id, c: &Configuration| c.agents.get(id).map(|agent| agent.label(c)),
            remove: |id, c: &mut Configuration| c.remove_agent(id),
        };
        removal.ask(self.agents.list(), ask_to_remove_agent, app)
    }
}

fn ask_to_remove_queue(id: QueueId, app: &mut App) -> Transition {
    let c = &app.configuration;
    let Some(queue) = c.queues.get(id) else { return Transition::Stay };
    let text = move |app: &App| {
        let members = app.configuration.queues.get(id).map_or(0, |queue| queue.members.len());
        format!("It has {}; they are not removed.", count(members, "member"))
    };
    let removal = Removal {
        target: Target { kind: Kind::Queue, id: id.number() },
        title: format!("Remove {}?", queue.label(c)),
        text: Box::new(text),
        words: format!("{} was removed", queue.label(c)),
    };
    removal.ask(app, move |c| c.remove_queue(id))
}

fn ask_to_remove_agent(id: AgentId, is_hidden: bool, app: &mut App) -> Transition {
    let c = &app.configuration;
    let Some(agent) = c.agents.get(id) else { return Transition::Stay };
    let text = move |app: &App| {
        let c = &app.configuration;
        let user = c.agents.get(id).and_then(|agent| agent.user).and_then(|user| c.users.get(user));
        let of_user = user.map_or_else(String::new, |user| format!(" {} is kept, without an agent.", user.full_name()));
        format!("It leaves {}.{of_user}", count(queues_of(id, c), "queue"))
    };
    let removal = Removal {
        target: Target { kind: Kind::Agent, id: id.number() },
        title: format!("Remove {}?", agent.label(c)),
        text: Box::new(text),
        words: format!("{} was removed", agent.label(c)),
    };
    removal.hidden(is_hidden).ask(app, move |c| c.remove_agent(id))
}

fn queues_of(agent: AgentId, c: &Configuration) -> usize {
    c.queues.iter().filter(|queue| queue.member(agent).is_some()).count()
}

/// A context's name, for a cell.
fn context_name(id: ContextId, c: &Configuration) -> String {
    c.contexts.get(id).map_or_else(String::new, |context| context.name.to_string())
}

/// Asks whether to log the agent off, as the key for it does.
pub(super) fn log_off(agent: AgentId, app: &App) -> Transition {
    let meant = Meant::of(agent, None, app);
    meant.map_or(Transition::Stay, |agent| agent_actions::log_off(&agent, app))
}

/// Asks whether to end the agent's pauses, as the key for it does.
pub(super) fn end_pause(agent: AgentId, app: &App) -> Transition {
    let meant = Meant::of(agent, None, app);
    meant.map_or(Transition::Stay, |agent| agent_actions::unpause(&agent, app))
}

impl AgentScreen for Queues {
    /// Everywhere.
    fn chosen_agent(&self, app: &App) -> Option<Meant> {
        let id = self.agents.chosen().filter(|_| self.section == Section::Agents)?;
        Meant::of(id, None, app)
    }
}

impl Screen for Queues {
    fn title(&self, _app: &App) -> String {
        "agents and queues".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = match self.section {
            Section::Queues => self.queues.obstacle("there is no queue"),
            Section::Agents => self.agents.obstacle("there is no agent"),
        };
        let (remove, no_marked) = match self.section {
            Section::Queues => ("Remove the queue, or the agent", none),
            Section::Agents => {
                ("Remove the agent, or all that are marked", self.agents.obstacle_for_marked("there is no agent"))
            }
        };
        let (tab, enter) = match self.section {
            Section::Queues => {
                let help = "Show the members of the queue, and who waits in it";
                ("agents", Command::new([Action::Open], "open", help, Self::enter))
            }
            // One command: what Enter does too is about the row, whatever is marked.
            Section::Agents => {
                let keys = [Action::Open, Action::Edit];
                ("queues", Command::new(keys, "edit", "Edit the agent", Self::enter).edits(app))
            }
        };
        let other = Command::new([Action::Next], tab, "Show agents instead of queues, and back", Self::other);
        let mut commands = vec![other, enter.blocked(none)];
        if self.section == Section::Agents {
            let agent = self.chosen_agent(app);
            let agent = agent.as_ref();
            let log_off = Command::new([Action::LogOff], "log off", "Log the agent off; asks first", Self::log_off);
            let pause = Command::new([Action::Pause], "pause", "Pause the agent in all queues; asks why", Self::pause);
            let unpause =
                Command::new([Action::EndPause], "end pause", "End the agent's pauses; asks first", Self::unpause);
            commands.extend([
                log_off.blocked(none).blocked(agent_actions::obstacle(agent, app)).edits(app),
                pause.blocked(none).blocked(agent_actions::obstacle(agent, app)).edits(app),
                unpause.blocked(none).blocked(agent_actions::unpause_obstacle(agent, app)).edits(app),
            ]);
        }
        commands.push(Command::new([Action::Add], "add", "Add a queue, or an agent", Self::add).edits(app));
        if self.section == Section::Queues {
            let edit = Command::new([Action::Edit], "edit", "Edit the queue", Self::edit);
            commands.push(edit.blocked(none).edits(app));
        }
        commands.push(Command::new([Action::Remove], "remove", remove, Self::remove).blocked(no_marked).edits(app));
        commands
    }

    fn rows(&self) -> Option<Rows> {
        match self.section {
            Section::Agents => Rows::chosen(Kind::Agent, self.agents.chosen()),
            Section::Queues => Rows::chosen(Kind::Queue, self.queues.chosen()),
        }
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(match self.section {
            Section::Queues => &self.queues,
            Section::Agents => &self.agents,
        })
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(match self.section {
            Section::Queues => &mut self.queues,
            Section::Agents => &mut self.agents,
        })
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        match target.kind {
            Kind::Queue => {
                self.section = Section::Queues;
                self.queues.choose(QueueId::new(target.id), &QueueRows(app));
            }
            Kind::Agent => {
                self.section = Section::Agents;
                self.agents.choose(AgentId::new(target.id), &AgentRows(app));
            }
            _ => {}
        }
        Transition::Stay
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        match self.section {
            Section::Queues => {
                let members = Members::open(self.queues.chosen()?, app);
                Some(Detail::screen(Box::new(members)).above(queue_table::foot(self.queues.chosen(), width, app)?))
            }
            Section::Agents => agent_table::foot(self.agents.chosen(), width, app).map(Detail::foot),
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        match self.section {
            Section::Queues => queue_table::draw(&mut self.queues, frame, area, app),
            Section::Agents => agent_table::draw(&mut self.agents, frame, area, app),
        }
    }
}
