//! How ids and names are spelled in a line: as integers, as texts, as pairs.

use std::fmt::Display;

use serde::ser::{Serialize, Serializer};

use crate::settings::id::Id;

/// Writes members of the line's object, in order: `say!(map, "class" => "history", "history" => NONE)`.
macro_rules! say {
    ($map:expr, $($name:expr => $value:expr),+ $(,)?) => {{
        $(::serde::ser::SerializeMap::serialize_entry($map, $name, &$value)?;)+
        Ok(())
    }};
}
pub(super) use say;

/// An id as a JSON integer.
pub(super) struct Number<T>(pub(super) T);

impl<T: Id> Serialize for Number<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.number())
    }
}

/// An id or uuid as a JSON text.
pub(super) struct Text<T>(pub(super) T);

impl<T: Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Ids as an array of texts.
pub(super) struct Texts<'a, T>(pub(super) &'a [T]);

impl<T: Display> Serialize for Texts<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Text))
    }
}
