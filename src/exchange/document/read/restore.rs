//! Taking recorded changes back: what the audit says of an object before a change becomes the object again, read by the
//! same functions as a document's. Only members that still are as the change left them are touched: what somebody changed
//! since stays, and an object of which nothing could be taken back refuses the whole.
//! `command` and the console call it inside `Store::change`, whose look over the whole holds here as well.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::super::audited_change::{AuditedChange, secret_of};
use super::super::write::{object_json, setting_json};
use super::Reading;
use super::table::{Goal, Goals, Restorer};
use crate::settings::configuration::Configuration;
use crate::settings::dial_rule::DialRule;
use crate::settings::edit::Removable;
use crate::settings::id::{AuditId, DialRuleId, Id, LineId, PresenceGroupId, PresenceId};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::Key;
use crate::settings::table::Kind;
use crate::settings::tables::on_table_of;
use crate::settings::target_kind::TargetKind;
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

/// What came of taking changes back.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Restored {
    /// What could not come back with the rest, a sentence each: passwords and PINs.
    pub(crate) lost: Vec<String>,
    /// What was changed again since, of objects whose other members went back.
    pub(crate) left_out: Vec<ChangedSince>,
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
    members: BTreeSet<String>,
    /// Whether nothing of it can be taken back.
    pub(crate) is_whole: bool,
    /// As the change left it; None: it was removed.
    pub(crate) left: Option<Value>,
    /// As it is now; None: it does not exist.
    pub(crate) now: Option<Value>,
}

impl ChangedSince {
    /// Its number; a setting's key.
    pub(crate) fn object(&self) -> String {
        self.key.map_or_else(|| self.id.to_string(), |key| key.as_str().to_owned())
    }

    /// Its number, which all settings share.
    pub(crate) fn number(&self) -> i64 {
        self.id
    }

