//! What may stand over a form: a list to choose from, the question before something is lost, and what both
//! this form and somebody else changed meanwhile.

use super::conflict::Conflict;
pub(super) use super::picker::Picked;
use super::picker::Picker;
use crate::tui::confirm::Confirm;
use crate::tui::widgets::entry::Field;

pub(super) enum Overlay {
    None,
    Picker(Box<Picker>),
    /// Saving could hurt.
    Confirm(Box<Confirm>),
    /// Leaving would lose something.
    Guard,
    /// Somebody else changed the same fields meanwhile.
    Conflict(Box<Conflict>),
}

impl Overlay {
    /// What there is to choose from; none of a text.
    pub(super) fn picker(field: &Field, offer: Option<&'static str>) -> Self {
        Picker::of(field, offer).map_or(Self::None, |picker| Self::Picker(Box::new(picker)))
    }

    pub(super) fn palette(field: &Field) -> Self {
        Self::Picker(Box::new(Picker::of_colors(field)))
    }
}
