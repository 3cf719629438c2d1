//! Presence groups and presences, with their transitions and actions, in their tables.

use rusqlite::{Connection, params};

use crate::settings::color::Color;
use crate::settings::id::{Id, PresenceId};
use crate::settings::name::{Description, DisplayName, PresenceGroupName, PresenceName};
use crate::settings::presence::{Presence, PresenceAction, PresenceGroup};
use crate::settings::table::Table;

use super::{List, Stored, Which, execute, id, lists, objects, parsed};

impl Stored for PresenceGroup {
    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        objects(connection, which, "SELECT id, version, name, description, deletable FROM presence_group", |row| {
            Ok(Self {
                id: id(row, 0)?,
                version: row.get(1)?,
                name: parsed(row, 2, PresenceGroupName::parse)?,
                description: parsed(row, 3, Description::parse)?,
                deletable: row.get(4)?,
            })
        })
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        self.name == newer.name
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO presence_group (id, version, name, description, deletable) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name,
                 description = excluded.description, deletable = excluded.deletable",
            params![self.id.number(), self.version, self.name.as_str(), self.description.as_str(), self.deletable],
        )
    }
}

const TRANSITIONS: List = List { table: "presence_transition", owner: "from_id", columns: "to_id", order: "to_id" };
const ACTIONS: List =
    List { table: "presence_action", owner: "presence_id", columns: "action, parameter", order: "position" };

impl Stored for Presence {
    const LISTS: &[List] = &[TRANSITIONS, ACTIONS];

    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        let mut reachable = lists(connection, which, &TRANSITIONS, |row| id(row, 1))?;
        let mut actions = lists(connection, which, &ACTIONS, |row| {
            let parameter: String = row.get(2)?;
            parsed(row, 1, |action| PresenceAction::new(action, &parameter))
        })?;
        objects(
            connection,
            which,
            "SELECT id, version, group_id, position, name, display, color FROM presence",
            |row| {
                let id: PresenceId = id(row, 0)?;
                Ok(Self {
                    id,
                    version: row.get(1)?,
                    group: super::id(row, 2)?,
                    position: row.get(3)?,
                    name: parsed(row, 4, PresenceName::parse)?,
                    display: parsed(row, 5, DisplayName::parse)?,
                    color: parsed(row, 6, Color::parse)?,
                    reachable: reachable.remove(&id.number()).unwrap_or_default().into_iter().collect(),
                    actions: actions.remove(&id.number()).unwrap_or_default(),
                })
            },
        )
    }

    fn list_rows(&self) -> usize {
        self.reachable.len() + self.actions.len()
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        (self.group, self.position, &self.name) == (newer.group, newer.position, &newer.name)
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO presence (id, version, group_id, position, name, display, color) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, group_id = excluded.group_id,
                 position = excluded.position, name = excluded.name, display = excluded.display,
                 color = excluded.color",
            params![
                self.id.number(),
                self.version,
                self.group.number(),
                self.position,
                self.name.as_str(),
                self.display.as_str(),
                self.color.to_string()
            ],
        )
    }

    fn has_same_lists(&self, other: &Self) -> bool {
        (&self.reachable, &self.actions) == (&other.reachable, &other.actions)
    }

    fn put_lists(&self, connection: &Connection) -> rusqlite::Result<()> {
        let own = self.id.number();
        execute(connection, "DELETE FROM presence_transition WHERE from_id = ?", [own])?;
        execute(connection, "DELETE FROM presence_action WHERE presence_id = ?", [own])?;
        for other in &self.reachable {
            execute(
                connection,
                "INSERT INTO presence_transition (from_id, to_id, group_id) VALUES (?, ?, ?)",
                [own, other.number(), self.group.number()],
            )?;
        }
        for (position, action) in (0_i64..).zip(&self.actions) {
            execute(
                connection,
                "INSERT INTO presence_action (presence_id, position, action, parameter) VALUES (?, ?, ?, ?)",
                params![own, position, action.name(), action.parameter()],
            )?;
        }
        Ok(())
    }
}
