//! Draws the sketch of a client's window: a box, in it the grid from the top, the tabs with their bar at the left, the
//! docks below; under the box what will not be seen and why. What a rule complains of has its sign.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::draft::DraftProblem;
use super::sketch::{Block, Sketch, is_opt_in};
use crate::settings::profile::Xlet;
use crate::settings::profile_fault::Mend;
use crate::settings::rule::Severity;
use crate::tui::theme;
use crate::tui::widgets::list::cell;

/// What is drawn beside the sketch itself.
pub(super) struct SketchMarks<'a> {
    pub(super) problems: &'a [DraftProblem],
    /// The one under the cursor.
    pub(super) chosen: Option<Xlet>,
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, sketch: &Sketch, marks: &SketchMarks<'_>) {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let lines = rows(sketch, marks, width, Room::Spare(0));
    let lines = match height.checked_sub(lines.len()) {
        None => rows(sketch, marks, width, Room::Cramped),
        Some(rest) => rows(sketch, marks, width, Room::Spare(rest)),
    };
    frame.render_widget(Paragraph::new(lines), area);
}

/// How much there is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    /// For rules between the boxes, and so many empty rows: the last box of the grid takes all that is left.
    Spare(usize),
    /// For a row an xlet and one more, which is what 24 rows have for all seventeen.
    Cramped,
}

fn rows(sketch: &Sketch, marks: &SketchMarks<'_>, width: usize, room: Room) -> Vec<Line<'static>> {
    let inside = width.saturating_sub(2);
    let is_cramped = room == Room::Cramped;
    let rule = |left: &str, words: &str, right: &str| {
        let rest = inside.saturating_sub(words.width());
        Line::styled(format!("{left}{words}{}{right}", "─".repeat(rest)), theme::MUTED)
    };
    let mut lines = vec![rule("┌", "─ the client's window ", "┐")];
    if marks.problems.iter().any(|problem| problem.mend == Some(Mend::AddIdentity)) {
        lines.push(walled(format!("{} no Identity", theme::sign(Severity::Warning)), theme::WARNING, inside));
    }
    for (at, block) in sketch.grid.iter().enumerate() {
        if at > 0 && !is_cramped {
            lines.push(rule("├", "", "┤"));
        }
        match block {
            Block::Xlet(xlet) => lines.push(marks.row("", *xlet, inside)),
            Block::Tabber(tabs) => {
                // The tabs' bar shows where it stands.
                lines.extend((!is_cramped).then(|| marks.row("", Xlet::Tabber, inside)));
                lines.extend(tabs.iter().map(|xlet| marks.row("▸│ ", *xlet, inside)));
            }
        }
    }
    // Without a grid the client hides the middle of its window.
    if let (Room::Spare(rest), false) = (room, sketch.grid.is_empty()) {
        lines.extend((0..rest).map(|_| walled(String::new(), theme::PLAIN, inside)));
    }
    if !sketch.docks.is_empty() && !is_cramped {
        lines.push(rule("├", "─ docks, side by side ", "┤"));
    }
    let dock = if is_cramped { "▁ " } else { "" };
    lines.extend(sketch.docks.iter().map(|xlet| marks.row(dock, *xlet, inside)));
    lines.extend((!is_cramped).then(|| rule("└", "", "┘")));
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

impl SketchMarks<'_> {
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
        let note = if is_opt_in(xlet) { " (opt-in)" } else { "" };
        walled(format!("{}{cursor}{before}{xlet}{note}", self.sign(xlet, " ")), self.style(xlet), inside)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sketch::sketch;
    use super::*;
    use crate::settings::fixtures;
    use crate::settings::profile::{Position, Profile, ProfileXlet, XletFlags};

    /// What a terminal of 24 rows has for the sketch.
    const ROWS: usize = 18;

    #[test]
    fn the_seventeen_xlets_have_room_wherever_they_stand() {
        let defaults = fixtures::defaults();
        let client = defaults.profiles.find(|profile| profile.name.as_str() == "Client").expect("it is a default");
        // Every xlet in one position, the Tabber in one, and one of them taken out or none.
        for (rest, tabber) in Position::ALL.iter().flat_map(|rest| Position::ALL.iter().map(move |own| (*rest, *own))) {
            for missing in [None, Some(Xlet::Identity), Some(Xlet::Tabber)] {
                let mut profile = Profile::clone(client);
                profile.xlets.clear();
                for xlet in Xlet::ALL.iter().copied().filter(|xlet| Some(*xlet) != missing) {
                    let position = if xlet == Xlet::Tabber { tabber } else { rest };
                    profile.set_xlet(ProfileXlet { xlet, position, number: None, flags: XletFlags::ALL });
                }
                let problem =
                    |mend| DraftProblem { severity: Severity::Warning, text: String::new(), xlets: vec![], mend };
                let problems: Vec<DraftProblem> = profile.faults().iter().map(|fault| problem(fault.mend)).collect();
                let marks = SketchMarks { problems: &problems, chosen: None };
                let found = rows(&sketch(&profile), &marks, 33, Room::Cramped).len();
                assert!(found <= ROWS, "{found} rows for {rest}, Tabber {tabber}, without {missing:?}");
            }
        }
    }
}
