//! A profile being edited: what is stored, what was made of it, and what is wrong with that now. Nothing is written until
//! it is saved as a whole, so that no client logs in to half of a change. The editor and its forms share one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, PhoneHintGroupId, PresenceGroupId, ProfileId};
use crate::settings::label::Labelled as _;
use crate::settings::name::ProfileName;
use crate::settings::profile::{Profile, Xlet};
use crate::settings::profile_fault::Mend;
use crate::settings::rule::{Refusal, Rule, Severity};
use crate::settings::rule_target;
use crate::settings::table::Kind;
use crate::tui::app::{App, ExpectedVersion, Target, Transition, UNDO_STEPS_MAX, Undoable};
use crate::tui::ask::Question;
use crate::tui::keys::Key;
use crate::tui::moved_presences::moved_words;

use super::merge::{Merged, merge};
use super::wording;

/// The one draft of an editor and its forms. A form's model may go to another thread, and comes back before anybody else
/// looks: nobody waits for the other.
#[derive(Clone)]
pub(in crate::tui::screens) struct Shared(Arc<RwLock<Draft>>);

impl Shared {
    pub(super) fn new(draft: Draft) -> Self {
        Self(Arc::new(RwLock::new(draft)))
    }

    pub(super) fn borrow(&self) -> RwLockReadGuard<'_, Draft> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn borrow_mut(&self) -> RwLockWriteGuard<'_, Draft> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that a rule says of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DraftProblem {
    pub(super) severity: Severity,
    pub(super) text: String,
    /// Those to blame.
    pub(super) xlets: Vec<Xlet>,
    pub(super) mend: Option<Mend>,
}

/// What is stored, as it was when both versions were put together.
pub(super) struct Seen {
    version: ExpectedVersion,
    profile: Arc<Profile>,
}

pub(super) struct Draft {
    /// What is stored of it, as it was seen; none: it is new, and has the id `unstored`.
    seen: Option<ExpectedVersion>,
    /// Of a new one what it began as.
    stored: Arc<Profile>,
    now: Profile,
    /// As it was before each edit since it was opened or saved.
    steps: Vec<Profile>,
    problems: Vec<DraftProblem>,
}

/// What a new profile is called until its form has said it.
const UNNAMED: &str = "New profile";

/// Of a profile that is not stored yet; those in the database count from 1.
pub(super) fn unstored() -> ProfileId {
    ProfileId::new(0)
}

pub(super) fn target(id: ProfileId) -> Target {
    Target { kind: Kind::Profile, id: id.number() }
}

impl Draft {
    /// None if there is no such profile.
    pub(super) fn open(id: ProfileId, app: &App) -> Option<Self> {
        if id == unstored() {
            return Self::fresh(None, app);
        }
        let stored = Arc::clone(app.configuration.profiles.get(id)?);
        let seen = Some(app.expected_version(target(id))?);
        Some(Self::of(seen, Profile::clone(&stored), stored, app))
    }

    /// Of a profile that saving will add, empty or as that one is; none: that one is gone, or nobody can call it anything.
    pub(super) fn fresh(copied: Option<ProfileId>, app: &App) -> Option<Self> {
        let c = &app.configuration;
        let from = match copied {
            Some(id) => Some(Arc::clone(c.profiles.get(id)?)),
            None => None,
        };
        // The groups that its form begins with; where there are none, that says so.
        let empty = Profile {
            id: unstored(),
            version: 1,
            name: ProfileName::parse(UNNAMED).ok()?,
            presence_group: c.presence_groups.iter().next().map_or(PresenceGroupId::new(0), |group| group.id),
            phone_hint_group: c.phone_hint_groups.iter().next().map_or(PhoneHintGroupId::new(0), |group| group.id),
            may_listen: false,
            services: BTreeSet::new(),
            preferences: BTreeMap::new(),
            xlets: Vec::new(),
        };
        let now = from.map_or_else(
            || empty.clone(),
            |from| Profile { id: unstored(), version: 1, name: empty.name.clone(), ..Profile::clone(&from) },
        );
        Some(Self::of(None, now, Arc::new(empty), app))
    }

    fn of(seen: Option<ExpectedVersion>, now: Profile, stored: Arc<Profile>, app: &App) -> Self {
        let mut draft = Self { seen, stored, now, steps: Vec::new(), problems: Vec::new() };
        draft.look(app);
        draft
    }

    /// Whether nothing of it is stored yet.
    pub(super) fn is_new(&self) -> bool {
        self.seen.is_none()
    }

