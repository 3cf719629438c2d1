//! Chat on its way: what a session may not hear yet (protocol decision 16), and what it was told and its client's
//! system has not acknowledged. `handlers::chat` decides who is told, by
//! the functions of `chats`; this file only keeps its parts in step.

use std::collections::{BTreeMap, BTreeSet};

use crate::live::messages::SessionId;
use crate::settings::id::{ChatId, Id, UserUuid};

/// Texts held back for one session: as many as may be kept for its user, and as many again that come meanwhile.
const HELD_CHAT_MAX: usize = 200;
/// Texts of all users that are held back or not acknowledged, and what they hold together.
const CHAT_ON_ITS_WAY_MAX: usize = 20_000;
const CHAT_ON_ITS_WAY_BYTES_MAX: usize = 32 * 1024 * 1024;

/// A text from one user to another.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::live) struct Text {
    pub(in crate::live) from: UserUuid,
    pub(in crate::live) to: UserUuid,
    /// As its sender wrote it.
    pub(in crate::live) text: Box<str>,
    /// Unix time in seconds.
    pub(in crate::live) at: i64,
    /// It is in the store too, until it is delivered.
    pub(in crate::live) is_kept: bool,
}

/// A text that is at no client and on the way to none.
#[derive(Debug, PartialEq)]
pub(in crate::live) struct Undelivered {
    pub(in crate::live) id: ChatId,
    pub(in crate::live) text: Text,
}

/// What a session may hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::live) enum Gate {
    /// Nothing: its client would die of it.
    Closed,
    /// Nothing before what is kept for its user, which is being fetched.
    Fetching,
    Open,
    /// The session is over; what it was told may still be acknowledged.
    Ended,
}

#[derive(Debug, Default)]
pub(super) struct Deliveries {
    last: i64,
    on_their_way: BTreeMap<ChatId, OnItsWay>,
    bytes: usize,
    receivers: BTreeMap<SessionId, Receiver>,
}

#[derive(Debug)]
struct OnItsWay {
    text: Text,
    /// One client has it.
    is_delivered: bool,
    /// For whom it is held back, or who were told and have not acknowledged it.
    sessions: BTreeSet<SessionId>,
}

#[derive(Debug)]
struct Receiver {
    gate: Gate,
    held: BTreeSet<ChatId>,
    told: BTreeSet<ChatId>,
}

impl Deliveries {
    /// `last`: the highest number that a text ever had.
    pub(super) fn new(last: i64) -> Self {
        Self { last, ..Self::default() }
    }

    pub(super) fn next_id(&mut self) -> ChatId {
        self.last += 1;
        ChatId::new(self.last)
    }

    /// A session to which nothing may flow unless its gate is opened.
    pub(super) fn begin(&mut self, session: SessionId) {
        let receiver = Receiver { gate: Gate::Closed, held: BTreeSet::new(), told: BTreeSet::new() };
        self.receivers.insert(session, receiver);
    }

    pub(super) fn gate(&self, session: SessionId) -> Option<Gate> {
        self.receivers.get(&session).map(|receiver| receiver.gate)
    }

    pub(super) fn set_gate(&mut self, session: SessionId, gate: Gate) {
        if let Some(receiver) = self.receivers.get_mut(&session) {
            receiver.gate = gate;
        }
    }

    /// Opens the session's gate; it is to be told these, in this order.
    pub(super) fn open(&mut self, session: SessionId) -> Vec<ChatId> {
        self.set_gate(session, Gate::Open);
        let Some(receiver) = self.receivers.get_mut(&session) else { return Vec::new() };
        let held: Vec<ChatId> = std::mem::take(&mut receiver.held).into_iter().collect();
        receiver.told.extend(&held);
        held
    }

