//! How far a long work is, on stderr: a bar that is drawn over again on a terminal, a line now and then elsewhere, nothing
//! with `--quiet`. It counts what it is told and decides nothing.

use std::time::{Duration, Instant};

use super::output::Output;

const BETWEEN_DRAWINGS: Duration = Duration::from_millis(100);
const BETWEEN_LINES: Duration = Duration::from_secs(5);

pub(crate) struct Progress<'a> {
    output: &'a Output,
    /// What is counted: `passwords hashed`.
    what: &'static str,
    total: usize,
    began: Instant,
    told: Instant,
    is_drawn: bool,
}

impl<'a> Progress<'a> {
    pub(crate) fn begin(output: &'a Output, what: &'static str, total: usize) -> Self {
        let now = Instant::now();
        Self { output, what, total, began: now, told: now, is_drawn: false }
    }

    /// So many are done. Work that is over at once is not told.
    pub(crate) fn tell(&mut self, done: usize) {
        let width = self.output.redrawn_width();
        let pause = if width.is_some() { BETWEEN_DRAWINGS } else { BETWEEN_LINES };
        let is_last = done == self.total && self.is_drawn;
        if self.told.elapsed() < pause && !is_last {
            return;
        }
        self.told = Instant::now();
        let count = format!("{done} of {} {}", self.total, self.what);
        match width {
            Some(width) => {
                self.is_drawn = true;
                self.output.redraw(&drawn(done, self.total, &count, self.left(done), width));
            }
            None => self.output.note(&count),
        }
    }

    /// Leaves the line of the bar.
    pub(crate) fn end(self) {
        if self.is_drawn {
            self.output.note("");
        }
    }

    /// What the rest takes if it goes on like this.
    fn left(&self, done: usize) -> Duration {
        let rest = self.total.saturating_sub(done);
        self.began.elapsed().mul_f64(rest as f64 / done.max(1) as f64)
    }
}

/// Exactly one column less than the width: some terminals go to the next line behind the last column.
fn drawn(done: usize, total: usize, count: &str, left: Duration, width: usize) -> String {
    let words = format!("{count}, {} s left", left.as_secs());
    let room = width.saturating_sub(1);
    let bar = room.saturating_sub(words.len() + 3).min(40);
    let filled = bar * done / total.max(1);
    let text = if bar < 5 { words } else { format!("[{}{}] {words}", "#".repeat(filled), ".".repeat(bar - filled)) };
    format!("{:room$}", text.chars().take(room).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_fills_and_never_reaches_the_last_column() {
        let at =
            |done, width| drawn(done, 1000, &format!("{done} of 1000 passwords hashed"), Duration::from_secs(9), width);
        assert_eq!(at(0, 60), format!("[{}] 0 of 1000 passwords hashed, 9 s left", ".".repeat(20)));
        assert_eq!(at(7, 40), format!("{:39}", "7 of 1000 passwords hashed, 9 s left"), "no room for a bar");
        for (done, width) in [(0, 80), (500, 80), (1000, 80), (1000, 200), (7, 30), (7, 3), (7, 0)] {
            assert_eq!(at(done, width).chars().count(), usize::from(width > 0) * width.saturating_sub(1), "{width}");
        }
        assert!(at(500, 80).contains("#.") && !at(1000, 80).contains('.'));
    }
}
