//! A pure merge of the sources of settings: command line over files over database over default; each value knows whence.

use std::path::PathBuf;

use crate::settings::setting::{General, Key, Layer, SettingValue};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    CommandLine,
    File(PathBuf),
    Database,
    Default,
}

pub(crate) struct Effective {
    values: std::collections::BTreeMap<Key, (SettingValue, Origin)>,
}

impl Effective {
    pub(crate) fn new(database: &Layer, command_line: Layer) -> Self {
        let mut values: std::collections::BTreeMap<_, _> =
            Key::ALL.iter().map(|key| (*key, (SettingValue::default_of(*key), Origin::Default))).collect();
        values.extend(database.iter().map(|(key, value)| (*key, (value.clone(), Origin::Database))));
        values.extend(command_line.into_iter().map(|(key, value)| (key, (value, Origin::CommandLine))));
        Self { values }
    }

    pub(crate) fn value(&self, key: Key) -> &SettingValue {
        &self.values[&key].0
    }

    pub(crate) fn origin(&self, key: Key) -> &Origin {
        &self.values[&key].1
    }

    pub(crate) fn general(&self) -> General {
        General::read(|key| self.value(key))
    }
}
