//! Dial rules in their table.

use rusqlite::{Connection, params};

use crate::settings::dial_rule::DialRule;
use crate::settings::id::Id as _;
use crate::settings::name::DialDigits;
use crate::settings::table::Table;

use super::{Stored, Which, execute, id, id_if_set, number_of, objects, parsed};

impl Stored for DialRule {
    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        let select = "SELECT id, version, position, prefix, strip, add_text, context_id FROM dial_rule";
        objects(connection, which, select, |row| {
            Ok(Self {
                id: id(row, 0)?,
                version: row.get(1)?,
                position: row.get(2)?,
                prefix: parsed(row, 3, DialDigits::parse)?,
                strip: row.get(4)?,
                add: parsed(row, 5, DialDigits::parse)?,
                context: id_if_set(row, 6)?,
            })
        })
    }

    /// No column must be unique.
    fn keeps_its_place(&self, _: &Self) -> bool {
        true
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO dial_rule (id, version, position, prefix, strip, add_text, context_id)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, position = excluded.position,
                 prefix = excluded.prefix, strip = excluded.strip, add_text = excluded.add_text,
                 context_id = excluded.context_id",
            params![
                self.id.number(),
                self.version,
                self.position,
                self.prefix.as_str(),
                self.strip,
                self.add.as_str(),
                number_of(self.context)
            ],
        )
    }
}