    /// A new one is what its first form says: no step leads back to a profile without a name.
    pub(super) fn begin(&mut self, app: &App, edit: impl FnOnce(&mut Profile)) {
        edit(&mut self.now);
        self.steps.clear();
        self.look(app);
    }

    /// Stands in the configuration as it would once it is saved.
    pub(super) fn put_into(&self, c: &mut Configuration) -> Result<(), Refusal> {
        self.put(self.now.clone(), c)
    }

    /// The same with something made of it.
    pub(super) fn put(&self, made: Profile, c: &mut Configuration) -> Result<(), Refusal> {
        match self.seen {
            Some(_) => c.set_profile(made),
            None => {
                c.profiles.put(made);
                Ok(())
            }
        }
    }

    pub(super) fn now(&self) -> &Profile {
        &self.now
    }

    pub(super) fn stored(&self) -> &Profile {
        &self.stored
    }

    pub(super) fn problems(&self) -> &[DraftProblem] {
        &self.problems
    }

    pub(super) fn is_edited(&self) -> bool {
        self.is_new() || self.now != *self.stored
    }

    pub(super) fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }

    pub(super) fn is_overtaken(&self, app: &App) -> bool {
        self.seen.is_some_and(|seen| app.expected_version(seen.target) != Some(seen))
    }

    pub(super) fn edit(&mut self, app: &App, edit: impl FnOnce(&mut Profile)) {
        let before = self.now.clone();
        edit(&mut self.now);
        if self.now != before {
            self.steps.push(before);
            let surplus = self.steps.len().saturating_sub(UNDO_STEPS_MAX);
            self.steps.drain(..surplus);
            self.look(app);
        }
    }

    /// Takes the last edit back.
    pub(super) fn undo(&mut self, app: &App) {
        if let Some(before) = self.steps.pop() {
            self.now = before;
            self.look(app);
        }
    }

    /// Whether the profile is still there. What somebody else stored is taken, unless something would be lost.
    pub(super) fn on_update(&mut self, app: &App) -> bool {
        let is_there = self.is_new() || app.configuration.profiles.get(self.now.id).is_some();
        if is_there && !self.is_edited() {
            self.take_stored(app);
        }
        self.look(app);
        is_there || self.is_edited()
    }

    /// Drops what was made; whether there is something stored.
    pub(super) fn take_stored(&mut self, app: &App) -> bool {
        !self.is_new() && self.take(self.now.id, app)
    }

    /// From now on it is about that profile; whether that is there.
    fn take(&mut self, id: ProfileId, app: &App) -> bool {
        let Some(again) = Self::open(id, app) else { return false };
        *self = again;
        true
    }

    /// Both versions put together; none: nothing is stored any more.
    pub(super) fn merged(&self, app: &App) -> Option<(Merged, Seen)> {
        let seen = app.expected_version(self.seen.map(|seen| seen.target)?)?;
        let stored = Arc::clone(app.configuration.profiles.get(self.now.id)?);
        Some((merge(&self.stored, &self.now, &stored, &app.configuration), Seen { version: seen, profile: stored }))
    }

    /// Who changed it last, and when.
    pub(super) fn changed_by(&self, app: &App) -> Option<String> {
        app.changed_by(Kind::Profile, self.now.id.number(), None)
    }

    /// From now on it goes over what is stored, of which it holds what it did not change itself: no step leads back behind
    /// that.
    pub(super) fn take_merged(&mut self, profile: Profile, Seen { version, profile: stored }: Seen, app: &App) {
        (self.now, self.seen, self.stored) = (profile, Some(version), stored);
        self.steps.clear();
        self.look(app);
    }

    /// Sees what would be wrong if it were saved now.
    fn look(&mut self, app: &App) {
        let mut draft = Configuration::clone(&app.configuration);
        if self.put_into(&mut draft).is_err() {
            return;
        }
        let known = app.configuration.profile_findings();
        let on = rule_target::RuleTarget::from(self.now.object_name(&draft));
        let about_names = draft.profile_findings().into_iter().filter(|finding| {
            [Rule::F1, Rule::F2].contains(&finding.refusal.rule)
                && (finding.refusal.on == on || !known.contains(finding))
        });
        let named = about_names.map(|finding| DraftProblem {
            severity: finding.severity,
            text: finding.refusal.to_string(),
            xlets: Vec::new(),
            mend: None,
        });
        let faults = self.now.faults().into_iter().map(|fault| DraftProblem {
            severity: fault.severity,
            text: format!("{on}: {}", fault.problem),
            xlets: fault.xlets,
            mend: fault.mend,
        });
        self.problems = named.chain(faults).collect();
        self.problems.sort_by_key(|problem| problem.severity);
    }
}

