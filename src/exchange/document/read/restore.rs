//! Taking recorded changes back: what the audit says of an object before a change becomes the object again, read by the
//! same functions as a document's. Only members that still are as the change left them are touched: what somebody changed
//! since stays, and an object of which nothing could be taken back refuses the whole.
//! `command` and the console call it inside `Store::change`, whose look over the whole holds here as well.

use std::collections::{BTreeMap, BTreeSet};

use super::super::audited_change::AuditedChange;
use super::Reading;
use super::followed::{ChangedSince, Followed, NotUndone, follow, image};
use super::hanging::{Held, held};
use super::lost_secret::LostSecret;
use super::table::{Goal, Goals, Restorer};
use crate::settings::configuration::Configuration;
use crate::settings::dial_rule::DialRule;
use crate::settings::edit::Removable;
use crate::settings::id::{AuditId, DialRuleId, Id, LineId, PresenceGroupId, PresenceId};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::table::Kind;
use crate::settings::tables::on_table_of;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;

/// What came of taking changes back.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Restored {
    pub(crate) lost: Vec<LostSecret>,
    /// What was changed again since, of objects whose other members went back.
    pub(crate) left_out: Vec<ChangedSince>,
}

impl Configuration {
    /// Takes these changes back, whatever their order, so that changes that need each other can come together. Says what
    /// could not come back with the rest.
    pub(crate) fn restore(&mut self, changes: &[AuditedChange<'_>]) -> Result<Restored, NotUndone> {
        let nothing = Self::empty(self.server_uuid);
        self.restore_remembering(changes, &nothing)
    }

    /// The same where some objects that come back are `remembered` as they were, with the secrets that no image has.
    pub(crate) fn restore_remembering(
        &mut self,
        changes: &[AuditedChange<'_>],
        remembered: &Self,
    ) -> Result<Restored, NotUndone> {
        let (goals, left_out) = goals(self, changes)?;
        let (new, lost) = put_back(self, &goals, remembered).map_err(NotUndone::Refused)?;
        let held = held(&new, &goals);
        if !held.is_empty() {
            return Err(NotUndone::Refused(refused_for(&held, &goals, self)));
        }
        let new = let_go(new, self, &goals).map_err(|refusal| NotUndone::Refused(vec![refusal]))?;
        *self = new;
        Ok(Restored { lost, left_out })
    }
}

/// With what stays of objects that go back in part; refused if there is a change of which nothing can.
fn goals(now: &Configuration, changes: &[AuditedChange<'_>]) -> Result<(Goals, Vec<ChangedSince>), NotUndone> {
    let Followed { goals, since, stopped } = follow(now, changes);
    let (whole, partly): (Vec<_>, Vec<_>) = since.into_iter().partition(|since| since.is_whole);
    match (whole.into_iter().next(), stopped) {
        (Some(first), _) => Err(NotUndone::ChangedSince(Box::new(first))),
        (None, Some((_, why))) => Err(why),
        (None, None) => Ok((goals, partly)),
    }
}

/// All that comes back, beside what is still to go; with what could not come back, a sentence each.
pub(super) fn put_back(
    now: &Configuration,
    goals: &Goals,
    remembered: &Configuration,
) -> Result<(Configuration, Vec<LostSecret>), Vec<Refusal>> {
    let mut restorer = Restorer::new(Reading::new(now, now.clone(), "there any more"), goals, remembered);
    for goal in goals.values() {
        if let Some(image) = &goal.image {
            restorer.put(goal, image.clone());
        }
    }
    let (Reading { new, problems, .. }, lost) = restorer.done();
    if problems.is_empty() { Ok((new, lost)) } else { Err(problems) }
}

/// The same without what is to go, and with all in its place.
pub(super) fn let_go(mut new: Configuration, now: &Configuration, goals: &Goals) -> Result<Configuration, Refusal> {
    settle_main_lines(&mut new, now, goals)?;
    settle_positions(&mut new, now, goals);
    settle_dial_rules(&mut new, now, goals);
    remove(&mut new, goals)?;
    Ok(new)
}

/// Each object that is to go, with all that would lose it.
fn refused_for(held: &[Held], goals: &Goals, now: &Configuration) -> Vec<Refusal> {
    let mut uses: BTreeMap<(Kind, i64), Vec<RuleTarget>> = BTreeMap::new();
    for Held { object, by } in held {
        uses.entry(*object).or_default().push(object_name(by.0, by.1, now));
    }
    let refused = uses.into_iter().filter_map(|((kind, id), along)| {
        let goal = goals.get(&(kind, id, None))?;
        Some(Refusal::new(Rule::C3, goal.on.clone(), Violation::WouldTakeAlong { along }))
    });
    refused.collect()
}

/// What people call the object with this number, as the history does.
pub(crate) fn object_name(kind: Kind, id: i64, now: &Configuration) -> RuleTarget {
    let image = image(now, kind, id, None);
    AuditedChange { entry: AuditId::new(0), kind, object: id, before: None, after: image.as_ref() }.target()
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
