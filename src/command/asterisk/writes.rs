//! What a link would write into Asterisk: the live picture itself is asked, made of the stored configuration and states and
//! given what Asterisk says. What it wants to be done is collected here instead of sent, each as if it had succeeded, and
//! all is thrown away.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::engine::Clock;
use crate::live::Live;
use crate::live::messages::telephony::{QueueLogRow, StoredKey};
use crate::live::messages::{TelephonyInput, TelephonyQuestion, TelephonyRequest, TelephonySnapshot, TimeOfDay};
use crate::live::{self, Effects, PreparedSettings};
use crate::settings::setting::General;
use crate::settings::state::States;
use crate::settings::whole::WholeConfiguration;

/// What follows on what: more steps than any start takes.
const STEPS_MAX: usize = 1_000_000;

/// In the order in which it would be written.
pub(super) fn planned(
    configuration: Arc<WholeConfiguration>,
    general: Arc<General>,
    states: States,
    snapshot: TelephonySnapshot,
) -> Vec<TelephonyRequest> {
    let now = Clock::start().now();
    let (mut live, begun) =
        Live::new(PreparedSettings::new(configuration, general), states, |unix| TimeOfDay::at(unix, 0), now);
    let mut inputs = VecDeque::from(follow_up(begun, &mut Vec::new()));
    inputs.push_back(live::Input::Telephony(TelephonyInput::Up(Box::new(snapshot))));
    let mut planned = Vec::new();
    for _ in 0..STEPS_MAX {
        let more = live.is_publishing().then_some(live::Input::Continue);
        let Some(next) = inputs.pop_front().or(more) else { break };
        inputs.extend(follow_up(live.apply(now, next), &mut planned));
    }
    planned
}

/// What it writes, in a word for programs and in words for people. What only asks writes nothing, and no link begins or
/// ends a call.
pub(super) fn written(request: &TelephonyRequest) -> Option<(&'static str, String)> {
    let paused = |reason: &str| if reason.is_empty() { "paused".to_owned() } else { format!("paused: {reason}") };
    Some(match request {
        TelephonyRequest::QueueAdd { queue, interface, name, paused: reason, .. } => {
            let pause = reason.as_deref().map_or(String::new(), |reason| format!(", {}", paused(reason)));
            ("queue_add", format!("queue {queue}: add {name} ({interface}){pause}"))
        }
        TelephonyRequest::QueueRemove { queue, interface } => {
            ("queue_remove", format!("queue {queue}: remove {interface}"))
        }
        TelephonyRequest::QueuePause { queue, interface, is_paused, reason } => {
            let queue = queue.as_deref().map_or("all queues".to_owned(), |queue| format!("queue {queue}"));
            let pause = if *is_paused { paused(reason) } else { "not paused".to_owned() };
            ("queue_pause", format!("{queue}: {interface} {pause}"))
        }
        TelephonyRequest::QueuePenalty { queue, interface, penalty } => {
            ("queue_penalty", format!("queue {queue}: {interface} penalty {penalty}"))
        }
        TelephonyRequest::QueueLog(QueueLogRow { queue, event, interface, message }) => {
            ("queue_log", format!("queue_log: {queue} {interface} {event} {message}"))
        }
        TelephonyRequest::SetLamp { lamp, is_lit } => {
            ("lamp", format!("lamp Custom:{lamp}: {}", if *is_lit { "on" } else { "off" }))
        }
        TelephonyRequest::PutKey(StoredKey { family, key, value }) => {
            ("key_put", format!("AstDB {family}/{key}: {value}"))
        }
        TelephonyRequest::DeleteKey { family, key } => ("key_delete", format!("AstDB {family}/{key}: delete")),
        TelephonyRequest::QueueStatus { .. }
        | TelephonyRequest::MemberStatus { .. }
        | TelephonyRequest::QueueSummary { .. }
        | TelephonyRequest::Hangup { .. } => return None,
    })
}

/// What happens when all of it is done.
fn follow_up(effects: Effects, planned: &mut Vec<TelephonyRequest>) -> Vec<live::Input> {
    let mut inputs = Vec::new();
    if !effects.after_commit.is_empty() {
        inputs.push(live::Input::Committed(effects.after_commit));
    }
    for call in effects.telephony_calls {
        // No link begins a call, or looks for an extension.
        if let TelephonyQuestion::Do(request, _) = &call.question {
            planned.push(request.clone());
        }
        inputs.push(live::Input::TelephonyReplied(call.question.succeed()));
    }
    inputs
}
