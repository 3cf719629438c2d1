//! Relations and the status updates that clients register for (protocol 4.14, 4.15).

use serde::Serialize;
use serde::ser::SerializeMap;

use super::words::{Number, Text, say};
use crate::settings::id::{AgentId, LineId, ServerUuid, UserId, UserUuid};

pub(super) fn relations<M: SerializeMap>(
    server: ServerUuid,
    user: UserId,
    endpoint: Option<LineId>,
    agent: Option<AgentId>,
    map: &mut M,
) -> Result<(), M::Error> {
    let data = RelationsAnswer {
        xivo_uuid: Text(server),
        user_id: Number(user),
        endpoint_id: endpoint.map(Number),
        agent_id: agent.map(Number),
    };
    say!(map, "class" => "relations", "data" => data)
}

/// All four members for every generation (protocol decision 1).
pub(super) fn user<M: SerializeMap>(
    server: ServerUuid,
    uuid: UserUuid,
    user: UserId,
    status: &str,
    map: &mut M,
) -> Result<(), M::Error> {
    let data = UserStatusEvent { xivo_uuid: Text(server), user_uuid: Text(uuid), user_id: Number(user), status };
    say!(map, "class" => "user_status_update", "data" => data)
}

/// The status is an integer here, while `hintstatus` is a text.
pub(super) fn endpoint<M: SerializeMap>(
    server: ServerUuid,
    endpoint: LineId,
    status: i32,
    map: &mut M,
) -> Result<(), M::Error> {
    let data = EndpointStatus { xivo_uuid: Text(server), endpoint_id: Number(endpoint), status };
    say!(map, "class" => "endpoint_status_update", "data" => data)
}

pub(super) fn agent<M: SerializeMap>(
    server: ServerUuid,
    agent: AgentId,
    is_logged_in: bool,
    map: &mut M,
) -> Result<(), M::Error> {
    let status = if is_logged_in { "logged_in" } else { "logged_out" };
    let data = AgentStatusEvent { xivo_uuid: Text(server), agent_id: Number(agent), status };
    say!(map, "class" => "agent_status_update", "data" => data)
}

#[derive(Serialize)]
struct RelationsAnswer {
    xivo_uuid: Text<ServerUuid>,
    user_id: Number<UserId>,
    endpoint_id: Option<Number<LineId>>,
    agent_id: Option<Number<AgentId>>,
}

#[derive(Serialize)]
struct UserStatusEvent<'a> {
    xivo_uuid: Text<ServerUuid>,
    user_uuid: Text<UserUuid>,
    user_id: Number<UserId>,
    status: &'a str,
}

#[derive(Serialize)]
struct EndpointStatus {
    xivo_uuid: Text<ServerUuid>,
    endpoint_id: Number<LineId>,
    status: i32,
}

#[derive(Serialize)]
struct AgentStatusEvent {
    xivo_uuid: Text<ServerUuid>,
    agent_id: Number<AgentId>,
    status: &'static str,
}
