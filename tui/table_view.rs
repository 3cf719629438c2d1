//! A table as all places have it: rows with a cursor, marks, a filter and an order, columns that come and go with the room
//! that there is. A screen says what its rows are (`TableRows`) and hands them in when they may be others; keys, clicks and
//! the title ask the table itself (`screen::DynScreen`). It knows nothing of what it shows and changes nothing.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::detail;
use super::filter::{FieldValues, Filter, Folded, KnownValues};
use super::key_hint::KeyHint;
use super::keys::Key;
use super::own_changes::OwnChanges;
use super::theme;
use super::widgets::columns::{Candidate, Need, TableColumn, share};
use super::widgets::foot::{Foot, missing_rows};
use super::widgets::heads::{Heads, Order, Sort, SortKey, Sorting, row};
use super::widgets::list::{List, MOVES, RowClick};
use super::widgets::marks::Marking;

/// Rows by which the columns get their widths: a second has other uses than to look over ten thousand.
pub(in crate::tui) const LOOKED_OVER: usize = 500;

/// Said where rows are looked for that the filter hides.
const NONE_MATCHES: &str = "the filter hides all rows; Esc shows them";

/// What a screen says of the rows of its table. An id whose object is gone has an empty row, until the table looks again.
pub(in crate::tui) trait TableRows {
    type Id: Copy + Ord;
    type Column: TableColumn;

    /// Columns of the sign before a row.
    const SIGN_WIDTH: u16 = 1;

    /// Whether a filter looks into all cells of a row too. Where there may be very many rows, `searched` has their words.
    const CELLS_ARE_SEARCHED: bool = true;

    /// All there are, in the order of their own.
    fn ids(&self) -> Vec<Self::Id>;

    /// What a filter looks into, besides what the row shows.
    fn searched(&self, id: Self::Id) -> Folded<'_>;

    /// All that a filter looks into.
    fn searched_whole(&self, id: Self::Id) -> Folded<'_> {
        if !Self::CELLS_ARE_SEARCHED {
            return self.searched(id);
        }
        let columns = Self::Column::ALL.iter().filter(|column| self.has_column(**column));
        self.searched(id).and(columns.map(|column| self.cell(id, *column).to_string()))
    }

    /// What a filter may ask for by name.
    fn field(&self, _id: Self::Id, _name: &'static str) -> Folded<'_> {
        Folded::default()
    }

    /// The values of a field that can have no others; none: what the rows have is all that is known.
    fn values(&self, _name: &'static str) -> &'static [&'static str] {
        &[]
    }

    fn cell(&self, id: Self::Id, column: Self::Column) -> Line<'static>;

    /// What a row is sorted by.
    fn sort_key(&self, id: Self::Id, column: Self::Column) -> SortKey<'_> {
        SortKey::of_cell(&self.cell(id, column))
    }

    /// All of them in another order.
    fn sorted(&self, sort: Sort<Self::Column>) -> Vec<Self::Id> {
        sort.arrange(self.ids(), |id| self.sort_key(*id, sort.column()))
    }

    /// Before the first column.
    fn sign(&self, _id: Self::Id) -> Span<'static> {
        Span::raw(" ")
    }

    /// Of the whole row.
    fn style(&self, _id: Self::Id) -> Style {
        theme::PLAIN
    }

    /// Whether the table has that column now.
    fn has_column(&self, _column: Self::Column) -> bool {
        true
    }

    /// How soon a column goes.
    fn need(&self, column: Self::Column) -> Need {
        column.design().need
    }

    /// What the columns hold in these rows, which are all.
    fn columns(&self, ids: &[Self::Id]) -> Vec<Candidate<Self::Column>> {
        let looked_over = &ids[..ids.len().min(LOOKED_OVER)];
        let texts = |column| looked_over.iter().map(move |id| self.cell(*id, column).to_string());
        let columns = Self::Column::ALL.iter().filter(|column| self.has_column(**column));
        let candidate = |column| Candidate { need: self.need(column), ..Candidate::of(column) };
        columns.map(|column| candidate(*column).holding(texts(*column))).collect()
    }

    /// Where there are none: why, or what adds one.
    fn empty_words(&self) -> Line<'static> {
        Line::default()
    }
}

