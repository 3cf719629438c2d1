//! The filter of a list: `/` opens it, each key narrows, Enter keeps it, Esc shows all again. A table owns one (`table_view`),
//! as does a list whose rows are of several kinds; keys, the row on the screen and the marks in the list are the same everywhere
//! (`screen::DynScreen` asks it first). It stays when its place is left, and it never changes anything.

mod bar;
mod complete;
mod query;
mod spelling;
mod values;

use std::borrow::Cow;

use super::key_hint::KeyHint;
use super::key_table::Action;
use super::keys::Key;
use super::widgets::list::List;
use super::widgets::text_line::TextLine;

use crate::settings::fold::fold;

pub(in crate::tui) use query::{BEGINNINGS, FieldValues, SEPARATOR};
use query::{Query, says};
pub(in crate::tui) use spelling::{seconds_of, spelled_out};
pub(in crate::tui) use values::KnownValues;

pub(in crate::tui) struct Filter {
    state: State,
    query: Query,
    /// What rows were sifted by last.
    sifted: Query,
    /// What can be asked for by name.
    fields: &'static [&'static str],
    /// What they can be asked for, as far as that is known.
    known: Vec<KnownValues>,
    /// It was opened, and its list has not told yet what the fields have.
    wants_values: bool,
    found: usize,
    all: usize,
    /// There are more rows, which are not read yet.
    has_more: bool,
    /// Something was typed: the cursor goes to the first that is found.
    is_new: bool,
}

enum State {
    Off,
    /// It is being typed.
    Open(TextLine),
    /// It stands, and the keys are commands again.
    Kept(TextLine),
}

/// Behind it stands what was folded once more, with umlauts by two letters. No folded text holds it.
const OTHER_SPELLING: char = '\u{b}';

/// What a filter looks into, folded; parts of it have `SEPARATOR` between them.
#[derive(Debug, Default)]
pub(in crate::tui) struct Folded<'a>(Cow<'a, str>);

impl<'a> Folded<'a> {
    /// Of a text as people see it.
    pub(in crate::tui) fn of(text: &str) -> Self {
        Self::of_parts(&[text])
    }

    /// Of several, with a separator between them.
    pub(in crate::tui) fn of_parts(parts: &[&str]) -> Self {
        let mut text = String::new();
        for (at, part) in parts.iter().enumerate() {
            text.extend((at > 0).then_some(SEPARATOR));
            text.push_str(&fold(part));
        }
        for spelled in parts.iter().filter_map(|part| spelled_out(part)) {
            text.push(OTHER_SPELLING);
            text.push_str(&spelled);
        }
        Self(Cow::Owned(text))
    }

    /// Of one that is folded already, as where there are very many rows.
    pub(in crate::tui) fn known(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The same with more parts behind it.
    pub(in crate::tui) fn and(self, parts: impl Iterator<Item = String>) -> Self {
        let mut text = self.0.into_owned();
        for part in parts.filter(|part| !part.is_empty()) {
            text.push(SEPARATOR);
            text.push_str(&fold(&part));
            if let Some(spelled) = spelled_out(&part) {
                text.push(SEPARATOR);
                text.push_str(&spelled);
            }
        }
        Self(Cow::Owned(text))
    }

    /// Without what is there in another spelling only to be found.
    pub(in crate::tui) fn into_text(self) -> String {
        let mut text = self.0.into_owned();
        text.truncate(text.find(OTHER_SPELLING).unwrap_or(text.len()));
        text
    }

    /// Whether it says what is asked, which is folded too.
    pub(in crate::tui) fn says(&self, asked: &str) -> bool {
        says(&self.0, asked)
    }
}

/// What a key was to the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum FilterResponse {
    NotMine,
    Taken,
    /// Other rows are meant now.
    Narrowed,
}

/// The keys that filter a list by these words, whatever it is filtered by now.
pub(in crate::tui) fn keys_for(words: &str) -> impl Iterator<Item = Key> {
    [Key::char('/'), Key::ctrl('u')].into_iter().chain(words.chars().map(Key::char)).chain([Key::ENTER])
}

