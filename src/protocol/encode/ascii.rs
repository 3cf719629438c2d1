//! JSON in pure ASCII, as the wire always had it (protocol 1.2): a formatter that escapes what is beyond.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// Compact, and everything beyond ASCII as `\uXXXX`, in surrogate pairs where one is not enough.
pub(super) struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.bytes().position(|byte| !byte.is_ascii()) {
            let (plain, beyond) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let end = beyond.bytes().position(|byte| byte.is_ascii()).unwrap_or(beyond.len());
            let (beyond, next) = beyond.split_at(end);
            for unit in beyond.encode_utf16() {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = next;
        }
        writer.write_all(rest.as_bytes())
    }
}
