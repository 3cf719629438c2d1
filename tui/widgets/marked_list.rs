//! How the marks of a list follow its keys, its rows and its cursor, and what a change of many is about then. The list
//! holds the marks (`marks`); screens ask here.

use std::collections::BTreeSet;

use super::list::List;
use super::marks::{ACTIONS, MarkedRange, Marking, MeantRows};
use crate::tui::key_table::Action;
use crate::tui::keys::Key;

impl<T: Copy + Ord> List<T> {
    /// What a change of many is about: all that are marked, those that are shown first and in their order; where none is,
    /// what the cursor is on.
    pub(in crate::tui) fn meant(&self) -> Vec<T> {
        match self.number_marked() {
            0 => self.chosen().into_iter().collect(),
            _ => self.marked(),
        }
    }

    /// All that are marked, those that are shown first and in their order.
    pub(in crate::tui) fn marked(&self) -> Vec<T> {
        if self.marks.answer == Some(MeantRows::Cursor) {
            return Vec::new();
        }
        let (rows, range) = (self.ids().iter().enumerate(), self.range());
        let is_marked = |at: usize, id: T| range.holds(at) || self.has_mark(id);
        let shown: Vec<T> = rows.filter(|(at, id)| is_marked(*at, **id)).map(|(_, id)| *id).collect();
        let seen: BTreeSet<T> = shown.iter().copied().collect();
        let hidden = self.marks.ids.difference(&seen).copied();
        shown.iter().copied().chain(hidden).collect()
    }

    /// These are marked, and no others.
    pub(in crate::tui) fn mark_only(&mut self, ids: impl IntoIterator<Item = T>) {
        (self.marks.ids, self.marks.anchor) = (ids.into_iter().collect(), None);
    }

    /// Objects may be gone: only these keep their marks.
    pub(in crate::tui) fn keep_marks(&mut self, known: impl Iterator<Item = T>) {
        if !self.marks.ids.is_empty() {
            let marked = &self.marks.ids;
            self.marks.ids = known.filter(|id| marked.contains(id)).collect();
        }
    }

    /// Besides the open range.
    pub(super) fn has_mark(&self, id: T) -> bool {
        self.marks.ids.contains(&id)
    }

    /// The rows from where the open range began to the cursor.
    pub(super) fn range(&self) -> MarkedRange {
        let anchor = self.marks.anchor;
        let began = anchor.and_then(|anchor| self.ids().iter().position(|id| *id == anchor));
        MarkedRange(began.map(|began| began.min(self.place())..=began.max(self.place())))
    }

    /// What the open range holds is marked from now on, wherever the cursor goes.
    pub(super) fn end_range(&mut self) {
        if let Some(rows) = self.range().0 {
            let ids: Vec<T> = self.ids()[rows].to_vec();
            self.marks.ids.extend(ids);
        }
        self.marks.anchor = None;
    }

    fn toggle(&mut self, id: T) {
        if !self.marks.ids.remove(&id) {
            self.marks.ids.insert(id);
        }
    }

    /// Forgets the open range first, then all marks; whether there was anything to forget.
    fn unmark(&mut self) -> bool {
        if self.marks.anchor.take().is_some() {
            return true;
        }
        let had_marks = !self.marks.ids.is_empty();
        self.marks.ids.clear();
        had_marks
    }
}

impl<T: Copy + Ord> Marking for List<T> {
    fn press_mark(&mut self, key: Key) -> bool {
        let was_open = self.marks.has_range();
        match (Action::of(key), self.chosen()) {
            (Some(Action::Back), _) => return self.unmark(),
            (Some(Action::Mark), Some(id)) => {
                self.end_range();
                if !was_open {
                    self.toggle(id);
                    self.press(Key::DOWN);
                }
            }
            (Some(Action::MarkRange), Some(id)) => {
                self.end_range();
                self.marks.anchor = (!was_open).then_some(id);
            }
            (Some(Action::InvertMarks), _) => {
                self.end_range();
                let ids = self.ids().to_vec();
                ids.into_iter().for_each(|id| self.toggle(id));
            }
            (Some(Action::MarkAll), _) => {
                self.end_range();
                let ids = self.ids().to_vec();
                self.marks.ids.extend(ids);
            }
            (action, _) => return action.is_some_and(|action| ACTIONS.contains(&action)),
        }
        true
    }

    fn number_marked(&self) -> usize {
        if self.marks.answer == Some(MeantRows::Cursor) {
            return 0;
        }
        let Some(rows) = self.range().0 else { return self.marks.ids.len() };
        let new = self.ids()[rows].iter().filter(|id| !self.marks.ids.contains(id));
        self.marks.ids.len() + new.count()
    }

