//! One group: its presences as a table, in the order in which clients show them, and below it all about the chosen one.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::object_mend::ObjectMend;
use crate::settings::presence::Presence;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, ReorderWay, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};
use crate::tui::widgets::dots::{colored, dotted};
use crate::tui::widgets::heads::SortKey;

use super::form::{PresenceBasis, PresenceModel, long_words, short_words};
use super::marks::GroupFindings;
use super::removal;
use crate::tui::widgets::foot::Foot;

/// From so many columns beside it there is room for the matrix.
const MATRIX_FROM: u16 = 76;

pub(super) struct PresenceTable {
    id: PresenceGroupId,
    table: TableView<PresenceId, PresenceColumn>,
    marks: GroupFindings,
    /// Of the terminal, where it was drawn last.
    width: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PresenceColumn {
    Name,
    Display,
    Color,
    Reaches,
    OnEntering,
}

impl TableColumn for PresenceColumn {
    const ALL: &'static [Self] = &[Self::Name, Self::Display, Self::Color, Self::Reaches, Self::OnEntering];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Name => ColumnDesign::new("presence", 13),
            Self::Display => ColumnDesign::new("display name", 18),
            Self::Color => ColumnDesign::new("color", 9),
            Self::Reaches => ColumnDesign::new("reaches", 7),
            Self::OnEntering => ColumnDesign::new("on entering", 25).need(Need::ByDesign(1)),
        }
    }
}

/// Whether names in the foot have dots: below the list they would make each move of the cursor cost twice as many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dots {
    Shown,
    LeftOut,
}

struct PresenceRows<'a> {
    id: PresenceGroupId,
    marks: &'a GroupFindings,
    /// Of the terminal: a narrow one tells how many are reached, not which.
    width: u16,
    c: &'a Configuration,
}

impl TableRows for PresenceRows<'_> {
    type Id = PresenceId;
    type Column = PresenceColumn;

    const SIGN_WIDTH: u16 = 3;

    /// As clients show them.
    fn ids(&self) -> Vec<PresenceId> {
        super::marks::ids(self.id, self.c)
    }

    fn searched(&self, id: PresenceId) -> Folded<'_> {
        let presence = self.c.presences.get(id);
        presence.map_or_else(Folded::default, |one| Folded::of(&format!("{} {}", one.name, one.display)))
    }

    fn field(&self, id: PresenceId, name: &'static str) -> Folded<'_> {
        let presence = self.c.presences.get(id);
        presence.map_or_else(Folded::default, |presence| Folded::of(&field(presence, name, self.c)))
    }

    fn cell(&self, id: PresenceId, column: PresenceColumn) -> Line<'static> {
        let Some(presence) = self.c.presences.get(id) else { return Line::default() };
        match column {
            PresenceColumn::Name => Line::raw(presence.name.to_string()),
            PresenceColumn::Display => {
                Line::from(vec![theme::dot(presence.color), Span::raw(format!(" {}", presence.display))])
            }
            PresenceColumn::Color => Line::raw(presence.color.to_string()),
            PresenceColumn::Reaches => Line::raw(match presence.reachable.len() {
                0 => "none".to_owned(),
                number if self.width < NAMES_FROM_TERMINAL => number.to_string(),
                _ => {
                    let words = dotted(reached(presence, self.c).map(|other| other.name.as_str()));
                    let mut colors = reached(presence, self.c).map(|other| other.color);
                    return colored(&words, theme::PLAIN, &mut colors);
                }
            }),
            PresenceColumn::OnEntering => Line::raw(short_actions(presence)),
        }
    }

    fn sort_key(&self, id: PresenceId, column: PresenceColumn) -> SortKey<'_> {
        match (self.c.presences.get(id), column) {
            (Some(presence), PresenceColumn::Reaches) => SortKey::count(presence.reachable.len()),
            _ => SortKey::of_cell(&self.cell(id, column)),
        }
    }

    /// What is wrong with it, and whether it is one of the two that cannot be removed or renamed.
    fn sign(&self, id: PresenceId) -> Span<'static> {
        let is_mandatory = self.c.presences.get(id).is_some_and(|presence| presence.is_mandatory());
        Span::raw(format!("{}{} ", self.marks.sign(id), if is_mandatory { "=" } else { " " }))
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no presence in this group yet; `a` adds one.", theme::MUTED)
    }
}

