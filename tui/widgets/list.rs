//! A list with a cursor: ids in order, one of them chosen, as many rows drawn as there is room for. What was chosen stays
//! chosen by its id when the list changes beneath it.

use std::collections::{BTreeMap, BTreeSet};

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::own_changes::OwnChanges;
use crate::tui::theme;
use crate::tui::widgets::marks::{Marks, SIGN};
use crate::tui::widgets::matches::mark_matches;

/// In longer lists the cursor stays at its place where its row goes: no key may wait for a look through them.
const LOOKED_THROUGH_MAX: usize = 10_000;

#[derive(Debug, Clone)]
pub(in crate::tui) struct List<T> {
    ids: Vec<T>,
    /// Always of an id, unless there is none.
    at: usize,
    /// What there was when something was about to be made here: its id is chosen once it is there.
    awaits_new: Option<Awaited<T>>,
    top: usize,
    /// Where its rows were drawn last.
    area: Rect,
    /// The cursor came to its row by a click, and has not moved since.
    is_clicked: bool,
    /// What a filter looks for, folded: marked in the rows.
    wanted: Vec<String>,
    pub(super) marks: Marks<T>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            ids: Vec::new(),
            at: 0,
            awaits_new: None,
            top: 0,
            area: Rect::default(),
            is_clicked: false,
            wanted: Vec::new(),
            marks: Marks::default(),
        }
    }
}

#[derive(Debug, Clone)]
struct Awaited<T> {
    known: BTreeSet<T>,
    changes: OwnChanges,
    /// So many there were.
    before: u64,
}

impl<T: Copy + Ord> Awaited<T> {
    /// The newest of those that are new, once this console has made something: others may make some meanwhile.
    fn made(&self, ids: &[T]) -> Option<T> {
        let is_made = self.changes.number() > self.before;
        ids.iter().filter(|id| is_made && !self.known.contains(id)).max().copied()
    }
}

/// What a click within a list was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(in crate::tui) enum RowClick {
    /// On none of its rows.
    Missed,
    Chosen,
    /// On the row that the click before chose.
    Again,
}

impl RowClick {
    /// On the row under the cursor now; whether that is where a click brought it before, and it stayed since.
    pub(in crate::tui) fn on_row(is_again: bool) -> Self {
        if is_again { Self::Again } else { Self::Chosen }
    }
}

/// The keys that move the cursor of any list; a screen puts them on its own list of commands.
pub(in crate::tui) const MOVES: [Action; 4] = Action::MOVES;

/// Where a key of `Action::Move` leads, from a place among so many, with so many rows to a page. None for any other key.
pub(in crate::tui) fn moved(at: usize, last: usize, page: usize, key: Key) -> Option<usize> {
    let leads = [
        ([Key::UP, Key::char('k')], at.saturating_sub(1)),
        ([Key::DOWN, Key::char('j')], at.saturating_add(1)),
        ([Key::PAGE_UP, Key::ctrl('b')], at.saturating_sub(page)),
        ([Key::PAGE_DOWN, Key::ctrl('f')], at.saturating_add(page)),
        ([Key::ctrl('u'); 2], at.saturating_sub(page.div_ceil(2))),
        ([Key::ctrl('d'); 2], at.saturating_add(page.div_ceil(2))),
        ([Key::HOME, Key::char('g')], 0),
        ([Key::END, Key::char('G')], last),
    ];
    leads.into_iter().find(|(keys, _)| keys.contains(&key)).map(|(_, to)| to.min(last))
}

impl<T: Copy + Ord> List<T> {
    pub(in crate::tui) fn new(ids: Vec<T>) -> Self {
        Self { ids, ..Self::default() }
    }

    pub(in crate::tui) fn ids(&self) -> &[T] {
        &self.ids
    }

    pub(in crate::tui) fn chosen(&self) -> Option<T> {
        self.ids.get(self.at).copied()
    }

    /// Which one of them it is, from 0.
    pub(in crate::tui) fn place(&self) -> usize {
        self.at
    }

    /// Which one of those that count it is, or is below, from 0; none: all rows are seen.
    pub(in crate::tui) fn place_among(&self, counts: impl Fn(&T) -> bool) -> Option<usize> {
        let above = self.ids.iter().take(self.at + 1).filter(|id| counts(id));
        self.is_longer().then(|| above.count().saturating_sub(1))
    }

