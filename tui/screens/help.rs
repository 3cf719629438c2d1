//! The help page: what can be done on the screen below it, and everywhere, made from the same lists that the keyboard
//! obeys. Enter does what the line says, `/` finds one.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::settings::rule::count;
use crate::tui::app::{App, DynScreen, Transition};
use crate::tui::commands::Command;
use crate::tui::filter::{Filter, Folded};
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

/// Columns of the keys, at the design size, and on a small terminal.
const KEYS_WIDTH: usize = 26;
const KEYS_NARROW: usize = 18;
/// From so many columns a terminal has room for the wider ones.
const WIDE_FROM: u16 = 78;
/// Of what they do: longer lines are read with more trouble than two short ones.
const WORDS_WIDEST: usize = 70;

pub(in crate::tui) struct Help {
    about: About,
    entries: Vec<HelpEntry>,
    /// As they were laid out for so many columns.
    width: u16,
    rows: Vec<HelpRow>,
    list: List<usize>,
    filter: Filter,
}

/// What the keys are told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Of the screen that it lies over, to which `q` goes back.
    Screen,
    /// Of all: a place, in which `q` leaves the console as in every other.
    Everything,
}

/// A heading, or keys with what they do, and what Enter does on it.
struct HelpEntry {
    told: HelpWords,
    run: Run,
}

enum HelpWords {
    Heading(String),
    Keys { keys: String, words: String },
}

