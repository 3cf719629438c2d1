//! The help page: what can be done on the screen below it, and everywhere, made from the same lists that the keyboard
//! obeys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::app::{App, Transition};
use crate::tui::commands::Command;
use crate::tui::frame::wrapped;
use crate::tui::key_hint::KeyHint;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES, cell};

/// What works on every screen without an open form: the keys, and what they do.
pub(in crate::tui) const EVERYWHERE: &[(&str, &str)] = &[
    (
        "1 to 9, 0, T, h, B, A, V, R",
        "Go to a place: those of the top bar, Phone book, Accounts, Voicemail boxes, Rooms",
    ),
    ("Esc", "Go back to the screen before"),
    ("Ctrl-Z", "Undo the last change that this console saved"),
    ("?, F1", "Show this help (in a form: F1)"),
    ("q, Ctrl-C", "Leave the console"),
];

/// What text fields understand.
pub(in crate::tui) const FIELD_KEYS: &[(&str, &str)] = &[
    ("←, →, Ctrl-B, Ctrl-F", "A character back, forward"),
    ("Home, End, Ctrl-A, Ctrl-E", "To the beginning, to the end"),
    ("Alt-B, Alt-F", "A word back, forward"),
    ("Ctrl-W, Alt-D", "Remove the word before, after the cursor"),
    ("Ctrl-U, Ctrl-K", "Remove everything before, after the cursor"),
    ("Ctrl-Y", "Bring back what was removed"),
];

/// Columns of the keys, and of what they do.
const KEYS_WIDTH: usize = 26;
const WORDS_WIDTH: usize = 50;

pub(in crate::tui) struct Help {
    lines: Vec<Line<'static>>,
    list: List<usize>,
}

impl Help {
    /// About one screen, and what works everywhere.
    pub(in crate::tui) fn of(title: String, key_hints: &[KeyHint], app: &App) -> Self {
        let mut lines = vec![Line::styled(title, theme::TITLE)];
        lines.extend(key_hints.iter().flat_map(key_hint_lines));
        lines.push(Line::raw(""));
        lines.extend(everywhere(app));
        Self::show(lines)
    }

    /// The place of its own: every place and its commands.
    pub(in crate::tui) fn of_everything(app: &App) -> Self {
        let mut lines = everywhere(app);
        for tab in Tab::ALL.into_iter().filter(|tab| *tab != Tab::Help) {
            lines.push(Line::raw(""));
            lines.push(Line::styled(format!("{}  {}", tab.key(), tab.heading()), theme::TITLE));
            lines.extend(super::open(tab, app).key_hints(app).iter().flat_map(key_hint_lines));
        }
        Self::show(lines)
    }

    fn show(lines: Vec<Line<'static>>) -> Self {
        let list = List::new((0..lines.len()).collect());
        Self { lines, list }
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }

    fn scroll(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }
}

fn everywhere(app: &App) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled("On every screen without an open form", theme::TITLE)];
    let undo = Key::ctrl('z').to_string();
    let can_be_done = |(keys, _): &&(&str, &str)| *keys != undo || app.read_only_obstacle().is_none();
    lines.extend(EVERYWHERE.iter().filter(can_be_done).flat_map(|(keys, words)| key_lines(keys, words)));
    lines.push(Line::raw(""));
    lines.push(Line::styled("In a field", theme::TITLE));
    lines.extend(FIELD_KEYS.iter().flat_map(|(keys, words)| key_lines(keys, words)));
    lines
}

fn key_hint_lines(key_hint: &KeyHint) -> Vec<Line<'static>> {
    if key_hint.is_hidden {
        return Vec::new();
    }
    let keys: Vec<String> = key_hint.keys.iter().map(ToString::to_string).collect();
    let obstacle = key_hint.obstacle.map_or_else(String::new, |obstacle| format!(" (not now: {obstacle})"));
    key_lines(&keys.join(", "), &format!("{}{obstacle}", key_hint.help))
}

/// As many rows as keys and words need at the design size.
fn key_lines(keys: &str, words: &str) -> Vec<Line<'static>> {
    let (mut keys, mut words) = (wrapped(keys, KEYS_WIDTH), wrapped(words, WORDS_WIDTH));
    let rows = keys.len().max(words.len());
    keys.resize(rows, String::new());
    words.resize(rows, String::new());
    let row = |(keys, words): (String, String)| {
        Line::from(vec![Span::styled(format!("  {}", cell(&keys, KEYS_WIDTH)), theme::KEY), Span::raw(words)])
    };
    keys.into_iter().zip(words).map(row).collect()
}

impl Screen for Help {
    fn title(&self, _app: &App) -> String {
        "keys".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![
            Command::keyed(MOVES, "scroll", "Scroll", Self::scroll),
            Command::new([Key::ESC], "back", "Go back", Self::back),
        ]
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let lines = &self.lines;
        self.list.draw(frame, area, false, |at| lines.get(at).cloned().unwrap_or_default());
    }
}
