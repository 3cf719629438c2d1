//! The palette: type a part of the name of a place, an object or something that can be done, and Enter goes there or does it,
//! with the questions that the key for it asks. The console opens it over any screen without an open form; what was done by
//! it last stands first.

mod entries;
mod fuzzy;
mod object_action;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::tui::app::{App, Placement, Transition};
use crate::tui::commands::Command;
use crate::tui::key_hint::KeyHint;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::{Screen, open_again};
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::list::{List, cell};
use crate::tui::widgets::text_line::{Echo, TextLine};

use entries::{Errand, PaletteEntry, entries};
use fuzzy::Fuzzy;
use object_action::{ObjectAction, Subject};

/// The best of what was found; whoever looks for another types on.
const FOUND_MAX: usize = 200;

/// What is put before the score of an action that was named: it is what was meant.
const NAMED_ACTION: u32 = 100_000;
/// The same of a name with the words that were typed, of a sentence with them, and of a name with their letters here and
/// there: names come before the sentences that tell what keys do.
const WORDS_IN_NAME: u32 = 30_000;
const WORDS_IN_SENTENCE: u32 = 20_000;
const LETTERS_IN_NAME: u32 = 10_000;

const WIDTH: u16 = 70;
const ROWS: u16 = 14;
/// Columns of what a row is.
const KIND_WIDTH: usize = 16;

pub(in crate::tui) struct CommandPalette {
    entries: Vec<PaletteEntry>,
    typed: TextLine,
    /// What was looked for last, and which entries have it: who types on looks in those alone.
    known: (String, Vec<usize>),
    fuzzy: Fuzzy,
    found: Vec<PaletteMatch>,
    /// How many there are, whatever is shown.
    number: usize,
    list: List<usize>,
}

/// A row.
struct PaletteMatch {
    score: u32,
    what: PaletteItem,
}

enum PaletteItem {
    Entry(usize),
    ObjectAction(ObjectAction, Subject, String),
}

impl CommandPalette {
    /// Over a screen that can do this.
    pub(in crate::tui) fn open(here: &[KeyHint], app: &App) -> Self {
        let entries = entries(here, app);
        let known = (String::new(), (0..entries.len()).collect());
        let mut palette = Self {
            entries,
            typed: TextLine::default(),
            known,
            fuzzy: Fuzzy::new(""),
            found: Vec::new(),
            number: 0,
            list: List::default(),
        };
        palette.look(app);
        palette
    }

    fn look(&mut self, app: &App) {
        let typed = self.typed.text().trim_start().to_owned();
        self.fuzzy = Fuzzy::new(&typed);
        self.found.clear();
        if typed.trim().is_empty() {
            self.known = (String::new(), (0..self.entries.len()).collect());
            self.show_recent(app);
        } else {
            self.find_entries(&typed);
            self.find_actions(&typed, app);
        }
        self.number = self.found.len();
        let best = |found: &PaletteMatch| std::cmp::Reverse(found.score);
        if self.found.len() > FOUND_MAX {
            self.found.select_nth_unstable_by_key(FOUND_MAX, best);
            self.found.truncate(FOUND_MAX);
        }
        // Those that are as good stay in the order of the entries.
        self.found.sort_by_key(|found| (best(found), found.what.place()));
        self.list.set((0..self.found.len()).collect());
        self.list.press(Key::HOME);
    }

    /// What was done by the palette last, then what can be done here and the places.
    fn show_recent(&mut self, app: &App) {
        let recent = &app.recent_errands;
        let score = |text: &str| {
            let age = recent.iter().position(|known| known == text);
            age.map_or(0, |age| u32::try_from(recent.len() - age).unwrap_or(0))
        };
        for (at, entry) in self.entries.iter().enumerate() {
            let is_of_objects = matches!(entry.errand, Errand::Object(_));
            let score = score(&entry.text);
            if score > 0 || !is_of_objects {
                self.found.push(PaletteMatch { score, what: PaletteItem::Entry(at) });
            }
        }
        for action in ObjectAction::ALL.into_iter().filter(|_| app.read_only_obstacle().is_none()) {
            // Nobody is looked for where none was done.
            if !recent.iter().any(|text| text.starts_with(action.words())) {
                continue;
            }
            for (subject, text) in action.subjects(app) {
                let text = format!("{} {text}", action.words());
                if let score @ 1.. = score(&text) {
                    self.found.push(PaletteMatch { score, what: PaletteItem::ObjectAction(action, subject, text) });
                }
            }
        }
    }

    fn find_entries(&mut self, typed: &str) {
        let (before, candidates) = std::mem::take(&mut self.known);
        let is_more = !before.is_empty() && typed.starts_with(&before);
        let candidates = if is_more { candidates } else { (0..self.entries.len()).collect() };
        let mut kept = Vec::new();
        for at in candidates {
            if let Some(score) = score(&mut self.fuzzy, &self.entries[at]) {
                self.found.push(PaletteMatch { score, what: PaletteItem::Entry(at) });
                kept.push(at);
            }
        }
        self.known = (typed.to_owned(), kept);
    }

