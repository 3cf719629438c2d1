//! What is typed in a form and not saved, as it is handed from one console to the next: which form it is, and what its fields
//! say. Plain values.

use std::collections::BTreeMap;

use super::target::Target;
use crate::settings::table::Kind;

/// A form that can be opened again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnsavedForm {
    pub(super) key: FormKey,
    pub(super) title: String,
    /// By the names of the fields, those that were changed.
    pub(super) fields: BTreeMap<String, Typed>,
}

/// Which form it is, in words that hold in another process too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FormKey {
    pub(super) subject: FormSubject,
    /// In what it stands: the group of a presence, the user or context of a line.
    pub(super) within: Option<Target>,
}

/// What a form is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FormSubject {
    New(Kind),
    Copy(Target),
    Edit(Target),
    /// An object of which a draft is made, that is saved as a whole.
    Draft(Target),
    /// A part of such a draft, which the form stands in: `xlet identity`.
    Part(Kind, String),
    /// Several objects, by their numbers, and what is changed of them: `profile`.
    Several(Kind, String, Vec<i64>),
    /// A file of such objects.
    Import(Kind),
}

/// What a field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Typed {
    /// Also what is chosen, by its words.
    Text(String),
    Switch(bool),
    Several(Vec<String>),
}

impl FormKey {
    /// Of something new, or of an object that is edited.
    pub(super) fn of(kind: Kind, edited: Option<Target>) -> Self {
        Self { subject: edited.map_or(FormSubject::New(kind), FormSubject::Edit), within: None }
    }

    pub(super) fn within(self, within: Option<Target>) -> Self {
        Self { within, ..self }
    }
}
