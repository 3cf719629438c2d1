//! How each request becomes actions, and their answers its reply (telephony §1.6). Pure; the session runs the plans. Whatever
//! already is as it is wanted, such as a member who is not there to be removed, is done.

/// Calls that begin at a telephone of ours.
mod originate;

use super::action::Action;
use super::answer::Answer;
use super::asked::AsteriskRequest;
use super::event::{listed_member, summary};
use super::plan::{Awaited, Plan, Step, refusal};
use super::resync::queues;
use crate::live::messages::telephony::{DialplanPlace, QueueLogRow, StoredKey};
use crate::live::messages::{RequestFailure, TelephonyEvent, TelephonyRequest};

/// What cannot stand in the arguments of a function of the dial plan without becoming others.
const ARGUMENT_SYNTAX: [char; 7] = [',', '(', ')', '"', '\\', '$', '{'];

/// The way to the reply of whoever waits.
pub(super) fn begin(request: AsteriskRequest) -> Step {
    match request {
        AsteriskRequest::Do(request, done) => plan(&request).for_whom(done),
        AsteriskRequest::Exists(place, done) => exists(&place).for_whom(done),
        AsteriskRequest::Originate(call, done) => originate::plan(&call).for_whom(done),
    }
}

fn plan(request: &TelephonyRequest) -> Plan<Result<(), RequestFailure>> {
    match request {
        TelephonyRequest::QueueAdd { queue, interface, name, state_interface, penalty, paused } => {
            let add = Action::new("QueueAdd")
                .with("Queue", &**queue)
                .with("Interface", &**interface)
                .with("MemberName", &**name)
                .with("StateInterface", &**state_interface)
                .with("Penalty", penalty.to_string())
                .with("Paused", if paused.is_some() { "true" } else { "false" });
            // Asterisk takes no reason with a new member.
            let reason = paused.as_deref().filter(|reason| !reason.is_empty());
            queue_add(add, reason.map(|reason| pause(Some(queue), interface, true, reason)))
        }
        TelephonyRequest::QueueRemove { queue, interface } => {
            let action = Action::new("QueueRemove").with("Queue", &**queue).with("Interface", &**interface);
            done_also_if(action, &["Not there", "No such queue"])
        }
        TelephonyRequest::QueuePause { queue, interface, is_paused, reason } => {
            Plan::just(pause(queue.as_deref(), interface, *is_paused, reason))
        }
        TelephonyRequest::QueuePenalty { queue, interface, penalty } => {
            let action = Action::new("QueuePenalty").with("Queue", &**queue).with("Interface", &**interface);
            Plan::just(action.with("Penalty", penalty.to_string()))
        }
        TelephonyRequest::QueueLog(row) => Plan::just(queue_log(row)),
        TelephonyRequest::QueueStatus { queue } => queue_status(queue),
        TelephonyRequest::MemberStatus { queue, interface } => member_status(queue, interface),
        TelephonyRequest::QueueSummary { queue } => {
            let action = Action::new("QueueSummary").with("Queue", &**queue);
            Plan::ask(action, Awaited::Response, |answer| {
                learnt(answer, answer.events("QueueSummary").filter_map(summary).collect())
            })
        }
        TelephonyRequest::SetLamp { lamp, is_lit } => {
            let variable = format!("DEVICE_STATE(Custom:{lamp})");
            let state = if *is_lit { "INUSE" } else { "NOT_INUSE" };
            Plan::just(Action::new("Setvar").with("Variable", variable).with("Value", state))
        }
        TelephonyRequest::PutKey(StoredKey { family, key, value }) => {
            Plan::just(Action::new("DBPut").with("Family", &**family).with("Key", &**key).with("Val", &**value))
        }
        TelephonyRequest::DeleteKey { family, key } => {
            let action = Action::new("DBDel").with("Family", &**family).with("Key", &**key);
            done_also_if(action, &["could not be deleted", "not found"])
        }
        TelephonyRequest::Hangup { channel, cause } => {
            let action = Action::new("Hangup").with("Channel", &**channel).with("Cause", cause.to_string());
            done_also_if(action, &["No such channel"])
        }
    }
}

