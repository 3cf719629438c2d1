//! A profile being edited: what is stored, what was made of it, and what is wrong with that now. Nothing is written until
//! it is saved as a whole, so that no client logs in to half of a change. The editor and its forms share one.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use crate::settings::called::Called as _;
use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, ProfileId};
use crate::settings::profile::{Profile, Xlet};
use crate::settings::profile_fault::Mend;
use crate::settings::rule::{Rule, Severity};
use crate::settings::table::Kind;
use crate::store::ChangeError;
use crate::tui::office::{Office, STEPS_MAX, Seen};
use crate::tui::plain::without_codes;
use crate::tui::screen::Target;

pub(super) type Shared = Rc<RefCell<Draft>>;

/// Something that a rule says of the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) severity: Severity,
    pub(super) text: String,
    /// Those to blame.
    pub(super) xlets: Vec<Xlet>,
    pub(super) mend: Option<Mend>,
}

pub(super) struct Draft {
    seen: Seen,
    stored: Arc<Profile>,
    now: Profile,
    /// As it was before each edit since it was opened or saved.
    steps: Vec<Profile>,
    problems: Vec<Problem>,
}

/// What came of saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Saved,
    Refused,
    /// Somebody else changed or removed the profile meanwhile.
    Overtaken,
}

pub(super) fn target(id: ProfileId) -> Target {
    Target { kind: Kind::Profile, id: id.number() }
}

impl Draft {
    /// None if there is no such profile.
    pub(super) fn open(id: ProfileId, office: &Office) -> Option<Self> {
        let stored = Arc::clone(office.configuration.profiles.get(id)?);
        let now = Profile::clone(&stored);
        let mut draft = Self { seen: office.seen(target(id))?, stored, now, steps: Vec::new(), problems: Vec::new() };
        draft.look(office);
        Some(draft)
    }

    pub(super) fn now(&self) -> &Profile {
        &self.now
    }

    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    pub(super) fn is_edited(&self) -> bool {
        self.now != *self.stored
    }

    pub(super) fn has_steps(&self) -> bool {
        !self.steps.is_empty()
    }

    pub(super) fn is_overtaken(&self, office: &Office) -> bool {
        office.seen(self.seen.target) != Some(self.seen)
    }

    pub(super) fn edit(&mut self, office: &Office, edit: impl FnOnce(&mut Profile)) {
        let before = self.now.clone();
        edit(&mut self.now);
        if self.now != before {
            self.steps.push(before);
            let surplus = self.steps.len().saturating_sub(STEPS_MAX);
            self.steps.drain(..surplus);
            self.look(office);
        }
    }

    /// Takes the last edit back.
    pub(super) fn undo(&mut self, office: &Office) {
        if let Some(before) = self.steps.pop() {
            self.now = before;
            self.look(office);
        }
    }

    /// Whether the profile is still there. What somebody else stored is taken, unless something would be lost.
    pub(super) fn heard(&mut self, office: &Office) -> bool {
        let is_there = office.configuration.profiles.get(self.now.id).is_some();
        if is_there && !self.is_edited() {
            self.take_stored(office);
        }
        self.look(office);
        is_there || self.is_edited()
    }

    /// Drops what was made; whether there is something stored.
    pub(super) fn take_stored(&mut self, office: &Office) -> bool {
        let Some(again) = Self::open(self.now.id, office) else { return false };
        *self = again;
        true
    }

    /// What is stored now, if something is.
    pub(super) fn stored_now(&self, office: &Office) -> Option<Seen> {
        office.seen(self.seen.target)
    }

    /// From now on it is meant to go over that version.
    pub(super) fn accept(&mut self, stored: Seen) {
        self.seen = stored;
    }

    /// Writes it in one transaction and tells what came of it.
    pub(super) fn save(&mut self, office: &mut Office) -> Outcome {
        if !self.is_edited() {
            office.remark("nothing was changed");
            return Outcome::Saved;
        }
        let words = format!("profile \"{}\" was changed", self.now.name);
        let now = self.now.clone();
        match office.change(words.clone(), Some(self.seen), |configuration| configuration.set_profile(now)) {
            Ok(changed) => {
                let words = format!("{words}; connected users see it at their next login");
                match changed.warnings.first() {
                    Some(warning) => office.warn(format!("{words}; but {}", warning.refusal)),
                    None => office.tell(words),
                }
                self.take_stored(office);
                Outcome::Saved
            }
            Err(ChangeError::Refused(refusals)) if refusals.iter().any(|refusal| refusal.rule == Rule::V1) => {
                // The store was faster than the watcher: the newest is wanted.
                if let Ok(configuration) = office.store.configuration() {
                    office.configuration = configuration.into();
                }
                Outcome::Overtaken
            }
            Err(error) => {
                office.fail(format!("not saved: {error}"));
                Outcome::Refused
            }
        }
    }

    /// What stands in the draft alone, and what is stored alone.
    pub(super) fn differences(&self, office: &Office) -> (Vec<String>, Vec<String>) {
        let configuration = &office.configuration;
        let own = parts(&self.now, configuration);
        let stored = configuration.profiles.get(self.now.id);
        let stored = stored.map(|stored| parts(stored, configuration)).unwrap_or_default();
        (own.difference(&stored).cloned().collect(), stored.difference(&own).cloned().collect())
    }

    /// Sees what would be wrong if it were saved now.
    fn look(&mut self, office: &Office) {
        let mut draft = Configuration::clone(&office.configuration);
        if draft.set_profile(self.now.clone()).is_err() {
            return;
        }
        let known = office.configuration.profile_findings();
        let on = self.now.called(&draft);
        let about_names = draft.profile_findings().into_iter().filter(|finding| {
            [Rule::F1, Rule::F2].contains(&finding.refusal.rule)
                && (finding.refusal.on == on || !known.contains(finding))
        });
        let named = about_names.map(|finding| Problem {
            severity: finding.severity,
            text: without_codes(&finding.refusal.to_string()),
            xlets: Vec::new(),
            mend: None,
        });
        let faults = self.now.faults().into_iter().map(|fault| Problem {
            severity: fault.severity,
            text: without_codes(&format!("{on}: {}", fault.message)),
            xlets: fault.xlets,
            mend: fault.mend,
        });
        self.problems = named.chain(faults).collect();
        self.problems.sort_by_key(|problem| problem.severity);
    }
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
