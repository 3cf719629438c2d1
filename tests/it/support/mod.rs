//! What every test stands on: a data folder with its commands, the served process, and a client of the wire.

pub(crate) mod accept_any;
pub(crate) mod ami_peer;
pub(crate) mod ami_queues;
mod answers;
pub(crate) mod cli;
pub(crate) mod client;
pub(crate) mod encryption;
pub(crate) mod false_clock;
pub(crate) mod pairs;
pub(crate) mod server;
pub(crate) mod slapd;
pub(crate) mod small_disk;
pub(crate) mod ssh_host;
pub(crate) mod terminal;
pub(crate) mod token_server;
mod waits;

pub(crate) use cli::Appliance;
pub(crate) use client::Client;
pub(crate) use false_clock::FalseClock;
pub(crate) use server::Running;
pub(crate) use small_disk::SmallDisk;

use std::io::Write;
use std::time::{Duration, Instant};

/// Looks until it is so.
#[track_caller]
pub(crate) fn await_so(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < end, "never: {what}");
    }
}

/// A test cannot have what it needs of the system: said past the capture of tests' words, so that it is seen; a failure
/// where everything must be tried.
pub(crate) fn left_out(what: &str, missing: &str) {
    let must_be_tried = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(!must_be_tried, "{what} cannot be tried, missing: {missing}");
    let _ = writeln!(std::io::stderr(), "not run: {what}, missing: {missing}");
}
