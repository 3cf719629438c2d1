//! From the bytes of a file that people bring to text: byte order marks, UTF-8, UTF-16 with and without a mark, and what
//! older programs write without saying so. `user_import` and `phone_book` read tables and cards through it, `command` its
//! documents; it decodes and never looks at what the text means.

use std::borrow::Cow;
use std::fmt;

use encoding_rs::{Encoding, ISO_8859_15, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// An encoding of text by one of the names that browsers know: `utf8`, `latin1`, `cp1252`, `iso-8859-15`, `shift_jis`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextEncoding(&'static Encoding);

impl TextEncoding {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let name = name.trim();
        // Some programs write the name without its dashes.
        let dashed = || Encoding::for_label(name.replace('_', "-").as_bytes());
        let is_decoder = |found: &&'static Encoding| *found != encoding_rs::REPLACEMENT;
        Encoding::for_label(name.as_bytes()).or_else(dashed).filter(is_decoder).map(Self)
    }

    /// None if the bytes are none of this encoding.
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        self.0.decode_without_bom_handling_and_without_replacement(bytes)
    }
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.name() {
            "windows-1252" => out.write_str("Windows-1252"),
            other => out.write_str(other),
        }
    }
}

/// A whole file as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileText {
    /// Without a byte order mark.
    pub(crate) text: String,
    /// The encoding, if nobody named it and the bytes do not prove it.
    pub(crate) guessed: Option<TextEncoding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotText {
    #[error("it is a spreadsheet or another file of an office program, not text")]
    OfficeFile,
    #[error("it holds zero bytes, so it is no text")]
    ZeroBytes,
    #[error("it is not {encoding} text")]
    Malformed { encoding: TextEncoding },
    #[error("it is not UTF-8 text: see line {line}")]
    NotUnicode { line: usize },
}

/// With a mark what the mark says, else what was `stated`, else UTF-8 or UTF-16 where the bytes are that, else the best
/// guess among what offices of Europe write.
pub(crate) fn decode(bytes: &[u8], stated: Option<TextEncoding>) -> Result<FileText, NotText> {
    if [&b"PK\x03\x04"[..], b"\xd0\xcf\x11\xe0"].iter().any(|start| bytes.starts_with(start)) {
        return Err(NotText::OfficeFile);
    }
    let marked = Encoding::for_bom(bytes).map(|(encoding, mark)| (encoding, &bytes[mark..]));
    let certain = marked
        .or_else(|| stated.map(|stated| (stated.0, bytes)))
        .or_else(|| utf_16_by_zeros(bytes).map(|encoding| (encoding, bytes)));
    let (text, guessed) = match certain {
        Some((encoding, bytes)) => {
            let encoding = TextEncoding(encoding);
            (encoding.decode(bytes).ok_or(NotText::Malformed { encoding })?.into_owned(), None)
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), None),
            Err(_) => {
                let (text, encoding) = guess(bytes);
                (text.into_owned(), Some(encoding))
            }
        },
    };
    if text.contains('\0') { Err(NotText::ZeroBytes) } else { Ok(FileText { text, guessed }) }
}

/// For what must not be guessed: UTF-8, or UTF-16 as some shells redirect it.
pub(crate) fn decode_unicode(bytes: &[u8]) -> Result<String, NotText> {
    match decode(bytes, None)? {
        FileText { text, guessed: None } => Ok(text),
        FileText { guessed: Some(_), .. } => {
            let before = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
            let line = bytes[..before].iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(NotText::NotUnicode { line })
        }
    }
}

/// A short text of which nobody says how it is encoded: UTF-8 if it can be that.
pub(crate) fn decode_unnamed(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => guess(bytes).0,
    }
}

