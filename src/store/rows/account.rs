//! Accounts with their rights and contexts, in their tables.

use rusqlite::{Connection, params};

use crate::settings::account::{Account, AccountKind, AccountRight};
use crate::settings::id::{AccountId, Id};
use crate::settings::name::AccountName;
use crate::settings::password::PasswordHash;
use crate::settings::table::Table;

use super::{List, Stored, Which, execute, id, lists, objects, parsed, parsed_if_set};

const RIGHTS: List = List { table: "account_right", owner: "account_id", columns: "name", order: "name" };
const CONTEXTS: List =
    List { table: "account_context", owner: "account_id", columns: "context_id", order: "context_id" };

impl Stored for Account {
    const LISTS: &[List] = &[RIGHTS, CONTEXTS];

    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        let mut rights = lists(connection, which, &RIGHTS, |row| parsed(row, 1, AccountRight::parse))?;
        let mut contexts = lists(connection, which, &CONTEXTS, |row| id(row, 1))?;
        let select = "SELECT id, version, kind, name, password_hash, enabled FROM account";
        objects(connection, which, select, |row| {
            let id: AccountId = id(row, 0)?;
            Ok(Self {
                id,
                version: row.get(1)?,
                kind: parsed(row, 2, AccountKind::parse)?,
                name: parsed(row, 3, AccountName::parse)?,
                password: parsed_if_set(row, 4, PasswordHash::parse)?,
                enabled: row.get(5)?,
                rights: rights.remove(&id.number()).unwrap_or_default().into_iter().collect(),
                contexts: contexts.remove(&id.number()).unwrap_or_default().into_iter().collect(),
            })
        })
    }

    fn list_rows(&self) -> usize {
        self.rights.len() + self.contexts.len()
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        self.name == newer.name
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO account (id, version, kind, name, password_hash, enabled) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, kind = excluded.kind, name = excluded.name,
                 password_hash = excluded.password_hash, enabled = excluded.enabled",
            params![
                self.id.number(),
                self.version,
                self.kind.as_str(),
                self.name.as_str(),
                self.password.as_ref().map(PasswordHash::as_str),
                self.enabled
            ],
        )
    }

    fn has_same_lists(&self, other: &Self) -> bool {
        (&self.rights, &self.contexts) == (&other.rights, &other.contexts)
    }

    fn put_lists(&self, connection: &Connection) -> rusqlite::Result<()> {
        let own = self.id.number();
        execute(connection, "DELETE FROM account_right WHERE account_id = ?", [own])?;
        for right in &self.rights {
            let values = params![own, right.as_str()];
            execute(connection, "INSERT INTO account_right (account_id, name) VALUES (?, ?)", values)?;
        }
        execute(connection, "DELETE FROM account_context WHERE account_id = ?", [own])?;
        for context in &self.contexts {
            let values = [own, context.number()];
            execute(connection, "INSERT INTO account_context (account_id, context_id) VALUES (?, ?)", values)?;
        }
        Ok(())
    }
}
