//! How much goes out to the terminal for one key: over a thin line every byte is waited for.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::TestConsole;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

/// What a move of the cursor may cost at 80 by 24.
const MOVE_BYTES_MAX: usize = 1024;

/// Counts what is written and forgets it.
struct Counter(Rc<Cell<usize>>);

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_move_of_the_cursor_is_less_than_a_kibibyte() {
    let enter = Key::ENTER;
    for (tab, before) in [
        (Tab::Overview, &[][..]),
        (Tab::Presences, &[]),
        (Tab::Presences, &[enter]),
        (Tab::Presences, &[enter, Key::char('m')]),
        (Tab::Profiles, &[]),
        (Tab::Profiles, &[enter]),
        (Tab::Profiles, &[enter, Key::TAB]),
        (Tab::Users, &[]),
        (Tab::Hints, &[enter]),
        (Tab::Contexts, &[]),
        (Tab::Queues, &[]),
        (Tab::Settings, &[]),
        (Tab::History, &[]),
        (Tab::Users, &[Key::char('a')]),
    ] {
        let mut console = TestConsole::at(tab);
        console.press(before);
        let written = Rc::new(Cell::new(0));
        let viewport = Viewport::Fixed(Rect::new(0, 0, 80, 24));
        let backend = CrosstermBackend::new(Counter(Rc::clone(&written)));
        let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).expect("a terminal");
        let mut draw = |console: &mut TestConsole| {
            terminal.draw(|frame| console.inner.draw(frame)).expect("a frame");
        };
        draw(&mut console);
        for key in [Key::DOWN, Key::DOWN, Key::UP] {
            written.set(0);
            console.inner.press(key);
            draw(&mut console);
            assert!(written.get() < MOVE_BYTES_MAX, "{tab:?} {before:?} {key}: {} bytes", written.get());
        }
    }
}
