//! Which of the named servers is asked first, and whether it pays to ask any: one that failed is passed over for a while,
//! and where all have just failed nobody waits for them again. Pure: the moment comes from outside.

use std::time::{Duration, Instant};

/// How long a server that failed is passed over while another one answers.
const PASSED_OVER: Duration = Duration::from_secs(30);
/// Where all fail, so long nobody is made to wait for them again: what queued up behind a server that hangs is told at
/// once, and comes back.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct ServerStates {
    /// When each failed last without an answer since, in the order of the settings.
    failed: Vec<Option<Instant>>,
}

impl ServerStates {
    pub(super) fn new(number: usize) -> Self {
        Self { failed: vec![None; number] }
    }

    /// Which servers to ask, in this order; none where all have just failed.
    pub(super) fn order(&self, now: Instant) -> Vec<usize> {
        let since = |index: &usize| self.failed[*index].map(|at| now.saturating_duration_since(at));
        let is_good = |index: &usize| since(index).is_none_or(|since| since >= PASSED_OVER);
        let all = 0..self.failed.len();
        let (mut order, mut failed): (Vec<usize>, Vec<usize>) = all.partition(is_good);
        if order.is_empty() && failed.iter().filter_map(since).any(|since| since < PAUSE) {
            return Vec::new();
        }
        // Who failed longest ago may be back soonest.
        failed.sort_by_key(|index| self.failed[*index]);
        order.extend(failed);
        order
    }

    pub(super) fn answered(&mut self, index: usize) {
        self.failed[index] = None;
    }

    pub(super) fn failed(&mut self, index: usize, now: Instant) {
        self.failed[index] = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_failed_is_passed_over_for_a_while() {
        let start = Instant::now();
        let mut servers = ServerStates::new(3);
        assert_eq!(servers.order(start), [0, 1, 2]);
        servers.failed(0, start);
        assert_eq!(servers.order(start), [1, 2, 0]);
        servers.failed(1, start + Duration::from_secs(5));
        assert_eq!(servers.order(start + Duration::from_secs(6)), [2, 0, 1], "the longest ago first");
        assert_eq!(servers.order(start + PASSED_OVER), [0, 2, 1]);
        servers.answered(1);
        assert_eq!(servers.order(start + Duration::from_secs(6)), [1, 2, 0]);
    }

    #[test]
    fn where_all_have_just_failed_nobody_waits_for_them() {
        let start = Instant::now();
        let mut servers = ServerStates::new(2);
        servers.failed(0, start);
        servers.failed(1, start + PAUSE);
        assert_eq!(servers.order(start + PAUSE), [] as [usize; 0]);
        assert_eq!(servers.order(start + PAUSE + PAUSE), [0, 1], "and then they are tried again");
        servers.answered(0);
        assert_eq!(servers.order(start + PAUSE), [0, 1]);
    }
}
