//! The directory family (protocol 4.15).

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::words::{Text, say};
use crate::protocol::columns::wire_type;
use crate::protocol::people::{Cell, NumberKind, PeopleNotice, PersonRow, Relations, RowsOf, SwitchboardRow};
use crate::protocol::request::EntryReference;
use crate::settings::address_book::{Contact, FailedLine};
use crate::settings::column::Columns;
use crate::settings::id::{ContactId, Id};

pub(super) fn people<M: SerializeMap>(notice: &PeopleNotice, map: &mut M) -> Result<(), M::Error> {
    match notice {
        PeopleNotice::Headers(headers) => self::headers("people_headers_result", headers, map),
        PeopleNotice::Rows { of, headers, rows } => self::rows(of, headers, rows, map),
        PeopleNotice::FavoriteUpdate { entry, is_favorite } => {
            about("people_favorite_update", *entry, map)?;
            say!(map, "favorite" => is_favorite)
        }
        PeopleNotice::ContactCreated => say!(map, "class" => "people_personal_contact_created"),
        PeopleNotice::ContactDeleted(id) => contact("people_personal_contact_deleted", *id, map),
        PeopleNotice::ContactEdited(id) => contact("people_personal_contact_raw_update", *id, map),
        PeopleNotice::ContactRaw(id, texts) => {
            contact("people_personal_contact_raw_result", *id, map)?;
            say!(map, "contact_infos" => ContactTexts(texts))
        }
        PeopleNotice::ContactsPurged => say!(map, "class" => "people_personal_contacts_purged"),
        PeopleNotice::ContactsExported { csv } => {
            say!(map, "class" => "people_export_personal_contacts_csv_result", "csv_contacts" => csv)
        }
        PeopleNotice::ContactsImported { created, failed } => say!(map,
            "class" => "people_import_personal_contacts_csv_result",
            "created_count" => created,
            "failed" => failed.iter().map(Failed).collect::<Vec<_>>(),
        ),
        // `replyid` is always there, null without a `commandid` (protocol 1.5).
        PeopleNotice::Directory { reply, headers, rows } => say!(map,
            "class" => "directory",
            "replyid" => reply.0,
            "status" => "ok",
            "headers" => headers,
            "resultlist" => rows,
        ),
        PeopleNotice::SwitchboardHeaders(headers) => say!(map, "class" => "directory_headers", "headers" => headers.0),
        PeopleNotice::SwitchboardRows { pattern, rows } => say!(map,
            "class" => "directory_search_result",
            "pattern" => pattern,
            "results" => rows.iter().map(NumberRow).collect::<Vec<_>>(),
        ),
    }
}

fn headers<M: SerializeMap>(class: &str, headers: &Columns, map: &mut M) -> Result<(), M::Error> {
    say!(map, "class" => class, "column_headers" => Titles(headers), "column_types" => Types(headers))
}

fn rows<M: SerializeMap>(of: &RowsOf, headers: &Columns, rows: &[PersonRow], map: &mut M) -> Result<(), M::Error> {
    let class = match of {
        RowsOf::Search { .. } => "people_search_result",
        RowsOf::Favorites => "people_favorites_result",
        RowsOf::PersonalContacts => "people_personal_contacts_result",
    };
    self::headers(class, headers, map)?;
    map.serialize_entry("results", &rows.iter().map(Row).collect::<Vec<_>>())?;
    match of {
        RowsOf::Search { term } => say!(map, "term" => term),
        RowsOf::Favorites | RowsOf::PersonalContacts => Ok(()),
    }
}

fn about<M: SerializeMap>(class: &str, entry: EntryReference, map: &mut M) -> Result<(), M::Error> {
    say!(map, "class" => class, "source" => entry.source(), "source_entry_id" => Text(entry))
}

fn contact<M: SerializeMap>(class: &str, id: ContactId, map: &mut M) -> Result<(), M::Error> {
    about(class, EntryReference::Contact(id), map)
}

struct Titles<'a>(&'a Columns);

impl Serialize for Titles<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|column| &column.title))
    }
}

struct Types<'a>(&'a Columns);

impl Serialize for Types<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|column| wire_type(column.kind)))
    }
}

struct Row<'a>(&'a PersonRow);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("column_values", &self.0.cells.iter().map(Value).collect::<Vec<_>>())?;
        map.serialize_entry("source", self.0.entry.source())?;
        map.serialize_entry("relations", &RowRelations(self.0))?;
        map.end()
    }
}

struct Value<'a>(&'a Cell);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Cell::Text(text) if text.is_empty() => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Flag(is_set) => serializer.serialize_bool(*is_set),
        }
    }
}

struct RowRelations<'a>(&'a PersonRow);

impl Serialize for RowRelations<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let of = |relation: fn(&Relations) -> Option<i64>| self.0.relations.as_ref().and_then(relation);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("xivo_id", &self.0.relations.as_ref().map(|relations| Text(relations.server)))?;
        map.serialize_entry("agent_id", &of(|relations| relations.agent.map(Id::number)))?;
        map.serialize_entry("user_id", &of(|relations| Some(relations.user.number())))?;
        map.serialize_entry("user_uuid", &self.0.relations.as_ref().map(|relations| Text(relations.uuid)))?;
        map.serialize_entry("endpoint_id", &of(|relations| relations.endpoint.map(Id::number)))?;
        map.serialize_entry("source_entry_id", &Text(self.0.entry))?;
        map.end()
    }
}

struct ContactTexts<'a>(&'a Contact);

impl Serialize for ContactTexts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.texts())
    }
}

struct Failed<'a>(&'a FailedLine);

impl Serialize for Failed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("line", &self.0.line)?;
        map.serialize_entry("errors", &[&self.0.error])?;
        map.end()
    }
}

struct NumberRow<'a>(&'a SwitchboardRow);

impl Serialize for NumberRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = match self.0.kind {
            NumberKind::Office => "office",
            NumberKind::Mobile => "mobile",
            NumberKind::Other => "other",
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &self.0.name)?;
        map.serialize_entry("number", &self.0.number)?;
        map.serialize_entry("number_type", kind)?;
        map.end()
    }
}
