//! Who gets which bytes: the sessions by number and the outbox of each. The engine has it and hands
//! it every notice; each is encoded once, however many receive it, and broadcasts to the same audience that are decided
//! together are handed out together. Never waits for a client.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::{Bytes, BytesMut};

use super::outbox::{Outbox, Piece, Priority};
use super::waiting::{self, WaitingSum};
use crate::engine::{ClientPort, Link, unix_time};
use crate::live::{Audience, OutgoingNotice, SessionId};
use crate::observe::counter::{Counter, count, count_many};
use crate::protocol::encode::encode;
use crate::settings::id::ChatId;
use crate::settings::setting::TlsVersion;

/// Broadcasts that are handed out as one.
const GATHERED_BYTES_MAX: usize = 64 * 1024;

/// A connection that has logged in, as it comes to the hub.
#[derive(Debug)]
pub(super) struct Connected {
    pub(super) outbox: Arc<Outbox>,
    pub(super) peer: SocketAddr,
    /// None: in clear.
    pub(super) tls: Option<TlsVersion>,
}

#[derive(Debug)]
pub(super) struct Hub {
    sessions: HashMap<SessionId, Connected>,
    pending: Option<PendingBroadcast>,
    /// Sessions whose lines have been dealt with since the last `hand_out`.
    answered: Vec<SessionId>,
    /// What waits for all.
    sum: &'static WaitingSum,
}

/// Broadcasts to one audience that wait for the next notice that is not one of them, or for `flush`.
#[derive(Debug)]
struct PendingBroadcast {
    to: Audience,
    notices: Vec<Bytes>,
    bytes: usize,
}

impl PendingBroadcast {
    /// One piece, so that it costs a receiver the same however many notices it is.
    fn join(mut self) -> (Audience, Bytes) {
        if let [only] = &mut self.notices[..] {
            return (self.to, std::mem::take(only));
        }
        let mut joined = BytesMut::with_capacity(self.bytes);
        self.notices.iter().for_each(|notice| joined.extend_from_slice(notice));
        (self.to, joined.freeze())
    }
}

impl Hub {
    pub(super) fn new() -> Self {
        Self { sessions: HashMap::new(), pending: None, answered: Vec::new(), sum: &waiting::OF_ALL }
    }

    fn send_pending(&mut self) {
        if let Some(pending) = self.pending.take() {
            let (to, bytes) = pending.join();
            self.push(&to, &bytes, Priority::Broadcast, None);
        }
    }

    fn gather(&mut self, to: &Audience, notice: Bytes) {
        if self.pending.as_ref().is_some_and(|pending| pending.to != *to) {
            self.send_pending();
        }
        let pending =
            self.pending.get_or_insert_with(|| PendingBroadcast { to: to.clone(), notices: Vec::new(), bytes: 0 });
        pending.bytes += notice.len();
        pending.notices.push(notice);
        if pending.bytes >= GATHERED_BYTES_MAX {
            self.send_pending();
        }
    }

    fn push(&self, to: &Audience, bytes: &Bytes, priority: Priority, chat: Option<ChatId>) {
        let now = Instant::now();
        let bytes = self.sum.counted(bytes.clone());
        for connected in to.sessions().iter().filter_map(|session| self.sessions.get(session)) {
            connected.outbox.push_with(Piece {
                bytes: bytes.clone(),
                priority,
                since: now,
                chat,
                slot: Some(self.sum.slot()),
            });
        }
        drop(bytes);
        if self.sum.is_too_much() {
            self.cut_off_the_fullest();
        }
    }

    /// Whoever has most waiting goes first, until there is room again: what others wait for costs nobody his session.
    fn cut_off_the_fullest(&self) {
        let mut fullest: Vec<_> =
            self.sessions.values().map(|connected| (connected.outbox.bytes(), connected)).collect();
        fullest.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));
        for (_, connected) in fullest {
            if !self.sum.is_too_much() {
                return;
            }
            connected.outbox.cut_off();
        }
    }
}

impl ClientPort for Hub {
    type Client = Connected;

    fn connect(&mut self, session: SessionId, client: Connected) {
        self.sessions.insert(session, client);
    }

    fn disconnect(&mut self, session: SessionId) {
        self.sessions.remove(&session);
    }

    fn send(&mut self, tell: &OutgoingNotice) {
        let receivers = tell.to.sessions().len();
        if receivers == 0 {
            return;
        }
        let bytes = encode(&tell.notice, unix_time());
        let priority = if tell.is_answer { Priority::Answer } else { Priority::Broadcast };
        if tell.is_answer || tell.chat.is_some() {
            self.send_pending();
            self.push(&tell.to, &bytes, priority, tell.chat);
        } else {
            self.gather(&tell.to, bytes);
        }
        count(Counter::NoticesEncoded);
        count_many(Counter::NoticesDelivered, receivers as u64);
    }

