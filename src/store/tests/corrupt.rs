//! Damage on purpose, for the tests of rooms that must not know SQL.

use std::path::Path;

use rusqlite::Connection;

use super::super::database;

/// Damages the closed database of a folder in one way.
pub(crate) fn corrupt(folder: &Path, damage: Damage) {
    let connection = Connection::open(database(folder)).expect("a connection");
    let sql = match damage {
        Damage::Index => "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'line_user';",
        Damage::Reference => "PRAGMA foreign_keys = OFF; UPDATE profile SET presence_group_id = 99;",
        Damage::Rule => "UPDATE presence SET name = 'gone' WHERE name = 'disconnected';",
        Damage::Value => "INSERT INTO setting VALUES ('un.known', '');",
        Damage::Trigger => "CREATE TRIGGER evil AFTER INSERT ON user BEGIN UPDATE user SET password_hash = NULL; END;",
        Damage::Table => "CREATE TABLE notes (text TEXT); CREATE INDEX notes_text ON notes (text);",
        Damage::Clock => "UPDATE audit SET at = 1795485600 - 60 * ((SELECT max(seq) FROM audit) - seq);",
    };
    connection.execute_batch(sql).expect(sql);
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Damage {
    /// Pages that belong to nothing: the file itself is not sound.
    Index,
    /// Profiles whose presence group is not there.
    Reference,
    /// A presence group without a mandatory presence (rule P9).
    Rule,
    /// A setting that no version of ctibox knows.
    Value,
    /// A trigger of somebody's own.
    Trigger,
    /// A table and an index of somebody's own.
    Table,
    /// Changes that were all made in the night to 24 November 2026, whatever the clock says: pages of them look the same
    /// at any time.
    Clock,
}
