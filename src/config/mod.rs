//! Which value of each general setting holds, and where it comes from: the command line over the settings files over the
//! database over the default. A pure merge: whoever calls brings the layers, and the bytes of files; nothing is opened
//! here. Used by `command`, `server`'s wiring, `check` and the console.

mod fate;
mod fault;
#[cfg(test)]
mod file_tests;
mod files;
mod finding;
mod guess;
mod idle;
mod layer;
mod merge;
mod place;
mod pristine;
mod value;
mod yaml;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

pub(crate) use fate::Program;
pub(crate) use fault::FileFault;
pub(crate) use files::{FileKind, SettingsFile, layer_of};
pub(crate) use finding::{FatalFinding, FileFinding, FileProblem};
pub(crate) use guess::nearest;
pub(crate) use layer::{FileLayer, FileValue, ReadFiles};
pub(crate) use place::FilePlace;

use crate::settings::setting::{General, Key, Layer, SettingValue};

/// Where an effective value comes from; the higher layer stands first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    CommandLine,
    File(FilePlace),
    Database,
    Default,
}

impl Origin {
    pub(crate) fn words(&self) -> &'static str {
        match self {
            Self::CommandLine => "command line",
            Self::File(_) => "file",
            Self::Database => "database",
            Self::Default => "default",
        }
    }

    /// How high it stands, the highest first; of files the one that wins.
    fn layer(&self) -> (u8, usize) {
        match self {
            Self::CommandLine => (0, 0),
            Self::File(place) => (1, place.rank),
            Self::Database => (2, 0),
            Self::Default => (3, 0),
        }
    }
}

/// In full: a file with line and column.
impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(place) => place.fmt(out),
            Self::CommandLine | Self::Database | Self::Default => self.words().fmt(out),
        }
    }
}

/// What stands above the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Overrides {
    pub(crate) command_line: Layer,
    pub(crate) files: Arc<FileLayer>,
}

/// The effective value of every key, each with its origin, and what it hides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effective {
    /// One a key, in the order of `Key::ALL`.
    values: Vec<Layered>,
}

/// A value of each layer that has one, the highest first. There is one at least.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Layered {
    value: SettingValue,
    origin: Origin,
    is_untold: bool,
    hidden: Vec<(SettingValue, Origin)>,
}

impl Effective {
    pub(crate) fn new(database: &Layer, overrides: &Overrides) -> Self {
        let mut effective =
            Self { values: Key::ALL.iter().map(|key| Layered::of(*key, database, overrides)).collect() };
        effective.settle_backends();
        effective
    }

    pub(crate) fn value(&self, key: Key) -> &SettingValue {
        &self.values[key as usize].value
    }

    pub(crate) fn origin(&self, key: Key) -> &Origin {
        &self.values[key as usize].origin
    }

    /// Whether it is a secret in a file that a running server has read and whoever looks here has not: its value here is
    /// none, and nothing may act by it.
    pub(crate) fn is_untold(&self, key: Key) -> bool {
        self.values[key as usize].is_untold
    }

    /// What lower layers say, the default not among it.
    pub(crate) fn hidden(&self, key: Key) -> &[(SettingValue, Origin)] {
        &self.values[key as usize].hidden
    }

    /// All settings that the program reads, as typed fields.
    pub(crate) fn general(&self) -> General {
        General::read(|key| self.value(key))
    }

    /// The half of the certificate and its key that is named alone, and the other one (rule G3). It can be so only where
    /// layers differ: the database has both or neither.
    pub(crate) fn half_of_pair(&self) -> Option<(Key, Key)> {
        let pairs = [
            (Key::EncryptionCertificate, Key::EncryptionKeyFile),
            (Key::EncryptionKeyFile, Key::EncryptionCertificate),
        ];
        let is_named = |key| !self.value(key).reveal().is_empty();
        pairs.into_iter().find(|(named, missing)| is_named(*named) && !is_named(*missing))
    }

    /// The files of certificates and keys that any layer names: another layer may decide tomorrow.
    pub(crate) fn named_pair_files(&self) -> Vec<PathBuf> {
        let of = |key: Key| {
            let hidden = self.hidden(key).iter().map(|(value, _)| value);
            hidden.chain([self.value(key)]).map(|value| PathBuf::from(value.reveal()))
        };
        let named = of(Key::EncryptionCertificate).chain(of(Key::EncryptionKeyFile));
        named.filter(|path| !path.as_os_str().is_empty()).collect()
    }

    /// Of `auth.backend` and `auth.backends` the one set in the higher layer holds, in the same layer the list
    /// (settings §1.9): the list says in the end which backends are asked. Each file is a layer.
    fn settle_backends(&mut self) {
        if self.origin(Key::AuthBackend).layer() >= self.origin(Key::AuthBackends).layer() {
            return;
        }
        let one = &self.values[Key::AuthBackend as usize];
        let origin = one.origin.clone();
        // A word that is good for the one is good as a list of one.
        if let Ok(value) = SettingValue::parse(Key::AuthBackends, one.value.reveal()) {
            self.values[Key::AuthBackends as usize].put_above(value, origin);
        }
    }
}

/// The effective value of one key that no other one decides about: `auth.backends` needs the whole.
pub(crate) fn value_of(key: Key, database: &Layer, overrides: &Overrides) -> SettingValue {
    Layered::of(key, database, overrides).value
}

