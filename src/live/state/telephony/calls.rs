//! The channels and bridges that there are (telephony §9.1).

#[derive(Default)]
pub(in crate::live) struct Calls {}
