//! What may stand over a form: a list to choose from, the question before something is lost, and both versions of an object
//! that somebody else changed meanwhile.

use super::basis::Basis;
use super::{Fields, Model};
use crate::settings::color::{Color, NAMED};
use crate::tui::keys::Key;
use crate::tui::office::Office;
use crate::tui::widgets::entry::{Entry, Field, next_beginning};
use crate::tui::widgets::list::List;

pub(super) enum Overlay {
    None,
    Picker(Picker),
    /// The named colours, by their place in `NAMED`.
    Palette(List<usize>),
    /// Leaving would lose something.
    Guard,
    Conflict {
        /// A field's label, what this form says, what is there now; empty if the object is gone.
        differences: Vec<(&'static str, String, String)>,
        /// Of what is shown as stored; none if that is gone.
        basis: Option<Basis>,
    },
}

pub(super) struct Picker {
    entry: Entry,
    pub(super) label: &'static str,
    pub(super) list: List<usize>,
    is_done: bool,
}

impl Overlay {
    pub(super) fn picker(field: &Field) -> Self {
        let (Entry::Choice { options, .. } | Entry::Several { options, .. }) = &field.entry else { return Self::None };
        let mut list = List::new((0..options.len()).collect());
        if let Entry::Choice { at, .. } = &field.entry {
            list.choose(*at);
        }
        Self::Picker(Picker { entry: field.entry.clone(), label: field.label, list, is_done: false })
    }

    /// Each colour once, the one that is typed chosen.
    pub(super) fn palette(field: &Field) -> Self {
        let first_of = |color: Color| NAMED.iter().position(|(_, known)| *known == color);
        let mut list = List::new((0..NAMED.len()).filter(|at| first_of(NAMED[*at].1) == Some(*at)).collect());
        if let Some(at) = Color::parse(&field.entry.words()).ok().and_then(first_of) {
            list.choose(at);
        }
        Self::Palette(list)
    }

    /// Compares what the form says with what is stored now.
    pub(super) fn conflict(model: &impl Model, fields: &Fields, office: &mut Office) -> Self {
        // The store was faster than the watcher: the newest is wanted.
        if let Ok(configuration) = office.store.configuration() {
            office.configuration = configuration.into();
        }
        let basis = Basis::of(model, office);
        let again = basis.is_some().then(|| model.anew(office)).flatten();
        let theirs = again.map(|model| model.fields(office)).unwrap_or_default();
        let differences =
            fields.all().iter().zip(&theirs).filter(|(own, their)| !own.entry.says_the_same(&their.entry));
        let words = |(own, their): (&Field, &Field)| (own.label, own.entry.words(), their.entry.words());
        Self::Conflict { differences: differences.map(words).collect(), basis }
    }
}

impl Picker {
    /// Whether the key was for it.
    pub(super) fn press(&mut self, key: Key) -> bool {
        let Some(chosen) = self.list.chosen() else { return false };
        match (&mut self.entry, key) {
            (Entry::Choice { at, .. }, Key::ENTER | Key::SPACE) => {
                *at = chosen;
                self.is_done = true;
                true
            }
            (Entry::Several { marked, .. }, Key::SPACE) => {
                match marked.iter().position(|at| *at == chosen) {
                    Some(place) => {
                        marked.remove(place);
                    }
                    None => marked.push(chosen),
                }
                true
            }
            (Entry::Several { .. }, Key::ENTER) => {
                self.is_done = true;
                true
            }
            (Entry::Choice { options, .. } | Entry::Several { options, .. }, key) => {
                let begun = key.typed().and_then(|letter| next_beginning(options, chosen, letter));
                begun.is_some_and(|at| self.list.choose(at)) || self.list.press(key)
            }
            (_, key) => self.list.press(key),
        }
    }

    pub(super) fn entry(&self) -> Entry {
        self.entry.clone()
    }

    pub(super) fn takes_several(&self) -> bool {
        matches!(self.entry, Entry::Several { .. })
    }

    pub(super) fn is_done(&self) -> bool {
        self.is_done
    }

    /// An option as its row says it.
    pub(super) fn row(&self, at: usize) -> String {
        match &self.entry {
            Entry::Several { options, marked } => {
                let mark = match marked.iter().position(|known| *known == at) {
                    Some(place) => format!("[{}]", place + 1),
                    None => "[ ]".to_owned(),
                };
                format!("{mark} {}", options.get(at).map_or("", String::as_str))
            }
            Entry::Choice { options, .. } => options.get(at).cloned().unwrap_or_default(),
            _ => String::new(),
        }
    }
}
