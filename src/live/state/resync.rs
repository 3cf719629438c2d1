//! What a link begins with, taken over in slices between which clients are served: nobody is to wait for a snapshot of ten
//! thousand lines. Each feature takes over its part, piece by piece, in one order; what the telephone system says and
//! replies meanwhile waits behind and comes in its order. Until all is taken over the link takes no orders, as before it
//! held, and until nothing waits nothing of telephones is told: clients hear once what differs. How much waits is bounded
//! by the engine, which takes no more messages between two slices than `MESSAGES_AT_ONCE`.

use std::collections::VecDeque;

use super::LiveState;
use crate::live::messages::{Moment, TelephonyInput, TelephonyReply, TelephonySnapshot};
use crate::live::state::Effects;

/// A part of what a link begins with.
pub(in crate::live) trait TakeOver: Send {
    /// Takes over a piece more: how many steps that took. None: nothing is left.
    fn advance(
        &mut self,
        state: &mut LiveState,
        now: Moment,
        snapshot: &mut TelephonySnapshot,
        out: &mut Effects,
    ) -> Option<usize>;
}

/// What the telephone system says or replies.
#[allow(clippy::large_enum_variant, reason = "nearly all are events: a box of each would cost more than the room")]
pub(in crate::live) enum TelephonyMessage {
    Input(TelephonyInput),
    Reply(TelephonyReply),
}

/// A link that begins, as far as it is not taken over.
#[derive(Default)]
pub(super) struct Resync {
    beginning: Option<Beginning>,
    waiting: VecDeque<TelephonyMessage>,
}

struct Beginning {
    snapshot: Box<TelephonySnapshot>,
    /// In this order.
    parts: VecDeque<Box<dyn TakeOver>>,
}

impl Resync {
    /// Whether nothing waits to be taken over.
    pub(super) fn is_over(&self) -> bool {
        !self.is_beginning() && self.waiting.is_empty()
    }

    /// Whether what the link began with is not all taken over.
    pub(super) fn is_beginning(&self) -> bool {
        self.beginning.is_some()
    }
}

/// For `handlers::resync` alone.
impl LiveState {
    pub(in crate::live) fn is_resync_over(&self) -> bool {
        self.resync.is_over()
    }

    /// It comes behind all that waits.
    pub(in crate::live) fn defer_message(&mut self, message: TelephonyMessage) {
        self.resync.waiting.push_back(message);
    }

    /// What waits longest, unless something is to be taken over before.
    pub(in crate::live) fn next_message(&mut self) -> Option<TelephonyMessage> {
        if self.resync.is_beginning() { None } else { self.resync.waiting.pop_front() }
    }

    pub(in crate::live) fn begin_resync(&mut self, snapshot: Box<TelephonySnapshot>, parts: Vec<Box<dyn TakeOver>>) {
        self.resync.beginning = Some(Beginning { snapshot, parts: parts.into() });
    }

    /// Takes over a piece more. The snapshot, once all of it is.
    pub(in crate::live) fn advance_resync(&mut self, now: Moment, out: &mut Effects) -> Option<Box<TelephonySnapshot>> {
        let Beginning { mut snapshot, mut parts } = self.resync.beginning.take()?;
        let steps = parts.front_mut().map(|part| part.advance(self, now, &mut snapshot, out));
        match steps {
            None => return Some(snapshot),
            Some(None) => drop(parts.pop_front()),
            Some(Some(steps)) => self.left.spend(steps),
        }
        self.resync.beginning = Some(Beginning { snapshot, parts });
        None
    }

    pub(in crate::live) fn is_beginning(&self) -> bool {
        self.resync.is_beginning()
    }

    pub(in crate::live) fn spend(&mut self, steps: usize) {
        self.left.spend(steps);
    }

    pub(in crate::live) fn is_slice_over(&self) -> bool {
        self.left.are_spent()
    }
}
