//! One line of text being typed: cursor, the keys of Emacs and of everybody else, paste. Used by fields and searches.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use tui_input::{Input, InputRequest};
use unicode_width::UnicodeWidthStr as _;

use crate::tui::keys::Key;
use crate::tui::theme;

/// A longer text is no name, number or setting.
const CHARACTERS_MAX: usize = 4096;

/// Whether what is typed may be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Echo {
    Text,
    /// A star a character.
    Hidden,
}

#[derive(Debug, Clone, Default)]
pub(in crate::tui) struct TextLine {
    input: Input,
    /// The first letter replaces all of it; any other key goes on with what is there.
    is_chosen: bool,
}

impl TextLine {
    pub(in crate::tui) fn new(text: &str) -> Self {
        Self { input: Input::new(text.to_owned()), is_chosen: false }
    }

    pub(in crate::tui) fn text(&self) -> &str {
        self.input.value()
    }

    /// The cursor has come to it: what is there already is replaced by what is typed first.
    pub(in crate::tui) fn choose_all(&mut self) {
        self.input.handle(InputRequest::GoToEnd);
        self.is_chosen = !self.text().is_empty();
    }

    /// Whether the next letter replaces all of it.
    pub(in crate::tui) fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    /// No text begins with a blank: pressed out of habit, as where it marks, it would empty the field.
    pub(in crate::tui) fn ignores(&self, key: Key) -> bool {
        self.is_chosen && key == Key::SPACE
    }

    /// Makes room for the first letter; Ctrl-Y brings back what was there.
    fn give_way(&mut self) {
        if std::mem::take(&mut self.is_chosen) {
            self.input.handle(InputRequest::DeleteFromStart);
        }
    }

    /// Whether it took the key.
    pub(in crate::tui) fn press(&mut self, key: Key) -> bool {
        use InputRequest as R;
        if self.ignores(key) {
            return true;
        }
        if key.typed().is_some() {
            self.give_way();
        }
        let request = match key {
            Key::LEFT => R::GoToPrevChar,
            Key::RIGHT => R::GoToNextChar,
            Key::HOME => R::GoToStart,
            Key::END => R::GoToEnd,
            Key::BACKSPACE => R::DeletePrevChar,
            Key::DELETE => R::DeleteNextChar,
            key if key == Key::ctrl('b') => R::GoToPrevChar,
            key if key == Key::ctrl('f') => R::GoToNextChar,
            key if key == Key::ctrl('a') => R::GoToStart,
            key if key == Key::ctrl('e') => R::GoToEnd,
            key if key == Key::ctrl('h') => R::DeletePrevChar,
            key if key == Key::ctrl('d') => R::DeleteNextChar,
            key if key == Key::ctrl('k') => R::DeleteTillEnd,
            key if key == Key::ctrl('u') => R::DeleteFromStart,
            key if key == Key::ctrl('w') => R::DeletePrevWord,
            key if key == Key::ctrl('y') => R::Yank,
            key if key == Key::alt('b') || key == Key::ctrl_left() => R::GoToPrevWord,
            key if key == Key::alt('f') || key == Key::ctrl_right() => R::GoToNextWord,
            key if key == Key::alt('d') => R::DeleteNextWord,
            key => match key.typed() {
                Some(letter) if self.text().chars().count() < CHARACTERS_MAX => R::InsertChar(letter),
                Some(_) => return true,
                None => return false,
            },
        };
        self.is_chosen = false;
        self.input.handle(request);
        true
    }

    /// Takes a paste as typed text: line ends become blanks, so that nothing is submitted by it.
    pub(in crate::tui) fn paste(&mut self, text: &str) {
        self.give_way();
        let room = CHARACTERS_MAX.saturating_sub(self.text().chars().count());
        let lines = text.trim_end_matches(['\r', '\n']).replace("\r\n", " ");
        for letter in lines.chars().take(room) {
            let letter = if letter.is_control() { ' ' } else { letter };
            self.input.handle(InputRequest::InsertChar(letter));
        }
    }

