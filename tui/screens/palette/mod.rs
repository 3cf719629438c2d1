//! The palette: type a part of the name of a place, an object or something that can be done, and Enter goes there or does it,
//! with the questions that the key for it asks. The console opens it over any screen without an open form; what was done by
//! it last stands first.

mod entries;
mod object_action;
mod place_action;
mod sought;
mod spelling;
mod subjects;

use std::cell::OnceCell;
use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};
use ratatui::text::{Line, Span};

use crate::tui::app::{App, KeyStep, Placement, Transition};
use crate::tui::commands::Command;
use crate::tui::filter;
use crate::tui::key_hint::KeyHint;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::{Screen, open_again};
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::list::{List, cell};
use crate::tui::widgets::text_line::{Echo, TextLine};

use entries::{Errand, PaletteEntry, Score, entries};
use object_action::ObjectAction;
use sought::{Scattered, Sought};
use spelling::Vocabulary;
use subjects::Subjects;

#[cfg(test)]
pub(in crate::tui) use place_action::PLACE_ACTIONS;

/// The best of what was found; whoever looks for another types on.
const FOUND_MAX: usize = 200;

/// What is put before the score of an action that was named: it is what was meant.
const NAMED_ACTION: Score = 10_000_000;
const NOTHING: &str = "nothing has that in its name";
/// From so many letters on the phone book may have it: of that no entry is at hand.
const BOOK_LETTERS_MIN: usize = 2;
/// Shorter, a word names no place in whose list the others are looked for.
const PLACE_LETTERS_MIN: usize = 3;

/// Columns and rows at the design size, and the most columns: longer rows are harder to read, and there are none.
const WIDTH: u16 = 70;
const WIDEST: u16 = 96;
/// Columns of what is below it that are left at both sides together.
const MARGIN: u16 = 8;
const ROWS: u16 = 14;
/// Columns of what a row is.
const KIND_WIDTH: usize = 16;

pub(in crate::tui) struct CommandPalette {
    entries: Vec<PaletteEntry>,
    subjects: Subjects,
    /// Made once something is typed that nothing has.
    vocabulary: OnceCell<Vocabulary>,
    typed: TextLine,
    /// What was looked for up to the last letter, and which entries have its words: who types on looks in those alone, and
    /// who takes a letter back in those of before.
    known: Vec<(Vec<String>, Vec<usize>)>,
    found: Vec<PaletteMatch>,
    /// How many there are, whatever is shown.
    number: usize,
    /// What was looked for instead of what was typed, which nothing has.
    guess: Option<String>,
    list: List<usize>,
}

/// A row.
struct PaletteMatch {
    score: Score,
    what: PaletteItem,
}

enum PaletteItem {
    Entry(usize),
    /// To which one of those to whom it can be done.
    ObjectAction(ObjectAction, usize),
    /// Nothing has what was typed.
    Nothing,
    /// Looking for this in the list of a place.
    Within(Tab, String),
}

impl CommandPalette {
    /// Over a screen that can do this; over the list of a place, if it is one.
    pub(in crate::tui) fn open(here: &[KeyHint], list: Option<Tab>, app: &App) -> Self {
        let entries = entries(here, list, app);
        let mut palette = Self {
            entries,
            subjects: Subjects::default(),
            vocabulary: OnceCell::new(),
            typed: TextLine::default(),
            known: Vec::new(),
            found: Vec::new(),
            number: 0,
            guess: None,
            list: List::default(),
        };
        palette.look(app);
        palette
    }

