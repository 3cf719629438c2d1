//! What the palette does to an object by its name: `end session kuhn`, `enable kuhn`, `remove kuhn`. The screens whose keys do
//! the same own how it is asked about.

use crate::settings::id::{AgentId, UserId};
use crate::settings::user::User;
use crate::tui::app::{App, Transition};
use crate::tui::at_work::is_in;
use crate::tui::screens::{queues, sessions, users};

/// Shorter, the first word of an action is taken for a part of a name.
const LETTERS_MIN: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectAction {
    EndSession,
    Enable,
    Disable,
    LogOff,
    EndPause,
    Remove,
    NewPassword,
    ServicesOff,
    Edit,
}

/// To whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ActionTarget {
    /// Of sessions, whose user may be no more.
    Login(String),
    User(UserId),
    Agent(AgentId),
}

impl ObjectAction {
    pub(super) const ALL: [Self; 9] = [
        Self::EndSession,
        Self::Enable,
        Self::Disable,
        Self::LogOff,
        Self::EndPause,
        Self::Remove,
        Self::NewPassword,
        Self::ServicesOff,
        Self::Edit,
    ];

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::EndSession => "end session",
            Self::Enable => "enable",
            Self::Disable => "disable",
            Self::LogOff => "log off",
            Self::EndPause => "end pause",
            Self::Remove => "remove",
            Self::NewPassword => "new password",
            Self::ServicesOff => "services off",
            Self::Edit => "edit",
        }
    }

    /// What else people call it.
    fn also(self) -> &'static [&'static str] {
        match self {
            Self::EndSession => &["disconnect", "kick", "throw out"],
            Self::Enable => &["unblock", "activate"],
            Self::Disable => &["lock", "block", "deactivate", "suspend"],
            Self::LogOff => &["logout"],
            Self::EndPause => &["unpause", "resume"],
            Self::Remove => &["delete", "erase"],
            Self::NewPassword => &["reset password", "make password", "change password", "password"],
            Self::ServicesOff => &[
                "switch off services",
                "dnd off",
                "forward off",
                "unforward",
                "not reachable",
                "unreachable",
                "nobody can reach",
                "cannot be reached",
                "cannot be called",
            ],
            Self::Edit => &["change", "modify", "rename"],
        }
    }

    /// All that they are called.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().flat_map(|action| [action.words()].into_iter().chain(action.also().iter().copied()))
    }

    /// Whom it is to be done to, if the words begin with it: `kuhn` of `end ses kuhn`.
    pub(super) fn rest(self, typed: &str) -> Option<&str> {
        let mut names = [self.words()].into_iter().chain(self.also().iter().copied());
        names.find_map(|name| behind(name, typed))
    }

    /// All to whom it can be done now, as they are looked for.
    pub(super) fn subjects(self, app: &App) -> Vec<(ActionTarget, String)> {
        match self {
            Self::EndSession => sessions_of(app),
            Self::Enable => users_of(app, |user| !user.enabled),
            Self::Disable => users_of(app, |user| user.enabled),
            Self::LogOff | Self::EndPause => agents(self, app),
            Self::Remove | Self::NewPassword | Self::Edit => users_of(app, |_| true),
            Self::ServicesOff => users_of(app, |user| !app.services.services_of(user.uuid).is_empty()),
        }
    }

    /// Does it, or asks first, as the key for it does.
    pub(super) fn run(self, subject: &ActionTarget, app: &mut App) -> Transition {
        match (self, subject) {
            (Self::EndSession, ActionTarget::Login(login)) => sessions::end_of(login, app),
            (Self::Enable, ActionTarget::User(user)) => users::enable(*user, app),
            (Self::Disable, ActionTarget::User(user)) => users::disable(*user, app),
            (Self::LogOff, ActionTarget::Agent(agent)) => queues::log_off(*agent, app),
            (Self::EndPause, ActionTarget::Agent(agent)) => queues::end_pause(*agent, app),
            (Self::Remove, ActionTarget::User(user)) => users::remove(*user, app),
            (Self::NewPassword, ActionTarget::User(user)) => users::make_password(*user, app),
            (Self::ServicesOff, ActionTarget::User(user)) => users::switch_off(*user, app),
            (Self::Edit, ActionTarget::User(user)) => users::edit(*user, app),
            (
                Self::EndSession
                | Self::Enable
                | Self::Disable
                | Self::LogOff
                | Self::EndPause
                | Self::Remove
                | Self::NewPassword
                | Self::ServicesOff
                | Self::Edit,
                _,
            ) => Transition::Stay,
        }
    }
}

