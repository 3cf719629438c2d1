//! What must be true of any bytes that a client sends, as assertions: `fuzz/` tries them on as many inputs as it can
//! make. What is expected is said here a second time, in the plainest words, and reads no constant of the rooms: an
//! expectation that asks the code what it does agrees with every mistake.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::protocol::encode::encode;
use crate::protocol::frame::LineBuffer;
use crate::protocol::notice::{ErrorCode, Notice};
use crate::protocol::parse::{BadLine, parse};
use crate::protocol::request::{ClientLine, CommandId, Request};

const LONGEST_BEFORE_LOGIN: usize = 65_536;
const LONGEST_AFTER_LOGIN: usize = 16_777_216;
const DEEPEST: usize = 32;
const MOST_VALUES: usize = 262_144;
const LONGEST_UNKNOWN_CLASS: usize = 64;
const LONGEST_CHAT: usize = 65_536;
/// What is echoed, as it stands in a line.
const LONGEST_ECHO: usize = 4_096;
/// Longer than any sentence with any of the protocol's names in it.
const LONGEST_DETAIL: usize = 512;

/// What a stream gave: its lines, and how many bytes of an unfinished line are left, or that a line was too long.
#[derive(Debug, PartialEq)]
struct Lines {
    taken: Vec<Vec<u8>>,
    end: Result<usize, TooLong>,
}

#[derive(Debug, PartialEq)]
struct TooLong;

/// However the reads cut a stream, its lines are those between the line feeds, and one beyond the bound of its phase ends
/// it. The sender has logged in with its `login`th line.
///
/// # Panics
/// If that is not so.
pub fn check_framing(stream: &[u8], reads: [usize; 4], login: usize) {
    let expected = split(stream, login);
    let taken = take_in_reads(stream, reads, login);
    assert!(taken == expected, "reads {reads:?}: {taken:?} instead of {expected:?}");
}

fn split(stream: &[u8], login: usize) -> Lines {
    let mut taken = Vec::new();
    let mut pieces: Vec<&[u8]> = stream.split(|byte| *byte == b'\n').collect();
    let unfinished = pieces.pop().unwrap_or_default();
    let longest = |taken: usize| if taken < login { LONGEST_BEFORE_LOGIN } else { LONGEST_AFTER_LOGIN };
    for line in pieces {
        if line.len() > longest(taken.len()) {
            return Lines { taken, end: Err(TooLong) };
        }
        if !line.iter().all(|byte| b" \t\r".contains(byte)) {
            taken.push(line.to_vec());
        }
    }
    let end = if unfinished.len() > longest(taken.len()) { Err(TooLong) } else { Ok(unfinished.len()) };
    Lines { taken, end }
}

fn take_in_reads(stream: &[u8], reads: [usize; 4], login: usize) -> Lines {
    let mut buffer = LineBuffer::new();
    let mut taken = Vec::new();
    let mut rest = stream;
    if login == 0 {
        buffer.allow_long_lines();
    }
    for read in reads.iter().cycle() {
        let (piece, after) = rest.split_at(rest.len().min(*read.max(&1)));
        buffer.feed(piece);
        rest = after;
        loop {
            match buffer.next_line() {
                Ok(Some(line)) => taken.push(line.to_vec()),
                Ok(None) => break,
                Err(_) => {
                    assert_eq!(buffer.held_bytes(), 0, "what was refused is kept");
                    return Lines { taken, end: Err(TooLong) };
                }
            }
            if taken.len() == login {
                buffer.allow_long_lines();
            }
        }
        if rest.is_empty() {
            break;
        }
    }
    Lines { taken, end: Ok(buffer.held_bytes()) }
}

/// A line is a request within its bounds, or a refusal in plain words; a reader of JSON that is not ours finds the same in
/// it; and what is echoed of it comes back from the wire as it was.
///
/// # Panics
/// If that is not so.
pub fn check_parsing(line: &[u8]) {
    let parsed = parse(line);
    agrees_with_a_plain_reader(line, &parsed);
    match parsed {
        Ok(parsed) => {
            stays_in_proportion(line, &parsed);
            stays_in_its_bounds(&parsed);
            comes_back(parsed);
        }
        Err(bad) => {
            let is_plain = !bad.detail.is_empty() && !bad.detail.chars().any(char::is_control);
            assert!(is_plain && bad.detail.len() <= LONGEST_DETAIL, "{:?}", bad.detail);
            let said = read_back(&Notice::ProtocolError {
                code: bad.code,
                detail: bad.detail.clone().into(),
                reply: bad.reply.clone(),
            });
            assert_eq!(said.get("replyid"), bad.reply.0.as_ref());
            assert_eq!(said["detail"], bad.detail);
        }
    }
}