    fn find_actions(&mut self, typed: &str, app: &App) {
        if app.read_only_obstacle().is_some() {
            return;
        }
        for action in ObjectAction::ALL {
            let Some(whom) = action.rest(typed) else { continue };
            let mut fuzzy = Fuzzy::new(whom);
            for (subject, text) in action.subjects(app) {
                if let Some(score) = fuzzy.score(&text) {
                    let text = format!("{} {text}", action.words());
                    self.found.push(PaletteMatch {
                        score: score + NAMED_ACTION,
                        what: PaletteItem::ObjectAction(action, subject, text),
                    });
                }
            }
        }
    }

    fn text<'a>(&'a self, what: &'a PaletteItem) -> &'a str {
        match what {
            PaletteItem::Entry(at) => self.entries.get(*at).map_or("", |entry| entry.text.as_str()),
            PaletteItem::ObjectAction(_, _, text) => text,
        }
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }

    /// Goes there, or does it.
    fn run(&mut self, app: &mut App) -> Transition {
        let Some(found) = self.list.chosen().and_then(|at| self.found.get(at)) else {
            app.warn("nothing has that in its name");
            return Transition::Stay;
        };
        app.remember_errand(self.text(&found.what));
        let then = match &found.what {
            PaletteItem::Entry(at) => match self.entries[*at].errand {
                Errand::Place(tab) => Transition::Go(tab, None),
                Errand::Object(target) => match Tab::of(target.kind) {
                    Some(tab) => Transition::Go(tab, Some(target)),
                    None => Transition::Stay,
                },
                Errand::Press(key) => Transition::Press(key),
            },
            PaletteItem::ObjectAction(action, subject, _) => action.run(subject, app),
        };
        Transition::Back(Box::new(then))
    }

    /// A row with the letters marked that were looked for.
    fn row(&mut self, at: usize, width: usize) -> Line<'static> {
        let Some(found) = self.found.get(at) else { return Line::default() };
        let text = self.text(&found.what).to_owned();
        let kind = match &found.what {
            PaletteItem::Entry(at) => self.entries[*at].kind(),
            PaletteItem::ObjectAction(..) => String::new(),
        };
        let places = if self.typed.text().trim().is_empty() { Vec::new() } else { self.fuzzy.places(&text) };
        let shown = cell(&text, width.saturating_sub(KIND_WIDTH + 3));
        let mut spans = vec![Span::raw(" ")];
        for (place, letter) in shown.chars().enumerate() {
            let style = if places.contains(&place) { theme::MATCH } else { theme::PLAIN };
            spans.push(Span::styled(letter.to_string(), style));
        }
        spans.push(Span::styled(format!("{kind:>KIND_WIDTH$}"), theme::MUTED));
        Line::from(spans)
    }
}

impl PaletteItem {
    /// Its place among those that are as good.
    fn place(&self) -> usize {
        match self {
            Self::Entry(at) => *at,
            Self::ObjectAction(..) => 0,
        }
    }
}

/// How well an entry has what was typed; None: not at all.
fn score(fuzzy: &mut Fuzzy, entry: &PaletteEntry) -> Option<u32> {
    let of_all = fuzzy.score(&entry.text)?;
    let of_name = entry.name().map_or(Some(of_all), |name| fuzzy.score(name));
    let has_words = fuzzy.has_words(&entry.text);
    Some(match of_name {
        Some(score) if has_words && entry.name().is_none_or(|name| fuzzy.has_words(name)) => WORDS_IN_NAME + score,
        _ if has_words => WORDS_IN_SENTENCE + of_all,
        Some(score) => LETTERS_IN_NAME + score,
        None => of_all,
    })
}

impl Screen for CommandPalette {
    fn title(&self, _app: &App) -> String {
        "go to, do".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![
            Command::keyed([Action::Up, Action::Down, Action::Page], "move", "Move the cursor", Self::moved),
            Command::new([Action::Open], "go, do", "Go there, or do it", Self::run),
            Command::new([Action::Back, Action::Close], "back", "Go back without changing anything", Self::back),
        ]
    }

    fn placement(&self, _room: u16) -> Placement {
        Placement::Over(WIDTH, ROWS + 2)
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn typed(&mut self, key: Key, app: &mut App) -> Transition {
        if key == Key::BACKSPACE && self.typed.text().is_empty() {
            return Transition::Pop;
        }
        if self.typed.press(key) {
            self.look(app);
        }
        Transition::Stay
    }

    fn pasted(&mut self, text: &str, app: &mut App) {
        self.typed.paste(text);
        self.look(app);
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        open_again(self.list.clicked(at))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let [top, bottom] = [area.y, area.bottom().saturating_sub(1)];
        frame.buffer_mut().set_stringn(area.x, top, ":", 1, theme::KEY);
        let line = Rect { x: area.x + 1, height: 1, width: area.width.saturating_sub(1), ..area };
        self.typed.draw(frame, line, Echo::Text, true);
        let rows = Rect { y: top + 1, height: area.height.saturating_sub(2), ..area };
        let mut list = std::mem::take(&mut self.list);
        list.draw(frame, rows, true, |at| self.row(at, usize::from(rows.width)));
        self.list = list;
        let number = match self.number {
            0 => " nothing has that in its name".to_owned(),
            number if number > FOUND_MAX => format!(" the best {FOUND_MAX} of {number}; type on"),
            number => format!(" {number} of {}", self.entries.len()),
        };
        frame.buffer_mut().set_stringn(area.x, bottom, number, usize::from(area.width), theme::MUTED);
    }
}