/// Whither an object is moved in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum ReorderWay {
    Up,
    Down,
}

impl ReorderWay {
    pub(in crate::tui) fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// Whether rows can be marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MarkUse {
    None,
    Rows,
}

pub(in crate::tui) struct TableView<T, C> {
    list: List<T>,
    filter: Filter,
    heads: Heads<C>,
    marks: MarkUse,
    /// All there are, in the order that is wanted.
    all: Vec<T>,
    /// What the columns hold.
    columns: Vec<Candidate<C>>,
    /// What the cursor was on before the words that are being typed hid it: without them it is there again.
    left: Option<T>,
}

impl<T: Copy + Ord, C: TableColumn> TableView<T, C> {
    /// In the order of its own; with the names of the fields that a filter may ask for.
    pub(in crate::tui) fn new(fields: &'static [&'static str]) -> Self {
        Self {
            list: List::default(),
            filter: Filter::new(fields),
            heads: Heads::own(),
            marks: MarkUse::None,
            all: Vec::new(),
            columns: Vec::new(),
            left: None,
        }
    }

    /// Of rows without an order of their own: sorted by this column to begin with.
    pub(in crate::tui) fn sorted_by(mut self, column: C) -> Self {
        self.heads = Heads::by(column);
        self
    }

    /// Its rows can be marked.
    pub(in crate::tui) fn marked(mut self) -> Self {
        self.marks = MarkUse::Rows;
        self
    }

    /// Looks at all rows anew: there may be others, or they say something else.
    pub(in crate::tui) fn look<R: TableRows<Id = T, Column = C>>(&mut self, rows: &R) {
        self.all = match self.heads.order() {
            Order::Own => rows.ids(),
            Order::By(sort) => rows.sorted(sort),
        };
        self.columns = rows.columns(&self.all);
        let has = |id, name, value: &str| rows.field(id, name).says(value);
        let meant = self.filter.sift(self.all.iter().copied(), |id| rows.searched_whole(id), has);
        self.put(meant);
        self.learn(rows);
        self.list.keep_marks(self.all.iter().copied());
    }

    /// The same rows: what the filter means of them is shown. Where more was typed, none is looked into but those that were
    /// found: there may be a hundred thousand.
    pub(in crate::tui) fn narrow<R: TableRows<Id = T, Column = C>>(&mut self, rows: &R) {
        let searched = |id| rows.searched_whole(id);
        let has = |id, name, value: &str| rows.field(id, name).says(value);
        let meant = match self.filter.goes_on(FieldValues::Parts) {
            true => self.filter.sift_further(self.list.ids().iter().copied(), searched, has),
            false => self.filter.sift(self.all.iter().copied(), searched, has),
        };
        self.put(meant);
        self.learn(rows);
    }

    /// The cursor stays on its object, and comes back to it where it was only hidden by what was typed.
    fn put(&mut self, meant: Vec<T>) {
        let before = self.list.chosen();
        self.filter.put(&mut self.list, meant);
        if self.left.is_some_and(|left| self.list.choose(left)) {
            self.left = None;
        } else if self.filter.is_open() && self.list.chosen() != before {
            self.left = self.left.or(before);
        }
    }

    /// Tells the filter what its fields have, once somebody opened it.
    fn learn<R: TableRows<Id = T, Column = C>>(&mut self, rows: &R) {
        if !self.filter.wants_values() {
            return;
        }
        let looked_over = &self.all[..self.all.len().min(LOOKED_OVER)];
        let has_more = looked_over.len() < self.all.len();
        let known = self.filter.fields().iter().map(|name| match rows.values(name) {
            [] => {
                let found = KnownValues::found(name, looked_over.iter().map(|id| rows.field(*id, name).into_text()));
                if has_more { found.of_more() } else { found }
            }
            fixed => KnownValues::fixed(name, fixed),
        });
        let known = known.collect();
        self.filter.learn(known);
    }

    /// The cursor on that one, whatever is looked for; whether there is such a row.
    pub(in crate::tui) fn choose<R: TableRows<Id = T, Column = C>>(&mut self, id: T, rows: &R) -> bool {
        self.left = None;
        if self.list.choose(id) {
            return true;
        }
        self.filter.clear();
        self.look(rows);
        self.list.choose(id)
    }

    /// Those of them that there are get marks, and no others; all rows are shown, with the cursor on the first of them.
    pub(in crate::tui) fn mark<R: TableRows<Id = T, Column = C>>(&mut self, ids: &[T], rows: &R) {
        self.filter.clear();
        self.look(rows);
        self.list.mark_only(ids.iter().copied());
        self.list.keep_marks(self.all.iter().copied());
        if let Some(first) = self.list.marked().first() {
            self.choose(*first, rows);
        }
    }

    /// The cursor on that one if it is shown.
    pub(in crate::tui) fn choose_shown(&mut self, id: T) -> bool {
        self.list.choose(id)
    }

    pub(in crate::tui) fn list(&self) -> &List<T> {
        &self.list
    }

    pub(in crate::tui) fn chosen(&self) -> Option<T> {
        self.list.chosen()
    }

    /// Why nothing can be done with a row, if so: there is none, in these words, or the filter hides all.
    pub(in crate::tui) fn obstacle(&self, none: &'static str) -> Option<&'static str> {
        let why = if self.filter.is_on() && !self.all.is_empty() { NONE_MATCHES } else { none };
        self.list.chosen().is_none().then_some(why)
    }

    /// The same of what is done to all that are marked, which may be hidden.
    pub(in crate::tui) fn obstacle_for_marked(&self, none: &'static str) -> Option<&'static str> {
        self.obstacle(none).filter(|_| self.list.number_marked() == 0)
    }

    /// The user is about to make a new object: its row is chosen as soon as it is there.
    pub(in crate::tui) fn await_new(&mut self, changes: OwnChanges) {
        self.left = None;
        self.list.await_beyond(self.all.iter().copied(), changes);
    }

    /// The place among the others, from 0, to which the chosen row is moved in the order of its own; or why it cannot be.
    pub(in crate::tui) fn place_beside(&self, way: ReorderWay) -> Result<usize, &'static str> {
        let (place, last) = (self.list.place(), self.list.ids().len().saturating_sub(1));
        match way {
            _ if self.heads.order() != Order::Own => {
                Err("it is sorted by a column: s s s goes back to the order of its own, and then it can be moved")
            }
            _ if self.filter.is_on() => Err("the filter may hide some: Esc shows all, and then it can be moved"),
            ReorderWay::Up if place == 0 => Err("it is the first already"),
            ReorderWay::Up => Ok(place - 1),
            ReorderWay::Down if place >= last => Err("it is the last already"),
            ReorderWay::Down => Ok(place + 1),
        }
    }

    /// With what is told about the chosen row below it, where nothing stands beside it. So many rows are that one's; where
    /// the table has no use for all of its own, more.
    pub(in crate::tui) fn draw_above<R: TableRows<Id = T, Column = C>>(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        rows: &R,
        (foot, foot_rows): (Option<Foot>, u16),
    ) {
        let used = u16::try_from(self.list.ids().len() + 1).unwrap_or(u16::MAX);
        let wanted = foot.as_ref().map_or(0, Foot::rows);
        let foot_rows = foot_rows.max(wanted.min(area.height.saturating_sub(used)));
        let (above, below) = detail::above_foot(frame, area, foot_rows);
        self.draw(frame, above, rows);
        if let Some(foot) = foot {
            foot.draw(frame, below);
        }
    }

    /// Of so many rows those that have room, where nobody can scroll: the last one says how many are missing.
    pub(in crate::tui) fn draw_first<R: TableRows<Id = T, Column = C>>(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        rows: &R,
        all: usize,
    ) {
        // The head has a row of its own.
        let room = usize::from(area.height.saturating_sub(1));
        if all <= room || room < 2 {
            return self.draw(frame, area, rows);
        }
        self.draw(frame, Rect { height: area.height - 1, ..area }, rows);
        let missing = missing_rows(all - (room - 1));
        frame.buffer_mut().set_line(area.x, area.bottom() - 1, &missing, area.width);
    }

    /// Head and rows.
    pub(in crate::tui) fn draw<R: TableRows<Id = T, Column = C>>(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        rows: &R,
    ) {
        let is_beside = detail::is_beside(frame);
        let candidates: Vec<Candidate<C>> =
            self.columns.iter().map(|known| if is_beside { known.where_beside() } else { *known }).collect();
        // The last column needs no blank behind it.
        let columns = share(area.width.saturating_sub(R::SIGN_WIDTH.saturating_sub(1)), &candidates);
        self.heads.know(self.columns.iter().filter(|known| known.says_something()).map(|known| known.column).collect());
        self.heads.draw(frame, Rect { height: 1, ..area }, R::SIGN_WIDTH, &columns);
        if self.all.is_empty() {
            let words = rows.empty_words();
            frame.buffer_mut().set_line(area.x, (area.y + 2).min(area.bottom()), &words, area.width);
        }
        let below = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        let line = |id| row(rows.sign(id), &columns, |column| rows.cell(id, column)).style(rows.style(id));
        self.list.draw(frame, below, true, line);
    }
}

