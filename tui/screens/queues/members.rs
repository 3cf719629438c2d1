//! The members of one queue, the lowest penalty first, with how agents among them stand, and below them who waits. An agent is
//! paused and unpaused in this queue alone.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::id::QueueId;
use crate::settings::queue::{MemberId, QueueMember};
use crate::tui::app::{App, Detail, Transition};
use crate::tui::clock::span;
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, cells, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES, cell};

use super::agent_actions::{self, Meant};
use super::agent_table::tell_link;
use super::queue_form::{MemberModel, member_words};
use super::queue_table::caller_name;
use super::standing;

/// Rows below the list: who waits.
const FOOT_ROWS: u16 = 8;
const PENALTY_WIDTH: usize = 8;
const MEMBER_WIDTH: usize = 24;
/// Columns of what an agent does, for how long, and of a pause.
const STATE_WIDTH: usize = 14;
const FOR_WIDTH: usize = 7;
const PAUSE_WIDTH: usize = 18;

pub(super) struct Members {
    queue: QueueId,
    list: List<MemberId>,
    filter: Filter,
}

impl Members {
    pub(super) fn open(queue: QueueId, app: &App) -> Self {
        let mut members = Self { queue, list: List::default(), filter: Filter::new(&[]) };
        members.look(app);
        members
    }

    fn look(&mut self, app: &App) {
        let c = &app.configuration;
        let rows = members(self.queue, app).into_iter().map(|member| (member.member, member_words(member.member, c)));
        self.filter.narrow_texts(&mut self.list, rows);
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn add(&mut self, app: &mut App) -> Transition {
        Transition::Push(Box::new(Form::open(MemberModel::new(self.queue, None, app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(member) => {
                Transition::Push(Box::new(Form::open(MemberModel::new(self.queue, Some(member), app), app)))
            }
            None => Transition::Stay,
        }
    }

    /// The agent under the cursor, in this queue.
    fn chosen_agent(&self, app: &App) -> Option<Meant> {
        match self.list.chosen()? {
            MemberId::Agent(agent) => Meant::of(agent, Some(self.queue), app),
            MemberId::Line(_) => None,
        }
    }

    fn log_off(&mut self, app: &mut App) -> Transition {
        self.chosen_agent(app).map_or(Transition::Stay, |agent| agent_actions::log_off(&agent, app))
    }

    fn pause(&mut self, app: &mut App) -> Transition {
        self.chosen_agent(app).map_or(Transition::Stay, |agent| agent_actions::pause(&agent, app))
    }

    fn unpause(&mut self, app: &mut App) -> Transition {
        self.chosen_agent(app).map_or(Transition::Stay, |agent| agent_actions::unpause(&agent, app))
    }

    /// Nothing else hangs on a membership: it is removed on the spot, Ctrl-Z brings it back.
    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(member) = self.list.chosen() else { return Transition::Stay };
        let words = format!("{} is no member any more", member_words(member, &app.configuration));
        let queue = self.queue;
        let transition = app.change_and_tell(words, None, move |c| c.remove_queue_member(queue, member));
        self.on_update(app);
        transition
    }
}

fn members(queue: QueueId, app: &App) -> Vec<QueueMember> {
    let mut members = app.configuration.queues.get(queue).map(|queue| queue.members.clone()).unwrap_or_default();
    members.sort_by_key(|member| member.penalty);
    members
}

impl Screen for Members {
    fn title(&self, app: &App) -> String {
        app.configuration.queues.get(self.queue).map_or_else(String::new, |queue| queue.name.to_string())
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("the queue has no members");
        let all = app.configuration.queues.get(self.queue).map_or(0, |queue| queue.members.len());
        let nobody = match app.configuration.agents.len() + app.configuration.lines.len() {
            0 => Some("there is no agent yet: Esc, then Tab shows the agents, where `a` adds one"),
            number => (number == all).then_some("every agent and line is a member already"),
        };
        let agent = self.chosen_agent(app);
        let agent = agent.as_ref();
        let obstacle = agent_actions::obstacle(agent, app);
        let pause = Command::new([Key::char('p')], "pause", "Pause the agent in this queue; asks why", Self::pause);
        let unpause = Command::new(
            [Key::char('P')],
            "end pause",
            "End the agent's pause in this queue; asks first",
            Self::unpause,
        );
        let log_off =
            Command::new([Key::char('o')], "log off", "Log the agent off, from all queues; asks first", Self::log_off);
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            pause.blocked(none).blocked(obstacle).edits(app),
            unpause.blocked(none).blocked(agent_actions::unpause_obstacle(agent, app)).edits(app),
            log_off.blocked(none).blocked(obstacle).edits(app),
            Command::new([Key::char('a')], "add", "Add an agent or a line as a member", Self::add)
                .blocked(nobody)
                .edits(app),
            Command::new([Key::ENTER, Key::char('e')], "penalty", "Give the member another penalty", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the member", Self::remove)
                .blocked(none)
                .edits(app),
        ]
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let foot_rows = detail::foot_rows(frame, FOOT_ROWS.min(area.height / 2));
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + foot_rows), ..area };
        let members = members(self.queue, app);
        let c = &app.configuration;
        let live = |width, head| match app.at_work {
            Some(_) => Column::new(width, head),
            None => Column::new(width, head).holding([""]),
        };
        let columns = [
            Column::new(PENALTY_WIDTH, "penalty"),
            Column::new(MEMBER_WIDTH, "member").holding(members.iter().map(|member| member_words(member.member, c))),
            live(STATE_WIDTH, "state"),
            live(FOR_WIDTH, "for"),
            live(PAUSE_WIDTH, "paused").if_room(),
        ];
        let widths = fit(area.width.saturating_sub(1), columns);
        let heads = ["penalty", "member", "state", "for", "paused"];
        let head = cells(heads, &widths);
        frame.buffer_mut().set_stringn(area.x + 1, area.y, head, usize::from(area.width) - 1, theme::HEAD);
        if members.is_empty() {
            let words = " Nobody answers this queue yet; `a` adds a member.";
            frame.buffer_mut().set_string(area.x, area.y + 2, words, theme::MUTED);
        }
        let queue = self.queue;
        self.list.draw(frame, rows, true, |id| {
            let penalty = members.iter().find(|member| member.member == id).map(|member| member.penalty.to_string());
            let [state, since, pause] = standing_of(id, queue, app);
            let texts = [penalty.unwrap_or_default(), member_words(id, c), state, since, pause];
            Line::raw(format!(" {}", cells(texts, &widths)))
        });
        if let Some(foot) = self.foot(area.width, app) {
            foot.draw(frame, Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area });
        }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.foot(width, app).map(Detail::foot)
    }
}

/// State, for how long, and the pause in this queue; of a line nothing is said.
fn standing_of(id: MemberId, queue: QueueId, app: &App) -> [String; 3] {
    let c = &app.configuration;
    let unknown = || ["-", "", ""].map(str::to_owned);
    let (MemberId::Agent(agent), Some(at_work)) = (id, &app.at_work) else { return unknown() };
    let now = c.agents.get(agent).and_then(|agent| at_work.agent(agent.number.as_str()));
    let (Some(now), Some(queue)) = (now, c.queues.get(queue)) else { return unknown() };
    let here = now.queues.iter().find(|known| known.queue == queue.name.as_str());
    let pause = here.and_then(|here| standing::pause(here, app)).unwrap_or_else(|| "-".to_owned());
    [standing::state(now), standing::stands_for(now, app), pause]
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
