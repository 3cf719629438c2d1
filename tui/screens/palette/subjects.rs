//! To whom an action of the palette can be done: made ready for each action when it is first named, and kept while nothing
//! changes, for one of ten thousand is looked for with each letter.

use super::entries::{PaletteEntry, Score};
use super::object_action::{ActionTarget, ObjectAction};
use super::sought::Sought;
use crate::tui::app::App;

#[derive(Default)]
pub(super) struct Subjects {
    known: Vec<(ObjectAction, Vec<NamedSubject>)>,
    /// Something changed since.
    is_old: bool,
}

pub(super) struct NamedSubject {
    pub(super) subject: ActionTarget,
    /// As it is looked for.
    entry: PaletteEntry,
}

impl Subjects {
    pub(super) fn of(&mut self, action: ObjectAction, app: &App) -> &[NamedSubject] {
        let at = self.known.iter().position(|(known, _)| *known == action).unwrap_or_else(|| {
            let subjects = action.subjects(app).into_iter().map(NamedSubject::new).collect();
            self.known.push((action, subjects));
            self.known.len() - 1
        });
        self.known.get(at).map_or(&[], |(_, subjects)| subjects)
    }

    /// One that `of` gave.
    pub(super) fn get(&self, action: ObjectAction, at: usize) -> Option<&NamedSubject> {
        let (_, subjects) = self.known.iter().find(|(known, _)| *known == action)?;
        subjects.get(at)
    }

    /// Something changed: they are good for what is shown, and no longer.
    pub(super) fn grow_old(&mut self) {
        self.is_old = true;
    }

    /// All is looked for anew.
    pub(super) fn renew(&mut self) {
        if std::mem::take(&mut self.is_old) {
            self.known.clear();
        }
    }
}

impl NamedSubject {
    fn new((subject, text): (ActionTarget, String)) -> Self {
        Self { subject, entry: PaletteEntry::subject(text) }
    }

    pub(super) fn score(&self, sought: &Sought) -> Option<Score> {
        if sought.is_nothing() { Some(0) } else { self.entry.score(sought) }
    }

    /// `disable kuhn  Anna Kuhn`
    pub(super) fn text(&self, action: ObjectAction) -> String {
        format!("{} {}", action.words(), self.entry.text)
    }
}
