//! The xlets of the opened profile as a table: one row each, a cursor in rows and columns, and the keys that change a cell
//! where it stands.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::draft::DraftProblem;
use super::forms::POSITIONS;
use super::wording;
use crate::settings::profile::{Position, Profile, ProfileXlet, Xlet, XletNumber};
use crate::tui::keys::Key;
use crate::tui::theme;
use crate::tui::widgets::list::{List, cell};

/// The columns that can be changed where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum XletColumn {
    Position,
    Number,
    Floating,
    Closable,
    Movable,
    Scroll,
}

impl XletColumn {
    const ALL: [Self; 6] = [Self::Position, Self::Number, Self::Floating, Self::Closable, Self::Movable, Self::Scroll];

    /// First column and width within the table.
    fn span(self) -> (u16, u16) {
        match self {
            Self::Position => (24, 5),
            Self::Number => (29, 4),
            Self::Floating => (33, 3),
            Self::Closable => (36, 3),
            Self::Movable => (39, 3),
            Self::Scroll => (42, 3),
        }
    }

    fn head(self) -> &'static str {
        match self {
            Self::Position => "pos.",
            Self::Number => "no.",
            Self::Floating => " F",
            Self::Closable => " C",
            Self::Movable => " M",
            Self::Scroll => " S",
        }
    }

    pub(super) fn help(self) -> &'static str {
        match self {
            Self::Position => "Position: in grid, tab or dock; Space changes it",
            Self::Number => "Number: its place among those of its position; + and - change it",
            Self::Floating => "Floating: may be torn off as a window",
            Self::Closable => "Closable: may be closed; Space switches it",
            Self::Movable => "Movable: may be moved about; Space switches",
            Self::Scroll => "Scroll: scrolls when too large",
        }
    }

    pub(super) fn is_flag(self) -> bool {
        !matches!(self, Self::Position | Self::Number)
    }

    pub(super) fn step(self, key: Key) -> Self {
        let at = Self::ALL.iter().position(|column| *column == self).unwrap_or(0);
        let at = if key == Key::LEFT { at.saturating_sub(1) } else { (at + 1).min(Self::ALL.len() - 1) };
        Self::ALL[at]
    }

    /// Why Space does nothing here.
    pub(super) fn obstacle(self, entry: &ProfileXlet) -> Option<&'static str> {
        match self {
            Self::Position => None,
            Self::Number => Some("+ and - change the number, Enter lets you type it"),
            _ if entry.position != Position::Dock => Some("this matters in dock alone; elsewhere it is kept"),
            _ => None,
        }
    }

    /// What Space does.
    pub(super) fn change(self, entry: &mut ProfileXlet) {
        match self {
            Self::Position => {
                let at = POSITIONS.iter().position(|position| *position == entry.position).unwrap_or(0);
                entry.position = POSITIONS[(at + 1) % POSITIONS.len()];
            }
            Self::Number => {}
            Self::Floating => entry.flags.floating = !entry.flags.floating,
            Self::Closable => entry.flags.closable = !entry.flags.closable,
            Self::Movable => entry.flags.movable = !entry.flags.movable,
            Self::Scroll => entry.flags.scrollable = !entry.flags.scrollable,
        }
    }
}

/// One more, or one less; below nought there is none.
pub(super) fn counted(number: Option<XletNumber>, key: Key) -> Option<XletNumber> {
    let now = number.map(|number| i64::from(number.get()));
    let next = match (now, key == Key::char('<')) {
        (None, true) => return None,
        (None, false) => 0,
        (Some(now), true) => now - 1,
        (Some(now), false) => now + 1,
    };
    if next < 0 { None } else { XletNumber::new(next).ok().or(number) }
}

/// By position, and within one as clients show them.
pub(super) fn ids(profile: &Profile) -> Vec<Xlet> {
    let ordered = profile.ordered_xlets();
    let of = |position| ordered.iter().filter(move |entry| entry.position == position).map(|entry| entry.xlet);
    POSITIONS.into_iter().flat_map(of).collect()
}

/// What the table shows.
pub(super) struct Table<'a> {
    pub(super) profile: &'a Profile,
    pub(super) problems: &'a [DraftProblem],
    pub(super) column: XletColumn,
}

impl Table<'_> {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, list: &mut List<Xlet>) {
        let buffer = frame.buffer_mut();
        buffer.set_stringn(area.x + 3, area.y, "xlet", usize::from(area.width), theme::TITLE);
        for column in XletColumn::ALL {
            let (x, width) = column.span();
            let style = if column == self.column { theme::CHOSEN } else { theme::TITLE };
            buffer.set_stringn(area.x + x, area.y, column.head(), usize::from(width), style);
        }
        let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
        if self.profile.xlets.is_empty() {
            buffer.set_stringn(area.x + 3, rows.y, "none yet; a adds one", usize::from(rows.width), theme::MUTED);
        }
        list.draw(frame, rows, true, |xlet| {
            self.profile.entry(xlet).map_or_else(Line::default, |entry| self.row(entry))
        });
        if !self.profile.xlets.is_empty() {
            let (x, width) = self.column.span();
            let row = list.chosen_row();
            let cursor = Rect { x: row.x + x, width, ..row }.intersection(row);
            let style = Style::new().remove_modifier(Modifier::REVERSED).patch(theme::FOCUS);
            frame.buffer_mut().set_style(cursor, style);
        }
    }

    fn row(&self, entry: &ProfileXlet) -> Line<'static> {
        let blame = self.problems.iter().find(|problem| problem.xlets.contains(&entry.xlet));
        let (sign, style) =
            blame.map_or((" ", theme::PLAIN), |blame| (theme::sign(blame.severity), theme::of(blame.severity)));
        let number = entry.number.map_or_else(|| "-".to_owned(), |number| number.get().to_string());
        let flags = [entry.flags.floating, entry.flags.closable, entry.flags.movable, entry.flags.scrollable];
        let counts = entry.position == Position::Dock;
        let flag = |is_set: bool| match (counts, is_set) {
            (true, true) => " x ",
            (true, false) => " - ",
            (false, true) => "(x)",
            (false, false) => "(-)",
        };
        Line::from(vec![
            Span::styled(format!(" {sign} {}", cell(entry.xlet.as_str(), 20)), style),
            Span::styled(format!("{}{}", cell(entry.position.as_str(), 4), cell(&number, 3)), style),
            Span::styled(flags.map(flag).concat(), if counts { theme::PLAIN } else { theme::MUTED }),
            Span::styled(format!("  {}", wording::xlet(entry.xlet)), theme::MUTED),
        ])
    }
}
