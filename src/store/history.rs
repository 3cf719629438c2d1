//! Reading the audit: who changed what, page by page, newest first. Used by `Store::audit`; audit.rs writes what is read
//! here. The table does not say which rows one transaction wrote, so neither does this.

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, Row};
use serde_json::Value;

use crate::exchange::document::AuditedChange;
use crate::settings::id::{AuditId, Id};
use crate::settings::table::Kind;

use super::origin::OriginKind;

/// Which entries to read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AuditQuery {
    /// Only older ones than this: the last of the page before.
    pub(crate) before: Option<AuditId>,
    pub(crate) limit: usize,
    pub(crate) kind: Option<Kind>,
    /// Only of the object with this number; the settings share 0.
    pub(crate) object: Option<i64>,
}

impl AuditQuery {
    pub(crate) fn newest(limit: usize) -> Self {
        Self { before: None, limit, kind: None, object: None }
    }

    /// The one entry with this number, if there is one.
    pub(crate) fn one(id: AuditId) -> Self {
        Self { before: Some(AuditId::new(id.number().saturating_add(1))), ..Self::newest(1) }
    }
}

/// One object that a change touched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AuditEntry {
    pub(crate) id: AuditId,
    /// Unix seconds.
    pub(crate) at: i64,
    /// The name of the system's user who did it.
    pub(crate) system_user: String,
    pub(crate) origin: OriginKind,
    pub(crate) kind: Kind,
    /// 0 for a setting, which has its key in the images.
    pub(crate) object: i64,
    /// None: it was made.
    pub(crate) before: Option<Value>,
    /// None: it was removed.
    pub(crate) after: Option<Value>,
}

impl AuditEntry {
    /// What `settings` tells in words and takes back.
    pub(crate) fn recorded(&self) -> AuditedChange<'_> {
        AuditedChange {
            entry: self.id,
            kind: self.kind,
            object: self.object,
            before: self.before.as_ref(),
            after: self.after.as_ref(),
        }
    }
}

/// A row that ctibox would not have written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {id} of the history cannot be read: {why}")]
pub(crate) struct DamagedEntry {
    pub(crate) id: AuditId,
    pub(crate) why: String,
}

pub(super) fn entries(
    connection: &Connection,
    query: &AuditQuery,
) -> rusqlite::Result<Vec<Result<AuditEntry, DamagedEntry>>> {
    // Only the conditions that are meant, so that the index on kind and object serves.
    let mut conditions = String::from("WHERE true");
    let mut values: Vec<Cell> = Vec::new();
    for (condition, value) in [
        (" AND seq < ?", query.before.map(|id| Cell::from(id.number()))),
        (" AND kind = ?", query.kind.map(|kind| Cell::from(kind.as_str().to_owned()))),
        (" AND object_id = ?", query.object.map(Cell::from)),
    ] {
        if let Some(value) = value {
            conditions.push_str(condition);
            values.push(value);
        }
    }
    values.push(Cell::from(i64::try_from(query.limit).unwrap_or(i64::MAX)));
    let mut statement = connection.prepare_cached(&format!(
        "SELECT seq, at, system_user, origin, kind, object_id, before, after FROM audit {conditions}
         ORDER BY seq DESC LIMIT ?"
    ))?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), entry)?;
    rows.collect()
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Result<AuditEntry, DamagedEntry>> {
    let id = AuditId::new(row.get(0)?);
    let (origin, kind): (String, String) = (row.get(3)?, row.get(4)?);
    let read = || {
        Ok(AuditEntry {
            id,
            at: row.get(1).map_err(told)?,
            system_user: row.get(2).map_err(told)?,
            origin: OriginKind::parse(&origin).ok_or_else(|| format!("its origin is {origin:?}"))?,
            kind: Kind::parse(&kind).ok_or_else(|| format!("its kind is {kind:?}"))?,
            object: row.get(5).map_err(told)?,
            before: image(row, 6)?,
            after: image(row, 7)?,
        })
    };
    Ok(read().map_err(|why| DamagedEntry { id, why }))
}

fn image(row: &Row<'_>, column: usize) -> Result<Option<Value>, String> {
    let text: Option<String> = row.get(column).map_err(told)?;
    text.map(|text| serde_json::from_str(&text).map_err(told)).transpose()
}

fn told(error: impl ToString) -> String {
    error.to_string()
}
