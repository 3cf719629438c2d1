//! The phone book in its table: texts are empty where nothing is filled in.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::settings::id::{ContextId, Id};
use crate::settings::phone_book::{EntryDetails, Field, PhoneBookEntry};
use crate::settings::table::Table;

use super::{Stored, Which, execute, id, id_if_set, number_of, objects, refused};

/// How many entries stand in each context, and in none. The counts are kept by triggers, which foreign hands can pass by:
/// where they do not sum up, the entries are counted.
pub(in crate::store) fn entry_numbers(connection: &Connection) -> rusqlite::Result<BTreeMap<Option<ContextId>, usize>> {
    let kept = numbers(connection, "SELECT context_id, entries FROM phone_book_count")?;
    let all: i64 =
        connection.prepare_cached("SELECT count(*) FROM phone_book_entry")?.query_row([], |row| row.get(0))?;
    let kept = if kept.iter().all(|(_, entries)| *entries >= 0) && kept.iter().map(|(_, n)| n).sum::<i64>() == all {
        kept
    } else {
        numbers(connection, "SELECT ifnull(context_id, 0), count(*) FROM phone_book_entry GROUP BY 1")?
    };
    let context = |id: i64| (id != 0).then(|| ContextId::new(id));
    let known = kept.into_iter().filter_map(|(id, entries)| Some((context(id), usize::try_from(entries).ok()?)));
    Ok(known.filter(|(_, entries)| *entries > 0).collect())
}

fn numbers(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<(i64, i64)>> {
    connection.prepare_cached(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

const FIRST_TEXT: usize = 3;

impl Stored for PhoneBookEntry {
    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        let select =
            "SELECT id, version, context_id, first_name, last_name, number, mobile, email, company, fax, home, other
            FROM phone_book_entry";
        objects(connection, which, select, |row| {
            let mut texts = [""; Field::ALL.len()];
            for (column, text) in (FIRST_TEXT..).zip(&mut texts) {
                *text = row.get_ref(column)?.as_str()?;
            }
            // The columns are in the order of the fields.
            let text = |field| Field::ALL.iter().zip(texts).find(|(of, _)| **of == field).map_or("", |(_, text)| text);
            let details = EntryDetails::parse(text)
                .map_err(|refusal| refused(FIRST_TEXT, rusqlite::types::Type::Text, refusal))?;
            Ok(Self { id: id(row, 0)?, version: row.get(1)?, details, context: id_if_set(row, 2)? })
        })
    }

    /// Nothing of an entry is unique.
    fn keeps_its_place(&self, _newer: &Self) -> bool {
        true
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        let [first_name, last_name, number, mobile, email, company, fax, home, other] =
            Field::ALL.map(|field| self.details.text(field));
        execute(
            connection,
            "INSERT INTO phone_book_entry
                 (id, version, context_id, first_name, last_name, number, mobile, email, company, fax, home, other)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, context_id = excluded.context_id,
                 first_name = excluded.first_name, last_name = excluded.last_name, number = excluded.number,
                 mobile = excluded.mobile, email = excluded.email, company = excluded.company, fax = excluded.fax,
                 home = excluded.home, other = excluded.other",
            params![
                self.id.number(),
                self.version,
                number_of(self.context),
                first_name,
                last_name,
                number,
                mobile,
                email,
                company,
                fax,
                home,
                other
            ],
        )
    }
}
