//! Where a server's settings come from: the database's under those of the settings files and of the command line. `serve`
//! makes it, `server` asks it again and again; what is new in files is said in the log here.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use super::settings_files::{SettingsFiles, Stamp};
use crate::config::{Effective, FileFinding, FileLayer, FileValue, Origin, Overrides};
use crate::control::{FileError, FileSetting};
use crate::server::{self, FilesInForce, NewSettings, SettingsSource};
use crate::settings::rule::Severity;
use crate::settings::setting::{General, Key, Layer};
use crate::settings::whole::WholeConfiguration;
use crate::store::Watcher;

pub(super) struct Source {
    watcher: Watcher,
    last: Arc<WholeConfiguration>,
    files: Arc<SettingsFiles>,
    /// As the files were at the last look, and when they were read.
    seen: Stamp,
    read: Stamp,
    overrides: Arc<Mutex<Overrides>>,
    /// The files are others, and nobody was handed that yet.
    is_ahead: bool,
    /// What they change, to be said then.
    changes: Vec<String>,
}

impl Source {
    pub(super) fn new(
        watcher: Watcher,
        last: Arc<WholeConfiguration>,
        files: Arc<SettingsFiles>,
        overrides: Overrides,
    ) -> Self {
        let stamp = files.stamp();
        let (seen, read) = (stamp.clone(), stamp);
        let overrides = Arc::new(Mutex::new(overrides));
        Self { watcher, last, files, seen, read, overrides, is_ahead: false, changes: Vec::new() }
    }

