//! A horizontal rule that holds a title: what parts a screen.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use super::list::cell;
use crate::tui::theme;

/// `── title ─────`, so many columns wide; a longer title is cut.
pub(in crate::tui) fn rule(title: &str, columns: usize, style: Style) -> Line<'static> {
    let words = cell(title, columns.saturating_sub(4)).trim_end().to_owned();
    let rest = columns.saturating_sub(4 + words.width());
    Line::from(vec![
        Span::styled("── ", theme::MUTED),
        Span::styled(words, style),
        Span::styled(format!(" {}", "─".repeat(rest)), theme::MUTED),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_as_wide_as_it_was_asked_to_be() {
        let drawn = |title, columns| rule(title, columns, theme::SECTION).to_string();
        assert_eq!(drawn("xivo", 12), "── xivo ────");
        assert_eq!(drawn("a long title", 12), "── a long … ");
        assert_eq!(drawn("", 6), "──  ──");
    }
}
