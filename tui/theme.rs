//! How things look, by what they mean; every widget takes its styles from here. Meaning is never in a colour alone: what
//! is chosen is reversed, what is wrong has a sign before its words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use crate::settings::color;
use crate::settings::rule::Severity;

pub(super) const PLAIN: Style = Style::new();
pub(super) const TITLE: Style = Style::new().add_modifier(Modifier::BOLD);
pub(super) const CHOSEN: Style = Style::new().add_modifier(Modifier::REVERSED);
pub(super) const KEY: Style = Style::new().add_modifier(Modifier::BOLD);
pub(super) const MUTED: Style = Style::new().fg(Color::Gray);
/// A row that is marked, beside its sign.
pub(super) const MARKED: Style = Style::new().add_modifier(Modifier::BOLD);
/// What a filter looked for.
pub(super) const MATCH: Style = Style::new().add_modifier(Modifier::UNDERLINED).add_modifier(Modifier::BOLD);
pub(super) const FOCUS: Style = Style::new().add_modifier(Modifier::UNDERLINED).add_modifier(Modifier::BOLD);
pub(super) const GOOD: Style = Style::new().fg(Color::Green);
pub(super) const WARNING: Style = Style::new().fg(Color::Yellow);
pub(super) const ERROR: Style = Style::new().fg(Color::Red).add_modifier(Modifier::BOLD);

pub(super) fn of(severity: Severity) -> Style {
    match severity {
        Severity::Error => ERROR,
        Severity::Warning => WARNING,
    }
}

/// What stands before words of this weight, for whoever sees no colours.
pub(super) fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✗",
        Severity::Warning => "!",
    }
}

/// A patch of a presence's or hint's colour.
pub(super) fn swatch(color: color::Color) -> Style {
    Style::new().fg(Color::Rgb(color.0, color.1, color.2))
}

/// Takes the marks of cursors out of an area: keys go elsewhere.
pub(super) fn without_cursor(buffer: &mut Buffer, area: Rect) {
    for position in area.positions() {
        let Some(cell) = buffer.cell_mut(position) else { continue };
        cell.modifier.remove(CHOSEN.add_modifier.union(Modifier::UNDERLINED));
        if CHOSEN.bg == Some(cell.bg) {
            cell.bg = Color::Reset;
        }
    }
}
