//! The nightly backup of a serving folder (`backup.time`, `backup.keep`): a thread of its own that looks at the clock
//! once a minute. Only `serve` starts it; what is copied and how many stay is the store's.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use time::{OffsetDateTime, Time, UtcOffset};

use crate::config::{Effective, Overrides};
use crate::store::{Store, StoreError};

const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How long a backup that is being made may hold up the end of the process.
const END_MAX: Duration = Duration::from_millis(250);
/// After a backup that failed, as on a full disk: soon enough not to lose the night, seldom enough for the log.
const AGAIN_AFTER: Duration = Duration::from_secs(600);

/// Runs until it is dropped.
pub(super) struct Nightly {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// `overrides` answers with what stands above the database now.
pub(super) fn start(store: &Store, overrides: impl Fn() -> Overrides + Send + 'static) -> Nightly {
    let store = store.clone();
    let (stop, stopped) = channel();
    let mut last = now();
    let thread = std::thread::Builder::new().name("nightly".to_owned()).spawn(move || {
        let mut pause = LOOK_EVERY;
        while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            let now = now();
            let outcome = look(&store, &overrides(), last, now);
            if let Err(error) = &outcome {
                tracing::error!(error = %crate::observe::chain(error), "the nightly backup failed; it is tried again");
            }
            (last, pause) = after(&outcome, last, now);
        }
    });
    if let Err(error) = &thread {
        tracing::error!(%error, "no nightly backups: the system gives no thread");
    }
    Nightly { stop: Some(stop), thread: thread.ok() }
}

impl Drop for Nightly {
    fn drop(&mut self) {
        drop(self.stop.take());
        let Some(thread) = self.thread.take() else { return };
        let end = Instant::now() + END_MAX;
        while !thread.is_finished() && Instant::now() < end {
            std::thread::sleep(END_MAX / 50);
        }
        if thread.is_finished() {
            // A panic over there was told where it happened.
            thread.join().unwrap_or_default();
        } else {
            tracing::warn!("the nightly backup did not end in time and is given up");
        }
    }
}

fn look(store: &Store, overrides: &Overrides, last: OffsetDateTime, now: OffsetDateTime) -> Result<(), StoreError> {
    let general = Effective::new(&store.settings()?, overrides).general();
    if general.backup_keep == 0 || !is_due(general.backup_time, last, now) {
        return Ok(());
    }
    if let Some(path) = store.backup_of_day(&now.date().to_string(), general.backup_keep)? {
        tracing::info!(path = %path.display(), "backup made");
    }
    Ok(())
}

/// Up to when all is done, and how long to wait: what failed is due still.
fn after<E>(outcome: &Result<(), E>, last: OffsetDateTime, now: OffsetDateTime) -> (OffsetDateTime, Duration) {
    match outcome {
        Ok(()) => (now, LOOK_EVERY),
        Err(_) => (last, AGAIN_AFTER),
    }
}

/// Whether the time of day came between the two looks, however far they are apart.
fn is_due((hour, minute): (u8, u8), last: OffsetDateTime, now: OffsetDateTime) -> bool {
    let Ok(at) = Time::from_hms(hour, minute, 0) else { return false };
    let due_today = now.replace_time(at);
    let latest = if due_today <= now { due_today } else { due_today - time::Duration::DAY };
    last < latest
}

/// By the clock on the wall here, or UTC if the system does not say where here is.
fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now.to_offset(UtcOffset::local_offset_at(now).unwrap_or(UtcOffset::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64, minutes: i64) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + time::Duration::hours(hours) + time::Duration::minutes(minutes)
    }

    #[test]
    fn a_backup_that_failed_stays_due() {
        let (last, now) = (at(2, 59), at(3, 0));
        let (failed, pause) = after(&Err("full"), last, now);
        assert!(is_due((3, 0), failed, now + pause) && pause > LOOK_EVERY);
        let (done, pause) = after::<()>(&Ok(()), last, now);
        assert!(!is_due((3, 0), done, now + pause) && pause == LOOK_EVERY);
    }

    #[test]
    fn a_backup_is_due_once_when_its_time_has_come() {
        assert!(!is_due((3, 0), at(2, 58), at(2, 59)));
        assert!(is_due((3, 0), at(2, 59), at(3, 0)));
        assert!(!is_due((3, 0), at(3, 0), at(3, 1)));
        assert!(is_due((3, 0), at(1, 0), at(25, 0)));
        assert!(is_due((23, 59), at(23, 58), at(24, 1)));
        assert!(!is_due((23, 59), at(24, 1), at(24, 2)));
    }

    #[test]
    fn a_clock_that_jumps_makes_one_backup_ahead_and_none_back() {
        let day = |number: i64| at(24 * number + 12, 0);
        assert!(is_due((3, 0), day(8), day(10)));
        assert!(!is_due((3, 0), day(10), day(10)));
        assert!(!is_due((3, 0), day(10), day(8)));
        assert!(is_due((3, 0), day(8), day(9)));
    }
}
