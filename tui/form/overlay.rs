//! What may stand over a form: a list to choose from, the question before something is lost, and both versions of an object
//! that somebody else changed meanwhile.

use super::basis::Basis;
pub(super) use super::picker::Picked;
use super::picker::Picker;
use super::{Fields, Model};
use crate::tui::app::App;
use crate::tui::confirm::Confirm;
use crate::tui::widgets::entry::Field;

pub(super) enum Overlay {
    None,
    Picker(Box<Picker>),
    /// Saving could hurt.
    Confirm(Confirm),
    /// Leaving would lose something.
    Guard,
    Conflict {
        /// A field's label, what this form says, what is there now; empty if the object is gone.
        differences: Vec<(&'static str, String, String)>,
        /// Of what is shown as stored; none if that is gone.
        basis: Option<Basis>,
    },
}

impl Overlay {
    /// What there is to choose from; none of a text.
    pub(super) fn picker(field: &Field, offer: Option<&'static str>) -> Self {
        Picker::of(field, offer).map_or(Self::None, |picker| Self::Picker(Box::new(picker)))
    }

    pub(super) fn palette(field: &Field) -> Self {
        Self::Picker(Box::new(Picker::of_colors(field)))
    }

    /// Compares what the form says with what is stored now.
    pub(super) fn conflict(model: &impl Model, fields: &Fields, app: &App) -> Self {
        let again = model.anew(app);
        let basis = again.as_ref().and_then(|model| Basis::of(model, app));
        let theirs = again.filter(|_| basis.is_some()).map(|model| model.fields(app)).unwrap_or_default();
        let differences =
            fields.all().iter().zip(&theirs).filter(|(own, their)| !own.entry.says_the_same(&their.entry));
        let words = |(own, their): (&Field, &Field)| (own.label, own.entry.words(), their.entry.words());
        Self::Conflict { differences: differences.map(words).collect(), basis }
    }
}
