//! Changes to many users at once: all that are marked, or else the one under the cursor. Who is meant and what it would do
//! is told before anything is done; each change is one transaction, and one step of undo.

mod access;
mod context;
mod made_list;
mod made_password;
mod passwords;
mod profile;

use std::collections::HashSet;

use crate::control::Session;
use crate::settings::configuration::Configuration;
use crate::settings::count::first_of;
use crate::settings::id::{Id as _, UserId};
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::tui::app::{App, DynScreen, Repeat, RowsOf, Transition};
use crate::tui::ask::Question;
use crate::tui::form::Form;
use crate::tui::screens::person::person;
use crate::tui::screens::sessions;
use crate::tui::typed_form::{FormKey, FormSubject};
use crate::tui::widgets::list::List;
use crate::tui::widgets::marks::Marking as _;

pub(super) use access::switch;
pub(in crate::tui::screens) use access::{disable, enable};
pub(super) use made_password::key as made_password_key;
pub(super) use profile::profile_words;

use super::removal;
use access::LoginAccess;
use context::MainContextModel;
use profile::GivenProfileModel;

/// Names that a question says; the others are counted.
const NAMES: usize = 3;

/// The users who were meant when somebody asked, whoever is marked later.
#[derive(Clone)]
pub(super) struct MeantUsers {
    users: Vec<UserId>,
    /// `3 marked users`, `Ada Kuhn`.
    words: String,
    is_marked: bool,
    /// How many of them no row shows now.
    hidden: usize,
}

impl MeantUsers {
    /// None: there is nobody.
    pub(super) fn of(list: &List<UserId>, app: &App) -> Option<Self> {
        let (users, marked) = (list.meant(), list.number_marked());
        let first = users.first().and_then(|id| app.configuration.users.get(*id))?;
        let words = match marked {
            0 => person(first, &app.configuration),
            _ => count(marked, "marked user"),
        };
        Some(Self { users, words, is_marked: marked > 0, hidden: list.number_hidden() })
    }

    /// The same by their numbers.
    fn numbered(ids: &[i64], app: &App) -> Option<Self> {
        Self::these(ids.iter().map(|id| UserId::new(*id)).collect(), app)
    }

    /// Those whom `.` is about, who are all seen.
    fn these(users: Vec<UserId>, app: &App) -> Option<Self> {
        let first = users.first().and_then(|id| app.configuration.users.get(*id))?;
        let words =
            if users.len() == 1 { person(first, &app.configuration) } else { count(users.len(), "marked user") };
        Some(Self { is_marked: users.len() > 1, users, words, hidden: 0 })
    }

    /// By which a form about them is opened again.
    fn key(&self, what: &str) -> FormKey {
        let numbers = self.users.iter().map(|user| user.number()).collect();
        FormKey { subject: FormSubject::Several(Kind::User, what.to_owned(), numbers), within: None }
    }

    pub(super) fn is_one(&self) -> bool {
        self.users.len() == 1
    }

