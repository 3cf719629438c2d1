//! The terminal as the console uses it: taken over once, given back once, whatever ends the console. The one place that
//! writes to it.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _, stdin, stdout};
use std::os::fd::AsFd as _;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ratatui::Frame;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use ratatui::crossterm::style::{Attribute, SetAttribute};
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use ratatui::crossterm::{execute, queue};

use super::ConsoleError;
use super::capabilities::{Capabilities, Extras};
use super::terminal_request::{Mouse, TerminalRequest};

/// Whether the terminal is taken: `give_back` runs from return, error and panic alike, and acts once.
static TAKEN: AtomicBool = AtomicBool::new(false);
static EXTRAS: AtomicBool = AtomicBool::new(false);

/// More than any frame has: it goes out in one piece, where standard output would cut it at every kilobyte.
const FRAME_BYTES: usize = 256 * 1024;

/// The terminal while the console has it; dropped, it is as before.
pub(super) struct TerminalGuard {
    terminal: Terminal<CrosstermBackend<BufWriter<File>>>,
    extras: Extras,
}

impl TerminalGuard {
    /// Fails where input or output is no terminal.
    pub(super) fn take(capabilities: Capabilities) -> Result<Self, ConsoleError> {
        if !stdin().is_terminal() || !stdout().is_terminal() {
            return Err(ConsoleError::NoTerminal);
        }
        let (before, own) = (panic::take_hook(), thread::current().id());
        panic::set_hook(Box::new(move |panicked| {
            // A thread beside falls alone: the console draws on, and whoever waits for that thread tells of it.
            if thread::current().id() == own {
                give_back();
                before(panicked);
            }
        }));
        TAKEN.store(true, Ordering::SeqCst);
        EXTRAS.store(capabilities.extras == Extras::On, Ordering::SeqCst);
        // From here on drop gives it back.
        let output = BufWriter::with_capacity(FRAME_BYTES, File::from(stdout().as_fd().try_clone_to_owned()?));
        let guard = Self { terminal: Terminal::new(CrosstermBackend::new(output))?, extras: capabilities.extras };
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen)?;
        if capabilities.extras == Extras::On {
            execute!(stdout(), EnableBracketedPaste, EnableMouseCapture)?;
        }
        Ok(guard)
    }
}

impl TerminalGuard {
    /// One frame. A terminal that knows how shows nothing of it before all of it is there.
    pub(super) fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        if self.extras == Extras::On {
            queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        }
        self.terminal.draw(draw)?;
        if self.extras == Extras::On {
            execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        }
        Ok(())
    }

    /// Beside frames.
    pub(super) fn obey(&mut self, request: &TerminalRequest) -> io::Result<()> {
        match request {
            TerminalRequest::Redraw => {
                // `Terminal::clear` asks the terminal where its cursor is, and not every terminal answers in time.
                execute!(stdout(), Clear(ClearType::All))?;
                self.terminal.swap_buffers();
                Ok(())
            }
            TerminalRequest::Mouse(Mouse::Console) => execute!(stdout(), EnableMouseCapture),
            TerminalRequest::Mouse(Mouse::Terminal) => execute!(stdout(), DisableMouseCapture),
            TerminalRequest::Copy(text) => {
                // OSC 52 of xterm: `c` is the clipboard.
                let mut out = stdout();
                write!(out, "\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text))?;
                out.flush()
            }
        }
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Nothing more can be done about a terminal that is gone: errors are left alone.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _ = undress(&mut out);
    let _ = out.flush();
    let _ = disable_raw_mode();
}

fn undress(out: &mut Stdout) -> io::Result<()> {
    if EXTRAS.load(Ordering::SeqCst) {
        queue!(out, DisableMouseCapture, DisableBracketedPaste)?;
    }
    queue!(out, SetAttribute(Attribute::Reset), LeaveAlternateScreen, Show)
}
