//! What is written in a settings file and does not hold, as data: a start may refuse it, and a running server tells it over
//! the control socket to a program that may be of another version.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::settings::prose::{Prose, prose};
use crate::settings::setting::Key;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum FileFault {
    /// The file, or the folder, cannot be read.
    Unreadable { why: String, is_own_main: bool },
    /// It is no YAML, or a tag or alias in it is not taken.
    Broken { why: String, is_own_main: bool },
    /// Its top is a list or a word.
    NoMap { is_own_main: bool },
    /// A value that its setting does not take; `path` is how the file calls it.
    WrongValue {
        #[serde(with = "key_text")]
        key: Key,
        path: String,
        must_be: String,
    },
    /// A value where a map is asked, of these settings.
    NoGroup {
        path: String,
        #[serde(with = "key_texts")]
        below: Vec<Key>,
    },
    /// One that is not known here, in the words of the server that found it.
    #[serde(skip)]
    OfOtherVersion { why: String, remedy: String },
}

impl FileFault {
    /// What mends it.
    pub(crate) fn remedy(&self) -> Prose {
        match self {
            Self::Unreadable { .. } => {
                prose![
                    "make it, or let the service's user read it, as with `chgrp ctibox` and `chmod g+r`, or name none"
                ]
            }
            Self::Broken { .. } | Self::NoMap { .. } => prose!["correct the file; until then nothing in it counts"],
            Self::WrongValue { key, .. } => {
                prose!["mend the value, or take it out; ", ctibox("setting list"), " shows what {key} may be"]
            }
            Self::NoGroup { .. } => prose!["write the keys below it, each on a line of its own, indented"],
            Self::OfOtherVersion { remedy, .. } => remedy.into(),
        }
    }
}

/// Without the place.
impl fmt::Display for FileFault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { why, .. } => write!(out, "cannot be read: {why}"),
            Self::Broken { why, .. } => write!(out, "cannot be read as YAML, so nothing in it counts: {why}"),
            Self::NoMap { .. } => {
                out.write_str("has a list or a single value at the top level, where keys belong; nothing in it counts")
            }
            Self::WrongValue { path, must_be, .. } => write!(out, "`{path}` {must_be}"),
            Self::NoGroup { path, .. } => write!(out, "`{path}` is no value: keys stand below it"),
            Self::OfOtherVersion { why, .. } => out.write_str(why),
        }
    }
}

/// A setting by its name.
mod key_text {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    use super::Key;

    pub(super) fn serialize<S: Serializer>(key: &Key, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(key.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Key, D::Error> {
        Key::parse(&String::deserialize(from)?).map_err(de::Error::custom)
    }
}

mod key_texts {
    use serde::{Deserialize as _, Deserializer, Serializer, de};

    use super::Key;

    pub(super) fn serialize<S: Serializer>(keys: &[Key], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(keys.iter().map(|key| key.as_str()))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Key>, D::Error> {
        let names = Vec::<String>::deserialize(from)?;
        names.iter().map(|name| Key::parse(name).map_err(de::Error::custom)).collect()
    }
}
