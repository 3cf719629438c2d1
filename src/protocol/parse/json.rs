//! A line as JSON: the bounds that hold before anything is read, the repair of lone surrogates, and values that are
//! found in the line and built only when somebody asks for them. What no class has is checked and skipped.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::{Number, Value};

use super::fault::Fault;
use crate::protocol::notice::ErrorCode;

/// Arrays and objects may stand in each other this deep, the line's own object counted.
pub(crate) const DEPTH_MAX: usize = 32;
/// A line may hold this many values: nobody sends more, and each costs its look.
pub(crate) const LINE_VALUES_MAX: usize = 256 * 1024;

/// The line as text that is JSON; a lone surrogate in it became U+FFFD (protocol §11).
pub(super) fn read(line: &[u8]) -> Result<Cow<'_, str>, Fault> {
    check_shape(line)?;
    let text = std::str::from_utf8(line).map_err(|_| Fault::new(ErrorCode::NotJson, "The line is not UTF-8"))?;
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| not_json(&error))?;
    let repaired = without_lone_surrogates(line).and_then(|repaired| String::from_utf8(repaired).ok());
    Ok(repaired.map_or(Cow::Borrowed(text), Cow::Owned))
}

fn not_json(error: &serde_json::Error) -> Fault {
    Fault::new(ErrorCode::NotJson, format!("The line is not JSON: {error}"))
}

/// A value where it stands in a line that `read` gave: whole JSON, and not built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raw<'a>(&'a str);

/// A value as a parser looks at it. Texts and numbers are built; what an array or object holds is not yet.
#[derive(Debug)]
pub(super) enum Given<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Box<str>),
    Array(Elements<'a>),
    Object(ObjectMembers<'a>),
}

impl<'a> Raw<'a> {
    /// The one value of a line.
    pub(super) fn of(line: &'a str) -> Self {
        Self(line.trim_matches(is_blank))
    }

    pub(super) fn given(self) -> Result<Given<'a>, Fault> {
        Ok(match self.0.as_bytes() {
            [b'{', ..] => Given::Object(ObjectMembers(Elements(self.inner()))),
            [b'[', ..] => Given::Array(Elements(self.inner())),
            [b'"', ..] => Given::Text(text(self.0)?),
            [b'n', ..] => Given::Null,
            [b't', ..] => Given::Bool(true),
            [b'f', ..] => Given::Bool(false),
            _ => Given::Number(serde_json::from_str(self.0).map_err(|error| not_json(&error))?),
        })
    }

    /// The bytes that it takes in the line.
    pub(super) fn len(self) -> usize {
        self.0.len()
    }

    pub(super) fn is_text(self) -> bool {
        self.0.starts_with('"')
    }

    /// All of it, for what is echoed.
    pub(super) fn value(self) -> Result<Value, Fault> {
        serde_json::from_str(self.0).map_err(|error| not_json(&error))
    }

    fn inner(self) -> &'a str {
        &self.0[1..self.0.len() - 1]
    }
}

/// What stands between the brackets of an array, one by one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Elements<'a>(&'a str);

impl<'a> Iterator for Elements<'a> {
    type Item = Raw<'a>;

    fn next(&mut self) -> Option<Raw<'a>> {
        let rest = self.0.trim_start_matches(|sign| is_blank(sign) || sign == ',' || sign == ':');
        let (value, rest) = rest.split_at(end_of_value(rest.as_bytes()));
        self.0 = rest;
        (!value.is_empty()).then_some(Raw(value))
    }
}

/// What stands between the braces of an object, one by one, with its name.
#[derive(Debug, Clone, Copy)]
pub(super) struct ObjectMembers<'a>(Elements<'a>);

impl<'a> Iterator for ObjectMembers<'a> {
    type Item = (Cow<'a, str>, Raw<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = (self.0.next()?, self.0.next()?);
        Some((
            plain(name.0).map_or_else(|| text(name.0).map(String::from).unwrap_or_default().into(), Cow::from),
            value,
        ))
    }
}

impl<'a> ObjectMembers<'a> {
    /// The members of these names; of one that is said twice the last.
    pub(super) fn pick<const N: usize>(self, names: [&str; N]) -> [Option<Raw<'a>>; N] {
        let mut picked = [None; N];
        for (name, value) in self {
            if let Some(place) = names.iter().position(|wanted| *wanted == name) {
                picked[place] = Some(value);
            }
        }
        picked
    }
}

/// Where the value at the front ends; all of it is well-formed.
fn end_of_value(text: &[u8]) -> usize {
    let (mut depth, mut in_text, mut is_escaped) = (0usize, false, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => {
                in_text = !in_text;
                if !in_text && depth == 0 {
                    return at + 1;
                }
            }
            _ if in_text => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | '\t' | '\r' | '\n')
}

/// What stands between the quotes, if nothing there is escaped.
fn plain(quoted: &str) -> Option<&str> {
    let inner = &quoted[1..quoted.len() - 1];
    (!inner.contains('\\')).then_some(inner)
}

fn text(quoted: &str) -> Result<Box<str>, Fault> {
    match plain(quoted) {
        Some(plain) => Ok(plain.into()),
        None => serde_json::from_str(quoted).map_err(|error| not_json(&error)),
    }
}

