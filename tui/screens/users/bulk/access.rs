//! Whether users may log in: enabled and disabled by name, or switched by one key.

use super::{MeantUsers, be, names, of_one, users_were, with_be};
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::label::Labelled as _;
use crate::settings::rule::{Refusal, count};
use crate::settings::user::User;
use crate::tui::app::{App, Repeat, Transition};
use crate::tui::proposal::Proposal;

/// Whether they may log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LoginAccess {
    Granted,
    Refused,
}

impl LoginAccess {
    /// Also of a user without a login, whom nothing can enable.
    fn holds(self, user: &User) -> bool {
        user.login.is_none() || user.enabled == (self == Self::Granted)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "enabled",
            Self::Refused => "disabled",
        }
    }
}

/// Disables those who are all enabled, and else enables those who are not: whoever is meant is alike afterwards.
pub(in crate::tui::screens::users) fn switch(meant: MeantUsers, app: &mut App) -> Transition {
    let users = meant.known(&app.configuration);
    if users.iter().all(|user| user.login.is_none()) {
        app.warn(format!("{} cannot be enabled without a login", meant.words));
        return Transition::Stay;
    }
    let are_enabled = users.iter().all(|user| LoginAccess::Granted.holds(user));
    ask(meant, if are_enabled { LoginAccess::Refused } else { LoginAccess::Granted }, app)
}

/// One user, named elsewhere.
pub(in crate::tui::screens) fn enable(user: UserId, app: &mut App) -> Transition {
    of_one(user, app, |meant, app| ask(meant, LoginAccess::Granted, app))
}

/// The same.
pub(in crate::tui::screens) fn disable(user: UserId, app: &mut App) -> Transition {
    of_one(user, app, |meant, app| ask(meant, LoginAccess::Refused, app))
}

pub(super) fn ask(meant: MeantUsers, access: LoginAccess, app: &mut App) -> Transition {
    let c = &app.configuration;
    let others: Vec<&User> = meant.known(c).into_iter().filter(|user| !access.holds(user)).collect();
    if others.is_empty() {
        let be = be(meant.users.len());
        app.remark(format!("nothing was changed: {} {be} {} already", meant.words, access.as_str()));
        return Transition::Stay;
    }
    let number = count(others.len(), "user");
    let mut lines = Vec::new();
    if !meant.is_one() {
        lines.push(meant.told(c));
        if others.len() < meant.users.len() {
            let (number, whose) = (with_be(others.len()), names(&others, c));
            lines.push(format!("Of these {number} not {} yet: {whose}.", access.as_str()));
        }
    }
    let who = if meant.is_one() { meant.words.clone() } else { number };
    let (title, choice) = match access {
        LoginAccess::Granted => (format!("Enable {who}?"), "enable"),
        LoginAccess::Refused => {
            lines.push("Whoever is disabled stays in all lists.".to_owned());
            (format!("Disable {who}?"), "disable")
        }
    };
    let words = match others.as_slice() {
        [user] => format!("{} was {}", user.label(c), access.as_str()),
        others => format!("{} {}", users_were(others.len()), access.as_str()),
    };
    let is_one = meant.is_one();
    let proposal = Proposal::new(title, choice, words, move |c| set(&meant.users, access, c)).again(repeat(access));
    // One is asked about where it hurts.
    if is_one { proposal.put(app) } else { proposal.always(lines).put(app) }
}

/// The same for others.
fn repeat(access: LoginAccess) -> Repeat {
    let words = match access {
        LoginAccess::Granted => "enable users",
        LoginAccess::Refused => "disable users",
    };
    super::repeat(words, move |meant, app| ask(meant, access, app))
}

/// Users who were removed meanwhile are left alone.
fn set(users: &[UserId], access: LoginAccess, c: &mut Configuration) -> Result<(), Refusal> {
    for id in users {
        if c.users.get(*id).is_some_and(|user| !access.holds(user)) {
            c.users.edit(*id, |user| user.enabled = access == LoginAccess::Granted);
        }
    }
    Ok(())
}
