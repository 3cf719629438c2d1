//! A list whose chosen row is unfolded: one row an item, and all of its words where the cursor is. The overview has two
//! of them, each with a filter of its own; it knows nothing of what they show.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use crate::tui::filter::Filter;
use crate::tui::frame::wrapped;
use crate::tui::keys::Key;
use crate::tui::theme;
use crate::tui::widgets::list::{RowClick, cell, moved};
use crate::tui::widgets::matches::mark_matches;

/// Rows of an unfolded item.
const ITEM_ROWS: usize = 4;

#[derive(Default)]
pub(super) struct Item {
    pub(super) sign: &'static str,
    pub(super) style: Style,
    pub(super) words: String,
    /// Only told where the cursor is.
    pub(super) more: String,
}

pub(super) struct Pane {
    pub(super) filter: Filter,
    /// What the cursor was on before the words that are being typed hid it: without them it is there again.
    left: Option<usize>,
    count: usize,
    /// What each item is, as they were listed last: whether they are others now.
    shown: Vec<u64>,
    at: usize,
    top: usize,
    area: Rect,
    /// The cursor came to its item by a click, and has not moved since.
    is_clicked: bool,
    /// Where items were drawn last, by their first row.
    rows: Vec<(u16, usize)>,
}

impl Pane {
    pub(super) fn new(filter: Filter) -> Self {
        Self {
            filter,
            left: None,
            count: 0,
            shown: Vec::new(),
            at: 0,
            top: 0,
            area: Rect::default(),
            is_clicked: false,
            rows: Vec::new(),
        }
    }

    /// These are its items now. Where they are others than before, the list begins at its top again; the cursor of somebody
    /// who went down in it stays on its object.
    pub(super) fn renew(&mut self, shown: Vec<u64>, has_focus: bool) {
        if shown != self.shown {
            let was_on = self.shown.get(self.at).filter(|_| has_focus && self.at > 0);
            let found = was_on.and_then(|was_on| shown.iter().position(|known| known == was_on));
            let at = found.unwrap_or(if was_on.is_some() { self.at } else { 0 });
            self.is_clicked &= at == self.at;
            (self.at, self.top) = (at, 0);
        }
        self.learn(shown);
    }

    /// The same where its user opened or closed a row: nothing moves.
    pub(super) fn learn(&mut self, shown: Vec<u64>) {
        self.set_count(shown.len());
        self.shown = shown;
    }

    /// Somebody came to the place by its key: the newest is what they look for.
    pub(super) fn go_to_top(&mut self) {
        (self.at, self.top, self.is_clicked) = (0, 0, false);
    }

    /// Whether there is anything to go to: a row, or a filter that hides all.
    pub(super) fn can_be_gone_to(&self) -> bool {
        self.count > 0 || self.filter.is_on()
    }

    /// Other rows are meant. The cursor stays on what it was on, comes back to what was only hidden, or else is on the first
    /// that was found; `row_of` says in which row something stands.
    pub(super) fn narrowed(&mut self, was_on: Option<usize>, count: usize, row_of: impl Fn(usize) -> Option<usize>) {
        self.set_count(count);
        let back = self.left.and_then(&row_of);
        match (back, was_on.and_then(&row_of)) {
            (Some(row), _) => (self.at, self.left) = (row, None),
            (None, Some(row)) => self.at = row,
            (None, None) => {
                self.at = 0;
                self.left = self.left.or(was_on);
            }
        }
    }

