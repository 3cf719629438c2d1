//! One change of the configuration from begin to commit: load, edit, look for new errors, write the difference, tell the
//! audit. `command`, `tui` and import come here through `Store`; nothing else writes configuration.

use std::collections::HashSet;

use rusqlite::{Connection, TransactionBehavior};

use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::{Finding, Refusal, Severity};

use super::error::StoreError;
use super::origin::{AuditRange, Origin};
use super::{audit, load, removed, save, state, watcher};

/// A change that was taken.
#[derive(Debug)]
pub(crate) struct Changed<T> {
    pub(crate) value: T,
    /// What was no matter for warning before.
    pub(crate) warnings: Vec<Finding>,
    /// The number of the last change before this one: whoever asks a running server what came of it names this.
    pub(crate) since: i64,
    /// Its entries in the audit; None: nothing was changed.
    pub(crate) written: Option<AuditRange>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ChangeError {
    /// Rules were broken; nothing was written. Never empty.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Refused(Vec<Refusal>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ChangeError {
    /// With users as the system calls them.
    pub(crate) fn named(self, name_of: impl Fn(u32) -> Option<String>) -> Self {
        match self {
            Self::Store(error) => Self::Store(error.named(name_of)),
            refused @ Self::Refused(_) => refused,
        }
    }
}

impl From<Refusal> for ChangeError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

/// The whole of one change, in one transaction that no other process can write beside, with these entries of the phone
/// book at hand.
pub(super) fn change<T>(
    connection: &mut Connection,
    failed: impl Fn(rusqlite::Error) -> StoreError,
    origin: &Origin,
    entries: &EntriesNeeded,
    edit: impl FnOnce(&mut Configuration) -> Result<T, Vec<Refusal>>,
) -> Result<Changed<T>, ChangeError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(&failed)?;
    let old = load::configuration(&transaction, entries).map_err(&failed)?;
    let (_, since) = watcher::bounds(&transaction).map_err(&failed)?;
    let mut new = old.clone();
    let value = edit(&mut new).map_err(ChangeError::Refused)?;
    if new == old {
        return Ok(Changed { value, warnings: Vec::new(), since, written: None });
    }
    let (errors, warnings) = new_findings(&old, &new);
    if !errors.is_empty() {
        return Err(ChangeError::Refused(errors));
    }
    let written = write_change(&transaction, origin, &old, &new).map_err(&failed)?;
    transaction.commit().map_err(failed)?;
    Ok(Changed { value, warnings, since, written })
}

/// Everything that a change writes; the caller begins and commits.
pub(super) fn write_change(
    connection: &Connection,
    origin: &Origin,
    old: &Configuration,
    new: &Configuration,
) -> rusqlite::Result<Option<AuditRange>> {
    save::differences(connection, old, new)?;
    let written = audit::write(connection, origin, old, new)?;
    removed::follow(connection, old, new)?;
    state::drop_orphans(connection)?;
    Ok(written)
}

/// What is found now and was not before: an old sin does not stand in the way of another change.
fn new_findings(old: &Configuration, new: &Configuration) -> (Vec<Refusal>, Vec<Finding>) {
    let before = old.findings();
    let known: HashSet<(Severity, &Refusal)> = before.iter().map(identity).collect();
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for finding in new.findings() {
        if known.contains(&identity(&finding)) {
            continue;
        }
        match finding.severity {
            Severity::Error => errors.push(finding.refusal),
            Severity::Warning => warnings.push(finding),
        }
    }
    (errors, warnings)
}

fn identity(finding: &Finding) -> (Severity, &Refusal) {
    (finding.severity, &finding.refusal)
}
