//! Queues by their names, and their members (telephony §6, §7).

use std::collections::BTreeMap;

use super::{SystemDefect, SystemPart, SystemRemedy, finding};
use crate::asterisk::Survey;
use crate::check::Finding;
use crate::live::messages::telephony::{MemberSeen, QueueSeen};
use crate::settings::agent::number_of_member;
use crate::settings::configuration::Configuration;
use crate::settings::id::Id as _;
use crate::settings::name::device_key;
use crate::settings::queue::{MemberId, Queue};
use crate::settings::rule::Severity;
use crate::settings::table::Kind;

pub(super) fn findings(configuration: &Configuration, survey: &Survey) -> Vec<Finding> {
    let seen: BTreeMap<&str, &QueueSeen> = survey.snapshot.queues.iter().map(|queue| (&*queue.name, queue)).collect();
    let mut findings = Vec::new();
    for queue in configuration.queues.iter() {
        match seen.get(queue.name.as_str()) {
            Some(seen) => findings.extend(members(configuration, queue, seen)),
            None => findings.push(absent(queue, &seen)),
        }
    }
    let is_other =
        |name: &&str| !configuration.queues.iter().any(|queue| queue.name.as_str().eq_ignore_ascii_case(name));
    findings.extend(seen.keys().copied().filter(is_other).map(|name| {
        let on = SystemPart::ForeignQueue(name.to_owned());
        finding(Severity::Warning, on, SystemDefect::NotKnownHere, SystemRemedy::Import)
    }));
    findings
}

/// A queue here of which Asterisk knows nothing, or which it calls otherwise.
fn absent(queue: &Queue, seen: &BTreeMap<&str, &QueueSeen>) -> Finding {
    let name = queue.name.as_str();
    let (defect, remedy) = match seen.keys().find(|other| other.eq_ignore_ascii_case(name)) {
        Some(&other) => (
            SystemDefect::CalledOtherwise { there: other.to_owned() },
            SystemRemedy::RenameQueue { here: name.to_owned(), there: other.to_owned() },
        ),
        None => (SystemDefect::NotKnownThere, SystemRemedy::AddQueue { name: name.to_owned() }),
    };
    about(queue, Severity::Error, defect, remedy)
}

fn about(queue: &Queue, severity: Severity, defect: SystemDefect, remedy: SystemRemedy) -> Finding {
    let on = SystemPart::Queue(queue.name.as_str().to_owned());
    finding(severity, on, defect, remedy).of(Kind::Queue, queue.id.number())
}

/// Members of one queue that are not the same here and there. Agents who are not logged in are in no queue of Asterisk.
fn members(configuration: &Configuration, queue: &Queue, seen: &QueueSeen) -> Vec<Finding> {
    let mut findings: Vec<Finding> = seen
        .members
        .iter()
        .filter_map(|member| foreign(configuration, queue, member).or_else(|| penalty(configuration, queue, member)))
        .map(|(defect, remedy)| about(queue, Severity::Warning, defect, remedy))
        .collect();
    for member in &queue.members {
        let MemberId::Line(id) = member.member else { continue };
        let Some(line) = configuration.lines.get(id) else { continue };
        let is_there = |seen: &MemberSeen| line_of(configuration, seen) == Some(member.member);
        if !seen.members.iter().any(is_there) {
            let (device, name) = (line.device.as_str().to_owned(), queue.name.as_str().to_owned());
            let defect = SystemDefect::MemberHereAlone { device: device.clone() };
            let remedy = SystemRemedy::AddMember { device, queue: name };
            findings.push(about(queue, Severity::Warning, defect, remedy));
        }
    }
    findings
}

/// The agent or line that a member is, if there is one here.
fn known(configuration: &Configuration, member: &MemberSeen) -> Option<MemberId> {
    match number_of_member(&member.name) {
        Some(number) => {
            let agent = configuration.agents.find(|agent| agent.number.as_str() == number)?;
            Some(agent.id.into())
        }
        None => line_of(configuration, member),
    }
}

fn line_of(configuration: &Configuration, member: &MemberSeen) -> Option<MemberId> {
    let keys = member.device_keys();
    let line = configuration.lines.find(|line| keys.contains(&device_key(line.device.as_str())))?;
    Some(line.id.into())
}

/// A member of whom nothing is known here, or not in this queue, or who can never log off.
fn foreign(configuration: &Configuration, queue: &Queue, member: &MemberSeen) -> Option<(SystemDefect, SystemRemedy)> {
    let (name, interface) = (member.name.clone(), member.interface.clone());
    let is_agent = number_of_member(&name).is_some();
    if is_agent && !member.is_dynamic {
        return Some((SystemDefect::FixedAgent { name }, SystemRemedy::RemoveMember { interface }));
    }
    match known(configuration, member) {
        None if is_agent => Some((SystemDefect::UnknownAgent { name }, SystemRemedy::Import)),
        None => Some((SystemDefect::UnknownDevice { interface }, SystemRemedy::AddLine)),
        Some(id) if queue.member(id).is_none() => Some((SystemDefect::MemberThereAlone { name }, SystemRemedy::Import)),
        Some(_) => None,
    }
}

fn penalty(configuration: &Configuration, queue: &Queue, member: &MemberSeen) -> Option<(SystemDefect, SystemRemedy)> {
    let (here, there) = (u32::from(queue.member(known(configuration, member)?)?.penalty), member.penalty);
    let name = member.name.clone();
    (here != there).then_some((SystemDefect::OtherPenalty { name, here, there }, SystemRemedy::SetPenalty))
}
