//! A list over a form, to choose from: one of several, some of several, or a colour for a text. Letters look for what begins
//! with them; each key says what came of it.

use crate::settings::color::{Color, NAMED};
use crate::tui::app::App;
use crate::tui::keys::Key;
use crate::tui::widgets::entry::{Entry, Field};
use crate::tui::widgets::list::List;
use crate::tui::widgets::type_ahead::TypeAhead;

use super::nothing_begins_with;

pub(super) struct Picker {
    /// What the field holds.
    entry: Entry,
    pub(super) label: &'static str,
    options: Vec<String>,
    /// Of a palette, one an option.
    colors: Vec<Color>,
    pub(super) list: List<usize>,
    pub(super) ahead: TypeAhead,
    /// Whether Space marked something: Enter then takes what is marked, and nothing else.
    was_marked: bool,
    is_changed: bool,
}

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Picked {
    GoesOn,
    Done,
}

impl Picker {
    /// None of a field that is typed.
    pub(super) fn of(field: &Field) -> Option<Self> {
        let (Entry::Choice { options, .. } | Entry::Several { options, .. }) = &field.entry else { return None };
        let mut list = List::new((0..options.len()).collect());
        if let Entry::Choice { at, .. } = &field.entry {
            list.choose(*at);
        }
        Some(Self::with(field, options.clone(), Vec::new(), list))
    }

    /// The named colours, each once, the one that is typed chosen.
    pub(super) fn of_colors(field: &Field) -> Self {
        let first_of = |color: Color| NAMED.iter().position(|(_, known)| *known == color);
        let shown = NAMED.iter().enumerate().filter(|(at, (_, color))| first_of(*color) == Some(*at));
        let (names, colors): (Vec<String>, Vec<Color>) =
            shown.map(|(_, (name, color))| ((*name).to_owned(), *color)).unzip();
        let mut list = List::new((0..colors.len()).collect());
        let typed = Color::parse(&field.entry.words()).ok();
        if let Some(at) = typed.and_then(|typed| colors.iter().position(|color| *color == typed)) {
            list.choose(at);
        }
        Self { label: "palette", ..Self::with(field, names, colors, list) }
    }

    fn with(field: &Field, options: Vec<String>, colors: Vec<Color>, list: List<usize>) -> Self {
        let (entry, label) = (field.entry.clone(), field.label);
        Self { entry, label, options, colors, list, ahead: TypeAhead::default(), was_marked: false, is_changed: false }
    }

    pub(super) fn press(&mut self, key: Key, app: &mut App) -> Picked {
        let Some(chosen) = self.list.chosen() else {
            if key == Key::ENTER || key == Key::SPACE {
                app.warn("there is nothing to choose from");
            }
            return if key == Key::ENTER { Picked::Done } else { Picked::GoesOn };
        };
        match (key, &mut self.entry) {
            (Key::ENTER, Entry::Several { .. }) => {
                self.take_marked(chosen, app);
                return Picked::Done;
            }
            (Key::SPACE, Entry::Several { marked, .. }) => {
                match marked.iter().position(|at| *at == chosen) {
                    Some(place) => drop(marked.remove(place)),
                    None => marked.push(chosen),
                }
                (self.was_marked, self.is_changed) = (true, true);
            }
            (Key::ENTER | Key::SPACE, entry) => {
                match entry {
                    Entry::Choice { at, .. } => *at = chosen,
                    entry => *entry = Entry::text(self.colors.get(chosen).copied().unwrap_or(Color(0, 0, 0))),
                }
                self.is_changed = true;
                return Picked::Done;
            }
            (key, _) => self.look(key, chosen, app),
        }
        Picked::GoesOn
    }

    /// Enter in a list of marks: whoever marked nothing means what the cursor is on.
    fn take_marked(&mut self, chosen: usize, app: &mut App) {
        let name = self.options.get(chosen).cloned().unwrap_or_default();
        let Entry::Several { marked, .. } = &mut self.entry else { return };
        if !self.was_marked && marked.contains(&chosen) {
            app.remark(format!("\"{name}\" is marked already; Space takes the mark away"));
            return;
        }
        if !self.was_marked {
            marked.push(chosen);
            self.is_changed = true;
        }
        app.remark(format!("marked now: {}", self.entry.words()));
    }

    /// A letter looks for an option; `j` and `k` move where nothing begins with them.
    fn look(&mut self, key: Key, chosen: usize, app: &mut App) {
        let Some(letter) = key.typed() else {
            self.ahead.forget();
            self.list.press(key);
            return;
        };
        match self.ahead.find(&self.options, chosen, letter, app.now) {
            Some(at) => drop(self.list.choose(at)),
            None if self.ahead.prefix().is_empty() && self.list.press(key) => {}
            None => app.warn(nothing_begins_with(&self.ahead, letter)),
        }
    }

    /// What the field holds from now on; none while nothing was changed.
    pub(super) fn entry(&self) -> Option<Entry> {
        self.is_changed.then(|| self.entry.clone())
    }

    pub(super) fn takes_several(&self) -> bool {
        matches!(self.entry, Entry::Several { .. })
    }

    /// Columns of the box.
    pub(super) fn width(&self) -> u16 {
        if self.colors.is_empty() { 60 } else { 36 }
    }

    /// An option as its row says it.
    pub(super) fn row(&self, at: usize) -> String {
        let option = self.options.get(at).map_or("", String::as_str);
        match (&self.entry, self.color(at)) {
            (Entry::Several { marked, .. }, _) => match marked.iter().position(|known| *known == at) {
                Some(place) => format!("[{}] {option}", place + 1),
                None => format!("[ ] {option}"),
            },
            (_, Some(color)) => format!("{color}  {option}"),
            (_, None) => option.to_owned(),
        }
    }

    /// The colour that an option of a palette is.
    pub(super) fn color(&self, at: usize) -> Option<Color> {
        self.colors.get(at).copied()
    }
}
