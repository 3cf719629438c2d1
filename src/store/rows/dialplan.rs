//! Contexts with their includes, conference rooms, queues with their members, in their tables.

use rusqlite::{Connection, Row, params};

use crate::settings::conference::Conference;
use crate::settings::context::Context;
use crate::settings::id::{ContextId, Id, QueueId};
use crate::settings::name::{
    ConferenceName, ConferenceNumber, ConferencePin, ContextName, DisplayName, Extension, QueueName,
};
use crate::settings::queue::{MemberId, Queue, QueueMember};
use crate::settings::rule::Refusal;
use crate::settings::table::Table;
use crate::settings::target_kind::TargetKind;

use super::{List, Stored, Which, execute, id, lists, objects, parsed, parsed_if_set};
use crate::settings::violation::Violation;

const INCLUDES: List =
    List { table: "context_include", owner: "context_id", columns: "included_id", order: "priority" };

impl Stored for Context {
    const LISTS: &[List] = &[INCLUDES];

    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        let mut includes = lists(connection, which, &INCLUDES, |row| id(row, 1))?;
        objects(connection, which, "SELECT id, version, name FROM context", |row| {
            let id: ContextId = id(row, 0)?;
            Ok(Self {
                id,
                version: row.get(1)?,
                name: parsed(row, 2, ContextName::parse)?,
                includes: includes.remove(&id.number()).unwrap_or_default(),
            })
        })
    }

    fn list_rows(&self) -> usize {
        self.includes.len()
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        self.name == newer.name
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO context (id, version, name) VALUES (?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name",
            params![self.id.number(), self.version, self.name.as_str()],
        )
    }

    fn has_same_lists(&self, other: &Self) -> bool {
        self.includes == other.includes
    }

    fn put_lists(&self, connection: &Connection) -> rusqlite::Result<()> {
        let own = self.id.number();
        execute(connection, "DELETE FROM context_include WHERE context_id = ?", [own])?;
        for (priority, included) in (0_i64..).zip(&self.includes) {
            execute(
                connection,
                "INSERT INTO context_include (context_id, priority, included_id) VALUES (?, ?, ?)",
                params![own, priority, included.number()],
            )?;
        }
        Ok(())
    }
}

impl Stored for Conference {
    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        objects(connection, which, "SELECT id, version, number, name, context_id, pin FROM conference", |row| {
            Ok(Self {
                id: id(row, 0)?,
                version: row.get(1)?,
                number: parsed(row, 2, ConferenceNumber::parse)?,
                name: parsed(row, 3, ConferenceName::parse)?,
                context: id(row, 4)?,
                pin: parsed_if_set(row, 5, pin)?,
            })
        })
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        (&self.number, self.context) == (&newer.number, newer.context)
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO conference (id, version, number, name, context_id, pin) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, number = excluded.number,
                 name = excluded.name, context_id = excluded.context_id, pin = excluded.pin",
            params![
                self.id.number(),
                self.version,
                self.number.as_str(),
                self.name.as_str(),
                self.context.number(),
                self.pin.as_ref().map(ConferencePin::as_str)
            ],
        )
    }
}

/// A PIN is a secret: its refusal must not repeat it.
fn pin(text: &str) -> Result<ConferencePin, Refusal> {
    ConferencePin::parse(text)
        .map_err(|refusal| Refusal::new(refusal.rule, TargetKind::ConferencePin, Violation::must_be("1 to 12 digits")))
}

const AGENTS: List = List { table: "queue_member", owner: "queue_id", columns: "agent_id, penalty", order: "agent_id" };
const LINES: List = List { table: "queue_line", owner: "queue_id", columns: "line_id, penalty", order: "line_id" };

impl Stored for Queue {
    const LISTS: &[List] = &[AGENTS, LINES];

    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        let member = |member, row: &Row<'_>| Ok(QueueMember { member, penalty: row.get(2)? });
        let mut members = lists(connection, which, &AGENTS, |row| member(MemberId::Agent(id(row, 1)?), row))?;
        for (queue, lines) in lists(connection, which, &LINES, |row| member(MemberId::Line(id(row, 1)?), row))? {
            members.entry(queue).or_default().extend(lines);
        }
        objects(
            connection,
            which,
            "SELECT id, version, name, display, number, context_id, wrapup_seconds FROM queue",
            |row| {
                let id: QueueId = id(row, 0)?;
                Ok(Self {
                    id,
                    version: row.get(1)?,
                    name: parsed(row, 2, QueueName::parse)?,
                    display: parsed(row, 3, DisplayName::parse)?,
                    number: parsed(row, 4, Extension::parse)?,
                    context: super::id(row, 5)?,
                    wrapup_seconds: row.get(6)?,
                    members: members.remove(&id.number()).unwrap_or_default(),
                })
            },
        )
    }

    fn list_rows(&self) -> usize {
        self.members.len()
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        (&self.name, &self.number, self.context) == (&newer.name, &newer.number, newer.context)
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO queue (id, version, name, display, number, context_id, wrapup_seconds)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name,
                 display = excluded.display, number = excluded.number, context_id = excluded.context_id,
                 wrapup_seconds = excluded.wrapup_seconds",
            params![
                self.id.number(),
                self.version,
                self.name.as_str(),
                self.display.as_str(),
                self.number.as_str(),
                self.context.number(),
                self.wrapup_seconds
            ],
        )
    }

    fn has_same_lists(&self, other: &Self) -> bool {
        self.members == other.members
    }

    fn put_lists(&self, connection: &Connection) -> rusqlite::Result<()> {
        let own = self.id.number();
        execute(connection, "DELETE FROM queue_member WHERE queue_id = ?", [own])?;
        execute(connection, "DELETE FROM queue_line WHERE queue_id = ?", [own])?;
        for QueueMember { member, penalty } in &self.members {
            let (sql, member) = match member {
                MemberId::Agent(agent) => {
                    ("INSERT INTO queue_member (queue_id, agent_id, penalty) VALUES (?, ?, ?)", agent.number())
                }
                MemberId::Line(line) => {
                    ("INSERT INTO queue_line (queue_id, line_id, penalty) VALUES (?, ?, ?)", line.number())
                }
            };
            execute(connection, sql, params![own, member, penalty])?;
        }
        Ok(())
    }
}
