//! Bad lines (protocol decision 2): the `protocol_error` that each earns, and the patience with a client that sends
//! them after login: the tenth within a minute ends the session.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::protocol::notice::{ErrorCode, Notice};
use crate::protocol::parse::BadLine;
use crate::protocol::request::CommandId;

pub(super) const BAD_LINES_MAX: usize = 10;
const WITHIN: Duration = Duration::from_secs(60);

/// The answer to a bad line.
pub(super) fn answer_to(bad: BadLine) -> Notice {
    Notice::ProtocolError { code: bad.code, detail: bad.detail.into(), reply: bad.reply }
}

/// A `protocol_error` that answers no line in particular.
pub(super) fn protocol_error(code: ErrorCode, detail: String) -> Notice {
    Notice::ProtocolError { code, detail: detail.into(), reply: CommandId::default() }
}

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
