//! A list over a form, to choose from: one of several, some of several, or a value for a text, a colour or a path. What is
//! typed narrows it to what holds that; each key says what came of it.

use unicode_width::UnicodeWidthStr as _;

use crate::settings::color::{Color, NAMED};
use crate::settings::fold::fold;
use crate::tui::app::App;
use crate::tui::keys::Key;
use crate::tui::widgets::entry::{Entry, Field, OptionSearch};
use crate::tui::widgets::list::{List, cell};

use super::option_search::{distance, holds};

/// Less of what an option is says nothing.
const GLOSS_COLUMNS_MIN: usize = 16;

pub(super) struct Picker {
    /// What the field holds.
    entry: Entry,
    /// What it held as the list was opened.
    before: Entry,
    pub(super) label: &'static str,
    options: Vec<String>,
    /// What each of them is, where somebody says it.
    glosses: Vec<&'static str>,
    /// Options and glosses folded, which costs too much for each key.
    folded: Vec<(String, String)>,
    /// Where the field is a text: what each option makes of it.
    values: Vec<String>,
    /// Of a palette, one an option.
    colors: Vec<Color>,
    /// Of presences, one an option.
    dots: Vec<Color>,
    /// What a last row offers to make: `new context…`.
    offer: Option<&'static str>,
    search: OptionSearch,
    /// Nothing has what was typed, and nobody went to the row that offers to make it: the cursor is on none.
    is_on_nothing: bool,
    /// That is what was typed then: what is to be made is called so.
    new_name: String,
    pub(super) list: List<PickerRow>,
    /// By which the list is narrowed.
    pub(super) typed: String,
    /// A password is typed beside it: what is typed here by mistake is not shown.
    is_hushed: bool,
    /// Whether Space marked something: Enter then takes what is marked, and nothing else.
    was_marked: bool,
    is_changed: bool,
}

/// A row of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PickerRow {
    /// By its place among all.
    Option(usize),
    /// Something new is made.
    New,
}

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Picked {
    GoesOn,
    Done,
    /// It is done, and the next field is gone to.
    Next,
    /// It is done, and the form is saved.
    Save,
    /// Something new is to be made and chosen.
    New,
}

impl Picker {
    /// None of a field that is typed.
    pub(super) fn of(field: &Field, offer: Option<&'static str>) -> Option<Self> {
        let (Entry::Choice { options, .. } | Entry::Several { options, .. }) = &field.entry else { return None };
        let mut picker = Self::with(field, options.clone(), Vec::new());
        picker.offer = offer;
        picker.narrow();
        if let Entry::Choice { at, .. } = &field.entry {
            picker.list.choose(PickerRow::Option(*at));
        }
        Some(picker)
    }

    /// The named colours, each once, the one that is typed chosen.
    pub(super) fn of_colors(field: &Field) -> Self {
        let first_of = |color: Color| NAMED.iter().position(|(_, known)| *known == color);
        let shown = NAMED.iter().enumerate().filter(|(at, (_, color))| first_of(*color) == Some(*at));
        let (names, colors): (Vec<String>, Vec<Color>) =
            shown.map(|(_, (name, color))| ((*name).to_owned(), *color)).unzip();
        let typed = Color::parse(&field.entry.words()).ok();
        let at = typed.and_then(|typed| colors.iter().position(|color| *color == typed));
        let values = colors.iter().map(ToString::to_string).collect();
        let mut picker = Self { label: "palette", colors, ..Self::with(field, names, values) };
        if let Some(at) = at {
            picker.list.choose(PickerRow::Option(at));
        }
        picker
    }

    /// What a path may go on with: the name of each, and the path as it is then.
    pub(super) fn of_paths(field: &Field, names: Vec<String>, paths: Vec<String>) -> Self {
        Self::with(field, names, paths)
    }