    /// Of a setting.
    pub(crate) fn key(&self) -> Option<Key> {
        self.key
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
            (_, None) => "it does not exist any more".to_owned(),
            // Its neighbours were moved again.
            _ if left == now => "its order was changed again".to_owned(),
            _ => AuditedChange { entry: self.entry, kind: self.kind, object: 0, before, after }.changes().join(", "),
        }
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

impl Configuration {
    /// Which objects of these changes were changed again since, as a whole or in some members, the newest change first: what
    /// stands in the way of taking the rest back.
    pub(crate) fn changed_since(&self, changes: &[AuditedChange<'_>]) -> Result<Vec<ChangedSince>, NotUndone> {
        let Followed { since, stopped, .. } = follow(self, changes);
        stopped.map_or(Ok(since), Err)
    }

    /// Takes these changes back, whatever their order, so that changes that need each other can come together. Says what
    /// could not come back with the rest.
    pub(crate) fn restore(&mut self, changes: &[AuditedChange<'_>]) -> Result<Restored, NotUndone> {
        let (goals, left_out) = goals(self, changes)?;
        let mut restorer = Restorer::new(Reading::new(self, self.clone(), "there any more"), &goals);
        for goal in goals.values() {
            if let Some(image) = &goal.image {
                restorer.put(goal, image.clone());
            }
        }
        let (Reading { mut new, problems, .. }, lost) = restorer.done();
        if !problems.is_empty() {
            return Err(NotUndone::Refused(problems));
        }
        let rest = settle_main_lines(&mut new, self, &goals).and_then(|()| {
            settle_positions(&mut new, self, &goals);
            settle_dial_rules(&mut new, self, &goals);
            remove(&mut new, &goals)
        });
        rest.map_err(|refusal| NotUndone::Refused(vec![refusal]))?;
        *self = new;
        Ok(Restored { lost, left_out })
    }
}

/// What became of following each object's changes from what it is now to what it was before the oldest of them.
#[derive(Default)]
struct Followed {
    goals: Goals,
    /// Those that are no longer as the newest of their changes left them, in that order; they have a goal if some of their
    /// members still are.
    since: Vec<ChangedSince>,
    /// Why it went no further.
    stopped: Option<NotUndone>,
}

fn follow(now: &Configuration, changes: &[AuditedChange<'_>]) -> Followed {
    let mut newest_first: Vec<_> = changes.iter().collect();
    newest_first.sort_by_key(|change| Reverse(change.entry));
    newest_first.dedup_by_key(|change| change.entry);
    let mut followed = Followed::default();
    let mut left_out = BTreeSet::new();
    for change in newest_first {
        let (kind, id, on) = (change.kind, change.object, change.target());
        let identity @ (_, _, key) = change.identity();
        if left_out.contains(&identity) {
            continue;
        }
        if kind == Kind::Setting && key.is_none() {
            let refusal = Refusal::new(Rule::D1, on, Violation::NotKnownHere);
            followed.stopped = Some(NotUndone::Refused(vec![refusal]));
            break;
        }
        if is_only_secret(change, key) {
            followed.stopped = Some(NotUndone::OnlySecret { on });
            break;
        }
        let stands = match followed.goals.get(&identity) {
            Some(goal) => goal.image.clone(),
            None => image(now, kind, id, key),
        };
        let Step { image, again } = step_back(change, stands.as_ref());
        if again.is_some() || image.is_none() {
            let (entry, left, is_whole) = (change.entry, change.after.cloned(), image.is_none());
            let (on, members) = (on.clone(), again.unwrap_or_default());
            followed.since.push(ChangedSince { on, entry, kind, id, key, members, is_whole, left, now: stands });
        }
        let Some(image) = image else {
            followed.goals.remove(&identity);
            left_out.insert(identity);
            continue;
        };
        let new = || Goal { on, entry: change.entry, kind, id, key, image: None };
        followed.goals.entry(identity).or_insert_with(new).image = image;
    }
    leave_broken_orders(now, &mut followed);
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
fn step_back(change: &AuditedChange<'_>, stands: Option<&Value>) -> Step {
    let kind = change.kind;
    let [before, left, now] = [change.before, change.after, stands].map(|image| comparable(kind, image));
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
fn leave_broken_orders(now: &Configuration, followed: &mut Followed) {
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
        let is_whole = comparable(goal.kind, goal.image.as_ref()) == comparable(goal.kind, Some(&stands));
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
        });
        left.extend(is_whole.then_some(*identity));
    }
    left.iter().for_each(|identity| drop(followed.goals.remove(identity)));
}

/// With what stays of objects that go back in part; refused if there is one of which nothing can.
fn goals(now: &Configuration, changes: &[AuditedChange<'_>]) -> Result<(Goals, Vec<ChangedSince>), NotUndone> {
    let Followed { goals, since, stopped } = follow(now, changes);
    let (whole, partly): (Vec<_>, Vec<_>) = since.into_iter().partition(|since| since.is_whole);
    match whole.into_iter().next() {
        Some(first) => Err(NotUndone::ChangedSince(Box::new(first))),
        None => stopped.map_or(Ok((goals, partly)), Err),
    }
}

fn image(configuration: &Configuration, kind: Kind, id: i64, key: Option<Key>) -> Option<Value> {
    match key {
        Some(key) => configuration.settings.get(&key).map(setting_json),
        None => Some(object_json(kind, id, configuration)).filter(|image| !image.is_null()),
    }
}

/// What can be reached from a presence is shown in order of position, which others change.
fn comparable(kind: Kind, image: Option<&Value>) -> Option<Value> {
    let mut image = image.cloned();
    if kind == Kind::Presence
        && let Some(allowed) = image.as_mut().and_then(|image| image.get_mut("allowed")?.as_array_mut())
    {
        allowed.sort_by_key(ToString::to_string);
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

/// A line that was the main line is it again; one that comes back as a user's only line is it in any case.
fn settle_main_lines(new: &mut Configuration, now: &Configuration, goals: &Goals) -> Result<(), Refusal> {
    for goal in goals.values().filter(|goal| goal.kind == Kind::Line) {
        let id = LineId::new(goal.id);
        let Some((image, line)) = goal.image.as_ref().zip(new.lines.get(id)) else { continue };
        let is_alone = || now.lines.get(id).is_none() && new.lines_of(line.user).len() == 1;
        if image["main"] == true || is_alone() {
            new.set_main_line(id)?;
        }
    }
    Ok(())
}

/// Where two presences of a group now claim one position, all of the group are numbered anew; one that goes back to a
/// place stands where it stood, before or behind whoever moved up there.
fn settle_positions(new: &mut Configuration, now: &Configuration, goals: &Goals) {
    let moved: BTreeMap<PresenceId, i8> = goals
        .values()
        .filter(|goal| goal.kind == Kind::Presence && goal.image.is_some())
        .filter_map(|goal| new.presences.get(PresenceId::new(goal.id)))
        .map(|presence| match now.presences.get(presence.id) {
            Some(old) if old.position < presence.position => (presence.id, 1),
            _ => (presence.id, -1),
        })
        .collect();
    let groups: BTreeSet<PresenceGroupId> =
        moved.keys().filter_map(|id| new.presences.get(*id)).map(|presence| presence.group).collect();
    for group in groups {
        let mut order: Vec<(u32, i8, PresenceId)> = new
            .presences_of(group)
            .iter()
            .map(|presence| (presence.position, moved.get(&presence.id).copied().unwrap_or_default(), presence.id))
            .collect();
        order.sort_unstable();
        if order.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            for ((_, _, id), position) in order.into_iter().zip(1..) {
                new.presences.edit(id, |presence| presence.position = position);
            }
        }
    }
}

/// The same of dial rules, which all stand in one order.
fn settle_dial_rules(new: &mut Configuration, now: &Configuration, goals: &Goals) {
    let side = |rule: &DialRule| {
        let goal = goals.get(&(Kind::DialRule, rule.id.number(), None)).filter(|goal| goal.image.is_some());
        goal.map_or(0, |_| match now.dial_rules.get(rule.id) {
            Some(old) if old.position < rule.position => 1,
            _ => -1,
        })
    };
    let mut order: Vec<(u32, i8, DialRuleId)> =
        new.dial_rules.iter().map(|rule| (rule.position, side(rule), rule.id)).collect();
    order.sort_unstable();
    if order.windows(2).any(|pair| pair[0].0 == pair[1].0) {
        for ((_, _, id), position) in order.into_iter().zip(1..) {
            new.dial_rules.edit(id, |rule| rule.position = position);
        }
    }
}

/// Users before what refers to them, all else before what it refers to; what went along with another is gone already.
fn removal_rank(kind: Kind) -> u8 {
    match kind {
        Kind::Setting => 0,
        Kind::PhoneBookEntry => 1,
        Kind::Account => 2,
        Kind::Queue => 3,
        Kind::Agent => 4,
        Kind::User => 5,
        Kind::Line => 6,
        Kind::Voicemail => 7,
        Kind::Conference => 8,
        Kind::DialRule => 9,
        Kind::Context => 10,
        Kind::Profile => 11,
        Kind::PhoneHintGroup => 12,
        Kind::PresenceGroup => 13,
        Kind::Presence => 14,
        Kind::Server => 15,
    }
}

fn remove(new: &mut Configuration, goals: &Goals) -> Result<(), Refusal> {
    let mut gone: Vec<&Goal> = goals.values().rev().filter(|goal| goal.image.is_none()).collect();
    if gone.iter().any(|goal| goal.kind == Kind::Server) {
        return Err(Refusal::new(Rule::D1, TargetKind::Server, Violation::CannotBeRemoved));
    }
    gone.sort_by_key(|goal| removal_rank(goal.kind));
    for goal in gone {
        if image(new, goal.kind, goal.id, goal.key).is_some() {
            remove_one(new, goal)?;
        }
    }
    Ok(())
}

fn remove_one(new: &mut Configuration, goal: &Goal) -> Result<(), Refusal> {
    on_table_of!(
        goal.kind,
        ($table:ident, $object:ty) => { <$object as Removable>::remove(new, Id::new(goal.id)) },
        Kind::Server => Ok(()),
        Kind::Setting => goal.key.map_or(Ok(()), |key| new.unset_setting(key))
    )
}