    /// Other ids; the cursor stays on what it was on, or near where that was. Below the first screenful the rows stay where
    /// they are on the terminal, whatever comes above them.
    pub(in crate::tui) fn set(&mut self, ids: Vec<T>) {
        if self.marks.has_range() && ids != self.ids {
            self.end_range();
        }
        let (mut chosen, was) = (self.chosen(), self.at);
        if let Some(new) = self.awaits_new.as_ref().and_then(|awaited| awaited.made(&ids)) {
            (chosen, self.awaits_new) = (Some(new), None);
        }
        let before = std::mem::replace(&mut self.ids, ids);
        let found = chosen.and_then(|chosen| self.ids.iter().position(|id| *id == chosen));
        let found = found.or_else(|| self.next_left(&before));
        self.at = found.unwrap_or(self.at).min(self.ids.len().saturating_sub(1));
        self.is_clicked &= chosen.is_some() && self.chosen() == chosen;
        if self.top > 0 {
            self.top = (self.top + self.at).saturating_sub(was);
        }
    }

    /// Where what came next after the chosen one stands now, or before it if nothing did: what was chosen is gone.
    fn next_left(&self, before: &[T]) -> Option<usize> {
        if before.len().max(self.ids.len()) > LOOKED_THROUGH_MAX {
            return None;
        }
        let left: BTreeMap<&T, usize> = self.ids.iter().zip(0..).collect();
        let (above, below) = before.split_at_checked(self.at)?;
        below.iter().chain(above.iter().rev()).find_map(|id| left.get(id).copied())
    }

    /// Whether there are more rows than were drawn last.
    fn is_longer(&self) -> bool {
        self.area.height > 0 && self.ids.len() > usize::from(self.area.height)
    }

    /// The words, folded, that are to be marked in its rows.
    pub(in crate::tui) fn look_for(&mut self, words: Vec<String>) {
        self.wanted = words;
    }

    /// The user is about to make a new object, beside all that there are: its id is chosen as soon as it is there.
    pub(in crate::tui) fn await_beyond(&mut self, all: impl IntoIterator<Item = T>, changes: OwnChanges) {
        let (known, before) = (all.into_iter().collect(), changes.number());
        self.awaits_new = Some(Awaited { known, changes, before });
    }

    /// Whether there is such an id.
    pub(in crate::tui) fn choose(&mut self, id: T) -> bool {
        let found = self.ids.iter().position(|known| *known == id);
        self.at = found.unwrap_or(self.at);
        self.is_clicked = false;
        found.is_some()
    }

    /// Whether the key moves the cursor.
    pub(in crate::tui) fn press(&mut self, key: Key) -> bool {
        let page = usize::from(self.area.height).max(2) - 1;
        let last = self.ids.len().saturating_sub(1);
        self.awaits_new = None;
        let to = moved(self.at, last, page, key);
        self.at = to.unwrap_or(self.at);
        self.is_clicked &= to.is_none();
        to.is_some()
    }

    /// Whether the first row is among those that were drawn last.
    pub(in crate::tui) fn is_at_top(&self) -> bool {
        self.top == 0
    }

    /// How many rows come below those that were drawn last.
    pub(in crate::tui) fn number_below(&self) -> usize {
        self.ids.len().saturating_sub(self.top + usize::from(self.area.height))
    }

    /// So many rows above the cursor are to be seen with it: a heading is, where it has one.
    pub(in crate::tui) fn keep_above(&mut self, rows: usize) {
        self.top = self.top.min(self.at.saturating_sub(rows));
    }

    /// Where the chosen row was drawn last.
    pub(in crate::tui) fn chosen_row(&self) -> Rect {
        let y = self.area.y + u16::try_from(self.at.saturating_sub(self.top)).unwrap_or(0);
        Rect { y, height: 1, ..self.area }.intersection(self.area)
    }

    /// A click on a row chooses it.
    pub(in crate::tui) fn clicked(&mut self, at: Position) -> RowClick {
        let row = self.top + usize::from(at.y.saturating_sub(self.area.y));
        if !self.area.contains(at) || row >= self.ids.len() {
            return RowClick::Missed;
        }
        let click = RowClick::on_row(self.is_clicked && self.at == row);
        (self.at, self.is_clicked) = (row, true);
        click
    }

