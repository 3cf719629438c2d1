//! What of some recorded changes can be taken back as all is now, found by trying: what cannot is left out, entry by entry, each
//! with its reason, and so is what belongs to something that stays. Nothing but what is taken back is touched by it.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;

use super::super::audited_change::AuditedChange;
use super::followed::{ChangedSince, Followed, NotUndone, follow};
use super::hanging::{Held, held};
use super::lost_secret::LostSecret;
use super::restore::{let_go, object_name, put_back};
use crate::settings::configuration::Configuration;
use crate::settings::id::AuditId;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;

/// Attempts in which of a refused object the oldest change alone is left out; then all of them are.
const CAREFUL_ROUNDS: usize = 20;
/// Attempts after which all that is left is left out.
const ROUNDS_MAX: usize = 200;
/// Transactions that are tried to be left out where a refusal names none of the objects.
const TRIED_MAX: usize = 50;

/// A change that is to be taken back, and the transaction that made it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlannedChange<'a> {
    pub(crate) transaction: AuditId,
    pub(crate) change: AuditedChange<'a>,
}

#[derive(Debug)]
pub(crate) struct UndoPlan {
    /// The entries that are taken back, as a whole or in some members.
    pub(crate) kept: BTreeSet<AuditId>,
    /// What is not, in the order in which it was found.
    pub(crate) left_out: Vec<LeftOut>,
    /// Members of what is taken back that were changed again since and stay.
    pub(crate) partly: Vec<ChangedSince>,
    /// What could not come back with the rest.
    pub(crate) lost: Vec<LostSecret>,
    /// As it is then.
    pub(crate) after: Configuration,
}

#[derive(Debug)]
pub(crate) struct LeftOut {
    pub(crate) entry: AuditId,
    pub(crate) why: WhyLeftOut,
}

#[derive(Debug)]
pub(crate) enum WhyLeftOut {
    ChangedSince(Box<ChangedSince>),
    /// A secret alone was changed, which no image has.
    OnlySecret,
    /// It would take this object along, which came to it otherwise or stays itself.
    Held {
        by: RuleTarget,
        kind: Kind,
        id: i64,
    },
    /// What it belongs to stays as it is.
    BelongsTo(RuleTarget),
    Refused(Box<Refusal>),
}

impl Configuration {
    /// What of these changes can be taken back, where some objects that come back are `remembered` with their secrets.
    pub(crate) fn plan_undo<'a>(
        &self,
        changes: impl IntoIterator<Item = PlannedChange<'a>>,
        remembered: &Self,
    ) -> UndoPlan {
        let remaining: BTreeMap<AuditId, PlannedChange<'a>> =
            changes.into_iter().map(|planned| (planned.change.entry, planned)).collect();
        let old_sins = self.errors().collect();
        let mut planner = Planner { now: self, remembered, old_sins, remaining, left_out: Vec::new() };
        planner.leave_secrets();
        planner.plan()
    }
}

/// A user that came or went, or a group: with the kinds of what comes and goes along, and the member by which these name it.
struct Whole<'a> {
    image: &'a Value,
    came: bool,
    member: &'static str,
    kinds: &'static [Kind],
}

impl<'a> AuditedChange<'a> {
    fn whole(&self) -> Option<Whole<'a>> {
        let (member, kinds): (_, &[Kind]) = match self.kind {
            Kind::User => ("user", &[Kind::Line, Kind::Voicemail, Kind::Agent]),
            Kind::PresenceGroup => ("group", &[Kind::Presence]),
            _ => return None,
        };
        let (image, came) = match (self.before, self.after) {
            (None, Some(image)) => (image, true),
            (Some(image), None) => (image, false),
            _ => return None,
        };
        Some(Whole { image, came, member, kinds })
    }

    /// Whether others of its transaction may belong to it.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole().is_some()
    }

    /// Whether it is of something that came or went with that one, where one transaction changed both: the line of a user, the
    /// presence of a group.
    pub(crate) fn belongs_to(&self, whole: &AuditedChange<'_>) -> bool {
        let Some(Whole { image: named, came, member, kinds }) = whole.whole() else { return false };
        let own = if came { self.after } else { self.before };
        let owner = own.and_then(|image| image.get(member)).and_then(Value::as_str);
        let is_named = |owner: &str| {
            ["login", "uuid", "name"].into_iter().any(|name| named.get(name).and_then(Value::as_str) == Some(owner))
        };
        kinds.contains(&self.kind) && owner.is_some_and(is_named)
    }
}

