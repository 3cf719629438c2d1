//! The form that gives users a profile.

use std::cell::Cell;

use super::MeantUsers;
use crate::settings::configuration::Configuration;
use crate::settings::id::ProfileId;
use crate::settings::rule::{Refusal, Rule, count};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::tui::app::{App, RandomSource, Repeat, Target, Transition};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::proposal::Proposal;
use crate::tui::screens::profiles::PROFILE_ACTS;
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Entry, Field};

/// What it changes, in what is kept of it when the line is cut.
pub(super) const WHAT: &str = "profile";

#[derive(Clone)]
pub(super) struct GivenProfileModel {
    meant: MeantUsers,
    /// What the options stand for; the first, where they have several, that none is chosen yet.
    profiles: Vec<GivenProfile>,
    /// How many of them had another one, as it was tried last.
    number: Cell<usize>,
}

/// What they are to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GivenProfile {
    Undecided,
    None,
    Profile(ProfileId),
}

impl GivenProfile {
    fn of(profile: Option<ProfileId>) -> Self {
        profile.map_or(Self::None, Self::Profile)
    }

    /// None: nobody has said it yet.
    fn decided(self) -> Option<Option<ProfileId>> {
        match self {
            Self::Undecided => None,
            Self::None => Some(None),
            Self::Profile(id) => Some(Some(id)),
        }
    }
}

impl GivenProfileModel {
    pub(super) fn new(meant: MeantUsers, app: &App) -> Self {
        let c = &app.configuration;
        let is_undecided = common(&meant, c).is_none();
        let profiles = c.profiles.iter().map(|profile| GivenProfile::Profile(profile.id));
        let undecided = is_undecided.then_some(GivenProfile::Undecided);
        Self {
            meant,
            profiles: undecided.into_iter().chain(profiles).chain([GivenProfile::None]).collect(),
            number: Cell::new(0),
        }
    }

    fn chosen(&self, fields: &Fields) -> Result<Option<ProfileId>, Fault> {
        let missing = || {
            let problem = Violation::must_be("chosen: Enter opens the list");
            Fault::of("profile", Refusal::new(Rule::F2, TargetKind::Profile, problem))
        };
        fields.choose("profile", &self.profiles)?.decided().ok_or_else(missing)
    }
}

fn given_words(given: GivenProfile, c: &Configuration) -> String {
    match given.decided() {
        None => "not chosen yet: they have several".to_owned(),
        Some(profile) => profile_words(profile, c),
    }
}

/// What all of them have; none: they have several.
fn common(meant: &MeantUsers, c: &Configuration) -> Option<Option<ProfileId>> {
    let mut profiles = meant.known(c).into_iter().map(|user| user.profile);
    let first = profiles.next()?;
    profiles.all(|profile| profile == first).then_some(first)
}

impl Model for GivenProfileModel {
    fn key(&self) -> Option<FormKey> {
        Some(self.meant.key(WHAT))
    }

    fn relists(&self, field: &'static str) -> bool {
        field == "profile"
    }

    fn relist(&mut self, field: &'static str, fields: &mut Fields, app: &App) {
        let now = Self::new(self.meant.clone(), app).profiles.into_iter();
        let now = now.map(|given| (given, given_words(given, &app.configuration)));
        fields.relist(field, &mut self.profiles, now.collect());
    }

    fn title(&self) -> String {
        format!("profile of {}", self.meant.words)
    }

    fn target(&self) -> Option<Target> {
        None
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let common = common(&self.meant, c).map_or(GivenProfile::Undecided, GivenProfile::of);
        let at = self.profiles.iter().position(|profile| *profile == common);
        vec![
            Field::new("users", "Users", "Who is changed", Entry::Fixed(self.meant.told(c))),
            Field::new(
                "profile",
                "Profile",
                "What their clients show and may do; Ctrl-S gives it to all of them",
                Entry::choice(self.profiles.iter().map(|given| given_words(*given, c)).collect(), at),
            ),
        ]
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, _: Purpose) -> Result<(), Fault> {
        let profile = self.chosen(fields)?;
        self.number.set(others(&self.meant, profile, c));
        give(&self.meant, profile, c);
        Ok(())
    }

    fn words(&self, fields: &Fields) -> String {
        let profile = self.chosen(fields).ok().flatten();
        given(self.number.get(), profile.map(|_| fields.words("profile")).as_deref())
    }

    fn repeat(&self, fields: &Fields) -> Option<Repeat> {
        let profile = self.chosen(fields).ok()?;
        Some(give_again(profile.map(|id| (id, fields.words("profile")))))
    }

    fn choice(&self) -> &'static str {
        "give them the profile"
    }

    fn advice(&self) -> Option<&'static str> {
        Some(PROFILE_ACTS)
    }
}

fn give(meant: &MeantUsers, profile: Option<ProfileId>, c: &mut Configuration) {
    for id in &meant.users {
        if c.users.get(*id).is_some_and(|user| user.profile != profile) {
            c.users.edit(*id, |user| user.profile = profile);
        }
    }
}

/// How many of them have another one.
fn others(meant: &MeantUsers, profile: Option<ProfileId>, c: &Configuration) -> usize {
    meant.known(c).iter().filter(|user| user.profile != profile).count()
}

/// What has happened then to so many.
fn given(number: usize, profile: Option<&str>) -> String {
    let users = count(number, "user");
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
        let words = given(others(&meant, id, &app.configuration), name.as_deref());
        let told = format!("{words}; {PROFILE_ACTS}");
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
