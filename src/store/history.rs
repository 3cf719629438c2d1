//! Reading the audit: who changed what, page by page, newest first, entry by entry or transaction by transaction. Used by
//! `Store::audit` and its kin; audit.rs writes what is read here.

use rusqlite::types::Value as Cell;
use rusqlite::{Connection, Row, params};
use serde_json::Value;

use crate::exchange::document::{AuditedChange, TransactionWords};
use crate::settings::id::{AuditId, Id};
use crate::settings::state::is_state_gone;
use crate::settings::table::Kind;

use super::origin::OriginKind;
use super::undone::{UndoneBy, UndoneEntries};

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
    /// The first entry of the transaction that wrote this one.
    pub(crate) transaction: AuditId,
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

    /// Whether it removed a user so long before `now` (Unix seconds) that what was kept of them beside the configuration is
    /// gone.
    pub(crate) fn is_state_gone(&self, now: i64) -> bool {
        self.kind == Kind::User && self.after.is_none() && is_state_gone(self.at, now)
    }
}

/// A row that ctibox would not have written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {id} of the history cannot be read: {why}")]
pub(crate) struct DamagedEntry {
    pub(crate) id: AuditId,
    pub(crate) why: String,
}

/// What one transaction changed: to whoever looks back, one action.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AuditTransaction {
    /// Its first entry, by which it is called.
    pub(crate) id: AuditId,
    pub(crate) entries: usize,
    /// Unix seconds.
    pub(crate) at: i64,
    /// The name of the system's user who did it.
    pub(crate) system_user: String,
    /// The word of the way by which it was done.
    pub(crate) origin: String,
    /// What was done, in one line.
    pub(crate) title: String,
    /// All its entries in words, a line each.
    pub(crate) text: String,
    /// The first entries of what it undid; empty: it is no undo.
    pub(crate) undoes: Vec<AuditId>,
    /// By whom it was undone, or a part of it.
    pub(crate) undone: Option<UndoneBy>,
    /// The file that it took over, of an import.
    pub(crate) file: Option<String>,
}

impl AuditTransaction {
    /// `undo: profile Client for 54 users`, `imported big.json: 6906 changes: …`: with what it was for.
    pub(crate) fn headline(&self) -> String {
        match (&self.file, self.undoes.is_empty()) {
            (Some(file), _) => format!("imported {file}: {}", self.title),
            (None, false) => format!("undo: {}", self.title),
            (None, true) => self.title.clone(),
        }
    }
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
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM audit {conditions} ORDER BY seq DESC LIMIT ?"))?;
    let rows = statement.query_map(rusqlite::params_from_iter(values), entry)?;
    rows.collect()
}

/// The newest of those that began before this entry, the newest first.
pub(super) fn transactions(
    connection: &Connection,
    before: Option<AuditId>,
    limit: usize,
) -> rusqlite::Result<Vec<AuditTransaction>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM audit WHERE seq < ? ORDER BY seq DESC"))?;
    let mut rows = statement.query([before.map_or(i64::MAX, AuditId::number)])?;
    let undone = UndoneEntries::read(connection)?;
    let (mut read, mut under_way): (Vec<AuditTransaction>, Option<UnfinishedTransaction>) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let of = transaction_of(row)?;
        if let Some(whole) = under_way.take_if(|action| action.id != of) {
            read.push(whole.told(&undone));
            if read.len() == limit {
                return Ok(read);
            }
        }
        let action = match &mut under_way {
            Some(action) => action,
            None => under_way.insert(UnfinishedTransaction::at(row, of)?),
        };
        action.take(entry(row)?, row.get(9)?);
    }
    read.extend(under_way.map(|whole| whole.told(&undone)));
    read.truncate(limit);
    Ok(read)
}

/// The entries of a transaction in the order in which they were written, those behind `after`.
pub(super) fn entries_of(
    connection: &Connection,
    transaction: AuditId,
    after: Option<AuditId>,
    limit: usize,
) -> rusqlite::Result<Vec<Result<AuditEntry, DamagedEntry>>> {
    let from = after.map_or(transaction.number(), |id| id.number().saturating_add(1));
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM audit WHERE seq >= ? ORDER BY seq LIMIT ?"))?;
    let mut rows = statement.query(params![from, i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut read = Vec::new();
    while let Some(row) = rows.next()? {
        if transaction_of(row)? != transaction {
            break;
        }
        read.push(entry(row)?);
    }
    Ok(read)
}

const COLUMNS: &str = "seq, first_seq, at, system_user, origin, kind, object_id, before, after, file";

fn transaction_of(row: &Row<'_>) -> rusqlite::Result<AuditId> {
    let (seq, first): (i64, Option<i64>) = (row.get(0)?, row.get(1)?);
    Ok(AuditId::new(first.unwrap_or(seq)))
}

/// A transaction while its entries come.
struct UnfinishedTransaction {
    id: AuditId,
    at: i64,
    system_user: String,
    origin: String,
    entries: usize,
    words: TransactionWords,
    damaged: Option<DamagedEntry>,
    /// Its first entry names it.
    file: Option<String>,
}

impl UnfinishedTransaction {
    fn at(row: &Row<'_>, id: AuditId) -> rusqlite::Result<Self> {
        Ok(Self {
            id,
            at: row.get(2)?,
            system_user: row.get(3)?,
            origin: row.get(4)?,
            entries: 0,
            words: TransactionWords::default(),
            damaged: None,
            file: None,
        })
    }

    fn take(&mut self, entry: Result<AuditEntry, DamagedEntry>, file: Option<String>) {
        self.entries += 1;
        self.file = file.or(self.file.take());
        match entry {
            Ok(entry) => self.words.add(&entry.recorded()),
            Err(damaged) => self.damaged = Some(damaged),
        }
    }

    /// In words; of what cannot be read that is told.
    fn told(self, undone: &UndoneEntries) -> AuditTransaction {
        let Self { id, at, system_user, origin, entries, words, damaged, file } = self;
        let (mut title, text) = words.told();
        if let Some(damaged) = damaged {
            title = if title.is_empty() { damaged.to_string() } else { format!("{title}; {damaged}") };
        }
        let (undoes, undone) = (undone.undone_by(id).to_vec(), undone.of(id, entries));
        AuditTransaction { id, entries, at, system_user, origin, title, text, undoes, undone, file }
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Result<AuditEntry, DamagedEntry>> {
    let id = AuditId::new(row.get(0)?);
    let transaction = transaction_of(row)?;
    let (origin, kind): (String, String) = (row.get(4)?, row.get(5)?);
    let read = || {
        Ok(AuditEntry {
            id,
            transaction,
            at: row.get(2).map_err(told)?,
            system_user: row.get(3).map_err(told)?,
            origin: OriginKind::parse(&origin).ok_or_else(|| format!("its origin is {origin:?}"))?,
            kind: Kind::parse(&kind).ok_or_else(|| format!("its kind is {kind:?}"))?,
            object: row.get(6).map_err(told)?,
            before: image(row, 7)?,
            after: image(row, 8)?,
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
