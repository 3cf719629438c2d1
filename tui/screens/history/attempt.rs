//! What of some changes can be undone as all is now, found on a copy: what is left out is told in words, with who changed it
//! since. Only what is undone is touched, and passwords that this console still knows come back with their users.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use time::OffsetDateTime;

use crate::exchange::document::{
    AuditedChange, ChangedSince, LeftOut, LostSecret, PlannedChange, UndoPlan, WhyLeftOut, entries_in, restored,
};
use crate::settings::configuration::Configuration;
use crate::settings::edit::AppliedChange;
use crate::settings::id::AuditId;
use crate::settings::rule::count;
use crate::settings::rule_target::RuleTarget;
use crate::settings::table::Kind;
use crate::store::{AuditEntry, AuditRange, Store};
use crate::tui::app::{App, ChangeNature, changed_after};
use crate::tui::clock::short;
use crate::tui::proposal::named;

/// What a look at the store needs on a thread beside.
pub(super) struct Looking {
    store: Store,
    /// The clock, as it is shown.
    at: OffsetDateTime,
    /// What this console changed, with the secrets that no history has.
    steps: Vec<(AuditRange, Arc<AppliedChange>)>,
}

impl Looking {
    pub(super) fn of(app: &App) -> Self {
        Self { store: app.store.clone(), at: app.now, steps: app.written_steps() }
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// What these removed as it was before, as far as this console removed it.
    fn remembered(&self, actions: &[PastAction], now: &Configuration) -> Configuration {
        let mut remembered = Configuration::empty(now.server_uuid);
        let mut removed: Vec<&AuditEntry> =
            actions.iter().flat_map(|action| &action.entries).filter(|entry| entry.after.is_none()).collect();
        // The last removal knows the last password.
        removed.sort_by_key(|entry| entry.id);
        for entry in removed {
            let made = self.steps.iter().find(|(written, _)| (written.first..=written.last).contains(&entry.id));
            if let Some((_, change)) = made {
                change.share_former(entry.kind, entry.object, &mut remembered);
            }
        }
        remembered
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
    /// What was changed again since, some of it as a whole, some in a few members.
    pub(super) since: Vec<ChangedSince>,
    /// Objects that stay because of what hangs on them, or that they hang on.
    pub(super) number_hanging: usize,
    /// Changes that are left out for another reason.
    pub(super) number_impossible: usize,
    /// All that is left out, in words with the reasons.
    pub(super) left_out: Vec<String>,
    /// What is so afterwards.
    pub(super) holds: String,
    /// What does not come back with it: passwords and PINs.
    pub(super) lost: Vec<LostSecret>,
    /// Users that go, and have a password.
    pub(super) number_going: usize,
    /// Users that come back so late that what they had beside the configuration is gone.
    pub(super) number_returning_late: usize,
    /// Objects as they were, with secrets that this console still knows.
    pub(super) remembered: Configuration,
}

impl Attempt {
    /// Off the thread that draws: it reads what is stored, and tries it.
    pub(super) fn of(mut actions: Vec<PastAction>, looking: &Looking) -> Result<Self, String> {
        let needed = entries_in(&recorded(&actions));
        let now = looking.store.configuration_with(&needed).map_err(|error| error.to_string())?;
        let remembered = looking.remembered(&actions, &now);
        let UndoPlan { kept, left_out, partly, lost, after } = now.plan_undo(planned(&actions), &remembered);
        let LeftOutByReason { whole, hanging, secrets, blocked } = LeftOutByReason::of(&actions, left_out, looking.at);
        let line = |since: &ChangedSince| line_of(since, looking, &kept);
        let hanging_line =
            |(entry, why): &(AuditId, Hanging)| why.line(&label_of(&actions, *entry), *entry, looking, &kept);
        let sections = [
            section("Left out, because it was changed again since:", whole.len(), whole.iter().map(line)),
            section(
                "This of it was changed again since, and stays as it is now:",
                partly.len(),
                partly.iter().map(line),
            ),
            section("Left out with what stays:", hanging.len(), hanging.iter().map(hanging_line)),
            section(
                "Left out, because the history keeps no passwords, PINs and secrets:",
                secrets.len(),
                secrets.iter().cloned(),
            ),
            section("Left out, because something stands in its way:", blocked.len(), blocked.iter().cloned()),
        ];
        let left_out = sections.concat();
        keep(&mut actions, |entry| kept.contains(&entry.id));
        let number_going = now.users.differences(&after.users).into_iter();
        let number_going =
            number_going.filter(|(old, new)| new.is_none() && old.is_some_and(|old| old.password.is_some())).count();
        let is_late = |entry: &&AuditEntry| entry.is_state_gone(looking.at.unix_timestamp());
        let number_returning_late = actions.iter().flat_map(|action| &action.entries).filter(is_late).count();
        Ok(Self {
            actions,
            number_hanging: hanging.len(),
            number_impossible: secrets.len() + blocked.len(),
            since: whole.into_iter().chain(partly).collect(),
            left_out,
            holds: restored(&now, &after),
            lost,
            number_going,
            number_returning_late,
            remembered,
        })
    }

    /// How many objects of those that were asked for nothing is undone of, or not all.
    pub(super) fn number_since(&self) -> usize {
        self.since.iter().map(ChangedSince::identity).collect::<BTreeSet<_>>().len()
    }
}

/// What is left out.
#[derive(Default)]
struct LeftOutByReason {
    whole: Vec<ChangedSince>,
    hanging: Vec<(AuditId, Hanging)>,
    /// In words, as the next ones.
    secrets: Vec<String>,
    blocked: Vec<String>,
}

impl LeftOutByReason {
    fn of(actions: &[PastAction], left_out: Vec<LeftOut>, now: OffsetDateTime) -> Self {
        let mut parts = Self::default();
        let (mut secrets, mut refused) = (BTreeSet::new(), BTreeMap::new());
        for LeftOut { entry, why } in left_out {
            match why {
                WhyLeftOut::ChangedSince(since) => {
                    // Of several changes of one member the newest says enough.
                    let is_same = |known: &ChangedSince| {
                        known.identity() == since.identity() && since.members.is_subset(&known.members)
                    };
                    if !parts.whole.iter().any(is_same) {
                        parts.whole.push(*since);
                    }
                }
                WhyLeftOut::Held { by, kind, id } => parts.hanging.push((entry, Hanging::Has { by, kind, id })),
                WhyLeftOut::BelongsTo(whole) => parts.hanging.push((entry, Hanging::BelongsTo(whole))),
                WhyLeftOut::OnlySecret => drop(secrets.insert(entry)),
                WhyLeftOut::Refused(refusal) => drop(refused.entry(entry).or_insert(refusal)),
            }
        }
        for action in actions {
            let told = whole_or_each(action, |entry| secrets.contains(&entry), now);
            parts.secrets.extend(told.into_iter().map(|(_, words)| words));
            for (first, words) in whole_or_each(action, |entry| refused.contains_key(&entry), now) {
                let why = refused.get(&first);
                let why = why.map_or_else(String::new, |refusal| format!(": {} {}", refusal.on, refusal.problem));
                parts.blocked.push(format!("{words}{why}"));
            }
        }
        parts
    }
}

/// Why an object stays that could go by itself.
enum Hanging {
    Has { by: RuleTarget, kind: Kind, id: i64 },
    BelongsTo(RuleTarget),
}

impl Hanging {
    fn line(&self, label: &str, entry: AuditId, looking: &Looking, undone: &BTreeSet<AuditId>) -> String {
        match self {
            Self::Has { by, kind, id } => {
                let is_meant = |other: &AuditEntry| !undone.contains(&other.id);
                let whose = changed_after(looking.store(), looking.at, (*kind, *id, None), entry, is_meant);
                let whose = whose.map_or_else(String::new, |whose| format!(" ({whose})"));
                format!("{label}: it has {by}, which stays{whose}")
            }
            Self::BelongsTo(whole) => format!("{label}: it belongs to {whole}, which stays"),
        }
    }
}

/// What an entry is about.
fn label_of(actions: &[PastAction], entry: AuditId) -> String {
    let mut entries = actions.iter().flat_map(|action| &action.entries);
    entries.find(|other| other.id == entry).map_or_else(String::new, |entry| entry.recorded().label())
}

/// The entries of an action that are among these, in words with their time: by the action's title where all of them are, else
/// each by itself.
fn whole_or_each(
    action: &PastAction,
    is_meant: impl Fn(AuditId) -> bool,
    now: OffsetDateTime,
) -> Vec<(AuditId, String)> {
    let meant: Vec<&AuditEntry> = action.entries.iter().filter(|entry| is_meant(entry.id)).collect();
    let Some(first) = meant.first() else { return Vec::new() };
    let at = short(first.at, now).trim().to_owned();
    match meant.len() == action.entries.len() {
        true => vec![(first.id, format!("{} ({at})", action.title))],
        false => meant.into_iter().map(|entry| (entry.id, format!("{} ({at})", entry.recorded().describe()))).collect(),
    }
}

/// A heading, and of what stands below it as much as there is room for; nothing where there is nothing.
fn section(why: &str, number: usize, lines: impl Iterator<Item = String>) -> Vec<String> {
    let heading = (number > 0).then(|| why.to_owned());
    heading.into_iter().chain(named(number, lines)).collect()
}

pub(super) fn recorded(actions: &[PastAction]) -> Vec<AuditedChange<'_>> {
    actions.iter().flat_map(|action| &action.entries).map(AuditEntry::recorded).collect()
}

fn planned(actions: &[PastAction]) -> impl Iterator<Item = PlannedChange<'_>> {
    let entries = actions.iter().flat_map(|action| &action.entries);
    entries.map(|entry| PlannedChange { transaction: entry.transaction, change: entry.recorded() })
}

/// What became of it since, by whom and when: whoever did what is not undone with it.
pub(super) fn line_of(since: &ChangedSince, looking: &Looking, undone: &BTreeSet<AuditId>) -> String {
    let members = since.told_members();
    let is_of_member = |entry: &AuditEntry| match (&entry.before, &entry.after) {
        (Some(before), Some(after)) if since.kind != Kind::Setting && !members.is_empty() => {
            members.iter().any(|member| before.get(member) != after.get(member))
        }
        _ => true,
    };
    let is_meant = |entry: &AuditEntry| !undone.contains(&entry.id) && is_of_member(entry);
    let last = changed_after(looking.store(), looking.at, since.identity(), since.entry, is_meant);
    let last = last.map_or_else(String::new, |last| format!(" ({last})"));
    format!("{}: {}{last}", since.on, since.difference())
}

/// Without what is not kept, and without actions of which nothing is left then.
fn keep(actions: &mut Vec<PastAction>, is_kept: impl Fn(&AuditEntry) -> bool) {
    actions.iter_mut().for_each(|action| action.entries.retain(&is_kept));
    actions.retain(|action| !action.entries.is_empty());
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
