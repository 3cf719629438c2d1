//! One group: its presences as a table, in the order in which clients show them, and below it all about the chosen one.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{PresenceGroupId, PresenceId};
use crate::settings::presence::Presence;
use crate::tui::app::{App, Detail, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::list::{List, MOVES, cell};

use super::form::{PresenceBasis, PresenceModel, long_words, short_words};
use super::marks::GroupFindings;
use super::removal;
use crate::tui::widgets::foot::Foot;

/// Columns before the first.
const SIGNS_WIDTH: u16 = 3;
/// From so many columns beside it there is room for the matrix.
const MATRIX_FROM: u16 = 76;

pub(super) struct PresenceTable {
    id: PresenceGroupId,
    list: List<PresenceId>,
    filter: Filter,
    marks: GroupFindings,
}

impl PresenceTable {
    pub(super) fn open(id: PresenceGroupId, app: &App) -> Self {
        let marks = GroupFindings::of(id, &app.configuration);
        let mut table = Self { id, list: List::default(), filter: Filter::new(FIELDS), marks };
        table.look(app);
        table
    }

    fn look(&mut self, app: &App) {
        let c = &app.configuration;
        let presences = c.presences_of(self.id);
        let rows = presences.iter().map(|one| (one.id, Cow::from(fold(&format!("{} {}", one.name, one.display)))));
        let field = |id, name| c.presences.get(id).map_or_else(String::new, |presence| field(presence, name, c));
        self.filter.narrow(&mut self.list, rows, field);
    }

    /// With the cursor on that presence; none if there is no such presence.
    pub(super) fn of_presence(id: PresenceId, app: &App) -> Option<Self> {
        let presence = app.configuration.presences.get(id)?;
        let mut group = Self::open(presence.group, app);
        group.list.choose(presence.id);
        Some(group)
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.list.await_new();
        Transition::Push(Box::new(Form::open(PresenceModel::new(self.id, PresenceBasis::Nothing, app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.list.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(PresenceModel::new(self.id, PresenceBasis::Edit(id), app), app)))
    }

    fn duplicate(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.list.chosen() else { return Transition::Stay };
        self.list.await_new();
        Transition::Push(Box::new(Form::open(PresenceModel::new(self.id, PresenceBasis::Copy(id), app), app)))
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        self.list.chosen().map_or(Transition::Stay, |id| removal::ask(id, app))
    }

    fn move_up(&mut self, app: &mut App) -> Transition {
        self.reorder(Ordering::Less, app)
    }

    fn move_down(&mut self, app: &mut App) -> Transition {
        self.reorder(Ordering::Greater, app)
    }

    /// Before the one that stands before it, or behind the next one.
    fn reorder(&mut self, to: Ordering, app: &mut App) -> Transition {
        let presence = self.list.chosen().and_then(|id| app.configuration.presences.get(id)).cloned();
        let Some(presence) = presence else { return Transition::Stay };
        let last = self.list.ids().len().saturating_sub(1);
        let (place, whither) = match (to, self.list.place()) {
            (Ordering::Less, 0) => return Transition::Stay,
            (Ordering::Less, place) => (place - 1, "up"),
            (_, place) if place >= last => return Transition::Stay,
            (_, place) => (place + 1, "down"),
        };
        let position = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let words = format!("presence \"{}\" was moved {whither}", presence.name);
        let transition = app.change_and_tell(words, None, move |c| c.move_presence(presence.id, position));
        self.on_update(app);
        transition
    }

    fn show_matrix(&mut self, app: &mut App) -> Transition {
        Transition::Replace(super::matrix_of(self.id, self.list.chosen(), app))
    }

    /// All about the chosen one.
    fn foot(&self, width: u16, c: &Configuration) -> Option<Foot> {
        let presence = self.list.chosen().and_then(|id| c.presences.get(id))?;
        let mut foot = Foot::new(&format!("{} ({})", presence.name, presence.display), width);
        for finding in self.marks.on(presence.id) {
            foot.blame("", finding);
        }
        foot.say("reaches", &or_none(names(reached(presence, c))));
        foot.say("reached from", &or_none(names(c.reached_from(presence.id))));
        let actions: Vec<&str> = presence.actions.iter().map(|action| long_words(*action)).collect();
        foot.say("on entering", &or_none(actions.join(", then ")));
        if presence.is_mandatory() {
            foot.say("=", "is in every group and cannot be removed");
        }
        Some(foot)
    }
}

/// In the order of the group.
fn reached<'a>(presence: &Presence, c: &'a Configuration) -> impl Iterator<Item = &'a Arc<Presence>> {
    let others = c.presences_of(presence.group).into_iter();
    others.filter(|other| presence.reachable.contains(&other.id))
}

fn names<'a>(presences: impl IntoIterator<Item = &'a Arc<Presence>>) -> String {
    let names: Vec<&str> = presences.into_iter().map(|presence| presence.name.as_str()).collect();
    names.join(", ")
}

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["reaches", "action", "color"];

fn field(presence: &Presence, name: &str, c: &Configuration) -> String {
    match name {
        "reaches" => names(reached(presence, c)),
        "action" => presence.actions.iter().map(|action| long_words(*action)).collect::<Vec<_>>().join(", "),
        "color" => presence.color.to_string(),
        _ => String::new(),
    }
}

fn or_none(words: String) -> String {
    if words.is_empty() { "none".to_owned() } else { words }
}

