//! One property of a card: put together from the lines that it was folded into, cut into name, parameters and value, and
//! its value decoded. All in bytes: each property may have a character set of its own.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{CONTEXT, split};
use crate::exchange::text_encoding::{TextEncoding, decode_unnamed};

/// Old telephones leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) struct Property {
    pub(super) line: u64,
    /// In capitals, without its group.
    pub(super) name: String,
    /// In capitals; a bare one of version 2.1 has no name.
    parameters: Vec<(String, String)>,
    value: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
}

/// Lines with what was folded away from them, and the number on which each begins; empty ones are none.
pub(super) fn logical_lines(bytes: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let mut lines: Vec<(u64, Vec<u8>)> = Vec::new();
    let (mut is_soft, mut is_base64) = (false, false);
    for (number, line) in (1..).zip(physical_lines(bytes)) {
        let is_blank = line.iter().all(|byte| matches!(byte, b' ' | b'\t'));
        match lines.last_mut() {
            // In quoted-printable a line that ends with `=` goes on in the next, whatever that begins with.
            Some((_, before)) if is_soft && !is_end(line) => {
                before.pop();
                before.extend_from_slice(line);
            }
            // A fold may hold blanks alone; a single one, or one behind a picture, folds nothing.
            before if is_blank && (is_base64 || line.len() < 2 || before.is_none()) => {
                is_base64 = false;
                continue;
            }
            Some((_, before)) if matches!(line, [b' ' | b'\t', ..]) => before.extend_from_slice(&line[1..]),
            // Old telephones fold it without a blank in front.
            Some((_, before)) if is_base64 && !line.contains(&b':') => before.extend_from_slice(line),
            _ => lines.push((number, line.to_vec())),
        }
        let transfer = lines.last().map_or(Transfer::Plain, |(_, line)| transfer_of(line));
        is_soft = transfer == Transfer::QuotedPrintable && line.ends_with(b"=");
        is_base64 = transfer == Transfer::Base64;
    }
    lines
}

/// With line ends of any kind.
fn physical_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').flat_map(|line| {
        let end = line.iter().rposition(|byte| *byte != b'\r').map_or(0, |at| at + 1);
        line[..end].split(|byte| *byte == b'\r')
    })
}

fn is_end(line: &[u8]) -> bool {
    line.trim_ascii().eq_ignore_ascii_case(b"END:VCARD")
}

fn transfer_of(line: &[u8]) -> Transfer {
    // A look at the head is enough, and cheap for a picture of many lines.
    let head = &line[..line.len().min(512)];
    Property::read(0, head).map_or(Transfer::Plain, |property| property.transfer())
}

impl Property {
    /// None for a line without a colon.
    pub(super) fn read(line: u64, bytes: &[u8]) -> Option<Self> {
        let mut is_quoted = false;
        let colon = bytes.iter().position(|byte| {
            is_quoted ^= *byte == b'"';
            *byte == b':' && !is_quoted
        })?;
        let head = String::from_utf8_lossy(&bytes[..colon]);
        let mut parts = split(&head, Some('"')).into_iter();
        let name = parts.next()?.to_ascii_uppercase();
        let name = name.rsplit('.').next().unwrap_or_default().trim().to_owned();
        let parameter = |part: String| {
            let part = part.to_ascii_uppercase();
            match part.split_once('=') {
                Some((name, value)) => (name.trim().to_owned(), value.replace('"', "").trim().to_owned()),
                None => (String::new(), part.trim().to_owned()),
            }
        };
        Some(Self { line, name, parameters: parts.map(parameter).collect(), value: bytes[colon + 1..].to_vec() })
    }

    /// Whether anything is taken from it; of all others neither character set nor encoding counts.
    pub(super) fn is_read(&self) -> bool {
        ["VERSION", "FN", "N", "ORG", "EMAIL", "TEL", "IMPP", "X-SIP", CONTEXT].contains(&&*self.name)
    }

    /// `BEGIN:VCARD` or `END:VCARD`.
    pub(super) fn is_of_card(&self) -> bool {
        matches!(&*self.name, "BEGIN" | "END") && self.value.trim_ascii().eq_ignore_ascii_case(b"VCARD")
    }

    pub(super) fn has_no_value(&self) -> bool {
        self.value.trim_ascii().is_empty()
    }

    /// Whether it is of this type: `TYPE=CELL`, `TYPE="voice,cell"`, or `CELL` in version 2.1.
    pub(super) fn is(&self, word: &str) -> bool {
        let types = self.parameters.iter().filter(|(name, _)| name.is_empty() || name == "TYPE");
        types.flat_map(|(_, value)| value.split(',')).any(|found| found.trim() == word)
    }

    pub(super) fn is_preferred(&self) -> bool {
        self.is("PREF") || self.parameters.iter().any(|(name, value)| name == "PREF" && value == "1")
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    fn transfer(&self) -> Transfer {
        let of = |word: &str| match word {
            "QUOTED-PRINTABLE" => Some(Transfer::QuotedPrintable),
            "BASE64" | "B" => Some(Transfer::Base64),
            _ => None,
        };
        let mut bare = self.parameters.iter().filter(|(name, _)| name.is_empty()).map(|(_, value)| value.as_str());
        let encoding = self.parameter("ENCODING").and_then(of);
        encoding.or_else(|| bare.find_map(|word| of(word).filter(|_| word != "B"))).unwrap_or(Transfer::Plain)
    }

    /// The value with its encoding taken off, in the character set that it names or seems to have.
    pub(super) fn text(&self) -> Result<String, String> {
        let bytes = match self.transfer() {
            Transfer::Plain => Cow::Borrowed(&self.value),
            Transfer::QuotedPrintable => Cow::Owned(quoted_printable(&self.value)),
            Transfer::Base64 => {
                let digits: Vec<u8> = self.value.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
                Cow::Owned(BASE64.decode(digits).map_err(|_| "is not the BASE64 that it says it is".to_owned())?)
            }
        };
        let Some(name) = self.parameter("CHARSET") else { return Ok(decode_unnamed(&bytes).into_owned()) };
        match TextEncoding::parse(name) {
            Some(encoding) => Ok(encoding.decode(&bytes).unwrap_or_else(|| decode_unnamed(&bytes)).into_owned()),
            None if bytes.is_ascii() => Ok(decode_unnamed(&bytes).into_owned()),
            None => Err(format!("has the character set {name}, which is not known")),
        }
    }
}

/// An escape that is none stays as it is.
fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        let escaped = behind.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let escaped = escaped.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match escaped.filter(|_| *first == b'=') {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fold_of_blanks_alone_is_not_lost() {
        let lines = |text: &str| logical_lines(text.as_bytes()).into_iter().map(|(_, line)| line).collect::<Vec<_>>();
        assert_eq!(lines("FN:a\r\n   \r\n b\r\n"), [b"FN:a  b"]);
        assert_eq!(lines("  \r\nFN:a\r\n \r\n\r\nEND:VCARD\r\n"), [b"FN:a".to_vec(), b"END:VCARD".to_vec()]);
    }
}
