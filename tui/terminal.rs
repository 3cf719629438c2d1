//! The terminal as the console uses it: taken over once, given back once, whatever ends the console. The one place that
//! writes to it.

use std::fs::File;
use std::io::{self, IsTerminal as _, Stdout, Write, stdin, stdout};
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

/// The terminal while the console has it; dropped, it is as before.
pub(super) struct TerminalGuard {
    terminal: Terminal<CrosstermBackend<FrameWriter<File>>>,
}

/// Gathers a frame until it is flushed: it goes out in one piece, where standard output would cut it at every kilobyte. What
/// was not flushed, because drawing failed, is never sent.
struct FrameWriter<Out> {
    out: Out,
    extras: Extras,
    frame: Vec<u8>,
}

impl<Out: Write> Write for FrameWriter<Out> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.frame.is_empty() && self.extras == Extras::On {
            queue!(self.frame, BeginSynchronizedUpdate)?;
        }
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        if self.extras == Extras::On {
            queue!(self.frame, EndSynchronizedUpdate)?;
        }
        let sent = self.out.write_all(&self.frame);
        self.frame.clear();
        sent?;
        self.out.flush()
    }
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
        let out = File::from(stdout().as_fd().try_clone_to_owned()?);
        let writer = FrameWriter { out, extras: capabilities.extras, frame: Vec::new() };
        let guard = Self { terminal: Terminal::new(CrosstermBackend::new(writer))? };
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
        self.terminal.draw(draw).map(drop)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn writer(extras: Extras) -> FrameWriter<Vec<u8>> {
        FrameWriter { out: Vec::new(), extras, frame: Vec::new() }
    }

    #[test]
    fn a_frame_goes_out_between_its_marks_and_only_when_it_is_flushed() {
        let mut writer = writer(Extras::On);
        writer.write_all(b"half").unwrap();
        assert_eq!(writer.out, b"");
        writer.write_all(b" and half").unwrap();
        writer.flush().unwrap();
        writer.flush().unwrap();
        assert_eq!(writer.out, b"\x1b[?2026hhalf and half\x1b[?2026l");
    }

    #[test]
    fn a_terminal_without_extras_gets_no_marks() {
        let mut writer = writer(Extras::Off);
        writer.write_all(b"all").unwrap();
        writer.flush().unwrap();
        assert_eq!(writer.out, b"all");
    }
}
