//! How each kind of object lies in its table, a file a family: reading all of a kind, and putting one object there. The
//! only place that knows the columns. Used by load.rs and save.rs.

mod account;
mod dial_rule;
mod dialplan;
mod phone_book;
mod phone_hint;
mod presence;
mod profile;
mod user;

use std::collections::HashMap;

pub(super) use phone_book::entry_numbers;

use rusqlite::types::Type;
use rusqlite::{Connection, Row};

use crate::settings::id::Id;
use crate::settings::rule::Refusal;
use crate::settings::table::{Object, Table};

/// An object that has a table named as its kind's word.
pub(super) trait Stored: Object {
    /// The tables of the lists inside an object.
    const LISTS: &[List] = &[];

    /// Objects of the kind with the rows of their lists. The table's next number comes from elsewhere.
    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>>;

    /// How many rows of `LISTS` are this object's.
    fn list_rows(&self) -> usize {
        0
    }

    /// Whether one row can become the other in place: no column of a unique rule differs. Others are taken out first, so
    /// that two objects may swap their names in one save.
    fn keeps_its_place(&self, newer: &Self) -> bool;

    /// Inserts the object's own row or brings it up to date.
    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()>;

    /// Whether the rows of the object's lists are the same.
    fn has_same_lists(&self, _other: &Self) -> bool {
        true
    }

    /// Takes out the rows of the object's lists and puts in what it has now.
    fn put_lists(&self, _connection: &Connection) -> rusqlite::Result<()> {
        Ok(())
    }
}

/// The text of a column as one of the domain's types. What the type refuses means a damaged file.
fn parsed<T>(row: &Row<'_>, column: usize, parse: impl FnOnce(&str) -> Result<T, Refusal>) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    parse(text).map_err(|refusal| refused(column, Type::Text, refusal))
}

/// The same for a column that may be NULL.
fn parsed_if_set<T>(
    row: &Row<'_>,
    column: usize,
    parse: impl FnOnce(&str) -> Result<T, Refusal>,
) -> rusqlite::Result<Option<T>> {
    let Some(text) = row.get_ref(column)?.as_str_or_null()? else { return Ok(None) };
    parse(text).map(Some).map_err(|refusal| refused(column, Type::Text, refusal))
}

fn refused(column: usize, data_type: Type, cause: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, data_type, Box::new(cause))
}

fn id<I: Id>(row: &Row<'_>, column: usize) -> rusqlite::Result<I> {
    row.get(column).map(I::new)
}

fn id_if_set<I: Id>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<I>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(I::new))
}

fn number_of<I: Id>(id: Option<I>) -> Option<i64> {
    id.map(Id::number)
}

/// Which objects of a kind to read.
pub(super) enum Which {
    All,
    /// Those with these ids, as far as they exist.
    These(Vec<i64>),
}

impl Which {
    /// The condition on a column that holds their ids, for `values` to fill.
    fn condition(&self, column: &str) -> String {
        match self {
            Self::All => String::new(),
            Self::These(_) => format!("WHERE {column} IN (SELECT value FROM json_each(?))"),
        }
    }

    fn values(&self) -> impl rusqlite::Params + use<> {
        let ids = match self {
            Self::All => None,
            Self::These(ids) => Some(format!("[{}]", ids.iter().map(i64::to_string).collect::<Vec<_>>().join(","))),
        };
        rusqlite::params_from_iter(ids)
    }
}

/// A list inside objects: a table of its own.
pub(super) struct List {
    pub(super) table: &'static str,
    /// The column with the id of the object that it belongs to.
    owner: &'static str,
    columns: &'static str,
    order: &'static str,
}

/// Reads objects of a table.
fn objects<T: Object>(
    connection: &Connection,
    which: &Which,
    select: &str,
    mut object: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Table<T>> {
    let mut table = Table::default();
    let mut statement = connection.prepare_cached(&format!("{select} {}", which.condition("id")))?;
    let mut rows = statement.query(which.values())?;
    while let Some(row) = rows.next()? {
        table.put(object(row)?);
    }
    Ok(table)
}

/// Reads the rows of a list of those objects, by the owner's id, which is the first column.
fn lists<T>(
    connection: &Connection,
    which: &Which,
    list: &List,
    entry: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<HashMap<i64, Vec<T>>> {
    let List { table, owner, columns, order } = list;
    let condition = which.condition(owner);
    let sql = format!("SELECT {owner}, {columns} FROM {table} {condition} ORDER BY {owner}, {order}");
    let mut lists: HashMap<i64, Vec<T>> = HashMap::new();
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(which.values())?;
    while let Some(row) = rows.next()? {
        lists.entry(row.get(0)?).or_default().push(entry(row)?);
    }
    Ok(lists)
}

/// Runs a statement that returns no rows, prepared once a connection.
fn execute(connection: &Connection, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute(values).map(drop)
}
