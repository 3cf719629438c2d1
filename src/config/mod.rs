//! Which value of each general setting holds, and where it comes from: the command line over the database over the
//! default. A pure merge: whoever calls brings the layers, nothing is read here. Used by `command`, `server`'s wiring
//! and `check`.

use std::net::SocketAddr;

use crate::settings::setting::{General, Key, Layer, SettingValue};

/// Where an effective value comes from; the higher layer stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    CommandLine,
    Database,
    Default,
}

impl Origin {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::CommandLine => "command line",
            Self::Database => "database",
            Self::Default => "default",
        }
    }
}

/// The effective value of every key, each with its origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effective {
    /// One a key, in the order of `Key::ALL`.
    values: Vec<(SettingValue, Origin)>,
}

impl Effective {
    pub(crate) fn new(database: &Layer, command_line: Layer) -> Self {
        let layers = [(&command_line, Origin::CommandLine), (database, Origin::Database)];
        let values = Key::ALL.iter().map(|key| highest(*key, &layers)).collect();
        let mut effective = Self { values };
        effective.settle_backends();
        effective
    }

    pub(crate) fn value(&self, key: Key) -> &SettingValue {
        &self.values[key as usize].0
    }

    pub(crate) fn origin(&self, key: Key) -> Origin {
        self.values[key as usize].1
    }

    /// All settings that the program reads, as typed fields.
    pub(crate) fn general(&self) -> General {
        General::read(|key| self.value(key))
    }

    /// Of `auth.backend` and `auth.backends` the one set in the higher layer holds, in the same layer the list
    /// (settings §1.9): the list says in the end which backends are asked.
    fn settle_backends(&mut self) {
        if self.origin(Key::AuthBackend) >= self.origin(Key::AuthBackends) {
            return;
        }
        let (one, origin) = &self.values[Key::AuthBackend as usize];
        // A word that is good for the one is good as a list of one.
        if let Ok(list) = SettingValue::parse(Key::AuthBackends, one.reveal()) {
            self.values[Key::AuthBackends as usize] = (list, *origin);
        }
    }
}

fn highest(key: Key, layers: &[(&Layer, Origin)]) -> (SettingValue, Origin) {
    let set = layers.iter().find_map(|(layer, origin)| Some((layer.get(&key)?.clone(), *origin)));
    set.unwrap_or_else(|| (SettingValue::default_of(key), Origin::Default))
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

    #[test]
    fn the_keys_stand_where_the_values_are_looked_up() {
        let effective = Effective::new(&Layer::new(), Layer::new());
        for key in Key::ALL {
            assert_eq!(effective.value(*key), &SettingValue::default_of(*key));
            assert_eq!(effective.origin(*key), Origin::Default);
        }
        assert_eq!(effective.general(), General::default());
    }

    #[test]
    fn the_higher_layer_wins_and_is_named() {
        let database = layer(&[(Key::ClientPort, "5004"), (Key::ContextSeparation, "true")]);
        let effective = Effective::new(&database, layer(&[(Key::ClientPort, "5005")]));
        assert_eq!(effective.value(Key::ClientPort).reveal(), "5005");
        assert_eq!(effective.origin(Key::ClientPort), Origin::CommandLine);
        assert_eq!(effective.origin(Key::ContextSeparation), Origin::Database);
        assert_eq!(effective.origin(Key::ClientListen), Origin::Default);
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
            let effective = Effective::new(&layer(database), layer(command_line));
            assert_eq!(effective.value(Key::AuthBackends).reveal(), expected, "{database:?} {command_line:?}");
            assert_eq!(effective.origin(Key::AuthBackends), origin, "{database:?} {command_line:?}");
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
}
