//! The form that gives users a profile.

use super::MeantUsers;
use crate::settings::configuration::Configuration;
use crate::settings::id::ProfileId;
use crate::settings::rule::count;
use crate::tui::app::{App, RandomSource, Repeat, Target, Transition};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::proposal::Proposal;
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

/// What it changes, in what is kept of it when the line is cut.
pub(super) const WHAT: &str = "profile";

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
    fn key(&self) -> Option<FormKey> {
        Some(self.meant.key(WHAT))
    }

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
        give(&self.meant, fields.choose("profile", &self.profiles)?, c);
        Ok(())
    }

    fn words(&self, fields: &Fields) -> String {
        let profile = self.profiles.get(fields.chosen("profile")).copied().flatten();
        given(&self.meant, profile.map(|_| fields.words("profile")).as_deref())
    }

    fn repeat(&self, fields: &Fields) -> Option<Repeat> {
        let profile = fields.choose("profile", &self.profiles).ok()?;
        Some(give_again(profile.map(|id| (id, fields.words("profile")))))
    }

    fn choice(&self) -> &'static str {
        "give them the profile"
    }

    fn advice(&self) -> Option<&'static str> {
        Some(ADVICE)
    }
}

/// Told beside the words after saving.
const ADVICE: &str = "connected users see it at their next login";

fn give(meant: &MeantUsers, profile: Option<ProfileId>, c: &mut Configuration) {
    for id in &meant.users {
        if c.users.get(*id).is_some_and(|user| user.profile != profile) {
            c.users.edit(*id, |user| user.profile = profile);
        }
    }
}

/// What has happened then.
fn given(meant: &MeantUsers, profile: Option<&str>) -> String {
    let users = count(meant.users.len(), "user");
    match profile {
        Some(name) => format!("profile \"{name}\" was given to {users}"),
        None => format!("the profile was taken from {users}"),
    }
}

/// The same profile for others, with its name.
fn give_again(profile: Option<(ProfileId, String)>) -> Repeat {
    let name = profile.as_ref().map(|(_, name)| name.clone());
    let words = name
        .as_ref()
        .map_or_else(|| "take the profile from users".to_owned(), |name| format!("give users the profile \"{name}\""));
    super::repeat(words, move |meant, app| {
        let id = profile.as_ref().map(|(id, _)| *id);
        if meant.known(&app.configuration).iter().all(|user| user.profile == id) {
            app.remark(format!("nothing was changed: {} had it so already", meant.words));
            return Transition::Stay;
        }
        if id.is_some_and(|id| app.configuration.profiles.get(id).is_none()) {
            app.fail("not done: that profile was removed meanwhile");
            return Transition::Stay;
        }
        let words = given(&meant, name.as_deref());
        let told = format!("{words}; {ADVICE}");
        let (title, lines) = (format!("Profile of {}", meant.words), vec![meant.told(&app.configuration)]);
        let edit = move |c: &mut Configuration| {
            give(&meant, id, c);
            Ok(())
        };
        let proposal = Proposal::new(title, "change it", words, edit).saying(lines).then(move |app, outcome| {
            app.tell_outcome(&told, outcome);
            Transition::Stay
        });
        proposal.again(give_again(profile.clone())).put(app)
    })
}

/// A profile among the options of a form.
pub(in crate::tui::screens::users) fn profile_words(id: Option<ProfileId>, c: &Configuration) -> String {
    let profile = id.and_then(|id| c.profiles.get(id));
    profile.map_or_else(|| "none: cannot log in".to_owned(), |profile| profile.name.to_string())
}