/// Windows-1252, or ISO-8859-15 where letters of a word would be fractions and bare accents otherwise.
fn guess(bytes: &[u8]) -> (Cow<'_, str>, TextEncoding) {
    const LETTERS_OF_8859_15: &[u8] = &[0xa6, 0xa8, 0xb8, 0xbc, 0xbd, 0xbe];
    let is_letter = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphabetic() || *byte >= 0xc0);
    let has_controls = bytes.iter().any(|byte| (0x80..0xa0).contains(byte));
    let has_letters = (0..bytes.len()).any(|at| {
        LETTERS_OF_8859_15.contains(&bytes[at])
            && (is_letter(bytes.get(at + 1)) || (at > 0 && is_letter(bytes.get(at - 1))))
    });
    let encoding = if has_letters && !has_controls { ISO_8859_15 } else { WINDOWS_1252 };
    (encoding.decode_without_bom_handling(bytes).0, TextEncoding(encoding))
}

/// UTF-16 without its mark: every other byte of the first signs is zero.
fn utf_16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [a, 0, b, 0] if *a != 0 && *b != 0 => Some(UTF_16LE),
        [0, a, 0, b] if *a != 0 && *b != 0 => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> (String, Option<String>) {
        let FileText { text, guessed } = decode(bytes, None).expect("text");
        (text, guessed.map(|encoding| encoding.to_string()))
    }

    fn utf_16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn a_mark_or_the_bytes_themselves_say_what_unicode_it_is() {
        for bytes in [
            "Zoë,1".as_bytes().to_vec(),
            "\u{feff}Zoë,1".as_bytes().to_vec(),
            utf_16("\u{feff}Zoë,1", u16::to_le_bytes),
            utf_16("\u{feff}Zoë,1", u16::to_be_bytes),
            utf_16("Zoë,1", u16::to_le_bytes),
            utf_16("Zoë,1", u16::to_be_bytes),
        ] {
            assert_eq!(read(&bytes), ("Zoë,1".to_owned(), None), "{bytes:?}");
        }
        assert_eq!(read(b""), (String::new(), None));
    }

    #[test]
    fn what_older_programs_write_is_guessed_and_said() {
        for (bytes, text, encoding) in [
            (&b"M\xfcller"[..], "Müller", "Windows-1252"),
            (b"J\xf6rg \x96 20 \x80", "Jörg – 20 €", "Windows-1252"),
            (b"c\xbdur, \xbcuvre", "cœur, Œuvre", "ISO-8859-15"),
            (b"1 \xbd l", "1 ½ l", "Windows-1252"),
        ] {
            assert_eq!(read(bytes), (text.to_owned(), Some(encoding.to_owned())));
        }
    }

    #[test]
    fn a_stated_encoding_is_taken_by_any_of_its_names() {
        for (name, bytes, text) in [
            ("utf8", &b"Zo\xc3\xab"[..], "Zoë"),
            ("latin1", b"Zo\xeb", "Zoë"),
            ("ISO-8859-15", b"c\xbdur", "cœur"),
            ("windows-1252", b"\x80", "€"),
            ("macintosh", b"Zo\x91", "Zoë"),
            ("Shift_JIS", b"\x83\x5c", "ソ"),
        ] {
            let stated = TextEncoding::parse(name).expect(name);
            assert_eq!(decode(bytes, Some(stated)).expect(name), FileText { text: text.to_owned(), guessed: None });
        }
        assert_eq!(TextEncoding::parse("klingon"), None);
        let failure = decode(b"Zo\xeb", TextEncoding::parse("utf8")).expect_err("it is none");
        assert_eq!(failure.to_string(), "it is not UTF-8 text");
    }

    #[test]
    fn a_spreadsheet_is_named_as_one_and_zeros_are_no_text() {
        assert_eq!(decode(b"PK\x03\x04...", None), Err(NotText::OfficeFile));
        assert_eq!(decode(b"\xd0\xcf\x11\xe0...", None), Err(NotText::OfficeFile));
        assert_eq!(decode(b"a,b\n1,\0\n", None), Err(NotText::ZeroBytes));
    }

    #[test]
    fn a_document_is_never_guessed() {
        assert_eq!(decode_unicode(b"\xef\xbb\xbf{}").as_deref(), Ok("{}"));
        assert_eq!(decode_unicode(&utf_16("\u{feff}{}", u16::to_le_bytes)).as_deref(), Ok("{}"));
        assert_eq!(decode_unicode(b"{\n\"\xeb\"}"), Err(NotText::NotUnicode { line: 2 }));
    }
}
