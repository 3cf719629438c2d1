//! The xlets of the opened profile as a table: one row each, a cursor in rows and columns, and the keys that change a cell
//! where it stands.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Color;
use ratatui::text::{Line, Span};

use super::draft::DraftProblem;
use super::wording;
use crate::settings::profile::{Position, Profile, ProfileXlet, Xlet, XletNumber};
use crate::tui::keys::Key;
use crate::tui::theme;
use crate::tui::widgets::list::{List, cell};

/// In the order in which the table shows them.
pub(super) const POSITIONS: [Position; 3] = [Position::Grid, Position::Tab, Position::Dock];

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
    fn span(self, heads: XletHeads) -> (u16, u16) {
        match (self, heads) {
            (Self::Position, _) => (24, 5),
            (Self::Number, _) => (29, 4),
            (Self::Floating, XletHeads::Letters) => (33, 3),
            (Self::Closable, XletHeads::Letters) => (36, 3),
            (Self::Movable, XletHeads::Letters) => (39, 3),
            (Self::Scroll, XletHeads::Letters) => (42, 3),
            (Self::Floating, XletHeads::Words) => (33, 9),
            (Self::Closable, XletHeads::Words) => (42, 9),
            (Self::Movable, XletHeads::Words) => (51, 8),
            (Self::Scroll, XletHeads::Words) => (59, 7),
        }
    }

    fn head(self, heads: XletHeads) -> &'static str {
        match (self, heads) {
            (Self::Position, _) => "pos.",
            (Self::Number, _) => "no.",
            (Self::Floating, XletHeads::Letters) => " F",
            (Self::Closable, XletHeads::Letters) => " C",
            (Self::Movable, XletHeads::Letters) => " M",
            (Self::Scroll, XletHeads::Letters) => " S",
            (Self::Floating, XletHeads::Words) => "Floating",
            (Self::Closable, XletHeads::Words) => "Closable",
            (Self::Movable, XletHeads::Words) => "Movable",
            (Self::Scroll, XletHeads::Words) => "Scroll",
        }
    }

    pub(super) fn help(self) -> &'static str {
        match self {
            Self::Position => "Position: in grid, tab or dock; Space changes it",
            Self::Number => "Number: its order within its position; < and > change it",
            Self::Floating => "Floating: can be detached; Space toggles",
            Self::Closable => "Closable: can be closed; Space toggles",
            Self::Movable => "Movable: can be moved; Space toggles",
            Self::Scroll => "Scroll: scrolls when too large; Space toggles",
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
            Self::Number => Some("< and > change the number, Enter lets you type it"),
            _ if entry.position != Position::Dock => Some("this only matters in a dock; elsewhere it is kept"),
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

/// One more, or one less; below nought there is none. Whichever has that number there already takes the former one: both
/// change places, as every key of an order does it.
pub(super) fn count(profile: &mut Profile, xlet: Xlet, key: Key) {
    let Some(mut entry) = profile.entry(xlet).copied() else { return };
    let former = entry.number;
    entry.number = match former {
        // Without a number it is the last one; the greatest leaves it there.
        None if key == Key::char('>') && entry.position != Position::Grid => behind_all(profile, entry.position),
        _ => counted(former, key),
    };
    let is_neighbour = |other: &&ProfileXlet| {
        let is_there = other.position == entry.position && other.xlet != xlet;
        is_there && other.number == entry.number && entry.number.is_some()
    };
    let neighbour = profile.xlets.iter().find(is_neighbour).copied();
    if let Some(neighbour) = neighbour {
        profile.set_xlet(ProfileXlet { number: former, ..neighbour });
    }
    profile.set_xlet(entry);
}

fn counted(number: Option<XletNumber>, key: Key) -> Option<XletNumber> {
    let now = number.map(|number| i64::from(number.get()));
    let next = match (now, key == Key::char('<')) {
        (None, true) => return None,
        (None, false) => 0,
        (Some(now), true) => now - 1,
        (Some(now), false) => now + 1,
    };
    if next < 0 { None } else { XletNumber::new(next).ok().or(number) }
}

/// The number behind all others of the position.
pub(super) fn behind_all(profile: &Profile, position: Position) -> Option<XletNumber> {
    let numbers = profile.xlets.iter().filter(|entry| entry.position == position).filter_map(|entry| entry.number);
    XletNumber::new(numbers.max().map_or(0, |most| i64::from(most.get()) + 1)).ok()
}

/// By position, and within one as clients show them.
pub(super) fn ids(profile: &Profile) -> Vec<Xlet> {
    let ordered = profile.ordered_xlets();
    let of = |position| ordered.iter().filter(move |entry| entry.position == position).map(|entry| entry.xlet);
    POSITIONS.into_iter().flat_map(of).collect()
}

/// Whether the heads of the flags have room for more than a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum XletHeads {
    Letters,
    Words,
}

