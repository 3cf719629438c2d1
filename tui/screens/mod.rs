//! The screens of the top bar, one file or folder a place. Each shows what `Office` knows and changes it through
//! `Office::change`; none knows another but by its `Place`.

mod certificates;
pub(super) mod help;
mod history;
mod overview;
mod pair;
mod presences;
mod sessions;
mod settings;

use super::office::Office;
use super::screen::{Place, Shown};

/// A fresh screen of the place.
pub(super) fn open(place: Place, office: &Office) -> Box<dyn Shown> {
    match place {
        Place::Overview => Box::new(overview::Overview::open()),
        Place::Presences => Box::new(presences::Groups::open(office)),
        Place::Settings => Box::new(settings::Settings::open()),
        Place::Certificates => Box::new(certificates::Certificates::open()),
        Place::Sessions => Box::new(sessions::Sessions::open()),
        Place::History => Box::new(history::History::open()),
        _ => Box::new(help::Help::of_everything(office)),
    }
}
