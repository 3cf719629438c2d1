//! The form that gives users a profile.

use super::MeantUsers;
use crate::settings::configuration::Configuration;
use crate::settings::id::ProfileId;
use crate::settings::rule::count;
use crate::tui::app::{App, RandomSource, Target};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::widgets::entry::{Entry, Field};

#[derive(Clone)]
pub(super) struct GivenProfileModel {
    meant: MeantUsers,
    /// What the options stand for.
    profiles: Vec<Option<ProfileId>>,
}

impl GivenProfileModel {
    pub(super) fn new(meant: MeantUsers, app: &App) -> Self {
        let profiles = app.configuration.profiles.iter().map(|profile| Some(profile.id));
        Self { meant, profiles: profiles.chain([None]).collect() }
    }
}

impl Model for GivenProfileModel {
    fn title(&self) -> String {
        format!("profile of {}", self.meant.words)
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        // What the first of them has: saved by mistake, it changes the least.
        let first = self.meant.known(c).first().and_then(|user| user.profile);
        let at = self.profiles.iter().position(|profile| *profile == first);
        vec![
            Field::new("users", "Users", "Who is changed", Entry::Fixed(self.meant.told(c))),
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
        for id in &self.meant.users {
            if c.users.get(*id).is_some_and(|user| user.profile != profile) {
                c.users.edit(*id, |user| user.profile = profile);
            }
        }
        Ok(())
    }

    fn words(&self, fields: &Fields) -> String {
        let users = count(self.meant.users.len(), "user");
        match self.profiles.get(fields.chosen("profile")) {
            Some(Some(_)) => format!("profile \"{}\" was given to {users}", fields.words("profile")),
            _ => format!("the profile was taken from {users}"),
        }
    }

    fn choice(&self) -> &'static str {
        "give them the profile"
    }

    fn advice(&self) -> Option<&'static str> {
        Some("connected users see it at their next login")
    }
}

/// A profile among the options of a form.
pub(in crate::tui::screens::users) fn profile_words(id: Option<ProfileId>, c: &Configuration) -> String {
    let profile = id.and_then(|id| c.profiles.get(id));
    profile.map_or_else(|| "none: cannot log in".to_owned(), |profile| profile.name.to_string())
}
