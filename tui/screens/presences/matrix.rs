//! One group as a matrix: a row for each presence that one may be in, a column for each that may be chosen from there.
//! Each toggle is saved at once, as one change that Ctrl-Z takes back.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::name::PresenceName;
use crate::settings::presence::{DISCONNECTED, Presence};
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::frame::{cut_to, wrapped};
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::{Screen, open_again};
use crate::tui::theme;
use crate::tui::widgets::dots::dotted;
use crate::tui::widgets::list::{List, MOVES, RowClick, cell};

use super::form::{PresenceBasis, PresenceModel};
use super::marks::{GroupFindings, ids};
use crate::tui::widgets::foot::Foot;

/// Columns before the first presence, at the design size: sign, name.
const LABEL_WIDTH: u16 = 19;
/// Columns of one presence: so that a name of 14 letters stands above it in two rows.
const COLUMN_NARROWEST: u16 = 8;
const COLUMN_WIDEST: u16 = 17;
const HEAD_ROWS: u16 = 2;

pub(super) struct Matrix {
    group: PresenceGroupId,
    /// The rows; the columns are the same presences.
    from: List<PresenceId>,
    to: usize,
    /// The first column that is shown.
    left: usize,
    marks: GroupFindings,
    grid: Grid,
}

/// Where the columns were drawn last.
#[derive(Debug, Clone, Copy, Default)]
struct Grid {
    /// Columns before the first presence.
    label: u16,
    x: u16,
    column: u16,
    shown: usize,
}

impl Matrix {
    pub(super) fn open(group: PresenceGroupId, chosen: Option<PresenceId>, app: &App) -> Self {
        let c = &app.configuration;
        let mut from = List::new(ids(group, c));
        if let Some(id) = chosen {
            from.choose(id);
        }
        Self { group, from, to: 0, left: 0, marks: GroupFindings::of(group, c), grid: Grid::default() }
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.from.press(key);
        Transition::Stay
    }

    fn moved_sideways(&mut self, key: Key, _app: &mut App) -> Transition {
        let last = self.from.ids().len().saturating_sub(1);
        self.to = if key == Key::LEFT { self.to.saturating_sub(1) } else { (self.to + 1).min(last) };
        Transition::Stay
    }

