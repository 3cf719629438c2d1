//! Draws a profile as the window of its users' client: title bar and menu, the grid from the top with Identity and the
//! tabs in their strip, the docks below with their handles; under it what will not be seen and why. What a rule complains
//! of has its sign. It fills whatever room it is given, and leaves out ornaments first where there is little.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::draft::DraftProblem;
use super::sketch::{Block, Dock, Loss, Sketch, is_opt_in, sketch};
use super::wording;
use crate::settings::color::Color;
use crate::settings::configuration::Configuration;
use crate::settings::profile::{Profile, Xlet};
use crate::settings::profile_fault::Mend;
use crate::settings::rule::Severity;
use crate::tui::frame::{cut_to, with_dots, wrapped};
use crate::tui::theme;

/// Columns and rows below which nothing is drawn.
pub(super) const SMALLEST: (u16, u16) = (28, 12);

/// What clients show where the profile has nobody yet.
const NOBODY: &str = "First Last";

type Spans = Vec<Span<'static>>;

/// A client's window with all that is in it.
pub(super) struct ClientWindow<'a> {
    title: String,
    person: String,
    /// Of the profile's group, in its order: the first one is entered.
    presences: Vec<(String, Color)>,
    sketch: Sketch,
    problems: &'a [DraftProblem],
    /// The xlet under the cursor.
    chosen: Option<Xlet>,
}

impl<'a> ClientWindow<'a> {
    pub(super) fn of(profile: &Profile, c: &Configuration) -> Self {
        let group = c.presences_of(profile.presence_group);
        let user = c.users.find(|user| user.profile == Some(profile.id));
        Self {
            title: profile.name.to_string(),
            person: user.map_or_else(|| NOBODY.to_owned(), |user| user.full_name()),
            presences: group.iter().map(|presence| (presence.display.to_string(), presence.color)).collect(),
            sketch: sketch(profile),
            problems: &[],
            chosen: None,
        }
    }

    /// The same with the signs of what is wrong, and the cursor.
    pub(super) fn marked(self, problems: &'a [DraftProblem], chosen: Option<Xlet>) -> Self {
        Self { problems, chosen, ..self }
    }

