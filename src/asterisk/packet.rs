//! One message of AMI as it was received: headers in their order, each maybe more than once (telephony §1.1).

use std::fmt;

/// Headers and values; text that is no UTF-8 was decoded with replacement characters.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Packet {
    /// Names and values, one behind the other.
    text: String,
    headers: Vec<Header>,
}

/// Where it lies in the text: the value lies behind the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    name: u32,
    value: u32,
    end: u32,
}

impl Packet {
    /// The first value under this name, whatever its case.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.headers().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// The first value under this name, empty if there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    pub(crate) fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.get(name)?.trim().parse().ok()
    }

    /// Names as they were written, and values, in their order.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|header| (self.piece(header.name, header.value), self.piece(header.value, header.end)))
    }

    /// What happened, if it is an event.
    pub(crate) fn event(&self) -> Option<&str> {
        self.get("Event")
    }

    /// Which action it belongs to, if it says so.
    pub(crate) fn action_id(&self) -> Option<&str> {
        self.get("ActionID")
    }

    pub(super) fn is_empty(&self) -> bool {
        self.headers.is_empty()
    }

    /// How much it holds.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    pub(super) fn header_count(&self) -> usize {
        self.headers.len()
    }

    /// Adds a header. Both are shorter than a packet may be, which `u32` counts.
    pub(super) fn push(&mut self, name: &[u8], value: &[u8]) {
        let begin = self.end();
        self.push_text(name);
        let middle = self.end();
        self.push_text(value);
        self.headers.push(Header { name: begin, value: middle, end: self.end() });
    }

    fn push_text(&mut self, bytes: &[u8]) {
        match std::str::from_utf8(bytes) {
            Ok(text) => self.text.push_str(text),
            Err(_) => self.text.push_str(&String::from_utf8_lossy(bytes)),
        }
    }

    fn end(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }

    fn piece(&self, from: u32, to: u32) -> &str {
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }
}

impl fmt::Debug for Packet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_map().entries(self.headers()).finish()
    }
}

#[cfg(test)]
impl Packet {
    /// Of lines `Name: value`, as transcripts show them.
    pub(crate) fn of(text: &str) -> Self {
        let mut packet = Self::default();
        for line in text.lines().map(str::trim_start).filter(|line| !line.is_empty()) {
            let (name, value) = line.split_once(':').expect("a header");
            packet.push(name.as_bytes(), value.strip_prefix(' ').unwrap_or(value).as_bytes());
        }
        packet
    }
}
