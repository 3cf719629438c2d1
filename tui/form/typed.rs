//! What is typed in a form and not saved: taken out of it when the line is cut, and put into it when it is opened again. What
//! is secret stays out.

use std::collections::BTreeMap;

use super::{Form, Model};
use crate::tui::app::App;
use crate::tui::typed_form::{Typed, UnsavedForm};
use crate::tui::widgets::entry::{Entry, Field};
use crate::tui::widgets::text_line::TextLine;

impl<M: Model> Form<M> {
    /// The fields that do not say what they said when the form was opened; none: there are none, or nothing opens the form
    /// again.
    pub(super) fn what_is_typed(&self) -> Option<UnsavedForm> {
        let key = self.model.key()?;
        let others = self.fields.all().iter().zip(&self.opened).filter(|(now, old)| !now.entry.says_the_same(old));
        let fields: BTreeMap<String, Typed> =
            others.filter_map(|(now, _)| Some((now.name.to_owned(), typed(&now.entry)?))).collect();
        (!fields.is_empty()).then(|| UnsavedForm { key, title: self.model.title(), fields })
    }

    /// Puts in again what was typed in this very form when the line was cut, if that was asked for.
    pub(super) fn take_up(&mut self, app: &App) {
        let Some(unsaved) = self.model.key().and_then(|key| app.take_up(&key)) else { return };
        for (name, typed) in &unsaved.fields {
            self.fields.put(name, |field| put(field, typed));
        }
        self.model.arrange(&mut self.fields, app);
    }
}

/// None: it is secret, or only shown.
fn typed(entry: &Entry) -> Option<Typed> {
    match entry {
        Entry::Text(line) => Some(Typed::Text(line.text().to_owned())),
        Entry::Toggle(is_on) => Some(Typed::Switch(*is_on)),
        Entry::Choice { .. } => Some(Typed::Text(entry.words())),
        Entry::Several { options, marked, .. } => {
            Some(Typed::Several(marked.iter().filter_map(|at| options.get(*at).cloned()).collect()))
        }
        Entry::Secret(_) | Entry::Fixed(_) => None,
    }
}

/// What cannot be chosen any more is left out.
fn put(field: &mut Field, typed: &Typed) {
    match (&mut field.entry, typed) {
        (Entry::Text(line), Typed::Text(text)) => *line = TextLine::new(text),
        (Entry::Toggle(is_on), Typed::Switch(typed)) => *is_on = *typed,
        (Entry::Choice { options, at }, Typed::Text(text)) => {
            *at = options.iter().position(|option| option == text).unwrap_or(*at);
        }
        (Entry::Several { options, marked, .. }, Typed::Several(words)) => {
            *marked = words.iter().filter_map(|word| options.iter().position(|option| option == word)).collect();
        }
        _ => {}
    }
}
