//! Status registrations (protocol 4.14): who wants to hear of which agents, endpoints and users.

use super::fault::Fault;
use super::json::{Given, Raw};
use super::members::{Members, integer};
use crate::protocol::request::{Registrations, UserKey};
use crate::settings::id::{Id, ServerUuid, UserId, UserUuid};

pub(super) fn agents(members: &Members<'_>) -> Result<Registrations, Fault> {
    pairs(members, "agent_ids", integer).map(Registrations::Agents)
}

pub(super) fn endpoints(members: &Members<'_>) -> Result<Registrations, Fault> {
    pairs(members, "endpoint_ids", integer).map(Registrations::Endpoints)
}

pub(super) fn users(members: &Members<'_>) -> Result<Registrations, Fault> {
    pairs(members, "user_ids", user).map(Registrations::Users)
}

/// A user as registrations and chat name them: by uuid in any spelling, or by id as integer or numeric text.
pub(super) fn user(value: &Given<'_>) -> Option<UserKey> {
    match value {
        Given::Text(text) => UserUuid::parse(text).map(UserKey::Uuid),
        _ => None,
    }
    .or_else(|| integer(value).map(|id| UserKey::Id(UserId::new(id))))
}

/// `[[xivo_uuid, id], …]`. A server that is named by a text which is no uuid is nobody's server: such a pair can match
/// nothing, as in the original, and is left out.
fn pairs<T>(members: &Members<'_>, name: &str, id: fn(&Given<'_>) -> Option<T>) -> Result<Vec<(ServerUuid, T)>, Fault> {
    let wrong = || Fault::wrong(name, "an array of pairs of a server's uuid and an id");
    let mut pairs = Vec::new();
    for pair in members.array(name)? {
        let Given::Array(mut pair) = pair.given()? else { return Err(wrong()) };
        let (server, key) = (given(pair.next())?, given(pair.next())?);
        let (Some(Given::Text(server)), Some(key), None) = (server, key, pair.next()) else { return Err(wrong()) };
        let key = id(&key).ok_or_else(wrong)?;
        pairs.extend(ServerUuid::parse(&server).map(|server| (server, key)));
    }
    Ok(pairs)
}

fn given(value: Option<Raw<'_>>) -> Result<Option<Given<'_>>, Fault> {
    value.map(Raw::given).transpose()
}
