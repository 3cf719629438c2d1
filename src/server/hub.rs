//! Who gets which bytes: the sessions by number and the outbox of each. The owner of the live picture has it and hands
//! it every notice; each is encoded once, however many receive it. Never waits for a client.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::clock::unix_time;
use super::outbox::{Lane, Outbox, Receipt};
use crate::features::effects::Deliver;
use crate::live::{Input, SessionId, Tell};
use crate::observe::counter::{Counter, count, count_many};
use crate::protocol::encode::encode;

/// A connection that has logged in, as it comes to the hub.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) session: SessionId,
    pub(super) outbox: Arc<Outbox>,
    pub(super) peer: SocketAddr,
    pub(super) is_encrypted: bool,
}

#[derive(Debug)]
pub(super) struct Hub {
    sessions: HashMap<SessionId, Arrival>,
    /// To the owner: what is written.
    written: UnboundedSender<Input>,
}

impl Hub {
    pub(super) fn new(written: UnboundedSender<Input>) -> Self {
        Self { sessions: HashMap::new(), written }
    }

    pub(super) fn enter(&mut self, arrival: Arrival) {
        self.sessions.insert(arrival.session, arrival);
    }

    pub(super) fn leave(&mut self, session: SessionId) {
        self.sessions.remove(&session);
    }

    pub(super) fn get(&self, session: SessionId) -> Option<&Arrival> {
        self.sessions.get(&session)
    }

    /// A line of this session has been dealt with.
    pub(super) fn answered(&self, session: SessionId) {
        if let Some(arrival) = self.sessions.get(&session) {
            arrival.outbox.answered();
        }
    }
}

impl Deliver for Hub {
    fn tell(&mut self, tell: &Tell) {
        let sessions = tell.to.sessions();
        if sessions.is_empty() {
            return;
        }
        let bytes = encode(&tell.notice, unix_time());
        let lane = if tell.is_answer { Lane::Answer } else { Lane::Broadcast };
        for arrival in sessions.iter().filter_map(|session| self.sessions.get(session)) {
            let receipt = tell.kept.map(|kept| Receipt { kept, owner: self.written.clone() });
            arrival.outbox.push_with(bytes.clone(), lane, receipt);
        }
        count(Counter::NoticesEncoded);
        count_many(Counter::NoticesDelivered, sessions.len() as u64);
    }

    fn close(&mut self, session: SessionId) {
        if let Some(arrival) = self.sessions.get(&session) {
            arrival.outbox.close();
        }
    }
}
