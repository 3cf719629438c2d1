//! A text that may be longer than its room: as much of it as fits, with a mark that says how much there is above and below.
//! Held by questions and boxes; letters are their answers, so that only the arrows, the page keys, Home and End move it.

use std::cell::Cell;

use ratatui::text::Line;

use crate::tui::keys::Key;
use crate::tui::theme;

#[derive(Debug, Default)]
pub(in crate::tui) struct ScrolledText {
    top: usize,
    /// How far it can go, and the rows of a page, as it was drawn last.
    last: Cell<usize>,
    page: Cell<usize>,
}

impl ScrolledText {
    /// Whether there is more than was drawn last.
    pub(in crate::tui) fn is_longer(&self) -> bool {
        self.last.get() > 0
    }

    /// Whether the key was for it: it is only where there is more of the text.
    pub(in crate::tui) fn press(&mut self, key: Key) -> bool {
        let (last, page) = (self.last.get(), self.page.get().max(1));
        let top = self.top.min(last);
        let to = match key {
            Key::UP => top.saturating_sub(1),
            Key::DOWN => top + 1,
            Key::PAGE_UP => top.saturating_sub(page),
            Key::PAGE_DOWN => top + page,
            Key::HOME => 0,
            Key::END => last,
            _ => return false,
        };
        self.top = to.min(last);
        last > 0
    }

    /// Those that have room in so many rows, the last of which tells of the others where there are some.
    pub(in crate::tui) fn shown<'a>(&self, lines: Vec<Line<'a>>, room: usize) -> Vec<Line<'a>> {
        let all = lines.len();
        if all <= room || room == 0 {
            self.last.set(0);
            return lines.into_iter().take(room).collect();
        }
        let page = room - 1;
        self.page.set(page);
        self.last.set(all - page);
        let top = self.top.min(all - page);
        let mut shown: Vec<Line<'a>> = lines.into_iter().skip(top).take(page).collect();
        let mark = match (top, all - page - top) {
            (0, below) => format!("↓ {below} more below"),
            (above, 0) => format!("↑ {above} more above"),
            (above, below) => format!("↑ {above} more above, ↓ {below} below"),
        };
        shown.push(Line::styled(mark, theme::KEY));
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &ScrolledText, rows: usize, room: usize) -> Vec<String> {
        let lines = (0..rows).map(|row| Line::raw(row.to_string())).collect();
        text.shown(lines, room).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_has_no_room_is_counted_and_comes_with_the_arrows() {
        let mut text = ScrolledText::default();
        assert_eq!(shown(&text, 3, 3), ["0", "1", "2"]);
        assert!(!text.press(Key::DOWN) && !text.is_longer());
        assert_eq!(shown(&text, 6, 4), ["0", "1", "2", "↓ 3 more below"]);
        assert!(text.press(Key::DOWN));
        assert_eq!(shown(&text, 6, 4), ["1", "2", "3", "↑ 1 more above, ↓ 2 below"]);
        assert!(text.press(Key::END) && !text.press(Key::char('j')));
        assert_eq!(shown(&text, 6, 4), ["3", "4", "5", "↑ 3 more above"]);
    }
}
