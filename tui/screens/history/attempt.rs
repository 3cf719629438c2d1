//! What of some changes can be undone as all is now, tried on a copy: left out is what was changed again since, secrets that no
//! history keeps, and of several changes those that something else stands in the way of. What is left out is told in words.

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::exchange::document::{AuditedChange, ChangedSince, NotUndone, Restored, entries_in, restored};
use crate::settings::rule::{Refusal, count};
use crate::settings::rule_target::RuleTarget;
use crate::store::{AuditEntry, Store};
use crate::tui::app::{App, ChangeNature, changed_by};
use crate::tui::clock::short;

/// Changes that are left out one after the other because of something in their way; then it is no use.
const BLOCKED_MAX: usize = 100;

/// So many of what is undone, and of what is left out, are told by name.
pub(super) const NAMED: usize = 6;

/// What a look at the store needs on a thread beside.
pub(super) struct Looking {
    store: Store,
    /// The clock, as it is shown.
    at: OffsetDateTime,
}

impl Looking {
    pub(super) fn of(app: &App) -> Self {
        Self { store: app.store.clone(), at: app.now }
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }
}

/// What is to be undone as one: a transaction, or one entry of it.
pub(super) struct PastAction {
    pub(super) title: String,
    pub(super) nature: ChangeNature,
    pub(super) entries: Vec<AuditEntry>,
}

impl PastAction {
    pub(super) fn of(entry: AuditEntry) -> Self {
        Self { title: entry.recorded().describe(), nature: ChangeNature::Edit, entries: vec![entry] }
    }
}

pub(super) struct Attempt {
    /// What is undone.
    pub(super) actions: Vec<PastAction>,
    /// Some of it as a whole, some in a few members.
    pub(super) since: Vec<ChangedSince>,
    /// Those that changed secrets alone, in words.
    secrets: Vec<String>,
    /// What something stands in the way of, in words with the reason.
    blocked: Vec<String>,
    /// What is so afterwards.
    pub(super) holds: String,
    /// What does not come back with it: passwords and PINs.
    pub(super) lost: Vec<String>,
}

impl Attempt {
    /// Off the thread that draws: it reads what is stored, and tries it.
    pub(super) fn of(mut actions: Vec<PastAction>, looking: &Looking) -> Result<Self, String> {
        let Looking { store, .. } = looking;
        let now = store.configuration_with(&entries_in(&recorded(&actions))).map_err(|error| error.to_string())?;
        let is_one = matches!(actions.as_slice(), [one] if one.entries.len() == 1);
        let secrets = if is_one { Vec::new() } else { take_secrets(&mut actions, looking.at) };
        let since = now.changed_since(&recorded(&actions)).map_err(|why| why.to_string())?;
        let gone: BTreeSet<_> = since.iter().filter(|since| since.is_whole).map(ChangedSince::identity).collect();
        keep(&mut actions, |entry| !gone.contains(&entry.recorded().identity()));
        let mut blocked = Vec::new();
        loop {
            let mut after = now.clone();
            match after.restore(&recorded(&actions)) {
                Ok(Restored { lost, .. }) => {
                    let holds = restored(&now, &after);
                    return Ok(Self { actions, since, secrets, blocked, holds, lost });
                }
                Err(NotUndone::Refused(refusals)) if actions.len() > 1 && blocked.len() < BLOCKED_MAX => {
                    let found = take_blocked(&mut actions, &refusals, looking.at);
                    if found.is_empty() {
                        return Err(NotUndone::Refused(refusals).to_string());
                    }
                    blocked.extend(found);
                }
                Err(why) => return Err(why.to_string()),
            }
        }
    }

    /// How many objects of those that were asked for nothing is undone of, or not all.
    pub(super) fn number_since(&self) -> usize {
        self.since.iter().map(ChangedSince::identity).collect::<BTreeSet<_>>().len()
    }

    /// How many changes are left out for another reason.
    pub(super) fn number_impossible(&self) -> usize {
        self.secrets.len() + self.blocked.len()
    }

