//! Queues by their names, and their members (telephony §6, §7).

use std::collections::BTreeMap;

use super::finding;
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

const IMPORT: &str = "take it over with `ctibox asterisk import`, or leave it so";

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
        finding(Severity::Warning, format!("queue {name} of Asterisk"), "is not known here: no client sees it", IMPORT)
    }));
    findings
}

/// A queue here of which Asterisk knows nothing, or which it calls otherwise.
fn absent(queue: &Queue, seen: &BTreeMap<&str, &QueueSeen>) -> Finding {
    let name = &queue.name;
    let (message, remedy) = match seen.keys().find(|other| other.eq_ignore_ascii_case(name.as_str())) {
        Some(other) => (
            format!("is called \"{other}\" in Asterisk, where the case of letters counts"),
            format!("run `ctibox queue edit {name} --rename {other}`"),
        ),
        None => (
            "is not known to Asterisk: no agent can log in there".to_owned(),
            format!("add [{name}] to queues.conf; `ctibox asterisk dialplan` writes it"),
        ),
    };
    finding(Severity::Error, format!("queue \"{name}\""), message, remedy).of(Kind::Queue, queue.id.number())
}

/// Members of one queue that are not the same here and there. Agents who are not logged in are in no queue of Asterisk.
fn members(configuration: &Configuration, queue: &Queue, seen: &QueueSeen) -> Vec<Finding> {
    let about = |message: String, remedy: String| {
        finding(Severity::Warning, format!("queue \"{}\"", queue.name), message, remedy)
            .of(Kind::Queue, queue.id.number())
    };
    let mut findings: Vec<Finding> = seen
        .members
        .iter()
        .filter_map(|member| foreign(configuration, queue, member).or_else(|| penalty(configuration, queue, member)))
        .map(|(message, remedy)| about(message, remedy))
        .collect();
    for member in &queue.members {
        let MemberId::Line(id) = member.member else { continue };
        let Some(line) = configuration.lines.get(id) else { continue };
        let is_there = |seen: &MemberSeen| line_of(configuration, seen) == Some(member.member);
        if !seen.members.iter().any(is_there) {
            let device = line.device.as_str();
            let message = format!("its member {device} is none in Asterisk");
            findings.push(about(message, format!("add `member => {device}` to [{}] in queues.conf", queue.name)));
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
fn foreign(configuration: &Configuration, queue: &Queue, member: &MemberSeen) -> Option<(String, String)> {
    let (name, interface) = (&member.name, &member.interface);
    let is_agent = number_of_member(name).is_some();
    if is_agent && !member.is_dynamic {
        let message = format!("{name} is a member by queues.conf: it cannot log off");
        return Some((message, format!("take `member => {interface}` out of queues.conf: agents log in")));
    }
    match known(configuration, member) {
        None if is_agent => {
            Some((format!("{name} is logged in, and no agent of that number is here"), IMPORT.to_owned()))
        }
        None => Some((
            format!("{interface} is a member in Asterisk, and no line has that device"),
            "add the line with `ctibox line add`, or leave it so".to_owned(),
        )),
        Some(id) if queue.member(id).is_none() => {
            Some((format!("{name} is a member in Asterisk alone"), IMPORT.to_owned()))
        }
        Some(_) => None,
    }
}

fn penalty(configuration: &Configuration, queue: &Queue, member: &MemberSeen) -> Option<(String, String)> {
    let own = queue.member(known(configuration, member)?)?.penalty;
    let (name, there) = (&member.name, member.penalty);
    let remedy = "set one of them: a login brings the one here".to_owned();
    (u32::from(own) != there).then(|| (format!("{name} has the penalty {own} here and {there} in Asterisk"), remedy))
}
