//! The bar of places at the top of every screen: two rows of them, where one has no room for all their words; one row, whose
//! labels are as long as they fit, where the terminal has few rows, so that the body gets the other. Called by the frame.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use super::tab::Tab;
use super::theme;

/// Below so many columns or rows they stand in one row, most of them by their keys alone.
const TWO_ROWS_FROM: (u16, u16) = (80, 24);
/// Behind a place where something is open that is not saved.
const UNSAVED: &str = "*";

/// Places of the first of two rows.
const FIRST_ROW: usize = 7;

/// How much of a place stands in the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Key,
    Short,
    Whole,
}

impl Label {
    fn of(self, tab: Tab) -> &'static str {
        match self {
            Self::Key => "",
            Self::Short => tab.short_label(),
            Self::Whole => tab.label(),
        }
    }

    /// Columns: a blank, the key, and a blank before the label.
    fn width(self, tab: Tab) -> usize {
        match self.of(tab) {
            "" => 2,
            label => 3 + label.width(),
        }
    }
}

/// Draws it; where each place stands, and how many rows they take.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, here: Tab, unsaved: &[Tab]) -> (Vec<(Rect, Tab)>, u16) {
    let whole: usize = Tab::ALL.iter().map(|tab| Label::Whole.width(*tab)).sum();
    let has_room_for_two = area.width >= TWO_ROWS_FROM.0 && area.height >= TWO_ROWS_FROM.1;
    let is_two = has_room_for_two && whole >= usize::from(area.width);
    if !is_two {
        return (draw_row(frame, Rect { height: 1, ..area }, &Tab::ALL, here, unsaved), 1);
    }
    let (first, second) = Tab::ALL.split_at(FIRST_ROW);
    let mut tabs = draw_row(frame, Rect { height: 1, ..area }, first, here, unsaved);
    tabs.extend(draw_row(frame, Rect { y: area.y + 1, height: 1, ..area }, second, here, unsaved));
    (tabs, 2)
}

fn draw_row(frame: &mut Frame<'_>, row: Rect, places: &[Tab], here: Tab, unsaved: &[Tab]) -> Vec<(Rect, Tab)> {
    let labels = labels(places, here, usize::from(row.width));
    let used: usize = labels.iter().zip(places).map(|(label, tab)| label.width(*tab)).sum();
    // With room for a blank behind each too, they stand apart.
    let apart = u16::from(used + places.len() <= usize::from(row.width));
    let mut tabs = Vec::new();
    let mut x = row.x;
    for (label, tab) in labels.into_iter().zip(places) {
        let style = if *tab == here { theme::CHOSEN } else { theme::PLAIN };
        let words = match label.of(*tab) {
            "" => String::new(),
            words => format!(" {words}"),
        };
        let line = Line::from(vec![
            Span::styled(format!(" {}", tab.key()), theme::KEY.patch(style)),
            // Where places stand close, the blank before the next one still belongs to the chosen one.
            Span::styled(format!("{words}{}", if unsaved.contains(tab) { UNSAVED } else { " " }), style),
        ]);
        let width = u16::try_from(label.width(*tab)).unwrap_or(row.width) + apart;
        frame.buffer_mut().set_line(x, row.y, &line, row.right().saturating_sub(x));
        tabs.push((Rect::new(x, row.y, width, 1).intersection(row), *tab));
        x = x.saturating_add(width);
    }
    tabs
}

/// As much of each as has room in so many columns: on a small terminal the place where one is, else words for all, and
/// longer ones for as many as possible.
fn labels(places: &[Tab], here: Tab, width: usize) -> Vec<Label> {
    let mut labels = vec![Label::Key; places.len()];
    // One more for the blank behind the last.
    let fits =
        |labels: &[Label]| labels.iter().zip(places).map(|(label, tab)| label.width(*tab)).sum::<usize>() < width;
    let mut lengthen = |at: usize, label: Label| {
        let before = std::mem::replace(&mut labels[at], label);
        if !fits(&labels) {
            labels[at] = before;
        }
    };
    if width < usize::from(TWO_ROWS_FROM.0) {
        places.iter().position(|tab| *tab == here).into_iter().for_each(|at| lengthen(at, Label::Whole));
        return labels;
    }
    for label in [Label::Short, Label::Whole] {
        (0..places.len()).for_each(|at| lengthen(at, label));
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(places: &[Tab], here: Tab, width: usize) -> String {
        let labels = labels(places, here, width);
        let words = labels.iter().zip(places).map(|(label, tab)| format!(" {} {}", tab.key(), label.of(*tab)));
        words.map(|words| words.trim_end().to_owned()).collect()
    }

    #[test]
    fn a_wide_terminal_has_words_for_all_places_in_one_row() {
        let row = bar(&Tab::ALL, Tab::Users, 120);
        assert!(row.starts_with(" 1 Overview 2 Pres 3 Prof 4 Users"), "{row}");
        assert!(row.len() < 120 && row.ends_with('?'), "{row}");
        let is_told = |tab: &Tab| row.contains(tab.short_label()) || row.contains(tab.label());
        assert!(Tab::ALL.iter().all(is_told), "{row}");
        let row = bar(&Tab::ALL, Tab::Users, 300);
        assert!(Tab::ALL.iter().all(|tab| row.contains(tab.label())), "{row}");
    }

    #[test]
    fn a_small_terminal_has_keys_and_the_word_for_the_place() {
        for here in Tab::ALL {
            let row = bar(&Tab::ALL, here, 60);
            let keys: String = Tab::ALL.iter().map(|tab| format!(" {}", tab.key())).collect();
            assert_eq!(row.replacen(&format!(" {}", here.label()), "", 1), keys);
            assert!(row.contains(here.label()) && row.len() < 60, "{row}");
        }
    }
}