struct Planner<'a, 'c> {
    now: &'c Configuration,
    remembered: &'c Configuration,
    /// Errors that are there already stand in nobody's way.
    old_sins: HashSet<Refusal>,
    remaining: BTreeMap<AuditId, PlannedChange<'a>>,
    left_out: Vec<LeftOut>,
}

/// All that remains can be taken back.
struct Feasible {
    partly: Vec<ChangedSince>,
    lost: Vec<LostSecret>,
    after: Configuration,
}

/// Why not all that remains can be taken back.
enum Obstacle {
    /// Entries, each with its reason.
    Entries(Vec<(AuditId, WhyLeftOut)>),
    Held(Vec<Held>),
    Refused(Vec<Refusal>),
}

impl Planner<'_, '_> {
    fn leave_secrets(&mut self) {
        let secret = self.remaining.values().map(|planned| &planned.change).filter(|change| change.is_only_secret());
        let secret: Vec<AuditId> = secret.map(|change| change.entry).collect();
        secret.into_iter().for_each(|entry| self.leave(entry, WhyLeftOut::OnlySecret));
    }

    fn plan(mut self) -> UndoPlan {
        for round in 0.. {
            if self.remaining.is_empty() {
                break;
            }
            let number = self.remaining.len();
            match self.attempt() {
                Ok(Feasible { partly, lost, after }) => {
                    let kept = self.remaining.into_keys().collect();
                    return UndoPlan { kept, left_out: self.left_out, partly, lost, after };
                }
                Err(Obstacle::Entries(entries)) => {
                    entries.into_iter().for_each(|(entry, why)| self.leave(entry, why));
                }
                Err(Obstacle::Held(held)) => held.into_iter().for_each(|held| self.leave_held(held)),
                Err(Obstacle::Refused(refusals)) => self.leave_refused(&refusals, round),
            }
            if self.remaining.len() == number || round > ROUNDS_MAX {
                self.leave_all(&Refusal::new(Rule::V1, TargetKind::TheChange, Violation::TooMuchChangedSince));
            }
        }
        let (kept, partly, lost, after) = (BTreeSet::new(), Vec::new(), Vec::new(), self.now.clone());
        UndoPlan { kept, left_out: self.left_out, partly, lost, after }
    }

    fn attempt(&self) -> Result<Feasible, Obstacle> {
        self.attempt_without(None)
    }

    /// The same with a transaction left out.
    fn attempt_without(&self, transaction: Option<AuditId>) -> Result<Feasible, Obstacle> {
        let meant = self.remaining.values().filter(|planned| Some(planned.transaction) != transaction);
        let changes: Vec<AuditedChange<'_>> = meant.map(|planned| planned.change).collect();
        let Followed { goals, since, stopped } = follow(self.now, &changes);
        if let Some((entry, why)) = stopped {
            let why = match why {
                NotUndone::OnlySecret { .. } => WhyLeftOut::OnlySecret,
                NotUndone::ChangedSince(since) => WhyLeftOut::ChangedSince(since),
                NotUndone::Refused(refusals) => refused(&refusals),
            };
            return Err(Obstacle::Entries(vec![(entry, why)]));
        }
        let (whole, partly): (Vec<_>, Vec<_>) = since.into_iter().partition(|since| since.is_whole);
        if !whole.is_empty() {
            let mut entries = Vec::new();
            for since in whole {
                let identity = since.identity();
                let why = || WhyLeftOut::ChangedSince(Box::new(since.clone()));
                entries.push((since.entry, why()));
                if !goals.contains_key(&identity) {
                    let of_it = changes.iter().filter(|change| change.identity() == identity);
                    entries.extend(of_it.map(|change| (change.entry, why())));
                }
            }
            return Err(Obstacle::Entries(entries));
        }
        let (new, lost) = put_back(self.now, &goals, self.remembered).map_err(Obstacle::Refused)?;
        let held = held(&new, &goals);
        if !held.is_empty() {
            return Err(Obstacle::Held(held));
        }
        let after = let_go(new, self.now, &goals).map_err(|refusal| Obstacle::Refused(vec![refusal]))?;
        let errors: Vec<Refusal> = after.errors().filter(|refusal| !self.old_sins.contains(refusal)).collect();
        if errors.is_empty() { Ok(Feasible { partly, lost, after }) } else { Err(Obstacle::Refused(errors)) }
    }

    /// Leaves an entry out, with all of its transaction that belongs to what it is about.
    fn leave(&mut self, entry: AuditId, why: WhyLeftOut) {
        let Some(planned) = self.remaining.remove(&entry) else { return };
        self.left_out.push(LeftOut { entry, why });
        let whole = planned.change.target();
        for entry in self.belonging_to(&planned) {
            self.remaining.remove(&entry);
            self.left_out.push(LeftOut { entry, why: WhyLeftOut::BelongsTo(whole.clone()) });
        }
    }

