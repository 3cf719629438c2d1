//! Contexts and what is dialled in them: rules C1, C2, the references of C3, and Q1.

use std::collections::{BTreeSet, HashMap};

use super::{Subject, Validator};
use crate::settings::id::{ContextId, Id as _};
use crate::settings::label::context_name;
use crate::settings::queue::{MemberId, PENALTY_MAX, Queue, WRAPUP_SECONDS_MAX};
use crate::settings::reserved;
use crate::settings::rule::Rule;
use crate::settings::table::Kind;
use crate::settings::violation::Violation;

pub(super) fn validate(validator: &mut Validator<'_>) {
    let configuration = validator.configuration;
    let contexts = configuration.contexts.iter().map(|context| &**context);
    validator.unique(Rule::C1, "name", contexts, |context| Some(context.name.as_str()));
    for context in configuration.contexts.iter() {
        if let Some(why) = reserved::context(context.name.as_str()) {
            validator.error(Rule::C1, &**context, why);
        }
        for include in context.includes.iter().filter(|id| configuration.contexts.get(**id).is_none()) {
            validator.error(Rule::C3, &**context, Violation::UnknownInclude { id: include.number() });
        }
        let different: BTreeSet<_> = context.includes.iter().collect();
        if different.len() < context.includes.len() {
            validator.error(Rule::C1, &**context, Violation::IncludesTwice);
        }
    }
    check_numbers(validator);
    validator
        .unique(Rule::Q1, "name", configuration.queues.iter().map(|queue| &**queue), |queue| Some(queue.name.as_str()));
    for queue in configuration.queues.iter() {
        check_queue(validator, queue);
    }
    for conference in configuration.conferences.iter() {
        expect_context(validator, &**conference, conference.context);
        let number = conference.number.as_str();
        if let Some(why) = reserved::extension(number).or_else(|| reserved::conference(number)) {
            validator.error(Rule::C2, &**conference, why);
        }
    }
}

/// Rule C3 for whatever stands in a context.
pub(super) fn expect_context(validator: &mut Validator<'_>, on: &dyn Subject, context: ContextId) {
    if validator.configuration.contexts.get(context).is_none() {
        validator.error(Rule::C3, on, Violation::UnknownContext { id: context.number() });
    }
}

/// Rule C2: lines, queues and conference rooms share the numbers of a context.
fn check_numbers(validator: &mut Validator<'_>) {
    let configuration = validator.configuration;
    let mut seen: HashMap<(ContextId, &str), &dyn Subject> = HashMap::with_capacity(configuration.lines.len());
    let lines = configuration.lines.iter().map(|line| (line.context, line.extension.as_str(), &**line as &dyn Subject));
    let queues =
        configuration.queues.iter().map(|queue| (queue.context, queue.number.as_str(), &**queue as &dyn Subject));
    let rooms =
        configuration.conferences.iter().map(|room| (room.context, room.number.as_str(), &**room as &dyn Subject));
    for (context, number, object) in lines.chain(queues).chain(rooms) {
        if let Some(first) = seen.get(&(context, number)) {
            let (number, first) = (number.to_owned(), Box::new(first.object_name(configuration)));
            let context = context_name(configuration, context);
            validator.error(Rule::C2, object, Violation::NumberInUse { number, first, context });
        } else {
            seen.insert((context, number), object);
        }
    }
}

fn check_queue(validator: &mut Validator<'_>, queue: &Queue) {
    expect_context(validator, queue, queue.context);
    if let Some(why) = reserved::queue(queue.name.as_str()) {
        validator.error(Rule::Q1, queue, why);
    }
    if let Some(why) = reserved::extension(queue.number.as_str()) {
        validator.error(Rule::C2, queue, why);
    }
    if queue.wrapup_seconds > WRAPUP_SECONDS_MAX {
        let problem = Violation::WrapupTime { seconds: queue.wrapup_seconds, most: WRAPUP_SECONDS_MAX };
        validator.error(Rule::Q1, queue, problem);
    }
    let (mut seen, mut devices) = (BTreeSet::new(), HashMap::new());
    for member in &queue.members {
        let Some(name) = member.member.object_name(validator.configuration) else {
            let (kind, id) = match member.member {
                MemberId::Agent(id) => (Kind::Agent, id.number()),
                MemberId::Line(id) => (Kind::Line, id.number()),
            };
            validator.error(Rule::C3, queue, Violation::UnknownMember { kind, id });
            continue;
        };
        if !seen.insert(member.member) {
            validator.error(Rule::Q1, queue, Violation::MemberTwice { member: name.clone() });
        }
        if let MemberId::Line(id) = member.member
            && let Some(line) = validator.configuration.lines.get(id)
            && let Some(first) = devices.insert(line.device.key(), name.clone())
        {
            validator.error(Rule::Q1, queue, Violation::SameTelephone { member: name.clone(), first: Box::new(first) });
        }
        if member.penalty > PENALTY_MAX {
            let problem = Violation::Penalty { member: name, penalty: member.penalty, most: PENALTY_MAX };
            validator.error(Rule::Q1, queue, problem);
        }
    }
}