    /// Draws the rows that have room; `row` is asked for those alone.
    pub(in crate::tui) fn draw<'a>(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        has_focus: bool,
        mut row: impl FnMut(T) -> Line<'a>,
    ) {
        self.area = area;
        let height = usize::from(area.height).max(1);
        self.top = self.top.min(self.at).max((self.at + 1).saturating_sub(height));
        self.top = self.top.min(self.ids.len().saturating_sub(height));
        let range = self.range();
        for (y, (at, id)) in (area.y..area.bottom()).zip(self.ids.iter().enumerate().skip(self.top)) {
            let line = row(*id);
            frame.buffer_mut().set_line(area.x, y, &line, area.width);
            let row = Rect::new(area.x, y, area.width, 1);
            mark_matches(frame.buffer_mut(), row, &self.wanted);
            if range.holds(at) || self.has_mark(*id) {
                frame.buffer_mut().set_stringn(area.x, y, SIGN, usize::from(area.width), theme::MARKED);
                frame.buffer_mut().set_style(row, theme::MARKED);
            }
            if at == self.at {
                frame.buffer_mut().set_style(row, if has_focus { theme::CHOSEN } else { theme::STRONG });
            }
        }
    }
}

/// One column of a row: the text, cut or filled up to so many columns and one blank; nothing of a column that is left out.
pub(in crate::tui) fn cell(text: &str, width: usize) -> String {
    use unicode_width::UnicodeWidthStr as _;
    if width == 0 {
        return String::new();
    }
    let shown = if text.width() > width { crate::tui::frame::with_dots(text, width) } else { text.to_owned() };
    let rest = (width + 1).saturating_sub(shown.width());
    format!("{shown}{}", " ".repeat(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_on_its_object_when_the_list_changes() {
        let mut list = List::new(vec![1, 2, 3]);
        list.press(Key::DOWN);
        list.set(vec![0, 1, 2]);
        assert_eq!(list.chosen(), Some(2));
        list.set(vec![0, 1]);
        assert_eq!(list.chosen(), Some(1));
        list.set(Vec::new());
        assert_eq!(list.chosen(), None);
    }

    #[test]
    fn where_its_object_goes_the_cursor_is_on_what_came_next() {
        let mut list = List::new((0..10).collect());
        list.choose(4);
        list.set(vec![1, 2, 7, 9]);
        assert_eq!(list.chosen(), Some(7));
        list.set(vec![1, 2]);
        assert_eq!(list.chosen(), Some(2));
    }

    #[test]
    fn what_comes_above_moves_nothing_on_the_terminal_below_the_first_screenful() {
        let mut list = List::new((0..100).collect());
        (list.at, list.top) = (50, 45);
        list.set((-3..100).collect());
        assert_eq!((list.chosen(), list.at - list.top), (Some(50), 5));
        (list.at, list.top) = (5, 0);
        list.set((-5..100).collect());
        assert_eq!((list.chosen(), list.is_at_top()), (Some(2), true));
    }

    #[test]
    fn the_cursor_goes_to_what_was_just_made() {
        let (mut list, changes) = (List::new(vec![1, 2]), OwnChanges::default());
        list.await_beyond([1, 2], changes.clone());
        // What somebody else makes meanwhile is not meant.
        list.set(vec![1, 2, 3]);
        assert_eq!(list.chosen(), Some(1));
        changes.count_one();
        list.set(vec![4, 1, 2, 3]);
        assert_eq!(list.chosen(), Some(4));
        list.set(vec![0, 1, 2, 3, 4, 5]);
        assert_eq!(list.chosen(), Some(4));
    }

    #[test]
    fn every_key_that_moves_leads_where_its_twin_does() {
        for [one, other] in [[Key::UP, Key::char('k')], [Key::DOWN, Key::char('j')], [Key::HOME, Key::char('g')]] {
            assert_eq!(moved(5, 9, 3, one), moved(5, 9, 3, other));
        }
        assert_eq!((moved(5, 9, 3, Key::ctrl('b')), moved(5, 9, 3, Key::ctrl('f'))), (Some(2), Some(8)));
        assert_eq!((moved(5, 19, 8, Key::ctrl('u')), moved(5, 19, 8, Key::ctrl('d'))), (Some(1), Some(9)));
        assert_eq!((moved(8, 9, 3, Key::PAGE_DOWN), moved(8, 9, 3, Key::char('G'))), (Some(9), Some(9)));
        assert_eq!((moved(0, 0, 3, Key::UP), moved(0, 9, 3, Key::ENTER)), (Some(0), None));
        let keys = MOVES.iter().flat_map(|action| action.keys());
        assert!(keys.clone().all(|key| moved(5, 9, 3, *key).is_some()), "{:?}", keys.collect::<Vec<_>>());
    }

    #[test]
    fn a_cell_is_as_wide_as_it_was_asked_to_be() {
        assert_eq!(cell("abc", 5), "abc   ");
        assert_eq!(cell("abcdef", 5), "abcd… ");
    }
}
