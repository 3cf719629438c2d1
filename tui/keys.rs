//! Keys as people call them: one spelling for key bar, help, documents and tests, and what the terminal sends brought
//! into that form. Used by all of the console.

use std::fmt;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// One key, with Ctrl or Alt where it is held. Shift is in the character itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    pub(super) const ENTER: Self = Self::bare(KeyCode::Enter);
    pub(super) const ESC: Self = Self::bare(KeyCode::Esc);
    pub(super) const TAB: Self = Self::bare(KeyCode::Tab);
    pub(super) const BACK_TAB: Self = Self::bare(KeyCode::BackTab);
    pub(super) const UP: Self = Self::bare(KeyCode::Up);
    pub(super) const DOWN: Self = Self::bare(KeyCode::Down);
    pub(super) const LEFT: Self = Self::bare(KeyCode::Left);
    pub(super) const RIGHT: Self = Self::bare(KeyCode::Right);
    pub(super) const PAGE_UP: Self = Self::bare(KeyCode::PageUp);
    pub(super) const PAGE_DOWN: Self = Self::bare(KeyCode::PageDown);
    pub(super) const HOME: Self = Self::bare(KeyCode::Home);
    pub(super) const END: Self = Self::bare(KeyCode::End);
    pub(super) const BACKSPACE: Self = Self::bare(KeyCode::Backspace);
    pub(super) const DELETE: Self = Self::bare(KeyCode::Delete);
    pub(super) const SPACE: Self = Self::char(' ');
    pub(super) const F1: Self = Self::bare(KeyCode::F(1));
    pub(super) const F4: Self = Self::bare(KeyCode::F(4));

    const fn bare(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::NONE }
    }

    pub(super) const fn char(letter: char) -> Self {
        Self::bare(KeyCode::Char(letter))
    }

    pub(super) const fn ctrl(letter: char) -> Self {
        Self { code: KeyCode::Char(letter), modifiers: KeyModifiers::CONTROL }
    }

    pub(super) const fn alt(letter: char) -> Self {
        Self { code: KeyCode::Char(letter), modifiers: KeyModifiers::ALT }
    }

    pub(super) const fn ctrl_left() -> Self {
        Self { code: KeyCode::Left, modifiers: KeyModifiers::CONTROL }
    }

    pub(super) const fn ctrl_right() -> Self {
        Self { code: KeyCode::Right, modifiers: KeyModifiers::CONTROL }
    }

    /// None for a key that is let go.
    pub(super) fn of(event: KeyEvent) -> Option<Self> {
        if event.kind == KeyEventKind::Release {
            return None;
        }
        let held = KeyModifiers::CONTROL | KeyModifiers::ALT;
        Some(match event.code {
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Self::BACK_TAB,
            KeyCode::Char(letter) if event.modifiers.contains(KeyModifiers::CONTROL) => {
                Self { code: KeyCode::Char(letter.to_ascii_lowercase()), modifiers: event.modifiers & held }
            }
            code => Self { code, modifiers: event.modifiers & held },
        })
    }

    /// Whether everybody presses it without a thought, to get about in a text or a list: where it does nothing, nothing is
    /// said.
    pub(super) fn moves_in_text(self) -> bool {
        let moves =
            [Self::UP, Self::DOWN, Self::LEFT, Self::RIGHT, Self::PAGE_UP, Self::PAGE_DOWN, Self::HOME, Self::END];
        moves.contains(&self) || [Self::BACKSPACE, Self::DELETE].contains(&self)
    }

    /// The character that it types, if it types one.
    pub(super) fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if self.modifiers.is_empty() => Some(letter),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.modifiers.contains(KeyModifiers::CONTROL) {
            out.write_str("Ctrl-")?;
        }
        if self.modifiers.contains(KeyModifiers::ALT) {
            out.write_str("Alt-")?;
        }
        match self.code {
            KeyCode::Char(' ') => out.write_str("Space"),
            KeyCode::Char(letter) if self.modifiers.is_empty() => write!(out, "{letter}"),
            KeyCode::Char(letter) => write!(out, "{}", letter.to_ascii_uppercase()),
            KeyCode::F(number) => write!(out, "F{number}"),
            KeyCode::BackTab => out.write_str("Shift-Tab"),
            KeyCode::PageUp => out.write_str("PgUp"),
            KeyCode::PageDown => out.write_str("PgDn"),
            KeyCode::Up => out.write_str("↑"),
            KeyCode::Down => out.write_str("↓"),
            KeyCode::Left => out.write_str("←"),
            KeyCode::Right => out.write_str("→"),
            other => write!(out, "{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_called_as_people_call_them() {
        let called = [Key::ctrl('s'), Key::BACK_TAB, Key::char('A'), Key::SPACE, Key::F1, Key::ENTER, Key::ESC];
        let words: Vec<String> = called.iter().map(ToString::to_string).collect();
        assert_eq!(words, ["Ctrl-S", "Shift-Tab", "A", "Space", "F1", "Enter", "Esc"]);
    }

    #[test]
    fn what_terminals_send_comes_in_one_form() {
        let of = |code, modifiers| Key::of(KeyEvent::new(code, modifiers));
        assert_eq!(of(KeyCode::Char('A'), KeyModifiers::SHIFT), Some(Key::char('A')));
        assert_eq!(of(KeyCode::Char('S'), KeyModifiers::CONTROL), Some(Key::ctrl('s')));
        assert_eq!(of(KeyCode::Tab, KeyModifiers::SHIFT), Some(Key::BACK_TAB));
        assert_eq!(of(KeyCode::BackTab, KeyModifiers::SHIFT), Some(Key::BACK_TAB));
    }
}