    fn with(field: &Field, options: Vec<String>, values: Vec<String>) -> Self {
        let gloss = |at: usize| field.glosses.get(at).map(|gloss| fold(gloss)).unwrap_or_default();
        let mut picker = Self {
            entry: field.entry.clone(),
            before: field.entry.clone(),
            label: field.label,
            folded: options.iter().enumerate().map(|(at, option)| (fold(option), gloss(at))).collect(),
            glosses: field.glosses.clone(),
            options,
            values,
            colors: Vec::new(),
            dots: field.dots.clone(),
            offer: None,
            search: field.search,
            is_on_nothing: false,
            new_name: String::new(),
            list: List::default(),
            typed: String::new(),
            is_hushed: false,
            was_marked: false,
            is_changed: false,
        };
        picker.narrow();
        picker
    }

    /// Shows nothing of what is typed, if so.
    pub(super) fn hushed(mut self, is_hushed: bool) -> Self {
        self.is_hushed = is_hushed;
        self
    }

    /// As it may be seen.
    fn typed_words(&self) -> String {
        if self.is_hushed { "*".repeat(self.typed.chars().count()) } else { self.typed.clone() }
    }

    /// Shows what holds all words that are typed, whatever their case and accents; what is offered to be made stays.
    fn narrow(&mut self) {
        let typed = fold(&self.typed);
        let words: Vec<&str> = typed.split_whitespace().collect();
        let (folded, search) = (&self.folded, self.search);
        let has = |at: usize, word: &str| holds(&folded[at].0, word, search) || holds(&folded[at].1, word, search);
        let shown: Vec<usize> = (0..folded.len()).filter(|at| words.iter().all(|word| has(*at, word))).collect();
        let best = shown.iter().copied().min_by_key(|at| distance(&folded[*at].0, typed.trim()));
        let new = self.offer.map(|_| PickerRow::New);
        // Whoever types what the row is called means it.
        let means_new = self
            .offer
            .is_some_and(|offer| words.iter().all(|word| holds(&fold(offer), word, OptionSearch::WordBeginnings)));
        self.is_on_nothing = shown.is_empty() && !means_new;
        let name = if self.is_on_nothing && !self.is_hushed { self.typed.trim() } else { "" };
        self.new_name = name.to_owned();
        self.list.set(shown.into_iter().map(PickerRow::Option).chain(new).collect());
        self.list.look_for(words.iter().map(|word| (*word).to_owned()).collect());
        if let Some(best) = best.filter(|_| !words.is_empty()) {
            self.list.choose(PickerRow::Option(best));
        }
    }

    /// Goes on narrowing, as if that had been typed.
    pub(super) fn write(&mut self, letter: char) {
        self.typed.push(letter);
        self.narrow();
    }

    /// Shows all again; whether anything was typed.
    pub(super) fn forget_typed(&mut self) -> bool {
        let was_typed = !self.typed.is_empty();
        if was_typed {
            self.typed.clear();
            self.narrow();
        }
        was_typed
    }

    pub(super) fn press(&mut self, key: Key, app: &mut App) -> Picked {
        match (key, &self.entry) {
            (Key::ENTER, _) => self.take(Picked::Done, app),
            (Key::TAB, _) => self.take(Picked::Next, app),
            (key, _) if key == Key::ctrl('s') => self.take(Picked::Save, app),
            (Key::SPACE, Entry::Several { .. }) => self.mark(app),
            (key, Entry::Several { .. }) if key == Key::char('+') => self.mark_all(),
            (key, Entry::Several { .. }) if key == Key::char('-') => self.mark_none(),
            // A word goes on with a blank; nothing begins with one.
            (Key::SPACE, _) if self.typed.is_empty() => self.take(Picked::Done, app),
            (Key::BACKSPACE, _) => {
                self.typed.pop();
                self.narrow();
                Picked::GoesOn
            }
            (key, _) if key == Key::ctrl('u') => {
                self.typed.clear();
                self.narrow();
                Picked::GoesOn
            }
            (key, _) => {
                match key.typed() {
                    Some(letter) => self.write(letter),
                    None => self.is_on_nothing &= !self.list.press(key),
                }
                Picked::GoesOn
            }
        }
    }

