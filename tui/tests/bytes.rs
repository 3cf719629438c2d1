//! How much goes out to the terminal for one key: over a thin line every byte is waited for.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use ratatui::backend::{CrosstermBackend, TestBackend};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::overview::{running, sessions};
use super::{COLOR, TestConsole};
use crate::settings::fixtures;
use crate::tui::Rights;
use crate::tui::console::take_all;
use crate::tui::event::Event;
use crate::tui::keys::Key;
use crate::tui::tab::Tab;

/// What a move of the cursor may cost.
const MOVE_BYTES_MAX: usize = 1024;

/// What a detail beside the list may, which follows once the cursor rests.
const DETAIL_BYTES_MAX: usize = 8 * 1024;

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

/// Each list of every place, and what is opened there.
pub(super) const LISTS: [(Tab, &[Key]); 22] = [
    (Tab::Overview, &[]),
    (Tab::Presences, &[]),
    (Tab::Presences, &[Key::ENTER]),
    (Tab::Presences, &[Key::ENTER, Key::char('m')]),
    (Tab::Profiles, &[]),
    (Tab::Profiles, &[Key::ENTER]),
    (Tab::Profiles, &[Key::ENTER, Key::TAB]),
    (Tab::Users, &[]),
    (Tab::Users, &[Key::ENTER]),
    (Tab::Users, &[Key::char('a')]),
    (Tab::Hints, &[Key::ENTER]),
    (Tab::Contexts, &[]),
    (Tab::Queues, &[]),
    (Tab::Settings, &[]),
    (Tab::Certificates, &[]),
    (Tab::Sessions, &[]),
    (Tab::Telephony, &[]),
    (Tab::PhoneBook, &[]),
    (Tab::Accounts, &[]),
    (Tab::Voicemails, &[]),
    (Tab::Rooms, &[]),
    (Tab::History, &[]),
];

#[test]
fn a_move_of_the_cursor_is_less_than_a_kibibyte_and_a_detail_that_follows_less_than_eight() {
    for size in [(80, 24), (120, 40), (160, 45), (200, 60)] {
        for (tab, before) in LISTS {
            assert_moves(tab, before, size);
        }
    }
}

fn assert_moves(tab: Tab, before: &[Key], (width, height): (u16, u16)) {
    let company = fixtures::small_company();
    let mut console = TestConsole::with(tab, company, Rights::Edit, COLOR, (width, height));
    console.inner.handle(Event::Server(running(sessions(), 460)));
    console.press(before);
    let written = Rc::new(Cell::new(0));
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    let backend = CrosstermBackend::new(Counter(Rc::clone(&written)));
    let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).expect("a terminal");
    let mut draw = |console: &mut TestConsole| {
        terminal.draw(|frame| console.inner.draw(frame)).expect("a frame");
    };
    draw(&mut console);
    let size = format!("{width}x{height}");
    for key in [Key::DOWN, Key::DOWN, Key::UP] {
        written.set(0);
        console.inner.press(key);
        draw(&mut console);
        let bytes = written.replace(0);
        assert!(bytes < MOVE_BYTES_MAX, "{tab:?} {before:?} {key} at {size}: {bytes} bytes");
        console.inner.detail.follow();
        draw(&mut console);
        let bytes = written.get();
        assert!(bytes < DETAIL_BYTES_MAX, "{tab:?} {before:?} {key} at {size}: {bytes} bytes of detail");
    }
}

#[test]
fn the_detail_beside_a_list_waits_while_the_cursor_goes_from_row_to_row() {
    let mut console = TestConsole::with(Tab::Users, fixtures::small_company(), Rights::Edit, COLOR, (120, 40));
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).expect("a terminal");
    let mut shows = |console: &mut TestConsole, words: &str| {
        let frame = terminal.draw(|frame| console.inner.draw(frame)).expect("a frame");
        let text: String = frame.buffer.content.iter().map(|cell| cell.symbol()).collect();
        text.contains(words)
    };
    assert!(shows(&mut console, "── alice"));
    console.inner.press(Key::DOWN);
    assert!(shows(&mut console, "── alice"), "the cursor may be on its way");
    console.inner.detail.follow();
    assert!(shows(&mut console, "── bob"));
    console.inner.press(Key::DOWN);
    assert!(shows(&mut console, "── bob"));
    // Once nothing comes any more, without another key.
    let (_sender, receiver) = std::sync::mpsc::sync_channel(1);
    while !shows(&mut console, "── carol") {
        take_all(&receiver, &mut console.inner);
    }
    console.inner.press(Key::UP);
    assert!(shows(&mut console, "── carol"));
    // Another key than one of movement waits for nothing.
    console.inner.press(Key::char('v'));
    assert!(shows(&mut console, "── bob"));
    // Nor does another screen show what stood beside the one before.
    console.inner.press(Key::char('6'));
    console.inner.press(Key::DOWN);
    assert!(shows(&mut console, "── sales") && !shows(&mut console, "── bob"));
}
