//! The members of one queue, the lowest penalty first, with how agents among them stand, and below them who waits. An agent is
//! paused and unpaused in this queue alone.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::control::AgentNow;
use crate::settings::id::{Id as _, QueueId};
use crate::settings::queue::{MemberId, QueueMember};
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::ask::{Removal, always};
use crate::tui::clock::span;
use crate::tui::commands::Command;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::screens::users;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::SortKey;
use crate::tui::widgets::list::cell;

use super::agent_actions::{self, AgentScreen, Meant};
use super::agent_table::{self, tell_link};
use super::queue_form::{MemberModel, member_words};
use super::queue_table::caller_name;
use super::standing;

/// Rows below the list: who waits.
const FOOT_ROWS: u16 = 8;

pub(super) struct Members {
    queue: QueueId,
    table: TableView<MemberId, MemberColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MemberColumn {
    Penalty,
    Member,
    State,
    For,
    Paused,
}

impl TableColumn for MemberColumn {
    const ALL: &'static [Self] = &[Self::Penalty, Self::Member, Self::State, Self::For, Self::Paused];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Penalty => ColumnDesign::new("penalty", 8),
            Self::Member => ColumnDesign::new("member", 24),
            Self::State => ColumnDesign::new("state", 14),
            Self::For => ColumnDesign::new("for", 7),
            Self::Paused => ColumnDesign::new("paused", 18).need(Need::ByDesign(1)),
        }
    }
}

struct MemberRows<'a> {
    queue: QueueId,
    app: &'a App,
}

impl MemberRows<'_> {
    fn penalty(&self, id: MemberId) -> Option<u32> {
        let queue = self.app.configuration.queues.get(self.queue)?;
        queue.members.iter().find(|member| member.member == id).map(|member| member.penalty.into())
    }

    /// How an agent stands; of a line nothing is said.
    fn now(&self, id: MemberId) -> Option<&AgentNow> {
        let MemberId::Agent(agent) = id else { return None };
        let agent = self.app.configuration.agents.get(agent)?;
        self.app.at_work.as_ref()?.agent(agent.number.as_str())
    }

    /// The pause in this queue.
    fn pause(&self, now: &AgentNow) -> Option<String> {
        let queue = self.app.configuration.queues.get(self.queue)?;
        let here = now.queues.iter().find(|known| known.queue == queue.name.as_str())?;
        standing::pause(here, self.app)
    }
}

impl TableRows for MemberRows<'_> {
    type Id = MemberId;
    type Column = MemberColumn;

    /// The lowest penalty first.
    fn ids(&self) -> Vec<MemberId> {
        let queue = self.app.configuration.queues.get(self.queue);
        let mut members: Vec<&QueueMember> = queue.iter().flat_map(|queue| &queue.members).collect();
        members.sort_by_key(|member| member.penalty);
        members.iter().map(|member| member.member).collect()
    }

    fn searched(&self, id: MemberId) -> Folded<'_> {
        Folded::of(&member_words(id, &self.app.configuration))
    }

    fn cell(&self, id: MemberId, column: MemberColumn) -> Line<'static> {
        let now = self.now(id);
        let is_live = self.app.at_work.is_some();
        Line::raw(match (column, now) {
            (MemberColumn::Penalty, _) => self.penalty(id).map(|penalty| penalty.to_string()).unwrap_or_default(),
            (MemberColumn::Member, _) => member_words(id, &self.app.configuration),
            (MemberColumn::State, Some(now)) => standing::state(now),
            (MemberColumn::For, Some(now)) => standing::stands_for(now, self.app),
            (MemberColumn::Paused, Some(now)) => self.pause(now).unwrap_or_else(|| "-".to_owned()),
            (MemberColumn::State, None) if is_live => "-".to_owned(),
            (MemberColumn::State | MemberColumn::For | MemberColumn::Paused, None) => String::new(),
        })
    }

    fn sort_key(&self, id: MemberId, column: MemberColumn) -> SortKey<'_> {
        match column {
            MemberColumn::For => self.now(id).map_or(SortKey::Nothing, standing::since_key),
            MemberColumn::Penalty | MemberColumn::Member | MemberColumn::State | MemberColumn::Paused => {
                SortKey::of_cell(&self.cell(id, column))
            }
        }
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" Nobody answers this queue yet; `a` adds a member.", theme::MUTED)
    }
}