/// Columns of a table whose heads are words.
const WIDTH_OF_WORDS: u16 = 68;

/// What the letters stand for, where the heads are no words.
pub(super) const LEGEND: &str = "F floating C closable M movable S scroll";

/// What the brackets around a flag mean.
const KEPT: &str = " (x) (-)  kept; only in a dock they matter";

impl XletHeads {
    pub(super) fn of(width: u16) -> Self {
        if width < WIDTH_OF_WORDS { Self::Letters } else { Self::Words }
    }
}

/// What the table shows.
pub(super) struct Table<'a> {
    pub(super) profile: &'a Profile,
    pub(super) problems: &'a [DraftProblem],
    pub(super) column: XletColumn,
}

impl Table<'_> {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, list: &mut List<Xlet>) {
        let heads = XletHeads::of(area.width);
        let buffer = frame.buffer_mut();
        buffer.set_stringn(area.x + 3, area.y, "xlet", usize::from(area.width), theme::HEAD);
        for column in XletColumn::ALL {
            let (x, width) = column.span(heads);
            let style = if column == self.column { theme::HEAD.patch(theme::CHOSEN) } else { theme::HEAD };
            buffer.set_stringn(area.x + x, area.y, column.head(heads), usize::from(width), style);
        }
        let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
        if self.profile.xlets.is_empty() {
            buffer.set_stringn(area.x + 3, rows.y, "none yet; a adds one", usize::from(rows.width), theme::MUTED);
        }
        list.draw(frame, rows, true, |xlet| {
            self.profile.entry(xlet).map_or_else(Line::default, |entry| self.row(entry, heads))
        });
        let is_kept = |entry: &ProfileXlet| entry.position != Position::Dock;
        let has_room = self.profile.xlets.len() + 1 < usize::from(rows.height);
        if has_room && self.profile.xlets.iter().any(is_kept) {
            let words = cell(KEPT, usize::from(area.width));
            frame.buffer_mut().set_stringn(area.x, area.bottom() - 1, words, usize::from(area.width), theme::MUTED);
        }
        if !self.profile.xlets.is_empty() {
            let (x, width) = self.column.span(heads);
            let row = list.chosen_row();
            let cursor = Rect { x: row.x + x, width, ..row }.intersection(row);
            frame.buffer_mut().set_style(cursor, theme::FOCUS.bg(Color::Reset));
        }
    }

    fn row(&self, entry: &ProfileXlet, heads: XletHeads) -> Line<'static> {
        let blame = self.problems.iter().find(|problem| problem.xlets.contains(&entry.xlet));
        let (sign, style) =
            blame.map_or((" ", theme::PLAIN), |blame| (theme::sign(blame.severity), theme::of(blame.severity)));
        let number = entry.number.map_or_else(|| "-".to_owned(), |number| number.get().to_string());
        let flags = [
            (XletColumn::Floating, entry.flags.floating),
            (XletColumn::Closable, entry.flags.closable),
            (XletColumn::Movable, entry.flags.movable),
            (XletColumn::Scroll, entry.flags.scrollable),
        ];
        let counts = entry.position == Position::Dock;
        let flag = |(column, is_set): (XletColumn, bool)| {
            let sign = match (counts, is_set) {
                (true, true) => " x ",
                (true, false) => " - ",
                (false, true) => "(x)",
                (false, false) => "(-)",
            };
            format!("{sign:<width$}", width = usize::from(column.span(heads).1))
        };
        Line::from(vec![
            Span::styled(format!(" {sign} {}", cell(entry.xlet.as_str(), 20)), style),
            Span::styled(format!("{}{}", cell(entry.position.as_str(), 4), cell(&number, 3)), style),
            Span::styled(flags.map(flag).concat(), if counts { theme::PLAIN } else { theme::MUTED }),
            Span::styled(format!("  {}", wording::xlet(entry.xlet)), theme::MUTED),
        ])
    }
}
