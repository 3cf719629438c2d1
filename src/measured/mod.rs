//! The door for the benches of single functions and `fuzz/`, built only with the feature `measure`: plain functions over bytes and
//! numbers, so that the rooms stay closed and nothing of them becomes an interface. The shipped program has none of it.

mod console;
mod engine;
mod file_properties;
mod fixture;
mod floor;
mod packet_properties;
mod population;
mod properties;

pub use console::Console;
pub use engine::{Cost, Engine, Publication};
pub use file_properties::{check_cards, check_document, check_settings, check_table, check_users};
pub use fixture::Fixture;
pub use floor::Floor;
pub use packet_properties::check_packets;
pub use population::Population;
pub use properties::{check_framing, check_parsing};

use crate::asterisk::PacketReader;
use crate::protocol::encode::encode;
use crate::protocol::frame::LineBuffer;
use crate::protocol::notice::{Notice, Status};
use crate::protocol::parse;
use crate::protocol::request::ListName;

/// Feeds a stream in reads of this size and takes every line; the number of lines, or None when one was too long.
pub fn take_lines(stream: &[u8], read_bytes: usize) -> Option<usize> {
    let mut buffer = LineBuffer::new();
    let mut lines = 0;
    for read in stream.chunks(read_bytes.max(1)) {
        buffer.feed(read);
        while buffer.next_line().ok()?.is_some() {
            lines += 1;
        }
    }
    Some(lines)
}

/// Feeds what Asterisk says in reads of this size; the number of packets.
pub fn take_packets(stream: &[u8], read_bytes: usize) -> usize {
    let mut reader = PacketReader::default();
    let mut packets = 0;
    for read in stream.chunks(read_bytes.max(1)) {
        reader.feed(read, |_| packets += 1);
    }
    packets
}

/// Parses one line; whether it is a request.
pub fn parse_line(line: &[u8]) -> bool {
    parse::parse(line).is_ok()
}

/// Encodes the notice that everybody hears most; its length.
pub fn encode_presence() -> usize {
    let status = Status::User { is_connected: true, availstate: "donotdisturb".into() };
    let notice = Notice::Status { list: ListName::Users, tid: "4711".into(), status };
    encode(&notice, 1_700_000_000.25).len()
}
