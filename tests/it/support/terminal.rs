//! A real terminal: a pty with the console at one end and a parser of what it draws at the other. Keys go in as bytes,
//! frames are waited for by what stands on them.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU16;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use pty_process::Size;
use pty_process::blocking::{Command, Pty};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process};

use super::cli::Appliance;
use super::server::await_end;
use super::waits::Waits;

const WORDS_MAX: Duration = Duration::from_secs(60);
/// Beside them stands the sketch of a profile.
const LEFT_COLUMNS: usize = 46;
const QUIET: Duration = Duration::from_millis(200);
const TOP_BAR_ROWS: u16 = 3;
/// What a chosen row stands on in 256 colours; where there are fewer it is reversed.
const CHOSEN_PAPER: vt100::Color = vt100::Color::Idx(237);
/// More rows than any list of the tests has.
const ROWS_MAX: usize = 100;
/// Private mode 2026: a terminal shows nothing of a frame before its end.
const FRAME_BEGIN: &str = "\x1b[?2026h";
const FRAME_END: &str = "\x1b[?2026l";
const END_MAX: Duration = Duration::from_secs(60);

pub(crate) const ENTER: &str = "\r";
pub(crate) const ESC: &str = "\x1b";
pub(crate) const TAB: &str = "\t";
pub(crate) const BACK_TAB: &str = "\x1b[Z";
pub(crate) const HOME: &str = "\x1b[H";
pub(crate) const END: &str = "\x1b[F";
pub(crate) const RIGHT: &str = "\x1b[C";
pub(crate) const SPACE: &str = " ";
pub(crate) const UP: &str = "\x1b[A";
pub(crate) const DOWN: &str = "\x1b[B";
pub(crate) const SAVE: &str = "\x13";
pub(crate) const MARK_ALL: &str = "\x01";
pub(crate) const UNDO: &str = "\x1a";
/// Empties a text field: to its end, then all before it.
pub(crate) const CLEAR: &str = "\x05\x15";

/// What the program behind the pty has drawn.
struct Drawn {
    parser: vt100::Parser<Told>,
    /// All of it, as it came.
    bytes: Vec<u8>,
}

impl Drawn {
    /// Half a frame is nothing that anybody sees.
    fn frame(&self) -> Option<&vt100::Screen> {
        (!self.parser.callbacks().is_mid_frame).then(|| self.parser.screen())
    }
}

/// What is shown as chosen below the top bar: the row under the cursor, and the part of the page that it is in.
#[derive(Debug)]
struct Cursor {
    /// By their numbers.
    rows: Vec<(u16, String)>,
}

impl Cursor {
    fn of(screen: &vt100::Screen) -> Self {
        let rows = rows(screen, TOP_BAR_ROWS).filter_map(|row| {
            let chosen: String = cells_of(screen, row).filter(is_chosen).map(vt100::Cell::contents).collect();
            (!chosen.is_empty()).then_some((row, chosen))
        });
        Self { rows: rows.collect() }
    }

    fn is_on(&self, word: &str) -> bool {
        self.rows.iter().map(|(_, text)| text.as_str()).collect::<String>().contains(word)
    }

    /// Whether the cursor is on another row now. That its text is another does not say so: what a row tells can change under
    /// the cursor. Where the list was moved along instead, the row stands above.
    fn is_left(&self, screen: &vt100::Screen) -> bool {
        let now = Self::of(screen);
        let numbers = |cursor: &Self| cursor.rows.iter().map(|(row, _)| *row).collect::<Vec<_>>();
        if numbers(self) != numbers(&now) {
            return true;
        }
        let moved_up = |(row, text): &(u16, String)| {
            let above =
                rows(screen, TOP_BAR_ROWS).take_while(|above| above < row).flat_map(|row| cells_of(screen, row));
            let above: String = above.map(vt100::Cell::contents).collect();
            without_blanks(&above).contains(&without_blanks(text))
        };
        self.rows.iter().zip(&now.rows).any(|(before, after)| before != after && moved_up(before))
    }
}

