//! What is remembered of logins, in its two tables: kept, read once at start, forgotten. The writer and `Store` use it.

use std::collections::HashMap;

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use crate::settings::address_group::{AddressGroup, NoAddress};
use crate::settings::login_record::{CountedAgainst, FailedMinute, LoginName, LoginRecord};

/// Rows of failures that stay, the latest.
const FAILED_MINUTES_MAX: u32 = 20_000;
/// Minutes before the latest failure whose failures stay: as long as the throttle counts them.
const MINUTES_KEPT: i64 = 16;

pub(super) fn write(connection: &Connection, record: &LoginRecord) -> rusqlite::Result<()> {
    let (login, address) = (record.login.as_str(), record.address.to_string());
    connection
        .prepare_cached("DELETE FROM login_failure WHERE login = ? AND address = ?")?
        .execute(params![login, address])?;
    for FailedMinute { minute, failures } in &record.failures {
        connection
            .prepare_cached("INSERT INTO login_failure (login, address, minute, failures) VALUES (?, ?, ?, ?)")?
            .execute(params![login, address, minute, failures])?;
    }
    match record.last_login {
        Some(day) => connection
            .prepare_cached("INSERT OR REPLACE INTO login_success (login, address, day) VALUES (?, ?, ?)")?
            .execute(params![login, address, day])
            .map(drop),
        None => connection
            .prepare_cached("DELETE FROM login_success WHERE login = ? AND address = ?")?
            .execute(params![login, address])
            .map(drop),
    }
}

/// Lets go of failures that count no more, and of the oldest that are too many.
pub(super) fn prune(connection: &Connection) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM login_failure WHERE minute < (SELECT max(minute) FROM login_failure) - ?")?
        .execute([MINUTES_KEPT])?;
    connection
        .prepare_cached(
            "DELETE FROM login_failure WHERE (login, address, minute) IN
                 (SELECT login, address, minute FROM login_failure ORDER BY minute DESC LIMIT -1 OFFSET ?)",
        )?
        .execute([FAILED_MINUTES_MAX])
        .map(drop)
}

pub(super) fn records(connection: &Connection) -> rusqlite::Result<Vec<LoginRecord>> {
    let mut records: HashMap<(LoginName, AddressGroup), LoginRecord> = HashMap::new();
    let mut of = |row: &Row<'_>, change: &mut dyn FnMut(&mut LoginRecord)| -> rusqlite::Result<()> {
        let login = LoginName::of(row.get_ref(0)?.as_str()?);
        let address: AddressGroup =
            row.get_ref(1)?.as_str()?.parse().map_err(|error: NoAddress| {
                rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(error))
            })?;
        let empty = || LoginRecord { login: login.clone(), address, failures: Vec::new(), last_login: None };
        change(records.entry((login.clone(), address)).or_insert_with(empty));
        Ok(())
    };
    let mut statement =
        connection.prepare_cached("SELECT login, address, minute, failures FROM login_failure ORDER BY minute")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let failed = FailedMinute { minute: row.get(2)?, failures: row.get(3)? };
        of(row, &mut |record| record.failures.push(failed))?;
    }
    let mut statement = connection.prepare_cached("SELECT login, address, day FROM login_success")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let day = row.get(2)?;
        of(row, &mut |record| record.last_login = Some(day))?;
    }
    Ok(records.into_values().collect())
}

/// Forgets failures.
pub(super) fn forget_failures(connection: &Connection, against: &CountedAgainst) -> rusqlite::Result<()> {
    match against {
        CountedAgainst::Login(login) => {
            connection.execute("DELETE FROM login_failure WHERE login = ?", [login.as_str()])
        }
        CountedAgainst::Address(address) => {
            connection.execute("DELETE FROM login_failure WHERE address = ?", [address.to_string()])
        }
    }
    .map(drop)
}