    /// What stands above the database, in force.
    pub(super) fn overrides(&self) -> Overrides {
        self.overrides.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same for somebody who asks later.
    pub(super) fn overrides_in_force(&self) -> impl Fn() -> Overrides + Send + Sync + use<> {
        let overrides = self.overrides.clone();
        move || overrides.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the files say that are in force, for whoever asks the server.
    pub(super) fn files_in_force(&self) -> FilesInForce {
        let overrides = self.overrides_in_force();
        Box::new(move || file_settings(&overrides().files))
    }

    pub(super) fn general(&self) -> Arc<General> {
        Arc::new(Effective::new(&self.last.settings, &self.overrides()).general())
    }

    pub(super) fn file_errors(&self) -> Vec<FileError> {
        let overrides = self.overrides();
        let error =
            |finding: &FileFinding| Some(FileError { place: finding.location(), fault: finding.fault()?.clone() });
        overrides.files.findings().iter().filter_map(error).collect()
    }

    /// From now on this holds, as far as it can be taken. Says what is wrong in it and was not before; what it changes is
    /// for whoever makes it hold to say.
    pub(super) fn take_over(&mut self, files: &FileLayer) -> Vec<String> {
        let before = self.overrides();
        let files = files.clone().over(&before.files);
        let is_known = |new: &FileFinding| before.files.findings().iter().any(|known| known.says_the_same(new));
        for finding in files.findings().iter().filter(|finding| !is_known(finding)) {
            match finding.severity() {
                Severity::Error => tracing::error!("settings file {finding}"),
                Severity::Warning => tracing::warn!("settings file {finding}"),
            }
        }
        self.is_ahead |= *before.files != files;
        let after = Overrides { files: Arc::new(files), ..before.clone() };
        let effective = |overrides| Effective::new(&self.last.settings, overrides);
        let changes = changes(&effective(&before), &effective(&after));
        *self.overrides.lock().unwrap_or_else(PoisonError::into_inner) = after;
        changes
    }

    fn look_at_files(&mut self, look: server::Look) {
        let stamp = self.files.stamp();
        // Who writes a file in two steps is given the time until the next look.
        let is_settled = stamp == self.seen || look == server::Look::Asked;
        if stamp != self.read && is_settled {
            self.read = stamp.clone();
            let layer = self.files.layer();
            let changes = self.take_over(&layer);
            self.changes.extend(changes);
        }
        self.seen = stamp;
    }
}

fn file_settings(files: &FileLayer) -> Vec<FileSetting> {
    let told = |(key, FileValue { value, place, .. }): (Key, &FileValue)| FileSetting {
        key: key.as_str().to_owned(),
        value: (!key.is_secret()).then(|| value.reveal().to_owned()),
        file: place.file.to_string(),
        rank: place.rank,
        line: place.line,
        column: place.column,
    };
    Key::ALL.iter().flat_map(|key| files.of(*key).iter().map(|value| (*key, value))).map(told).collect()
}

/// What was stored anew and has no effect, for something stands above it.
fn overridden(before: &Layer, after: &Layer, overrides: &Overrides) -> Vec<String> {
    let effective = Effective::new(after, overrides);
    let is_new = |key: &&Key| before.get(key) != after.get(key);
    let words = |key: &Key| {
        let stored = &after[key];
        let (value, origin) = (effective.value(*key), effective.origin(*key));
        let is_above = matches!(origin, Origin::CommandLine | Origin::File(_));
        is_above.then(|| format!("{key} was stored as {stored}, but has no effect: {origin} overrides it with {value}"))
    };
    after.keys().filter(is_new).filter_map(words).collect()
}

/// `client.port is 5004 now (FILE:2:9); that takes effect immediately`
fn changes(before: &Effective, after: &Effective) -> Vec<String> {
    let is_other = |key: Key| before.value(key) != after.value(key);
    // A word and the list that it makes are one change, told by where it was written.
    let (word, list) = (Key::AuthBackend, Key::AuthBackends);
    let are_one = is_other(word) && is_other(list);
    let untold = if after.origin(word) == after.origin(list) { list } else { word };
    let is_said = |key: &Key| is_other(*key) && !(are_one && *key == untold);
    let changed = Key::ALL.iter().copied().filter(is_said);
    let words = changed.map(|key| {
        let value = after.value(key).to_string();
        let value = if value.is_empty() { "not set" } else { &value };
        let effect = match after.value(key).inert() {
            Some(why) => format!("has no effect: {why}"),
            None => format!("takes effect {}", key.acts().words()),
        };
        format!("{key} is {value} now ({}); that {effect}", after.origin(key))
    });
    words.collect()
}

impl SettingsSource for Source {
    fn poll(&mut self, look: server::Look) -> Result<Option<NewSettings>, Box<dyn Error + Send + Sync>> {
        self.look_at_files(look);
        match self.watcher.poll_whole(&self.last)? {
            Some(configuration) => {
                for words in overridden(&self.last.settings, &configuration.settings, &self.overrides()) {
                    tracing::warn!("{words}");
                }
                self.last = Arc::new(configuration);
            }
            None if self.is_ahead => {}
            None => return Ok(None),
        }
        self.is_ahead = false;
        let (configuration, general) = (Arc::clone(&self.last), self.general());
        let (file_errors, through) = (self.file_errors(), self.watcher.last_change());
        let changes = std::mem::take(&mut self.changes);
        Ok(Some(NewSettings { configuration, general, file_errors, changes, through }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::random;
    use crate::settings::configuration::Configuration;
    use crate::settings::default::Language;
    use crate::store::Store;
    use crate::store::tests::corrupt::{Damage, corrupt};

    #[test]
    fn settings_that_could_not_be_read_are_read_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let make = || Configuration::default_data(random::server_uuid(), Language::English);
        let store = Store::open(folder.path(), make).expect("a store").store;
        let watcher = Watcher::new(&store).expect("a watcher");
        let last = Arc::new(store.whole_configuration().expect("readable"));
        let mut source = Source::new(watcher, last, Arc::default(), Overrides::default());
        assert!(source.poll(server::Look::Routine).expect("readable").is_none());
        corrupt(folder.path(), Damage::Value);
        assert!(source.poll(server::Look::Routine).is_err());
        assert!(source.poll(server::Look::Routine).is_err());
    }
}