impl Layered {
    fn of(key: Key, database: &Layer, overrides: &Overrides) -> Self {
        let above = overrides.command_line.get(&key).map(|value| (value.clone(), Origin::CommandLine));
        let files = overrides.files.of(key).iter().map(|it| (it.value.clone(), Origin::File(it.place.clone())));
        let stored = database.get(&key).map(|value| (value.clone(), Origin::Database));
        let mut said = above.into_iter().chain(files).chain(stored);
        let (value, origin) = said.next().unwrap_or_else(|| (SettingValue::default_of(key), Origin::Default));
        let is_untold =
            matches!(origin, Origin::File(_)) && overrides.files.of(key).first().is_some_and(|it| it.is_untold);
        Self { value, origin, is_untold, hidden: said.collect() }
    }

    fn put_above(&mut self, value: SettingValue, origin: Origin) {
        let hidden = (std::mem::replace(&mut self.value, value), std::mem::replace(&mut self.origin, origin));
        if hidden.1 != Origin::Default {
            self.hidden.insert(0, hidden);
        }
    }
}

/// What `serve --listen` says of settings. Addresses with different ports have no setting.
pub(crate) fn named_addresses(listen: &[SocketAddr]) -> Layer {
    let addresses: Vec<String> = listen.iter().map(|address| address.ip().to_string()).collect();
    let mut ports = listen.iter().map(|address| address.port().to_string());
    let first = ports.next();
    let mut said = vec![(Key::ClientListen, addresses.join(","))];
    said.extend(first.filter(|first| ports.all(|port| port == *first)).map(|port| (Key::ClientPort, port)));
    said.into_iter().filter_map(|(key, text)| Some((key, SettingValue::parse(key, &text).ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(values: &[(Key, &str)]) -> Layer {
        values.iter().map(|(key, text)| (*key, SettingValue::parse(*key, text).expect("a value"))).collect()
    }

    fn above(values: &[(Key, &str)]) -> Overrides {
        Overrides { command_line: layer(values), files: Arc::default() }
    }

    #[test]
    fn the_keys_stand_where_the_values_are_looked_up() {
        let effective = Effective::new(&Layer::new(), &Overrides::default());
        for key in Key::ALL {
            assert_eq!(effective.value(*key), &SettingValue::default_of(*key));
            assert_eq!(effective.origin(*key), &Origin::Default);
        }
        assert_eq!(effective.general(), General::default());
    }

    #[test]
    fn the_higher_layer_wins_and_is_named() {
        let database = layer(&[(Key::ClientPort, "5004"), (Key::ContextSeparation, "true")]);
        let effective = Effective::new(&database, &above(&[(Key::ClientPort, "5005")]));
        assert_eq!(effective.value(Key::ClientPort).reveal(), "5005");
        assert_eq!(effective.origin(Key::ClientPort), &Origin::CommandLine);
        assert_eq!(effective.origin(Key::ContextSeparation), &Origin::Database);
        assert_eq!(effective.origin(Key::ClientListen), &Origin::Default);
        let general = effective.general();
        assert!(general.context_separation && general.client_port == 5005);
    }

    #[test]
    fn of_the_backend_and_the_list_the_higher_layer_wins_and_in_one_layer_the_list() {
        let (one, list) = ((Key::AuthBackend, "ldap_user"), (Key::AuthBackends, "xivo_auth,xivo_user"));
        for (database, command_line, expected, origin) in [
            (&[one][..], &[][..], "ldap_user", Origin::Database),
            (&[list], &[], "xivo_auth,xivo_user", Origin::Database),
            (&[one, list], &[], "xivo_auth,xivo_user", Origin::Database),
            (&[list], &[one], "ldap_user", Origin::CommandLine),
            (&[one], &[list], "xivo_auth,xivo_user", Origin::CommandLine),
            (&[], &[one, list], "xivo_auth,xivo_user", Origin::CommandLine),
            (&[], &[], "xivo_user", Origin::Default),
        ] {
            let effective = Effective::new(&layer(database), &above(command_line));
            assert_eq!(effective.value(Key::AuthBackends).reveal(), expected, "{database:?} {command_line:?}");
            assert_eq!(effective.origin(Key::AuthBackends), &origin, "{database:?} {command_line:?}");
        }
    }

    #[test]
    fn the_command_line_is_a_layer_of_settings() {
        let listen: Vec<SocketAddr> =
            ["127.0.0.1:5004", "[::1]:5004"].iter().map(|text| text.parse().expect("an address")).collect();
        let layer = named_addresses(&listen);
        assert_eq!(layer[&Key::ClientListen].to_string(), "127.0.0.1,::1");
        assert_eq!(layer[&Key::ClientPort].to_string(), "5004");
        assert!(named_addresses(&[]).is_empty());
    }

    #[test]
    fn a_secret_is_untold_where_the_value_that_counts_is() {
        let secret = |rank: usize, is_untold: bool| {
            let value = SettingValue::parse(Key::AmiSecret, "opensesame").expect("a value");
            let place = FilePlace { file: format!("/etc/{rank}.yml").into(), rank, line: 1, column: 1 };
            (Key::AmiSecret, FileValue { value, place, is_untold })
        };
        let is_untold = |database: &[(Key, &str)], values: Vec<(Key, FileValue)>| {
            let overrides = Overrides { command_line: Layer::new(), files: Arc::new(FileLayer::in_force(values)) };
            Effective::new(&layer(database), &overrides).is_untold(Key::AmiSecret)
        };
        let stored = &[(Key::AmiSecret, "of the database")];
        assert!(is_untold(stored, vec![secret(0, true), secret(1, false)]));
        assert!(!is_untold(stored, vec![secret(0, false), secret(1, true)]), "what is hidden decides nothing");
        assert!(!is_untold(stored, vec![]));
    }
}
