//! Presence groups and presences as a whole: rules P1, P4, P7, P8, P9, P14 to P17.

use std::collections::{BTreeMap, BTreeSet};

use super::Validator;
use crate::settings::configuration::Configuration;
use crate::settings::edit::DEFAULT_GROUP;
use crate::settings::id::{Id as _, PresenceGroupId, PresenceId};
use crate::settings::label::Labelled;
use crate::settings::presence::{AVAILABLE, DISCONNECTED, Presence, PresenceAction, PresenceGroup};
use crate::settings::rule::{Finding, Refusal, Rule, Severity};
use crate::settings::rule_target::ObjectName;
use crate::settings::table::Kind;
use crate::settings::violation::Violation;

pub(super) fn validate(validator: &mut Validator<'_>) {
    let configuration = validator.configuration;
    let groups = || configuration.presence_groups.iter().map(|group| &**group);
    validator.unique(Rule::P1, "name (the case of letters does not count)", groups(), |group| {
        Some(group.name.as_str().to_ascii_lowercase())
    });
    expect_default_group(validator);
    validator.unique(Rule::P4, "name", configuration.presences.iter().map(|presence| &**presence), |presence| {
        Some((presence.group, presence.name.as_str()))
    });
    let mut members: BTreeMap<PresenceGroupId, Vec<&Presence>> = BTreeMap::new();
    for presence in configuration.presences.iter() {
        members.entry(presence.group).or_default().push(presence);
    }
    for group in groups() {
        let presences = members.remove(&group.id).unwrap_or_default();
        check_group(validator, group, &presences);
    }
    for stray in members.into_values().flatten() {
        validator.error(Rule::P7, stray, Violation::UnknownGroup);
    }
}

fn expect_default_group(validator: &mut Validator<'_>) {
    let is_there = |group: &PresenceGroup| group.name.as_str() == DEFAULT_GROUP && !group.deletable;
    if validator.configuration.presence_groups.find(is_there).is_none() {
        let on = ObjectName::named(Kind::PresenceGroup, None, DEFAULT_GROUP);
        let refusal = Refusal::new(Rule::P14, on, Violation::DefaultGroupMustBe);
        validator.findings.push(Finding { severity: Severity::Error, about: None, refusal });
    }
}

fn check_group(validator: &mut Validator<'_>, group: &PresenceGroup, presences: &[&Presence]) {
    for name in [AVAILABLE, DISCONNECTED] {
        if !presences.iter().any(|presence| presence.name.as_str() == name) {
            validator.error(Rule::P9, group, Violation::MandatoryPresence { name });
        }
    }
    let reached = reached_from_available(presences);
    let lead_back = lead_to_available(presences);
    for presence in presences {
        check_actions(validator, presence);
        check_reachable(validator, presence, presences);
        let is_disconnected = presence.name.as_str() == DISCONNECTED;
        if !is_disconnected && presence.name.as_str() != AVAILABLE && !reached.contains(&presence.id) {
            validator.warning(Rule::P17, *presence, Violation::Unreachable);
        }
        if !is_disconnected && presence.reachable.is_empty() {
            validator.warning(Rule::P17, *presence, Violation::DeadEnd);
        } else if !is_disconnected && !lead_back.contains(&presence.id) {
            validator.warning(Rule::P17, *presence, Violation::NoWayBack);
        }
    }
}

fn check_reachable(validator: &mut Validator<'_>, presence: &Presence, presences: &[&Presence]) {
    if presence.reachable.contains(&presence.id) {
        validator.error(Rule::P8, presence, Violation::ReachesItself);
    }
    for id in &presence.reachable {
        match presences.iter().find(|other| other.id == *id) {
            None => validator.error(Rule::P7, presence, stranger(validator.configuration, *id)),
            Some(other) if other.name.as_str() == DISCONNECTED => {
                validator.warning(Rule::P16, presence, Violation::ReachesDisconnected);
            }
            Some(_) => {}
        }
    }
}

fn stranger(configuration: &Configuration, id: PresenceId) -> Violation {
    match configuration.presences.get(id) {
        Some(other) => Violation::ReachesStranger { other: other.object_name(configuration) },
        None => Violation::ReachesNobody { id: id.number() },
    }
}

fn check_actions(validator: &mut Validator<'_>, presence: &Presence) {
    let has = |wanted: PresenceAction| presence.actions.contains(&wanted);
    let mut names = BTreeSet::new();
    let twice: BTreeSet<_> =
        presence.actions.iter().map(|action| action.name()).filter(|name| !names.insert(*name)).collect();
    let both = [true, false].map(PresenceAction::EnableDnd).into_iter().all(has);
    for name in twice {
        let is_of_both = both && name == PresenceAction::EnableDnd(true).name();
        let problem = if is_of_both { Violation::SwitchesDndBothWays } else { Violation::ActionTwice { name } };
        validator.error(Rule::P15, presence, problem);
    }
    let (pause, unpause) = (has(PresenceAction::QueuePauseAll), has(PresenceAction::QueueUnpauseAll));
    if pause && unpause {
        validator.error(Rule::P15, presence, Violation::PausesAndUnpauses);
    }
    if (pause || unpause) && has(PresenceAction::AgentLogoff) {
        validator.warning(Rule::P15, presence, Violation::PausesAndLogsOff);
    }
}

/// Those from which it can be chosen, at once or over others; all, where the group lacks it, which is told by its own rule.
fn lead_to_available(presences: &[&Presence]) -> BTreeSet<PresenceId> {
    if !presences.iter().any(|presence| presence.name.as_str() == AVAILABLE) {
        return presences.iter().map(|presence| presence.id).collect();
    }
    joined_to_available(presences, |known, other| other.reachable.contains(&known.id))
}

fn reached_from_available(presences: &[&Presence]) -> BTreeSet<PresenceId> {
    joined_to_available(presences, |known, other| known.reachable.contains(&other.id))
}

/// It, and whatever is joined to one that is found already.
fn joined_to_available(
    presences: &[&Presence],
    is_joined: impl Fn(&Presence, &Presence) -> bool,
) -> BTreeSet<PresenceId> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&Presence> =
        presences.iter().copied().filter(|presence| presence.name.as_str() == AVAILABLE).collect();
    while let Some(presence) = waiting.pop() {
        if found.insert(presence.id) {
            waiting.extend(presences.iter().copied().filter(|other| is_joined(presence, other)));
        }
    }
    found
}
