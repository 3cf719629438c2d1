//! Bytes to a JSON value: the bounds that hold before a value is built, and the repair of lone surrogates.

use serde_json::Value;

use super::members::Fault;
use crate::protocol::notice::ErrorCode;

/// Arrays and objects may stand in each other this deep, the line's own object counted.
pub(crate) const DEPTH_MAX: usize = 32;
/// A line may hold this many values: each costs some dozen bytes once it is read, though only two on the wire.
pub(crate) const LINE_VALUES_MAX: usize = 256 * 1024;

/// Reads the line as one JSON value. Of a key said twice the last one holds; a lone surrogate becomes U+FFFD (protocol
/// §11); numbers that no float can hold are no JSON.
pub(super) fn read(line: &[u8]) -> Result<Value, Fault> {
    check_shape(line)?;
    let text = std::str::from_utf8(line).map_err(|_| Fault::new(ErrorCode::NotJson, "The line is not UTF-8"))?;
    serde_json::from_str(text).or_else(|error| {
        without_lone_surrogates(line)
            .and_then(|repaired| serde_json::from_slice(&repaired).ok())
            .ok_or_else(|| Fault::new(ErrorCode::NotJson, format!("The line is not JSON: {error}")))
    })
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
    while at < line.len() {
        if line[at] != b'\\' {
            at += 1;
            continue;
        }
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
        assert_eq!(read(line.as_bytes()).expect(line), Value::from(expected), "{line}");
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