    fn close(&mut self, session: SessionId) {
        self.send_pending();
        if let Some(connected) = self.sessions.get(&session) {
            connected.outbox.close();
        }
    }

    fn answered(&mut self, session: SessionId) {
        self.answered.push(session);
    }

    fn flush(&mut self) {
        self.send_pending();
        for session in self.answered.drain(..) {
            if let Some(connected) = self.sessions.get(&session) {
                connected.outbox.answered();
            }
        }
    }

    fn link(&self, session: SessionId) -> Option<Link> {
        self.sessions.get(&session).map(|client| Link { peer: client.peer, tls: client.tls })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::notice::Notice;
    use crate::server::outbox::{Next, TooSlow};

    fn hub(sessions: &[u64]) -> Hub {
        let mut hub = Hub::new();
        for number in sessions {
            let peer = "127.0.0.1:1".parse().expect("an address");
            hub.connect(SessionId(*number), Connected { outbox: Arc::default(), peer, tls: None });
        }
        hub
    }

    fn told(hub: &Hub, session: u64) -> Option<(usize, usize)> {
        let connected = hub.sessions.get(&SessionId(session)).expect("a session");
        match connected.outbox.next_now()? {
            Next::Write(bytes, pieces) => {
                connected.outbox.written(pieces);
                Some((bytes.iter().filter(|byte| **byte == b'\n').count(), pieces))
            }
            _ => None,
        }
    }

    fn tell(to: u64, is_answer: bool) -> OutgoingNotice {
        OutgoingNotice { to: Audience::only(SessionId(to)), notice: Notice::DisconnectForce, is_answer, chat: None }
    }

    #[test]
    fn broadcasts_to_the_same_audience_go_out_as_one_piece() {
        let mut hub = hub(&[1, 2]);
        (0..3).for_each(|_| hub.send(&tell(1, false)));
        assert_eq!(told(&hub, 1), None);
        hub.send(&tell(2, false));
        assert_eq!(told(&hub, 1), Some((3, 1)));
        hub.flush();
        assert_eq!((told(&hub, 1), told(&hub, 2)), (None, Some((1, 1))));
    }

    #[test]
    fn an_answer_and_a_close_come_behind_what_was_told_before() {
        let mut hub = hub(&[1]);
        hub.send(&tell(1, false));
        hub.send(&tell(1, true));
        assert_eq!(told(&hub, 1), Some((2, 2)));
        hub.send(&tell(1, false));
        hub.close(SessionId(1));
        assert_eq!(told(&hub, 1), Some((1, 1)));
    }

    #[test]
    fn beyond_the_sum_of_all_the_fullest_goes_and_nobody_else() {
        static SUM: WaitingSum = WaitingSum::new();
        let mut hub = Hub { sum: &SUM, ..hub(&[1, 2, 3]) };
        let piece = |number: usize| Bytes::from(vec![b'x'; number * 1024 * 1024]);
        let to = |session| Audience::only(SessionId(session));
        for _ in 0..3 {
            hub.push(&to(1), &piece(16), Priority::Answer, None);
            hub.push(&to(2), &piece(19), Priority::Broadcast, None);
        }
        hub.push(&to(3), &piece(24), Priority::Answer, None);
        let is_cut_off = |hub: &Hub, session| {
            let connected = hub.sessions.get(&SessionId(session)).expect("a session");
            matches!(connected.outbox.next_now(), Some(Next::CutOff(TooSlow::All)))
        };
        assert_eq!([1, 2, 3].map(|session| is_cut_off(&hub, session)), [false, true, false]);
        hub.push(&to(1), &piece(1), Priority::Answer, None);
        assert_eq!(told(&hub, 1).map(|(_, pieces)| pieces), Some(1));
        hub.disconnect(SessionId(1));
        hub.disconnect(SessionId(2));
        hub.disconnect(SessionId(3));
        assert!(!SUM.is_too_much());
    }

    #[test]
    fn what_was_pending_is_bounded() {
        let mut hub = hub(&[1]);
        // A stamp of few digits: no notice is shorter.
        let number = GATHERED_BYTES_MAX / encode(&Notice::DisconnectForce, 1.5).len() + 1;
        (0..number).for_each(|_| hub.send(&tell(1, false)));
        assert!(told(&hub, 1).is_some());
    }
}
