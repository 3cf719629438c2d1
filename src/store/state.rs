//! What people do, in its own tables: neither audited nor counted as a change. Written by writer.rs; the server reads it once
//! at its start, a console what users have switched on, again and again.

use std::collections::HashMap;

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use crate::settings::id::UserUuid;
use crate::settings::name::PresenceName;
use crate::settings::state::{Forward, RemovedState, Services, StateWrite, States, UserState};

use super::{agent_state, kept_chat, queue_calls};

/// In the order in which `user_state` reads a row.
const OF_USERS: &str =
    "SELECT user_uuid, last_presence, is_present, do_not_disturb, call_filter, recording, unconditional,
                               unconditional_to, no_answer, no_answer_to, busy, busy_to, removed_user.at
                        FROM user_state LEFT JOIN removed_user ON removed_user.uuid = user_uuid";

pub(super) fn states(connection: &Connection) -> rusqlite::Result<States> {
    let mut states = States { last_chat: kept_chat::last(connection)?, ..States::default() };
    let mut statement = connection.prepare_cached(OF_USERS)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (uuid, state) = (user_uuid(row)?, user_state(row)?);
        match row.get(12)? {
            Some(at) => drop(states.removed.insert(uuid, RemovedState { state, at })),
            None => drop(states.users.insert(uuid, state)),
        }
    }
    states.agents = agent_state::load(connection)?;
    states.queue_calls = queue_calls::load(connection)?;
    Ok(states)
}

/// What users have switched on, of those who have anything; cheap, for whoever looks often.
pub(super) fn services(connection: &Connection) -> rusqlite::Result<HashMap<UserUuid, Services>> {
    const ANYTHING_ON: &str = "(do_not_disturb OR call_filter OR recording OR unconditional OR no_answer OR busy)
                                   AND user_uuid IN (SELECT uuid FROM user)";
    let mut statement = connection.prepare_cached(&format!("{OF_USERS} WHERE {ANYTHING_ON}"))?;
    let mut rows = statement.query([])?;
    let mut services = HashMap::new();
    while let Some(row) = rows.next()? {
        services.insert(user_uuid(row)?, user_state(row)?.services);
    }
    Ok(services)
}

fn user_uuid(row: &Row<'_>) -> rusqlite::Result<UserUuid> {
    UserUuid::parse(row.get_ref(0)?.as_str()?)
        .ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, "a user's UUID is none".into()))
}

fn user_state(row: &Row<'_>) -> rusqlite::Result<UserState> {
    let last_presence = row.get_ref(1)?.as_str_or_null()?.map(PresenceName::parse).transpose();
    let forward = |column: usize| -> rusqlite::Result<Forward> {
        Ok(Forward { is_on: row.get(column)?, destination: row.get_ref(column + 1)?.as_str()?.into() })
    };
    Ok(UserState {
        last_presence: last_presence
            .map_err(|refusal| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(refusal)))?,
        is_present: row.get(2)?,
        services: Services {
            do_not_disturb: row.get(3)?,
            call_filter: row.get(4)?,
            recording: row.get(5)?,
            unconditional: forward(6)?,
            no_answer: forward(8)?,
            busy: forward(10)?,
        },
    })
}

/// Keeps one thing. What is said of a user or agent who is gone meanwhile is dropped.
pub(super) fn write(connection: &Connection, write: &StateWrite) -> rusqlite::Result<()> {
    match write {
        StateWrite::User(uuid, state) => write_user(connection, *uuid, state),
        StateWrite::Agent(id, state) => agent_state::write(connection, *id, state),
        StateWrite::QueueCall(call) => queue_calls::write(connection, call),
    }
}

fn write_user(connection: &Connection, uuid: UserUuid, state: &UserState) -> rusqlite::Result<()> {
    let services = &state.services;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO user_state
                 (user_uuid, last_presence, is_present, do_not_disturb, call_filter, recording, unconditional,
                  unconditional_to, no_answer, no_answer_to, busy, busy_to)
             SELECT uuid, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 FROM user WHERE uuid = ?1",
        )?
        .execute(params![
            uuid.to_string(),
            state.last_presence.as_ref().map(PresenceName::as_str),
            state.is_present,
            services.do_not_disturb,
            services.call_filter,
            services.recording,
            services.unconditional.is_on,
            services.unconditional.destination,
            services.no_answer.is_on,
            services.no_answer.destination,
            services.busy.is_on,
            services.busy.destination
        ])
        .map(drop)
}

/// The state of an agent goes with them at once, as the calls of a queue; that of users stays a while: removed.rs.
pub(super) fn drop_orphans(connection: &Connection) -> rusqlite::Result<()> {
    agent_state::drop_orphans(connection)?;
    queue_calls::drop_orphans(connection)
}
