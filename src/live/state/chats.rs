//! Chat on its way, as `handlers::chat` reads and changes it: nobody else has `Deliveries` in hand.

use super::LiveState;
use super::deliveries::{Gate, Text, Undelivered};
use crate::live::messages::SessionId;
use crate::settings::id::ChatId;

impl LiveState {
    pub(in crate::live) fn next_chat(&mut self) -> ChatId {
        self.chats.next_id()
    }

    /// To the session nothing may flow before its gate is opened.
    pub(in crate::live) fn begin_chat(&mut self, session: SessionId) {
        self.chats.begin(session);
    }

    pub(in crate::live) fn chat_gate(&self, session: SessionId) -> Option<Gate> {
        self.chats.gate(session)
    }

    /// What is kept for the session's user is being fetched.
    pub(in crate::live) fn await_kept_chat(&mut self, session: SessionId) {
        self.chats.set_gate(session, Gate::Fetching);
    }

    /// Opens the session's gate; it is to be told these, in this order.
    pub(in crate::live) fn open_chat(&mut self, session: SessionId) -> Vec<ChatId> {
        self.chats.open(session)
    }

    /// A text to these sessions: gives back those that are to be told now, and how many older texts had to go.
    pub(in crate::live) fn add_chat(
        &mut self,
        id: ChatId,
        text: Text,
        sessions: &[SessionId],
    ) -> (Vec<SessionId>, usize) {
        self.chats.add(id, text, sessions)
    }

    pub(in crate::live) fn is_chat_on_its_way(&self, id: ChatId) -> bool {
        self.chats.is_on_its_way(id)
    }

    pub(in crate::live) fn chat_text(&self, id: ChatId) -> Option<&Text> {
        self.chats.text(id)
    }

    /// True if the store is to forget the text: this is the first client that has it.
    pub(in crate::live) fn acknowledge_chat(&mut self, session: SessionId, id: ChatId) -> bool {
        self.chats.acknowledge(session, id)
    }

    /// Whatever is on its way, at no client and not in the store; it counts as kept from now on.
    pub(in crate::live) fn mark_chat_kept(&mut self) -> Vec<Undelivered> {
        self.chats.mark_kept()
    }

    /// The session is over: what was held back for it and is on the way to nobody else.
    pub(in crate::live) fn end_chat(&mut self, session: SessionId) -> Vec<Undelivered> {
        self.chats.end(session)
    }

    /// The connection is over too: what nobody else has or is being told.
    pub(in crate::live) fn forget_chat_of(&mut self, session: SessionId) -> Vec<Undelivered> {
        self.chats.forget_session(session)
    }

    pub(in crate::live) fn forget_chat(&mut self, id: ChatId) -> Option<Text> {
        self.chats.forget(id)
    }
}