/// Writes a draft in one transaction and tells what came of it. `saved` and `overtaken` (somebody else changed or removed
/// the profile meanwhile) say where to go then.
pub(super) fn save(
    draft: &Shared,
    app: &mut App,
    saved: impl FnOnce() -> Transition + 'static,
    overtaken: impl FnOnce(&mut App) -> Transition + 'static,
) -> Transition {
    save_told(draft, "", app, saved, overtaken)
}

/// The same, with what is to be told behind what was done. Whoever would lose the presence is asked about first.
pub(super) fn save_told(
    draft: &Shared,
    also: &str,
    app: &mut App,
    saved: impl FnOnce() -> Transition + 'static,
    overtaken: impl FnOnce(&mut App) -> Transition + 'static,
) -> Transition {
    if !draft.borrow().is_edited() {
        app.remark("nothing was changed");
        return saved();
    }
    let (moved, draft, also) = (moved_by(draft, app), draft.clone(), also.to_owned());
    let write = move |app: &mut App| write(&draft, &also, app, saved, overtaken);
    match moved {
        None => write(app),
        Some(words) => {
            let question = Question::new("Save the profile?", words).choice('y', "save it", write).stay("keep editing");
            Transition::Push(Box::new(question))
        }
    }
}

/// Which connected users the stored profile would move to another presence.
fn moved_by(draft: &Shared, app: &App) -> Option<String> {
    let mut after = Configuration::clone(&app.configuration);
    draft.borrow().put_into(&mut after).ok()?;
    moved_words(&app.configuration, &after, &app.server).map(|(_, words)| words)
}

fn write(
    draft: &Shared,
    also: &str,
    app: &mut App,
    saved: impl FnOnce() -> Transition + 'static,
    overtaken: impl FnOnce(&mut App) -> Transition + 'static,
) -> Transition {
    let (now, seen) = (draft.borrow().now.clone(), draft.borrow().seen);
    let (words, effect) = match seen {
        Some(_) => (format!("profile \"{}\" was changed", now.name), format!("; {}", wording::ACTS)),
        None => (format!("profile \"{}\" was added", now.name), String::new()),
    };
    let told = format!("{words}{effect}{also}");
    let draft = draft.clone();
    let set = move |configuration: &mut Configuration| match seen {
        Some(_) => configuration.set_profile(now.clone()).map(|()| now.id),
        None => configuration.add_whole_profile(now),
    };
    app.change(words, seen, Undoable::Yes, set, move |app, outcome| match outcome {
        Ok(changed) => {
            app.tell_saved(&told, &changed);
            draft.borrow_mut().take(changed.value, app);
            saved()
        }
        Err(error) if error.is_overtaken() => overtaken(app),
        Err(error) => {
            app.fail(format!("not saved: {}", error.words()));
            Transition::Stay
        }
    })
}

/// The draft becomes what the form made of it.
pub(super) fn keep(draft: &Shared, made: &Configuration, app: &App) {
    let id = draft.borrow().now().id;
    if let Some(made) = made.profiles.get(id) {
        draft.borrow_mut().edit(app, |profile| *profile = Profile { version: profile.version, ..Profile::clone(made) });
    }
}

/// A new one becomes what its first form made of it.
pub(super) fn begin(draft: &Shared, made: &Configuration, app: &App) {
    if let Some(made) = made.profiles.get(unstored()) {
        draft.borrow_mut().begin(app, |profile| *profile = Profile::clone(made));
    }
}

/// A new one is saved from its first form, and shown opened then.
pub(super) fn save_fresh(draft: &Shared, opened: fn(&Shared) -> Transition, app: &mut App) -> Transition {
    let shown = draft.clone();
    save(draft, app, move || opened(&shown), |_| Transition::Stay)
}

/// One key is one save: the opened profile below the form is saved as if its own key were pressed.
pub(super) fn save_draft(draft: &Shared, app: &mut App) -> Transition {
    if !draft.borrow().is_edited() {
        app.remark("nothing was changed");
        return Transition::Pop;
    }
    Transition::Back(Box::new(Transition::Press(Key::ctrl('s'))))
}
