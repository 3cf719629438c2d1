//! The head of a table: what its columns are called, by which of them its rows are sorted, and where a click means one. `s`
//! sorts by the next column; right behind it `s` reverses and once more goes back to the order of the table's own, if it has
//! one, ← and → go on to other columns, Enter keeps, Esc puts back what was. Any other key keeps it too and is the screen's.
//! The order stays when the place is left.

use std::borrow::Cow;
use std::cmp::Ordering;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use super::columns::TableColumn;
use super::list::cell;
use crate::settings::fold::fold;
use crate::tui::frame::cut_to;
use crate::tui::key_hint::KeyHint;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::natural;
use crate::tui::theme;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Rising,
    Falling,
}

/// To which column beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SortWay {
    Left,
    Right,
}

/// By what rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) struct Sort<C> {
    column: C,
    direction: Direction,
}

/// The order of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Order<C> {
    /// As they come: in which clients show them, in which they are tried, in which they were made.
    Own,
    By(Sort<C>),
}

/// What a row is sorted by: numbers before texts, and what has nothing there behind both, whichever way the others go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum SortKey<'a> {
    Number(i64),
    /// Folded; numbers in it count by their values.
    Text(Cow<'a, str>),
    Nothing,
}

impl Ord for SortKey<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |key: &Self| match key {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Nothing => 2,
        };
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.cmp(other),
            (Self::Text(one), Self::Text(other)) => natural::compare(one, other),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

impl PartialOrd for SortKey<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a> SortKey<'a> {
    /// Of a text as people see it: a number is sorted as one.
    pub(in crate::tui) fn of(text: &str) -> Self {
        SortKey::folded(Cow::Owned(fold(text)))
    }

    pub(in crate::tui) fn folded(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        match text.parse() {
            _ if text.is_empty() => Self::Nothing,
            Ok(number) => Self::Number(number),
            Err(_) => Self::Text(text),
        }
    }

    /// Of what stands in a cell, behind a sign if it has one; a dash stands there for nothing.
    pub(in crate::tui) fn of_cell(line: &Line<'_>) -> Self {
        let text = line.to_string();
        match text.trim_start_matches(['●', '!', ' ']).trim() {
            "-" => Self::Nothing,
            text => Self::of(text),
        }
    }

    pub(in crate::tui) fn count(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<C: TableColumn> Sort<C> {
    fn rising(column: C) -> Self {
        Self { column, direction: Direction::Rising }
    }

    pub(in crate::tui) fn column(self) -> C {
        self.column
    }

    /// The rows in order; those that are alike stay as they came.
    pub(in crate::tui) fn arrange<'a, T>(
        self,
        rows: impl IntoIterator<Item = T>,
        key: impl Fn(&T) -> SortKey<'a>,
    ) -> Vec<T> {
        let mut keyed: Vec<(SortKey<'a>, T)> = rows.into_iter().map(|row| (key(&row), row)).collect();
        keyed.sort_by(|(one, _), (other, _)| self.compare(one, other));
        keyed.into_iter().map(|(_, row)| row).collect()
    }

    /// The same for rows that were put in rising order before, of which so many have anything there.
    pub(in crate::tui) fn turn<T: Copy>(self, rising: &[T], with_anything: usize) -> Vec<T> {
        let (with, without) = rising.split_at(with_anything.min(rising.len()));
        match self.direction {
            Direction::Rising => rising.to_vec(),
            Direction::Falling => with.iter().rev().chain(without).copied().collect(),
        }
    }

    fn compare(self, one: &SortKey<'_>, other: &SortKey<'_>) -> Ordering {
        match (one, other, self.direction) {
            (SortKey::Nothing, _, _) | (_, SortKey::Nothing, _) | (_, _, Direction::Rising) => one.cmp(other),
            (_, _, Direction::Falling) => other.cmp(one),
        }
    }
}

#[derive(Debug)]
pub(in crate::tui) struct Heads<C> {
    order: Order<C>,
    /// With which it began.
    first: Order<C>,
    /// What was before `s`, as long as the keys behind it go on with the head.
    before: Option<Order<C>>,
    /// The columns that have room, where they were drawn last.
    drawn: Vec<(Rect, C)>,
    /// Those that say something, whether they have room or not.
    known: Vec<C>,
}

/// What a key or a click was to a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum HeadAnswer {
    NotMine,
    Taken,
    /// The rows are in another order now.
    Sorted,
}