/// One pass without recursion, so that no line can exhaust the stack or, by its shape, the memory.
fn check_shape(line: &[u8]) -> Result<(), Fault> {
    let (mut depth, mut values) = (0usize, 0usize);
    let (mut in_text, mut is_escaped) = (false, false);
    for byte in line {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' | b'{' => {
                depth += 1;
                values += 1;
                if depth > DEPTH_MAX {
                    let detail = format!("Arrays and objects stand in each other more than {DEPTH_MAX} deep");
                    return Err(Fault::new(ErrorCode::TooDeep, detail));
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => values += 1,
            _ => {}
        }
    }
    if values > LINE_VALUES_MAX {
        let detail = format!("The line holds {values} values; {LINE_VALUES_MAX} are allowed");
        return Err(Fault::new(ErrorCode::LineTooLong, detail));
    }
    Ok(())
}

/// The line with each `\uD800`…`\uDFFF` that is not half of a pair written `\uFFFD`; None if there is none.
fn without_lone_surrogates(line: &[u8]) -> Option<Vec<u8>> {
    let mut repaired: Option<Vec<u8>> = None;
    let mut at = 0;
    while let Some(next) = line.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == b'\\')) {
        at += next;
        at += match surrogate(&line[at..]) {
            Some(Surrogate::High) if matches!(surrogate(&line[at + 6..]), Some(Surrogate::Low)) => 12,
            Some(_) => {
                let repaired = repaired.get_or_insert_with(|| line.to_vec());
                repaired[at + 2..at + 6].copy_from_slice(b"fffd");
                6
            }
            // Also `\\` and `\"`: both bytes belong together.
            None => 2,
        };
    }
    repaired
}

enum Surrogate {
    High,
    Low,
}

/// What the bytes begin with, if with the escape of a surrogate.
fn surrogate(bytes: &[u8]) -> Option<Surrogate> {
    let [b'\\', b'u', digits @ ..] = bytes.get(..6)? else { return None };
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    match u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()? {
        0xD800..0xDC00 => Some(Surrogate::High),
        0xDC00..=0xDFFF => Some(Surrogate::Low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_text(line: &str, expected: &str) {
        let read = read(line.as_bytes()).expect(line);
        assert_eq!(Raw::of(&read).value().expect(line), Value::from(expected), "{line}");
    }

    /// What is found in the line, value by value, is what a reader of the whole finds.
    fn rebuilt(raw: Raw<'_>) -> Value {
        match raw.given().expect("well-formed") {
            Given::Null => Value::Null,
            Given::Bool(is_so) => is_so.into(),
            Given::Number(number) => number.into(),
            Given::Text(text) => String::from(text).into(),
            Given::Array(elements) => elements.map(rebuilt).collect(),
            Given::Object(members) => members.map(|(name, value)| (String::from(name), rebuilt(value))).collect(),
        }
    }

    #[test]
    fn values_are_found_in_the_line_as_a_reader_of_the_whole_finds_them() {
        for line in [
            r#" { "a" : [ 1 , -2.5e3,"x,]}\"",[],{} , [[ ]] ] ,"b\u00e9\\":{"c":null , "d":true},"":"" } "#,
            "[\"\u{1f600}\\ud83d\\ude00\",\t0\r]",
            r#"{"a":1,"a":{"b":[false]}}"#,
            "7",
            r#"["\\","\\\"",{"\"":":"}]"#,
        ] {
            let read = read(line.as_bytes()).expect(line);
            assert_eq!(rebuilt(Raw::of(&read)), serde_json::from_str::<Value>(line).expect(line), "{line}");
        }
    }

    fn check_refusal(line: &[u8], expected: ErrorCode) {
        let fault = read(line).expect_err("refused");
        assert_eq!(fault.code(), expected, "{}", String::from_utf8_lossy(line));
    }

    #[test]
    fn a_lone_surrogate_becomes_the_replacement_character() {
        check_text(r#""\ud800""#, "\u{fffd}");
        check_text(r#""a\uDC00b""#, "a\u{fffd}b");
        check_text(r#""\ud83d\ude00""#, "\u{1f600}");
        check_text(r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}");
        check_text(r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}");
        check_text(r#""\ud83dx\\ud800\"""#, "\u{fffd}x\\ud800\"");
        check_text(r#""\ud800é\u00e9""#, "\u{fffd}éé");
    }

    #[test]
    fn what_is_not_json_stays_so_when_surrogates_are_repaired() {
        for line in [r#""\ud800"#, r#"["\ud800",]"#, r#""\ud8"#, r#""\ud8zz""#, r#"\"#, r#"\u"#] {
            check_refusal(line.as_bytes(), ErrorCode::NotJson);
        }
    }

    #[test]
    fn depth_is_counted_outside_of_texts() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(read(nested(DEPTH_MAX).as_bytes()).is_ok());
        check_refusal(nested(DEPTH_MAX + 1).as_bytes(), ErrorCode::TooDeep);
        check_refusal(nested(1_000_000).as_bytes(), ErrorCode::TooDeep);
        check_refusal("{\"a\":".repeat(100_000).as_bytes(), ErrorCode::TooDeep);
        assert!(read(format!("\"\\\"{}\"", "[".repeat(100)).as_bytes()).is_ok());
        assert!(read(format!("[{}[]]", "[],".repeat(1000)).as_bytes()).is_ok());
    }

    #[test]
    fn a_line_of_too_many_values_is_too_long() {
        let values = |count: usize| format!("[{}0]", "0,".repeat(count - 2));
        assert!(read(values(LINE_VALUES_MAX).as_bytes()).is_ok());
        check_refusal(values(LINE_VALUES_MAX + 2).as_bytes(), ErrorCode::LineTooLong);
        assert!(read(format!("\"{}\"", ",".repeat(LINE_VALUES_MAX + 2)).as_bytes()).is_ok());
    }
}
