//! Where keys stand on the screen with what they do: a click there presses them. The frame has such places in its last row,
//! questions beside their answers.

use ratatui::layout::{Position, Rect};

use crate::tui::keys::Key;

#[derive(Debug, Default)]
pub(in crate::tui) struct KeyAreas(Vec<(Rect, Key)>);

impl KeyAreas {
    /// Answers in rows of their own, the first of them so many rows below the top.
    pub(in crate::tui) fn of_rows(area: Rect, first: usize, keys: &[Key]) -> Self {
        let top = area.y.saturating_add(u16::try_from(first).unwrap_or(u16::MAX));
        let row = |y| Rect { y, height: 1, ..area }.intersection(area);
        Self((top..=u16::MAX).map(row).zip(keys.iter().copied()).collect())
    }

    pub(in crate::tui) fn add(&mut self, area: Rect, key: Key) {
        self.0.push((area, key));
    }

    pub(in crate::tui) fn at(&self, at: Position) -> Option<Key> {
        self.0.iter().find(|(area, _)| area.contains(at)).map(|(_, key)| *key)
    }
}
