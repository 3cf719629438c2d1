//! Meaning is never in a colour alone: on every frame that is kept, whatever is drawn as good, as a warning or as an error has
//! a sign, which a terminal without colours shows too. Called by `assert_frames`; what it refuses is shown below.

use ratatui::buffer::{Buffer, Cell};

use super::role_of;
use crate::tui::palette::Role;

/// What stands before words of a state; bars speak for themselves.
const SIGNS: &str = "●○✓✗!↑?▁▂▃▄▅▆▇█░";

/// Columns of the sign of a row.
const SIGN_COLUMNS: usize = 2;

/// Colours that mean a state. All of them look alike where there are none.
const STATES: [Role; 3] = [Role::Good, Role::Warning, Role::Error];

/// Cells beside each other that say the same state.
struct StateRun {
    row: usize,
    begin: usize,
    end: usize,
    role: Role,
    text: String,
    /// What stands before it in its row.
    before: String,
}

impl StateRun {
    /// The sign is its first letter, or the last one before it.
    fn has_sign(&self) -> bool {
        let is_sign = |letter: Option<char>| letter.is_some_and(|letter| SIGNS.contains(letter));
        // What a form marks as focused has the sign of that before its own.
        let own = self.text.trim_start_matches([' ', '›']);
        is_sign(own.chars().next()) || is_sign(self.before.trim_end().chars().next_back())
    }

    /// It goes on with what stands above, words that were too long for a row; or a sign at the beginning of its row is of
    /// the whole row.
    fn goes_on_with(&self, other: &Self) -> bool {
        let is_above = other.row + 1 == self.row && other.begin < self.end && self.begin < other.end;
        let begins_row = other.row == self.row && other.begin <= SIGN_COLUMNS;
        other.role == self.role && (is_above || begins_row)
    }
}

fn state_runs(buffer: &Buffer) -> Vec<StateRun> {
    let mut runs = Vec::new();
    for (row, cells) in buffer.content.chunks(usize::from(buffer.area.width)).enumerate() {
        let text = |cells: &[Cell]| cells.iter().map(Cell::symbol).collect::<String>();
        let mut begin = 0;
        for run in cells.chunk_by(|one, other| role_of(one.fg) == role_of(other.fg)) {
            let end = begin + run.len();
            if let Some(role) = role_of(run[0].fg).filter(|role| STATES.contains(role))
                && !text(run).trim().is_empty()
            {
                runs.push(StateRun { row, begin, end, role, text: text(run), before: text(&cells[..begin]) });
            }
            begin = end;
        }
    }
    runs
}

/// What says a state by its colour alone.
fn told_by_color_alone(buffer: &Buffer) -> Vec<String> {
    let runs = state_runs(buffer);
    let mut told: Vec<bool> = Vec::with_capacity(runs.len());
    for (at, run) in runs.iter().enumerate() {
        let goes_on = runs[..at].iter().zip(&told).any(|(other, is_told)| *is_told && run.goes_on_with(other));
        told.push(run.has_sign() || goes_on);
    }
    let silent = runs.iter().zip(told).filter(|(_, is_told)| !is_told);
    silent
        .map(|(run, _)| format!("row {}: {:?} is {:?} by its colour alone", run.row, run.text.trim(), run.role))
        .collect()
}

pub(super) fn assert_told_by_signs(name: &str, buffer: &Buffer) {
    let silent = told_by_color_alone(buffer);
    assert!(silent.is_empty(), "{name}:\n{}", silent.join("\n"));
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;
    use crate::tui::tests::palette;

    /// How many are told by their colour alone, of these words at a column and row.
    fn check(words: &[(u16, u16, &str, Role)]) -> usize {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 3));
        for (x, y, text, role) in words {
            buffer.set_string(*x, *y, text, Style::new().fg(palette().color(*role)));
        }
        told_by_color_alone(&buffer).len()
    }

    #[test]
    fn a_state_that_a_color_alone_tells_is_refused() {
        assert_eq!(check(&[(0, 0, "paused", Role::Warning)]), 1);
        assert_eq!(check(&[(0, 0, "paused", Role::Text)]), 0);
        assert_eq!(check(&[(0, 0, "! paused", Role::Warning), (12, 0, "● here", Role::Good)]), 0);
        assert_eq!(check(&[(0, 0, "! paused", Role::Warning), (12, 0, "here", Role::Good)]), 1);
        assert_eq!(check(&[(0, 0, "✗ too long for", Role::Error), (2, 1, "one row", Role::Error)]), 0);
        assert_eq!(check(&[(0, 0, "✗ wrong", Role::Error), (2, 1, "well", Role::Good)]), 1);
        assert_eq!(check(&[(0, 0, "✗ wrong", Role::Error), (2, 2, "far away", Role::Error)]), 1);
        assert_eq!(check(&[(1, 0, "✗", Role::Error), (12, 0, "wrong", Role::Error)]), 0);
        assert_eq!(check(&[(9, 0, "✗", Role::Error), (12, 0, "wrong", Role::Error)]), 0);
        assert_eq!(check(&[(9, 0, "✗ one", Role::Error), (20, 0, "other", Role::Error)]), 1);
    }
}
