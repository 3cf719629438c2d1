//! What both this form and somebody else changed, field by field, while it is asked about: yours, theirs, and which of them
//! is to be saved. `merge` finds it, the form draws it.

use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::tui::keys::Key;
use crate::tui::theme;
use crate::tui::widgets::entry::Entry;
use crate::tui::widgets::list::cell;

/// What both changed, while it is asked about.
pub(super) struct Conflict {
    /// `04:25:07 by alice`, as the audit knows it.
    pub(super) changed: Option<String>,
    pub(super) clashes: Vec<Clash>,
    /// What was taken over: `Last name Miller`.
    pub(super) kept: Vec<String>,
    pub(super) at: usize,
    /// Whether there is nothing any more that could be saved over.
    pub(super) is_gone: bool,
    /// Where the fields were drawn last.
    pub(super) area: Rect,
}

/// A field that both changed, each to something else.
pub(super) struct Clash {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) own: Entry,
    pub(super) their: Entry,
    pub(super) takes: Side,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Own,
    Their,
}

impl Conflict {
    pub(super) fn gone() -> Self {
        Self { changed: None, clashes: Vec::new(), kept: Vec::new(), at: 0, is_gone: true, area: Rect::default() }
    }

    pub(super) fn is_gone(&self) -> bool {
        self.is_gone
    }

    /// Moves among the fields, or takes the other side's.
    pub(super) fn press(&mut self, key: Key) {
        match key {
            Key::UP => self.at = self.at.saturating_sub(1),
            Key::DOWN => self.at = (self.at + 1).min(self.clashes.len().saturating_sub(1)),
            _ => {
                if let Some(clash) = self.clashes.get_mut(self.at) {
                    clash.takes = if clash.takes == Side::Own { Side::Their } else { Side::Own };
                }
            }
        }
    }

    /// The keys of its last lines, and what each does.
    pub(super) fn answers(&self) -> &'static [(Key, &'static str)] {
        const OF_GONE: [(Key, &str); 2] = [(Key::char('t'), "close the form"), (Key::ESC, "keep editing")];
        const OF_BOTH: [(Key, &str); 4] = [
            (Key::char('m'), "save the values marked ●"),
            (Key::SPACE, "mark the other one"),
            (Key::char('t'), "use what is stored"),
            (Key::ESC, "keep editing"),
        ];
        if self.is_gone { &OF_GONE } else { &OF_BOTH }
    }

    /// The fields stand above a blank row and the answers, of which the first is so many rows below the top.
    pub(super) fn set_area(&mut self, inside: Rect, answers: usize) {
        let [bottom, rows] = [answers.saturating_sub(1), self.clashes.len()];
        let [above, rows] = [bottom.saturating_sub(rows), rows].map(|rows| u16::try_from(rows).unwrap_or(u16::MAX));
        let y = inside.y.saturating_add(above);
        self.area = Rect { y, height: rows, ..inside }.intersection(inside);
    }

    /// A click on a field goes to it, the second one marks its other side.
    pub(super) fn clicked(&mut self, at: Position) {
        if !self.area.contains(at) {
            return;
        }
        let row = usize::from(at.y - self.area.y);
        match row == self.at {
            true => self.press(Key::SPACE),
            false => self.at = row.min(self.clashes.len().saturating_sub(1)),
        }
    }

    /// In so many columns.
    pub(super) fn lines(&self, width: usize) -> Vec<Line<'static>> {
        const LABEL: usize = 18;
        if self.is_gone {
            return ["It was removed.".to_owned()].into_iter().chain(self.answer_lines()).map(Line::raw).collect();
        }
        let mut lines: Vec<Line<'static>> = Vec::new();
        lines.extend(self.changed.as_ref().map(|changed| Line::raw(format!("It was changed {changed}."))));
        if !self.kept.is_empty() {
            lines.push(Line::raw(format!("Taken over, because you did not change it: {}.", self.kept.join(", "))));
        }
        let half = (width.saturating_sub(LABEL + 2) / 2).saturating_sub(2);
        let head = format!("  {}  {}  stored now", cell("both changed", LABEL), cell("yours", half));
        lines.push(Line::styled(head, theme::HEAD));
        for (at, clash) in self.clashes.iter().enumerate() {
            let sign = |side| if clash.takes == side { "●" } else { "○" };
            let (own, their) = (cell(&clash.own.words(), half), cell(&clash.their.words(), half));
            let row = format!(
                "{} {}{} {own}{} {their}",
                if at == self.at { "›" } else { " " },
                cell(clash.label, LABEL),
                sign(Side::Own),
                sign(Side::Their)
            );
            lines.push(Line::raw(row));
        }
        lines.extend(self.answer_lines().map(Line::raw));
        lines
    }

    /// Below a blank row.
    fn answer_lines(&self) -> impl Iterator<Item = String> {
        let answers = self.answers().iter().map(|(key, words)| format!(" {key}  {words}"));
        std::iter::once(String::new()).chain(answers)
    }
}
