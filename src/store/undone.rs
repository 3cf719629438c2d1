//! Which entries of the audit were undone by which transaction, and still are: an undo that was undone itself counts no more.
//! Read whole for each page of the history: undoing is rare beside changing.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use crate::settings::id::{AuditId, Id as _};

/// Who undid something, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UndoneBy {
    /// The transaction that undid it.
    pub(crate) transaction: AuditId,
    /// Unix seconds.
    pub(crate) at: i64,
    /// The name of the system's user who did it.
    pub(crate) system_user: String,
    /// Whether it undid all of what is asked about.
    pub(crate) is_whole: bool,
}

struct Undone {
    last: i64,
    by: i64,
    at: i64,
    system_user: String,
}

/// All that was undone, by its first entry.
pub(super) struct UndoneEntries {
    in_force: BTreeMap<i64, Undone>,
    /// What a transaction undid, in force or not.
    undoes: BTreeMap<i64, Vec<AuditId>>,
}

impl UndoneEntries {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare_cached(
            "SELECT by_seq, audit_undo.first_seq, last_seq, at, system_user
                 FROM audit_undo JOIN audit ON audit.seq = by_seq ORDER BY by_seq DESC",
        )?;
        let mut rows = statement.query([])?;
        let mut read = Self { in_force: BTreeMap::new(), undoes: BTreeMap::new() };
        let mut is_undone: BTreeSet<i64> = BTreeSet::new();
        // The newest first: whether an undo counts is known once all later ones are.
        while let Some(row) = rows.next()? {
            let (by, first, last): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            read.undoes.entry(by).or_default().push(AuditId::new(first));
            if !is_undone.contains(&by) {
                is_undone.insert(first);
                let undone = Undone { last, by, at: row.get(3)?, system_user: row.get(4)? };
                read.in_force.entry(first).or_insert(undone);
            }
        }
        Ok(read)
    }

    /// Who undid these neighbouring entries, or some of them.
    pub(super) fn of(&self, first: AuditId, entries: usize) -> Option<UndoneBy> {
        let (first, entries) = (first.number(), i64::try_from(entries).unwrap_or(i64::MAX));
        let last = first.saturating_add(entries.max(1) - 1);
        let mut covered = 0;
        let mut newest: Option<&Undone> = None;
        for (from, undone) in self.in_force.range(..=last).rev().take_while(|(from, _)| **from >= first) {
            covered += undone.last.min(last) - from + 1;
            if newest.is_none_or(|newest| newest.by < undone.by) {
                newest = Some(undone);
            }
        }
        newest.map(|Undone { by, at, system_user, .. }| UndoneBy {
            transaction: AuditId::new(*by),
            at: *at,
            system_user: system_user.clone(),
            is_whole: covered >= entries,
        })
    }

    /// The first of the entries that this transaction undid, by each part; empty: it is no undo.
    pub(super) fn undone_by(&self, transaction: AuditId) -> &[AuditId] {
        self.undoes.get(&transaction.number()).map_or(&[], Vec::as_slice)
    }
}
