//! How people are called in questions about them: by their name, and by the login too where another one has the same name.

use crate::settings::configuration::Configuration;
use crate::settings::user::User;

/// `Ada Kuhn`, or `Ada Kuhn (ada.kuhn3)` where there are several.
pub(super) fn person(user: &User, c: &Configuration) -> String {
    let name = user.full_name();
    let has_namesake = || c.users.iter().any(|other| other.id != user.id && other.full_name() == name);
    match &user.login {
        Some(login) if has_namesake() => format!("{name} ({login})"),
        _ => name,
    }
}
