//! Following recorded changes of each object from what it is now to what it was before the oldest of them, the newest first.
//! Only members that still are as a change left them go back; of what somebody else changed since is told what became of it.
//! Takes nothing back itself: restore.rs does.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::audited_change::{AuditedChange, secret_of};
use super::super::write::{object_json, setting_json};
use super::renames::Renames;
use super::table::{Goal, Goals};
use crate::settings::configuration::Configuration;
use crate::settings::id::AuditId;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::Key;
use crate::settings::table::Kind;
use crate::settings::violation::Violation;

/// Why changes were not taken back; nothing was touched.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum NotUndone {
    #[error(transparent)]
    ChangedSince(Box<ChangedSince>),
    #[error("{on}: the history keeps no passwords, PINs and secrets, and nothing else was changed here")]
    OnlySecret { on: RuleTarget },
    /// Never empty.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<Refusal>),
}

/// Both versions of an object that somebody changed after the change that was to be taken back.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{on} is no longer as entry {entry} left it: {}", self.difference())]
pub(crate) struct ChangedSince {
    pub(crate) on: RuleTarget,
    pub(crate) entry: AuditId,
    pub(crate) kind: Kind,
    id: i64,
    key: Option<Key>,
    /// The members that were changed again; empty: it came or went.
    pub(crate) members: BTreeSet<String>,
    /// Whether nothing of it can be taken back.
    pub(crate) is_whole: bool,
    /// As the change left it; None: it was removed.
    pub(crate) left: Option<Value>,
    /// As it is now, or once later changes of it are taken back; None: it does not exist.
    pub(crate) now: Option<Value>,
    /// Whether it exists, be it that it goes with a later change that is taken back.
    pub(crate) is_there: bool,
}

impl ChangedSince {
    /// Its number; a setting's key.
    pub(crate) fn object(&self) -> String {
        self.key.map_or_else(|| self.id.to_string(), |key| key.as_str().to_owned())
    }

    /// What tells the object from all others, as `AuditedChange::identity` does.
    pub(crate) fn identity(&self) -> (Kind, i64, Option<Key>) {
        (self.kind, self.id, self.key)
    }

    /// What became of it: `last name "Miller" -> "Smith"`.
    pub(crate) fn difference(&self) -> String {
        let [left, now] = [&self.left, &self.now].map(|image| image.as_ref().map(|image| self.of_members(image)));
        let (before, after) = (left.as_ref(), now.as_ref());
        match (before, after) {
            (None, _) => "it was removed then and is there now".to_owned(),
            (_, None) if self.is_there => "it goes with a later change that is undone".to_owned(),
            (_, None) => "it does not exist any more".to_owned(),
            // Its neighbours were moved again.
            _ if left == now => "its order was changed again".to_owned(),
            _ => AuditedChange { entry: self.entry, kind: self.kind, object: 0, before, after }.changes().join(", "),
        }
    }

    /// The members that `difference` tells; empty: it tells of none.
    pub(crate) fn told_members(&self) -> BTreeSet<String> {
        let (Some(left), Some(now)) = (&self.left, &self.now) else { return self.members.clone() };
        if !self.members.is_empty() {
            return self.members.clone();
        }
        let names = [left, now].into_iter().filter_map(Value::as_object).flat_map(|image| image.keys());
        names.filter(|name| left.get(name.as_str()) != now.get(name.as_str())).cloned().collect()
    }

    /// The image with what is told of it alone.
    fn of_members(&self, image: &Value) -> Value {
        let mut image = image.clone();
        if let Some(members) = image.as_object_mut().filter(|_| !self.members.is_empty()) {
            members.retain(|name, _| self.members.contains(name));
        }
        image
    }
}

impl AuditedChange<'_> {
    /// Whether a secret of the object became another and nothing else did: no image has the old one.
    pub(crate) fn is_only_secret(&self) -> bool {
        is_only_secret(self, self.key())
    }
}

