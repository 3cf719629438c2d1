//! Queues: their members as Asterisk has them, who waits in them, and their figures (telephony §7).

#[derive(Default)]
pub(in crate::live) struct Queues {}
