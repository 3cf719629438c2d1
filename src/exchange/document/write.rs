//! From a configuration to the export document, and from one object to its audit image. Hashes, PINs and secrets come
//! out in one of three ways and in no other place than `shown`.

use serde_json::{Map, Value, json};

use super::layout::lay_out;
use super::tables::{Documented, Show, shown};
use super::{FORMAT, Secrets, form};
use crate::settings::configuration::Configuration;
use crate::settings::id::Id as _;
use crate::settings::setting::{Key, SettingType, SettingValue};
use crate::settings::table::{Collection as _, Kind, Table};
use crate::settings::tables::{for_each_table, on_table_of};
use crate::settings::whole::WholeConfiguration;

/// The whole configuration as a document.
pub(crate) fn write(configuration: &WholeConfiguration, secrets: Secrets) -> String {
    let show = match secrets {
        Secrets::Omitted => Show::Nothing,
        Secrets::Included => Show::Everything,
    };
    let mut document = form::Document {
        format: Some(FORMAT.to_owned()),
        with_secrets: Some(secrets == Secrets::Included),
        server_uuid: Some(configuration.server_uuid.to_string()),
        next_ids: next_ids(configuration),
        settings: Some(settings(configuration, show)),
        ..form::Document::default()
    };
    for_each_table! {
        ($table:ident, $object:ty) => { list(configuration.$table.objects(), configuration, show, &mut document); }
    }
    lay_out(&serde_json::to_value(document).expect("texts, numbers, lists and maps with text keys always become JSON"))
}

/// One object as audit images and comparisons show it: members as in the document, secrets as `"set"` or null. A setting's
/// number is its place in `Key::ALL`. Null if there is no such object.
pub(crate) fn object_json(kind: Kind, id: i64, configuration: &Configuration) -> Value {
    image(kind, id, configuration, Show::Presence)
}

/// The same with every secret: for comparing alone.
pub(super) fn object_with_secrets(kind: Kind, id: i64, configuration: &Configuration) -> Value {
    image(kind, id, configuration, Show::Everything)
}

/// A setting as audit images and comparisons show it: `{"key": …, "value": …}`, a secret as `"set"` or null.
pub(crate) fn setting_json(setting: &SettingValue) -> Value {
    json!({"key": setting.key().as_str(), "value": setting_value(setting, Show::Presence)})
}

/// The names of all tables, as `next_ids` has them.
pub(super) fn list_names(configuration: &Configuration) -> Vec<String> {
    next_ids(configuration).into_iter().map(|(name, _)| name).collect()
}

fn image(kind: Kind, id: i64, configuration: &Configuration, show: Show) -> Value {
    let c = configuration;
    on_table_of!(
        kind,
        ($table:ident, $object:ty) => { one(c.$table.objects(), id, c, show) },
        Kind::Server => json!({"server_uuid": c.server_uuid.to_string()}),
        Kind::Setting => {
            let value = Key::at(id).and_then(|key| c.settings.get(&key));
            value.map_or(Value::Null, setting_json)
        }
    )
}

fn one<T: Documented>(table: &Table<T>, id: i64, configuration: &Configuration, show: Show) -> Value {
    table.get(T::Id::new(id)).map_or(Value::Null, |object| object.image(configuration, show))
}

fn list<T: Documented>(table: &Table<T>, configuration: &Configuration, show: Show, document: &mut form::Document) {
    if let Some(member) = T::member(document) {
        let mut objects: Vec<_> = table.iter().collect();
        objects.sort_by_key(|object| object.order());
        *member = Some(objects.into_iter().map(|object| object.listed(configuration, show)).collect());
    }
}

fn next_ids(configuration: &Configuration) -> Map<String, Value> {
    let mut next_ids = Map::new();
    for_each_table! { ($table:ident, $object:ty) => { next_ids.extend([next_id(configuration.$table.objects())]); } }
    next_ids
}

fn next_id<T: Documented>(table: &Table<T>) -> (String, Value) {
    (T::LIST.to_owned(), Value::from(table.next_number()))
}

fn settings(configuration: &Configuration, show: Show) -> Map<String, Value> {
    let written = configuration.settings.iter().filter(|(key, _)| show == Show::Everything || !key.is_secret());
    written.map(|(key, setting)| (key.as_str().to_owned(), setting_value(setting, show))).collect()
}

fn setting_value(setting: &SettingValue, show: Show) -> Value {
    let text = setting.reveal();
    match setting.key().value_type() {
        SettingType::Bool => Value::from(text == "true"),
        SettingType::Integer { .. } | SettingType::Seconds { .. } | SettingType::Days { .. } => {
            text.parse::<u32>().map_or_else(|_| Value::from(text), Value::from)
        }
        SettingType::WordList(_) | SettingType::AddressList | SettingType::NetworkList | SettingType::Columns => {
            text.split(',').collect()
        }
        SettingType::Secret => shown(Some(text).filter(|text| !text.is_empty() || show == Show::Everything), show)
            .map_or(Value::Null, Value::from),
        SettingType::Word(_)
        | SettingType::AddressAndPort
        | SettingType::Host
        | SettingType::LdapUris
        | SettingType::Attribute
        | SettingType::AttributeOrNone
        | SettingType::RemoteBackend
        | SettingType::Text
        | SettingType::Path
        | SettingType::TimeOfDay => Value::from(text),
    }
}
