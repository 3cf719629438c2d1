//! The rows below a list that say in full what has no room above: names, lists, broken rules. Screens fill and draw one a
//! frame.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::settings::color::Color;
use crate::settings::rule::{Finding, count};
use crate::tui::frame::wrapped;
use crate::tui::theme;
use crate::tui::widgets::dots::with_dots;
use crate::tui::widgets::rule::rule;

/// Columns of the words before each paragraph.
const LABEL_WIDTH: usize = 14;

pub(in crate::tui) struct Foot {
    columns: usize,
    lines: Vec<Line<'static>>,
}

/// A rule that holds a title.
pub(in crate::tui) fn heading(title: &str, width: u16) -> Line<'static> {
    rule(title, usize::from(width), theme::SECTION)
}

impl Foot {
    /// Begins with a rule that holds the title.
    pub(in crate::tui) fn new(title: &str, width: u16) -> Self {
        Self { columns: usize::from(width), lines: vec![heading(title, width)] }
    }

    /// What it says, for an area that has room.
    pub(in crate::tui) fn into_lines(self) -> Vec<Line<'static>> {
        self.lines
    }

    /// A label, and words that may take several rows.
    pub(in crate::tui) fn say(&mut self, label: &'static str, words: &str) {
        let room = self.columns.saturating_sub(LABEL_WIDTH + 2);
        for (row, part) in wrapped(words, room).into_iter().enumerate() {
            let label = if row == 0 { label } else { "" };
            self.lines.push(Line::raw(format!(" {label:<LABEL_WIDTH$}{part}")));
        }
    }

    /// The same of presences, each behind its dot; `words` has as many dots as there are colours.
    pub(in crate::tui) fn say_with_dots(
        &mut self,
        label: &'static str,
        words: &str,
        colors: impl IntoIterator<Item = Color>,
    ) {
        let before = self.lines.len();
        self.say(label, words);
        self.color(before, colors);
    }

    /// The dots of the lines from there on.
    fn color(&mut self, from: usize, colors: impl IntoIterator<Item = Color>) {
        let mut dots = colors.into_iter().map(theme::dot);
        for line in self.lines.iter_mut().skip(from) {
            *line = with_dots(line, &mut dots);
        }
    }

    /// Words without a label.
    pub(in crate::tui) fn tell(&mut self, words: &str) {
        let rows = wrapped(words, self.columns.saturating_sub(2));
        self.lines.extend(rows.into_iter().map(|row| Line::raw(format!(" {row}"))));
    }

    /// The same of presences, each behind its dot.
    pub(in crate::tui) fn tell_with_dots(&mut self, words: &str, colors: impl IntoIterator<Item = Color>) {
        let before = self.lines.len();
        self.tell(words);
        self.color(before, colors);
    }

    /// A finding with its sign. Where the title says on whom, or a shorter name is enough, that stands for the whole name.
    pub(in crate::tui) fn blame(&mut self, on: &str, finding: &Finding) {
        let message = finding.refusal.problem.to_string();
        let on = if on.is_empty() { String::new() } else { format!("{on}: ") };
        let words = format!("{on}{message}");
        let style = theme::of(finding.severity);
        for (row, part) in wrapped(&words, self.columns.saturating_sub(4)).into_iter().enumerate() {
            let sign = if row == 0 { theme::sign(finding.severity) } else { " " };
            self.lines.push(Line::styled(format!(" {sign} {part}"), style));
        }
    }

    /// Rows of all that it says.
    pub(in crate::tui) fn rows(&self) -> u16 {
        u16::try_from(self.lines.len()).unwrap_or(u16::MAX)
    }

    /// The area's rows; if there are more, the last one says how many are missing.
    pub(in crate::tui) fn draw(self, frame: &mut Frame<'_>, area: Rect) {
        frame.render_widget(Paragraph::new(first_of(self.lines, area.height)), area);
    }
}

/// That so many rows more have no room.
pub(in crate::tui) fn missing_rows(number: usize) -> Line<'static> {
    Line::styled(format!(" … and {} more", count(number, "row")), theme::MUTED)
}

/// So many of the lines, of which the last says how many are missing, if some are.
pub(in crate::tui) fn first_of(mut lines: Vec<Line<'static>>, rows: u16) -> Vec<Line<'static>> {
    let rows = usize::from(rows);
    if lines.len() > rows && rows > 0 {
        let missing = lines.len() - rows + 1;
        lines.truncate(rows - 1);
        lines.push(missing_rows(missing));
    }
    lines
}