/// What the program told the terminal beside what it draws.
#[derive(Default)]
struct Told {
    /// What it copied last (OSC 52).
    copied: Option<String>,
    /// It is between the beginning and the end of a frame (private mode 2026).
    is_mid_frame: bool,
}

impl vt100::Callbacks for Told {
    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _kind: &[u8], data: &[u8]) {
        let text = BASE64_STANDARD.decode(data).unwrap();
        self.copied = Some(String::from_utf8(text).unwrap());
    }

    fn unhandled_csi(&mut self, _: &mut vt100::Screen, kind: Option<u8>, _: Option<u8>, params: &[&[u16]], last: char) {
        if kind == Some(b'?') && params == [[2026]] {
            self.is_mid_frame = last == 'h';
        }
    }
}

type Shared = Arc<(Mutex<Drawn>, Condvar)>;

pub(crate) struct Terminal {
    /// None once it was hung up.
    pty: Option<Arc<Pty>>,
    reader: Option<JoinHandle<()>>,
    is_hung_up: Arc<AtomicBool>,
    drawn: Shared,
    waits: Waits,
    pid: Pid,
    ended: Receiver<ExitStatus>,
    /// Its end was waited for: its id may be another's by now.
    has_ended: bool,
}

impl Terminal {
    /// `ctibox console` in a terminal of this kind, 80 columns by 24 rows.
    pub(crate) fn console(appliance: &Appliance, term: &str, more: &[&str]) -> Self {
        Self::console_where(appliance, term, &[], more)
    }

    /// The same where these variables are set too.
    pub(crate) fn console_where(appliance: &Appliance, term: &str, set: &[(&str, &str)], more: &[&str]) -> Self {
        Self::program(appliance, term, set, &[&["console"], more].concat())
    }

    /// The same with these words instead of `console`.
    pub(crate) fn program(appliance: &Appliance, term: &str, set: &[(&str, &str)], words: &[&str]) -> Self {
        let command = at_home(Command::new("env"))
            .arg(env!("CARGO_BIN_EXE_ctibox"))
            .env_remove("CTIBOX_DATA")
            .env("CTIBOX_CONFIG", appliance.etc("ctibox/config.yml"))
            .env("CTIBOX_OLD_CONFIG", appliance.etc(""))
            .env("TERM", term)
            .envs(set.iter().copied())
            .arg("--data")
            .arg(appliance.data())
            .args(words);
        Self::spawn(command)
    }

    /// Any other program in the same terminal.
    pub(crate) fn other(words: &[&str]) -> Self {
        Self::spawn(at_home(Command::new("env")).env("TERM", "xterm-256color").args(words))
    }

    fn spawn(command: Command) -> Self {
        let (columns, rows) = (80, 24);
        let (pty, pts) = pty_process::blocking::open().unwrap();
        pty.resize(Size::new(rows, columns)).unwrap();
        let child = command.spawn(pts).unwrap();
        let pty = Arc::new(pty);
        let drawn: Shared =
            Arc::new((Mutex::new(Drawn { parser: parser(columns, rows), bytes: Vec::new() }), Condvar::new()));
        let is_hung_up = Arc::new(AtomicBool::new(false));
        let (source, sink, stop) = (Arc::clone(&pty), Arc::clone(&drawn), Arc::clone(&is_hung_up));
        let reader = thread::spawn(move || read_all(&source, &sink, &stop));
        let pid = Pid::from_child(&child);
        Self {
            pty: Some(pty),
            reader: Some(reader),
            is_hung_up,
            drawn,
            waits: Waits::default(),
            pid,
            ended: await_end(child),
            has_ended: false,
        }
    }

