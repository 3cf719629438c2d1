//! The help page: what can be done on the screen below it, and everywhere, made from the same lists that the keyboard
//! obeys. Enter does what the line says.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::tui::app::{App, Transition};
use crate::tui::commands::Command;
use crate::tui::frame::wrapped;
use crate::tui::key_hint::KeyHint;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::{Screen, open_again};
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES, cell};

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
    about: About,
    rows: Vec<HelpRow>,
    list: List<usize>,
}

/// What the keys are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Of the screen that it lies over, to which `q` goes back.
    Screen,
    /// Of all: a place, in which `q` leaves the console as in every other.
    Everything,
}

/// A row, and what Enter does on it.
struct HelpRow {
    line: Line<'static>,
    run: Run,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    /// It is a heading, or keys of a cursor.
    Nothing,
    /// What this key does on the screen below.
    Press(Key),
    Go(Tab),
}

impl Help {
    /// About one screen, and what works everywhere.
    pub(in crate::tui) fn of(title: String, key_hints: &[KeyHint], app: &App) -> Self {
        let mut rows = vec![heading(title)];
        let told = key_hints.iter().filter(|key_hint| !key_hint.is_move());
        rows.extend(told.flat_map(|key_hint| key_hint_rows(key_hint, run_of(key_hint))));
        rows.push(heading(String::new()));
        rows.extend(everywhere(app));
        Self::show(About::Screen, rows)
    }

    /// The place of its own: every place and its commands.
    pub(in crate::tui) fn of_everything(app: &App) -> Self {
        let mut rows = everywhere(app);
        for tab in Tab::ALL.into_iter().filter(|tab| *tab != Tab::Help) {
            rows.push(heading(String::new()));
            rows.push(HelpRow { run: Run::Go(tab), ..heading(format!("{}  {}", tab.key(), tab.heading())) });
            let key_hints = super::open(tab, app).key_hints(app);
            let told = key_hints.iter().filter(|key_hint| !key_hint.is_move());
            rows.extend(told.flat_map(|key_hint| key_hint_rows(key_hint, Run::Go(tab))));
        }
        Self::show(About::Everything, rows)
    }

    /// The cursor begins on the first thing that can be done.
    fn show(about: About, rows: Vec<HelpRow>) -> Self {
        let mut list = List::new((0..rows.len()).collect());
        if let Some(first) = rows.iter().position(|row| row.run != Run::Nothing) {
            list.choose(first);
        }
        Self { about, rows, list }
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn run(&mut self, app: &mut App) -> Transition {
        match self.list.chosen().and_then(|at| self.rows.get(at)).map(|row| row.run) {
            Some(Run::Press(key)) => Transition::Back(Box::new(Transition::Press(key))),
            Some(Run::Go(tab)) => Transition::Back(Box::new(Transition::Go(tab, None))),
            Some(Run::Nothing) | None => {
                app.remark("this row tells of nothing that Enter could do");
                Transition::Stay
            }
        }
    }
}

fn heading(words: String) -> HelpRow {
    HelpRow { line: Line::styled(words, theme::SECTION), run: Run::Nothing }
}

/// What Enter does for a command: its first key, unless the cursor is what it moves.
fn run_of(key_hint: &KeyHint) -> Run {
    match (key_hint.actions.first(), key_hint.keys().next()) {
        (Some(Action::MoveSideways), _) | (_, None) => Run::Nothing,
        (_, Some(key)) => Run::Press(key),
    }
}

fn everywhere(app: &App) -> Vec<HelpRow> {
    let mut rows = vec![heading("On every screen without an open form".to_owned())];
    let edits = [Action::Undo, Action::Repeat];
    let can_be_done = |action: &Action| !edits.contains(action) || app.read_only_obstacle().is_none();
    for action in Action::EVERYWHERE.into_iter().filter(can_be_done) {
        // A place has a key of its own.
        let run = match action.keys() {
            [key, ..] if action != Action::Place => Run::Press(*key),
            _ => Run::Nothing,
        };
        rows.extend(key_rows(&action.key_words(), action.meaning(), run));
    }
    rows.push(heading(String::new()));
    rows.push(heading("In every list".to_owned()));
    let told = |action: Action| key_rows(&action.key_words(), action.meaning(), Run::Nothing);
    rows.extend(Action::MOVES.into_iter().flat_map(told));
    rows.push(heading(String::new()));
    rows.push(heading("In a field".to_owned()));
    rows.extend(FIELD_KEYS.iter().flat_map(|(keys, words)| key_rows(keys, words, Run::Nothing)));
    rows
}

fn key_hint_rows(key_hint: &KeyHint, run: Run) -> Vec<HelpRow> {
    if key_hint.is_hidden {
        return Vec::new();
    }
    let keys: Vec<String> = key_hint.keys().map(|key| key.to_string()).collect();
    let obstacle = key_hint.obstacle.map_or_else(String::new, |obstacle| format!(" (not now: {obstacle})"));
    key_rows(&keys.join(", "), &format!("{}{obstacle}", key_hint.help), run)
}

/// As many rows as keys and words need at the design size.
fn key_rows(keys: &str, words: &str, run: Run) -> Vec<HelpRow> {
    let (mut keys, mut words) = (wrapped(keys, KEYS_WIDTH), wrapped(words, WORDS_WIDTH));
    let rows = keys.len().max(words.len());
    keys.resize(rows, String::new());
    words.resize(rows, String::new());
    let row = |(keys, words): (String, String)| {
        let keys = Span::styled(format!("  {}", cell(&keys, KEYS_WIDTH)), theme::KEY);
        HelpRow { line: Line::from(vec![keys, Span::raw(words)]), run }
    };
    keys.into_iter().zip(words).map(row).collect()
}

impl Screen for Help {
    fn title(&self, _app: &App) -> String {
        "keys".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        let mut commands = vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Action::Open], "do it", "Do what the row says", Self::run),
        ];
        if self.about == About::Screen {
            commands.push(Command::new([Action::Back, Action::Leave], "back", "Go back", Self::back));
        }
        commands
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        open_again(self.list.clicked(at))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let rows = &self.rows;
        self.list.draw(frame, area, true, |at| rows.get(at).map(|row| row.line.clone()).unwrap_or_default());
    }
}
