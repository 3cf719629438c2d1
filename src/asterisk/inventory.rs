//! What Asterisk knows of queues that an administrator need not type again: asked once, over a connection of its own, for
//! `ctibox asterisk import`. Changes nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use super::action::Action;
use super::answer::Answer;
use super::inquiry::{Inquiry, InquiryError};
use super::packet::Packet;
use super::resync;
use super::survey::DialplanExtension;
use crate::live::messages::telephony::QueueSeen;
use crate::settings::ami_settings::AmiSettings;
use crate::settings::password::Secret;

/// Where Asterisk has its queues.
const QUEUES_FILE: &str = "queues.conf";

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Inventory {
    pub(crate) queues: Vec<QueueSeen>,
    /// Seconds of rest after a call, by queue; of queues that stand in no file, or may not be read, it is not known.
    pub(crate) wrapups: BTreeMap<Box<str>, u16>,
    /// Whether the account may read queues.conf.
    pub(crate) may_read_files: bool,
    /// What callers dial, by queue, where the dial plan says it in so many words.
    pub(crate) numbers: BTreeMap<Box<str>, DialplanExtension>,
}

/// Asks all of it within this time.
pub(crate) async fn inventory(
    settings: &AmiSettings,
    secret: &Secret,
    within: Duration,
) -> Result<Inventory, InquiryError> {
    let asked = async {
        let mut inquiry = Inquiry::open(settings, secret).await?;
        let queues = resync::queues(&inquiry.ask(Action::new("QueueStatus")).await?);
        let file =
            |queue: &QueueSeen| Action::new("GetConfig").with("Filename", QUEUES_FILE).with("Category", &*queue.name);
        let files = inquiry.ask_all(queues.iter().map(file).collect()).await?;
        let dialplan = inquiry.ask(Action::new("ShowDialPlan")).await?;
        inquiry.close().await;
        let wrapups = queues.iter().zip(&files);
        let wrapups = wrapups.filter_map(|(queue, list)| Some((queue.name.clone(), wrapup(&list.answer)?))).collect();
        let may_read_files = files.iter().all(|list| !list.answer.message().contains("Permission denied"));
        Ok(Inventory { numbers: numbers(&dialplan), queues, wrapups, may_read_files })
    };
    tokio::time::timeout(within, asked).await.map_err(|_| InquiryError::TookTooLong(within))?
}

/// Of a queue that stands there: no word of it means none.
fn wrapup(answer: &Answer) -> Option<u16> {
    let lines = || answer.response.headers().filter(|(name, _)| name.starts_with("Line-")).map(|(_, line)| line);
    let is_there = answer.is_success() && answer.response.headers().any(|(name, _)| name.starts_with("Category-"));
    let value = lines().filter_map(|line| line.split_once('=')).filter(|(key, _)| key.trim() == "wrapuptime").last();
    is_there.then(|| value.and_then(|(_, seconds)| seconds.trim().parse().ok()).unwrap_or(0))
}

/// Extensions that let callers into a queue; a pattern is no number.
fn numbers(dialplan: &Answer) -> BTreeMap<Box<str>, DialplanExtension> {
    let mut numbers = BTreeMap::new();
    for packet in dialplan.events("ListDialplan") {
        let extension = packet.text("Extension");
        if let Some(queue) = queue_of(packet).filter(|_| !extension.is_empty() && !extension.starts_with('_')) {
            numbers.entry(queue.into()).or_insert_with(|| (packet.text("Context").into(), extension.into()));
        }
    }
    numbers
}

/// `Queue(support,t)`, or the subroutine that `ctibox asterisk dialplan` writes: `Gosub(cti-queue,s,1(support))`.
fn queue_of(packet: &Packet) -> Option<&str> {
    let data = packet.text("AppData");
    let name = match packet.text("Application") {
        "Queue" => data.split(',').next()?,
        "Gosub" if data.starts_with("cti-queue,") => data.split_once('(')?.1.split([',', ')']).next()?,
        _ => return None,
    };
    (!name.is_empty() && !name.contains('$')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(response: &str, events: &[&str]) -> Answer {
        Answer { response: Packet::of(response), events: events.iter().map(|text| Packet::of(text)).collect() }
    }

    #[test]
    fn the_rest_after_a_call_is_read_of_a_queue_that_stands_in_the_file() {
        let queue = "Response: Success\nCategory-000000: blue\nLine-000000-000000: strategy=ringall\n\
                     Line-000000-000001: wrapuptime=3";
        assert_eq!(wrapup(&answer(queue, &[])), Some(3));
        assert_eq!(wrapup(&answer("Response: Success\nCategory-000000: blue", &[])), Some(0));
        assert_eq!(wrapup(&answer("Response: Success", &[])), None);
        assert_eq!(wrapup(&answer("Response: Error\nMessage: Permission denied", &[])), None);
    }

    #[test]
    fn a_number_is_what_lets_callers_into_a_queue_by_name() {
        let line = |context: &str, extension: &str, application: &str, data: &str| {
            format!(
                "Event: ListDialplan\nContext: {context}\nExtension: {extension}\nPriority: 2\n\
                 Application: {application}\nAppData: {data}"
            )
        };
        let lines = [
            line("default", "3000", "Queue", "blue,tT,,,60"),
            line("other", "3009", "Queue", "blue"),
            line("default", "_30XX", "Queue", "red"),
            line("default", "3001", "Gosub", "cti-queue,s,1(hold)"),
            line("default", "3002", "Queue", "${NAME}"),
            line("default", "3003", "Dial", "PJSIP/101"),
        ];
        let found = numbers(&answer("Response: Success", &lines.iter().map(|line| &**line).collect::<Vec<_>>()));
        let expected: [(Box<str>, DialplanExtension); 2] =
            [("blue".into(), ("default".into(), "3000".into())), ("hold".into(), ("default".into(), "3001".into()))];
        assert_eq!(found, BTreeMap::from(expected));
    }
}
