//! The head of a table: what its columns are called, by which of them its rows are sorted, and where a click means one. `s`
//! sorts by the next column; right behind it `s` reverses, ← and → go on to other columns, Enter keeps, Esc puts back what
//! was. Any other key keeps it too and is the screen's. The order stays when the place is left.

use std::borrow::Cow;
use std::cmp::Ordering;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use super::list::cell;
use crate::settings::fold::fold;
use crate::tui::frame::cut_to;
use crate::tui::key_hint::KeyHint;
use crate::tui::keys::Key;
use crate::tui::theme;

const SORT: Key = Key::char('s');

/// The columns of one table, in their order.
pub(in crate::tui) trait TableColumn: Copy + PartialEq + 'static {
    const ALL: &'static [Self];

    fn head(self) -> &'static str;
}

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

/// What a row is sorted by: numbers before texts, and what has nothing there behind both, whichever way the others go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::tui) enum SortKey<'a> {
    Number(i64),
    /// Folded.
    Text(Cow<'a, str>),
    Nothing,
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

    pub(in crate::tui) fn count(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<C: TableColumn> Sort<C> {
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

    fn compare(self, one: &SortKey<'_>, other: &SortKey<'_>) -> Ordering {
        match (one, other, self.direction) {
            (SortKey::Nothing, _, _) | (_, SortKey::Nothing, _) | (_, _, Direction::Rising) => one.cmp(other),
            (_, _, Direction::Falling) => other.cmp(one),
        }
    }
}

#[derive(Debug)]
pub(in crate::tui) struct Heads<C> {
    sort: Sort<C>,
    /// What was before `s`, as long as the keys behind it go on with the head.
    before: Option<Sort<C>>,
    /// The columns that have room, where they were drawn last.
    drawn: Vec<(Rect, C)>,
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
    /// The order in which its rows come anyway.
    pub(in crate::tui) fn by(column: C) -> Self {
        Self { sort: Sort { column, direction: Direction::Rising }, before: None, drawn: Vec::new() }
    }

    pub(in crate::tui) fn sort(&self) -> Sort<C> {
        self.sort
    }

    /// Those that are shown; before the first frame, all.
    fn columns(&self) -> Vec<C> {
        match self.drawn.is_empty() {
            true => C::ALL.to_vec(),
            false => self.drawn.iter().map(|(_, column)| *column).collect(),
        }
    }

    fn step(&mut self, way: SortWay) {
        let columns = self.columns();
        let at = columns.iter().position(|column| *column == self.sort.column);
        let next = match (at, way) {
            (None, _) => 0,
            (Some(at), SortWay::Right) => (at + 1) % columns.len(),
            (Some(at), SortWay::Left) => (at + columns.len() - 1) % columns.len(),
        };
        self.sort = Sort { column: columns[next], direction: Direction::Rising };
    }

    fn reverse(&mut self) {
        self.sort.direction = match self.sort.direction {
            Direction::Rising => Direction::Falling,
            Direction::Falling => Direction::Rising,
        };
    }

    /// Draws the columns with their widths behind so many blanks, with a sign at that by which the rows are sorted.
    pub(in crate::tui) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, blanks: u16, columns: &[(C, usize)]) {
        self.drawn.clear();
        let mut x = area.x.saturating_add(blanks);
        for (column, width) in columns {
            let room = area.right().saturating_sub(x);
            let taken = u16::try_from(width + 1).unwrap_or(u16::MAX);
            let place = Rect { x, width: taken.min(room), height: 1, ..area };
            let is_sorted_by = *column == self.sort.column;
            let words = if is_sorted_by { self.signed(column.head(), *width) } else { column.head().to_owned() };
            let style = if is_sorted_by && self.before.is_some() { theme::CHOSEN } else { theme::HEAD };
            frame.buffer_mut().set_stringn(x, area.y, cell(&words, *width), usize::from(place.width), style);
            if place.width > 0 {
                self.drawn.push((place, *column));
            }
            x = x.saturating_add(taken);
        }
    }

    /// The sign must be seen, also in a column that is as wide as its head.
    fn signed(&self, head: &str, width: usize) -> String {
        let sign = match self.sort.direction {
            Direction::Rising => "▴",
            Direction::Falling => "▾",
        };
        let room = width.saturating_sub(sign.width());
        format!("{}{sign}", cut_to(head, room))
    }
}

/// A row of the columns with their widths, behind these blanks. What stands in a cell before its last text is whole.
pub(in crate::tui) fn row<C: Copy>(
    blanks: &'static str,
    columns: &[(C, usize)],
    content: impl Fn(C) -> Line<'static>,
) -> Line<'static> {
    let mut spans = vec![Span::raw(blanks)];
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
        match (self.before, key) {
            (None, SORT) => {
                self.before = Some(self.sort);
                self.step(SortWay::Right);
            }
            (None, _) => return HeadAnswer::NotMine,
            (Some(_), SORT) => self.reverse(),
            (Some(_), Key::RIGHT) => self.step(SortWay::Right),
            (Some(_), Key::LEFT) => self.step(SortWay::Left),
            (Some(before), Key::ESC) => (self.sort, self.before) = (before, None),
            (Some(_), key) => {
                self.before = None;
                return if key == Key::ENTER { HeadAnswer::Taken } else { HeadAnswer::NotMine };
            }
        }
        HeadAnswer::Sorted
    }

    fn click_head(&mut self, at: Position) -> HeadAnswer {
        self.before = None;
        let Some((_, column)) = self.drawn.iter().find(|(area, _)| area.contains(at)) else {
            return HeadAnswer::NotMine;
        };
        match *column == self.sort.column {
            true => self.reverse(),
            false => self.sort = Sort { column: *column, direction: Direction::Rising },
        }
        HeadAnswer::Sorted
    }

    fn is_chosen_from(&self) -> bool {
        self.before.is_some()
    }

    fn words(&self) -> String {
        let falling = if self.sort.direction == Direction::Falling { ", falling" } else { "" };
        format!("sorted by {}{falling}", self.sort.column.head())
    }
}