    /// Those who are still there.
    fn known<'a>(&self, c: &'a Configuration) -> Vec<&'a User> {
        self.users.iter().filter_map(|id| c.users.get(*id)).map(|user| &**user).collect()
    }

    /// `3 marked users: Alice Archer, Bob Butcher and 1 more`, and how many of them are not seen.
    fn told(&self, c: &Configuration) -> String {
        let names = names(&self.known(c), c);
        let hidden = match self.hidden {
            0 => String::new(),
            hidden => format!(" The filter hides {hidden} of them."),
        };
        if self.words == names { format!("{names}.") } else { format!("{}: {names}.{hidden}", self.words) }
    }

    /// What is to be done with them?
    pub(super) fn question(self, app: &App) -> Question {
        let told = self.told(&app.configuration);
        let how = if self.is_marked { "" } else { "Space marks several users, Ctrl-A all that are shown. " };
        let asks = match self.is_one() {
            true => {
                "What removes the user, ends a session or makes a password is asked about first, all else is done at once."
            }
            false => "What would be changed is shown before it is done.",
        };
        let text = format!("{told}\n{how}{asks}");
        let hidden = if self.hidden > 0 { format!(", {} hidden", self.hidden) } else { String::new() };
        let title = format!("Change {}{hidden}", self.words);
        let [profile, enable, disable, context, passwords, sessions] = std::array::from_fn(|_| self.clone());
        Question::new(title, text)
            .choice('p', "assign a profile", move |app| {
                Transition::Push(Box::new(Form::open(GivenProfileModel::new(profile, app), app)))
            })
            .choice('e', "enable: who is enabled may log in", move |app| access::ask(enable, LoginAccess::Granted, app))
            .choice('d', "disable: who is disabled may not log in", move |app| {
                access::ask(disable, LoginAccess::Refused, app)
            })
            .choice('c', "move the main line to another context", move |app| {
                Transition::Push(Box::new(Form::open(MainContextModel::new(context, app), app)))
            })
            .choice('m', "make new passwords, shown once", move |app| passwords::ask(passwords, app))
            .choice('s', "end all sessions", move |app| sessions.end_sessions(app))
            .choice('r', "remove, with all lines", move |app| self.remove(app))
            .stay("nothing")
            .menu()
    }

    pub(super) fn remove(self, app: &mut App) -> Transition {
        match self.known(&app.configuration).as_slice() {
            [] => Transition::Stay,
            [_] if self.is_one() => {
                let user = app.configuration.users.get(self.users[0]);
                user.map_or(Transition::Stay, |user| {
                    Transition::Push(Box::new(removal::question(user, self.hidden > 0, remove_again(), app)))
                })
            }
            _ => {
                let named = self.told(&app.configuration);
                removal::ask_many(self.users, (&self.words, named), remove_again(), app)
            }
        }
    }

    fn end_sessions(self, app: &mut App) -> Transition {
        let users = self.known(&app.configuration);
        let logins: HashSet<String> = users.iter().filter_map(|user| user.folded_login()).collect();
        let is_meant = |session: &&Session| logins.contains(&session.user.to_lowercase());
        let numbers: Vec<u64> = app.sessions().iter().filter(is_meant).map(|session| session.session).collect();
        sessions::ask_to_end(numbers, sessions::EndedSessions::Of(self.words), app)
    }
}

/// Asks whether one user is to be removed, who is named elsewhere.
pub(in crate::tui::screens) fn remove(user: UserId, app: &mut App) -> Transition {
    of_one(user, app, MeantUsers::remove)
}

/// Asks whether one user is to get a new password.
pub(in crate::tui::screens) fn make_password(user: UserId, app: &mut App) -> Transition {
    of_one(user, app, passwords::ask)
}

/// Enables or disables one user, as the key does that switches.
pub(super) fn switch_one(user: UserId, app: &mut App) -> Transition {
    of_one(user, app, switch)
}

/// All that can be done to one user, on whose page it is asked for.
pub(super) fn change_one(user: UserId, app: &mut App) -> Transition {
    of_one(user, app, |meant, app| {
        // Nobody else could be marked there.
        let meant = MeantUsers { is_marked: true, ..meant };
        Transition::Push(Box::new(meant.question(app)))
    })
}

/// Does it to one user, who is named elsewhere, if they are still there.
fn of_one(user: UserId, app: &mut App, then: impl FnOnce(MeantUsers, &mut App) -> Transition) -> Transition {
    MeantUsers::these(vec![user], app).map_or(Transition::Stay, |meant| then(meant, app))
}

/// What was typed about these users, as far as they are still there.
pub(in crate::tui::screens) fn reopened(what: &str, ids: &[i64], app: &App) -> Option<Box<dyn DynScreen>> {
    let meant = MeantUsers::numbered(ids, app)?;
    match what {
        profile::WHAT => Some(Box::new(Form::open(GivenProfileModel::new(meant, app), app))),
        made_password::WHAT => Some(Box::new(passwords::lost(meant, app))),
        context::WHAT => Some(Box::new(Form::open(MainContextModel::new(meant, app), app))),
        _ => None,
    }
}

/// A change for other users, whom its key asks about again.
fn repeat(words: impl Into<String>, again: impl Fn(MeantUsers, &mut App) -> Transition + 'static) -> Repeat {
    Repeat::new(RowsOf::Objects(Kind::User), words, move |ids, app| {
        MeantUsers::numbered(ids, app).map_or(Transition::Stay, |meant| again(meant, app))
    })
}

/// The same for others, once somebody was removed.
pub(super) fn remove_again() -> Repeat {
    repeat("remove users", |meant, app| meant.remove(app))
}

/// The first of them by name, and how many more there are.
fn names(users: &[&User], c: &Configuration) -> String {
    first_of(users.iter().map(|user| person(user, c)), NAMES)
}

fn be(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// `1 is`, `3 are`.
fn with_be(number: usize) -> String {
    format!("{number} {}", be(number))
}

/// `1 user was`, `3 users were`.
fn users_were(number: usize) -> String {
    format!("{} {}", count(number, "user"), if number == 1 { "was" } else { "were" })
}
