//! One group: its presences as a table, in the order in which clients show them.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::presence::Presence;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::office::Office;
use crate::tui::screen::{Answer, Screen};
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES, cell};

use super::form::{PresenceModel, Source, words};

pub(super) struct Group {
    id: PresenceGroupId,
    list: List<PresenceId>,
}

impl Group {
    pub(super) fn open(id: PresenceGroupId, office: &Office) -> Self {
        Self { id, list: List::new(ids(id, office)) }
    }

    /// With the cursor on that presence; none if there is no such presence.
    pub(super) fn of_presence(id: i64, office: &Office) -> Option<Self> {
        let presence = office.configuration.presences.get(PresenceId::new(id))?;
        let mut group = Self::open(presence.group, office);
        group.list.choose(presence.id);
        Some(group)
    }

    fn moved(&mut self, key: Key, _office: &mut Office) -> Answer {
        self.list.press(key);
        Answer::Stay
    }

    fn add(&mut self, office: &mut Office) -> Answer {
        Answer::Push(Box::new(Form::open(PresenceModel::new(self.id, Source::Nothing, office), office)))
    }

    fn edit(&mut self, office: &mut Office) -> Answer {
        let Some(id) = self.list.chosen() else { return Answer::Stay };
        Answer::Push(Box::new(Form::open(PresenceModel::new(self.id, Source::Edit(id), office), office)))
    }

    fn duplicate(&mut self, office: &mut Office) -> Answer {
        let Some(id) = self.list.chosen() else { return Answer::Stay };
        Answer::Push(Box::new(Form::open(PresenceModel::new(self.id, Source::Copy(id), office), office)))
    }
}

fn ids(group: PresenceGroupId, office: &Office) -> Vec<PresenceId> {
    office.configuration.presences_of(group).iter().map(|presence| presence.id).collect()
}

impl Screen for Group {
    fn title(&self, office: &Office) -> String {
        office.configuration.presence_groups.get(self.id).map_or_else(String::new, |group| group.name.to_string())
    }

    fn commands(&self, office: &Office) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("there is no presence");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER, Key::char('e')], "edit", "Edit the presence", Self::edit)
                .blocked(none)
                .edits(office),
            Command::new([Key::char('a')], "add", "Add a presence to the group", Self::add).edits(office),
            Command::new([Key::char('c')], "copy", "Add a copy of the presence", Self::duplicate)
                .blocked(none)
                .edits(office),
        ]
    }

    fn heard(&mut self, office: &mut Office) {
        self.list.set(ids(self.id, office));
    }

    fn clicked(&mut self, at: Position, _office: &mut Office) -> Answer {
        self.list.clicked(at);
        Answer::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, office: &Office) {
        let head = format!(
            "   {}{}{}{}{}",
            cell("presence", 14),
            cell("display name", 16),
            cell("color", 12),
            cell("reaches", 7),
            "actions"
        );
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        let c = &office.configuration;
        self.list.draw(frame, Rect { y: area.y + 1, height: area.height - 1, ..area }, true, |id| {
            c.presences.get(id).map_or_else(|| Line::raw(""), |presence| row(presence))
        });
    }
}

fn row(presence: &Presence) -> Line<'static> {
    // Those two cannot be removed or renamed.
    let lock = if presence.is_mandatory() { " = " } else { "   " };
    let actions: Vec<&str> = presence.actions.iter().map(|action| words(*action)).collect();
    Line::from(vec![
        Span::raw(format!("{lock}{}{}", cell(presence.name.as_str(), 14), cell(presence.display.as_str(), 16))),
        Span::styled("███", theme::swatch(presence.color)),
        Span::raw(format!(" {}", cell(&presence.color.to_string(), 8))),
        Span::raw(cell(&presence.reachable.len().to_string(), 7)),
        Span::raw(actions.join(", ")),
    ])
}
