//! The layer of settings that the files make: for every key the values that files have for it, the one that counts first.
//! `files` makes it; `Effective` puts it under the command line and over the database.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::finding::FileFinding;
use super::place::FilePlace;
use crate::settings::setting::{Key, SettingValue};

/// Answers with the layer as the files are now; who holds it opens none.
pub(crate) type ReadFiles = Arc<dyn Fn() -> Arc<FileLayer> + Send + Sync>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileValue {
    pub(crate) value: SettingValue,
    pub(crate) place: FilePlace,
    /// A secret that a running server has read and whoever looks here has not: the value is a word for people, which nothing
    /// may act by.
    pub(crate) is_untold: bool,
}

impl FileValue {
    /// `/etc/ctibox/config.yml line 2 overrides it with 1`
    pub(crate) fn overrides_words(&self) -> String {
        let value = self.value.to_string();
        let value = if value.is_empty() { "nothing" } else { &value };
        format!("{} line {} overrides it with {value}", self.place.file, self.place.line)
    }
}

/// What all files say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FileLayer {
    /// Of each key that stands in a file: the value that counts, then those that it hides.
    values: BTreeMap<Key, Vec<FileValue>>,
    /// Keys whose first value is none that they take: no file says anything for them.
    wrong: BTreeSet<Key>,
    /// A file of ctibox's own that cannot be read, or is no map, makes the whole no layer: nobody knows what it says.
    is_broken: bool,
    /// Files of the original's programs that are so: what they said until now stays in force.
    broken_old_files: BTreeSet<Arc<str>>,
    findings: Vec<FileFinding>,
}

impl FileLayer {
    pub(super) fn new(
        values: BTreeMap<Key, Vec<FileValue>>,
        wrong: BTreeSet<Key>,
        is_broken: bool,
        broken_old_files: BTreeSet<Arc<str>>,
        findings: Vec<FileFinding>,
    ) -> Self {
        Self { values, wrong, is_broken, broken_old_files, findings }
    }

    /// The layer of a running server as it tells it: of each key the values in their order.
    pub(crate) fn in_force(values: impl IntoIterator<Item = (Key, FileValue)>) -> Self {
        let mut by_key: BTreeMap<Key, Vec<FileValue>> = BTreeMap::new();
        for (key, value) in values {
            by_key.entry(key).or_default().push(value);
        }
        Self { values: by_key, ..Self::default() }
    }

    /// Whether its first value is none that it takes.
    pub(crate) fn is_wrong(&self, key: Key) -> bool {
        self.wrong.contains(&key)
    }

    pub(crate) fn of(&self, key: Key) -> &[FileValue] {
        self.values.get(&key).map_or(&[], Vec::as_slice)
    }

    /// What stands above the database for this key: of `auth.backend` and `auth.backends`, which are about one thing, the
    /// one of the higher file, in one file the list (settings §1.9).
    pub(crate) fn above(&self, key: Key) -> Option<&FileValue> {
        match key {
            Key::AuthBackend | Key::AuthBackends => {
                let named = [Key::AuthBackends, Key::AuthBackend].into_iter().filter_map(|key| self.of(key).first());
                named.min_by_key(|value| value.place.rank)
            }
            _ => self.of(key).first(),
        }
    }

    pub(crate) fn findings(&self) -> &[FileFinding] {
        &self.findings
    }

    /// What keeps a server from starting.
    pub(crate) fn fatal(&self) -> Option<&FileFinding> {
        self.findings.iter().find(|finding| finding.keeps_from_starting())
    }

    /// The layer of a server that has `old` in force: where what is written now cannot be taken, the old stays.
    pub(crate) fn over(mut self, old: &Self) -> Self {
        if self.is_broken {
            return Self { findings: self.findings, ..old.clone() };
        }
        for key in &self.wrong {
            if let Some(values) = old.values.get(key) {
                self.values.insert(*key, values.clone());
            }
        }
        for (key, values) in &old.values {
            let Some(first) = values.first().filter(|first| self.broken_old_files.contains(&first.place.file)) else {
                continue;
            };
            if self.of(*key).first().is_none_or(|now| now.place.rank > first.place.rank) {
                self.values.insert(*key, values.clone());
            }
        }
        self
    }
}