    fn look(&mut self, app: &App) {
        let typed = self.typed.text().trim_start().to_owned();
        self.subjects.renew();
        let mut sought = Sought::new(&typed);
        self.found.clear();
        self.guess = None;
        if sought.is_nothing() {
            self.known.clear();
            self.show_recent(app);
        } else {
            self.find(&typed, &sought, app);
            let guess = if self.found.is_empty() { self.spelled(&sought) } else { None };
            if let Some(guess) = guess {
                sought = Sought::new(&guess);
                self.find(&guess, &sought, app);
                self.guess = Some(guess).filter(|_| !self.found.is_empty());
            }
            if self.guess.is_some() || self.found.is_empty() {
                self.find_letters(&Sought::new(&typed));
            }
        }
        self.number = self.found.len();
        let best = |found: &PaletteMatch| std::cmp::Reverse(found.score);
        if self.found.len() > FOUND_MAX {
            self.found.select_nth_unstable_by_key(FOUND_MAX, |found| (best(found), found.what.place()));
            self.found.truncate(FOUND_MAX);
        }
        // Those that are as good stay in the order of the entries.
        self.found.sort_by_key(|found| (best(found), found.what.place()));
        self.look_elsewhere(typed.trim(), app);
        self.list.set((0..self.found.len()).collect());
        self.list.look_for(sought.texts());
        self.list.press(Key::HOME);
    }

    fn find(&mut self, typed: &str, sought: &Sought, app: &App) {
        self.find_entries(sought);
        self.find_actions(typed, app);
    }

    /// The same with each word that nothing has as it may have been meant; none: nothing like it is known.
    fn spelled(&self, sought: &Sought) -> Option<String> {
        let known = self.vocabulary.get_or_init(|| {
            let mut own: Vec<&str> = self.entries.iter().flat_map(|entry| entry.vocabulary()).collect();
            // All of a kind have the same words, and stand together.
            own.dedup();
            Vocabulary::default().with(own.into_iter()).with(ObjectAction::names())
        });
        let is_there = |word: &str| {
            let word = Sought::new(word);
            self.entries.iter().any(|entry| entry.may_have(&word))
        };
        let spelled = |word: &str| match is_there(word) {
            true => word.to_owned(),
            false => known.nearest(word).unwrap_or(word).to_owned(),
        };
        let texts = sought.texts();
        let words: Vec<String> = texts.iter().map(|word| spelled(word)).collect();
        (words != texts).then(|| words.join(" "))
    }

    /// Behind what was found: the list of the place that the first word names, and the phone book.
    fn look_elsewhere(&mut self, typed: &str, app: &App) {
        let within = typed.split_once(char::is_whitespace).and_then(|(place, words)| {
            let words = object_action::without_kind(words);
            Some((self.place(place)?, words)).filter(|_| !words.is_empty())
        });
        let add = |found: &mut Vec<PaletteMatch>, what| found.push(PaletteMatch { score: 0, what });
        if let Some((tab, words)) = within {
            add(&mut self.found, PaletteItem::Within(tab, words.to_owned()));
        }
        let is_in_book = within.is_none_or(|(tab, _)| tab != Tab::PhoneBook);
        if is_in_book && typed.chars().count() >= BOOK_LETTERS_MIN && app.configuration.phone_book.len() > 0 {
            if self.found.is_empty() {
                // Enter that was meant for something else goes nowhere.
                add(&mut self.found, PaletteItem::Nothing);
            }
            add(&mut self.found, PaletteItem::Within(Tab::PhoneBook, typed.to_owned()));
        }
    }

    /// The place with a list that a word names, and no other as well.
    fn place(&self, word: &str) -> Option<Tab> {
        if word.chars().count() < PLACE_LETTERS_MIN {
            return None;
        }
        let sought = Sought::new(word);
        let places = self.entries.iter().filter_map(|entry| match entry.errand {
            Errand::Place(tab) if tab != Tab::Overview => Some((entry.score(&sought)?, tab)),
            _ => None,
        });
        let places: Vec<(Score, Tab)> = places.collect();
        let best = places.iter().map(|(score, _)| *score).max()?;
        let mut bests = places.into_iter().filter(|(score, _)| *score == best);
        bests.next().filter(|_| bests.next().is_none()).map(|(_, tab)| tab)
    }