    /// Over the whole area.
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect) {
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            return;
        }
        let lines = self.lines(usize::from(area.width), usize::from(area.height));
        frame.render_widget(Paragraph::new(lines), area);
    }

    fn lines(&self, width: usize, height: usize) -> Vec<Line<'static>> {
        let inside = width.saturating_sub(2);
        let docks = self.dock_rows(inside);
        let (mut below, note) = (self.below(width), self.note(width));
        if Plan::least(self, docks.len()) + below.len() + note.len() < height {
            below.extend(note);
        }
        let plan = Plan::of(self, docks.len(), height, below.len());
        let rule = |left: &'static str, right: &'static str| {
            Line::styled(format!("{left}{}{right}", "─".repeat(inside)), theme::MUTED)
        };
        let mut lines = vec![self.title_bar(inside)];
        lines.extend(plan.has_menu.then(|| walled(vec![Span::styled(" XiVO Client  Help", theme::MUTED)], inside)));
        lines.extend(plan.has_menu.then(|| rule("├", "┤")).filter(|_| plan.has_rules));
        if self.misses_identity() {
            let words = format!("{} no Identity", theme::sign(Severity::Warning));
            lines.push(walled(vec![Span::styled(words, theme::WARNING)], inside));
        }
        for (at, (block, rows)) in self.sketch.grid.iter().zip(&plan.blocks).enumerate() {
            lines.extend((at > 0 && plan.has_rules).then(|| rule("├", "┤")));
            let parts = match block {
                Block::Xlet(Xlet::Identity) => self.identity(*rows),
                Block::Xlet(xlet) => self.plain(*xlet, *rows, inside),
                Block::Tabber(tabs) => self.tabber(tabs, *rows, inside),
            };
            lines.extend(parts.into_iter().map(|spans| walled(spans, inside)));
        }
        lines.extend((0..plan.empty).map(|_| walled(Vec::new(), inside)));
        lines.extend(plan.has_dock_rule.then(|| rule("├", "┤")));
        for (row, rows) in docks.iter().zip(&plan.docks) {
            lines.extend(self.docks(row, *rows, inside).into_iter().map(|spans| walled(spans, inside)));
        }
        lines.extend(plan.has_floor.then(|| rule("└", "┘")));
        lines.extend(below);
        if lines.len() > height && height > 0 {
            let missing = lines.len() + 1 - height;
            lines.truncate(height - 1);
            lines.push(Line::styled(format!(" … {missing} more"), theme::MUTED));
        }
        lines
    }

    /// `┌─ Client ────── _ ■ x ┐`
    fn title_bar(&self, inside: usize) -> Line<'static> {
        let buttons = " _ ■ x ";
        let title = cut_to(&self.title, inside.saturating_sub(buttons.width() + 4)).to_owned();
        let rest = inside.saturating_sub(title.width() + buttons.width() + 3);
        Line::from(vec![
            Span::styled("┌─ ", theme::MUTED),
            Span::styled(title, theme::TITLE),
            Span::styled(format!(" {}{buttons}┐", "─".repeat(rest)), theme::MUTED),
        ])
    }

    fn misses_identity(&self) -> bool {
        self.problems.iter().any(|problem| problem.mend == Some(Mend::AddIdentity))
    }

    /// A face, a name and a presence; the other presences are as many dots.
    fn identity(&self, rows: usize) -> Vec<Spans> {
        let presence = |words: &str| match self.presences.split_first() {
            None => vec![Span::raw(words.to_owned())],
            Some(((name, color), others)) => {
                let now = [Span::raw(words.to_owned()), theme::dot(*color), Span::raw(format!(" {name} ▾ "))];
                let others = others.iter().map(|(_, color)| theme::dot(*color));
                now.into_iter().chain(others).collect()
            }
        };
        let label = self.label(Xlet::Identity);
        if rows < 2 {
            return vec![[vec![label], presence(" ")].concat()];
        }
        let face = |part: &'static str| Span::styled(part, theme::KEY);
        let (marks, style) = (self.marks(Xlet::Identity), self.style(Xlet::Identity));
        let name = vec![marks, face("/o o\\ "), Span::styled(self.person.clone(), style.patch(theme::STRONG))];
        let state = [vec![Span::raw("  "), face("\\_-_/ ")], presence("")].concat();
        [name, state].into_iter().chain((2..rows).map(|_| Vec::new())).collect()
    }

    /// Its label, and below it what it is for.
    fn plain(&self, xlet: Xlet, rows: usize, columns: usize) -> Vec<Spans> {
        let told = described(xlet, columns.saturating_sub(4), "   ");
        let label = vec![self.label(xlet)];
        [label].into_iter().chain(told).chain(std::iter::repeat(Vec::new())).take(rows).collect()
    }

    /// The strip at the left, and beside it the tab that is open: the one under the cursor, else the first one.
    fn tabber(&self, tabs: &[Xlet], rows: usize, columns: usize) -> Vec<Spans> {
        let open = self.chosen.filter(|xlet| tabs.contains(xlet)).or(tabs.first().copied());
        let strip = tabs.iter().map(|xlet| labelled(*xlet).width() + 4).max().unwrap_or(0).min(columns * 2 / 3);
        let pane = columns.saturating_sub(strip + 1);
        let told = open.map_or_else(Vec::new, |xlet| described(xlet, pane.saturating_sub(2), " "));
        let row = |at: usize| {
            let tab = tabs.get(at);
            let is_open = tab.is_some() && tab.copied() == open;
            let label = tab.map_or_else(Vec::new, |xlet| {
                let style = if is_open { self.style(*xlet).patch(theme::STRONG) } else { self.style(*xlet) };
                let arrow = if is_open { "▸" } else { " " };
                vec![self.marks(*xlet), Span::styled(format!("{arrow}{}", labelled(*xlet)), style)]
            });
            let wall = Span::styled(if is_open { " " } else { "│" }, theme::MUTED);
            [fit(label, strip), vec![wall], told.get(at).cloned().unwrap_or_default()].concat()
        };
        (0..rows).map(row).collect()
    }

    /// So many beside each other that each has room for its label.
    fn dock_rows(&self, inside: usize) -> Vec<&[Dock]> {
        let docks = &self.sketch.docks;
        let widest = docks.iter().map(|dock| wording::label(dock.xlet).width() + DOCK_ORNAMENTS).max().unwrap_or(1);
        let beside = (inside / widest).clamp(1, docks.len().max(1));
        // Where the terminal has no rows for that, labels are cut.
        let beside = if docks.len().div_ceil(beside) > DOCK_ROWS_UNCUT { beside.max(2) } else { beside };
        docks.chunks(beside).collect()
    }

    fn docks(&self, docks: &[Dock], rows: usize, inside: usize) -> Vec<Spans> {
        let walls = docks.len().saturating_sub(1);
        let width = inside.saturating_sub(walls) / docks.len().max(1);
        let rest = inside.saturating_sub(width * docks.len() + walls);
        let mut lines = vec![Vec::new(); rows];
        for (at, dock) in docks.iter().enumerate() {
            let width = if at == walls { width + rest } else { width };
            let body = described(dock.xlet, width.saturating_sub(4), "   ");
            let parts = [self.dock_bar(*dock, width)].into_iter().chain(body).chain(std::iter::repeat(Vec::new()));
            for (line, part) in lines.iter_mut().zip(parts) {
                line.extend((at > 0).then(|| Span::styled("│", theme::MUTED)));
                line.extend(fit(part, width));
            }
        }
        lines
    }

    /// The handle of one that may be moved, the label, and a button for each thing that may be done with it.
    fn dock_bar(&self, dock: Dock, width: usize) -> Spans {
        let buttons: String = [(dock.flags.scrollable, '↕'), (dock.flags.floating, '▲'), (dock.flags.closable, 'x')]
            .into_iter()
            .filter_map(|(is_set, button)| is_set.then_some(button))
            .collect();
        let handle = Span::styled(if dock.flags.movable { "░" } else { " " }, theme::MUTED);
        let label = Span::styled(labelled(dock.xlet), self.style(dock.xlet));
        let left = vec![self.marks(dock.xlet), handle, Span::raw(" "), label];
        if left.iter().map(Span::width).sum::<usize>() + buttons.width() >= width {
            // The name says more.
            return fit(left, width);
        }
        let left = fit(left, width.saturating_sub(buttons.width() + 1));
        [left, vec![Span::raw(" "), Span::styled(buttons, theme::MUTED)]].concat()
    }

    /// What nobody will see, by the reason.
    fn below(&self, width: usize) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        for loss in Loss::ALL {
            let lost = self.sketch.lost.iter().filter(|(_, why)| *why == loss);
            let xlets: Vec<Xlet> = lost.map(|(xlet, _)| *xlet).collect();
            if xlets.is_empty() {
                continue;
            }
            let worst = xlets.iter().filter_map(|xlet| self.severity(*xlet)).min();
            let labels: Vec<&str> = xlets.iter().map(|xlet| wording::label(*xlet)).collect();
            let words = format!("{} {}: {}", worst.map_or("○", theme::sign), loss.words(), labels.join(", "));
            let style = worst.map_or(theme::PLAIN, theme::of);
            lines.extend(indented(&words, width).into_iter().map(|part| Line::styled(part, style)));
        }
        lines
    }

    /// Who sees what is marked with a star.
    fn note(&self, width: usize) -> Vec<Line<'static>> {
        let docks = self.sketch.docks.iter().map(|dock| dock.xlet);
        let grid = self.sketch.grid.iter().flat_map(|block| match block {
            Block::Xlet(xlet) => vec![*xlet],
            Block::Tabber(tabs) => tabs.clone(),
        });
        if !docks.chain(grid).any(is_opt_in) {
            return Vec::new();
        }
        let words = "* only for users who switch it on in their client";
        indented(words, width).into_iter().map(|part| Line::styled(part, theme::MUTED)).collect()
    }

    fn severity(&self, xlet: Xlet) -> Option<Severity> {
        self.problems.iter().find(|problem| problem.xlets.contains(&xlet)).map(|problem| problem.severity)
    }

    fn style(&self, xlet: Xlet) -> Style {
        let style = self.severity(xlet).map_or(theme::PLAIN, theme::of);
        if self.chosen == Some(xlet) { style.patch(theme::STRONG) } else { style }
    }

    /// The sign of what is wrong, and the cursor.
    fn marks(&self, xlet: Xlet) -> Span<'static> {
        let cursor = if self.chosen == Some(xlet) { "›" } else { " " };
        Span::styled(format!("{}{cursor}", self.severity(xlet).map_or(" ", theme::sign)), self.style(xlet))
    }

    fn label(&self, xlet: Xlet) -> Span<'static> {
        let marks = self.marks(xlet).content;
        Span::styled(format!("{marks}{}", labelled(xlet)), self.style(xlet))
    }
}