    /// The presences of the cell under the cursor.
    fn cell<'a>(&self, c: &'a Configuration) -> Option<(&'a Presence, &'a Presence)> {
        let (from, to) = (self.from.chosen()?, self.from.ids().get(self.to)?);
        Some((c.presences.get(from)?, c.presences.get(*to)?))
    }

    fn toggle(&mut self, app: &mut App) -> Transition {
        let c = std::sync::Arc::clone(&app.configuration);
        let Some((from, to)) = self.cell(&c) else { return Transition::Stay };
        let (id, other) = (from.id, to.id);
        if id == other {
            app.warn(format!("\"{}\" can always be kept; there is nothing to allow", from.name));
            return Transition::Stay;
        }
        let transition = if from.reachable.contains(&other) {
            let words = format!("\"{}\" was made unreachable from \"{}\"", to.name, from.name);
            app.change_and_tell(words, None, move |c| c.remove_reachable(id, other))
        } else {
            let words = format!("\"{}\" was made reachable from \"{}\"", to.name, from.name);
            app.change_and_tell(words, None, move |c| c.add_reachable(id, other))
        };
        self.on_update(app);
        transition
    }

    fn fill_row(&mut self, app: &mut App) -> Transition {
        let presences = app.configuration.presences_of(self.group);
        let others = presences.iter().filter(|other| other.name.as_str() != DISCONNECTED);
        let names: Vec<PresenceName> = others.map(|other| other.name.clone()).collect();
        self.set_row(names, "every presence except \"disconnected\" was made reachable", app)
    }

    fn clear_row(&mut self, app: &mut App) -> Transition {
        self.set_row(Vec::new(), "every presence was made unreachable", app)
    }

    /// Asks first where somebody would be caught by it.
    fn set_row(&mut self, names: Vec<PresenceName>, what: &str, app: &mut App) -> Transition {
        let c = std::sync::Arc::clone(&app.configuration);
        let from = self.from.chosen().and_then(|id| c.presences.get(id)).cloned();
        let Some(from) = from else { return Transition::Stay };
        let words = format!("{what} from \"{}\"", from.name);
        let mut draft = Configuration::clone(&c);
        let tried = draft.set_reachable(from.id, &names);
        let known = c.presence_findings();
        let new =
            draft.presence_findings().into_iter().filter(|new| known.iter().all(|known| !known.says_the_same(new)));
        let found: Vec<String> =
            new.map(|finding| format!("Then {} {}.", finding.refusal.on, finding.refusal.problem)).collect();
        if tried.is_ok() && !found.is_empty() {
            let question = Question::new(format!("Change the whole row of {}?", from.name), found.join("\n"))
                .choice('y', "do it, for everybody who has this presence", move |app| {
                    app.change_and_tell(words, None, move |c| c.set_reachable(from.id, &names))
                })
                .stay("change nothing");
            return Transition::Push(Box::new(question));
        }
        let transition = app.change_and_tell(words, None, move |c| c.set_reachable(from.id, &names));
        self.on_update(app);
        transition
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        let Some(id) = self.from.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(PresenceModel::new(self.group, PresenceBasis::Edit(id), app), app)))
    }

    fn show_table(&mut self, app: &mut App) -> Transition {
        let table = super::table_of(self.group, self.from.chosen(), app);
        Transition::Back(Box::new(Transition::Replace(table)))
    }

    /// How many columns have room, and which is the first so that the chosen one is among them.
    fn lay_out(&mut self, area: Rect) {
        let number = self.from.ids().len().max(1);
        let label = (LABEL_WIDTH + area.width.saturating_sub(80) / 4).min(area.width * 2 / 5);
        let room = area.width.saturating_sub(label);
        let column = (room / u16::try_from(number).unwrap_or(u16::MAX)).clamp(COLUMN_NARROWEST, COLUMN_WIDEST);
        let shown = usize::from(room / column).clamp(1, number);
        self.left = self.left.min(self.to).max((self.to + 1).saturating_sub(shown)).min(number - shown);
        self.grid = Grid { label, x: area.x + label, column, shown };
    }

    fn columns(&self) -> impl Iterator<Item = (usize, PresenceId)> {
        self.from.ids().iter().copied().enumerate().skip(self.left).take(self.grid.shown)
    }

    fn draw_head(&self, frame: &mut Frame<'_>, area: Rect, c: &Configuration) {
        frame.buffer_mut().set_stringn(area.x, area.y + 1, "  from ↓   to →", usize::from(LABEL_WIDTH), theme::MUTED);
        let room = usize::from(self.grid.column) - 1;
        let mut x = self.grid.x;
        for (at, id) in self.columns() {
            let Some(presence) = c.presences.get(id) else { continue };
            let label = format!("{}{}", self.marks.sign(id).trim_end(), presence.display);
            let style = if at == self.to { theme::CHOSEN } else { theme::HEAD };
            for (row, part) in (area.y..).zip(head_of_two_rows(&label, room)) {
                frame.buffer_mut().set_stringn(x, row, cell(&part, room).trim_end(), room, style);
            }
            x += self.grid.column;
        }
    }

    fn row(
        &self,
        from: &Presence,
        chosen: Option<PresenceId>,
        columns: &[(usize, PresenceId)],
        c: &Configuration,
    ) -> Line<'static> {
        let name = cell(from.display.as_str(), usize::from(self.grid.label) - 4);
        let mut spans =
            vec![Span::raw(self.marks.sign(from.id)), theme::dot(from.color), Span::raw(format!(" {name}"))];
        let is_row = chosen == Some(from.id);
        for (at, to) in columns {
            let style = if is_row && *at == self.to { theme::CHOSEN } else { Style::new() };
            let warns = c.presences.get(*to).is_some_and(|to| to.name.as_str() == DISCONNECTED);
            let (mark, tail) = match (from.id == *to, from.reachable.contains(to)) {
                (true, _) => (" \\ ", " "),
                (false, true) if warns => ("[x]", "!"),
                (false, true) => ("[x]", " "),
                (false, false) => ("[ ]", " "),
            };
            spans.push(Span::styled(mark, style));
            spans.push(Span::raw(cell(tail, usize::from(self.grid.column) - 4)));
        }
        Line::from(spans)
    }

    fn draw_foot(&self, frame: &mut Frame<'_>, area: Rect, c: &Configuration) {
        let Some((from, to)) = self.cell(c) else { return };
        let number = self.from.ids().len();
        let title = if self.grid.shown < number {
            format!("columns {} to {} of {number}", self.left + 1, self.left + self.grid.shown)
        } else {
            "[x] allowed, \\ the same presence".to_owned()
        };
        let mut foot = Foot::new(&title, area.width);
        let (from_name, to_name) = (dotted([from.name.as_str()]), dotted([to.name.as_str()]));
        let words = match (from.id == to.id, from.reachable.contains(&to.id)) {
            (true, _) => format!("{from_name} ({}) can always be kept", from.display),
            (false, true) => format!("{to_name} can be chosen from {from_name}"),
            (false, false) => format!("{to_name} cannot be chosen from {from_name}"),
        };
        // Each in the order of the words.
        let colors = if from.id == to.id { vec![from.color] } else { vec![to.color, from.color] };
        foot.tell_with_dots(&words, colors);
        self.marks.tell(&mut foot, &[from.id, to.id], c);
        foot.draw(frame, area);
    }
}

