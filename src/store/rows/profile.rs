//! Profiles with their services, preferences and xlets, in their tables.

use rusqlite::types::Type;
use rusqlite::{Connection, Row, params};

use crate::settings::id::{Id, ProfileId};
use crate::settings::name::ProfileName;
use crate::settings::preference::{Preference, PreferenceValue};
use crate::settings::profile::{Position, Profile, ProfileXlet, Service, Xlet, XletFlags, XletNumber};
use crate::settings::table::Table;

use super::{List, Stored, Which, execute, id, lists, objects, parsed, refused};

const SERVICES: List = List { table: "profile_service", owner: "profile_id", columns: "service", order: "service" };
const PREFERENCES: List =
    List { table: "profile_preference", owner: "profile_id", columns: "preference, value", order: "preference" };
const XLETS: List = List {
    table: "profile_xlet",
    owner: "profile_id",
    columns: "xlet, layout, number, floating, closable, movable, scrollable",
    order: "place",
};

impl Stored for Profile {
    const LISTS: &[List] = &[SERVICES, PREFERENCES, XLETS];

    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        let mut services = lists(connection, which, &SERVICES, |row| parsed(row, 1, Service::parse))?;
        let mut preferences = lists(connection, which, &PREFERENCES, |row| {
            let preference = parsed(row, 1, Preference::parse)?;
            Ok((preference, parsed(row, 2, |value| PreferenceValue::parse(preference, value))?))
        })?;
        let mut xlets = lists(connection, which, &XLETS, xlet)?;
        objects(
            connection,
            which,
            "SELECT id, version, name, presence_group_id, phone_hint_group_id, may_listen FROM profile",
            |row| {
                let id: ProfileId = id(row, 0)?;
                Ok(Self {
                    id,
                    version: row.get(1)?,
                    name: parsed(row, 2, ProfileName::parse)?,
                    presence_group: super::id(row, 3)?,
                    phone_hint_group: super::id(row, 4)?,
                    may_listen: row.get(5)?,
                    services: services.remove(&id.number()).unwrap_or_default().into_iter().collect(),
                    preferences: preferences.remove(&id.number()).unwrap_or_default().into_iter().collect(),
                    xlets: xlets.remove(&id.number()).unwrap_or_default(),
                })
            },
        )
    }

    fn list_rows(&self) -> usize {
        self.services.len() + self.preferences.len() + self.xlets.len()
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        self.name == newer.name
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO profile (id, version, name, presence_group_id, phone_hint_group_id, may_listen)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name,
                 presence_group_id = excluded.presence_group_id, phone_hint_group_id = excluded.phone_hint_group_id,
                 may_listen = excluded.may_listen",
            params![
                self.id.number(),
                self.version,
                self.name.as_str(),
                self.presence_group.number(),
                self.phone_hint_group.number(),
                self.may_listen
            ],
        )
    }

    fn has_same_lists(&self, other: &Self) -> bool {
        (&self.services, &self.preferences, &self.xlets) == (&other.services, &other.preferences, &other.xlets)
    }

    fn put_lists(&self, connection: &Connection) -> rusqlite::Result<()> {
        let own = self.id.number();
        execute(connection, "DELETE FROM profile_service WHERE profile_id = ?", [own])?;
        execute(connection, "DELETE FROM profile_preference WHERE profile_id = ?", [own])?;
        execute(connection, "DELETE FROM profile_xlet WHERE profile_id = ?", [own])?;
        for service in &self.services {
            execute(
                connection,
                "INSERT INTO profile_service (profile_id, service) VALUES (?, ?)",
                params![own, service.as_str()],
            )?;
        }
        for (preference, value) in &self.preferences {
            execute(
                connection,
                "INSERT INTO profile_preference (profile_id, preference, value) VALUES (?, ?, ?)",
                params![own, preference.as_str(), value.as_str()],
            )?;
        }
        for (place, entry) in (0_i64..).zip(&self.xlets) {
            execute(
                connection,
                "INSERT INTO profile_xlet
                     (profile_id, place, xlet, layout, number, floating, closable, movable, scrollable)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                params![
                    own,
                    place,
                    entry.xlet.as_str(),
                    entry.position.as_str(),
                    entry.number.map(XletNumber::get),
                    entry.flags.floating,
                    entry.flags.closable,
                    entry.flags.movable,
                    entry.flags.scrollable
                ],
            )?;
        }
        Ok(())
    }
}

fn xlet(row: &Row<'_>) -> rusqlite::Result<ProfileXlet> {
    let number = row.get::<_, Option<i64>>(3)?.map(XletNumber::new).transpose();
    Ok(ProfileXlet {
        xlet: parsed(row, 1, Xlet::parse)?,
        position: parsed(row, 2, Position::parse)?,
        number: number.map_err(|refusal| refused(3, Type::Integer, refusal))?,
        flags: XletFlags {
            floating: row.get(4)?,
            closable: row.get(5)?,
            movable: row.get(6)?,
            scrollable: row.get(7)?,
        },
    })
}
