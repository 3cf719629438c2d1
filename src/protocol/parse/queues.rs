//! Queue statistics, and the subscriptions to queues, rooms and calls (protocol 4.6, 4.10–4.12, 4.16).

use super::fault::Fault;
use super::json::{Given, Raw};
use super::members::{Members, integer};
use super::unknown;
use crate::protocol::request::Request;

/// Queues that one question for statistics may name: each is answered.
pub(in crate::protocol) const QUEUES_ASKED_MAX: usize = 500;
/// The name of one of them, which the answer repeats; real ones are numbers.
const QUEUE_NAME_BYTES_MAX: usize = 64;

pub(super) fn subscribe(members: &Members<'_>) -> Result<Request, Fault> {
    let message = members.text("message")?;
    match &*message {
        "current_calls" => Ok(Request::SubscribeCurrentCalls),
        "meetme_update" => Ok(Request::SubscribeMeetmes),
        "queueentryupdate" => Ok(Request::SubscribeQueueEntries { queue: members.integer("queueid")? }),
        message => Ok(unknown(&format!("subscribe {message}"))),
    }
}

/// `on` maps a queue's id to its `window` and `xqos`, both required, as integers or numeric text.
pub(super) fn getqueuesstats(members: &Members<'_>) -> Result<Request, Fault> {
    let queues = match members.take("on")? {
        None => None,
        Some(Given::Object(on)) => {
            let mut queues: Vec<Box<str>> = Vec::new();
            for (number, (queue, wanted)) in on.enumerate() {
                check_wanted(wanted)?;
                if number == QUEUES_ASKED_MAX || queue.len() > QUEUE_NAME_BYTES_MAX {
                    let most = format!(
                        "an object of at most {QUEUES_ASKED_MAX} queues, each named in at most {QUEUE_NAME_BYTES_MAX} bytes"
                    );
                    return Err(Fault::wrong("on", &most));
                }
                if !queues.iter().any(|other| **other == *queue) {
                    queues.push(queue.into());
                }
            }
            Some(queues)
        }
        Some(_) => return Err(Fault::wrong("on", "an object")),
    };
    Ok(Request::GetQueuesStats { queues })
}

fn check_wanted(wanted: Raw<'_>) -> Result<(), Fault> {
    const NAMES: [&str; 2] = ["window", "xqos"];
    let Given::Object(wanted) = wanted.given()? else { return Err(Fault::wrong("on", "an object of objects")) };
    for (name, value) in NAMES.into_iter().zip(wanted.pick(NAMES)) {
        let value = value.ok_or_else(|| Fault::missing(name))?;
        integer(&value.given()?).ok_or_else(|| Fault::wrong(name, "an integer or its text"))?;
    }
    Ok(())
}