    /// What was done by the palette last, then what can be done here and the places.
    fn show_recent(&mut self, app: &App) {
        let recent = &app.recent_errands;
        let score = |text: &str| -> Score {
            let age = recent.iter().position(|known| known == text);
            age.map_or(0, |age| u32::try_from(recent.len() - age).unwrap_or(0))
        };
        for (at, entry) in self.entries.iter().enumerate() {
            let comes_when_named = matches!(entry.errand, Errand::Object(_) | Errand::Command(_));
            let score = score(&entry.text);
            if score > 0 || !comes_when_named {
                self.found.push(PaletteMatch { score, what: PaletteItem::Entry(at) });
            }
        }
        for action in ObjectAction::ALL.into_iter().filter(|_| app.read_only_obstacle().is_none()) {
            // Nobody is looked for where none was done.
            if !recent.iter().any(|text| text.starts_with(action.words())) {
                continue;
            }
            for (at, named) in self.subjects.of(action, app).iter().enumerate() {
                if let score @ 1.. = score(&named.text(action)) {
                    self.found.push(PaletteMatch { score, what: PaletteItem::ObjectAction(action, at) });
                }
            }
        }
    }

    fn find_entries(&mut self, sought: &Sought) {
        // A word that was looked for while it was being typed may be one that is left out now (`who` of `who has 1001`).
        let texts = sought.texts();
        let goes_on = |before: &[String]| {
            let is_begun = |word: &String| sought.words().iter().any(|now| now.text().starts_with(word.as_str()));
            before.iter().all(is_begun)
        };
        while self.known.last().is_some_and(|(before, _)| !goes_on(before)) {
            self.known.pop();
        }
        let candidates = match self.known.last() {
            Some((_, kept)) => kept.clone(),
            None => (0..self.entries.len()).collect(),
        };
        // A letter was taken back, and these are the words of before.
        self.known.pop_if(|(before, _)| *before == texts);
        let mut kept = Vec::new();
        for at in candidates {
            if let Some(score) = self.entries[at].score(sought) {
                self.found.push(PaletteMatch { score, what: PaletteItem::Entry(at) });
            }
            if self.entries[at].may_have(sought) {
                kept.push(at);
            }
        }
        self.known.push((texts, kept));
    }

    /// What has the letters of each word, with others between them; behind whatever was found.
    fn find_letters(&mut self, sought: &Sought) {
        let is_found = |found: &PaletteMatch| match found.what {
            PaletteItem::Entry(at) => Some(at),
            _ => None,
        };
        let known: BTreeSet<usize> = self.found.iter().filter_map(is_found).collect();
        let entries = self.entries.iter().enumerate().filter(|(at, _)| !known.contains(at));
        let mut scattered = Scattered::new(sought);
        let found = entries.filter_map(|(at, entry)| Some((at, entry.score_of_letters(&mut scattered)?)));
        self.found.extend(found.map(|(at, score)| PaletteMatch { score, what: PaletteItem::Entry(at) }));
    }

    fn find_actions(&mut self, typed: &str, app: &App) {
        if app.read_only_obstacle().is_some() {
            return;
        }
        for action in ObjectAction::ALL {
            let Some(whom) = action.rest(typed) else { continue };
            let sought = Sought::new(whom);
            for (at, named) in self.subjects.of(action, app).iter().enumerate() {
                if let Some(score) = named.score(&sought) {
                    let (score, what) = (score + NAMED_ACTION, PaletteItem::ObjectAction(action, at));
                    self.found.push(PaletteMatch { score, what });
                }
            }
        }
    }

    fn text(&self, what: &PaletteItem) -> String {
        match what {
            PaletteItem::Entry(at) => self.entries.get(*at).map_or_else(String::new, |entry| entry.text.clone()),
            PaletteItem::ObjectAction(action, at) => {
                self.subjects.get(*action, *at).map_or_else(String::new, |named| named.text(*action))
            }
            PaletteItem::Nothing => NOTHING.to_owned(),
            PaletteItem::Within(Tab::PhoneBook, words) => format!("find \"{words}\" in the phone book"),
            PaletteItem::Within(tab, words) => format!("find \"{words}\" in {}", tab.heading()),
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
            app.warn(NOTHING);
            return Transition::Stay;
        };
        if let PaletteItem::Nothing = found.what {
            app.warn(format!("{NOTHING}; the row below looks in the phone book"));
            return Transition::Stay;
        }
        app.remember_errand(&self.text(&found.what));
        let then = match &found.what {
            PaletteItem::Entry(at) => match self.entries[*at].errand {
                Errand::Place(tab) => Transition::Go(tab, None),
                Errand::Object(target) => match Tab::of(target.kind) {
                    Some(tab) => Transition::Go(tab, Some(target)),
                    None => Transition::Stay,
                },
                Errand::Press(key) => Transition::Press(key),
                Errand::Do(action) => Transition::Do(action.tab, action.steps.to_vec(), action.then),
                Errand::Command(told) => {
                    app.remark(format!("no key of the console does this: {told}"));
                    Transition::Stay
                }
            },
            PaletteItem::ObjectAction(action, at) => match self.subjects.get(*action, *at) {
                Some(named) => action.run(&named.subject, app),
                None => Transition::Stay,
            },
            PaletteItem::Nothing => Transition::Stay,
            PaletteItem::Within(tab, words) => {
                Transition::Do(*tab, filter::keys_for(words).map(KeyStep::Press).collect(), "")
            }
        };
        Transition::Back(Box::new(then))
    }

