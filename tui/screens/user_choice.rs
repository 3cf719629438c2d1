//! The field of a form in which a user is chosen from all that there are; what is typed narrows the list. Lines, agents and
//! voicemail boxes have it.

use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::user::User;
use crate::tui::app::App;
use crate::tui::widgets::entry::{Entry, Field};

/// How the form's model asks for it.
pub(super) const USER: &str = "user";

/// What the options of the field stand for: nobody, then the users by what they are called.
#[derive(Clone)]
pub(super) struct UserChoice {
    users: Vec<Option<UserId>>,
}

impl UserChoice {
    pub(super) fn among_all(app: &App) -> Self {
        let mut users: Vec<(String, UserId)> =
            app.configuration.users.iter().map(|user| (words(user).to_lowercase(), user.id)).collect();
        users.sort();
        Self { users: [None].into_iter().chain(users.into_iter().map(|(_, id)| Some(id))).collect() }
    }

    /// Where it is known who it is.
    pub(super) fn unused() -> Self {
        Self { users: Vec::new() }
    }

    /// `nobody` is what the first option is called.
    pub(super) fn field(&self, chosen: Option<UserId>, nobody: &str, help: &'static str, c: &Configuration) -> Field {
        let option = |id: &Option<UserId>| {
            let user = id.and_then(|id| c.users.get(id));
            user.map_or_else(|| nobody.to_owned(), |user| words(user))
        };
        let at = self.users.iter().position(|known| *known == chosen);
        Field::new(USER, "User", help, Entry::choice(self.users.iter().map(option).collect(), at))
    }

    pub(super) fn options(&self) -> &[Option<UserId>] {
        &self.users
    }
}

/// `alice (Alice Archer) alice@example.org`, and of those without a login their names.
fn words(user: &User) -> String {
    let address = user.email.as_ref().map_or_else(String::new, |email| format!(" {email}"));
    match &user.login {
        Some(login) => format!("{login} ({}){address}", user.full_name()),
        None => format!("{}{address}", user.full_name()),
    }
}