fn is_one_of(answer: &Answer, texts: &[&str]) -> bool {
    texts.iter().any(|text| answer.message().contains(text))
}

fn reply_to(answer: &Answer, also_done: &[&str]) -> Result<(), RequestFailure> {
    if answer.is_success() || is_one_of(answer, also_done) { Ok(()) } else { Err(refusal(answer)) }
}

/// One action that is done also if Asterisk refuses it in one of these words.
fn done_also_if(action: Action, texts: &'static [&'static str]) -> Plan<Result<(), RequestFailure>> {
    Plan::ask(action, Awaited::Response, |answer| Plan::reply(reply_to(answer, texts)))
}

/// What a question brought.
fn learnt(answer: &Answer, events: Vec<TelephonyEvent>) -> Plan<Result<(), RequestFailure>> {
    if answer.is_success() { Plan::reply_with(events, Ok(())) } else { Plan::reply(Err(refusal(answer))) }
}

/// One who is there already is paused all the same, if that is wanted.
fn queue_add(add: Action, pause: Option<Action>) -> Plan<Result<(), RequestFailure>> {
    Plan::ask(add, Awaited::Response, |answer| match (reply_to(answer, &["Already there"]), pause) {
        (Ok(()), Some(pause)) => Plan::just(pause),
        (reply, _) => Plan::reply(reply),
    })
}

fn pause(queue: Option<&str>, interface: &str, is_paused: bool, reason: &str) -> Action {
    let action = Action::new("QueuePause");
    let action = if let Some(queue) = queue { action.with("Queue", queue) } else { action };
    let action = action.with("Interface", interface).with("Paused", if is_paused { "true" } else { "false" });
    if reason.is_empty() { action } else { action.with("Reason", reason) }
}

fn queue_log(row: &QueueLogRow) -> Action {
    Action::new("QueueLog")
        .with("Queue", &*row.queue)
        .with("Event", row.event)
        .with("Uniqueid", "NONE")
        .with("Interface", &*row.interface)
        .with("Message", &*row.message)
}

/// A queue that Asterisk does not have is answered by an empty list.
fn queue_status(queue: &str) -> Plan<Result<(), RequestFailure>> {
    let action = Action::new("QueueStatus").with("Queue", queue);
    Plan::ask(action, Awaited::List, |answer| {
        let found = queues(answer).into_iter().map(TelephonyEvent::Queue).collect::<Vec<_>>();
        if answer.is_success() && found.is_empty() { no_such("No such queue") } else { learnt(answer, found) }
    })
}

fn member_status(queue: &str, interface: &str) -> Plan<Result<(), RequestFailure>> {
    let action = Action::new("QueueStatus").with("Queue", queue).with("Member", interface);
    Plan::ask(action, Awaited::List, |answer| {
        let found = answer.events("QueueMember").filter_map(listed_member).map(TelephonyEvent::Member);
        let found = found.collect::<Vec<_>>();
        if answer.is_success() && found.is_empty() { no_such("Interface not found") } else { learnt(answer, found) }
    })
}

/// In Asterisk's own words, where it has none for this action.
fn no_such(text: &str) -> Plan<Result<(), RequestFailure>> {
    Plan::reply(Err(RequestFailure::Refused(text.into())))
}

/// An extension that could not be asked for cannot be dialled either.
fn exists(DialplanPlace { context, extension }: &DialplanPlace) -> Plan<Result<bool, RequestFailure>> {
    if extension.is_empty() || [context, extension].iter().any(|text| text.contains(ARGUMENT_SYNTAX)) {
        return Plan::reply(Ok(false));
    }
    let variable = format!("DIALPLAN_EXISTS({context},{extension},1)");
    Plan::ask(Action::new("Getvar").with("Variable", variable), Awaited::Response, |answer| {
        let exists = answer.response.text("Value").trim() == "1";
        Plan::reply(if answer.is_success() { Ok(exists) } else { Err(refusal(answer)) })
    })
}

#[cfg(test)]
mod tests;
