//! What stays of users and entries of the phone book that were removed: their state, for as long as an undo is likely, so that
//! it comes back with them. Nobody is shown it meanwhile. Written by change.rs in the change's own transaction.

use rusqlite::Connection;

use crate::settings::configuration::Configuration;
use crate::settings::state::STATE_KEPT_AFTER_REMOVAL;

use super::{address_book, kept_chat};

/// Lets go of the state of what is gone too long, even of whoever comes back now; then remembers who and what goes, and
/// forgets whoever came back in time.
pub(super) fn follow(connection: &Connection, old: &Configuration, new: &Configuration) -> rusqlite::Result<()> {
    let kept = i64::try_from(STATE_KEPT_AFTER_REMOVAL.as_secs()).unwrap_or(i64::MAX);
    let now: i64 = connection.prepare_cached("SELECT unixepoch()")?.query_row([], |row| row.get(0))?;
    let_go(connection, now.saturating_sub(kept))?;
    follow_users(connection, old, new)?;
    if !old.phone_book.at_hand().is_same(new.phone_book.at_hand()) {
        follow_phone_book(connection)?;
    }
    Ok(())
}

/// Of whoever was removed before that, in Unix seconds.
fn let_go(connection: &Connection, before: i64) -> rusqlite::Result<()> {
    let is_any = |table: &str| -> rusqlite::Result<bool> {
        connection.prepare_cached(&format!("SELECT 1 FROM {table} WHERE at < ? LIMIT 1"))?.exists([before])
    };
    // Looked through only where something is to be found: these are the largest tables of all.
    if is_any("removed_user")? {
        connection.execute(&format!("DELETE FROM user_state WHERE user_uuid IN {LONG_REMOVED}"), [before])?;
        address_book::drop_users(connection, LONG_REMOVED, before)?;
        kept_chat::drop_users(connection, LONG_REMOVED, before)?;
        connection.execute("DELETE FROM removed_user WHERE at < ?", [before])?;
    }
    if is_any("removed_phone_book_entry")? {
        address_book::drop_marks_of_entries(connection, before)?;
        connection.execute("DELETE FROM removed_phone_book_entry WHERE at < ?", [before])?;
    }
    Ok(())
}

/// The UUIDs of users who were removed before the moment that is asked with.
const LONG_REMOVED: &str = "(SELECT uuid FROM removed_user WHERE at < ?1)";

fn follow_users(connection: &Connection, old: &Configuration, new: &Configuration) -> rusqlite::Result<()> {
    let mut goes =
        connection.prepare_cached("INSERT OR REPLACE INTO removed_user (uuid, at) VALUES (?, unixepoch())")?;
    let mut comes = connection.prepare_cached("DELETE FROM removed_user WHERE uuid = ?")?;
    let differences = old.users.differences(&new.users);
    let uuids = differences.iter().map(|(before, after)| [*before, *after].map(|user| user.map(|user| user.uuid)));
    let changed: Vec<_> = uuids.filter(|[before, after]| before != after).collect();
    // One that moved to another number went and came.
    for uuid in changed.iter().filter_map(|[before, _]| *before) {
        goes.execute([uuid.to_string()])?;
    }
    for uuid in changed.iter().filter_map(|[_, after]| *after) {
        comes.execute([uuid.to_string()])?;
    }
    Ok(())
}

fn follow_phone_book(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM removed_phone_book_entry WHERE id IN (SELECT id FROM phone_book_entry)", [])?;
    connection
        .execute(
            "INSERT OR IGNORE INTO removed_phone_book_entry (id, at)
                 SELECT DISTINCT CAST(entry AS INTEGER), unixepoch() FROM favourite
                     WHERE source = 'phonebook'
                         AND NOT EXISTS (SELECT 1 FROM phone_book_entry WHERE id = CAST(entry AS INTEGER))",
            [],
        )
        .map(drop)
}
