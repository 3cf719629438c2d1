//! Ports of the loopback address, each test's its own: in blocks, below those that the system hands out by itself.

use std::net::{TcpListener, UdpSocket};
use std::sync::{Mutex, PoisonError};

const FIRST: u16 = 10_000;
const LAST: u16 = 31_000;
/// What one run of the tests takes at a time.
const REGION: u16 = 500;

/// Ports that this run alone uses: it holds the first, so that another run beside it goes on to the next region.
struct Region {
    next: u16,
    end: u16,
    _held: TcpListener,
}

/// The first of so many ports in a row that nobody else takes.
pub(crate) fn block(size: u16) -> u16 {
    static REGIONS: Mutex<Vec<Region>> = Mutex::new(Vec::new());
    let mut regions = REGIONS.lock().unwrap_or_else(PoisonError::into_inner);
    let is_free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok() && UdpSocket::bind(("127.0.0.1", port)).is_ok();
    loop {
        if let Some(region) = regions.last_mut() {
            while region.next + size <= region.end {
                let begin = region.next;
                region.next += size;
                if (begin..begin + size).all(is_free) {
                    return begin;
                }
            }
        }
        regions.push(claim());
    }
}

fn claim() -> Region {
    let mut begins = (FIRST..LAST).step_by(usize::from(REGION));
    begins
        .find_map(|begin| {
            let held = TcpListener::bind(("127.0.0.1", begin)).ok()?;
            Some(Region { next: begin + 1, end: begin + REGION, _held: held })
        })
        .expect("a region of ports that no other run holds")
}
