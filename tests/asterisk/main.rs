//! ctibox beside a real Asterisk with real SIP telephones: the real binary, Debian's Asterisk in a folder of its own, and
//! baresip. `tests/run asterisk` makes ready what it needs; where that is missing each test says so and ends. Every test
//! has an Asterisk of its own, on ports of its own of the loopback address.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, clippy::missing_panics_doc)]

// What the other black-box tests use, not all of which is used here.
#[allow(dead_code, unused_imports)]
#[path = "../it/support/mod.rs"]
mod support;

mod ami;
mod caller_names;
mod company;
mod pbx;
mod phone;
mod ports;

mod agents;
mod documented_setup;
mod real_calls;