/// Any head, whatever its columns are.
pub(in crate::tui) trait Sorting {
    fn press_head(&mut self, key: Key) -> HeadAnswer;
    fn click_head(&mut self, at: Position) -> HeadAnswer;
    /// Whether keys go on with the head.
    fn is_chosen_from(&self) -> bool;
    /// `sorted by name, falling`
    fn words(&self) -> String;
}

impl<C: TableColumn> Heads<C> {
    /// Of rows that have an order of their own.
    pub(in crate::tui) fn own() -> Self {
        Self::of(Order::Own)
    }

    /// Of rows that have none: they are sorted by this column unless somebody wants it otherwise.
    pub(in crate::tui) fn by(column: C) -> Self {
        Self::of(Order::By(Sort::rising(column)))
    }

    fn of(first: Order<C>) -> Self {
        Self { order: first, first, before: None, drawn: Vec::new(), known: Vec::new() }
    }

    pub(in crate::tui) fn order(&self) -> Order<C> {
        self.order
    }

    /// Those that say something, whether they are shown or not; before the first frame, all. Before them the order of its
    /// own, if there is one.
    fn stops(&self) -> Vec<Order<C>> {
        let columns = if self.known.is_empty() { C::ALL.to_vec() } else { self.known.clone() };
        let own = (self.first == Order::Own).then_some(Order::Own);
        own.into_iter().chain(columns.into_iter().map(|column| Order::By(Sort::rising(column)))).collect()
    }

    fn step(&mut self, way: SortWay) {
        let stops = self.stops();
        let here = match self.order {
            Order::Own => Order::Own,
            Order::By(sort) => Order::By(Sort::rising(sort.column)),
        };
        let next = match (stops.iter().position(|stop| *stop == here), way) {
            (None, _) => 0,
            (Some(at), SortWay::Right) => (at + 1) % stops.len(),
            (Some(at), SortWay::Left) => (at + stops.len() - 1) % stops.len(),
        };
        self.order = stops[next];
    }

    /// The other way round; once more, the order of its own, if there is one.
    fn reverse(&mut self) {
        match self.order {
            Order::Own => self.step(SortWay::Right),
            Order::By(Sort { direction: Direction::Falling, .. }) if self.first == Order::Own => {
                self.order = Order::Own;
            }
            Order::By(Sort { direction: Direction::Falling, column }) => self.order = Order::By(Sort::rising(column)),
            Order::By(Sort { direction: Direction::Rising, column }) => {
                self.order = Order::By(Sort { column, direction: Direction::Falling });
            }
        }
    }

    /// The columns that say something.
    pub(in crate::tui) fn know(&mut self, columns: Vec<C>) {
        self.known = columns;
    }

    /// Draws the columns with their widths behind so many blanks, with a sign at that by which the rows are sorted; where
    /// that one has no room, it is named at the end.
    pub(in crate::tui) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, blanks: u16, columns: &[(C, usize)]) {
        self.drawn.clear();
        let mut x = area.x.saturating_add(blanks);
        for (column, width) in columns {
            let room = area.right().saturating_sub(x);
            let taken = u16::try_from(width + 1).unwrap_or(u16::MAX);
            let place = Rect { x, width: taken.min(room), height: 1, ..area };
            let head = column.design().head;
            let (words, style) = match self.order {
                Order::By(sort) if sort.column == *column => {
                    let style = if self.before.is_some() { theme::CHOSEN } else { theme::HEAD };
                    (signed(head, sort.direction, *width), style)
                }
                Order::Own | Order::By(_) => (head.to_owned(), theme::HEAD),
            };
            frame.buffer_mut().set_stringn(x, area.y, cell(&words, *width), usize::from(place.width), style);
            if place.width > 0 {
                self.drawn.push((place, *column));
            }
            x = x.saturating_add(taken);
        }
        self.draw_hidden(frame, area);
    }

    fn draw_hidden(&self, frame: &mut Frame<'_>, area: Rect) {
        let Order::By(Sort { column, direction }) = self.order else { return };
        if self.drawn.iter().any(|(_, drawn)| *drawn == column) {
            return;
        }
        let head = column.design().head;
        let words = format!(" by {}", signed(head, direction, head.width() + 1));
        let style = if self.before.is_some() { theme::CHOSEN } else { theme::HEAD };
        let width = u16::try_from(words.width()).unwrap_or(area.width).min(area.width);
        frame.buffer_mut().set_stringn(area.right() - width, area.y, words, usize::from(width), style);
    }
}

