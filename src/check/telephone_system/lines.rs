//! Lines, hints and the dial plan (telephony §4, §10.1, §17).

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::{SystemDefect, SystemPart, SystemRemedy, finding};
use crate::asterisk::{DialplanExtension, Survey};
use crate::check::Finding;
use crate::live::messages::telephony::{AgentCode, HintSeen, ServiceCode};
use crate::settings::agent::CALLBACK_CONTEXT;
use crate::settings::configuration::Configuration;
use crate::settings::id::ContextId;
use crate::settings::line::Line;
use crate::settings::name::device_key;
use crate::settings::rule::Severity;
use crate::settings::setting::General;

/// Where callers' names are asked for.
const CALLER_NAMES: (&str, &str) = ("cti-name", "s");
/// Technologies of telephones; all else in a hint is a lamp or a room.
const TELEPHONES: [&str; 6] = ["pjsip/", "sip/", "sccp/", "iax2/", "dahdi/", "skinny/"];

/// What the dial plan is asked for.
pub(crate) fn places(configuration: &Configuration) -> Vec<DialplanExtension> {
    let agents = configuration.agents.iter().map(|_| agent_place()).take(1);
    let lines = configuration.lines.iter().map(|line| place(configuration, line.context, line.extension.as_str()));
    let queues = configuration.queues.iter().map(|queue| place(configuration, queue.context, queue.number.as_str()));
    agents.chain(lines).chain(queues).chain(code_places(configuration)).chain([caller_names_place()]).collect()
}

pub(super) fn findings(configuration: &Configuration, survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    if configuration.agents.iter().next().is_some() && !survey.places.contains(&agent_place()) {
        findings.push(unwritten(Severity::Error, SystemPart::DialPlan, SystemDefect::NoAgentContext));
    }
    findings.extend(missing_numbers(configuration, survey));
    findings.extend(missing_codes(configuration, survey));
    findings.extend(hints(configuration, &survey.snapshot.hints));
    findings
}

/// Nobody asks what callers are called, though they may; a XiVO has a lookup of its own.
pub(super) fn unnamed_callers(general: &General, survey: &Survey) -> Option<Finding> {
    let is_wanted = general.agi_listen.is_some() && !survey.is_xivo;
    (is_wanted && !survey.places.contains(&caller_names_place()))
        .then(|| unwritten(Severity::Warning, SystemPart::DialPlan, SystemDefect::NamesNotAskedFor))
}

/// Any agent's.
fn agent_place() -> DialplanExtension {
    (CALLBACK_CONTEXT.into(), "id-1".into())
}

/// In each context with telephones: the codes that they dial, and a key with a lamp.
fn code_places(configuration: &Configuration) -> Vec<DialplanExtension> {
    let agents = configuration.agents.iter().next().map(|_| AgentCode::ALL).into_iter().flatten();
    let codes: Vec<&str> =
        ServiceCode::ALL.into_iter().map(ServiceCode::as_str).chain(agents.map(AgentCode::as_str)).collect();
    let mut first_lines = BTreeMap::new();
    for line in configuration.lines.iter() {
        first_lines.entry(line.context).or_insert(line);
    }
    let of_context = |(context, line): (ContextId, &Arc<Line>)| {
        let key = ServiceCode::DoNotDisturb.key_of(line.user);
        let places = codes.iter().map(|code| place(configuration, context, code));
        places.chain([place(configuration, context, &key)]).collect::<Vec<_>>()
    };
    first_lines.into_iter().flat_map(of_context).collect()
}

fn caller_names_place() -> DialplanExtension {
    let (context, extension) = CALLER_NAMES;
    (context.into(), extension.into())
}

fn place(configuration: &Configuration, context: ContextId, number: &str) -> DialplanExtension {
    let context = configuration.contexts.get(context).map_or("", |context| context.name.as_str());
    (context.into(), number.into())
}

/// Something that the dial plan lacks, and that is written for it.
fn unwritten(severity: Severity, part: SystemPart, defect: SystemDefect) -> Finding {
    finding(severity, part, defect, SystemRemedy::WriteDialplan)
}

fn missing_numbers(configuration: &Configuration, survey: &Survey) -> Vec<Finding> {
    let missing = |(context, number): DialplanExtension| {
        let is_missing = !survey.places.contains(&(context.clone(), number.clone()));
        is_missing.then(|| format!("{number}@{context}"))
    };
    let of_lines = configuration.lines.iter().map(|line| place(configuration, line.context, line.extension.as_str()));
    let lines: Vec<String> = of_lines.filter_map(missing).collect();
    let of_queues = configuration.queues.iter().map(|queue| place(configuration, queue.context, queue.number.as_str()));
    let queues: Vec<String> = of_queues.filter_map(missing).collect();
    let lines = (!lines.is_empty()).then_some(SystemPart::Lines(lines));
    let queues = (!queues.is_empty()).then_some(SystemPart::QueueNumbers(queues));
    let parts = lines.into_iter().chain(queues);
    parts.map(|part| unwritten(Severity::Warning, part, SystemDefect::NotDialled)).collect()
}

/// Codes that are missing everywhere are but one finding.
fn missing_codes(configuration: &Configuration, survey: &Survey) -> Option<Finding> {
    let missing = code_places(configuration).into_iter().filter(|place| !survey.places.contains(place));
    let missing: Vec<String> = missing.map(|(context, code)| format!("{code}@{context}")).collect();
    (!missing.is_empty()).then(|| unwritten(Severity::Warning, SystemPart::Codes(missing), SystemDefect::NoCode))
}

/// Devices of telephones in a hint.
fn devices(hint: &HintSeen) -> impl Iterator<Item = Box<str>> {
    let is_telephone =
        |device: &&str| TELEPHONES.iter().any(|technology| device.to_lowercase().starts_with(technology));
    hint.devices().filter(is_telephone).map(device_key)
}

fn hints(configuration: &Configuration, hints: &[HintSeen]) -> Vec<Finding> {
    let hinted: HashSet<Box<str>> = hints.iter().flat_map(devices).collect();
    let places: HashSet<DialplanExtension> =
        hints.iter().map(|hint| (hint.context.clone(), hint.extension.clone())).collect();
    let (mut own_devices, mut own_places, mut unhinted) = (HashSet::new(), HashSet::new(), Vec::new());
    for line in configuration.lines.iter() {
        let device = device_key(line.device.as_str());
        let place = place(configuration, line.context, line.extension.as_str());
        if !hinted.contains(&device) && !places.contains(&place) {
            unhinted.push(format!("{}@{}", place.1, place.0));
        }
        own_devices.insert(device);
        own_places.insert(place);
    }
    let is_foreign = |hint: &&HintSeen| {
        let mut devices = devices(hint).peekable();
        devices.peek().is_some()
            && !devices.any(|device| own_devices.contains(&device))
            && !own_places.contains(&(hint.context.clone(), hint.extension.clone()))
    };
    let foreign = hints.iter().filter(is_foreign).map(|hint| format!("{}@{}", hint.extension, hint.context));
    let foreign: Vec<String> = foreign.collect();
    let mut findings = Vec::new();
    if !unhinted.is_empty() {
        let on = SystemPart::Lines(unhinted);
        findings.push(finding(Severity::Warning, on, SystemDefect::NoHint, SystemRemedy::WriteHints));
    }
    if !foreign.is_empty() {
        let on = SystemPart::Hints(foreign);
        findings.push(finding(Severity::Warning, on, SystemDefect::HintWithoutLine, SystemRemedy::AddLine));
    }
    findings
}