    /// Sends keys as a keyboard does.
    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        let before = self.drawn().parser.screen().clone();
        self.waits.begin(before);
        let mut pty = &**self.pty.as_ref().expect("not hung up");
        pty.write_all(keys.as_bytes()).unwrap();
        self
    }

    /// A click with the left button on the first place where these words stand, which they must by now.
    pub(crate) fn click(&mut self, words: &str) -> &mut Self {
        let place = self.found(|screen| {
            let (_, columns) = screen.size();
            screen.rows(0, columns.get()).enumerate().find_map(|(row, text)| {
                let at = text.find(words)?;
                Some((text[..at].chars().count() + 1, row + 1))
            })
        });
        let (column, row) = place.unwrap_or_else(|| panic!("no row says {words:?}:\n{}", self.screen()));
        self.press(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"))
    }

    /// Waits until these words stand on the screen.
    pub(crate) fn await_words(&mut self, words: &str) -> &mut Self {
        self.await_screen(&format!("says {words:?}"), |screen| screen.contains(words))
    }

    /// Waits until they stand there so many times.
    pub(crate) fn await_times(&mut self, times: usize, words: &str) -> &mut Self {
        let what = format!("says {words:?} {times} times");
        self.await_screen(&what, |screen| screen.matches(words).count() == times)
    }

    /// Waits until they do not any more.
    pub(crate) fn await_gone(&mut self, words: &str) -> &mut Self {
        self.await_screen(&format!("no longer says {words:?}"), |screen| !screen.contains(words))
    }

    /// Waits until they are told, wherever lines are broken, and whatever stands beside them in the right half.
    pub(crate) fn await_told(&mut self, words: &str) -> &mut Self {
        self.await_screen(&format!("tells {words:?}"), |screen| {
            [LEFT_COLUMNS, usize::MAX].into_iter().any(|columns| joined(screen, columns).contains(words))
        })
    }

    fn await_screen(&mut self, what: &str, is_so: impl Fn(&str) -> bool) -> &mut Self {
        self.await_drawn(what, |screen| is_so(&screen.contents()))
    }

    fn await_drawn(&mut self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) -> &mut Self {
        self.waits.wait(what, &is_so);
        assert!(self.is_drawn(is_so), "the screen never {what}:\n{}", self.screen());
        self
    }

    /// Whether the screen comes to say so, as long as one waits for words.
    pub(crate) fn comes_to(&self, is_so: impl Fn(&str) -> bool) -> bool {
        let is_so = |screen: &vt100::Screen| is_so(&screen.contents());
        self.waits.wait("what it comes to", is_so);
        self.is_drawn(is_so)
    }

    fn is_drawn(&self, is_so: impl Fn(&vt100::Screen) -> bool) -> bool {
        self.found(|screen| is_so(screen).then_some(())).is_some()
    }

    /// What is looked for in whole frames, the one that stands there and those that come.
    fn found<T>(&self, look: impl Fn(&vt100::Screen) -> Option<T>) -> Option<T> {
        self.awaited(|drawn| drawn.frame().and_then(&look))
    }

    /// What is looked for in what was drawn, and again whenever more is, as long as one waits for words.
    fn awaited<T>(&self, mut look: impl FnMut(&mut Drawn) -> Option<T>) -> Option<T> {
        let end = Instant::now() + WORDS_MAX;
        let mut drawn = self.drawn();
        loop {
            if let Some(found) = look(&mut drawn) {
                return Some(found);
            }
            let remaining = end.saturating_duration_since(Instant::now());
            if remaining.is_zero() {
                return None;
            }
            drawn = self.drawn.1.wait_timeout(drawn, remaining).unwrap().0;
        }
    }

    /// Waits until a frame is whole: nothing more is drawn for a while.
    pub(crate) fn await_quiet(&mut self) -> &mut Self {
        self.waits.wait_for_more();
        let shared = Arc::clone(&self.drawn);
        let mut drawn = self.drawn();
        loop {
            let bytes = drawn.bytes.len();
            drawn = shared.1.wait_timeout_while(drawn, QUIET, |drawn| drawn.bytes.len() == bytes).unwrap().0;
            if drawn.bytes.len() == bytes {
                break;
            }
        }
        drop(drawn);
        self
    }

    /// Waits until the cursor is on a row that holds the word.
    pub(crate) fn await_chosen(&mut self, word: &str) -> &mut Self {
        self.await_drawn(&format!("has its cursor on {word:?}"), |screen| Cursor::of(screen).is_on(word))
    }

    /// Moves the cursor of a list down to the row that holds the word. The list must be there: a key that is still under way
    /// would make it stop one row too far.
    pub(crate) fn choose(&mut self, word: &str) -> &mut Self {
        for _ in 0..ROWS_MAX {
            let before = self.cursor();
            if before.is_on(word) {
                return self;
            }
            self.press(DOWN);
            self.await_drawn(&format!("has its cursor below {before:?}"), |screen| before.is_left(screen));
        }
        panic!("no row says {word:?}:\n{}", self.screen());
    }

    /// Also after a test has failed with it in hand.
    fn drawn(&self) -> MutexGuard<'_, Drawn> {
        self.drawn.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cursor(&self) -> Cursor {
        self.found(|screen| Some(Cursor::of(screen))).expect("a frame that was begun is ended")
    }

    pub(crate) fn screen(&self) -> String {
        self.drawn().parser.screen().contents()
    }

    /// Whether the program is on the alternate screen now.
    pub(crate) fn is_taken(&self) -> bool {
        self.drawn().parser.screen().alternate_screen()
    }

    /// Waits until the program has copied something, and takes it.
    pub(crate) fn await_copied(&mut self) -> String {
        self.waits.wait_for_more();
        let copied = self.awaited(|drawn| drawn.parser.callbacks_mut().copied.take());
        copied.unwrap_or_else(|| panic!("nothing was copied:\n{}", self.screen()))
    }

    /// Waits until the program takes the mouse, or leaves it to the terminal.
    pub(crate) fn await_mouse(&mut self, is_taken: bool) -> &mut Self {
        let what = if is_taken { "takes the mouse" } else { "leaves the mouse" };
        self.await_drawn(what, |screen| (screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None) == is_taken)
    }

    /// How many bytes were drawn so far.
    pub(crate) fn bytes(&self) -> usize {
        self.drawn().bytes.len()
    }

    /// What was sent between frames, from the first frame on: nothing that a terminal shows may be there.
    pub(crate) fn sent_between_frames(&self) -> String {
        let sent = String::from_utf8_lossy(&self.drawn().bytes).into_owned();
        let frames = sent.split(FRAME_BEGIN).skip(1);
        frames.filter_map(|frame| frame.split_once(FRAME_END)).map(|(_, after)| after).collect()
    }

    /// Whether any cell has a colour.
    pub(crate) fn has_colors(&self) -> bool {
        let drawn = self.drawn();
        cells(drawn.parser.screen(), 0).any(|cell| [cell.fgcolor(), cell.bgcolor()] != [vt100::Color::Default; 2])
    }

    /// Waits until no cell has a colour.
    pub(crate) fn await_no_colors(&mut self) -> &mut Self {
        self.await_drawn("has no colour", |screen| {
            cells(screen, 0).all(|cell| [cell.fgcolor(), cell.bgcolor()] == [vt100::Color::Default; 2])
        })
    }

    /// Waits until the screen stands on this colour.
    pub(crate) fn await_paper(&mut self, color: vt100::Color) -> &mut Self {
        self.await_drawn(&format!("stands on {color:?}"), |screen| {
            screen.cell(0, 79).is_some_and(|cell| cell.bgcolor() == color)
        })
    }

    /// Whether these bytes were sent so far.
    pub(crate) fn sent(&self, bytes: &str) -> bool {
        String::from_utf8_lossy(&self.drawn().bytes).contains(bytes)
    }

    /// Whether all bytes that were drawn so far are ASCII.
    pub(crate) fn sent_ascii_alone(&self) -> bool {
        self.drawn().bytes.is_ascii()
    }

    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.waits.end();
        self.drawn().parser = parser(columns, rows);
        self.pty.as_ref().expect("not hung up").resize(Size::new(rows, columns)).unwrap();
        self
    }

    pub(crate) fn signal(&self, signal: Signal) {
        self.waits.end();
        kill_process(self.pid, signal).unwrap();
    }

    /// The line is cut, as when SSH ends.
    pub(crate) fn hang_up(&mut self) {
        self.is_hung_up.store(true, Ordering::SeqCst);
        self.reader.take().expect("not hung up").join().unwrap();
        self.pty = None;
    }

    /// Waits for the end of the program.
    pub(crate) fn await_end(&mut self) -> ExitStatus {
        self.waits.wait_for_more();
        let end = self.ended.recv_timeout(END_MAX);
        let end = end.unwrap_or_else(|_| panic!("the console did not end; it shows\n{}", self.screen()));
        self.has_ended = true;
        end
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("the terminal shows at the end:\n{}", self.screen());
        }
        self.waits.end();
        self.is_hung_up.store(true, Ordering::SeqCst);
        // It may have ended, and been waited for, long ago.
        if !self.has_ended && self.ended.try_recv() == Err(TryRecvError::Empty) {
            self.signal(Signal::KILL);
        }
    }
}

