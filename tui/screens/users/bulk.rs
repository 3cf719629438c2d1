//! Changes to all users that match the search: their number is told before anything is done, and it is one transaction.

use crate::settings::configuration::Configuration;
use crate::settings::id::{ProfileId, UserId};
use crate::settings::rule::{Refusal, count};
use crate::settings::user::User;
use crate::tui::app::{App, RandomSource, Target, Transition};
use crate::tui::ask::Question;
use crate::tui::form::{Fault, Fields, Form, Model, Purpose};
use crate::tui::proposal::Proposal;
use crate::tui::widgets::entry::{Entry, Field};

/// The users that matched when somebody asked, whoever matches later.
#[derive(Clone)]
pub(super) struct Matching {
    users: Vec<UserId>,
    /// `all 3 users`, `12 users that match "mar"`.
    words: String,
}

/// Whether they may log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LoginAccess {
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

impl Matching {
    pub(super) fn new(users: Vec<UserId>, pattern: &str) -> Self {
        let number = count(users.len(), "user");
        let words = match pattern.trim() {
            "" => format!("all {number}"),
            pattern if users.len() == 1 => format!("{number} that matches \"{pattern}\""),
            pattern => format!("{number} that match \"{pattern}\""),
        };
        Self { users, words }
    }

    /// What is to be done with them?
    pub(super) fn question(self) -> Question {
        let text = format!("This is about {}. What would be changed is shown before it is done.", self.words);
        let (profile, enable, disable) = (self.clone(), self.clone(), self);
        Question::new("All that are shown", text)
            .choice('p', "assign a profile", move |app| {
                Transition::Push(Box::new(Form::open(BulkProfileModel::new(profile, app), app)))
            })
            .choice('e', "enable: who is enabled may log in", move |app| enable.ask(LoginAccess::Granted, app))
            .choice('d', "disable: who is disabled may not log in", move |app| disable.ask(LoginAccess::Refused, app))
            .stay("nothing")
    }

    fn ask(self, access: LoginAccess, app: &mut App) -> Transition {
        let c = &app.configuration;
        let others = self.users.iter().filter_map(|id| c.users.get(*id)).filter(|user| !access.holds(user));
        let others: Vec<&User> = others.map(|user| &**user).collect();
        if others.is_empty() {
            app.remark(format!(
                "nothing was changed: {} {} {} already",
                self.words,
                be(self.users.len()),
                access.as_str()
            ));
            return Transition::Stay;
        }
        let number = count(others.len(), "user");
        let mut lines = vec![format!("Of {}, {} not {} yet.", self.words, with_be(others.len()), access.as_str())];
        if access == LoginAccess::Refused {
            lines.push("They stay in all lists.".to_owned());
        }
        let (title, choice) = match access {
            LoginAccess::Granted => (format!("Enable {number}?"), "enable them"),
            LoginAccess::Refused => (format!("Disable {number}?"), "disable them"),
        };
        let words = format!("{number} {} {}", if others.len() == 1 { "was" } else { "were" }, access.as_str());
        Proposal::new(title, choice, words, move |c| set_access(&self.users, access, c)).always(lines).put(app)
    }
}

fn be(number: usize) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

/// `1 is`, `3 are`.
fn with_be(number: usize) -> String {
    format!("{number} {}", be(number))
}

/// Users who were removed meanwhile are left alone.
fn set_access(users: &[UserId], access: LoginAccess, c: &mut Configuration) -> Result<(), Refusal> {
    for id in users {
        if c.users.get(*id).is_some_and(|user| !access.holds(user)) {
            c.users.edit(*id, |user| user.enabled = access == LoginAccess::Granted);
        }
    }
    Ok(())
}

/// The form that gives them a profile.
#[derive(Clone)]
struct BulkProfileModel {
    matching: Matching,
    /// What the options stand for.
    profiles: Vec<Option<ProfileId>>,
}

impl BulkProfileModel {
    fn new(matching: Matching, app: &App) -> Self {
        let profiles = app.configuration.profiles.iter().map(|profile| Some(profile.id));
        Self { matching, profiles: profiles.chain([None]).collect() }
    }
}

impl Model for BulkProfileModel {
    fn title(&self) -> String {
        format!("profile of {}", count(self.matching.users.len(), "user"))
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        // What the first of them has: saved by mistake, it changes the least.
        let first = self.matching.users.first().and_then(|id| c.users.get(*id)).and_then(|user| user.profile);
        let at = self.profiles.iter().position(|profile| *profile == first);
        vec![
            Field::new("users", "Users", "Who is changed", Entry::Fixed(self.matching.words.clone())),
            Field::new(
                "profile",
                "Profile",
                "What their clients show and may do; Ctrl-S gives it to all of them",
                Entry::choice(self.profiles.iter().map(|id| profile_words(*id, c)).collect(), at),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let profile = fields.choose("profile", &self.profiles)?;
        for id in &self.matching.users {
            c.users.edit(*id, |user| user.profile = profile);
        }
        Ok(())
    }

    fn words(&self, fields: &Fields) -> String {
        let profile = match self.profiles.get(fields.chosen("profile")) {
            Some(Some(_)) => format!("profile \"{}\"", fields.words("profile")),
            _ => "no profile".to_owned(),
        };
        let number = self.matching.users.len();
        format!("{} {} {profile} now", count(number, "user"), if number == 1 { "has" } else { "have" })
    }

    fn choice(&self) -> &'static str {
        "give them the profile"
    }

    fn advice(&self) -> Option<&'static str> {
        Some("connected users see it at their next login")
    }
}

/// A profile among the options of a form.
pub(super) fn profile_words(id: Option<ProfileId>, c: &Configuration) -> String {
    let profile = id.and_then(|id| c.profiles.get(id));
    profile.map_or_else(|| "none: cannot log in".to_owned(), |profile| profile.name.to_string())
}
