//! The members of one queue, the lowest penalty first.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::id::QueueId;
use crate::settings::queue::{MemberId, QueueMember};
use crate::tui::app::{App, Transition};
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES, cell};

use super::queue_form::{MemberModel, member_words};

pub(super) struct Members {
    queue: QueueId,
    list: List<MemberId>,
}

impl Members {
    pub(super) fn open(queue: QueueId, app: &App) -> Self {
        let list = List::new(members(queue, app).iter().map(|member| member.member).collect());
        Self { queue, list }
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
        let none = self.list.chosen().is_none().then_some("the queue has no member");
        let all = app.configuration.queues.get(self.queue).map_or(0, |queue| queue.members.len());
        let nobody = match app.configuration.agents.len() + app.configuration.lines.len() {
            0 => Some("there is no agent yet: Esc, then Tab shows the agents, where `a` adds one"),
            number => (number == all).then_some("every agent and line is a member already"),
        };
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::char('a')], "add", "Make an agent or a line a member", Self::add)
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
        self.list.set(members(self.queue, app).iter().map(|member| member.member).collect());
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let head = format!(" {}member", cell("penalty", 8));
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        let members = members(self.queue, app);
        if members.is_empty() {
            frame.buffer_mut().set_string(
                area.x,
                area.y + 2,
                " Nobody answers this queue yet; `a` adds a member.",
                theme::MUTED,
            );
        }
        let c = &app.configuration;
        self.list.draw(frame, Rect { y: area.y + 1, height: area.height - 1, ..area }, true, |id| {
            let penalty = members.iter().find(|member| member.member == id).map(|member| member.penalty.to_string());
            Line::raw(format!(" {}{}", cell(&penalty.unwrap_or_default(), 8), member_words(id, c)))
        });
    }
}