/// What became of following each object's changes from what it is now to what it was before the oldest of them.
#[derive(Default)]
pub(super) struct Followed {
    pub(super) goals: Goals,
    /// The changes that do not go back, as a whole or in some members, because the object is no longer as they left it, the
    /// newest first. It has a goal if another of its changes, or some members of this one, do.
    pub(super) since: Vec<ChangedSince>,
    /// Why it went no further, at which entry.
    pub(super) stopped: Option<(AuditId, NotUndone)>,
}

pub(super) fn follow(now: &Configuration, changes: &[AuditedChange<'_>]) -> Followed {
    let mut newest_first: Vec<_> = changes.iter().collect();
    newest_first.sort_by_key(|change| Reverse(change.entry));
    newest_first.dedup_by_key(|change| change.entry);
    let renames = Renames::among(changes, now);
    let mut followed = Followed::default();
    for change in newest_first {
        let (kind, id, on, entry) = (change.kind, change.object, change.target(), change.entry);
        let identity @ (_, _, key) = change.identity();
        if kind == Kind::Setting && key.is_none() {
            let refusal = Refusal::new(Rule::D1, on, Violation::NotKnownHere);
            followed.stopped = Some((entry, NotUndone::Refused(vec![refusal])));
            break;
        }
        if is_only_secret(change, key) {
            followed.stopped = Some((entry, NotUndone::OnlySecret { on }));
            break;
        }
        let later = followed.goals.get(&identity);
        let stands = match later {
            Some(goal) => goal.image.clone(),
            None => image(now, kind, id, key),
        };
        // With later changes taken back it is as this one found it: somebody else had taken it back.
        let is_as_before =
            later.is_some() && comparable(kind, stands.as_ref(), &renames) == comparable(kind, change.before, &renames);
        if is_as_before {
            continue;
        }
        let Step { image: gone_back, again } = step_back(change, stands.as_ref(), &renames);
        if again.is_some() || gone_back.is_none() {
            let (left, is_whole, members) = (change.after.cloned(), gone_back.is_none(), again.unwrap_or_default());
            let is_there = stands.is_some() || image(now, kind, id, key).is_some();
            let on = on.clone();
            let since = ChangedSince { on, entry, kind, id, key, members, is_whole, left, now: stands, is_there };
            followed.since.push(since);
        }
        // What later changes of it made goes back in any case.
        let Some(gone_back) = gone_back else { continue };
        let new = || Goal { on, entry, kind, id, key, image: None };
        followed.goals.entry(identity).or_insert_with(new).image = gone_back;
    }
    leave_broken_orders(now, &renames, &mut followed);
    followed
}

/// What taking one change back makes of an object.
struct Step {
    /// What it becomes, which may be nothing; None: nothing of the change can be taken back.
    image: Option<Option<Value>>,
    /// The members that were changed again, if something was.
    again: Option<BTreeSet<String>>,
}

/// Member by member: whatever came after in other members stays as it is.
fn step_back(change: &AuditedChange<'_>, stands: Option<&Value>, renames: &Renames) -> Step {
    let kind = change.kind;
    let [before, left, now] = [change.before, change.after, stands].map(|image| comparable(kind, image, renames));
    if now == left {
        return Step { image: Some(change.before.cloned()), again: None };
    }
    let members = |image: Option<Value>| match image {
        Some(Value::Object(members)) if ![Kind::Setting, Kind::Server].contains(&kind) => Some(members),
        _ => None,
    };
    // A setting is one value; what came or went is so as a whole.
    let (Some(before), Some(left), Some(now), Some(Value::Object(mut image))) =
        (members(before), members(left), members(now), stands.cloned())
    else {
        return Step { image: None, again: Some(BTreeSet::new()) };
    };
    let names: BTreeSet<&String> = before.keys().chain(left.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != left.get(*name));
    let (free, again): (Vec<&String>, Vec<&String>) = changed.partition(|name| now.get(*name) == left.get(*name));
    for name in &free {
        match change.before.and_then(|image| image.get(name)) {
            Some(value) => image.insert((*name).clone(), value.clone()),
            None => image.remove(*name),
        };
    }
    let image = (!free.is_empty()).then_some(Some(Value::Object(image)));
    let again: BTreeSet<String> = again.into_iter().cloned().collect();
    Step { again: (image.is_none() || !again.is_empty()).then_some(again), image }
}

const POSITION: &str = "position";

/// An order goes back as a whole or not at all: half of it would be one that never was.
fn leave_broken_orders(now: &Configuration, renames: &Renames, followed: &mut Followed) {
    let is_broken = |since: &&ChangedSince| since.members.contains(POSITION);
    let broken: BTreeSet<Kind> = followed.since.iter().filter(is_broken).map(|since| since.kind).collect();
    let mut left = Vec::new();
    for (identity, goal) in followed.goals.iter_mut().filter(|((kind, ..), _)| broken.contains(kind)) {
        let (Some(Value::Object(image)), Some(stands)) = (&mut goal.image, image(now, goal.kind, goal.id, goal.key))
        else {
            continue;
        };
        if image.get(POSITION) == stands.get(POSITION) {
            continue;
        }
        image.insert(POSITION.to_owned(), stands[POSITION].clone());
        let is_whole =
            comparable(goal.kind, goal.image.as_ref(), renames) == comparable(goal.kind, Some(&stands), renames);
        let Goal { on, entry, kind, id, key, .. } = goal;
        let members = BTreeSet::from([POSITION.to_owned()]);
        let (on, left_at, now) = (on.clone(), Some(stands.clone()), Some(stands));
        followed.since.push(ChangedSince {
            on,
            entry: *entry,
            kind: *kind,
            id: *id,
            key: *key,
            members,
            is_whole,
            left: left_at,
            now,
            is_there: true,
        });
        left.extend(is_whole.then_some(*identity));
    }
    left.iter().for_each(|identity| drop(followed.goals.remove(identity)));
}

pub(super) fn image(configuration: &Configuration, kind: Kind, id: i64, key: Option<Key>) -> Option<Value> {
    match key {
        Some(key) => configuration.settings.get(&key).map(setting_json),
        None => Some(object_json(kind, id, configuration)).filter(|image| !image.is_null()),
    }
}

/// What can be reached from a presence is shown in order of position, which others change; and others are named.
fn comparable(kind: Kind, image: Option<&Value>, renames: &Renames) -> Option<Value> {
    let mut image = image.cloned();
    if kind == Kind::Presence
        && let Some(allowed) = image.as_mut().and_then(|image| image.get_mut("allowed")?.as_array_mut())
    {
        allowed.sort_by_key(ToString::to_string);
    }
    if let Some(image) = &mut image {
        renames.resolve(image);
    }
    image
}

/// The member of an image that says `"set"` in place of a secret.
fn secret_member(kind: Kind, key: Option<Key>) -> Option<&'static str> {
    match kind {
        Kind::Setting => key.filter(|key| key.is_secret()).map(|_| "value"),
        kind => secret_of(kind).map(|secret| secret.member),
    }
}

/// Whether the object had a secret, and no other change of it could be taken back.
fn is_only_secret(change: &AuditedChange<'_>, key: Option<Key>) -> bool {
    let Some(member) = secret_member(change.kind, key) else { return false };
    let Some(before) = change.before.and_then(Value::as_object) else { return false };
    let had_secret = before.get(member).is_some_and(|secret| !secret.is_null());
    let without = |image: &Map<String, Value>| {
        let mut image = image.clone();
        image.remove(member);
        image
    };
    let is_rest_same =
        || change.after.and_then(Value::as_object).is_some_and(|after| without(after) == without(before));
    had_secret && (change.kind == Kind::Setting || is_rest_same())
}
