//! The configuration out of its tables: one statement a table, whatever the number of objects, and of the phone book as
//! much as somebody needs. Used by `Store`.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension};

use crate::settings::configuration::Configuration;
use crate::settings::id::{Id as _, ServerUuid};
use crate::settings::phone_book::{EntriesNeeded, PhoneBook, PhoneBookEntry};
use crate::settings::rule::{Refusal, Rule};
use crate::settings::setting::{Key, Layer, SettingValue};
use crate::settings::table::{Collection, Object, Table};
use crate::settings::tables::for_each_table;
use crate::settings::target_kind::TargetKind;
use crate::settings::whole::WholeConfiguration;

use super::rows::{Stored, Which, entry_numbers};
use crate::settings::violation::Violation;

/// Must run inside a transaction, so that all tables are of one moment.
pub(super) fn configuration(connection: &Connection, entries: &EntriesNeeded) -> rusqlite::Result<Configuration> {
    let mut loaded = Configuration::empty(server_uuid(connection)?);
    loaded.settings = settings(connection)?;
    for_each_table! { ($table:ident, $object:ty) => { loaded.$table = Loaded::load(connection, entries)?; } }
    Ok(loaded)
}

/// With every entry of the phone book.
pub(super) fn whole(connection: &Connection) -> rusqlite::Result<WholeConfiguration> {
    let entries = table(connection)?;
    Ok(WholeConfiguration::with_entries(configuration(connection, &EntriesNeeded::None)?, entries))
}

/// What a configuration holds of a kind, out of the database.
pub(super) trait Loaded: Collection + Sized {
    fn load(connection: &Connection, entries: &EntriesNeeded) -> rusqlite::Result<Self>;
}

impl<T: Stored> Loaded for Table<T> {
    fn load(connection: &Connection, _: &EntriesNeeded) -> rusqlite::Result<Self> {
        table(connection)
    }
}

impl Loaded for PhoneBook {
    /// The numbers of all entries, and the entries that are needed.
    fn load(connection: &Connection, entries: &EntriesNeeded) -> rusqlite::Result<Self> {
        let ids = match entries {
            EntriesNeeded::None => &[][..],
            EntriesNeeded::These(ids) => ids,
            EntriesNeeded::All => return table(connection).map(Self::whole),
        };
        let which = Which::These(ids.iter().map(|id| id.number()).collect());
        let mut at_hand = PhoneBookEntry::load(connection, &which)?;
        at_hand.raise_next_number(next_number::<PhoneBookEntry>(connection)?);
        Ok(Self::part(at_hand, entry_numbers(connection)?))
    }
}

/// What the database says of the general settings.
pub(super) fn settings(connection: &Connection) -> rusqlite::Result<Layer> {
    let mut layer = Layer::new();
    let mut statement = connection.prepare_cached("SELECT key, value FROM setting")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let key = Key::parse(row.get_ref(0)?.as_str()?).map_err(refused)?;
        let value = SettingValue::parse(key, row.get_ref(1)?.as_str()?).map_err(refused)?;
        layer.insert(key, value);
    }
    Ok(layer)
}

pub(super) fn server_uuid(connection: &Connection) -> rusqlite::Result<ServerUuid> {
    let text: Option<String> = connection.query_row("SELECT uuid FROM server", [], |row| row.get(0)).optional()?;
    let uuid = text.as_deref().and_then(ServerUuid::parse);
    uuid.ok_or_else(|| refused(Refusal::new(Rule::C3, TargetKind::TheServer, Violation::HasNoUuid)))
}

fn table<T: Stored>(connection: &Connection) -> rusqlite::Result<Table<T>> {
    let mut table = T::load(connection, &Which::All)?;
    table.raise_next_number(next_number::<T>(connection)?);
    Ok(table)
}

/// The number that the table's next new object gets.
pub(super) fn next_number<T: Object>(connection: &Connection) -> rusqlite::Result<i64> {
    Ok(last_number(connection, T::KIND.as_str())?.unwrap_or_default() + 1)
}

/// The highest id that a table ever gave out.
pub(super) fn last_number(connection: &Connection, table: &str) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = ?")?
        .query_row([table], |row| row.get(0))
        .optional()
}

fn refused(refusal: Refusal) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(refusal))
}