impl Filter {
    /// With the names of the fields that its rows have.
    pub(in crate::tui) fn new(fields: &'static [&'static str]) -> Self {
        Self {
            state: State::Off,
            query: Query::default(),
            sifted: Query::default(),
            fields,
            known: Vec::new(),
            wants_values: false,
            found: 0,
            all: 0,
            has_more: false,
            is_new: false,
        }
    }

    /// Keys are text now.
    pub(in crate::tui) fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// Some rows may be hidden by it.
    pub(in crate::tui) fn is_on(&self) -> bool {
        !matches!(self.state, State::Off)
    }

    /// There are rows, and it means none of them.
    pub(in crate::tui) fn hides_all(&self) -> bool {
        self.is_on() && self.found == 0 && self.all > 0
    }

    /// What was typed.
    pub(in crate::tui) fn text(&self) -> &str {
        match &self.state {
            State::Off => "",
            State::Open(line) | State::Kept(line) => line.text(),
        }
    }

    /// As if this had been typed and kept: what somebody is sent to.
    pub(in crate::tui) fn preset(&mut self, text: &str) {
        (self.state, self.query) = (State::Kept(TextLine::new(text)), Query::parse(text, self.fields));
        self.is_new = true;
    }

    /// Shows all again.
    pub(in crate::tui) fn clear(&mut self) {
        self.state = State::Off;
        self.query = Query::default();
    }

    /// Those that are meant, in the order of the rows. Only where something is asked for is a row's text made, or whether a
    /// field of it has a value asked by name; the value is folded.
    pub(in crate::tui) fn sift<'a, T: Copy>(
        &mut self,
        rows: impl IntoIterator<Item = T>,
        text: impl Fn(T) -> Folded<'a>,
        has: impl Fn(T, &'static str, &str) -> bool,
    ) -> Vec<T> {
        let (mut all, query) = (0, &self.query);
        let is_meant = |row: &T| {
            all += 1;
            query.is_empty() || query.admits(&text(*row).0, |name, value| has(*row, name, value))
        };
        let meant: Vec<T> = rows.into_iter().filter(is_meant).collect();
        (self.all, self.found) = (all, meant.len());
        self.sifted = self.query.clone();
        meant
    }

    /// What is marked in the rows, folded.
    pub(in crate::tui) fn words(&self) -> Vec<String> {
        self.query.words()
    }

    /// Whether that alone is meant; nothing is counted.
    pub(in crate::tui) fn admits(&self, text: &str, has: impl Fn(&'static str, &str) -> bool) -> bool {
        self.query.is_empty() || self.query.admits(text, has)
    }

    /// The same for those that were found last, where `goes_on` says so; there are as many rows as there were then.
    pub(in crate::tui) fn sift_further<'a, T: Copy>(
        &mut self,
        found: impl IntoIterator<Item = T>,
        text: impl Fn(T) -> Folded<'a>,
        has: impl Fn(T, &'static str, &str) -> bool,
    ) -> Vec<T> {
        let all = self.all;
        let meant = self.sift(found, text, has);
        self.all = all;
        meant
    }

    /// Whether all that is meant now is among what was found last, if the rows are the same: more was typed, and nothing
    /// taken back.
    pub(in crate::tui) fn goes_on(&self, values: FieldValues) -> bool {
        self.query.is_narrower_than(&self.sifted, values)
    }

    /// Puts what was sifted into the list, with whatever belongs to it.
    pub(in crate::tui) fn put<T: Copy + Ord>(&mut self, list: &mut List<T>, ids: Vec<T>) {
        let before = list.chosen();
        list.set(ids);
        list.look_for(self.words());
        // What the cursor is on stays under it as long as it is found; else the first is what was looked for.
        if std::mem::take(&mut self.is_new) && list.chosen() != before {
            list.press(Key::HOME);
        }
    }

    /// Whether rows are still to be read, so that the numbers are no last word.
    pub(in crate::tui) fn set_has_more(&mut self, has_more: bool) {
        self.has_more = has_more;
    }

    pub(in crate::tui) fn press(&mut self, key: Key) -> FilterResponse {
        match &mut self.state {
            State::Off if key == Key::char('/') => return self.open(TextLine::default()),
            State::Kept(line) if key == Key::char('/') => {
                let mut line = std::mem::take(line);
                // As in the field of a form: who looks for another one types on.
                line.choose_all();
                return self.open(line);
            }
            State::Kept(_) if key == Key::ESC => return self.end(),
            State::Off | State::Kept(_) => return FilterResponse::NotMine,
            State::Open(_) if key == Key::ESC || key == Key::ctrl('c') => return self.end(),
            State::Open(line) if key == Key::ENTER => {
                if line.text().trim().is_empty() {
                    return self.end();
                }
                self.state = State::Kept(std::mem::take(line));
            }
            State::Open(_) if Action::of(key).is_some_and(|action| MOVES_WHILE_TYPING.contains(&action)) => {
                return FilterResponse::NotMine;
            }
            State::Open(_) if key == Key::TAB => {
                self.complete();
                return self.read();
            }
            State::Open(line) => {
                line.press(key);
                return self.read();
            }
        }
        FilterResponse::Taken
    }

    /// Its list looks again: then it says what the fields have.
    fn open(&mut self, line: TextLine) -> FilterResponse {
        (self.state, self.wants_values) = (State::Open(line), true);
        FilterResponse::Narrowed
    }

    /// Goes on with the list, as Enter does while it is typed.
    pub(in crate::tui) fn keep(&mut self) {
        if self.is_open() {
            self.press(Key::ENTER);
        }
    }

    pub(in crate::tui) fn paste(&mut self, text: &str) -> FilterResponse {
        let State::Open(line) = &mut self.state else { return FilterResponse::NotMine };
        line.paste(text);
        self.read()
    }

    fn end(&mut self) -> FilterResponse {
        self.clear();
        FilterResponse::Narrowed
    }

    fn read(&mut self) -> FilterResponse {
        let query = Query::parse(self.text(), self.fields);
        let is_same = query == self.query;
        self.query = query;
        self.is_new = !is_same;
        if is_same { FilterResponse::Taken } else { FilterResponse::Narrowed }
    }

    /// What it adds to the commands of its screen, or while it is typed, all that there is.
    pub(in crate::tui) fn add_to(&self, mut hints: Vec<KeyHint>) -> Vec<KeyHint> {
        match self.state {
            State::Open(_) => vec![
                KeyHint::told([Action::Open], "keep", "Keep the filter and go back to the list"),
                KeyHint::told([Action::Back], "show all", "Clear the filter and show all"),
                KeyHint::told([Action::Next], "complete", "Complete a field or its value; again: the next value"),
                KeyHint::told(MOVES_WHILE_TYPING, "move", "Move the cursor").quiet(),
            ],
            State::Off | State::Kept(_) => {
                // Behind what moves and what opens: the bar ends where the terminal does.
                let place = hints.len().min(2);
                hints.insert(place, KeyHint::told([Action::Find], "find", self.help()));
                if let State::Kept(_) = self.state {
                    hints.insert(place + 1, KeyHint::told([Action::Back], "show all", "Clear the filter and show all"));
                }
                hints
            }
        }
    }

    fn help(&self) -> &'static str {
        match self.fields.is_empty() {
            true => "Filter by words; a|b finds either, ! in front of one excludes it",
            false => "Filter by words or field:value; a|b finds either, ! excludes",
        }
    }
}