/// Broken between words; a word that is too long has a hyphen where it goes on.
fn head_of_two_rows(label: &str, room: usize) -> [String; 2] {
    let first = match label.find(' ') {
        Some(_) => wrapped(label, room).swap_remove(0),
        None => label.to_owned(),
    };
    if first.width() <= room {
        let rest = label[first.len().min(label.len())..].trim_start().to_owned();
        return [first, rest];
    }
    let first = cut_to(label, room.saturating_sub(1));
    [format!("{first}-"), label[first.len()..].to_owned()]
}

impl Screen for Matrix {
    fn title(&self, _app: &App) -> String {
        "allowed changes".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.from.chosen().is_none().then_some("there is no presence");
        let changing = |command: Command<Self>| command.blocked(none).edits(app);
        vec![
            Command::keyed(MOVES, "move", "Move the cursor up and down", Self::moved),
            Command::keyed([Action::MoveSideways], "move", "Move the cursor sideways", Self::moved_sideways),
            changing(Command::new(
                [Action::Mark],
                "allow",
                "Allow or forbid the change from the row to the column; saved at once",
                Self::toggle,
            )),
            changing(Command::new(
                [Action::All],
                "allow row",
                "Allow all changes from the row except to disconnected; saved at once",
                Self::fill_row,
            )),
            changing(Command::new(
                [Action::None],
                "forbid row",
                "Forbid all changes from the row; saved at once, and asked about where it leaves no way out",
                Self::clear_row,
            )),
            changing(Command::new([Action::Open, Action::Edit], "edit", "Edit the presence of the row", Self::edit)),
            Command::new([Action::Matrix], "table", "Show the table of the group", Self::show_table),
        ]
    }

    fn object(&self) -> Option<Target> {
        Some(Target { kind: Kind::PresenceGroup, id: self.group.number() })
    }

    fn on_update(&mut self, app: &mut App) {
        let to = self.from.ids().get(self.to).copied();
        self.from.set(ids(self.group, &app.configuration));
        let ids = self.from.ids();
        let found = to.and_then(|to| ids.iter().position(|id| *id == to));
        self.to = found.unwrap_or(self.to).min(ids.len().saturating_sub(1));
        self.marks = GroupFindings::of(self.group, &app.configuration);
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        let (click, was) = (self.from.clicked(at), self.to);
        if click != RowClick::Missed && at.x >= self.grid.x {
            let column = usize::from((at.x - self.grid.x) / self.grid.column.max(1));
            if column < self.grid.shown {
                self.to = self.left + column;
            }
        }
        if self.to == was { open_again(click) } else { Transition::Stay }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let foot_rows = (area.height * 2 / 5).min(12);
        self.draw_rows(frame, Rect { height: area.height - foot_rows, ..area }, app);
        let foot = Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area };
        self.draw_foot(frame, foot, &app.configuration);
    }

    fn draw_detail(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.draw_rows(frame, area, app);
    }
}

impl Matrix {
    fn draw_rows(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        self.lay_out(area);
        self.draw_head(frame, area, c);
        let rows = area.height.saturating_sub(HEAD_ROWS);
        let columns: Vec<(usize, PresenceId)> = self.columns().collect();
        let chosen = self.from.chosen();
        let mut list = std::mem::take(&mut self.from);
        let shown = &*self;
        list.draw(frame, Rect { y: area.y + HEAD_ROWS, height: rows, ..area }, false, |id| {
            c.presences.get(id).map_or_else(|| Line::raw(""), |from| shown.row(from, chosen, &columns, c))
        });
        self.from = list;
    }
}
