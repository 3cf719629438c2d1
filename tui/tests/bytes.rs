//! How much goes out to the terminal for one key: over a thin line every byte is waited for.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::Desk;
use crate::tui::keys::Key;
use crate::tui::screen::Place;

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
    for (place, before) in [
        (Place::Overview, &[][..]),
        (Place::Presences, &[]),
        (Place::Presences, &[enter]),
        (Place::Presences, &[enter, Key::char('m')]),
        (Place::Profiles, &[]),
        (Place::Profiles, &[enter]),
        (Place::Profiles, &[enter, Key::TAB]),
        (Place::Users, &[]),
        (Place::Hints, &[enter]),
        (Place::Contexts, &[]),
        (Place::Queues, &[]),
        (Place::Settings, &[]),
        (Place::History, &[]),
        (Place::Users, &[Key::char('a')]),
    ] {
        let mut desk = Desk::at(place);
        desk.press(before);
        let written = Rc::new(Cell::new(0));
        let viewport = Viewport::Fixed(Rect::new(0, 0, 80, 24));
        let backend = CrosstermBackend::new(Counter(Rc::clone(&written)));
        let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).expect("a terminal");
        let mut draw = |desk: &mut Desk| {
            terminal.draw(|frame| desk.console.draw(frame)).expect("a frame");
        };
        draw(&mut desk);
        for key in [Key::DOWN, Key::DOWN, Key::UP] {
            written.set(0);
            desk.console.press(key);
            draw(&mut desk);
            assert!(written.get() < MOVE_BYTES_MAX, "{place:?} {before:?} {key}: {} bytes", written.get());
        }
    }
}
