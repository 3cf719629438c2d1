//! The chat texts that are written to one client and that its system has not acknowledged, with the place on the wire
//! where each ends. Used by connection.rs, which asks the socket how far the client is; knows nothing of sockets.

use std::collections::VecDeque;

use super::socket::WireProgress;
use crate::settings::id::ChatId;

#[derive(Debug, Default)]
pub(super) struct Receipts {
    /// In the order in which they were written: the bytes written to the socket up to and with each. The socket's own
    /// buffer bounds them.
    written: VecDeque<(u64, ChatId)>,
}

impl Receipts {
    pub(super) fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// The text is written, and its end is the last byte that was.
    pub(super) fn written(&mut self, chat: ChatId, bytes: u64) {
        self.written.push_back((bytes, chat));
    }

    /// Those that the client now has.
    pub(super) fn acknowledged(&mut self, progress: WireProgress) -> impl Iterator<Item = ChatId> {
        let reached = progress.written.saturating_sub(progress.unacknowledged);
        let number = self.written.partition_point(|(end, _)| *end <= reached);
        self.written.drain(..number).map(|(_, chat)| chat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::id::Id as _;

    #[test]
    fn a_text_is_acknowledged_with_its_last_byte() {
        let mut receipts = Receipts::default();
        receipts.written(ChatId::new(1), 100);
        receipts.written(ChatId::new(2), 250);
        let mut reach = |unacknowledged| -> Vec<i64> {
            let progress = WireProgress { written: 300, unacknowledged };
            receipts.acknowledged(progress).map(|chat| chat.number()).collect()
        };
        assert_eq!(reach(201), [0; 0]);
        assert_eq!(reach(200), [1]);
        assert_eq!(reach(51), [0; 0]);
        assert_eq!(reach(0), [2]);
        assert!(receipts.is_empty());
    }
}
