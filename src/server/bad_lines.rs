//! The patience with a client that sends bad lines after login ("Ours" 2): the tenth within a minute ends the session.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

pub(super) const BAD_LINES_MAX: usize = 10;
const WITHIN: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct BadLines {
    latest: VecDeque<Instant>,
}

impl BadLines {
    /// Counts one; true if it is one too many.
    pub(super) fn one_more(&mut self, now: Instant) -> bool {
        self.latest.retain(|moment| now.duration_since(*moment) < WITHIN);
        self.latest.push_back(now);
        self.latest.len() >= BAD_LINES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tenth_bad_line_within_a_minute_is_one_too_many() {
        let start = Instant::now();
        let mut bad_lines = BadLines::default();
        for second in 0..9 {
            assert!(!bad_lines.one_more(start + Duration::from_secs(second)));
        }
        assert!(!bad_lines.one_more(start + Duration::from_secs(60)));
        assert!(bad_lines.one_more(start + Duration::from_millis(60_500)));
    }
}