    /// Puts the home folder in the place of `~/`, as a shell does; whether it stood there.
    pub(in crate::tui) fn begin_at_home(&mut self, home: Option<&str>) -> bool {
        let (Some(home), Some(rest)) = (home, self.text().strip_prefix("~/")) else { return false };
        let text = format!("{}/{rest}", home.trim_end_matches('/'));
        let moved = self.input.cursor() + text.chars().count();
        let cursor = moved.saturating_sub(self.text().chars().count());
        self.input = Input::new(text).with_cursor(cursor);
        true
    }

    /// Draws it and, if it is being typed into, the cursor.
    pub(in crate::tui) fn draw(&self, frame: &mut Frame<'_>, area: Rect, echo: Echo, has_focus: bool) {
        if area.width == 0 || area.height == 0 {
            return;
        }
        let width = usize::from(area.width);
        let hidden = "*".repeat(self.text().chars().count());
        let text = match echo {
            Echo::Text => self.text(),
            Echo::Hidden => &hidden,
        };
        let before: String = text.chars().take(self.input.cursor()).collect();
        // The cursor stands after the text that is before it: one column is kept for it.
        let (mut skipped, mut column) = (0, before.width());
        let mut letters = text.chars();
        while column >= width {
            let Some(letter) = letters.next() else { break };
            let letter = unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0);
            skipped += letter;
            column = before.width() - skipped;
        }
        let style = match (has_focus, self.is_chosen) {
            (true, true) => theme::SELECTED,
            (true, false) => theme::FOCUS,
            (false, _) => theme::PLAIN,
        };
        let shown: String = letters.collect();
        frame.buffer_mut().set_stringn(area.x, area.y, &shown, width, style);
        if has_focus {
            let column = u16::try_from(column).unwrap_or(0).min(area.width - 1);
            frame.set_cursor_position(Position::new(area.x + column, area.y));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paste_of_several_lines_is_one_line() {
        let mut line = TextLine::new("a");
        line.paste("b\r\nc\nd\n");
        assert_eq!(line.text(), "ab c d");
    }

    #[test]
    fn a_blank_does_not_replace_what_was_there() {
        let mut line = TextLine::new("alice");
        line.choose_all();
        line.press(Key::SPACE);
        assert_eq!((line.text(), line.is_chosen()), ("alice", true));
        line.press(Key::END);
        line.press(Key::SPACE);
        line.press(Key::char('b'));
        assert_eq!(line.text(), "alice b");
    }

    #[test]
    fn the_first_letter_replaces_what_was_there_and_any_other_key_goes_on_with_it() {
        let chosen = |keys: &[Key]| {
            let mut line = TextLine::new("5003");
            line.choose_all();
            keys.iter().for_each(|key| assert!(line.press(*key)));
            line.text().to_owned()
        };
        assert_eq!(chosen(&[Key::char('8'), Key::char('0')]), "80");
        assert_eq!(chosen(&[Key::BACKSPACE, Key::char('4')]), "5004");
        assert_eq!(chosen(&[Key::END, Key::char('4')]), "50034");
        assert_eq!(chosen(&[Key::char('8'), Key::ctrl('y')]), "85003");
        let mut line = TextLine::new("5003");
        line.choose_all();
        line.paste("5004");
        assert_eq!(line.text(), "5004");
    }

    #[test]
    fn a_tilde_becomes_the_home_folder_where_a_path_begins_with_it() {
        let mut line = TextLine::default();
        let mut is_put = Vec::new();
        for letter in "~/a~/".chars() {
            line.press(Key::char(letter));
            is_put.push(line.begin_at_home(Some("/srv/anna")));
        }
        assert_eq!((line.text(), is_put), ("/srv/anna/a~/", vec![false, true, false, false, false]));
        let mut line = TextLine::new("/x");
        line.press(Key::HOME);
        line.press(Key::char('~'));
        assert!(line.begin_at_home(Some("/srv/")));
        line.press(Key::char('y'));
        assert_eq!(line.text(), "/srvy/x");
        assert!(!TextLine::new("~/x").begin_at_home(None));
    }

    #[test]
    fn the_keys_of_emacs_edit() {
        let mut line = TextLine::new("one two");
        for key in [Key::ctrl('w'), Key::ctrl('a'), Key::char('x'), Key::ctrl('e'), Key::char('!')] {
            assert!(line.press(key));
        }
        assert_eq!(line.text(), "xone !");
        assert!(!line.press(Key::ENTER));
    }
}
