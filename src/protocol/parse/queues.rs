//! Queue statistics, and the subscriptions to queues, rooms and calls (protocol 4.6, 4.10–4.12, 4.16).

use super::fault::Fault;
use super::json::{Given, Raw};
use super::members::{Members, integer};
use super::unknown;
use crate::protocol::queue_figures::FiguresQuestion;
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

/// `on` maps a queue's id to its `window` and `xqos`, both required, as integers or numeric text. Of a queue that stands
/// there twice the last one holds.
pub(super) fn getqueuesstats(members: &Members<'_>) -> Result<Request, Fault> {
    let queues = match members.take("on")? {
        None => None,
        Some(Given::Object(on)) => {
            let mut queues: Vec<FiguresQuestion> = Vec::new();
            for (number, (queue, wanted)) in on.enumerate() {
                let (window, xqos) = wanted_figures(wanted)?;
                if number == QUEUES_ASKED_MAX || queue.len() > QUEUE_NAME_BYTES_MAX {
                    let most = format!(
                        "an object of at most {QUEUES_ASKED_MAX} queues, each named in at most {QUEUE_NAME_BYTES_MAX} bytes"
                    );
                    return Err(Fault::wrong("on", &most));
                }
                match queues.iter_mut().find(|other| *other.queue == *queue) {
                    Some(before) => (before.window, before.xqos) = (window, xqos),
                    None => queues.push(FiguresQuestion { queue: queue.into(), window, xqos }),
                }
            }
            Some(queues)
        }
        Some(_) => return Err(Fault::wrong("on", "an object")),
    };
    Ok(Request::GetQueuesStats { queues })
}

/// The `window` and the `xqos` of one queue.
fn wanted_figures(wanted: Raw<'_>) -> Result<(i64, i64), Fault> {
    let Given::Object(wanted) = wanted.given()? else { return Err(Fault::wrong("on", "an object of objects")) };
    let [window, xqos] = wanted.pick(["window", "xqos"]);
    Ok((seconds("window", window)?, seconds("xqos", xqos)?))
}

fn seconds(name: &str, value: Option<Raw<'_>>) -> Result<i64, Fault> {
    let value = value.ok_or_else(|| Fault::missing(name))?;
    integer(&value.given()?).ok_or_else(|| Fault::wrong(name, "an integer or its text"))
}
