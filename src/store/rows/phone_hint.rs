//! Phone hint groups with their hints, in their tables.

use rusqlite::types::Type;
use rusqlite::{Connection, params};

use crate::settings::color::Color;
use crate::settings::id::{Id, PhoneHintGroupId};
use crate::settings::name::{Description, HintText, PhoneHintGroupName};
use crate::settings::phone_hint::{HintNumber, PhoneHint, PhoneHintGroup};
use crate::settings::table::Table;

use super::{List, Stored, Which, execute, id, lists, objects, parsed, refused};

const HINTS: List = List { table: "phone_hint", owner: "group_id", columns: "number, text, color", order: "number" };

impl Stored for PhoneHintGroup {
    const LISTS: &[List] = &[HINTS];

    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        let mut hints = lists(connection, which, &HINTS, |row| {
            let number = HintNumber::new(row.get(1)?).map_err(|refusal| refused(1, Type::Integer, refusal))?;
            let (text, color) = (parsed(row, 2, HintText::parse)?, parsed(row, 3, Color::parse)?);
            Ok((number, PhoneHint { text, color }))
        })?;
        objects(connection, which, "SELECT id, version, name, description, deletable FROM phone_hint_group", |row| {
            let id: PhoneHintGroupId = id(row, 0)?;
            Ok(Self {
                id,
                version: row.get(1)?,
                name: parsed(row, 2, PhoneHintGroupName::parse)?,
                description: parsed(row, 3, Description::parse)?,
                deletable: row.get(4)?,
                hints: hints.remove(&id.number()).unwrap_or_default().into_iter().collect(),
            })
        })
    }

    fn list_rows(&self) -> usize {
        self.hints.len()
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        self.name == newer.name
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO phone_hint_group (id, version, name, description, deletable) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name,
                 description = excluded.description, deletable = excluded.deletable",
            params![self.id.number(), self.version, self.name.as_str(), self.description.as_str(), self.deletable],
        )
    }

    fn has_same_lists(&self, other: &Self) -> bool {
        self.hints == other.hints
    }

    fn put_lists(&self, connection: &Connection) -> rusqlite::Result<()> {
        let own = self.id.number();
        execute(connection, "DELETE FROM phone_hint WHERE group_id = ?", [own])?;
        for (number, hint) in &self.hints {
            execute(
                connection,
                "INSERT INTO phone_hint (group_id, number, text, color) VALUES (?, ?, ?, ?)",
                params![own, number.number(), hint.text.as_str(), hint.color.to_string()],
            )?;
        }
        Ok(())
    }
}
