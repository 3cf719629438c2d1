//! Users, lines, voicemail boxes and agents, in their tables.

use rusqlite::{Connection, params};

use crate::settings::agent::Agent;
use crate::settings::id::{Id, UserUuid};
use crate::settings::line::Line;
use crate::settings::name::{
    AgentNumber, Device, EmailAddress, Extension, FirstName, LastName, Login, Mailbox, MobileNumber,
};
use crate::settings::password::PasswordHash;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::table::Table;
use crate::settings::target_kind::TargetKind;
use crate::settings::user::User;
use crate::settings::voicemail::Voicemail;

use super::{Stored, Which, execute, id, id_if_set, number_of, objects, parsed, parsed_if_set};
use crate::settings::rule_target::RuleTarget;
use crate::settings::violation::Violation;

impl Stored for User {
    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        objects(
            connection,
            which,
            "SELECT id, version, uuid, login, first_name, last_name, email, mobile, password_hash, enabled, profile_id,
                 break_glass
             FROM user",
            |row| {
                Ok(Self {
                    id: id(row, 0)?,
                    version: row.get(1)?,
                    uuid: parsed(row, 2, user_uuid)?,
                    login: parsed_if_set(row, 3, Login::parse)?,
                    first_name: parsed(row, 4, FirstName::parse)?,
                    last_name: parsed(row, 5, LastName::parse)?,
                    email: parsed_if_set(row, 6, EmailAddress::parse)?,
                    mobile: parsed_if_set(row, 7, MobileNumber::parse)?,
                    password: parsed_if_set(row, 8, PasswordHash::parse)?,
                    enabled: row.get(9)?,
                    profile: id_if_set(row, 10)?,
                    break_glass: row.get(11)?,
                })
            },
        )
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        (self.uuid, &self.login, &self.email) == (newer.uuid, &newer.login, &newer.email)
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO user
                 (id, version, uuid, login, first_name, last_name, email, mobile, password_hash, enabled, profile_id,
                  break_glass)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, uuid = excluded.uuid, login = excluded.login,
                 first_name = excluded.first_name, last_name = excluded.last_name, email = excluded.email,
                 mobile = excluded.mobile, password_hash = excluded.password_hash, enabled = excluded.enabled,
                 profile_id = excluded.profile_id, break_glass = excluded.break_glass",
            params![
                self.id.number(),
                self.version,
                self.uuid.to_string(),
                self.login.as_ref().map(Login::as_str),
                self.first_name.as_str(),
                self.last_name.as_str(),
                self.email.as_ref().map(EmailAddress::as_str),
                self.mobile.as_ref().map(MobileNumber::as_str),
                self.password.as_ref().map(PasswordHash::as_str),
                self.enabled,
                number_of(self.profile),
                self.break_glass
            ],
        )
    }
}

fn user_uuid(text: &str) -> Result<UserUuid, Refusal> {
    UserUuid::parse(text)
        .ok_or_else(|| Refusal::new(Rule::U1, RuleTarget::text(TargetKind::User, text), Violation::NoUuid))
}

impl Stored for Line {
    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        objects(
            connection,
            which,
            "SELECT id, version, user_id, is_main, extension, context_id, device FROM line",
            |row| {
                Ok(Self {
                    id: id(row, 0)?,
                    version: row.get(1)?,
                    user: id(row, 2)?,
                    is_main: row.get(3)?,
                    extension: parsed(row, 4, Extension::parse)?,
                    context: id(row, 5)?,
                    device: parsed(row, 6, Device::parse)?,
                })
            },
        )
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        (self.user, self.is_main, &self.extension, self.context)
            == (newer.user, newer.is_main, &newer.extension, newer.context)
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO line (id, version, user_id, is_main, extension, context_id, device)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, user_id = excluded.user_id,
                 is_main = excluded.is_main, extension = excluded.extension, context_id = excluded.context_id,
                 device = excluded.device",
            params![
                self.id.number(),
                self.version,
                self.user.number(),
                self.is_main,
                self.extension.as_str(),
                self.context.number(),
                self.device.as_str()
            ],
        )
    }
}

impl Stored for Voicemail {
    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        objects(connection, which, "SELECT id, version, mailbox, context_id, user_id FROM voicemail", |row| {
            Ok(Self {
                id: id(row, 0)?,
                version: row.get(1)?,
                mailbox: parsed(row, 2, Mailbox::parse)?,
                context: id(row, 3)?,
                user: id_if_set(row, 4)?,
            })
        })
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        (&self.mailbox, self.context, self.user) == (&newer.mailbox, newer.context, newer.user)
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO voicemail (id, version, mailbox, context_id, user_id) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, mailbox = excluded.mailbox,
                 context_id = excluded.context_id, user_id = excluded.user_id",
            params![self.id.number(), self.version, self.mailbox.as_str(), self.context.number(), number_of(self.user)],
        )
    }
}

impl Stored for Agent {
    fn load(connection: &Connection, which: &Which) -> rusqlite::Result<Table<Self>> {
        objects(
            connection,
            which,
            "SELECT id, version, number, first_name, last_name, context_id, user_id FROM agent",
            |row| {
                Ok(Self {
                    id: id(row, 0)?,
                    version: row.get(1)?,
                    number: parsed(row, 2, AgentNumber::parse)?,
                    first_name: parsed(row, 3, FirstName::parse)?,
                    last_name: parsed(row, 4, LastName::parse)?,
                    context: id(row, 5)?,
                    user: id_if_set(row, 6)?,
                })
            },
        )
    }

    fn keeps_its_place(&self, newer: &Self) -> bool {
        (&self.number, self.user) == (&newer.number, newer.user)
    }

    fn put_row(&self, connection: &Connection) -> rusqlite::Result<()> {
        execute(
            connection,
            "INSERT INTO agent (id, version, number, first_name, last_name, context_id, user_id)
             VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET version = excluded.version, number = excluded.number,
                 first_name = excluded.first_name, last_name = excluded.last_name,
                 context_id = excluded.context_id, user_id = excluded.user_id",
            params![
                self.id.number(),
                self.version,
                self.number.as_str(),
                self.first_name.as_str(),
                self.last_name.as_str(),
                self.context.number(),
                number_of(self.user)
            ],
        )
    }
}
