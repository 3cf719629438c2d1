//! Which value of a general setting is in force and where it comes from, until the room `config` is merged.
use crate::settings::setting::{Key, Layer, SettingValue};
use std::path::PathBuf;
pub(crate) struct Effective {
    layer: Layer,
}
#[derive(Clone)]
pub(crate) enum Origin {
    CommandLine,
    File(PathBuf),
    Database,
    Default,
}
impl Effective {
    pub(crate) fn new(database: &Layer, _: Layer) -> Self {
        let mut layer: Layer = Key::ALL.iter().map(|k| (*k, SettingValue::default_of(*k))).collect();
        layer.extend(database.clone());
        Self { layer }
    }
    pub(crate) fn value(&self, key: Key) -> &SettingValue {
        &self.layer[&key]
    }
    pub(crate) fn origin(&self, _: Key) -> Origin {
        Origin::Database
    }
    pub(crate) fn general(&self) -> crate::settings::setting::General {
        crate::settings::setting::General::read(|key| self.value(key))
    }
}
