//! Draws the sketch of a client's window: a box, in it the grid from the top, the tabs with their bar at the left, the
//! docks below; under the box what will not be seen and why. What a rule complains of has its sign.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::draft::Problem;
use super::sketch::{Block, Sketch, is_opt_in};
use crate::settings::profile::Xlet;
use crate::settings::profile_fault::Mend;
use crate::settings::rule::Severity;
use crate::tui::theme;
use crate::tui::widgets::list::cell;

/// What is drawn beside the sketch itself.
pub(super) struct Marks<'a> {
    pub(super) problems: &'a [Problem],
    /// The one under the cursor.
    pub(super) chosen: Option<Xlet>,
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, sketch: &Sketch, marks: &Marks<'_>) {
    let height = usize::from(area.height);
    let mut lines = rows(sketch, marks, usize::from(area.width), Gaps::Ruled);
    if lines.len() > height {
        lines = rows(sketch, marks, usize::from(area.width), Gaps::None);
    }
    if lines.len() > height {
        let rest = lines.len() + 1 - height;
        lines.truncate(height - 1);
        lines.push(Line::styled(format!(" … {rest} more rows"), theme::MUTED));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

/// What stands between two boxes of the grid.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gaps {
    Ruled,
    /// There is no room for rules.
    None,
}

fn rows(sketch: &Sketch, marks: &Marks<'_>, width: usize, gaps: Gaps) -> Vec<Line<'static>> {
    let inside = width.saturating_sub(2);
    let rule = |left: &str, words: &str, right: &str| {
        let rest = inside.saturating_sub(words.width());
        Line::styled(format!("{left}{words}{}{right}", "─".repeat(rest)), theme::MUTED)
    };
    let mut lines = vec![rule("┌", "─ the client's window ", "┐")];
    if marks.problems.iter().any(|problem| problem.mend == Some(Mend::AddIdentity)) {
        lines.push(walled(format!("{} no Identity", theme::sign(Severity::Warning)), theme::WARNING, inside));
    }
    for (at, block) in sketch.grid.iter().enumerate() {
        if at > 0 && gaps == Gaps::Ruled {
            lines.push(rule("├", "", "┤"));
        }
        match block {
            Block::Xlet(xlet) => lines.push(marks.row("", *xlet, inside)),
            Block::Tabber(tabs) => {
                lines.push(marks.row("", Xlet::Tabber, inside));
                lines.extend(tabs.iter().map(|xlet| marks.row("▸│ ", *xlet, inside)));
            }
        }
    }
    if !sketch.docks.is_empty() {
        lines.push(rule("├", "─ docks, side by side ", "┤"));
        lines.extend(sketch.docks.iter().map(|xlet| marks.row("", *xlet, inside)));
    }
    lines.push(rule("└", "", "┘"));
    for (xlet, loss) in &sketch.lost {
        let words = format!("{} {xlet}: {}", marks.sign(*xlet, "○"), loss.words());
        lines.push(Line::styled(cell(&words, width.saturating_sub(1)), marks.style(*xlet)));
    }
    lines
}

fn walled(words: String, style: Style, inside: usize) -> Line<'static> {
    let wall = || Span::styled("│", theme::MUTED);
    Line::from(vec![wall(), Span::styled(cell(&words, inside.saturating_sub(1)), style), wall()])
}

impl Marks<'_> {
    fn severity(&self, xlet: Xlet) -> Option<Severity> {
        self.problems.iter().find(|problem| problem.xlets.contains(&xlet)).map(|problem| problem.severity)
    }

    fn sign(&self, xlet: Xlet, without: &'static str) -> &'static str {
        self.severity(xlet).map_or(without, theme::sign)
    }

    fn style(&self, xlet: Xlet) -> Style {
        let style = self.severity(xlet).map_or(theme::PLAIN, theme::of);
        if self.chosen == Some(xlet) { style.patch(theme::TITLE) } else { style }
    }

    /// A row inside of the window.
    fn row(&self, before: &str, xlet: Xlet, inside: usize) -> Line<'static> {
        let cursor = if self.chosen == Some(xlet) { "›" } else { " " };
        let note = if is_opt_in(xlet) { " (if switched on)" } else { "" };
        walled(format!("{}{cursor}{before}{xlet}{note}", self.sign(xlet, " ")), self.style(xlet), inside)
    }
}
