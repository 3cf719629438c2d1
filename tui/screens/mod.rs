//! The screens of the top bar, one file or folder a place. Each shows what `App` knows and changes it through
//! `App::change`; none knows another but by its `Tab`, and the palette, which does by name what their keys do.

mod accounts;
mod alike;
mod backups;
mod bad_lines;
mod certificates;
mod contexts;
pub(super) mod help;
mod hints;
mod history;
mod line_form;
mod login_obstacle;
mod made;
mod marked_removal;
mod missing_contexts;
mod new_password;
mod overview;
mod pair;
pub(super) mod palette;
mod person;
mod phone_book;
mod planning;
mod presences;
mod profiles;
mod queues;
mod reopen;
mod rooms;
pub(super) mod same_command;
mod sessions;
mod setting_list;
mod settings;
mod telephony;
mod telephony_link;
mod user_choice;
mod users;
mod voicemails;

use super::app::{App, DynScreen};
use super::tab::Tab;

pub(super) use history::{show_changes_of, undo_written};
pub(super) use reopen::reopen;

/// A fresh screen of the place.
pub(super) fn open(tab: Tab, app: &App) -> Box<dyn DynScreen> {
    match tab {
        Tab::Overview => Box::new(overview::Overview::open()),
        Tab::Presences => Box::new(presences::PresenceGroups::open(app)),
        Tab::Hints => Box::new(hints::HintGroups::open(app)),
        Tab::Profiles => Box::new(profiles::Profiles::open(app)),
        Tab::Settings => Box::new(settings::Settings::open(app)),
        Tab::Users => Box::new(users::Users::open(app)),
        Tab::Certificates => Box::new(certificates::Certificates::open()),
        Tab::Sessions => Box::new(sessions::Sessions::open(app)),
        Tab::Telephony => Box::new(telephony::Telephony::open()),
        Tab::History => Box::new(history::History::open()),
        Tab::Contexts => Box::new(contexts::Contexts::open(app)),
        Tab::Queues => Box::new(queues::Queues::open(app)),
        Tab::PhoneBook => Box::new(phone_book::PhoneBook::open(app)),
        Tab::Accounts => Box::new(accounts::Accounts::open(app)),
        Tab::Voicemails => Box::new(voicemails::Voicemails::open(app)),
        Tab::Rooms => Box::new(rooms::Rooms::open(app)),
        Tab::Help => Box::new(help::Help::of_everything(app)),
    }
}