impl PresenceTable {
    pub(super) fn open(id: PresenceGroupId, app: &App) -> Self {
        let marks = GroupFindings::of(id, &app.configuration);
        let mut table = Self { id, table: TableView::new(FIELDS), marks, width: 0 };
        table.look(app);
        table
    }

    fn look(&mut self, app: &App) {
        let rows = PresenceRows { id: self.id, marks: &self.marks, width: self.width, c: &app.configuration };
        self.table.look(&rows);
    }

    /// With the cursor on that presence; none if there is no such presence.
    pub(super) fn of_presence(id: PresenceId, app: &App) -> Option<Self> {
        let presence = app.configuration.presences.get(id)?;
        let mut group = Self::open(presence.group, app);
        let rows = PresenceRows { id: group.id, marks: &group.marks, width: 0, c: &app.configuration };
        group.table.choose(presence.id, &rows);
        Some(group)
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(PresenceModel::new(self.id, PresenceBasis::Nothing, app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.table.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(PresenceModel::new(self.id, PresenceBasis::Edit(id), app), app)))
    }

    fn duplicate(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.table.chosen() else { return Transition::Stay };
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(PresenceModel::new(self.id, PresenceBasis::Copy(id), app), app)))
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        self.table.chosen().map_or(Transition::Stay, |id| removal::ask(id, app))
    }

    fn move_up(&mut self, app: &mut App) -> Transition {
        self.reorder(ReorderWay::Up, app)
    }

    fn move_down(&mut self, app: &mut App) -> Transition {
        self.reorder(ReorderWay::Down, app)
    }

    /// Before the one that stands before it, or behind the next one.
    fn reorder(&mut self, way: ReorderWay, app: &mut App) -> Transition {
        let presence = self.table.chosen().and_then(|id| app.configuration.presences.get(id)).cloned();
        let (Some(presence), Ok(place)) = (presence, self.table.place_beside(way)) else { return Transition::Stay };
        let position = u32::try_from(place + 1).unwrap_or(u32::MAX);
        let words = format!("presence \"{}\" was moved {}", presence.name, way.as_str());
        let transition = app.change_and_tell(words, None, move |c| c.move_presence(presence.id, position));
        self.on_update(app);
        transition
    }

    fn show_matrix(&mut self, app: &mut App) -> Transition {
        Transition::Push(super::matrix_of(self.id, self.table.chosen(), app))
    }

    /// What takes away the first that the rules say of the chosen one, where there is one way only.
    fn chosen_mend(&self, c: &Configuration) -> Option<ObjectMend> {
        let findings = self.marks.on(self.table.chosen()?);
        findings.into_iter().find_map(|finding| c.mend_of(finding.about?, &finding.refusal))
    }

    fn fix(&mut self, app: &mut App) -> Transition {
        let c = &app.configuration;
        let presence = self.table.chosen().and_then(|id| c.presences.get(id));
        let (Some(presence), Some(mend)) = (presence, self.chosen_mend(c)) else { return Transition::Stay };
        let words = format!("presence \"{}\" was fixed: {mend}", presence.name);
        let transition = app.change_and_tell(words, None, move |c| {
            c.mend(mend);
            Ok(())
        });
        self.on_update(app);
        transition
    }

    /// All about the chosen one.
    fn foot(&self, width: u16, dots: Dots, c: &Configuration) -> Option<Foot> {
        let presence = self.table.chosen().and_then(|id| c.presences.get(id))?;
        let mut foot = Foot::new(&format!("{} ({})", presence.name, presence.display), width);
        for finding in self.marks.on(presence.id) {
            foot.blame("", finding);
        }
        if let Some(mend) = self.chosen_mend(c) {
            foot.say("F fixes it:", &mend.to_string());
        }
        let mut say = |label, others: Vec<&Arc<Presence>>| match dots {
            Dots::Shown => {
                let words = or_none(dotted(others.iter().map(|other| other.name.as_str())));
                foot.say_with_dots(label, &words, others.iter().map(|other| other.color));
            }
            Dots::LeftOut => foot.say(label, &or_none(names(others))),
        };
        say("reaches", reached(presence, c).collect());
        say("reached from", c.reached_from(presence.id));
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
        let none = self.table.obstacle("there is no presence");
        let changing = |command: Command<Self>| command.blocked(none).edits(app);
        let can_be_fixed = self.chosen_mend(&app.configuration).is_some();
        let fix = Command::new([Action::Fix], "fix", "Fix what is wrong with the presence", Self::fix);
        let mut commands = vec![
            changing(Command::new([Action::Open, Action::Edit], "edit", "Edit the presence", Self::edit)),
            Command::new([Action::Add], "add", "Add a presence to the group", Self::add).edits(app),
            changing(Command::new([Action::Copy], "copy", "Add a copy of the presence", Self::duplicate)),
            changing(Command::new(
                [Action::Remove],
                "remove",
                "Remove the presence; says first who is affected",
                Self::remove,
            )),
            Command::new([Action::Matrix], "matrix", "Show which changes are allowed", Self::show_matrix).blocked(none),
            changing(Command::new([Action::MoveUp], "up", "Move the presence up in the order", Self::move_up))
                .blocked(self.table.place_beside(ReorderWay::Up).err()),
            changing(Command::new([Action::MoveDown], "down", "Move the presence down in the order", Self::move_down))
                .blocked(self.table.place_beside(ReorderWay::Down).err()),
        ];
        if can_be_fixed {
            commands.insert(1, fix.edits(app));
        }
        commands
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::Presence, self.table.chosen())
    }

    fn object(&self) -> Option<Target> {
        Some(Target { kind: Kind::PresenceGroup, id: self.id.number() })
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.look(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.marks = GroupFindings::of(self.id, &app.configuration);
        self.look(app);
    }

    fn list_width(&self, width: u16) -> u16 {
        detail::list_width_beside_drawing(width)
    }

    /// The matrix too, where it has room.
    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let foot = self.foot(width, Dots::Shown, &app.configuration)?;
        if width < MATRIX_FROM {
            return Some(Detail::foot(foot));
        }
        Some(Detail::screen(super::matrix_of(self.id, self.table.chosen(), app)).above(foot))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        if self.width != area.width {
            self.width = area.width;
            self.look(app);
        }
        let c = &app.configuration;
        let foot = self.foot(area.width, Dots::LeftOut, c);
        let rows = PresenceRows { id: self.id, marks: &self.marks, width: self.width, c };
        self.table.draw_above(frame, area, &rows, (foot, (area.height * 2 / 5).min(12)));
    }
}

fn short_actions(presence: &Presence) -> String {
    let actions: Vec<&str> = presence.actions.iter().map(|action| short_words(*action)).collect();
    actions.join(", ")
}

/// From so wide a terminal the names of what is reached are told, else their number.
const NAMES_FROM_TERMINAL: u16 = 100;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::presence::PresenceAction;
    use crate::tui::widgets::columns::{Candidate, share};

    #[test]
    fn as_many_actions_as_the_rules_allow_have_room_at_the_design_size() {
        let actions = [PresenceAction::EnableDnd(false), PresenceAction::QueueUnpauseAll, PresenceAction::AgentLogoff];
        let words = actions.map(short_words).join(", ");
        let widths = share(78, &PresenceColumn::ALL.iter().map(|column| Candidate::of(*column)).collect::<Vec<_>>());
        assert!(widths.contains(&(PresenceColumn::OnEntering, words.len().max(25))), "{words}: {widths:?}");
    }
}
