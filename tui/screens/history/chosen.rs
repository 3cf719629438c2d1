//! What of the history is chosen to be undone: what is marked, else the row under the cursor, without what is undone already.

use std::cmp::Reverse;

use crate::settings::id::AuditId;
use crate::tui::app::{App, ChangeNature, Transition};
use crate::tui::widgets::marks::Marking as _;

use super::History;
use super::row::HistoryRow;
use super::undo::{self, ChosenAction};

impl History {
    /// Those that are marked, the newest first; if none is, the chosen one.
    pub(super) fn undo(&mut self, app: &mut App) -> Transition {
        if self.awaits_newer {
            app.warn("what was changed last is still being read; then u undoes what the cursor is on");
            return Transition::Stay;
        }
        let is_looking = self.reading.has_more() && self.reading.is_under_way();
        if self.filter.is_on() && is_looking && self.list.number_marked() > 0 {
            app.warn("the history is still being looked through; mark them again once the number stands");
            return Transition::Stay;
        }
        let meant = self.list.meant();
        self.asked_at = Some(app.changes());
        // An entry goes with its transaction.
        let is_whole = |of: &AuditId| meant.contains(&HistoryRow::Transaction(*of));
        let is_part = |row: &HistoryRow| matches!(row, HistoryRow::Entry { of, .. } if is_whole(of));
        let mut rows: Vec<HistoryRow> = meant.iter().copied().filter(|row| !is_part(row)).collect();
        let undone: Vec<HistoryRow> = rows.iter().copied().filter(|row| self.is_undone(*row, &rows)).collect();
        if !rows.is_empty() && rows.len() == undone.len() {
            app.warn("it is taken back already; to have it again, undo the undo");
            return Transition::Stay;
        }
        rows.retain(|row| !undone.contains(row));
        rows.sort_by_key(|row| Reverse(row.transaction()));
        let chosen: Vec<ChosenAction> = rows.into_iter().filter_map(|row| self.chosen_action(row)).collect();
        undo::ask(move |store| chosen.into_iter().map(|action| action.read(store)).collect(), app)
    }

    /// Whether there is nothing of it to be undone: with its undo it is, for that one is taken back before it.
    fn is_undone(&self, row: HistoryRow, chosen: &[HistoryRow]) -> bool {
        let HistoryRow::Transaction(id) = row else { return false };
        let undone = self.reading.get(id).and_then(|listed| listed.undone.as_ref());
        undone.is_some_and(|by| by.is_whole && !chosen.contains(&HistoryRow::Transaction(by.transaction)))
    }

    /// None: the row is no action.
    fn chosen_action(&self, row: HistoryRow) -> Option<ChosenAction> {
        match row {
            HistoryRow::Transaction(id) => {
                let listed = self.reading.get(id)?;
                let nature = if listed.is_undo() { ChangeNature::Undo } else { ChangeNature::Edit };
                Some(ChosenAction::Whole { id, title: listed.title.clone(), nature })
            }
            HistoryRow::Entry { of, id } => {
                let entry = self.opened.entry(of, id)?;
                Some(ChosenAction::Entry(Box::new(entry.clone())))
            }
            HistoryRow::More(_) => None,
        }
    }
}
