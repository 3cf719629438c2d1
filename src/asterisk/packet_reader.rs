//! Bytes to packets: keeps what Asterisk sent until the empty line comes that ends a packet, in whatever pieces it comes.
//! What is larger than anything that Asterisk means is dropped and counted, and what follows it is read as ever. The link
//! feeds it; it never fails and never looks into a value.

use super::packet::Packet;

/// A line may hold this many bytes, its end not counted.
pub(crate) const LINE_BYTES_MAX: usize = 64 * 1024;
/// A packet may hold this many headers: the output of a command is a header a line.
pub(crate) const HEADERS_MAX: usize = 8192;
/// And this many bytes in them.
pub(crate) const PACKET_BYTES_MAX: usize = 1024 * 1024;

/// The first line of every AMI begins so.
const BANNER: &[u8] = b"Asterisk Call Manager/";

const _: () = assert!(LINE_BYTES_MAX < PACKET_BYTES_MAX && PACKET_BYTES_MAX < u32::MAX as usize / 4);

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Received {
    /// The version of AMI, which stands on the first line.
    Banner(Box<str>),
    Packet(Packet),
}

/// What was received and is no whole packet yet.
#[derive(Debug, Default)]
pub(crate) struct PacketReader {
    /// A line whose end has not come.
    line: Vec<u8>,
    /// The line has outgrown its bound: what comes up to its end is dropped.
    is_line_dropped: bool,
    packet: Packet,
    has_begun: bool,
    dropped: u64,
}

