//! Agents: where they are logged in, whether they are paused, on a call or resting, and so whether they are available
//! (telephony §6).

#[derive(Default)]
pub(in crate::live) struct Agents {}
