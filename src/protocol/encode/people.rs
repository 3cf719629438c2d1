//! Chat and the directory family (protocol 4.13, 4.15).

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::NONE;
use super::words::{Number, Text, say};
use crate::protocol::notice::{ChatParty, Headers};
use crate::protocol::request::CommandId;
use crate::settings::id::ServerUuid;

/// `parties`: the server that both are on, who writes, and to whom.
pub(super) fn chat<M: SerializeMap>(
    alias: &str,
    text: &str,
    parties: (ServerUuid, ChatParty, ChatParty),
    map: &mut M,
) -> Result<(), M::Error> {
    let (server, from, to) = parties;
    say!(map,
        "class" => "chitchat",
        "alias" => alias,
        "text" => text,
        "from" => (Text(server), Party(from)),
        "to" => (Text(server), Party(to)),
    )
}

pub(super) fn headers<M: SerializeMap>(class: &str, headers: &Headers, map: &mut M) -> Result<(), M::Error> {
    say!(map, "class" => class, "column_headers" => Titles(headers), "column_types" => Types(headers))
}

/// A result without rows.
pub(super) fn none<M: SerializeMap>(class: &str, headers: &Headers, map: &mut M) -> Result<(), M::Error> {
    self::headers(class, headers, map)?;
    say!(map, "results" => NONE)
}

pub(super) fn none_found<M: SerializeMap>(term: &str, headers: &Headers, map: &mut M) -> Result<(), M::Error> {
    none("people_search_result", headers, map)?;
    say!(map, "term" => term)
}

/// `replyid` is always there, null without a `commandid` (protocol 1.5).
pub(super) fn directory_none<M: SerializeMap>(
    reply: &CommandId,
    headers: &[&'static str],
    map: &mut M,
) -> Result<(), M::Error> {
    say!(map,
        "class" => "directory",
        "replyid" => reply.0,
        "status" => "ok",
        "headers" => headers,
        "resultlist" => NONE,
    )
}

pub(super) fn switchboard_none<M: SerializeMap>(pattern: &str, map: &mut M) -> Result<(), M::Error> {
    say!(map, "class" => "directory_search_result", "pattern" => pattern, "results" => NONE)
}

/// Clients of 2.0 know people by their ids ("Ours" 1).
struct Party(ChatParty);

impl Serialize for Party {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            ChatParty::Id(user) => Number(user).serialize(serializer),
            ChatParty::Uuid(uuid) => Text(uuid).serialize(serializer),
        }
    }
}

struct Titles<'a>(&'a Headers);

impl Serialize for Titles<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.0.iter().map(|(title, _)| title))
    }
}

struct Types<'a>(&'a Headers);

impl Serialize for Types<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.0.iter().map(|(_, kind)| kind))
    }
}