/// What is typed behind the words of a name, of which the first must be begun: `kuhn` of `reset password of kuhn`.
fn behind<'a>(name: &str, typed: &'a str) -> Option<&'a str> {
    let mut own = name.split(' ');
    let (first, mut rest) = typed.trim_start().split_once(' ')?;
    let begins = |own: &str, word: &str| own.starts_with(&word.to_lowercase());
    if first.chars().count() < LETTERS_MIN || !begins(own.next()?, first) {
        return None;
    }
    for own in own {
        let (next, more) = rest.split_once(' ').unwrap_or((rest, ""));
        if !next.is_empty() && begins(own, next) {
            rest = more;
        }
    }
    Some(without_kind(rest))
}

/// Who it is without what kind they are: `kuhn` of `for user kuhn`.
pub(super) fn without_kind(mut rest: &str) -> &str {
    const BEFORE_NAMES: [&str; 7] = ["of", "for", "the", "user", "agent", "session", "login"];
    while let Some((first, more)) = rest.trim_start().split_once(' ')
        && BEFORE_NAMES.contains(&first)
    {
        rest = more;
    }
    rest.trim()
}

/// Each login once.
fn sessions_of(app: &App) -> Vec<(ActionTarget, String)> {
    let mut logins: Vec<(&str, &str)> =
        app.sessions().iter().map(|session| (session.user.as_str(), session.name.as_str())).collect();
    logins.sort_unstable();
    logins.dedup_by_key(|(login, _)| *login);
    let row = |(login, name): (&str, &str)| (ActionTarget::Login(login.to_owned()), format!("{login}  {name}"));
    logins.into_iter().map(row).collect()
}

/// Whoever has no login can neither be enabled nor disabled.
fn users_of(app: &App, is_meant: impl Fn(&User) -> bool) -> Vec<(ActionTarget, String)> {
    let users = app.configuration.users.iter().filter(|user| is_meant(user));
    let row = |user: &User| {
        let login = user.login.as_ref()?;
        Some((ActionTarget::User(user.id), format!("{login}  {}", user.full_name())))
    };
    users.filter_map(|user| row(user)).collect()
}

fn agents(action: ObjectAction, app: &App) -> Vec<(ActionTarget, String)> {
    let agents = app.configuration.agents.iter();
    let is_meant = |number: &str| {
        let now = app.at_work.as_ref().and_then(|at_work| at_work.agent(number));
        now.is_some_and(|now| match action {
            ObjectAction::EndPause => now.queues.iter().any(|queue| queue.paused.is_some()),
            _ => is_in(now),
        })
    };
    let meant = agents.filter(|agent| is_meant(agent.number.as_str()));
    meant
        .map(|agent| {
            (ActionTarget::Agent(agent.id), format!("{}  {} {}", agent.number, agent.first_name, agent.last_name))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_named_by_its_first_word_and_as_much_of_the_others_as_was_typed() {
        let rest = |typed| ObjectAction::EndSession.rest(typed);
        for typed in ["end kuhn", "end session kuhn", "End ses kuhn"] {
            assert_eq!(rest(typed), Some("kuhn"), "{typed}");
        }
        assert_eq!((rest("end"), rest("en kuhn"), rest("kuhn end"), rest("end ")), (None, None, None, Some("")));
        assert_eq!(ObjectAction::Disable.rest("dis anna kuhn"), Some("anna kuhn"));
        assert_eq!(ObjectAction::Enable.rest("disable kuhn"), None);
        assert_eq!(ObjectAction::Remove.rest("delete kuhn"), Some("kuhn"));
        assert_eq!(ObjectAction::NewPassword.rest("reset password of zoe"), Some("zoe"));
        assert_eq!(ObjectAction::NewPassword.rest("password zoe"), Some("zoe"));
        assert_eq!(ObjectAction::Remove.rest("delete user kuhn"), Some("kuhn"));
        assert_eq!(ObjectAction::Remove.rest("delete user"), Some("user"));
    }
}
