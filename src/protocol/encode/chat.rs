//! Chat (protocol 4.13).

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::words::{Number, Text, say};
use crate::protocol::notice::ChatParty;
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

/// Clients of 2.0 know people by their ids (protocol decision 1).
struct Party(ChatParty);

impl Serialize for Party {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            ChatParty::Id(user) => Number(user).serialize(serializer),
            ChatParty::Uuid(uuid) => Text(uuid).serialize(serializer),
        }
    }
}
