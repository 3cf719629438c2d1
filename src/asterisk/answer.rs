//! What came back for one action: its response, and the events that belong to it.

use super::action::Action;
use super::packet::Packet;

/// A response with its events, complete.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) response: Packet,
    /// Items of a list, with the event that ends it; for a call what is said of its channel up to the `OriginateResponse`,
    /// which is the last. In their order.
    pub(crate) events: Vec<Packet>,
}

/// An action of the resync, and its answer.
#[derive(Debug, Clone)]
pub(crate) struct CollectedList {
    pub(crate) action: Action,
    pub(crate) answer: Answer,
}

impl Answer {
    /// Some errors are none: a list without items may be answered by one (telephony §1.6).
    pub(crate) fn is_success(&self) -> bool {
        self.response.text("Response").eq_ignore_ascii_case("success")
    }

    /// What the response says in words.
    pub(crate) fn message(&self) -> &str {
        self.response.text("Message")
    }

    /// Events of this name.
    pub(crate) fn events<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Packet> + use<'a> {
        self.events.iter().filter(move |packet| packet.event().is_some_and(|own| own.eq_ignore_ascii_case(name)))
    }
}