impl Members {
    pub(super) fn open(queue: QueueId, app: &App) -> Self {
        let mut table = TableView::new(&[]);
        table.look(&MemberRows { queue, app });
        Self { queue, table }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(MemberModel::new(self.queue, None, app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.table.chosen() {
            Some(member) => {
                Transition::Push(Box::new(Form::open(MemberModel::new(self.queue, Some(member), app), app)))
            }
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(member) = self.table.chosen() else { return Transition::Stay };
        let (called, queue) = (member_words(member, &app.configuration), self.queue);
        let removal = Removal {
            target: Target { kind: Kind::Queue, id: queue.number() },
            title: format!("Remove {called} from the queue?"),
            text: always("Agent, line and user stay as they are; calls of this queue no longer come there."),
            words: format!("{called} is no longer a member"),
        };
        removal.ask(app, move |c| c.remove_queue_member(queue, member))
    }
}

impl AgentScreen for Members {
    /// The agent under the cursor, in this queue.
    fn chosen_agent(&self, app: &App) -> Option<Meant> {
        match self.table.chosen()? {
            MemberId::Agent(agent) => Meant::of(agent, Some(self.queue), app),
            MemberId::Line(_) => None,
        }
    }
}

impl Screen for Members {
    fn title(&self, app: &App) -> String {
        app.configuration.queues.get(self.queue).map_or_else(String::new, |queue| queue.name.to_string())
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("the queue has no members");
        let all = app.configuration.queues.get(self.queue).map_or(0, |queue| queue.members.len());
        let nobody = match app.configuration.agents.len() + app.configuration.lines.len() {
            0 => Some("there is no agent yet: Esc, then Tab shows the agents, where `a` adds one"),
            number => (number == all).then_some("every agent and line is a member already"),
        };
        let agent = self.chosen_agent(app);
        let agent = agent.as_ref();
        let obstacle = agent_actions::obstacle(agent, app);
        let pause = Command::new([Action::Pause], "pause", "Pause the agent in this queue; asks why", Self::pause);
        let unpause = Command::new(
            [Action::EndPause],
            "end pause",
            "End the agent's pause in this queue; asks first",
            Self::unpause,
        );
        let log_off =
            Command::new([Action::LogOff], "log off", "Log the agent off, from all queues; asks first", Self::log_off);
        vec![
            pause.blocked(none).blocked(obstacle).edits(app),
            unpause.blocked(none).blocked(agent_actions::unpause_obstacle(agent, app)).edits(app),
            log_off.blocked(none).blocked(obstacle).edits(app),
            Command::new([Action::Add], "add", "Add an agent or a line as a member", Self::add)
                .blocked(nobody)
                .edits(app),
            Command::new([Action::Open, Action::Edit], "penalty", "Change the member's penalty", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Action::Remove], "remove", "Remove the member", Self::remove).blocked(none).edits(app),
        ]
    }

    fn object(&self) -> Option<Target> {
        Some(Target { kind: Kind::Queue, id: self.queue.number() })
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.table.look(&MemberRows { queue: self.queue, app });
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let (foot, rows) = (self.foot(area.width, app), MemberRows { queue: self.queue, app });
        self.table.draw_above(frame, area, &rows, (foot, FOOT_ROWS.min(area.height / 2)));
    }

    /// The agent, or whose line it is; and who waits.
    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let (c, waiting) = (&app.configuration, self.foot(width, app)?);
        match self.table.chosen() {
            Some(MemberId::Agent(id)) => {
                let agent = agent_table::in_full(c.agents.get(id)?, width, app).into_lines();
                let between = std::iter::once(Line::default());
                Some(Detail::lines(agent.into_iter().chain(between).chain(waiting.into_lines()).collect()))
            }
            Some(MemberId::Line(id)) => Some(Detail::screen(users::page_of(c.lines.get(id)?.user, app)).above(waiting)),
            None => Some(Detail::foot(waiting)),
        }
    }
}

impl Members {
    /// Who waits, in order.
    fn foot(&self, width: u16, app: &App) -> Option<Foot> {
        let queue = app.configuration.queues.get(self.queue)?;
        let now = app.at_work.as_ref().and_then(|at_work| at_work.queue(queue.name.as_str()));
        let title = match now {
            Some(now) if now.waiting == 0 => "nobody waits".to_owned(),
            Some(now) => {
                let longest = now.longest_wait_since.map(|since| span(since as i64, app.now)).unwrap_or_default();
                format!("{} waiting, the longest for {longest}", now.waiting)
            }
            None => "who waits".to_owned(),
        };
        let mut foot = Foot::new(&title, width);
        let name_width = usize::from(width.saturating_sub(32)).clamp(12, 48);
        for (position, caller) in (1..).zip(now.map_or(&[][..], |now| now.callers.as_slice())) {
            let waited = span(caller.since as i64, app.now);
            foot.tell(&format!(
                "{}{}{waited}",
                cell(&format!("{position}."), 4),
                cell(&caller_name(caller), name_width)
            ));
        }
        tell_link(&mut foot, app);
        Some(foot)
    }
}