    /// A text to these sessions: gives back those that are to be told now, and how many older texts had to go.
    pub(super) fn add(&mut self, id: ChatId, text: Text, sessions: &[SessionId]) -> (Vec<SessionId>, usize) {
        self.bytes += text.text.len();
        let sessions: BTreeSet<SessionId> = sessions.iter().copied().collect();
        let mut may_hear = Vec::new();
        let mut too_many = Vec::new();
        for session in &sessions {
            let Some(receiver) = self.receivers.get_mut(session) else { continue };
            if receiver.gate == Gate::Open {
                receiver.told.insert(id);
                may_hear.push(*session);
                continue;
            }
            receiver.held.insert(id);
            if receiver.held.len() > HELD_CHAT_MAX {
                too_many.extend(receiver.held.pop_first().map(|oldest| (*session, oldest)));
            }
        }
        self.on_their_way.insert(id, OnItsWay { text, is_delivered: false, sessions });
        let mut dropped = 0;
        for (session, oldest) in too_many {
            dropped += usize::from(self.leave(session, oldest).is_some());
        }
        while self.bytes > CHAT_ON_ITS_WAY_BYTES_MAX || self.on_their_way.len() > CHAT_ON_ITS_WAY_MAX {
            let Some(oldest) = self.on_their_way.keys().next().copied() else { break };
            dropped += usize::from(self.forget(oldest).is_some());
        }
        (may_hear, dropped)
    }

    /// Whatever is on its way, at no client and not in the store; it counts as kept from now on.
    pub(super) fn mark_kept(&mut self) -> Vec<Undelivered> {
        let not_kept = self.on_their_way.iter_mut().filter(|(_, way)| !way.is_delivered && !way.text.is_kept);
        not_kept
            .map(|(id, way)| {
                let text = way.text.clone();
                way.text.is_kept = true;
                Undelivered { id: *id, text }
            })
            .collect()
    }

    pub(super) fn is_on_its_way(&self, id: ChatId) -> bool {
        self.on_their_way.contains_key(&id)
    }

    pub(super) fn text(&self, id: ChatId) -> Option<&Text> {
        self.on_their_way.get(&id).map(|way| &way.text)
    }

    /// True if the store is to forget the text: this is the first client that has it.
    pub(super) fn acknowledge(&mut self, session: SessionId, id: ChatId) -> bool {
        if let Some(receiver) = self.receivers.get_mut(&session) {
            receiver.told.remove(&id);
        }
        let Some(way) = self.on_their_way.get_mut(&id) else { return false };
        way.sessions.remove(&session);
        let is_first = !std::mem::replace(&mut way.is_delivered, true);
        let is_kept = std::mem::replace(&mut way.text.is_kept, false);
        let is_held = |session: &SessionId| self.receivers.get(session).is_some_and(|it| it.held.contains(&id));
        if !way.sessions.iter().any(is_held) {
            self.forget(id);
        }
        is_first && is_kept
    }

    /// The session is over: what was held back for it and is on the way to nobody else.
    pub(super) fn end(&mut self, session: SessionId) -> Vec<Undelivered> {
        self.set_gate(session, Gate::Ended);
        let held = self.receivers.get_mut(&session).map(|receiver| std::mem::take(&mut receiver.held));
        held.into_iter().flatten().filter_map(|id| self.leave(session, id)).collect()
    }

    /// The connection is over too: what nobody else has or is being told.
    pub(super) fn forget_session(&mut self, session: SessionId) -> Vec<Undelivered> {
        let mut undelivered = self.end(session);
        let told = self.receivers.remove(&session).map(|receiver| receiver.told);
        undelivered.extend(told.into_iter().flatten().filter_map(|id| self.leave(session, id)));
        undelivered
    }

    /// The text is no longer on its way to the session; given back if it is on its way to nobody and at nobody's.
    fn leave(&mut self, session: SessionId, id: ChatId) -> Option<Undelivered> {
        let way = self.on_their_way.get_mut(&id)?;
        way.sessions.remove(&session);
        if !way.sessions.is_empty() {
            return None;
        }
        let is_delivered = way.is_delivered;
        self.forget(id).filter(|_| !is_delivered).map(|text| Undelivered { id, text })
    }

    /// Whatever becomes of the text, it is nobody's business here any more.
    pub(super) fn forget(&mut self, id: ChatId) -> Option<Text> {
        let way = self.on_their_way.remove(&id)?;
        self.bytes -= way.text.text.len();
        for session in way.sessions {
            if let Some(receiver) = self.receivers.get_mut(&session) {
                receiver.held.remove(&id);
                receiver.told.remove(&id);
            }
        }
        Some(way.text)
    }

    /// How much is held, for the test that nothing grows: texts, bytes.
    #[cfg(test)]
    pub(super) fn sizes(&self) -> [usize; 2] {
        [self.on_their_way.len(), self.bytes]
    }
}
