//! The rows of the history and how they look: a transaction with when, who and by which way, an entry below it, and that
//! there are more of them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr as _;

use crate::settings::id::AuditId;
use crate::settings::rule::count;
use crate::tui::app::App;
use crate::tui::clock::{moment, short};
use crate::tui::system_user::person;
use crate::tui::theme;
use crate::tui::widgets::list::cell;

use super::ReadEntry;
use super::reading::{Listed, TAKEN_BACK};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum HistoryRow {
    Transaction(AuditId),
    /// Of an opened one.
    Entry {
        of: AuditId,
        id: AuditId,
    },
    /// It has more entries than were read.
    More(AuditId),
}

impl HistoryRow {
    pub(super) fn transaction(self) -> AuditId {
        match self {
            Self::Transaction(id) | Self::More(id) | Self::Entry { of: id, .. } => id,
        }
    }
}

const WHEN_COLUMNS: usize = 11;
const BY_COLUMNS: usize = 7;

/// In a terminal of this width, with so many columns for whoever did it.
pub(super) fn transaction(listed: &Listed, is_open: bool, (who, width): (usize, u16), app: &App) -> Line<'static> {
    let sign = match (listed.entries, is_open) {
        (..=1, _) => " ",
        (_, false) => "▸",
        (_, true) => "▾",
    };
    let (at, by) = (cell(&short(listed.at, app.now), WHEN_COLUMNS), cell(&listed.by, BY_COLUMNS));
    let before = format!("  {sign}{at}{}{by}", cell(&listed.who, who));
    match &listed.undone {
        Some(by) => {
            // When and by whom stands below: the row is for what it was.
            let part = if by.is_whole { "" } else { " in part" };
            let words = format!("{TAKEN_BACK}{part}: {}", listed.title);
            filled(before, &words, width).style(theme::MUTED)
        }
        None => filled(before, &listed.title, width),
    }
}

pub(super) fn entry(entry: Option<&ReadEntry>, width: u16) -> Line<'static> {
    let before = "     ".to_owned();
    match entry {
        Some(Ok(entry)) => filled(before, &entry.recorded().describe(), width),
        Some(Err(damaged)) => filled(before, &damaged.to_string(), width).style(theme::ERROR),
        None => Line::default(),
    }
}

pub(super) fn more(number: usize) -> Line<'static> {
    Line::styled(format!("     … {}; Enter shows them", count(number, "more change")), theme::MUTED)
}

fn filled(before: String, words: &str, width: u16) -> Line<'static> {
    let rest = usize::from(width).saturating_sub(before.width() + 1);
    Line::raw(format!("{before}{}", cell(words, rest).trim_end()))
}

/// `2026-11-24 02:00:07 by alice (as root), console, 54 changes`
pub(super) fn moment_and_person(listed: &Listed, app: &App) -> String {
    let several = if listed.entries > 1 { format!(", {}", count(listed.entries, "change")) } else { String::new() };
    let undone = listed.undone.as_ref().map_or_else(String::new, |by| {
        let part = if by.is_whole { "" } else { "in part " };
        format!(", {TAKEN_BACK} {part}{} by {}", short(by.at, app.now).trim(), person(&by.system_user))
    });
    format!("{} by {} ({}){several}{undone}", moment(listed.at, app.now), listed.who, listed.by)
}

/// Above the rows; at its end what came meanwhile, and that there is more to come.
pub(super) fn draw_head(frame: &mut Frame<'_>, area: Rect, who: usize, newer: usize, is_reading: bool) {
    let head = format!("   {}{}{}change", cell("when", WHEN_COLUMNS), cell("who", who), cell("by", BY_COLUMNS));
    frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
    let (words, style) = match (newer, is_reading) {
        (1.., _) => (format!("↑ {newer} newer: g goes there "), theme::WARNING),
        (0, true) => ("… reading older ones ".to_owned(), theme::MUTED),
        (0, false) => return,
    };
    let x = area.right().saturating_sub(u16::try_from(words.width()).unwrap_or(area.width));
    frame.buffer_mut().set_string(x.max(area.x), area.y, words, style);
}
