//! JSON in pure ASCII, as the wire always had it (protocol 1.2): a formatter that escapes what is beyond.

use std::io::{self, Write};

use serde_json::ser::Formatter;

/// Compact, and everything beyond the printable of ASCII as `\uXXXX`, in surrogate pairs where one is not enough.
pub(super) struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
            let (plain, beyond) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            let end = beyond.bytes().position(is_plain).unwrap_or(beyond.len());
            let (beyond, next) = beyond.split_at(end);
            for unit in beyond.encode_utf16() {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = next;
        }
        writer.write_all(rest.as_bytes())
    }
}

/// The control characters that come here: JSON itself escapes all but DEL.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && byte != 0x7f
}
