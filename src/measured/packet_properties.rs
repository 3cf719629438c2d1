//! What must be true of any bytes that Asterisk sends, as assertions for `fuzz/`: however they are cut, the packets are the
//! same, none outgrows its bounds, and what comes behind them is read.

use crate::asterisk::{PacketReader, Received};

const MOST_HEADERS: usize = 8192;
/// A byte that is no UTF-8 becomes three.
const LONGEST_VALUE: usize = 3 * 65_536;
/// Ends whatever the stream left open, and can be told from all of it.
const FENCE: &[u8] = b"\r\n\r\nEvent: Fence\r\n\r\n";

/// # Panics
/// If that is not so.
pub fn check_packets(stream: &[u8], read_bytes: usize) {
    let whole = [stream, FENCE].concat();
    let received = take(whole.chunks(whole.len()));
    assert!(take(whole.chunks(read_bytes.max(1))) == received, "reads of {read_bytes} bytes give other packets");
    for one in &received {
        let Received::Packet(packet) = one else { continue };
        let values: Vec<&str> = packet.headers().map(|(_, value)| value).collect();
        assert!((1..=MOST_HEADERS).contains(&values.len()), "{} headers", values.len());
        assert!(values.iter().all(|value| value.len() <= LONGEST_VALUE && !value.contains('\n')));
    }
    let Some(Received::Packet(last)) = received.last() else { unreachable!("no packet behind the fence") };
    assert!(last.event() == Some("Fence"), "{last:?}");
}

fn take<'a>(reads: impl Iterator<Item = &'a [u8]>) -> Vec<Received> {
    let mut reader = PacketReader::default();
    let mut received = Vec::new();
    reads.for_each(|read| reader.feed(read, |one| received.push(one)));
    received
}
