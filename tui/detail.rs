//! List and detail side by side: from 120 columns on a list keeps the left part of the body and the keys, and at the right
//! stands all about the row that the cursor is on, made anew in each frame. Screens say what that is; the console calls it
//! here. It holds nothing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::{Clear, Paragraph};

use super::app::{App, Detail, DynScreen};
use super::theme;
use super::widgets::foot::{Foot, heading};

/// From so many columns there is a detail.
const BESIDE_FROM: u16 = 120;
/// From so many a table and what it means in other words stand beside each other too: a matrix, a sketch.
const WIDE_FROM: u16 = 160;

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

/// A screen that fills the body, with what stands beside it.
pub(super) fn draw(screen: &mut dyn DynScreen, frame: &mut Frame<'_>, body: Rect, app: &App) {
    let width = screen.list_width(body.width).min(body.width);
    let pane = Rect { x: body.x + width, width: body.width - width, ..body };
    // A rule at its left.
    let inside = Rect { x: pane.x + 1, width: pane.width.saturating_sub(1), ..pane };
    let detail = if is_beside(frame) { screen.detail(inside.width, app) } else { None };
    let Some(detail) = detail else { return screen.draw(frame, body, app) };
    screen.draw(frame, Rect { width, ..body }, app);
    frame.render_widget(Clear, pane);
    for y in pane.y..pane.bottom() {
        frame.buffer_mut().set_stringn(pane.x, y, "│", 1, theme::MUTED);
    }
    draw_detail(detail, frame, inside, app);
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
    let lines: Vec<Line<'_>> = lines.into_iter().take(usize::from(below.height)).collect();
    frame.render_widget(Paragraph::new(lines), below);
}