impl PacketReader {
    /// Takes what was read, and hands on what it completes.
    pub(crate) fn feed(&mut self, mut bytes: &[u8], mut received: impl FnMut(Received)) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = bytes.split_at(end);
            bytes = &rest[1..];
            let complete = if self.line.is_empty() && !self.is_line_dropped {
                self.take(line)
            } else {
                self.keep(line);
                let whole = std::mem::take(&mut self.line);
                let complete = self.take(&whole);
                self.line = whole;
                self.line.clear();
                complete
            };
            if let Some(complete) = complete {
                received(complete);
            }
        }
        self.keep(bytes);
    }

    /// Lines and headers that were dropped since this was asked last.
    pub(super) fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    /// Keeps a piece of a line.
    fn keep(&mut self, piece: &[u8]) {
        // A carriage return at its end is not counted, which is not known yet.
        if self.line.len() + piece.len() > LINE_BYTES_MAX + 1 {
            self.is_line_dropped = true;
            self.line.clear();
        }
        if !self.is_line_dropped {
            self.line.extend_from_slice(piece);
        }
    }

    /// Takes a whole line without its line feed.
    fn take(&mut self, line: &[u8]) -> Option<Received> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if std::mem::take(&mut self.is_line_dropped) || line.len() > LINE_BYTES_MAX {
            self.has_begun = true;
            self.dropped += 1;
            return None;
        }
        if line.is_empty() {
            return (!self.packet.is_empty()).then(|| Received::Packet(std::mem::take(&mut self.packet)));
        }
        if !std::mem::replace(&mut self.has_begun, true)
            && let Some(version) = line.strip_prefix(BANNER)
        {
            return Some(Received::Banner(String::from_utf8_lossy(version).into()));
        }
        match line.iter().position(|byte| *byte == b':') {
            Some(colon) if self.has_room_for(line.len()) => {
                let value = &line[colon + 1..];
                self.packet.push(&line[..colon], value.strip_prefix(b" ").unwrap_or(value));
            }
            // Nothing that Asterisk says has no name.
            Some(_) | None => self.dropped += 1,
        }
        None
    }

    /// A replacement character is three bytes for one.
    fn has_room_for(&self, bytes: usize) -> bool {
        self.packet.header_count() < HEADERS_MAX && self.packet.bytes() + 3 * bytes <= PACKET_BYTES_MAX
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: impl IntoIterator<Item = impl AsRef<[u8]>>) -> (Vec<Received>, u64) {
        let mut reader = PacketReader::default();
        let mut received = Vec::new();
        pieces.into_iter().for_each(|piece| reader.feed(piece.as_ref(), |one| received.push(one)));
        (received, reader.take_dropped())
    }

    fn packets(bytes: &[u8]) -> Vec<Packet> {
        let packet = |received| match received {
            Received::Packet(packet) => Some(packet),
            Received::Banner(_) => None,
        };
        read([bytes]).0.into_iter().filter_map(packet).collect()
    }

    #[test]
    fn a_banner_and_packets_come_whole_with_either_line_end() {
        for end in ["\r\n", "\n"] {
            let text = "Asterisk Call Manager/11.0.0\nResponse: Success\nMessage:\n\nEvent: A\nX: a: b\nX:c\n\n";
            let (received, dropped) = read([text.replace('\n', end)]);
            let [Received::Banner(version), Received::Packet(first), Received::Packet(second)] = &received[..] else {
                panic!("{received:?}")
            };
            assert_eq!((&**version, dropped), ("11.0.0", 0));
            assert_eq!((first.get("message"), first.event()), (Some(""), None));
            assert_eq!(
                (
                    second.event(),
                    second
                        .headers()
                        .filter(|(name, _)| name.eq_ignore_ascii_case("x"))
                        .map(|(_, value)| value)
                        .collect::<Vec<_>>()
                ),
                (Some("A"), vec!["a: b", "c"])
            );
        }
    }

    #[test]
    fn text_that_is_no_utf8_is_decoded_with_replacement_characters() {
        let packets = packets(b"Event: UserEvent\r\nName: M\xfcller\r\n\r\n");
        assert_eq!(packets[0].get("Name"), Some("M\u{fffd}ller"));
    }

    #[test]
    fn what_is_too_long_or_too_much_is_dropped_and_what_follows_is_read() {
        let long = "x".repeat(LINE_BYTES_MAX);
        let text = format!("Event: A\r\nLong: {long}\r\nShort: y\r\nno header\r\n\r\nEvent: B\r\n\r\n");
        let (received, dropped) = read(text.as_bytes().chunks(1000));
        assert_eq!((received.len(), dropped), (2, 2));
        let [a, b] = &packets(text.as_bytes())[..] else { panic!("{received:?}") };
        assert_eq!((a.get("Long"), a.get("Short"), b.event()), (None, Some("y"), Some("B")));

        let many = "Output: y\r\n".repeat(HEADERS_MAX + 7) + "\r\nEvent: B\r\n\r\n";
        assert_eq!(packets(many.as_bytes()).iter().map(Packet::header_count).collect::<Vec<_>>(), [HEADERS_MAX, 1]);
        let much = format!("Output: {}\r\n", "\u{fc}".repeat(30_000)).repeat(40) + "\r\nEvent: B\r\n\r\n";
        let [large, b] = &packets(much.as_bytes())[..] else { panic!("two packets") };
        assert!(large.bytes() <= PACKET_BYTES_MAX && b.event() == Some("B"));
    }

    #[test]
    fn a_line_of_exactly_the_bound_is_taken_however_it_is_split() {
        let line = format!("A:{}", "x".repeat(LINE_BYTES_MAX - 2));
        let text = format!("{line}\r\n\r\n");
        for split in [1, LINE_BYTES_MAX, LINE_BYTES_MAX + 1, LINE_BYTES_MAX + 2] {
            let (before, after) = text.as_bytes().split_at(split);
            assert_eq!(read([before, after]).1, 0, "split at {split}");
        }
    }

    proptest! {
        #[test]
        fn every_split_of_the_bytes_reads_the_same(
            bytes in prop::collection::vec(prop_oneof![
                Just(b"\r\n".to_vec()), Just(b"\n".to_vec()), Just(b"\r\n\r\n".to_vec()), Just(b": ".to_vec()),
                Just(b"Event".to_vec()), Just(b"ActionID: 1".to_vec()), prop::collection::vec(any::<u8>(), 0..12),
            ], 0..60),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        ) {
            let bytes = bytes.concat();
            let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            cuts.sort_unstable();
            let edges = std::iter::once(0).chain(cuts.iter().copied()).zip(cuts.iter().copied().chain([bytes.len()]));
            let pieces: Vec<&[u8]> = edges.map(|(from, to)| &bytes[from..to]).collect();
            prop_assert_eq!(read(pieces), read([&bytes]));
        }
    }
}