    /// Enter, and all that means it too: what the cursor is on, or what is marked.
    fn take(&mut self, then: Picked, app: &mut App) -> Picked {
        match (self.list.chosen(), &mut self.entry) {
            (None, _) => {
                app.warn(self.nothing_found());
                return if self.options.is_empty() { then } else { Picked::GoesOn };
            }
            (Some(PickerRow::New), _) if self.is_on_nothing => {
                app.warn(self.nothing_found());
                return Picked::GoesOn;
            }
            // Whoever goes on to the next field, or saves, has not asked for that.
            (Some(PickerRow::New), _) if then == Picked::Done => return Picked::New,
            (Some(PickerRow::New), _) => {
                app.warn("Enter makes something new; Esc leaves it as it is");
                return Picked::GoesOn;
            }
            (Some(PickerRow::Option(chosen)), Entry::Several { .. }) => {
                // Tab and Ctrl-S mean the form: they take what is marked and nothing more.
                if then == Picked::Done {
                    self.take_marked(chosen, app);
                }
                return then;
            }
            (Some(PickerRow::Option(chosen)), Entry::Choice { at, .. }) => *at = chosen,
            (Some(PickerRow::Option(chosen)), entry) => {
                *entry = Entry::text(self.values.get(chosen).map_or("", String::as_str));
            }
        }
        self.is_changed = true;
        then
    }

    fn mark(&mut self, app: &mut App) -> Picked {
        let (chosen, Entry::Several { marked, .. }) = (self.list.chosen(), &mut self.entry) else {
            return Picked::GoesOn;
        };
        match chosen {
            None => app.warn(self.nothing_found()),
            Some(PickerRow::New) if self.is_on_nothing => app.warn(self.nothing_found()),
            Some(PickerRow::New) => return Picked::New,
            Some(PickerRow::Option(chosen)) => {
                match marked.iter().position(|at| *at == chosen) {
                    Some(place) => drop(marked.remove(place)),
                    None => marked.push(chosen),
                }
                (self.was_marked, self.is_changed) = (true, true);
                // As in lists: the next row is gone to.
                self.list.press(Key::DOWN);
            }
        }
        Picked::GoesOn
    }

    /// Those that are shown, behind those that are marked already.
    fn mark_all(&mut self) -> Picked {
        let Entry::Several { marked, .. } = &mut self.entry else { return Picked::GoesOn };
        for row in self.list.ids() {
            if let PickerRow::Option(at) = row
                && !marked.contains(at)
            {
                marked.push(*at);
            }
        }
        (self.was_marked, self.is_changed) = (true, true);
        Picked::GoesOn
    }

    /// None of those that are shown.
    fn mark_none(&mut self) -> Picked {
        let Entry::Several { marked, .. } = &mut self.entry else { return Picked::GoesOn };
        marked.retain(|at| !self.list.ids().contains(&PickerRow::Option(*at)));
        (self.was_marked, self.is_changed) = (true, true);
        Picked::GoesOn
    }

    /// Enter in a list of marks: whoever marked nothing means what the cursor is on.
    fn take_marked(&mut self, chosen: usize, app: &mut App) {
        let name = self.options.get(chosen).cloned().unwrap_or_default();
        let Entry::Several { marked, .. } = &mut self.entry else { return };
        if !self.was_marked && marked.contains(&chosen) {
            app.remark(format!("\"{name}\" is marked already; Space unmarks it"));
            return;
        }
        if !self.was_marked {
            marked.push(chosen);
            self.is_changed = true;
        }
        app.remark(format!("marked now: {}", self.entry.words()));
    }

