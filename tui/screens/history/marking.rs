//! Marks in the history: transactions are marked, and entries of opened ones; what concerns all rows means transactions.

use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::widgets::marks::{Marking, MeantRows};

use super::History;
use super::row::HistoryRow;

/// What is inverted, or marked as a whole, are actions: opened ones are closed first, so that none is there twice.
impl Marking for History {
    fn press_mark(&mut self, key: Key) -> bool {
        let is_of_all = matches!(Action::of(key), Some(Action::InvertMarks | Action::MarkAll));
        if is_of_all && !self.opened.is_empty() {
            self.opened.close_all();
            let is_whole = |row: &HistoryRow| matches!(row, HistoryRow::Transaction(_));
            let rows = self.list.ids().iter().copied().filter(is_whole).collect();
            self.list.set(rows);
        }
        self.list.press_mark(key)
    }

    fn number_marked(&self) -> usize {
        self.list.number_marked()
    }

    fn number_hidden(&self) -> usize {
        Marking::number_hidden(&self.list)
    }

    fn has_range(&self) -> bool {
        Marking::has_range(&self.list)
    }

    fn is_unclear(&self) -> bool {
        self.list.is_unclear()
    }

    fn mean(&mut self, answer: Option<MeantRows>) {
        self.list.mean(answer);
    }
}
