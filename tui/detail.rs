//! List and detail side by side: from 120 columns on a list keeps the left part of the body and the keys, and at the right
//! stands all about the row that the cursor is on. Screens say what that is; the console calls it here. While the cursor
//! goes from row to row the detail waits: over a thin line a row is there before all about it would be.

use std::time::{Duration, Instant};

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph};

use super::app::{App, Detail, DynScreen};
use super::theme;
use super::widgets::foot::{Foot, first_of, heading};

/// From so many columns there is a detail.
const BESIDE_FROM: u16 = 120;
/// From so many a table and what it means in other words stand beside each other too: a matrix, a sketch.
const WIDE_FROM: u16 = 160;

/// How long the cursor rests before the detail follows it: a held key comes again sooner.
const REST: Duration = Duration::from_millis(60);

/// The room beside a list, and what was drawn there last.
#[derive(Default)]
pub(super) struct DetailPane {
    drawn: Option<Buffer>,
    follows_at: Option<Instant>,
}

impl DetailPane {
    /// The cursor is going from row to row.
    pub(super) fn wait(&mut self, now: Instant) {
        self.follows_at = Some(now + REST);
    }

    /// The next frame has the detail of the chosen row.
    pub(super) fn follow(&mut self) {
        self.follows_at = None;
    }

    /// Another screen is shown: what stood beside the one before is no detail of it.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// How long the detail still waits; it follows once that is over.
    pub(super) fn patience(&mut self, now: Instant) -> Option<Duration> {
        self.follows_at = self.follows_at.filter(|at| *at > now);
        self.follows_at.map(|at| at - now)
    }

    /// A screen that fills the body, with what stands beside it.
    pub(super) fn draw(&mut self, screen: &mut dyn DynScreen, frame: &mut Frame<'_>, body: Rect, app: &App) {
        let width = screen.list_width(body.width).min(body.width);
        let pane = Rect { x: body.x + width, width: body.width - width, ..body };
        let waits = self.follows_at.is_some();
        match self.drawn.take().filter(|drawn| waits && drawn.area == pane && is_beside(frame)) {
            Some(drawn) => {
                screen.draw(frame, Rect { width, ..body }, app);
                frame.render_widget(Clear, pane);
                frame.buffer_mut().merge(&drawn);
                self.drawn = Some(drawn);
            }
            None if draw_both(screen, frame, (body, pane), app) => self.drawn = Some(part_of(frame.buffer_mut(), pane)),
            None => {}
        }
    }
}

/// Whether all about the chosen row stands beside the list, and needs no room below it.
pub(super) fn is_beside(frame: &Frame<'_>) -> bool {
    frame.area().width >= BESIDE_FROM
}

/// So many rows below a list, where nothing stands beside it.
pub(super) fn foot_rows(frame: &Frame<'_>, rows: u16) -> u16 {
    if is_beside(frame) { 0 } else { rows }
}

/// A table's area, and below it that of so many rows about the chosen one, where nothing stands beside it.
pub(super) fn above_foot(frame: &Frame<'_>, area: Rect, rows: u16) -> (Rect, Rect) {
    let foot_rows = foot_rows(frame, rows);
    let height = area.height.saturating_sub(foot_rows);
    (Rect { height, ..area }, Rect { y: area.y + height, height: area.height - height, ..area })
}

/// Whether there is room for two things in a terminal of so many columns.
pub(super) fn is_wide(width: u16) -> bool {
    width >= WIDE_FROM
}

pub(super) fn usual_list_width(width: u16) -> u16 {
    width * 11 / 20
}

/// Where what stands beside it is drawn, and wants more room than the list.
pub(super) fn list_width_beside_drawing(width: u16) -> u16 {
    if is_wide(width) { width * 2 / 5 } else { usual_list_width(width) }
}

/// Columns of a page of facts, which wraps what it says.
const PAGE_WIDEST: u16 = 60;

/// Of so many columns those of a list with such a page beside it: names, logins and numbers come first.
pub(super) fn list_width_beside_page(width: u16) -> u16 {
    width - (width / 3).min(PAGE_WIDEST)
}

impl Detail {
    /// Of what Enter opens.
    pub(super) fn screen(screen: Box<dyn DynScreen>) -> Self {
        Self { screen: Some(screen), lines: Vec::new() }
    }

    /// Of words alone.
    pub(super) fn foot(foot: Foot) -> Self {
        Self::lines(foot.into_lines())
    }

    pub(super) fn lines(lines: Vec<Line<'static>>) -> Self {
        Self { screen: None, lines }
    }

    /// With these words below it.
    pub(super) fn above(mut self, foot: Foot) -> Self {
        self.lines = foot.into_lines();
        self
    }
}

/// The screen, and its detail in the pane; whether there is one.
fn draw_both(screen: &mut dyn DynScreen, frame: &mut Frame<'_>, (body, pane): (Rect, Rect), app: &App) -> bool {
    // A rule at its left.
    let inside = Rect { x: pane.x + 1, width: pane.width.saturating_sub(1), ..pane };
    let detail = if is_beside(frame) { screen.detail(inside.width, app) } else { None };
    let Some(detail) = detail else {
        screen.draw(frame, body, app);
        return false;
    };
    screen.draw(frame, Rect { width: body.width - pane.width, ..body }, app);
    frame.render_widget(Clear, pane);
    for y in pane.y..pane.bottom() {
        frame.buffer_mut().set_stringn(pane.x, y, "│", 1, theme::MUTED);
    }
    draw_detail(detail, frame, inside, app);
    true
}

fn part_of(frame: &Buffer, area: Rect) -> Buffer {
    let mut part = Buffer::empty(area);
    for position in area.positions() {
        part[position] = frame[position].clone();
    }
    part
}

fn draw_detail(detail: Detail, frame: &mut Frame<'_>, area: Rect, app: &App) {
    let Detail { screen, lines } = detail;
    let mut below = area;
    if let Some(mut screen) = screen {
        let wanted = u16::try_from(lines.len()).unwrap_or(u16::MAX);
        let rows = area.height - wanted.min(area.height / 2);
        let title = heading(&screen.title(app), area.width);
        frame.buffer_mut().set_line(area.x, area.y, &title, area.width);
        let inside = Rect { y: area.y + 1, height: rows.saturating_sub(1), ..area };
        screen.draw_detail(frame, inside, app);
        theme::without_cursor(frame.buffer_mut(), inside);
        below = Rect { y: area.y + rows, height: area.height - rows, ..area };
    }
    frame.render_widget(Paragraph::new(first_of(lines, below.height)), below);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_follows_once_the_cursor_rests() {
        let start = Instant::now();
        let after = |milliseconds| start + Duration::from_millis(milliseconds);
        let mut pane = DetailPane::default();
        assert_eq!(pane.patience(start), None);
        pane.wait(start);
        assert_eq!(pane.patience(after(20)), Some(Duration::from_millis(40)));
        // A held key: it goes on waiting.
        pane.wait(after(40));
        assert_eq!(pane.patience(after(70)), Some(Duration::from_millis(30)));
        assert_eq!(pane.patience(after(100)), None);
        pane.wait(after(100));
        pane.follow();
        assert_eq!(pane.patience(after(100)), None);
    }
}
