//! The help page: what can be done on the screen below it, and everywhere, made from the same lists that the keyboard
//! obeys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::commands::{Command, Offer};
use crate::tui::frame::wrapped;
use crate::tui::keys::Key;
use crate::tui::office::Office;
use crate::tui::screen::{Answer, Place, Screen};
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES, cell};

/// What works on every screen without an open form: the keys, and what they do.
pub(in crate::tui) const EVERYWHERE: &[(&str, &str)] = &[
    ("1 to 9, 0, h", "Go to a place of the top bar"),
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
    pub(in crate::tui) fn of(title: String, offers: &[Offer], office: &Office) -> Self {
        let mut lines = vec![Line::styled(title, theme::TITLE)];
        lines.extend(offers.iter().flat_map(offer_lines));
        lines.push(Line::raw(""));
        lines.extend(everywhere(office));
        Self::show(lines)
    }

    /// The place of its own: every place and its commands.
    pub(in crate::tui) fn of_everything(office: &Office) -> Self {
        let mut lines = everywhere(office);
        for place in Place::ALL.into_iter().filter(|place| *place != Place::Help) {
            lines.push(Line::raw(""));
            lines.push(Line::styled(format!("{}  {}", place.key(), place.heading()), theme::TITLE));
            lines.extend(place.open(office).offers(office).iter().flat_map(offer_lines));
        }
        Self::show(lines)
    }

    fn show(lines: Vec<Line<'static>>) -> Self {
        let list = List::new((0..lines.len()).collect());
        Self { lines, list }
    }

    fn back(&mut self, _office: &mut Office) -> Answer {
        Answer::Pop
    }

    fn scroll(&mut self, key: Key, _office: &mut Office) -> Answer {
        self.list.press(key);
        Answer::Stay
    }
}

fn everywhere(office: &Office) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled("On every screen without an open form", theme::TITLE)];
    let undo = Key::ctrl('z').to_string();
    let can_be_done = |(keys, _): &&(&str, &str)| *keys != undo || office.read_only_obstacle().is_none();
    lines.extend(EVERYWHERE.iter().filter(can_be_done).flat_map(|(keys, words)| key_lines(keys, words)));
    lines.push(Line::raw(""));
    lines.push(Line::styled("In a field", theme::TITLE));
    lines.extend(FIELD_KEYS.iter().flat_map(|(keys, words)| key_lines(keys, words)));
    lines
}

fn offer_lines(offer: &Offer) -> Vec<Line<'static>> {
    if offer.is_hidden {
        return Vec::new();
    }
    let keys: Vec<String> = offer.keys.iter().map(ToString::to_string).collect();
    let obstacle = offer.obstacle.map_or_else(String::new, |obstacle| format!(" (not now: {obstacle})"));
    key_lines(&keys.join(", "), &format!("{}{obstacle}", offer.help))
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
    fn title(&self, _office: &Office) -> String {
        "keys".to_owned()
    }

    fn commands(&self, _office: &Office) -> Vec<Command<Self>> {
        vec![
            Command::keyed(MOVES, "scroll", "Scroll", Self::scroll),
            Command::new([Key::ESC], "back", "Go back", Self::back),
        ]
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _office: &Office) {
        let lines = &self.lines;
        self.list.draw(frame, area, false, |at| lines.get(at).cloned().unwrap_or_default());
    }
}
