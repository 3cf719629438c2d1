//! What became of calls that came into queues, in their table: of the last days, for figures. Used by state.rs.

use rusqlite::{Connection, params};

use crate::settings::id::{Id, QueueId};
use crate::settings::state::{QUEUE_CALL_AGE_MAX, QUEUE_CALLS_MAX, QueueCall, StateWrite};

/// The latest, as many as are remembered.
pub(super) fn load(connection: &Connection) -> rusqlite::Result<Vec<QueueCall>> {
    let mut statement = connection.prepare_cached(
        "SELECT unique_id, queue_id, at, hold_seconds, picker, talk_seconds FROM queue_call ORDER BY at DESC LIMIT ?",
    )?;
    let most = i64::try_from(QUEUE_CALLS_MAX).unwrap_or(i64::MAX);
    let calls = statement.query_map([most], |row| {
        #[expect(clippy::cast_possible_truncation, reason = "whole seconds of a time that was one")]
        let at = row.get::<_, f64>(2)? as i64;
        Ok(QueueCall {
            unique_id: row.get_ref(0)?.as_str()?.into(),
            queue: QueueId::new(row.get(1)?),
            at,
            hold_seconds: row.get(3)?,
            picker: row.get_ref(4)?.as_str_or_null()?.map(Into::into),
            talk_seconds: row.get(5)?,
        })
    })?;
    calls.collect()
}

/// The later one of two of one call in one queue wins. A call into a queue that is gone meanwhile is dropped.
pub(super) fn write(connection: &Connection, call: &QueueCall) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO queue_call (unique_id, queue_id, at, hold_seconds, picker, talk_seconds)
             SELECT ?1, id, ?3, ?4, ?5, ?6 FROM queue WHERE id = ?2",
        )?
        .execute(params![
            call.unique_id,
            call.queue.number(),
            call.at,
            call.hold_seconds,
            call.picker,
            call.talk_seconds
        ])
        .map(drop)
}

/// What is too old, by the latest call that was written, goes.
pub(super) fn prune(connection: &Connection, writes: &[StateWrite]) -> rusqlite::Result<()> {
    let joined = |write: &StateWrite| match write {
        StateWrite::QueueCall(call) => Some(call.at),
        StateWrite::User(..) | StateWrite::Agent(..) => None,
    };
    let Some(latest) = writes.iter().filter_map(joined).max() else { return Ok(()) };
    let age = i64::try_from(QUEUE_CALL_AGE_MAX.as_secs()).unwrap_or(i64::MAX);
    connection.prepare_cached("DELETE FROM queue_call WHERE at < ?")?.execute([latest.saturating_sub(age)]).map(drop)
}

pub(super) fn drop_orphans(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM queue_call WHERE queue_id NOT IN (SELECT id FROM queue)", []).map(drop)
}