/// As from a shell, even where the tests themselves run under nohup, and whatever the terminal is that they run in.
fn at_home(command: Command) -> Command {
    command
        .arg("--default-signal=HUP")
        .env_remove("NO_COLOR")
        .env_remove("COLORTERM")
        .env_remove("LC_ALL")
        .env("LANG", "C.UTF-8")
        .env("TZ", "UTC")
}

/// The first columns of all rows as one line with single blanks.
fn joined(screen: &str, columns: usize) -> String {
    let rows: Vec<String> = screen.lines().map(|row| row.chars().take(columns).collect()).collect();
    rows.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_chosen(cell: &&vt100::Cell) -> bool {
    cell.inverse() || cell.bgcolor() == CHOSEN_PAPER
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Those from a row on.
fn cells(screen: &vt100::Screen, from: u16) -> impl Iterator<Item = &vt100::Cell> {
    rows(screen, from).flat_map(|row| cells_of(screen, row))
}

fn cells_of(screen: &vt100::Screen, row: u16) -> impl Iterator<Item = &vt100::Cell> {
    let (_, columns) = screen.size();
    (0..columns.get()).filter_map(move |column| screen.cell(row, column))
}

fn rows(screen: &vt100::Screen, from: u16) -> impl Iterator<Item = u16> + use<> {
    let (rows, _) = screen.size();
    from..rows.get()
}

fn parser(columns: u16, rows: u16) -> vt100::Parser<Told> {
    let size = |number| NonZeroU16::new(number).expect("a terminal has rows and columns");
    vt100::Parser::new_with_callbacks(size(rows), size(columns), 0, Told::default())
}

/// Until the program has ended or the line is cut.
fn read_all(pty: &Pty, (drawn, grown): &(Mutex<Drawn>, Condvar), is_hung_up: &AtomicBool) {
    let mut buffer = [0; 65_536];
    let look_again = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
    while !is_hung_up.load(Ordering::SeqCst) {
        let mut ready = [PollFd::new(pty, PollFlags::IN)];
        if !matches!(poll(&mut ready, Some(&look_again)), Ok(1..)) {
            continue;
        }
        let mut source = pty;
        let Ok(count @ 1..) = source.read(&mut buffer) else { return };
        let mut drawn = drawn.lock().unwrap();
        drawn.parser.process(&buffer[..count]);
        drawn.bytes.extend_from_slice(&buffer[..count]);
        grown.notify_all();
    }
}
