//! Queue statistics and waiting calls (protocol 4.10), as an installation without a telephony link has them.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::NONE;
use super::words::{Number, Text, say};
use crate::settings::id::QueueId;

pub(super) fn logged_agents<M: SerializeMap>(queue: QueueId, count: u32, map: &mut M) -> Result<(), M::Error> {
    say!(map, "class" => "getqueuesstats", "stats" => One(Text(queue), LoggedAgents { count }))
}

/// The answer to the periodic question; without its `on` it is the warning that clients ignore.
pub(super) fn stats<M: SerializeMap>(queues: Option<&[Box<str>]>, map: &mut M) -> Result<(), M::Error> {
    match queues {
        Some(queues) => say!(map, "class" => "getqueuesstats", "stats" => NoCalls(queues)),
        None => say!(map, "class" => "getqueuesstats", "warning_string" => "return_is_none"),
    }
}

pub(super) fn entries_none<M: SerializeMap>(queue: QueueId, name: &str, map: &mut M) -> Result<(), M::Error> {
    say!(map, "class" => "queueentryupdate", "state" => Entries { queue_name: name, queue_id: Number(queue), entries: NONE })
}

/// An object of one member.
struct One<K, V>(K, V);

impl<K: Serialize, V: Serialize> Serialize for One<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([(&self.0, &self.1)])
    }
}

#[derive(serde::Serialize)]
struct LoggedAgents {
    /// An integer, while the figures of Asterisk are texts.
    #[serde(rename = "Xivo-LoggedAgents")]
    count: u32,
}

#[derive(serde::Serialize)]
struct Entries<'a> {
    queue_name: &'a str,
    queue_id: Number<QueueId>,
    entries: [(); 0],
}

/// Each queue's seven figures of no calls at all: counts are `"0"`, what is undefined is `""`.
struct NoCalls<'a>(&'a [Box<str>]);

impl Serialize for NoCalls<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|queue| (queue, Figures::NONE)))
    }
}

#[derive(serde::Serialize)]
struct Figures {
    #[serde(rename = "Xivo-Join")]
    join: &'static str,
    #[serde(rename = "Xivo-Link")]
    link: &'static str,
    #[serde(rename = "Xivo-Lost")]
    lost: &'static str,
    #[serde(rename = "Xivo-Rate")]
    rate: &'static str,
    #[serde(rename = "Xivo-Qos")]
    qos: &'static str,
    #[serde(rename = "Xivo-Holdtime-avg")]
    holdtime_average: &'static str,
    #[serde(rename = "Xivo-Holdtime-max")]
    holdtime_longest: &'static str,
}

impl Figures {
    const NONE: Self =
        Self { join: "0", link: "0", lost: "0", rate: "", qos: "", holdtime_average: "", holdtime_longest: "" };
}
