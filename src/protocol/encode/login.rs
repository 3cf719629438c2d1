//! The login ladder's answers (protocol §2 and §3).

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::words::{Text, say};
use crate::protocol::notice::{LoginCapas, LoginCapasError, LoginIdError, LoginPassError, PresenceEntry};
use crate::protocol::request::Version;

pub(super) fn login_id<M: SerializeMap>(session_id: &str, version: Version, map: &mut M) -> Result<(), M::Error> {
    say!(map, "class" => "login_id", "sessionid" => session_id, version.member().as_str() => version.as_str())
}

pub(super) fn login_id_refused<M: SerializeMap>(error: &LoginIdError, map: &mut M) -> Result<(), M::Error> {
    let text = match error {
        LoginIdError::Version { member, client } => {
            format!("{}_client:{client};{}", member.as_str(), Version::NEWEST.as_str())
        }
        LoginIdError::EncryptionRequired => "encryption_required".to_owned(),
    };
    say!(map, "class" => "login_id", "error_string" => text)
}

pub(super) fn login_pass_refused<M: SerializeMap>(error: LoginPassError, map: &mut M) -> Result<(), M::Error> {
    let text = match error {
        LoginPassError::Password => "login_password",
        LoginPassError::Backend => "xivo_auth_error",
        LoginPassError::NotFound => "user_not_found",
    };
    say!(map, "class" => "login_pass", "error_string" => text)
}

pub(super) fn login_capas_refused<M: SerializeMap>(error: LoginCapasError, map: &mut M) -> Result<(), M::Error> {
    let text = match error {
        LoginCapasError::Wrong => "wrong cti_profile_id",
        LoginCapasError::Unknown => "unknown cti_profile_id",
    };
    say!(map, "class" => "login_capas", "error_string" => text)
}

pub(super) fn login_capas<M: SerializeMap>(capas: &LoginCapas, map: &mut M) -> Result<(), M::Error> {
    say!(map,
        "class" => "login_capas",
        "userid" => Text(capas.user),
        "ipbxid" => "xivo",
        "appliname" => capas.profile,
        "capaxlets" => capas.xlets,
        "capas" => Capas {
            services: if capas.services.is_empty() { &[""] } else { &capas.services },
            preferences: Preferences(&capas.preferences),
            userstatus: Presences(&capas.presences),
            phonestatus: PhoneHints(&capas.phone_hints),
        },
    )
}

#[derive(Serialize)]
struct Capas<'a> {
    /// Never empty: none is `[""]`.
    services: &'a [&'static str],
    preferences: Preferences<'a>,
    userstatus: Presences<'a>,
    phonestatus: PhoneHints<'a>,
}

/// None is `false`, not `{}`.
struct Preferences<'a>(&'a BTreeMap<&'static str, Box<str>>);

impl Serialize for Preferences<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_empty() { serializer.serialize_bool(false) } else { serializer.collect_map(self.0) }
    }
}

struct Presences<'a>(&'a [PresenceEntry]);

impl Serialize for Presences<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|entry| (&entry.name, PresenceCapability::of(entry))))
    }
}

#[derive(Serialize)]
struct PresenceCapability<'a> {
    longname: &'a str,
    color: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    allowed: &'a [Box<str>],
    #[serde(skip_serializing_if = "Actions::is_empty")]
    actions: Actions<'a>,
}

impl<'a> PresenceCapability<'a> {
    fn of(entry: &'a PresenceEntry) -> Self {
        Self {
            longname: &entry.longname,
            color: &entry.color,
            allowed: &entry.allowed,
            actions: Actions(&entry.actions),
        }
    }
}

struct Actions<'a>(&'a [(&'static str, &'static str)]);

impl Actions<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Actions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

struct PhoneHints<'a>(&'a [(i8, Box<str>, Box<str>)]);

impl Serialize for PhoneHints<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let hints = self.0.iter();
        serializer.collect_map(hints.map(|(number, longname, color)| (Text(*number), PhoneHint { longname, color })))
    }
}

#[derive(Serialize)]
struct PhoneHint<'a> {
    longname: &'a str,
    color: &'a str,
}