/// The sign must be seen, also in a column that is as wide as its head.
fn signed(head: &str, direction: Direction, width: usize) -> String {
    let sign = match direction {
        Direction::Rising => "▴",
        Direction::Falling => "▾",
    };
    let room = width.saturating_sub(sign.width());
    format!("{}{sign}", cut_to(head, room))
}

/// A row of the columns with their widths, behind its sign. What stands in a cell before its last text is whole.
pub(in crate::tui) fn row<C: Copy>(
    sign: Span<'static>,
    columns: &[(C, usize)],
    content: impl Fn(C) -> Line<'static>,
) -> Line<'static> {
    let mut spans = vec![sign];
    for (column, width) in columns {
        let Line { spans: mut parts, style, .. } = content(*column);
        let last = parts.pop().unwrap_or_default();
        let before: usize = parts.iter().map(Span::width).sum();
        spans.extend(parts);
        spans.push(Span::styled(cell(&last.content, width.saturating_sub(before)), style.patch(last.style)));
    }
    Line::from(spans)
}

impl<C: TableColumn> Sorting for Heads<C> {
    fn press_head(&mut self, key: Key) -> HeadAnswer {
        match (self.before, Action::of(key), key) {
            (None, Some(Action::Sort), _) => {
                self.before = Some(self.order);
                self.step(SortWay::Right);
            }
            (None, ..) => return HeadAnswer::NotMine,
            (Some(_), Some(Action::Sort), _) => self.reverse(),
            (Some(_), _, Key::RIGHT) => self.step(SortWay::Right),
            (Some(_), _, Key::LEFT) => self.step(SortWay::Left),
            (Some(before), Some(Action::Back), _) => (self.order, self.before) = (before, None),
            (Some(_), action, _) => {
                self.before = None;
                return if action == Some(Action::Open) { HeadAnswer::Taken } else { HeadAnswer::NotMine };
            }
        }
        HeadAnswer::Sorted
    }

    fn click_head(&mut self, at: Position) -> HeadAnswer {
        self.before = None;
        let Some((_, column)) = self.drawn.iter().find(|(area, _)| area.contains(at)) else {
            return HeadAnswer::NotMine;
        };
        match self.order {
            Order::By(sort) if sort.column == *column => self.reverse(),
            Order::Own | Order::By(_) => self.order = Order::By(Sort::rising(*column)),
        }
        HeadAnswer::Sorted
    }

    fn is_chosen_from(&self) -> bool {
        self.before.is_some()
    }

    fn words(&self) -> String {
        match self.order {
            Order::Own => "in the order of its own".to_owned(),
            Order::By(Sort { column, direction }) => {
                let falling = if direction == Direction::Falling { ", descending" } else { "" };
                format!("sorted by {}{falling}", column.design().head)
            }
        }
    }
}