/// What moves the cursor while one types what to look for.
const MOVES_WHILE_TYPING: [Action; 3] = [Action::Up, Action::Down, Action::Page];

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: [&str; 3] = ["Alice", "Bob", "Zoë"];

    fn narrowed(filter: &mut Filter) -> Vec<usize> {
        let has = |at: usize, _, value: &str| Folded::of(["agent", "", "client"][at]).says(value);
        filter.sift(0..ROWS.len(), |at| Folded::of(ROWS[at]), has)
    }

    fn typed(filter: &mut Filter, text: &str) {
        text.chars()
            .for_each(|letter| assert_ne!(filter.press(Key::char(letter)), FilterResponse::NotMine, "{letter:?}"));
    }

    #[test]
    fn it_narrows_at_each_key_and_shows_all_again() {
        let mut filter = Filter::new(&["profile"]);
        assert_eq!(filter.press(Key::char('b')), FilterResponse::NotMine);
        typed(&mut filter, "/o");
        assert_eq!(narrowed(&mut filter), [1, 2]);
        typed(&mut filter, "e");
        assert_eq!((narrowed(&mut filter), filter.found, filter.all), (vec![2], 1, 3));
        assert_eq!(filter.press(Key::ENTER), FilterResponse::Taken);
        assert_eq!(filter.press(Key::char('d')), FilterResponse::NotMine);
        assert_eq!(filter.press(Key::ESC), FilterResponse::Narrowed);
        assert_eq!((narrowed(&mut filter), filter.is_on()), (vec![0, 1, 2], false));
    }

    #[test]
    fn a_kept_one_is_gone_on_with_behind_it() {
        let mut filter = Filter::new(&["profile"]);
        typed(&mut filter, "/profile:a");
        filter.press(Key::ENTER);
        filter.press(Key::char('/'));
        filter.press(Key::RIGHT);
        typed(&mut filter, "g");
        assert_eq!(filter.text(), "profile:ag");
        assert_eq!(narrowed(&mut filter), [0]);
    }

    #[test]
    fn what_is_typed_first_replaces_what_was_kept() {
        let mut filter = Filter::new(&["profile"]);
        typed(&mut filter, "/profile:a");
        filter.press(Key::ENTER);
        typed(&mut filter, "/zo");
        let found = narrowed(&mut filter);
        assert_eq!((filter.text(), found), ("zo", vec![2]));
    }

    #[test]
    fn an_empty_one_is_none() {
        let mut filter = Filter::new(&[]);
        typed(&mut filter, "/ ");
        assert_eq!(filter.press(Key::ENTER), FilterResponse::Narrowed);
        assert!(!filter.is_on());
    }
}
