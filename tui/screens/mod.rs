//! The screens of the top bar, one file or folder a place. Each shows what `Office` knows and changes it through
//! `Office::change`; none knows another but by its `Place`.

mod certificates;
mod contexts;
pub(super) mod help;
mod hints;
mod history;
mod line_form;
mod overview;
mod pair;
mod presences;
mod profiles;
mod queues;
mod sessions;
mod settings;
mod users;

use super::office::Office;
use super::screen::{Place, Shown};

/// A fresh screen of the place.
pub(super) fn open(place: Place, office: &Office) -> Box<dyn Shown> {
    match place {
        Place::Overview => Box::new(overview::Overview::open()),
        Place::Presences => Box::new(presences::Groups::open(office)),
        Place::Hints => Box::new(hints::Groups::open(office)),
        Place::Profiles => Box::new(profiles::Profiles::open(office)),
        Place::Settings => Box::new(settings::Settings::open()),
        Place::Users => Box::new(users::Users::open(office)),
        Place::Certificates => Box::new(certificates::Certificates::open()),
        Place::Sessions => Box::new(sessions::Sessions::open()),
        Place::History => Box::new(history::History::open()),
        Place::Contexts => Box::new(contexts::Contexts::open(office)),
        Place::Queues => Box::new(queues::Queues::open(office)),
        Place::Help => Box::new(help::Help::of_everything(office)),
    }
}
