//! Whether a database has the schema that the migrations make, and nothing beside it. A trigger or a view of somebody's
//! own can do anything at any write or read, and no check of the data shows it; an index or a table of somebody's own is
//! harmless and tells of hands in the file. The measure is a database in memory, made by the same migrations. Used by
//! opening, restore and `Inspection`.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use rusqlite::Connection;

use super::error::StoreError;
use super::migrate;

/// One object of the schema that is not as the migrations made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SchemaDifference {
    kind: String,
    name: String,
    table: String,
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Additional,
    Missing,
    Changed,
}

impl SchemaDifference {
    /// Whether no program may write to or read from a database with it.
    pub(crate) fn is_dangerous(&self) -> bool {
        matches!(&*self.kind, "trigger" | "view")
    }
}

impl fmt::Display for SchemaDifference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the {} \"{}\"", self.kind, self.name)?;
        if self.table != self.name {
            write!(out, " on \"{}\"", self.table)?;
        }
        out.write_str(match self.how {
            How::Additional => " is none of ctibox's",
            How::Missing => " is missing",
            How::Changed => " is not as ctibox made it",
        })
    }
}

/// What differs from the schema of this version; `from` names the file in errors.
pub(super) fn differences(
    connection: &Connection,
    version: u32,
    from: &Path,
) -> Result<Vec<SchemaDifference>, StoreError> {
    let failed = |error| StoreError::database(from, error);
    let mut measure = Connection::open_in_memory().map_err(failed)?;
    migrate::migrate_to(&mut measure, version, from)?;
    let expected = objects(&measure).map_err(failed)?;
    let found = objects(connection).map_err(failed)?;
    let missing = expected.keys().filter(|key| !found.contains_key(*key)).map(|key| key.differs(How::Missing));
    let others = found.iter().filter_map(|(key, sql)| match expected.get(key) {
        None => Some(key.differs(How::Additional)),
        Some(known) if known != sql => Some(key.differs(How::Changed)),
        Some(_) => None,
    });
    Ok(others.chain(missing).collect())
}

/// Refuses what is dangerous; the rest comes back.
pub(super) fn expect_harmless(
    connection: &Connection,
    version: u32,
    path: &Path,
) -> Result<Vec<SchemaDifference>, StoreError> {
    let differences = differences(connection, version, path)?;
    match differences.iter().find(|difference| difference.is_dangerous()) {
        Some(difference) => Err(StoreError::Schema { path: path.to_path_buf(), difference: difference.to_string() }),
        None => Ok(differences),
    }
}

/// What tells objects of a schema apart. Sorted, what is dangerous comes first or last, never between.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ObjectKey {
    kind: String,
    name: String,
    table: String,
}

impl ObjectKey {
    fn differs(&self, how: How) -> SchemaDifference {
        let Self { kind, name, table } = self;
        SchemaDifference { kind: kind.clone(), name: name.clone(), table: table.clone(), how }
    }
}

/// All objects with their statements. What SQLite makes by itself has none or begins with `sqlite_`; the
/// table that counts the migrations is made by no migration.
fn objects(connection: &Connection) -> rusqlite::Result<BTreeMap<ObjectKey, String>> {
    let mut statement = connection.prepare(
        "SELECT type, name, tbl_name, sql FROM sqlite_schema
         WHERE sql IS NOT NULL AND name <> 'refinery_schema_history' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let rows = statement.query_map([], |row| {
        let key = ObjectKey { kind: row.get(0)?, name: row.get(1)?, table: row.get(2)? };
        Ok((key, normalised(&row.get::<_, String>(3)?)))
    })?;
    rows.collect()
}

/// A statement without what means nothing: white space, comments, quotes around names, the case of letters. SQLite writes
/// some of it anew when a table is renamed. Texts between single quotes stay as they are.
fn normalised(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql.chars().peekable();
    let mut is_apart = false;
    while let Some(c) = rest.next() {
        match c {
            '-' if rest.peek() == Some(&'-') => {
                rest.by_ref().take_while(|c| *c != '\n').for_each(drop);
                is_apart = true;
            }
            '/' if rest.peek() == Some(&'*') => {
                let mut before = ' ';
                rest.by_ref()
                    .skip(1)
                    .take_while(|c| !(std::mem::replace(&mut before, *c) == '*' && *c == '/'))
                    .for_each(drop);
                is_apart = true;
            }
            c if c.is_whitespace() => is_apart = true,
            '"' | '`' | '[' | ']' => {}
            c => {
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                if is_apart && is_word(c) && text.chars().next_back().is_some_and(is_word) {
                    text.push(' ');
                }
                is_apart = false;
                text.extend(c.to_lowercase());
                if c == '\'' {
                    // To the next quote; a doubled one opens the text again.
                    for c in rest.by_ref() {
                        text.push(c);
                        if c == '\'' {
                            break;
                        }
                    }
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_mean_the_same_are_the_same() {
        let one =
            "CREATE TABLE \"user\" (\n  id INTEGER, -- the id\n  word TEXT CHECK (word IN ('a b', 'it''s -- so')))";
        let other = "create table user(id INTEGER,/* its * id */word TEXT CHECK(word in('a b','it''s -- so')))";
        assert_eq!(normalised(one), normalised(other));
        for different in
            [one.replace("a b", "a  b"), one.replace("INTEGER", "INTEGER UNIQUE"), one.replace("id ", "idx ")]
        {
            assert_ne!(normalised(one), normalised(&different));
        }
        assert_ne!(normalised("a b"), normalised("ab"));
    }
}
