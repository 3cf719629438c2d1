//! Figures of queues, and the callers who wait in them (protocol 4.10).

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::words::{Number, Text, say};
use crate::protocol::queue_figures::{CallFigures, QueueFigures, WaitingCaller};
use crate::settings::id::QueueId;

/// What is told of one queue.
pub(super) fn figures<M: SerializeMap>(queue: QueueId, figures: QueueFigures, map: &mut M) -> Result<(), M::Error> {
    say!(map, "class" => "getqueuesstats", "stats" => One(Text(queue), Told(figures)))
}

/// The answer to the periodic question; without its `on` it is the warning that clients ignore.
pub(super) fn stats<M: SerializeMap>(queues: Option<&[(Box<str>, CallFigures)]>, map: &mut M) -> Result<(), M::Error> {
    match queues {
        Some(queues) => say!(map, "class" => "getqueuesstats", "stats" => OfCalls(queues)),
        None => say!(map, "class" => "getqueuesstats", "warning_string" => "return_is_none"),
    }
}

pub(super) fn entries<M: SerializeMap>(
    queue: QueueId,
    name: &str,
    callers: &[WaitingCaller],
    map: &mut M,
) -> Result<(), M::Error> {
    let entries = Callers(callers);
    say!(map, "class" => "queueentryupdate", "state" => Entries { queue_name: name, queue_id: Number(queue), entries })
}

/// An object of one member.
struct One<K, V>(K, V);

impl<K: Serialize, V: Serialize> Serialize for One<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(&self.0, &self.1)])
    }
}

struct Told(QueueFigures);

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            QueueFigures::LoggedAgents(logged_agents) => LoggedAgents { logged_agents }.serialize(serializer),
            QueueFigures::Waiting { calls, longest } => Waiting { calls, longest }.serialize(serializer),
            QueueFigures::Members { available, talking, expected_wait } => {
                MemberFigures { available: Text(available), expected_wait: Text(expected_wait), talking: Text(talking) }
                    .serialize(serializer)
            }
        }
    }
}

#[derive(serde::Serialize)]
struct LoggedAgents {
    #[serde(rename = "Xivo-LoggedAgents")]
    logged_agents: u32,
}

#[derive(serde::Serialize)]
struct Waiting {
    #[serde(rename = "Xivo-WaitingCalls")]
    calls: u32,
    #[serde(rename = "Xivo-LongestWaitTime", skip_serializing_if = "Option::is_none")]
    longest: Option<u32>,
}

#[derive(serde::Serialize)]
struct MemberFigures {
    #[serde(rename = "Xivo-AvailableAgents")]
    available: Text<u32>,
    #[serde(rename = "Xivo-EWT")]
    expected_wait: Text<u32>,
    #[serde(rename = "Xivo-TalkingAgents")]
    talking: Text<u32>,
}

#[derive(serde::Serialize)]
struct Entries<'a> {
    queue_name: &'a str,
    queue_id: Number<QueueId>,
    entries: Callers<'a>,
}

struct Callers<'a>(&'a [WaitingCaller]);

impl Serialize for Callers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Caller::of))
    }
}

#[derive(serde::Serialize)]
struct Caller<'a> {
    position: u32,
    name: &'a str,
    number: &'a str,
    join_time: f64,
    uniqueid: &'a str,
}

impl<'a> Caller<'a> {
    fn of(caller: &'a WaitingCaller) -> Self {
        let WaitingCaller { position, name, number, join_time, unique_id } = caller;
        Self { position: *position, name, number, join_time: *join_time, uniqueid: unique_id }
    }
}

/// The seven figures of each queue.
struct OfCalls<'a>(&'a [(Box<str>, CallFigures)]);

impl Serialize for OfCalls<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(queue, figures)| (queue, Figures::of(figures))))
    }
}

#[derive(serde::Serialize)]
struct Figures {
    #[serde(rename = "Xivo-Join")]
    joined: Text<u32>,
    #[serde(rename = "Xivo-Link")]
    answered: Text<u32>,
    #[serde(rename = "Xivo-Lost")]
    lost: Text<u32>,
    #[serde(rename = "Xivo-Rate")]
    answered_rate: TextOrEmpty,
    #[serde(rename = "Xivo-Qos")]
    answered_well_rate: TextOrEmpty,
    #[serde(rename = "Xivo-Holdtime-avg")]
    hold_average: TextOrEmpty,
    #[serde(rename = "Xivo-Holdtime-max")]
    hold_longest: TextOrEmpty,
}

impl Figures {
    fn of(figures: &CallFigures) -> Self {
        Self {
            joined: Text(figures.joined),
            answered: Text(figures.answered),
            lost: Text(figures.lost),
            answered_rate: TextOrEmpty(figures.answered_rate),
            answered_well_rate: TextOrEmpty(figures.answered_well_rate),
            hold_average: TextOrEmpty(figures.hold_average),
            hold_longest: TextOrEmpty(figures.hold_longest),
        }
    }
}

/// A number as a text; what is undefined is an empty one.
struct TextOrEmpty(Option<u32>);

impl Serialize for TextOrEmpty {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(number) => Text(number).serialize(serializer),
            None => serializer.serialize_str(""),
        }
    }
}