    /// Why no row is shown.
    fn nothing_found(&self) -> String {
        match self.options.is_empty() {
            true => "there is nothing to choose from".to_owned(),
            false if self.is_hushed => {
                "nothing here has what was typed: choose first, the password is typed in the field below".to_owned()
            }
            false if self.offer.is_some() => {
                format!("nothing here has \"{}\": Down, Enter makes a new one; Esc shows all again", self.typed)
            }
            false => format!("nothing here has \"{}\"; Esc shows all again", self.typed),
        }
    }

    /// Whether the cursor is on no row, though there is one.
    pub(super) fn is_on_nothing(&self) -> bool {
        self.is_on_nothing
    }

    /// What is to be made is called so; empty: nothing was typed, or it was found.
    pub(super) fn into_new_name(self) -> String {
        self.new_name
    }

    /// `new context…`, `new context "lab"…`
    fn offer_words(&self) -> String {
        let words = self.offer.unwrap_or_default();
        match self.new_name.as_str() {
            "" => words.to_owned(),
            name => format!("{} \"{name}\"…", words.trim_end_matches('…')),
        }
    }

    /// The same where the rows would stand.
    pub(super) fn empty_words(&self) -> &'static str {
        if self.options.is_empty() {
            "There is nothing to choose from."
        } else {
            "Nothing has that; Esc shows all again."
        }
    }

    /// What the field held as the list was opened; none: nothing was marked since.
    pub(super) fn before(self) -> Option<Entry> {
        (self.takes_several() && self.is_changed).then_some(self.before)
    }

    /// What the field holds from now on; none while nothing was changed.
    pub(super) fn entry(&self) -> Option<Entry> {
        self.is_changed.then(|| self.entry.clone())
    }

    pub(super) fn takes_several(&self) -> bool {
        matches!(self.entry, Entry::Several { .. })
    }

    /// `Profile: fr, 2 of 5`.
    pub(super) fn title(&self) -> String {
        let shown = self.list.ids().iter().filter(|row| **row != PickerRow::New).count();
        match self.typed.as_str() {
            "" if self.options.len() > 1 => format!("{}: type to search", self.label),
            "" => self.label.to_owned(),
            _ => format!("{}: {}, {shown} of {}", self.label, self.typed_words(), self.options.len()),
        }
    }

    /// Columns of the box.
    pub(super) fn width(&self) -> u16 {
        match (self.colors.is_empty(), self.glosses.is_empty()) {
            (false, _) => 36,
            (true, true) => 60,
            (true, false) => 84,
        }
    }

    /// Rows that it has however it is narrowed, so that it does not jump.
    pub(super) fn rows(&self) -> usize {
        (self.options.len() + usize::from(self.offer.is_some())).max(1)
    }

    /// What a row is, behind its words: in one column, as far as there is room.
    pub(super) fn gloss(&self, row: PickerRow, columns: usize) -> Option<String> {
        let PickerRow::Option(at) = row else { return None };
        let gloss = self.glosses.get(at)?;
        let rows = (0..self.options.len()).map(PickerRow::Option);
        let widest = rows.map(|row| self.words(row).width()).max().unwrap_or(0);
        let gap = widest + 2 - self.words(row).width();
        let room = columns.saturating_sub(widest + 2);
        (room >= GLOSS_COLUMNS_MIN).then(|| format!("{}{}", " ".repeat(gap), cell(gloss, room)))
    }

    /// A row as it is read.
    pub(super) fn words(&self, row: PickerRow) -> String {
        let PickerRow::Option(at) = row else { return self.offer_words() };
        let option = self.options.get(at).map_or("", String::as_str);
        match (&self.entry, self.color(row)) {
            (Entry::Several { marked, .. }, _) => match marked.iter().position(|known| *known == at) {
                Some(place) => format!("[{}] {option}", place + 1),
                None => format!("[ ] {option}"),
            },
            (_, Some(color)) => format!("{color}  {option}"),
            (_, None) => option.to_owned(),
        }
    }

    /// The colour of the presence that an option is.
    pub(super) fn dot(&self, row: PickerRow) -> Option<Color> {
        match row {
            PickerRow::Option(at) => self.dots.get(at).copied(),
            PickerRow::New => None,
        }
    }

    /// The colour that an option of a palette is.
    pub(super) fn color(&self, row: PickerRow) -> Option<Color> {
        match row {
            PickerRow::Option(at) => self.colors.get(at).copied(),
            PickerRow::New => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(options: &[&str], offer: Option<&'static str>) -> Picker {
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Picker::of(&Field::new("name", "Name", "", Entry::choice(options, None)), offer).expect("a choice")
    }

    /// What is shown after that was typed, and what the cursor is on.
    fn typed(text: &str) -> (Vec<String>, Option<String>) {
        let mut picker = picker(&["Agent", "Sales", "Service desk", "Night service", "Élan"], None);
        text.chars().for_each(|letter| picker.write(letter));
        let words = |row: &PickerRow| picker.words(*row);
        (picker.list.ids().iter().map(words).collect(), picker.list.chosen().map(|row| picker.words(row)))
    }

    #[test]
    fn what_is_typed_narrows_to_what_holds_it_with_the_nearest_chosen() {
        let (shown, chosen) = typed("SER");
        assert_eq!(
            (shown.as_slice(), chosen.as_deref()),
            (&["Service desk".into(), "Night service".into()][..], Some("Service desk"))
        );
        assert_eq!(typed("ght s").0, ["Night service"]);
        assert_eq!(typed("elan").1.as_deref(), Some("Élan"));
        assert_eq!(typed("ent").0, ["Agent"]);
        assert_eq!(typed("zz"), (Vec::new(), None));
        assert_eq!(typed("").0.len(), 5);
    }

    #[test]
    fn an_exact_name_wins_over_a_longer_one() {
        let mut picker = picker(&["offer", "off"], None);
        "off".chars().for_each(|letter| picker.write(letter));
        assert_eq!(picker.list.chosen(), Some(PickerRow::Option(1)));
    }

    #[test]
    fn what_can_be_made_is_offered_behind_whatever_is_found() {
        let mut picker = picker(&["default", "sales"], Some("new context…"));
        picker.write('s');
        assert_eq!(picker.list.ids(), [PickerRow::Option(1), PickerRow::New]);
        picker.write('x');
        assert_eq!(picker.list.ids(), [PickerRow::New]);
        // It is not chosen by itself, and takes what was typed as its name.
        assert!(picker.is_on_nothing());
        assert_eq!(picker.words(PickerRow::New), "new context \"sx\"…");
        picker.forget_typed();
        assert_eq!((picker.is_on_nothing(), picker.words(PickerRow::New).as_str()), (false, "new context…"));
        "new".chars().for_each(|letter| picker.write(letter));
        assert_eq!((picker.is_on_nothing(), picker.words(PickerRow::New).as_str()), (false, "new context…"));
    }

    #[test]
    fn options_that_are_sentences_are_found_by_beginnings_of_words_alone() {
        let options = ["keep the current one", "generate one, shown once", "none: no login with a password"];
        let options = options.map(str::to_owned).to_vec();
        let field = Field::new("name", "Name", "", Entry::choice(options, None)).worded();
        let shown = |typed: &str| {
            let mut picker = Picker::of(&field, None).expect("a choice");
            typed.chars().for_each(|letter| picker.write(letter));
            picker.list.ids().to_vec()
        };
        assert_eq!(shown("gen"), [PickerRow::Option(1)]);
        assert_eq!(shown("one"), [PickerRow::Option(0), PickerRow::Option(1)]);
        assert_eq!(shown("ord"), []);
        assert_eq!(shown("päss wörd"), []);
        assert_eq!(shown("enerate"), []);
    }
}
