//! How far a job is, drawn: so many of so many, a bar, and what stopping means. Whoever has the job says the words.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::tui::theme;

/// So many of all are done: in words, as a bar across the area, and the sentence below.
pub(in crate::tui) fn draw(frame: &mut Frame<'_>, area: Rect, (done, all): (usize, usize), words: String, then: &str) {
    let width = usize::from(area.width);
    let full = (width * done).checked_div(all).unwrap_or(width).min(width);
    let lines = vec![
        Line::raw(words),
        Line::styled(format!("{}{}", "█".repeat(full), "░".repeat(width - full)), theme::GOOD),
        Line::raw(""),
        Line::raw(then.to_owned()),
    ];
    frame.render_widget(Paragraph::new(lines), area);
}