/// What a head adds to the commands of its screen, or while keys go on with it, all that there is.
pub(in crate::tui) fn add_to(sorting: &dyn Sorting, mut hints: Vec<KeyHint>) -> Vec<KeyHint> {
    if sorting.is_chosen_from() {
        return vec![
            KeyHint::told([Key::LEFT, Key::RIGHT], "column", "Sort by the column before, the next one"),
            KeyHint::told([SORT], "reverse", "Sort the other way round"),
            KeyHint::told([Key::ENTER], "keep", "Keep the order; so does any other key"),
            KeyHint::told([Key::ESC], "as before", "Go back to the order that was"),
        ];
    }
    let help = "Sort by the next column; s again reverses, ← and → choose another, Esc goes back";
    hints.push(KeyHint::told([SORT], "sort", help));
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Of {
        Name,
        Number,
    }

    impl TableColumn for Of {
        const ALL: &'static [Self] = &[Self::Name, Self::Number];

        fn head(self) -> &'static str {
            match self {
                Self::Name => "name",
                Self::Number => "number",
            }
        }
    }

    const ROWS: [(&str, &str); 5] = [("b", "20"), ("a", ""), ("É", "3"), ("d", "x1"), ("c", "20")];

    fn order(heads: &Heads<Of>) -> String {
        let sort = heads.sort();
        let key = |row: &(&str, &str)| match sort.column() {
            Of::Name => SortKey::of(row.0),
            Of::Number => SortKey::of(row.1),
        };
        sort.arrange(ROWS, key).into_iter().map(|row| row.0).collect()
    }

    fn pressed(keys: &[Key]) -> Heads<Of> {
        let mut heads = Heads::by(Of::Name);
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
        assert_eq!((order(&heads).as_str(), heads.words().as_str()), ("dbcÉa", "sorted by number, falling"));
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
    fn what_has_nothing_there_is_last_either_way() {
        for keys in [&[SORT][..], &[SORT, SORT]] {
            assert!(order(&pressed(keys)).ends_with('a'));
        }
    }
}
