//! The schema's history: the files of `migrations/`, in their order, and bringing a database up to date with those that it
//! has not had. Each runs in one transaction with the row that remembers it. The table of these rows, its columns and its
//! checksums are those of the crate refinery, which wrote it first: databases of every version know each other. Called by
//! `open`; copies nothing and asks nobody.

use std::hash::{Hash as _, Hasher as _};

use rusqlite::{Connection, params};
use siphasher::sip::SipHasher13;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Name without `.sql` and text of each file, made by the build script.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// To the letter what databases hold since the first version: a restore compares the schema's text.
const HISTORY: &str = "CREATE TABLE IF NOT EXISTS refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));";

#[derive(Debug, thiserror::Error)]
pub(crate) enum MigrationError {
    #[error("the history of its schema cannot be read or written")]
    History(#[source] rusqlite::Error),
    #[error("step {version} of the schema, {name}, was another one when this database had it")]
    Differs { version: i32, name: String },
    #[error("this database has had step {version} of the schema, {name}, which this ctibox does not know")]
    Unknown { version: i32, name: String },
    #[error("step {version} of the schema, {name}, fails")]
    Step {
        version: i32,
        name: String,
        #[source]
        source: rusqlite::Error,
    },
}

/// One step.
#[derive(Debug, Clone)]
pub(super) struct Migration {
    version: i32,
    name: String,
    sql: String,
}

impl Migration {
    /// `name` is that of its file, like `V2__people`.
    pub(super) fn new(name: &str, sql: &str) -> Option<Self> {
        let (version, name) = name.strip_prefix('V')?.split_once("__")?;
        Some(Self { version: version.parse().ok()?, name: name.to_owned(), sql: sql.to_owned() })
    }

    fn checksum(&self) -> u64 {
        let mut hasher = SipHasher13::new();
        self.name.hash(&mut hasher);
        self.version.hash(&mut hasher);
        self.sql.hash(&mut hasher);
        hasher.finish()
    }

    fn apply(&self, connection: &mut Connection) -> rusqlite::Result<()> {
        let now = OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default();
        let transaction = connection.transaction()?;
        transaction.execute_batch(&self.sql)?;
        transaction.execute(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES (?, ?, ?, ?)",
            params![self.version, self.name, now, self.checksum().to_string()],
        )?;
        transaction.commit()
    }
}

/// All steps that this ctibox knows, in their order.
pub(super) fn all() -> Vec<Migration> {
    let mut all: Vec<_> = FILES.iter().filter_map(|(name, sql)| Migration::new(name, sql)).collect();
    all.sort_by_key(|migration| migration.version);
    all
}

/// The steps up to this version.
pub(super) fn up_to(version: i32) -> Vec<Migration> {
    all().into_iter().filter(|migration| migration.version <= version).collect()
}

/// Applies the steps that the database has not had, one after the other; the first that fails ends it, and changes nothing.
pub(super) fn run(connection: &mut Connection, migrations: &[Migration]) -> Result<(), MigrationError> {
    connection.execute_batch(HISTORY).map_err(MigrationError::History)?;
    let applied = applied(connection).map_err(MigrationError::History)?;
    for (version, name, checksum) in &applied {
        let (version, name) = (*version, name.clone());
        match migrations.iter().find(|known| known.version == version) {
            None => return Err(MigrationError::Unknown { version, name }),
            Some(known) if known.name != name || known.checksum().to_string() != *checksum => {
                return Err(MigrationError::Differs { version, name });
            }
            Some(_) => {}
        }
    }
    let last = applied.last().map_or(0, |(version, ..)| *version);
    for migration in migrations.iter().filter(|migration| migration.version > last) {
        migration.apply(connection).map_err(|source| MigrationError::Step {
            version: migration.version,
            name: migration.name.clone(),
            source,
        })?;
    }
    Ok(())
}

/// Version, name and checksum of each step that the database has had.
fn applied(connection: &Connection) -> rusqlite::Result<Vec<(i32, String, String)>> {
    let mut statement =
        connection.prepare("SELECT version, name, checksum FROM refinery_schema_history ORDER BY version")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(migrations: &[Migration]) -> Connection {
        let mut connection = Connection::open_in_memory().expect("a database");
        run(&mut connection, migrations).expect("made");
        connection
    }

    /// What the crate refinery wrote into databases of the first versions.
    const CHECKSUMS: [u64; 3] = [13_434_452_463_985_882_096, 17_100_908_785_092_227_673, 11_384_163_018_482_069_684];

    #[test]
    fn a_database_that_refinery_made_is_known_by_its_checksums() {
        let checksums: Vec<_> = up_to(3).iter().map(Migration::checksum).collect();
        assert_eq!(checksums, CHECKSUMS);
    }

    #[test]
    fn what_was_applied_is_not_applied_again_and_what_is_new_is() {
        let mut connection = made(&up_to(2));
        let before = applied(&connection).expect("rows");
        run(&mut connection, &all()).expect("up to date");
        run(&mut connection, &all()).expect("nothing to do");
        let after = applied(&connection).expect("rows");
        assert_eq!((before.len(), after.len(), &after[..2]), (2, all().len(), &before[..]));
    }

    #[test]
    fn a_step_that_was_another_one_and_one_that_nobody_knows_are_refused() {
        let other = Migration::new("V1__first", "CREATE TABLE other (id INTEGER) STRICT").expect("a name");
        let strange = Migration::new("V99__strange", "SELECT 1").expect("a name");
        assert!(matches!(run(&mut made(&[other]), &all()), Err(MigrationError::Differs { version: 1, .. })));
        let strange = [all(), vec![strange]].concat();
        assert!(matches!(run(&mut made(&strange), &all()), Err(MigrationError::Unknown { version: 99, .. })));
    }
}