/// What a head adds to the commands of its screen, or while keys go on with it, all that there is.
pub(in crate::tui) fn add_to(sorting: &dyn Sorting, mut hints: Vec<KeyHint>) -> Vec<KeyHint> {
    if sorting.is_chosen_from() {
        return vec![
            KeyHint::told([Action::MoveSideways], "column", "Sort by the column before, the next one"),
            KeyHint::told([Action::Sort], "reverse", "Sort the other way round"),
            KeyHint::told([Action::Open], "keep", "Keep the order; so does any other key"),
            KeyHint::told([Action::Back], "as before", "Go back to the order that was"),
        ];
    }
    let help = "Sort by the next column; s again reverses, ← and → choose another, Esc goes back";
    hints.push(KeyHint::told([Action::Sort], "sort", help));
    hints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::widgets::columns::ColumnDesign;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Of {
        Name,
        Number,
    }

    impl TableColumn for Of {
        const ALL: &'static [Self] = &[Self::Name, Self::Number];

        fn design(self) -> ColumnDesign {
            match self {
                Self::Name => ColumnDesign::new("name", 10),
                Self::Number => ColumnDesign::new("number", 10),
            }
        }
    }

    const SORT: Key = Key::char('s');
    const ROWS: [(&str, &str); 5] = [("b", "20"), ("a", ""), ("É", "3"), ("d", "x1"), ("c", "20")];

    fn order(heads: &Heads<Of>) -> String {
        let Order::By(sort) = heads.order() else { return ROWS.map(|row| row.0).concat() };
        let key = |row: &(&str, &str)| match sort.column() {
            Of::Name => SortKey::of(row.0),
            Of::Number => SortKey::of(row.1),
        };
        sort.arrange(ROWS, key).into_iter().map(|row| row.0).collect()
    }

    fn pressed(keys: &[Key]) -> Heads<Of> {
        pressed_on(Heads::by(Of::Name), keys)
    }

    fn pressed_on(mut heads: Heads<Of>, keys: &[Key]) -> Heads<Of> {
        for key in keys {
            heads.press_head(*key);
        }
        heads
    }

    #[test]
    fn s_sorts_by_the_next_column_and_again_reverses() {
        assert_eq!(order(&pressed(&[])), "abcdÉ");
        let mut heads = pressed(&[SORT]);
        assert_eq!((order(&heads).as_str(), heads.words().as_str()), ("Ébcda", "sorted by number"));
        assert_eq!(heads.press_head(SORT), HeadAnswer::Sorted);
        assert_eq!((order(&heads).as_str(), heads.words().as_str()), ("dbcÉa", "sorted by number, descending"));
        assert_eq!(heads.press_head(Key::RIGHT), HeadAnswer::Sorted);
        assert_eq!(order(&heads), "abcdÉ");
    }

    #[test]
    fn enter_and_any_other_key_keep_the_order_and_esc_puts_back_what_was() {
        let mut heads = pressed(&[SORT, Key::ENTER]);
        assert_eq!((order(&heads).as_str(), heads.press_head(Key::ENTER)), ("Ébcda", HeadAnswer::NotMine));
        let mut heads = pressed(&[SORT]);
        assert_eq!((heads.press_head(Key::DOWN), heads.is_chosen_from()), (HeadAnswer::NotMine, false));
        assert_eq!(order(&pressed(&[SORT, SORT, Key::ESC])), "abcdÉ");
        assert_eq!(pressed(&[]).press_head(Key::ESC), HeadAnswer::NotMine);
    }

    #[test]
    fn an_order_of_its_own_is_the_first_and_s_comes_back_to_it() {
        let own = |keys: &[Key]| pressed_on(Heads::own(), keys);
        assert_eq!((order(&own(&[])).as_str(), order(&own(&[SORT])).as_str()), ("baÉdc", "abcdÉ"));
        let heads = own(&[SORT, SORT, SORT]);
        assert_eq!((order(&heads).as_str(), heads.words().as_str()), ("baÉdc", "in the order of its own"));
        assert_eq!(own(&[SORT, Key::LEFT]).words(), "in the order of its own");
        assert_eq!(own(&[SORT, Key::LEFT, Key::LEFT]).words(), "sorted by number");
        assert_eq!(own(&[SORT; 4]).words(), "sorted by name");
    }

    #[test]
    fn what_has_nothing_there_is_last_either_way() {
        for keys in [&[SORT][..], &[SORT, SORT]] {
            assert!(order(&pressed(keys)).ends_with('a'));
        }
    }
}