    fn number_hidden(&self) -> usize {
        if self.marks.answer == Some(MeantRows::Cursor) {
            return 0;
        }
        let shown = self.ids().iter().filter(|id| self.marks.ids.contains(id)).count();
        self.marks.ids.len() - shown
    }

    fn has_range(&self) -> bool {
        self.marks.has_range()
    }

    fn is_unclear(&self) -> bool {
        let is_marked = |id| self.has_mark(id) || self.range().holds(self.place());
        self.marks.answer.is_none()
            && self.number_hidden() > 0
            && self.chosen().is_some_and(|chosen| !is_marked(chosen))
    }

    fn mean(&mut self, answer: Option<MeantRows>) {
        self.marks.answer = answer;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Key = Key::char('v');
    const INVERT: Key = Key::char('*');
    const ALL: Key = Key::ctrl('a');

    fn list(keys: &[Key]) -> List<i32> {
        let mut list = List::new(vec![1, 2, 3, 4, 5]);
        press(&mut list, keys);
        list
    }

    fn press(list: &mut List<i32>, keys: &[Key]) {
        for key in keys {
            if !list.press_mark(*key) {
                list.press(*key);
            }
        }
    }

    #[test]
    fn space_marks_a_row_and_goes_on() {
        let mut list = list(&[Key::SPACE, Key::SPACE]);
        assert_eq!((list.marked(), list.chosen()), (vec![1, 2], Some(3)));
        press(&mut list, &[Key::UP, Key::SPACE]);
        assert_eq!(list.marked(), [1]);
    }

    #[test]
    fn a_range_goes_with_the_cursor_until_it_is_ended() {
        let mut list = list(&[Key::DOWN, RANGE, Key::DOWN, Key::DOWN]);
        assert_eq!((list.marked(), list.number_marked()), (vec![2, 3, 4], 3));
        press(&mut list, &[Key::UP]);
        assert_eq!(list.marked(), [2, 3]);
        press(&mut list, &[RANGE, Key::END]);
        assert_eq!(list.marked(), [2, 3]);
        press(&mut list, &[RANGE, Key::HOME, Key::ESC]);
        assert_eq!(list.marked(), [2, 3], "Esc forgets the open range alone");
        press(&mut list, &[Key::ESC]);
        assert_eq!((list.marked(), list.press_mark(Key::ESC)), (vec![], false));
    }

    #[test]
    fn an_open_range_is_ended_before_the_rows_become_others() {
        let mut list = list(&[RANGE, Key::DOWN]);
        list.set(vec![4, 5]);
        list.set(vec![1, 2, 3, 4, 5]);
        assert_eq!(list.marked(), [1, 2]);
    }

    #[test]
    fn what_is_shown_is_inverted_and_marked_as_a_whole() {
        let mut list = list(&[Key::SPACE]);
        list.set(vec![2, 3]);
        press(&mut list, &[INVERT]);
        assert_eq!((list.marked(), list.number_hidden()), (vec![2, 3, 1], 1));
        press(&mut list, &[INVERT]);
        assert_eq!(list.marked(), [1]);
        press(&mut list, &[ALL]);
        assert_eq!(list.marked(), [2, 3, 1]);
    }

    #[test]
    fn what_is_gone_loses_its_mark() {
        let mut list = list(&[ALL]);
        list.keep_marks([1, 5, 6].into_iter());
        assert_eq!(list.marked(), [1, 5]);
    }

    #[test]
    fn where_marks_are_hidden_it_is_asked_what_a_key_on_another_row_means() {
        let mut list = list(&[Key::SPACE, Key::SPACE]);
        assert!(!list.is_unclear(), "all marks are seen");
        list.set(vec![2, 3]);
        list.choose(2);
        assert!(!list.is_unclear(), "the row is marked itself");
        list.choose(3);
        assert!(list.is_unclear());
        list.mean(Some(MeantRows::Cursor));
        assert_eq!((list.meant(), list.number_marked(), list.is_unclear()), (vec![3], 0, false));
        list.mean(Some(MeantRows::Marked));
        assert_eq!((list.meant(), list.is_unclear()), (vec![2, 1], false));
        list.mean(None);
        list.set(Vec::new());
        assert!(!list.is_unclear(), "there is no row");
    }

    #[test]
    fn without_marks_the_cursor_says_what_is_meant() {
        let mut list = list(&[Key::DOWN]);
        assert_eq!(list.meant(), [2]);
        press(&mut list, &[Key::SPACE]);
        assert_eq!((list.meant(), list.chosen()), (vec![2], Some(3)));
        assert_eq!(List::<i32>::default().meant(), [0; 0]);
    }
}
