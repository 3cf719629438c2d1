//! Queue statistics, and the subscriptions to queues, rooms and calls (protocol 4.6, 4.10–4.12, 4.16).

use serde_json::Value;

use super::members::{Fault, Members, integer};
use super::unknown;
use crate::protocol::request::Request;

pub(super) fn subscribe(members: &mut Members) -> Result<Request, Fault> {
    let message = members.text("message")?;
    match &*message {
        "current_calls" => Ok(Request::SubscribeCurrentCalls),
        "meetme_update" => Ok(Request::SubscribeMeetmes),
        "queueentryupdate" => Ok(Request::SubscribeQueueEntries { queue: members.integer("queueid")? }),
        message => Ok(unknown(&format!("subscribe {message}"))),
    }
}

/// `on` maps a queue's id to its `window` and `xqos`, both required, as integers or numeric text.
pub(super) fn getqueuesstats(members: &mut Members) -> Result<Request, Fault> {
    let queues = match members.take("on") {
        None => None,
        Some(Value::Object(on)) => {
            let mut queues = Vec::with_capacity(on.len());
            for (queue, wanted) in on {
                check_wanted(&wanted)?;
                queues.push(queue.into());
            }
            Some(queues)
        }
        Some(_) => return Err(Fault::wrong("on", "an object")),
    };
    Ok(Request::GetQueuesStats { queues })
}

fn check_wanted(wanted: &Value) -> Result<(), Fault> {
    let Value::Object(wanted) = wanted else { return Err(Fault::wrong("on", "an object of objects")) };
    for name in ["window", "xqos"] {
        let value = wanted.get(name).ok_or_else(|| Fault::missing(name))?;
        integer(value).ok_or_else(|| Fault::wrong(name, "an integer or its text"))?;
    }
    Ok(())
}
