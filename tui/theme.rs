//! How things look, by what they mean; every widget takes its styles from here. A style names roles, and which colours these
//! are is decided at the last look at a frame (`degrade`, by `palette`): the theme may change while the console runs.
//! Meaning is never in a colour alone: what is chosen is reversed where there are none, what is wrong has a sign before
//! its words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Span;

use super::palette::Role;
use crate::settings::color;
use crate::settings::rule::Severity;

const BOLD: Style = Style::new().add_modifier(Modifier::BOLD);

pub(super) const PLAIN: Style = Style::new();
/// The name of a screen, of a box.
pub(super) const TITLE: Style = BOLD.fg(Role::Title.color());
/// What parts a screen: the words in a rule.
pub(super) const SECTION: Style = BOLD.fg(Role::Section.color());
/// Heads of columns, labels before values.
pub(super) const HEAD: Style = BOLD.fg(Role::Head.color());
/// More than what stands beside it, in the same colour.
pub(super) const STRONG: Style = BOLD;
pub(super) const CHOSEN: Style = Style::new().bg(Role::Chosen.color());
/// A text that the next letter replaces.
pub(super) const SELECTED: Style = Style::new().add_modifier(Modifier::REVERSED);
pub(super) const KEY: Style = BOLD.fg(Role::Accent.color());
pub(super) const MUTED: Style = Style::new().fg(Role::Muted.color());
/// A row that is marked, beside its sign.
pub(super) const MARKED: Style = BOLD;
/// What a filter looked for.
pub(super) const MATCH: Style = BOLD.fg(Role::Accent.color()).add_modifier(Modifier::UNDERLINED);
pub(super) const FOCUS: Style = BOLD.add_modifier(Modifier::UNDERLINED);
pub(super) const GOOD: Style = Style::new().fg(Role::Good.color());
pub(super) const WARNING: Style = Style::new().fg(Role::Warning.color());
pub(super) const ERROR: Style = BOLD.fg(Role::Error.color());

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

/// A patch of a presence's or hint's own colour. Without colours it is left out: words stand beside it.
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

/// The same as clients show it.
pub(super) fn dot(color: color::Color) -> Span<'static> {
    Span::styled("●", swatch(color))
}
