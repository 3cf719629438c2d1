//! The link to the telephone system as handlers move it along, the calls on it, and how it names telephones. Of calls and
//! names nothing is told by themselves: what follows from them is told with the agents and phones that they concern.

use super::LiveState;
use super::telephony::Link;
use super::telephony::calls::{Cursor, OwnCall};
use crate::live::messages::{TelephonyEvent, TelephonySnapshot};
use crate::settings::id::{LineId, UserId};

impl LiveState {
    /// Whether the telephone system takes orders.
    pub(in crate::live) fn is_telephony_up(&self) -> bool {
        self.runtime.telephony.is_up()
    }

    /// Whether it may be asked how something stands.
    pub(in crate::live) fn may_ask_telephony(&self) -> bool {
        self.runtime.telephony.may_be_asked()
    }

    /// What the link begins with is being taken over.
    pub(in crate::live) fn link_begins(&mut self) {
        self.runtime.telephony.link = Link::Beginning;
    }

    /// All is taken over: it takes orders.
    pub(in crate::live) fn link_holds(&mut self) {
        self.runtime.telephony.link = Link::Up;
    }

    /// All stays as it was last; the services that are there are compared anew with the next link.
    pub(in crate::live) fn link_is_lost(&mut self) {
        self.runtime.telephony.link = Link::Down;
        self.runtime.telephony.services.end();
    }

    /// Asterisk calls the line's telephone so.
    pub(in crate::live) fn learn_device_name(&mut self, line: LineId, device: &str) {
        self.runtime.telephony.device_names.learn(line, device);
    }

    /// A piece of the channels that there are, and in how many steps; None: they are taken over.
    pub(in crate::live) fn take_over_calls(
        &mut self,
        snapshot: &TelephonySnapshot,
        cursor: &mut Cursor,
    ) -> Option<usize> {
        self.runtime.telephony.calls.take_over(snapshot, cursor)
    }

    /// Follows channels and bridges.
    pub(in crate::live) fn follow_call(&mut self, event: &TelephonyEvent) {
        self.runtime.telephony.calls.happened(event);
    }

    /// One more call that the user's clients are making, unless they are making as many as they may.
    pub(in crate::live) fn begin_call_order(&mut self, user: UserId) -> bool {
        self.runtime.telephony.calls.begin_order(user)
    }

    pub(in crate::live) fn end_call_order(&mut self, user: UserId) {
        self.runtime.telephony.calls.end_order(user);
    }

    /// The lines whose calls the last event changed.
    pub(in crate::live) fn lines_with_changed_calls(&self) -> impl Iterator<Item = LineId> {
        let names = &self.settings.index.telephony;
        self.runtime.telephony.calls.touched().flat_map(|device| names.lines_with_key(device)).copied()
    }

    /// The call in which the device talks and that no queue brought.
    pub(in crate::live) fn own_call(&self, device: &str) -> Option<OwnCall> {
        let names = &self.settings.index.telephony;
        self.runtime.telephony.calls.own_call(device, |device| !names.lines_with_key(device).is_empty())
    }
}
