//! Ports of the loopback address, each test's its own: in blocks, below those that the system hands out by itself.

use std::net::{TcpListener, UdpSocket};
use std::sync::atomic::{AtomicU16, Ordering};

const FIRST: u16 = 10_000;
const LAST: u16 = 31_000;

/// The first of so many ports in a row that nobody else takes.
pub(crate) fn block(size: u16) -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Of two test runs at a time each begins elsewhere.
    let own = u16::try_from(std::process::id() % 200).unwrap() * 100;
    loop {
        let begin = FIRST + (own + NEXT.fetch_add(size, Ordering::Relaxed)) % (LAST - FIRST);
        let is_free =
            |port| TcpListener::bind(("127.0.0.1", port)).is_ok() && UdpSocket::bind(("127.0.0.1", port)).is_ok();
        if (begin..begin + size).all(is_free) {
            return begin;
        }
    }
}