/// Columns of a dock's bar beside its label: marks, handle, buttons and blanks.
const DOCK_ORNAMENTS: usize = 9;

/// More rows of docks than this would leave no room for anything else at 80 by 24.
const DOCK_ROWS_UNCUT: usize = 8;

/// How the rows are shared out: what must be, then ornaments by their worth, the rest to what grows.
struct Plan {
    has_menu: bool,
    has_rules: bool,
    has_dock_rule: bool,
    has_floor: bool,
    /// Of each block of the grid, of each row of docks.
    blocks: Vec<usize>,
    docks: Vec<usize>,
    /// Between the grid and the docks.
    empty: usize,
}

fn rows_at_least(block: &Block) -> usize {
    match block {
        Block::Xlet(_) => 1,
        Block::Tabber(tabs) => tabs.len(),
    }
}

impl Plan {
    /// Rows without any ornament but the title bar.
    fn least(window: &ClientWindow<'_>, dock_rows: usize) -> usize {
        let grid: usize = window.sketch.grid.iter().map(rows_at_least).sum();
        1 + usize::from(window.misses_identity()) + grid + dock_rows
    }

    fn of(window: &ClientWindow<'_>, dock_rows: usize, height: usize, below: usize) -> Self {
        let grid = &window.sketch.grid;
        let mut blocks: Vec<usize> = grid.iter().map(rows_at_least).collect();
        let mut docks = vec![1; dock_rows];
        let mut spare = height.saturating_sub(below).saturating_sub(Self::least(window, dock_rows));
        let mut take = |rows: usize| {
            let has_room = rows > 0 && spare >= rows;
            spare -= if has_room { rows } else { 0 };
            has_room
        };
        let has_floor = take(1);
        let has_menu = take(1);
        let has_dock_rule = !grid.is_empty() && dock_rows > 0 && take(1);
        let identity = grid.iter().position(|block| *block == Block::Xlet(Xlet::Identity));
        if let Some(at) = identity
            && take(1)
        {
            blocks[at] += 1;
        }
        // One below the menu, and one between each two.
        let has_rules = take(if grid.is_empty() { 0 } else { blocks.len() });
        let grows = |block: &Block| *block != Block::Xlet(Xlet::Identity);
        let tabber = grid.iter().position(|block| matches!(block, Block::Tabber(_)));
        let mut empty = 0;
        match (tabber.or_else(|| grid.iter().rposition(grows)), docks.len()) {
            (Some(at), _) => blocks[at] += spare,
            // Without a grid the client hides the middle of its window.
            (None, 0) => empty = if grid.is_empty() { 0 } else { spare },
            (None, number) => {
                for (at, rows) in docks.iter_mut().enumerate() {
                    *rows += spare / number + usize::from(at < spare % number);
                }
            }
        }
        Self { has_menu, has_rules, has_dock_rule, has_floor, blocks, docks, empty }
    }
}

