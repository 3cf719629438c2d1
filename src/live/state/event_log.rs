//! Stamps what happened, if anybody follows: `publish` says by it what it found.

use super::Follow;
use crate::live::messages::{Cause, Change, Event, Subject};
use crate::live::state::Effects;

pub(super) struct EventLog<'a> {
    pub(super) at: f64,
    /// Of what is added next.
    pub(super) cause: Cause,
    pub(super) follow: Follow,
    pub(super) out: &'a mut Effects,
}

impl EventLog<'_> {
    pub(super) fn add(&mut self, subject: Subject, change: impl FnOnce() -> Change) {
        if self.follow == Follow::Somebody {
            self.out.events.push(Event { at: self.at, cause: self.cause, subject, change: change() });
        }
    }
}
