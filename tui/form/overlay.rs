//! What may stand over a form: a list to choose from, the question before something is lost, and what both
//! this form and somebody else changed meanwhile.

use super::conflict::Conflict;
pub(super) use super::picker::Picked;
use super::picker::Picker;
use crate::tui::confirm::Confirm;
use crate::tui::keys::Key;
use crate::tui::widgets::entry::Field;
use crate::tui::widgets::text_line::Echo;

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

/// Before something is lost.
pub(super) const GUARD_ANSWERS: [(char, &str); 3] = [('s', "save it"), ('d', "discard it"), ('n', "keep editing")];

impl Overlay {
    /// What the question that it is may be answered with; a list asks nothing.
    pub(super) fn answers(&self) -> Vec<(Key, String)> {
        match self {
            Self::None | Self::Picker(_) => Vec::new(),
            Self::Confirm(confirm) => confirm.answers(),
            Self::Guard => GUARD_ANSWERS.map(|(key, words)| (Key::char(key), words.to_owned())).to_vec(),
            Self::Conflict(conflict) => {
                conflict.answers().iter().map(|(key, words)| (*key, (*words).to_owned())).collect()
            }
        }
    }

    /// What there is to choose from; none of a text.
    pub(super) fn picker(field: &Field, offer: Option<&'static str>, echo: Echo) -> Self {
        let picker = Picker::of(field, offer).map(|picker| picker.hushed(echo == Echo::Hidden));
        picker.map_or(Self::None, |picker| Self::Picker(Box::new(picker)))
    }

    pub(super) fn palette(field: &Field) -> Self {
        Self::Picker(Box::new(Picker::of_colors(field)))
    }
}
