//! Who gets which bytes: the sessions by number and the outbox of each. The engine has it and hands it every notice;
//! each is encoded once, however many receive it, and what is decided together for the same audience is handed out as
//! one piece. Never waits for a client.

use std::collections::HashMap;
use std::iter::repeat_n;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use super::outbox::{Outbox, Piece, Priority};
use super::waiting::{self, WaitingSum};
use crate::engine::{ClientPort, Link};
use crate::live::messages::{Moment, SessionId};
use crate::live::{Audience, OutgoingNotice};
use crate::observe::counter::{Counter, count, count_many};
use crate::protocol::encode::Stamp;
use crate::settings::id::ChatId;
use crate::settings::setting::TlsVersion;

/// What is handed out as one piece.
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
    pending: Option<Pending>,
    /// Of the moment in which something was sent last.
    stamp: Stamp,
    /// What waits for all.
    sum: &'static WaitingSum,
}

/// Notices to one audience that wait for the next one that does not go with them, or for `flush`.
#[derive(Debug)]
struct Pending {
    to: Audience,
    priority: Priority,
    /// One piece, so that it costs a receiver the same however many they are.
    lines: Vec<u8>,
}

impl Hub {
    pub(super) fn new() -> Self {
        Self { sessions: HashMap::new(), pending: None, stamp: Stamp::new(0.0), sum: &waiting::OF_ALL }
    }

    fn send_pending(&mut self) {
        if let Some(Pending { to, priority, lines }) = self.pending.take() {
            self.push(&to, lines, priority, None);
        }
    }

    fn push(&self, to: &Audience, lines: Vec<u8>, priority: Priority, chat: Option<ChatId>) {
        let since = Instant::now();
        let receivers: Vec<_> = to.sessions().iter().filter_map(|session| self.sessions.get(session)).collect();
        // All shares are made before the first receiver is woken: from then on other threads count down what is counted
        // up here, and each would wait for the other's core.
        let shared = repeat_n(self.sum.counted(lines), receivers.len()).collect::<Vec<_>>();
        let slots = self.sum.slots(receivers.len());
        for ((connected, bytes), slot) in receivers.into_iter().zip(shared).zip(slots) {
            connected.outbox.push_with(Piece { bytes, priority, since, chat, slot: Some(slot) });
        }
        if self.sum.is_too_much() {
            self.cut_off_the_fullest();
        }
    }

    /// Whoever has most waiting goes first, until there is room again: what others wait for costs nobody their session.
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

    fn send(&mut self, now: Moment, notice: &OutgoingNotice) {
        let receivers = notice.to.sessions().len();
        if receivers == 0 {
            return;
        }
        let priority = if notice.is_answer { Priority::Answer } else { Priority::Broadcast };
        self.stamp.turn_to(now.unix);
        // Where a chat text ends on the wire is to be known: it goes alone.
        let goes_along =
            |pending: &Pending| notice.chat.is_none() && pending.priority == priority && pending.to == notice.to;
        if !self.pending.as_ref().is_some_and(goes_along) {
            self.send_pending();
        }
        if notice.chat.is_some() {
            let mut line = Vec::new();
            notice.notice.write_line(&self.stamp, &mut line);
            self.push(&notice.to, line, priority, notice.chat);
        } else {
            let empty = || Pending { to: notice.to.clone(), priority, lines: Vec::new() };
            let pending = self.pending.get_or_insert_with(empty);
            notice.notice.write_line(&self.stamp, &mut pending.lines);
            if pending.lines.len() >= GATHERED_BYTES_MAX {
                self.send_pending();
            }
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

    fn flush(&mut self) {
        self.send_pending();
    }

    fn link(&self, session: SessionId) -> Option<Link> {
        self.sessions.get(&session).map(|client| Link { peer: client.peer, tls: client.tls })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::protocol::encode::encode;
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

    fn send(hub: &mut Hub, to: u64, is_answer: bool) {
        let (to, now) = (Audience::of_one(SessionId(to)), Moment { steady: Duration::ZERO, unix: 1.5 });
        hub.send(now, &OutgoingNotice { to, notice: Notice::DisconnectForce.into(), is_answer, chat: None });
    }

    #[test]
    fn what_goes_to_the_same_audience_goes_out_as_one_piece() {
        for is_answer in [false, true] {
            let mut hub = hub(&[1, 2]);
            (0..3).for_each(|_| send(&mut hub, 1, is_answer));
            assert_eq!(told(&hub, 1), None);
            send(&mut hub, 2, is_answer);
            assert_eq!(told(&hub, 1), Some((3, 1)));
            hub.flush();
            assert_eq!((told(&hub, 1), told(&hub, 2)), (None, Some((1, 1))));
        }
    }

    #[test]
    fn an_answer_and_a_close_come_behind_what_was_told_before() {
        let mut hub = hub(&[1]);
        send(&mut hub, 1, false);
        send(&mut hub, 1, true);
        hub.flush();
        assert_eq!(told(&hub, 1), Some((2, 2)));
        send(&mut hub, 1, false);
        hub.close(SessionId(1));
        assert_eq!(told(&hub, 1), Some((1, 1)));
    }

    #[test]
    fn beyond_the_sum_of_all_the_fullest_goes_and_nobody_else() {
        static SUM: WaitingSum = WaitingSum::new();
        let mut hub = Hub { sum: &SUM, ..hub(&[1, 2, 3]) };
        let piece = |number: usize| vec![b'x'; number * 1024 * 1024];
        let to = |session| Audience::of_one(SessionId(session));
        for _ in 0..3 {
            hub.push(&to(1), piece(16), Priority::Answer, None);
            hub.push(&to(2), piece(19), Priority::Broadcast, None);
        }
        hub.push(&to(3), piece(24), Priority::Answer, None);
        let is_cut_off = |hub: &Hub, session| {
            let connected = hub.sessions.get(&SessionId(session)).expect("a session");
            matches!(connected.outbox.next_now(), Some(Next::CutOff(TooSlow::All)))
        };
        assert_eq!([1, 2, 3].map(|session| is_cut_off(&hub, session)), [false, true, false]);
        hub.push(&to(1), piece(1), Priority::Answer, None);
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
        (0..number).for_each(|_| send(&mut hub, 1, false));
        assert!(told(&hub, 1).is_some());
    }
}
