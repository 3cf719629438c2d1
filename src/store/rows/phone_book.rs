//! The phone book in its table: texts are empty where nothing is filled in.

use rusqlite::{Connection, params};

use crate::settings::id::Id;
use crate::settings::phone_book::{EntryDetails, Field, PhoneBookEntry};
use crate::settings::table::Table;

use super::{Stored, Which, execute, id, id_if_set, number_of, objects, refused};

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
