//! Calls that begin at a telephone of ours (telephony §2, §10.1, §11). They are always asynchronous: anything else would
//! hold up the whole connection until somebody answers.

use std::time::Duration;

use crate::asterisk::action::Action;
use crate::asterisk::answer::Answer;
use crate::asterisk::packet::Packet;
use crate::asterisk::plan::{Awaited, Plan, refusal};
use crate::live::messages::telephony::{CallFailure, Originate, Party, RequestFailure};

/// Only bridged channels, keys 4 to 6 change between listening, whispering and joining in, no spoken name, leave when
/// nothing is left to hear, no beep.
const LISTEN_OPTIONS: &str = "bdSq";

pub(super) fn plan(call: &Originate) -> Plan<Result<(), CallFailure>> {
    let (action, timeout) = match call {
        Originate::Dial { device, context, extension, shown, variables, timeout } => {
            let action = begin(device, shown, *timeout)
                .with("Context", &**context)
                .with("Exten", &**extension)
                .with("Priority", "1")
                .with("EarlyMedia", "false");
            let set = |action: Action, (name, value): &(Box<str>, Box<str>)| {
                action.with("Variable", format!("{name}={}", quoted(value)))
            };
            (variables.iter().fold(action, set), *timeout)
        }
        Originate::Listen { device, to, shown, timeout } => {
            // With the dash, lest the channels of a device whose name goes on be heard too.
            let to = to.trim_end_matches('-');
            let action = begin(device, shown, *timeout)
                .with("Application", "ChanSpy")
                .with("Data", format!("{to}-,{LISTEN_OPTIONS}"));
            (action, *timeout)
        }
    };
    Plan::ask(action, Awaited::Originate { timeout }, |answer| Plan::reply(reply(answer)))
}

fn begin(device: &str, shown: &Party, timeout: Duration) -> Action {
    Action::new("Originate")
        .with("Channel", device)
        .with("Timeout", timeout.as_millis().to_string())
        .with("CallerID", caller_id(shown))
        .with("Async", "true")
}

/// `"Bob" <102>`. A number that begins with `#` is not shown (telephony §10.1).
fn caller_id(shown: &Party) -> String {
    let kept = |text: &str| text.chars().filter(|letter| !['"', '\\', '<', '>'].contains(letter)).collect::<String>();
    let number = if shown.number.starts_with('#') { "" } else { &*shown.number };
    format!("\"{}\" <{}>", kept(&shown.name), kept(number))
}

/// As one value, whatever is in it (telephony §1.1).
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn reply(answer: &Answer) -> Result<(), CallFailure> {
    if !answer.is_success() {
        return Err(match answer.message() {
            text if text.contains("Extension does not exist") => CallFailure::NoSuchExtension,
            text if text.contains("Invalid channel") || text.contains("Originate failed") => CallFailure::Unreachable,
            _ => refusal(answer).into(),
        });
    }
    match answer.events("OriginateResponse").last() {
        Some(response) if response.text("Response").eq_ignore_ascii_case("success") => Ok(()),
        Some(response) => Err(failure(response, &answer.events)),
        None => Err(RequestFailure::Unavailable.into()),
    }
}

/// The reason is 0 for a telephone that is busy as for one that is not there: what was said of its channel tells (§2).
fn failure(response: &Packet, events: &[Packet]) -> CallFailure {
    match response.number::<u32>("Reason") {
        Some(3) => return CallFailure::NoAnswer,
        Some(5) => return CallFailure::Busy,
        _ => {}
    }
    let told = events.iter().rev().find_map(|packet| {
        let is = |event: &str| packet.event().is_some_and(|own| own.eq_ignore_ascii_case(event));
        match () {
            () if is("DialEnd") => match packet.text("DialStatus") {
                "BUSY" => Some(CallFailure::Busy),
                "NOANSWER" => Some(CallFailure::NoAnswer),
                _ => None,
            },
            () if is("Hangup") => match packet.number("Cause") {
                Some(17) => Some(CallFailure::Busy),
                Some(19) => Some(CallFailure::NoAnswer),
                Some(_) | None => None,
            },
            () => None,
        }
    });
    told.unwrap_or(CallFailure::Unreachable)
}
