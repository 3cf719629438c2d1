//! Where in a drawn row the words stand that were looked for: found in the cells themselves, so that what is marked is what
//! is seen. Called by lists.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::settings::fold::fold;
use crate::tui::theme;

/// Marks each of the words, which are folded, wherever it stands in the row.
pub(in crate::tui) fn mark_matches(buffer: &mut Buffer, row: Rect, words: &[String]) {
    if words.is_empty() {
        return;
    }
    // Each letter of the folded row with the column that it came from.
    let (mut text, mut columns) = (String::new(), Vec::new());
    for x in row.left()..row.right() {
        let Some(cell) = buffer.cell((x, row.y)) else { continue };
        let folded = match cell.symbol() {
            " " => " ".to_owned(),
            symbol => fold(symbol),
        };
        columns.extend(std::iter::repeat_n(x, folded.len()));
        text.push_str(&folded);
    }
    for word in words {
        for (at, found) in text.match_indices(word.as_str()) {
            for x in &columns[at..at + found.len()] {
                if let Some(cell) = buffer.cell_mut((*x, row.y)) {
                    cell.set_style(theme::MATCH);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::{Modifier, Style};

    use super::*;

    fn marked(text: &str, words: &[&str]) -> String {
        let row = Rect::new(0, 0, 20, 1);
        let mut buffer = Buffer::empty(row);
        buffer.set_string(0, 0, text, Style::new());
        let words: Vec<String> = words.iter().map(|word| fold(word)).collect();
        mark_matches(&mut buffer, row, &words);
        let is_marked = |x: &u16| buffer.cell((*x, 0)).is_some_and(|cell| cell.modifier.contains(Modifier::UNDERLINED));
        (0..20).filter(is_marked).filter_map(|x| buffer.cell((x, 0)).map(|cell| cell.symbol().to_owned())).collect()
    }

    #[test]
    fn what_was_looked_for_is_marked_as_it_is_written() {
        assert_eq!(marked("Zoë Kühn 1042", &["OE", "kuhn", "4"]), "oëKühn4");
        assert_eq!(marked("Straße", &["strasse"]), "Straße");
        assert_eq!(marked("aXa", &["a"]), "aa");
        assert_eq!(marked("Alice", &["bob"]), "");
    }
}