/// A table, whatever its rows are: what the keys that are the same everywhere ask of it.
pub(in crate::tui) trait AnyTable {
    fn filter(&self) -> &Filter;
    fn filter_mut(&mut self) -> &mut Filter;
    fn heads(&self) -> &dyn Sorting;
    fn heads_mut(&mut self) -> &mut dyn Sorting;
    /// Where rows can be marked.
    fn marks(&self) -> Option<&dyn Marking>;
    fn marks_mut(&mut self) -> Option<&mut dyn Marking>;
    /// At which row the cursor is, from 0, if not all of them are seen.
    fn place_among_more(&self) -> Option<usize>;
    /// What the filter found is gone on with: the cursor stays there, whatever it was on before.
    fn settle(&mut self);
    /// Whether the key moved the cursor.
    fn press(&mut self, key: Key) -> bool;
    fn clicked(&mut self, at: Position) -> RowClick;
}

impl<T: Copy + Ord, C: TableColumn> AnyTable for TableView<T, C> {
    fn filter(&self) -> &Filter {
        &self.filter
    }

    fn filter_mut(&mut self) -> &mut Filter {
        &mut self.filter
    }

    fn heads(&self) -> &dyn Sorting {
        &self.heads
    }

    fn heads_mut(&mut self) -> &mut dyn Sorting {
        &mut self.heads
    }

    fn marks(&self) -> Option<&dyn Marking> {
        match self.marks {
            MarkUse::None => None,
            MarkUse::Rows => Some(&self.list),
        }
    }

    fn marks_mut(&mut self) -> Option<&mut dyn Marking> {
        match self.marks {
            MarkUse::None => None,
            MarkUse::Rows => Some(&mut self.list),
        }
    }

    fn place_among_more(&self) -> Option<usize> {
        self.list.place_among(|_| true)
    }

    fn settle(&mut self) {
        self.left = None;
    }

    fn press(&mut self, key: Key) -> bool {
        self.left = None;
        self.list.press(key)
    }

    fn clicked(&mut self, at: Position) -> RowClick {
        self.left = None;
        self.list.clicked(at)
    }
}

/// What a table adds first to the commands of its screen.
pub(in crate::tui) fn add_moves(hints: &mut Vec<KeyHint>) {
    hints.insert(0, KeyHint::told(MOVES, "move", "Move the cursor").quiet());
}