/// The label, with a star for what is not everybody's.
fn labelled(xlet: Xlet) -> String {
    format!("{}{}", wording::label(xlet), if is_opt_in(xlet) { "*" } else { "" })
}

/// What it is for, in rows of so many columns.
fn described(xlet: Xlet, columns: usize, before: &str) -> Vec<Spans> {
    if columns < 8 {
        return Vec::new();
    }
    let rows = wrapped(wording::xlet(xlet), columns);
    rows.into_iter().map(|row| vec![Span::styled(format!("{before}{row}"), theme::MUTED)]).collect()
}

/// Between the walls of the window.
fn walled(spans: Spans, inside: usize) -> Line<'static> {
    let wall = || vec![Span::styled("│", theme::MUTED)];
    Line::from([wall(), fit(spans, inside), wall()].concat())
}

/// Cut or filled up to so many columns.
fn fit(spans: Spans, columns: usize) -> Spans {
    let mut rest = columns;
    let mut fitted = Vec::new();
    for span in spans {
        let part = match span.width() <= rest {
            true => span.content.clone().into_owned(),
            false if rest > 0 => with_dots(&span.content, rest),
            false => break,
        };
        rest -= part.width().min(rest);
        fitted.push(Span::styled(part, span.style));
    }
    fitted.push(Span::raw(" ".repeat(rest)));
    fitted
}