impl Screen for PresenceTable {
    fn title(&self, app: &App) -> String {
        app.configuration.presence_groups.get(self.id).map_or_else(String::new, |group| group.name.to_string())
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("there is no presence");
        let changing = |command: Command<Self>| command.blocked(none).edits(app);
        let some = self.filter.is_on().then_some("the filter may hide some: Esc shows all, and then it can be moved");
        let first = (self.list.place() == 0).then_some("it is the first already");
        let last = (self.list.place() + 1 >= self.list.ids().len()).then_some("it is the last already");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            changing(Command::new([Key::ENTER, Key::char('e')], "edit", "Edit the presence", Self::edit)),
            Command::new([Key::char('a')], "add", "Add a presence to the group", Self::add).edits(app),
            changing(Command::new([Key::char('c')], "copy", "Add a copy of the presence", Self::duplicate)),
            changing(Command::new(
                [Key::char('d'), Key::DELETE],
                "remove",
                "Remove the presence; says first who is affected",
                Self::remove,
            )),
            Command::new([Key::char('m')], "matrix", "Show from where to where one may change", Self::show_matrix)
                .blocked(none),
            changing(Command::new([Key::char('K')], "up", "Move the presence up in the order", Self::move_up))
                .blocked(some)
                .blocked(first),
            changing(Command::new([Key::char('J')], "down", "Move the presence down in the order", Self::move_down))
                .blocked(some)
                .blocked(last),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.look(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
        self.marks = GroupFindings::of(self.id, &app.configuration);
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn list_width(&self, width: u16) -> u16 {
        if detail::is_wide(width) { width / 2 } else { detail::usual_list_width(width) }
    }

    /// The matrix too, where it has room.
    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let foot = self.foot(width, &app.configuration)?;
        if width < MATRIX_FROM {
            return Some(Detail::foot(foot));
        }
        Some(Detail::screen(super::matrix_of(self.id, self.list.chosen(), app)).above(foot))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let shown: Vec<Arc<Presence>> = c.presences_of(self.id).into_iter().cloned().collect();
        let widths = PresenceWidths::of(area.width, &shown, c);
        frame.buffer_mut().set_stringn(area.x, area.y, widths.head(), usize::from(area.width), theme::HEAD);
        let foot_rows = detail::foot_rows(frame, (area.height * 2 / 5).min(12));
        let rows = area.height - 1 - foot_rows;
        let marks = &self.marks;
        self.list.draw(frame, Rect { y: area.y + 1, height: rows, ..area }, true, |id| {
            c.presences.get(id).map_or_else(|| Line::raw(""), |presence| widths.row(presence, marks.sign(id), c))
        });
        if let Some(foot) = self.foot(area.width, c) {
            foot.draw(frame, Rect { y: area.y + 1 + rows, height: foot_rows, ..area });
        }
    }
}

fn short_actions(presence: &Presence) -> String {
    let actions: Vec<&str> = presence.actions.iter().map(|action| short_words(*action)).collect();
    actions.join(", ")
}

/// Of so many columns the names of what is reached are told, else their number, as on every narrow terminal.
const NAMES_FROM: usize = 20;
const NAMES_FROM_TERMINAL: u16 = 100;

/// Columns of the table.
struct PresenceWidths {
    name: usize,
    display: usize,
    color: usize,
    reaches: usize,
    actions: usize,
}

impl PresenceWidths {
    fn of(width: u16, presences: &[Arc<Presence>], c: &Configuration) -> Self {
        let texts = || presences.iter();
        let reaches = |one: &Presence| match width < NAMES_FROM_TERMINAL {
            true => String::new(),
            false => names(reached(one, c)),
        };
        let columns = [
            Column::new(13, "presence").holding(texts().map(|one| one.name.as_str())),
            Column::new(16, "display name").holding(texts().map(|one| one.display.as_str())),
            Column::new(9, "color"),
            Column::new(7, "reaches").holding(["0"]).holding(texts().map(|one| reaches(one))),
            Column::new(25, "on entering").holding(texts().map(|one| short_actions(one))).if_room(),
        ];
        let [name, display, color, reaches, actions] = fit(width.saturating_sub(SIGNS_WIDTH), columns);
        Self { name, display, color, reaches, actions }
    }

    fn head(&self) -> String {
        let Self { name, display, color, reaches, actions } = *self;
        let (name, display) = (cell("presence", name), cell("display name", display));
        let (color, reaches) = (cell("color", color), cell("reaches", reaches));
        format!("   {name}  {display}{color}{reaches}{}", cell("on entering", actions))
    }

    fn row(&self, presence: &Presence, sign: &'static str, c: &Configuration) -> Line<'static> {
        // Those two cannot be removed or renamed.
        let lock = if presence.is_mandatory() { "=" } else { " " };
        let reaches = match presence.reachable.len() {
            0 => "none".to_owned(),
            number if self.reaches < NAMES_FROM => number.to_string(),
            _ => names(reached(presence, c)),
        };
        let (name, display) = (cell(presence.name.as_str(), self.name), cell(presence.display.as_str(), self.display));
        let actions = cell(&short_actions(presence), self.actions);
        Line::from(vec![
            Span::raw(format!("{sign}{lock} {name}")),
            theme::dot(presence.color),
            Span::raw(format!(
                " {display}{}{}",
                cell(&presence.color.to_string(), self.color),
                cell(&reaches, self.reaches)
            )),
            Span::raw(actions.trim_end().to_owned()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::presence::PresenceAction;

    #[test]
    fn as_many_actions_as_the_rules_allow_have_room_at_the_design_size() {
        let actions = [PresenceAction::EnableDnd(false), PresenceAction::QueueUnpauseAll, PresenceAction::AgentLogoff];
        let words = actions.map(short_words).join(", ");
        let widths = PresenceWidths::of(80, &[], &crate::settings::fixtures::small_company());
        assert!(words.len() <= widths.actions, "{words}");
    }
}