    fn belonging_to(&self, PlannedChange { transaction, change }: &PlannedChange<'_>) -> Vec<AuditId> {
        let along = self.remaining.range(transaction..).take_while(|(_, other)| other.transaction == *transaction);
        along.filter(|(_, other)| other.change.belongs_to(change)).map(|(entry, _)| *entry).collect()
    }

    fn leave_held(&mut self, Held { object, by }: Held) {
        let name = object_name(by.0, by.1, self.now);
        let (kind, id) = by;
        if let Some(entry) = self.entries_of(object).first() {
            self.leave(*entry, WhyLeftOut::Held { by: name, kind, id });
        }
    }

    /// The oldest first.
    fn entries_of(&self, (kind, id): (Kind, i64)) -> Vec<AuditId> {
        let of_it =
            self.remaining.values().filter(|planned| (planned.change.kind, planned.change.object) == (kind, id));
        of_it.map(|planned| planned.change.entry).collect()
    }

    /// Leaves out what the refusals are about; of an object that was changed several times as little as is enough.
    fn leave_refused(&mut self, refusals: &[Refusal], round: usize) {
        let before = self.remaining.len();
        for refusal in refusals {
            let entries = self.entries_about(refusal);
            let number = if round < CAREFUL_ROUNDS { 1 } else { entries.len() };
            for entry in entries.into_iter().take(number) {
                self.leave(entry, WhyLeftOut::Refused(Box::new(refusal.clone())));
            }
        }
        if self.remaining.len() < before {
            return;
        }
        let Some(first) = refusals.first() else { return };
        match self.transaction_to_blame() {
            Some(transaction) => {
                let meant = self.remaining.values().filter(|planned| planned.transaction == transaction);
                let entries: Vec<AuditId> = meant.map(|planned| planned.change.entry).collect();
                let why = || WhyLeftOut::Refused(Box::new(first.clone()));
                entries.into_iter().for_each(|entry| self.leave(entry, why()));
            }
            None => self.leave_all(first),
        }
    }

    fn leave_all(&mut self, refusal: &Refusal) {
        let entries: Vec<AuditId> = self.remaining.keys().copied().collect();
        entries.into_iter().for_each(|entry| self.leave(entry, WhyLeftOut::Refused(Box::new(refusal.clone()))));
    }

    /// Those of the object that a refusal names, or of the other one that it names; the oldest first.
    fn entries_about(&self, refusal: &Refusal) -> Vec<AuditId> {
        let other = match &*refusal.problem {
            Violation::NotUnique { first, .. } => Some(RuleTarget::from(first.clone())),
            Violation::NumberInUse { first, .. } => Some(RuleTarget::from((**first).clone())),
            _ => None,
        };
        let named = [Some(refusal.on.clone()), other].into_iter().flatten();
        let entries = named.map(|target| self.entries_named(&target));
        entries.into_iter().find(|entries| !entries.is_empty()).unwrap_or_default()
    }

    fn entries_named(&self, target: &RuleTarget) -> Vec<AuditId> {
        match target {
            RuleTarget::Object(object) => object.id.map_or_else(Vec::new, |id| self.entries_of((object.kind, id))),
            RuleTarget::Setting(key) => {
                let is_of = |change: &AuditedChange<'_>| change.key().is_some_and(|own| own.as_str() == *key);
                let of_it = self.remaining.values().filter(|planned| is_of(&planned.change));
                of_it.map(|planned| planned.change.entry).collect()
            }
            RuleTarget::Within { place, part } => {
                let entries = self.entries_named(place);
                if entries.is_empty() { self.entries_named(part) } else { entries }
            }
            _ => Vec::new(),
        }
    }

    /// The newest transaction without which nothing is refused.
    fn transaction_to_blame(&self) -> Option<AuditId> {
        let transactions: BTreeSet<AuditId> = self.remaining.values().map(|planned| planned.transaction).collect();
        let is_to_blame =
            |transaction: &AuditId| !matches!(self.attempt_without(Some(*transaction)), Err(Obstacle::Refused(_)));
        Some(transactions).filter(|all| all.len() > 1)?.into_iter().rev().take(TRIED_MAX).find(is_to_blame)
    }
}

fn refused(refusals: &[Refusal]) -> WhyLeftOut {
    let unknown = || Refusal::new(Rule::V1, TargetKind::TheChange, Violation::NotMade);
    WhyLeftOut::Refused(Box::new(refusals.first().cloned().unwrap_or_else(unknown)))
}
