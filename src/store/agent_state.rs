//! What is kept of agents at work: where they are logged in, their pauses, the queues that they joined or left, and what is
//! still to be brought about. Written and read by `state`.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use crate::settings::id::{AgentId, Id, QueueId};
use crate::settings::state::{AgentLogin, AgentWanted, KeptAgent};

pub(super) fn load(connection: &Connection) -> rusqlite::Result<HashMap<AgentId, KeptAgent>> {
    let mut agents: HashMap<AgentId, KeptAgent> = HashMap::new();
    let mut statement =
        connection.prepare_cached("SELECT agent_id, extension, context, device, since FROM agent_login")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let login = AgentLogin {
            extension: row.get_ref(1)?.as_str()?.into(),
            context: row.get_ref(2)?.as_str()?.into(),
            device: row.get_ref(3)?.as_str()?.into(),
            since: row.get::<_, f64>(4)? as i64,
        };
        agents.entry(AgentId::new(row.get(0)?)).or_default().login = Some(login);
    }
    let mut statement = connection.prepare_cached("SELECT agent_id, queue_id, reason FROM agent_pause")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (queue, reason) = (QueueId::new(row.get(1)?), row.get_ref(2)?.as_str()?.into());
        agents.entry(AgentId::new(row.get(0)?)).or_default().pauses.insert(queue, reason);
    }
    let mut statement = connection.prepare_cached("SELECT agent_id, queue_id, is_member FROM agent_membership")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (queue, is_member) = (QueueId::new(row.get(1)?), row.get(2)?);
        agents.entry(AgentId::new(row.get(0)?)).or_default().memberships.insert(queue, is_member);
    }
    let mut statement = connection.prepare_cached("SELECT agent_id, is_logged_off, is_paused FROM agent_wanted")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let are_pauses_ours = row.get::<_, Option<bool>>(2)?.is_some();
        let wanted = AgentWanted { is_logged_off: row.get(1)?, are_pauses_ours };
        agents.entry(AgentId::new(row.get(0)?)).or_default().wanted = wanted;
    }
    Ok(agents)
}

/// What is said of an agent who is gone meanwhile is dropped.
pub(super) fn write(connection: &Connection, agent: AgentId, state: &KeptAgent) -> rusqlite::Result<()> {
    let id = agent.number();
    for table in ["agent_login", "agent_pause", "agent_membership", "agent_wanted"] {
        connection.prepare_cached(&format!("DELETE FROM {table} WHERE agent_id = ?1"))?.execute([id])?;
    }
    if let Some(login) = &state.login {
        connection
            .prepare_cached(
                "INSERT INTO agent_login (agent_id, extension, context, device, since)
                 SELECT id, ?2, ?3, ?4, ?5 FROM agent WHERE id = ?1",
            )?
            .execute(params![id, login.extension, login.context, login.device, login.since as f64])?;
    }
    for (queue, reason) in &state.pauses {
        connection
            .prepare_cached(
                "INSERT INTO agent_pause (agent_id, queue_id, reason)
                 SELECT agent.id, queue.id, ?3 FROM agent, queue WHERE agent.id = ?1 AND queue.id = ?2",
            )?
            .execute(params![id, queue.number(), reason])?;
    }
    for (queue, is_member) in &state.memberships {
        connection
            .prepare_cached(
                "INSERT INTO agent_membership (agent_id, queue_id, is_member)
                 SELECT agent.id, queue.id, ?3 FROM agent, queue WHERE agent.id = ?1 AND queue.id = ?2",
            )?
            .execute(params![id, queue.number(), is_member])?;
    }
    if state.wanted == AgentWanted::default() {
        return Ok(());
    }
    connection
        .prepare_cached(
            "INSERT INTO agent_wanted (agent_id, is_logged_off, is_paused) SELECT id, ?2, ?3 FROM agent WHERE id = ?1",
        )?
        .execute(params![id, state.wanted.is_logged_off, state.wanted.are_pauses_ours.then_some(true)])
        .map(drop)
}

/// The state of an agent goes with them, and of a queue what is said of it.
pub(super) fn drop_orphans(connection: &Connection) -> rusqlite::Result<()> {
    for table in ["agent_login", "agent_pause", "agent_membership", "agent_wanted"] {
        connection.execute(&format!("DELETE FROM {table} WHERE agent_id NOT IN (SELECT id FROM agent)"), [])?;
    }
    for table in ["agent_pause", "agent_membership"] {
        connection.execute(&format!("DELETE FROM {table} WHERE queue_id NOT IN (SELECT id FROM queue)"), [])?;
    }
    Ok(())
}
