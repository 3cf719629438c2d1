//! Chat that waits for its receiver, in its table: kept, fetched, forgotten. Used by request.rs.

use rusqlite::types::Type;
use rusqlite::{Connection, params};

use crate::settings::id::{ChatId, Id, UserUuid};
use crate::settings::state::{
    KEPT_CHAT_MAX, KEPT_CHAT_OF_PAIR_MAX, KEPT_CHAT_OF_SENDER_MAX, KEPT_CHAT_OF_USER_MAX, KeptChat, NewChat,
};

/// Keeps a message to a user who is there; says how many older ones had to go for it.
pub(super) fn keep(connection: &Connection, chat: &NewChat) -> rusqlite::Result<usize> {
    let to = chat.to.to_string();
    connection.prepare_cached("DELETE FROM kept_chat WHERE at < ?")?.execute([chat.oldest])?;
    connection
        .prepare_cached(
            "INSERT INTO kept_chat (id, to_uuid, from_uuid, at, text)
                 SELECT ?5, uuid, ?2, ?3, ?4 FROM user WHERE uuid = ?1",
        )?
        .execute(params![to, chat.from.to_string(), chat.at, chat.text, chat.id.number()])?;
    let from = chat.from.to_string();
    let of_pair = connection
        .prepare_cached(
            "DELETE FROM kept_chat WHERE id IN
                 (SELECT id FROM kept_chat WHERE to_uuid = ? AND from_uuid = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
        )?
        .execute(params![to, from, KEPT_CHAT_OF_PAIR_MAX])?;
    let of_sender = connection
        .prepare_cached(
            "DELETE FROM kept_chat WHERE id IN
                 (SELECT id FROM kept_chat WHERE from_uuid = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
        )?
        .execute(params![from, KEPT_CHAT_OF_SENDER_MAX])?;
    let of_user = connection
        .prepare_cached(
            "DELETE FROM kept_chat WHERE id IN
                 (SELECT id FROM kept_chat WHERE to_uuid = ? ORDER BY id DESC LIMIT -1 OFFSET ?)",
        )?
        .execute(params![to, KEPT_CHAT_OF_USER_MAX])?;
    let of_all = connection
        .prepare_cached(
            "DELETE FROM kept_chat WHERE id IN (SELECT id FROM kept_chat ORDER BY id DESC LIMIT -1 OFFSET ?)",
        )?
        .execute([KEPT_CHAT_MAX])?;
    Ok(of_pair + of_sender + of_user + of_all)
}

/// The highest number that any text ever had.
pub(super) fn last(connection: &Connection) -> rusqlite::Result<i64> {
    let last = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'kept_chat'";
    connection.query_row(last, [], |row| row.get(0))
}

/// What waits for a user from those who are there, the oldest first.
pub(super) fn fetch(connection: &Connection, to: UserUuid, oldest: i64) -> rusqlite::Result<Vec<KeptChat>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, from_uuid, text, at FROM kept_chat
             WHERE to_uuid = ? AND at >= ? AND from_uuid IN (SELECT uuid FROM user) ORDER BY id",
    )?;
    let mut rows = statement.query(params![to.to_string(), oldest])?;
    let mut chats = Vec::new();
    while let Some(row) = rows.next()? {
        let from = UserUuid::parse(row.get_ref(1)?.as_str()?)
            .ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, "a user's UUID is none".into()))?;
        let (id, text) = (ChatId::new(row.get(0)?), row.get_ref(2)?.as_str()?.into());
        chats.push(KeptChat { id, from, text, at: row.get(3)? });
    }
    Ok(chats)
}

pub(super) fn forget(connection: &Connection, id: ChatId) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM kept_chat WHERE id = ?")?.execute([id.number()]).map(drop)
}

/// A message goes with its receiver, and with its sender; `users` is whose UUIDs, asked with `before`.
pub(super) fn drop_users(connection: &Connection, users: &str, before: i64) -> rusqlite::Result<()> {
    let gone = format!("DELETE FROM kept_chat WHERE to_uuid IN {users} OR from_uuid IN {users}");
    connection.execute(&gone, [before]).map(drop)
}