    /// Of a presence with its dot before it.
    fn row(&self, at: usize, width: usize, app: &App) -> Line<'static> {
        let Some(found) = self.found.get(at) else { return Line::default() };
        let kind = match &found.what {
            PaletteItem::Entry(at) => self.entries[*at].kind(),
            PaletteItem::ObjectAction(..) | PaletteItem::Nothing => String::new(),
            PaletteItem::Within(tab, _) => format!("place {}", tab.key()),
        };
        let dot = match &found.what {
            PaletteItem::Entry(at) => self.entries[*at].presence().and_then(|id| app.configuration.presences.get(id)),
            PaletteItem::ObjectAction(..) | PaletteItem::Nothing | PaletteItem::Within(..) => None,
        };
        let before = dot.map_or_else(Vec::new, |presence| vec![theme::dot(presence.color), Span::raw(" ")]);
        let room = width.saturating_sub(KIND_WIDTH + 3 + before.len());
        let shown = vec![Span::raw(cell(&self.text(&found.what), room))];
        let kind = vec![Span::styled(format!("{kind:>KIND_WIDTH$}"), theme::MUTED)];
        Line::from([vec![Span::raw(" ")], before, shown, kind].concat())
    }
}

impl PaletteItem {
    /// Its place among those that are as good.
    fn place(&self) -> usize {
        match self {
            Self::Entry(at) | Self::ObjectAction(_, at) => *at,
            Self::Nothing | Self::Within(..) => 0,
        }
    }
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

    /// A large terminal has room for longer rows, and for more of them.
    fn placement(&self, room: Size) -> Placement {
        let width = room.width.saturating_sub(MARGIN).clamp(WIDTH, WIDEST);
        Placement::Over(width, (room.height * 2 / 3).max(ROWS + 2))
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn is_asking(&self) -> bool {
        false
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

    /// What is shown stays until the next letter: Enter does what it says.
    fn on_update(&mut self, _app: &mut App) {
        self.subjects.grow_old();
    }

    fn pasted(&mut self, text: &str, app: &mut App) {
        self.typed.paste(text);
        self.look(app);
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        open_again(self.list.clicked(at))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let [top, bottom] = [area.y, area.bottom().saturating_sub(1)];
        frame.buffer_mut().set_stringn(area.x, top, ":", 1, theme::KEY);
        let line = Rect { x: area.x + 1, height: 1, width: area.width.saturating_sub(1), ..area };
        self.typed.draw(frame, line, Echo::Text, true);
        let rows = Rect { y: top + 1, height: area.height.saturating_sub(2), ..area };
        let mut list = std::mem::take(&mut self.list);
        list.draw(frame, rows, true, |at| self.row(at, usize::from(rows.width), app));
        self.list = list;
        let number = match self.number {
            _ if let Some(guess) = &self.guess => format!(" nothing has that; looked for \"{guess}\""),
            0 if self.found.is_empty() => format!(" {NOTHING}"),
            0 => " other words may find it; Enter on the last row looks for them there".to_owned(),
            number if number > FOUND_MAX => format!(" the best {FOUND_MAX} of {number}; type on"),
            number => format!(" {number} of {}", self.entries.len()),
        };
        frame.buffer_mut().set_stringn(area.x, bottom, number, usize::from(area.width), theme::MUTED);
    }
}