/// A row of an entry.
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
    /// About one screen, and what works there besides.
    pub(in crate::tui) fn of(screen: &dyn DynScreen, app: &App) -> Self {
        let key_hints = screen.key_hints(app);
        let mut entries = vec![heading(screen.title(app))];
        let answers = screen.answers();
        entries.extend(answers.iter().map(|(key, words)| keys_entry(key.to_string(), words, Run::Press(*key))));
        let told = key_hints.iter().filter(|key_hint| !key_hint.is_move());
        entries.extend(told.filter_map(|key_hint| key_hint_entry(key_hint, run_of(key_hint))));
        let filter = screen.filter_help();
        if !filter.is_empty() {
            entries.extend([heading(String::new()), heading("What can be typed".to_owned())]);
            entries.extend(filter.into_iter().map(|(keys, words)| keys_entry(keys, words, Run::Nothing)));
        }
        entries.push(heading(String::new()));
        if screen.takes_text() || screen.is_modal() {
            // What is a key everywhere else is text or an answer here.
            entries.push(heading("Here too".to_owned()));
            entries.extend([Action::Redraw, Action::Mouse].map(action_entry));
            // A question has no field.
            if answers.is_empty() {
                entries.push(heading(String::new()));
                entries.extend(in_a_field());
            }
        } else {
            entries.extend(everywhere(app));
        }
        Self::show(About::Screen, entries)
    }

    /// The place of its own: every place and its commands.
    pub(in crate::tui) fn of_everything(app: &App) -> Self {
        let mut entries = everywhere(app);
        for tab in Tab::ALL.into_iter().filter(|tab| *tab != Tab::Help) {
            entries.push(heading(String::new()));
            entries.push(HelpEntry { run: Run::Go(tab), ..heading(format!("{}  {}", tab.key(), tab.heading())) });
            let key_hints = super::open(tab, app).key_hints(app);
            let told = key_hints.iter().filter(|key_hint| !key_hint.is_move());
            entries.extend(told.filter_map(|key_hint| key_hint_entry(key_hint, Run::Go(tab))));
        }
        Self::show(About::Everything, entries)
    }

    /// The cursor begins on the first thing that can be done and saves nothing: whoever only came to read leaves by Enter
    /// too, as out of a pager.
    fn show(about: About, entries: Vec<HelpEntry>) -> Self {
        let (rows, list, filter) = (Vec::new(), List::default(), Filter::new(&[]));
        let mut help = Self { about, entries, width: WIDE_FROM, rows, list, filter };
        help.lay_out();
        let is_harmless = |row: &HelpRow| row.run != Run::Nothing && row.run != Run::Press(Key::ctrl('s'));
        if let Some(first) = help.rows.iter().position(is_harmless) {
            help.list.choose(first);
        }
        help
    }

    /// The rows of those entries that the filter means, for the columns that there are.
    fn lay_out(&mut self) {
        let Self { entries, filter, .. } = self;
        let text = |at: usize| match &entries[at].told {
            HelpWords::Heading(words) => Folded::of(words),
            HelpWords::Keys { keys, words } => Folded::of_parts(&[keys, words]),
        };
        let is_told = |at: &usize| !filter.is_on() || matches!(entries[*at].told, HelpWords::Keys { .. });
        let all: Vec<usize> = (0..entries.len()).filter(is_told).collect();
        let meant = filter.sift(all, text, |_, _, _| false);
        self.rows = meant.into_iter().flat_map(|at| rows(&self.entries[at], self.width)).collect();
        self.filter.put(&mut self.list, (0..self.rows.len()).collect());
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

fn heading(words: String) -> HelpEntry {
    HelpEntry { told: HelpWords::Heading(words), run: Run::Nothing }
}

fn keys_entry(keys: impl Into<String>, words: impl Into<String>, run: Run) -> HelpEntry {
    HelpEntry { told: HelpWords::Keys { keys: keys.into(), words: words.into() }, run }
}

/// What Enter does for a command: its first key, unless the cursor is what it moves.
fn run_of(key_hint: &KeyHint) -> Run {
    match (key_hint.actions.first(), key_hint.keys().next()) {
        (Some(Action::MoveSideways), _) | (_, None) => Run::Nothing,
        (_, Some(key)) => Run::Press(key),
    }
}

fn action_entry(action: Action) -> HelpEntry {
    // A place has a key of its own.
    let run = match action.keys() {
        [key, ..] if action != Action::Place => Run::Press(*key),
        _ => Run::Nothing,
    };
    keys_entry(action.key_words(), action.meaning(), run)
}

fn everywhere(app: &App) -> Vec<HelpEntry> {
    let mut entries = vec![heading("On every screen without an open form".to_owned())];
    let edits = [Action::Undo, Action::Repeat];
    let can_be_done = |action: &Action| !edits.contains(action) || app.read_only_obstacle().is_none();
    entries.extend(Action::EVERYWHERE.into_iter().filter(can_be_done).map(action_entry));
    entries.push(heading(String::new()));
    entries.push(heading("In every list".to_owned()));
    let told = |action: Action| keys_entry(action.key_words(), action.meaning(), Run::Nothing);
    entries.extend(Action::MOVES.into_iter().map(told));
    entries.push(heading(String::new()));
    entries.extend(in_a_field());
    entries
}

fn in_a_field() -> Vec<HelpEntry> {
    let told = FIELD_KEYS.iter().map(|(keys, words)| keys_entry(*keys, *words, Run::Nothing));
    [heading("In a field".to_owned())].into_iter().chain(told).collect()
}

fn key_hint_entry(key_hint: &KeyHint, run: Run) -> Option<HelpEntry> {
    if key_hint.is_hidden {
        return None;
    }
    let keys: Vec<String> = key_hint.keys().map(|key| key.to_string()).collect();
    let obstacle = key_hint.obstacle.map_or_else(String::new, |obstacle| format!(" (not now: {obstacle})"));
    Some(keys_entry(keys.join(", "), format!("{}{obstacle}", key_hint.help), run))
}

/// As many rows as keys and words need in so many columns.
fn rows(entry: &HelpEntry, width: u16) -> Vec<HelpRow> {
    let run = entry.run;
    let (keys, words) = match &entry.told {
        HelpWords::Heading(words) => {
            return vec![HelpRow { line: Line::styled(words.clone(), theme::SECTION), run }];
        }
        HelpWords::Keys { keys, words } => (keys, words),
    };
    let keys_width = if width < WIDE_FROM { KEYS_NARROW } else { KEYS_WIDTH };
    let words_width = usize::from(width).saturating_sub(keys_width + 4).min(WORDS_WIDEST);
    let (mut keys, mut words) = (wrapped(keys, keys_width), wrapped(words, words_width));
    let number = keys.len().max(words.len());
    keys.resize(number, String::new());
    words.resize(number, String::new());
    let row = |(keys, words): (String, String)| {
        let keys = Span::styled(format!("  {}", cell(&keys, keys_width)), theme::KEY);
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

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_filter(&mut self, _app: &mut App) {
        self.lay_out();
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        if self.width != area.width {
            self.width = area.width;
            self.lay_out();
        }
        let (rows, height) = (&self.rows, usize::from(area.height));
        let is_longer = rows.len() > height;
        // The last row tells that there are more.
        let above = Rect { height: area.height - u16::from(is_longer), ..area };
        self.list.draw(frame, above, true, |at| rows.get(at).map(|row| row.line.clone()).unwrap_or_default());
        if is_longer {
            let words = match self.list.number_below() {
                0 => "  ↑ this is the end; / finds".to_owned(),
                below => format!("  ↓ {}; / finds", count(below, "more row")),
            };
            frame.buffer_mut().set_stringn(area.x, above.bottom(), words, usize::from(area.width), theme::MUTED);
        }
    }
}