fn agrees_with_a_plain_reader(line: &[u8], parsed: &Result<ClientLine, BadLine>) {
    let code = parsed.as_ref().err().map(|bad| bad.code);
    let is_bounded = !matches!(code, Some(ErrorCode::TooDeep | ErrorCode::LineTooLong));
    match serde_json::from_slice::<Value>(line) {
        Ok(value) if depth(&value) > DEEPEST => assert_eq!(code, Some(ErrorCode::TooDeep)),
        Ok(value) if line.len() <= MOST_VALUES => match value {
            Value::Object(members) => {
                assert!(is_bounded && code != Some(ErrorCode::NotJson) && code != Some(ErrorCode::NotAnObject));
                if line.len() > LONGEST_ECHO {
                    return;
                }
                let commandid = parsed.as_ref().map_or_else(|bad| &bad.reply, |line| &line.commandid);
                assert_eq!(commandid.0.as_ref(), members.get("commandid"));
                let again = parse(Value::Object(members).to_string().as_bytes());
                // Of members that stand twice each is looked at and counted, and one is written.
                let is_borne = matches!(&again, Ok(_) | Err(BadLine { code: ErrorCode::WrongType, .. }));
                let was_doubled = code == Some(ErrorCode::WrongType) && is_borne && says_a_member_twice(line);
                assert!(was_doubled || again == *parsed, "written again: {again:?} instead of {parsed:?}");
            }
            _ => assert_eq!(code, Some(ErrorCode::NotAnObject)),
        },
        Ok(_) => {}
        Err(_) => {
            // Lone surrogates are repaired, which only their escapes can be; a number beyond all floats is no number
            // only where somebody looks at it.
            let may_be_repaired = line.windows(2).any(|pair| pair == br"\u");
            let may_be_large = line.len() > 308 || line.iter().any(|byte| matches!(byte, b'e' | b'E'));
            assert!(!is_bounded || may_be_repaired || may_be_large || code == Some(ErrorCode::NotJson), "{parsed:?}");
        }
    }
}

/// Whether an object of the line has two members of one name.
fn says_a_member_twice(line: &[u8]) -> bool {
    serde_json::from_slice(line).is_ok_and(|SaysTwice(is_so)| is_so)
}

struct SaysTwice(bool);

impl<'de> Deserialize<'de> for SaysTwice {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Self, D::Error> {
        value.deserialize_any(NamesOfMembers)
    }
}

struct NamesOfMembers;

impl<'de> Visitor<'de> for NamesOfMembers {
    type Value = SaysTwice;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("any value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<SaysTwice, A::Error> {
        let (mut names, mut is_so) = (HashSet::new(), false);
        while let Some((name, SaysTwice(within))) = members.next_entry::<String, SaysTwice>()? {
            is_so |= within | !names.insert(name);
        }
        Ok(SaysTwice(is_so))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<SaysTwice, A::Error> {
        let mut is_so = false;
        while let Some(SaysTwice(within)) = values.next_element()? {
            is_so |= within;
        }
        Ok(SaysTwice(is_so))
    }

    fn visit_str<E>(self, _: &str) -> Result<SaysTwice, E> {
        Ok(SaysTwice(false))
    }

    fn visit_bool<E>(self, _: bool) -> Result<SaysTwice, E> {
        Ok(SaysTwice(false))
    }

    fn visit_i64<E>(self, _: i64) -> Result<SaysTwice, E> {
        Ok(SaysTwice(false))
    }

    fn visit_u64<E>(self, _: u64) -> Result<SaysTwice, E> {
        Ok(SaysTwice(false))
    }

    fn visit_f64<E>(self, _: f64) -> Result<SaysTwice, E> {
        Ok(SaysTwice(false))
    }

    fn visit_unit<E>(self) -> Result<SaysTwice, E> {
        Ok(SaysTwice(false))
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// A short line must not become much: what a request says of itself is at most some times its line.
fn stays_in_proportion(line: &[u8], parsed: &ClientLine) {
    let said = format!("{parsed:?}").len();
    assert!(said <= 1024 + 64 * line.len(), "{} bytes became {said}: {parsed:?}", line.len());
}

fn stays_in_its_bounds(parsed: &ClientLine) {
    assert!(parsed.commandid.0.as_ref().is_none_or(|commandid| depth(commandid) < DEEPEST));
    match &parsed.request {
        Request::Unknown { class } => {
            assert!(class.chars().count() <= LONGEST_UNKNOWN_CLASS && !class.chars().any(char::is_control));
        }
        Request::Chat(chat) => assert!(chat.text.len() <= LONGEST_CHAT),
        _ => {}
    }
}

/// What an answer echoes.
fn comes_back(parsed: ClientLine) {
    if let CommandId(Some(commandid)) = &parsed.commandid {
        let said = read_back(&Notice::KeepAlive { reply: parsed.commandid.clone() });
        assert!(said.get("replyid").is_none_or(|reply| reply == commandid), "{said}");
    }
    match parsed.request {
        Request::StartTls { status } => {
            assert_eq!(read_back(&Notice::AnswerStartTls { status: status.clone() })["starttls"], status);
        }
        Request::UnknownList { asked, name, tid } => {
            let said = read_back(&Notice::UnknownList { asked, name: name.clone(), tid: tid.clone() });
            assert_eq!(said["listname"], *name);
            assert_eq!(said["tid"], tid);
        }
        _ => {}
    }
}

/// The notice as a client reads it: one line of plain characters, which our own parser takes for a line too.
fn read_back(notice: &Notice) -> Value {
    let bytes = encode(notice, 1_700_000_000.25);
    let (line, end) = bytes.split_at(bytes.len() - 1);
    assert_eq!(end, b"\n");
    assert!(line.iter().all(|byte| (b' '..=b'~').contains(byte)), "not plain: {}", line.escape_ascii());
    let code = parse(line).err().map(|bad| bad.code);
    assert!(!matches!(code, Some(ErrorCode::NotJson | ErrorCode::NotAnObject | ErrorCode::TooDeep)), "{code:?}");
    serde_json::from_slice(line).expect("our own parser reads it")
}
