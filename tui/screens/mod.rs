//! The screens of the top bar, one file or folder a place. Each shows what `Office` knows and changes it through
//! `Office::change`; none knows another but by its `Place`.

pub(super) mod help;
mod presences;
mod settings;
mod users;

use super::office::Office;
use super::screen::{Place, Shown};

/// A fresh screen of the place.
pub(super) fn open(place: Place, office: &Office) -> Box<dyn Shown> {
    match place {
        Place::Presences => Box::new(presences::Groups::open(office)),
        Place::Settings => Box::new(settings::Settings::open()),
        Place::Users => Box::new(users::Users::open(office)),
        _ => Box::new(help::Help::of_everything(office)),
    }
}
