//! Taking recorded changes back: what the audit says of an object before a change becomes the object again, read by the
//! same functions as a document's. Only what still is as the change left it is touched, and all of it or nothing.
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

/// Both versions of an object that somebody changed after the change that was to be taken back.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{on} is no longer as entry {entry} left it: {}", self.difference())]
pub(crate) struct ChangedSince {
    pub(crate) on: RuleTarget,
    pub(crate) entry: AuditId,
    pub(crate) kind: Kind,
    id: i64,
    key: Option<Key>,
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
        let (before, after) = (self.left.as_ref(), self.now.as_ref());
        match (before, after) {
            (None, _) => "it was removed then and is there now".to_owned(),
            (_, None) => "it does not exist any more".to_owned(),
            _ => AuditedChange { entry: self.entry, kind: self.kind, object: 0, before, after }.changes().join(", "),
        }
    }
}

impl Configuration {
    /// Which objects of these changes were changed again since, the newest change first: what stands in the way of taking
    /// the rest back.
    pub(crate) fn changed_since(&self, changes: &[AuditedChange<'_>]) -> Result<Vec<ChangedSince>, NotUndone> {
        let Followed { since, stopped, .. } = follow(self, changes);
        stopped.map_or(Ok(since), Err)
    }

    /// Takes these changes back, whatever their order, so that changes that need each other can come together. Says what
    /// could not come back with the rest: passwords and PINs.
    pub(crate) fn restore(&mut self, changes: &[AuditedChange<'_>]) -> Result<Vec<String>, NotUndone> {
        let goals = goals(self, changes)?;
        let mut restorer = Restorer::new(Reading::new(self, self.clone(), "there any more"), &goals);
        for goal in goals.values() {
            if let Some(image) = &goal.image {
                restorer.put(goal, image.clone());
            }
        }
        let (Reading { mut new, problems, .. }, notes) = restorer.done();
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
        Ok(notes)
    }
}

/// What became of following each object's changes from what it is now to what it was before the oldest of them.
#[derive(Default)]
struct Followed {
    goals: Goals,
    /// Those that are no longer as the newest of their changes left them, in that order; they have no goal.
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
        if comparable(kind, stands.as_ref()) != comparable(kind, change.after) {
            let (entry, left) = (change.entry, change.after.cloned());
            followed.since.push(ChangedSince { on, entry, kind, id, key, left, now: stands });
            followed.goals.remove(&identity);
            left_out.insert(identity);
            continue;
        }
        let new = || Goal { on, entry: change.entry, kind, id, key, image: None };
        followed.goals.entry(identity).or_insert_with(new).image = change.before.cloned();
    }
    followed
}

/// All of them or none.
fn goals(now: &Configuration, changes: &[AuditedChange<'_>]) -> Result<Goals, NotUndone> {
    let Followed { goals, since, stopped } = follow(now, changes);
    match since.into_iter().next() {
        Some(first) => Err(NotUndone::ChangedSince(Box::new(first))),
        None => stopped.map_or(Ok(goals), Err),
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