    /// Why nothing can be done with a row, if so: nothing is there, in these words, or the filter hides all.
    pub(super) fn obstacle(&self, none: &'static str) -> Option<&'static str> {
        let why = if self.filter.hides_all() { "the filter hides all rows; Esc shows them" } else { none };
        (self.count == 0).then_some(why)
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    fn set_count(&mut self, count: usize) {
        self.count = count;
        self.at = self.at.min(count.saturating_sub(1));
        self.is_clicked &= self.at < count;
    }

    pub(super) fn press(&mut self, key: Key) {
        let page = usize::from(self.area.height).max(2) - 1;
        let last = self.count.saturating_sub(1);
        self.at = moved(self.at, last, page, key).unwrap_or(self.at);
        (self.is_clicked, self.left) = (false, None);
    }

    /// A click on an item chooses it.
    pub(super) fn clicked(&mut self, at: Position) -> RowClick {
        let hit = self.rows.iter().rev().find(|(row, _)| self.area.contains(at) && *row <= at.y);
        let Some((_, item)) = hit else { return RowClick::Missed };
        let click = RowClick::on_row(self.is_clicked && self.at == *item);
        (self.at, self.is_clicked, self.left) = (*item, true, None);
        click
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, has_focus: bool, item: impl Fn(usize) -> Item) {
        self.area = area;
        self.rows.clear();
        if !self.filter.is_open() {
            // What was found is gone on with.
            self.left = None;
        }
        let (height, width) = (usize::from(area.height), usize::from(area.width));
        let unfolded = if has_focus && self.count > 0 { unfold(&item(self.at), width) } else { Vec::new() };
        let rows_at_cursor = unfolded.len().max(1).min(height.max(1));
        // Rows that nothing needs tell of the others in full.
        let mut spare = height.saturating_sub(self.count + rows_at_cursor - 1);
        self.top = self.top.min(self.at).max((self.at + rows_at_cursor).saturating_sub(height));
        let wanted = self.filter.words();
        let mut y = area.y;
        for place in self.top..self.count {
            if y >= area.bottom() {
                break;
            }
            self.rows.push((y, place));
            if has_focus && place == self.at {
                for line in unfolded.iter().take(usize::from(area.bottom() - y)) {
                    frame.buffer_mut().set_line(area.x, y, line, area.width);
                    let row = Rect::new(area.x, y, area.width, 1);
                    mark_matches(frame.buffer_mut(), row, &wanted);
                    frame.buffer_mut().set_style(row, theme::CHOSEN);
                    y += 1;
                }
            } else {
                let Item { sign, style, words, more } = item(place);
                let columns = width.saturating_sub(4);
                // What has no more to tell is a row of columns.
                let mut parts = match more.is_empty() {
                    true => vec![cell(&words, columns)],
                    false => wrapped(&words, columns),
                };
                if parts.len() > 1 + spare {
                    parts = vec![cell(&words, columns)];
                }
                spare -= parts.len().saturating_sub(1);
                for (row, part) in parts.into_iter().enumerate() {
                    let sign = if row == 0 { sign } else { " " };
                    let line = Line::from(vec![Span::styled(format!(" {sign} "), style), Span::raw(part)]);
                    frame.buffer_mut().set_line(area.x, y, &line, area.width);
                    mark_matches(frame.buffer_mut(), Rect::new(area.x, y, area.width, 1), &wanted);
                    y += 1;
                }
            }
        }
        self.draw_hidden(frame);
    }

    /// At the ends of its rows: how many items are above them and below.
    fn draw_hidden(&self, frame: &mut Frame<'_>) {
        let below = self.rows.last().map_or(0, |(_, last)| self.count.saturating_sub(last + 1));
        let mut tell = |y: u16, words: String| {
            let width = u16::try_from(words.width()).unwrap_or(u16::MAX).min(self.area.width);
            frame.buffer_mut().set_stringn(self.area.right() - width, y, words, usize::from(width), theme::KEY);
        };
        if self.area.height == 0 {
            return;
        }
        if self.top > 0 {
            tell(self.area.y, format!(" ↑ {} more ", self.top));
        }
        if below > 0 {
            tell(self.area.bottom() - 1, format!(" ↓ {below} more "));
        }
    }
}

fn unfold(item: &Item, width: usize) -> Vec<Line<'static>> {
    let text = [item.words.as_str(), item.more.as_str()].join(" ");
    let lines = wrapped(text.trim_end(), width.saturating_sub(4)).into_iter().take(ITEM_ROWS);
    let line = |(row, words)| format!(" {} {words}", if row == 0 { item.sign } else { " " });
    lines.enumerate().map(|parts| Line::raw(line(parts))).collect()
}