    /// All that is left out, with the reasons; empty: nothing is.
    pub(super) fn left_out(&self, looking: &Looking) -> Vec<String> {
        let (whole, partly): (Vec<&ChangedSince>, Vec<&ChangedSince>) =
            self.since.iter().partition(|since| since.is_whole);
        let since = |since: &[&ChangedSince]| since.iter().take(NAMED).map(|since| line_of(since, looking)).collect();
        let named = |words: &[String]| -> Vec<String> { words.iter().take(NAMED).cloned().collect() };
        let mut text = Vec::new();
        for (why, number, lines) in [
            ("Left out, because it was changed again since:", whole.len(), since(&whole)),
            ("This of it was changed again since, and stays as it is now:", partly.len(), since(&partly)),
            (
                "Left out, because the history keeps no passwords, PINs and secrets:",
                self.secrets.len(),
                named(&self.secrets),
            ),
            ("Left out, because something stands in its way:", self.blocked.len(), named(&self.blocked)),
        ] {
            if number > 0 {
                text.push(why.to_owned());
                text.extend(lines.into_iter().map(|line| format!("· {line}")));
                text.extend((number > NAMED).then(|| format!("and {} more", number - NAMED)));
            }
        }
        text
    }
}

pub(super) fn recorded(actions: &[PastAction]) -> Vec<AuditedChange<'_>> {
    actions.iter().flat_map(|action| &action.entries).map(AuditEntry::recorded).collect()
}

/// What became of it since, by whom and when.
pub(super) fn line_of(since: &ChangedSince, Looking { store, at }: &Looking) -> String {
    let last = changed_by(store, *at, since.kind, since.number(), since.key());
    let last = last.map_or_else(String::new, |last| format!(" ({last})"));
    format!("{}: {}{last}", since.on, since.difference())
}

/// Without what is not kept, and without actions of which nothing is left then.
fn keep(actions: &mut Vec<PastAction>, is_kept: impl Fn(&AuditEntry) -> bool) {
    actions.iter_mut().for_each(|action| action.entries.retain(&is_kept));
    actions.retain(|action| !action.entries.is_empty());
}

/// Takes out what changed secrets alone: whole actions by their titles.
fn take_secrets(actions: &mut Vec<PastAction>, now: OffsetDateTime) -> Vec<String> {
    let mut words = Vec::new();
    for action in actions.iter() {
        let secret: Vec<&AuditEntry> =
            action.entries.iter().filter(|entry| entry.recorded().is_only_secret()).collect();
        let Some(first) = secret.first() else { continue };
        let at = short(first.at, now).trim().to_owned();
        match secret.len() == action.entries.len() {
            true => words.push(format!("{} ({at})", action.title)),
            false => words.extend(secret.into_iter().map(|entry| format!("{} ({at})", entry.recorded().describe()))),
        }
    }
    keep(actions, |entry| !entry.recorded().is_only_secret());
    words
}

/// Takes out the actions that the refusals are about, whole: half of one would be what nobody did. In words, with the reason.
fn take_blocked(actions: &mut Vec<PastAction>, refusals: &[Refusal], now: OffsetDateTime) -> Vec<String> {
    let mut words = Vec::new();
    actions.retain(|action| {
        let targets: Vec<RuleTarget> = action.entries.iter().map(|entry| entry.recorded().target()).collect();
        let is_of = |refusal: &&Refusal| targets.iter().any(|target| refusal.on.is_of(target));
        let Some(refusal) = refusals.iter().find(is_of) else { return true };
        let at = action.entries.first().map_or_else(String::new, |entry| short(entry.at, now).trim().to_owned());
        let problem = &refusal.problem;
        words.push(format!("{} ({at}): {} {problem}", action.title, refusal.on));
        false
    });
    words
}

/// How many objects these touch.
pub(super) fn objects_of(actions: &[PastAction]) -> usize {
    recorded(actions).iter().map(AuditedChange::identity).collect::<BTreeSet<_>>().len()
}

/// `1 change`, `1 change of 51 objects`
pub(super) fn counted(actions: &[PastAction]) -> String {
    let (changes, objects) = (count(actions.len(), "change"), objects_of(actions));
    if objects > actions.len() { format!("{changes} of {}", count(objects, "object")) } else { changes }
}