/// In rows, all but the first set in behind the sign.
fn indented(words: &str, columns: usize) -> Vec<String> {
    let rows = wrapped(words, columns.saturating_sub(3)).into_iter().enumerate();
    rows.map(|(at, row)| if at == 0 { row } else { format!("  {row}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures;
    use crate::settings::profile::{Position, ProfileXlet, XletFlags};

    /// What a terminal of 80 by 24 has for it.
    const ROOM: (usize, usize) = (33, 18);

    fn text(lines: &[Line<'_>]) -> String {
        lines.iter().map(|line| format!("{line}\n")).collect()
    }

    /// A profile in which every xlet but one stands here, and the Tabber there.
    fn crowded(rest: Position, tabber: Position, missing: Option<Xlet>) -> Profile {
        let defaults = fixtures::defaults();
        let client = defaults.profiles.find(|profile| profile.name.as_str() == "Client").expect("it is a default");
        let mut profile = Profile::clone(client);
        profile.xlets.clear();
        for xlet in Xlet::ALL.iter().copied().filter(|xlet| Some(*xlet) != missing) {
            let position = if xlet == Xlet::Tabber { tabber } else { rest };
            profile.set_xlet(ProfileXlet { xlet, position, number: None, flags: XletFlags::ALL });
        }
        profile
    }

    #[test]
    fn the_seventeen_xlets_have_room_wherever_they_stand() {
        let defaults = fixtures::defaults();
        for (rest, tabber) in Position::ALL.iter().flat_map(|rest| Position::ALL.iter().map(move |own| (*rest, *own))) {
            for missing in [None, Some(Xlet::Identity), Some(Xlet::Tabber)] {
                let profile = crowded(rest, tabber, missing);
                let problem =
                    |mend| DraftProblem { severity: Severity::Warning, text: String::new(), xlets: vec![], mend };
                let problems: Vec<DraftProblem> = profile.faults().iter().map(|fault| problem(fault.mend)).collect();
                let window = ClientWindow::of(&profile, &defaults).marked(&problems, None);
                let found = text(&window.lines(ROOM.0, ROOM.1));
                // Two columns of docks cut the longest labels.
                let joined = found.replace(['\n', '│'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
                for xlet in profile.xlets.iter().map(|entry| entry.xlet).filter(|xlet| *xlet != Xlet::Tabber) {
                    let label = wording::label(xlet).split(' ').next().expect("it has a word");
                    let shown = cut_to(label, 8);
                    assert!(joined.contains(shown), "no {label} for {rest}, {tabber}, without {missing:?}:\n{found}");
                }
                assert!(!found.contains("more"), "{rest}, {tabber}, without {missing:?}:\n{found}");
            }
        }
    }

    #[test]
    fn the_window_fills_whatever_room_there_is() {
        let defaults = fixtures::defaults();
        for name in ["Client", "Agent", "Supervisor", "Switchboard"] {
            let profile = defaults.profiles.find(|profile| profile.name.as_str() == name).expect("it is a default");
            for (width, height) in [(28, 12), (33, 18), (60, 20), (100, 50)] {
                let lines = ClientWindow::of(profile, &defaults).lines(width, height);
                assert_eq!(lines.len(), height, "{name} at {width}x{height}:\n{}", text(&lines));
                let walled = lines.iter().filter(|line| line.to_string().starts_with(['│', '┌', '├', '└']));
                assert!(walled.clone().count() + 3 >= height, "{name}:\n{}", text(&lines));
                for line in walled {
                    assert_eq!(line.width(), width, "{name} at {width}x{height}: {line}");
                }
            }
        }
    }

    #[test]
    fn the_default_client_looks_so() {
        let defaults = fixtures::defaults();
        let client = defaults.profiles.find(|profile| profile.name.as_str() == "Client").expect("it is a default");
        let window = ClientWindow::of(client, &defaults).marked(&[], Some(Xlet::Fax));
        let expected = "\
┌─ Client ─────────────── _ ■ x ┐
│ XiVO Client  Help             │
├───────────────────────────────┤
│  /o o\\ First Last             │
│  \\_-_/ ● Available ▾ ●●●●●    │
├───────────────────────────────┤
│   People           │ send a   │
│   Customer info*   │ fax      │
│ ›▸Fax                         │
│   History          │          │
│   Services         │          │
│   Conference rooms │          │
│                    │          │
│                    │          │
│                    │          │
└───────────────────────────────┘
* only for users who switch it
  on in their client
";
        assert_eq!(text(&window.lines(ROOM.0, ROOM.1)), expected);
    }

    #[test]
    fn a_dock_has_a_handle_and_its_buttons_only_as_its_flags_say() {
        let defaults = fixtures::defaults();
        let mut profile = crowded(Position::Dock, Position::Grid, None);
        profile.xlets.retain(|entry| entry.xlet == Xlet::Queues);
        let bar = |profile: &Profile| {
            let lines = ClientWindow::of(profile, &defaults).lines(33, 12);
            lines.iter().map(ToString::to_string).find(|line| line.contains("Queues")).expect("it is there")
        };
        assert_eq!(bar(&profile), "│  ░ Queues (list)           ↕▲x│");
        profile.xlets[0].flags = XletFlags::parse("c").expect("flags");
        assert_eq!(bar(&profile), "│    Queues (list)             x│");
    }
}
