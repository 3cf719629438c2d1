//! Who changed what: for each object that a change touched, the object before and after as JSON, secrets left out. All
//! that one transaction writes names its first entry. Written by change.rs in the change's own transaction.

use std::cell::Cell;
use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use serde_json::Value;

use crate::exchange::document::{object_json, setting_json};
use crate::settings::configuration::Configuration;
use crate::settings::id::{AuditId, Id};
use crate::settings::table::{Collection, Kind, Object};
use crate::settings::tables::for_each_table;

use super::origin::{AuditRange, Intent, Origin};

pub(super) fn write(
    connection: &Connection,
    origin: &Origin,
    old: &Configuration,
    new: &Configuration,
) -> rusqlite::Result<Option<AuditRange>> {
    let book = Book { connection, origin, old, new, first: Cell::new(None), last: Cell::new(None) };
    if old.server_uuid != new.server_uuid {
        let image = |configuration: &Configuration| Some(object_json(Kind::Server, 1, configuration));
        book.note(Kind::Server, 1, image(old), image(new))?;
    }
    let keys: BTreeSet<_> = old.settings.keys().chain(new.settings.keys()).collect();
    for key in keys.into_iter().filter(|key| old.settings.get(key) != new.settings.get(key)) {
        let image = |configuration: &Configuration| configuration.settings.get(key).map(setting_json);
        book.note(Kind::Setting, 0, image(old), image(new))?;
    }
    for_each_table! { ($table:ident, $object:ty) => { book.note_table(&old.$table, &new.$table)?; } }
    let written = book.first.get().zip(book.last.get());
    let written = written.map(|(first, last)| AuditRange { first: AuditId::new(first), last: AuditId::new(last) });
    if let (Some(written), Intent::Undo(undone)) = (written, &origin.intent) {
        note_undone(connection, written.first, undone)?;
    }
    Ok(written)
}

fn note_undone(connection: &Connection, by: AuditId, undone: &[AuditRange]) -> rusqlite::Result<()> {
    let mut insert =
        connection.prepare_cached("INSERT OR IGNORE INTO audit_undo (by_seq, first_seq, last_seq) VALUES (?, ?, ?)")?;
    for AuditRange { first, last } in undone {
        insert.execute(params![by.number(), first.number(), last.number()])?;
    }
    Ok(())
}

struct Book<'a> {
    connection: &'a Connection,
    origin: &'a Origin,
    old: &'a Configuration,
    new: &'a Configuration,
    /// What the transaction's entries are told from others by; None before there is one.
    first: Cell<Option<i64>>,
    last: Cell<Option<i64>>,
}

impl Book<'_> {
    fn note_table<C: Collection>(&self, old: &C, new: &C) -> rusqlite::Result<()> {
        let kind = C::Object::KIND;
        for (before, after) in old.objects().differences(new.objects()) {
            let before = before.map(|object| (object.id(), self.old));
            let after = after.map(|object| (object.id(), self.new));
            let Some((id, _)) = before.or(after) else { continue };
            let image = |(id, configuration): (<C::Object as Object>::Id, &Configuration)| {
                object_json(kind, id.number(), configuration)
            };
            self.note(kind, id.number(), before.map(image), after.map(image))?;
        }
        Ok(())
    }

    /// The name of the file that is taken over, as the table takes it.
    fn file(&self) -> Option<String> {
        let Intent::Import(file) = &self.origin.intent else { return None };
        let name: String = file.chars().filter(|c| !c.is_control()).take(255).collect();
        (!name.is_empty()).then_some(name)
    }

    fn note(&self, kind: Kind, id: i64, before: Option<Value>, after: Option<Value>) -> rusqlite::Result<()> {
        let text = |image: Option<Value>| image.map(|image| image.to_string());
        // At least one character, at most what the table takes.
        let user: String = match self.origin.user.as_str() {
            "" => "unknown".to_owned(),
            user => user.chars().filter(|c| !c.is_control()).take(255).collect(),
        };
        self.connection
            .prepare_cached(
                "INSERT INTO audit (system_user, origin, kind, object_id, before, after, first_seq, file)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                user,
                self.origin.from.as_str(),
                kind.as_str(),
                id,
                text(before),
                text(after),
                self.first.get(),
                self.file().filter(|_| self.first.get().is_none())
            ])?;
        let written = self.connection.last_insert_rowid();
        if self.first.get().is_none() {
            self.first.set(Some(written));
        }
        self.last.set(Some(written));
        Ok(())
    }
}
