//! A profile being edited: what is stored, what was made of it, and what is wrong with that now. Nothing is written until
//! it is saved as a whole, so that no client logs in to half of a change. The editor and its forms share one.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, ProfileId};
use crate::settings::label::Labelled as _;
use crate::settings::profile::{Profile, Xlet};
use crate::settings::profile_fault::Mend;
use crate::settings::rule::{Rule, Severity};
use crate::settings::rule_target;
use crate::settings::table::Kind;
use crate::tui::app::{App, ExpectedVersion, Target, Transition, UNDO_STEPS_MAX, Undoable};
use crate::tui::keys::Key;

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

pub(super) struct Draft {
    seen: ExpectedVersion,
    stored: Arc<Profile>,
    now: Profile,
    /// As it was before each edit since it was opened or saved.
    steps: Vec<Profile>,
    problems: Vec<DraftProblem>,
}

pub(super) fn target(id: ProfileId) -> Target {
    Target { kind: Kind::Profile, id: id.number() }
}

impl Draft {
    /// None if there is no such profile.
    pub(super) fn open(id: ProfileId, app: &App) -> Option<Self> {
        let stored = Arc::clone(app.configuration.profiles.get(id)?);
        let now = Profile::clone(&stored);
        let mut draft =
            Self { seen: app.expected_version(target(id))?, stored, now, steps: Vec::new(), problems: Vec::new() };
        draft.look(app);
        Some(draft)
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
        self.now != *self.stored
    }

    pub(super) fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }

    pub(super) fn is_overtaken(&self, app: &App) -> bool {
        app.expected_version(self.seen.target) != Some(self.seen)
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
        let is_there = app.configuration.profiles.get(self.now.id).is_some();
        if is_there && !self.is_edited() {
            self.take_stored(app);
        }
        self.look(app);
        is_there || self.is_edited()
    }

    /// Drops what was made; whether there is something stored.
    pub(super) fn take_stored(&mut self, app: &App) -> bool {
        let Some(again) = Self::open(self.now.id, app) else { return false };
        *self = again;
        true
    }

    /// What is stored now, if something is.
    pub(super) fn stored_now(&self, app: &App) -> Option<ExpectedVersion> {
        app.expected_version(self.seen.target)
    }

    /// From now on it is meant to go over that version.
    pub(super) fn accept(&mut self, stored: ExpectedVersion) {
        self.seen = stored;
    }

    /// What stands in the draft alone, and what is stored alone.
    pub(super) fn differences(&self, app: &App) -> (Vec<String>, Vec<String>) {
        let configuration = &app.configuration;
        let own = parts(&self.now, configuration);
        let stored = configuration.profiles.get(self.now.id);
        let stored = stored.map(|stored| parts(stored, configuration)).unwrap_or_default();
        (own.difference(&stored).cloned().collect(), stored.difference(&own).cloned().collect())
    }

    /// Sees what would be wrong if it were saved now.
    fn look(&mut self, app: &App) {
        let mut draft = Configuration::clone(&app.configuration);
        if draft.set_profile(self.now.clone()).is_err() {
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
    if !draft.borrow().is_edited() {
        app.remark("nothing was changed");
        return saved();
    }
    let (now, seen) = (draft.borrow().now.clone(), draft.borrow().seen);
    let words = format!("profile \"{}\" was changed", now.name);
    let told = format!("{words}; connected users see it at their next login");
    let draft = draft.clone();
    let set = move |configuration: &mut Configuration| configuration.set_profile(now);
    app.change(words, Some(seen), Undoable::Yes, set, move |app, outcome| match outcome {
        Ok(changed) => {
            app.tell_saved(&told, &changed);
            draft.borrow_mut().take_stored(app);
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

/// One key is one save: the opened profile below the form is saved as if its own key were pressed.
pub(super) fn save_draft(draft: &Shared, app: &mut App) -> Transition {
    if !draft.borrow().is_edited() {
        app.remark("nothing was changed");
        return Transition::Pop;
    }
    Transition::Back(Box::new(Transition::Press(Key::ctrl('s'))))
}

/// Each part of a profile in a few words.
fn parts(profile: &Profile, configuration: &Configuration) -> BTreeSet<String> {
    let presences = configuration.presence_groups.get(profile.presence_group).map(|group| group.name.to_string());
    let hints = configuration.phone_hint_groups.get(profile.phone_hint_group).map(|group| group.name.to_string());
    let mut parts = BTreeSet::from([
        format!("name {}", profile.name),
        format!("presences {}", presences.unwrap_or_default()),
        format!("phone hints {}", hints.unwrap_or_default()),
    ]);
    parts.extend(profile.services.iter().map(|service| format!("service {service}")));
    parts.extend(profile.preferences.iter().map(|(name, value)| format!("{name} = {}", value.as_str())));
    parts.extend(profile.xlets.iter().map(|entry| {
        let number = entry.number.map_or_else(String::new, |number| format!(" {}", number.get()));
        let letters = entry.flags.letters();
        format!("{} {}{number} {}", entry.xlet, entry.position, if letters.is_empty() { "-" } else { &letters })
    }));
    parts
}
