//! Something outside of the configuration (files, the history) as it was looked at last, for a screen that shows it: looked at
//! on a thread beside, one look at a time, so that no frame and no key waits for a disk. Until a new look is over what was
//! known is shown. The screen that owns it says `is_working` as long as a look is under way.

use std::time::Duration;

use super::app::App;
use super::job::{Job, JobState};

type LookFn<T> = Box<dyn FnOnce() -> T + Send>;

/// Whether what was looked at last is older than what this console has written since.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Freshness {
    /// What it had written when the look under way began, and when that began whose outcome is known.
    begun_at: u64,
    known_at: u64,
}

impl Freshness {
    pub(super) fn begin(&mut self, app: &App) {
        self.begun_at = app.writes();
    }

    pub(super) fn end(&mut self) {
        self.known_at = self.begun_at;
    }

    pub(super) fn is_behind(self, app: &App) -> bool {
        self.known_at < app.writes()
    }
}

pub(super) struct Latest<T> {
    value: Option<T>,
    job: Option<Job<T>>,
    /// To be begun when the one under way is over: what that finds may be old by then.
    next: Option<LookFn<T>>,
    freshness: Freshness,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self { value: None, job: None, next: None, freshness: Freshness::default() }
    }
}

impl<T: Send + 'static> Latest<T> {
    /// None: nothing is known yet.
    pub(super) fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.job.is_some()
    }

    /// Whether a look is under way for what this console wrote since what is known was looked at.
    pub(super) fn is_behind(&self, app: &App) -> bool {
        self.job.is_some() && self.freshness.is_behind(app)
    }

    /// Looks again, and waits for it no longer than a frame may.
    pub(super) fn look(&mut self, look: impl FnOnce() -> T + Send + 'static, app: &mut App) {
        if self.job.is_some() {
            self.next = Some(Box::new(look));
            self.take(Duration::ZERO, app);
            return;
        }
        self.begin(look, app);
        self.take(app.glance, app);
    }

    /// Takes what was found, if the look is over; whether anything was.
    pub(super) fn take(&mut self, patience: Duration, app: &mut App) -> bool {
        let Some(job) = &mut self.job else { return false };
        let found = match job.wait(patience) {
            JobState::Working => return false,
            JobState::Ended(found) => Some(found),
            JobState::Lost => None,
        };
        self.job = None;
        let is_found = found.is_some();
        self.value = found.or_else(|| self.value.take());
        self.freshness.end();
        if let Some(next) = self.next.take() {
            self.begin(next, app);
        }
        is_found
    }

    fn begin(&mut self, look: impl FnOnce() -> T + Send + 'static, app: &mut App) {
        match Job::start("look", move |_| look()) {
            Ok(job) => {
                self.job = Some(job);
                self.freshness.begin(app);
            }
            Err(error) => app.fail(format!("no thread could be started: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread::yield_now;

    use super::*;
    use crate::tui::tab::Tab;
    use crate::tui::tests::TestConsole;

    #[test]
    fn a_look_that_hangs_holds_up_nothing_and_of_those_asked_for_meanwhile_the_last_is_next() {
        let mut console = TestConsole::at(Tab::Overview);
        let app = &mut console.inner.app;
        app.glance = Duration::ZERO;
        let (release, released) = channel::<()>();
        let hang = move || {
            // Until nobody holds it any more.
            let _ = released.recv();
            1
        };
        let mut latest = Latest::default();
        latest.look(hang, app);
        latest.look(|| 2, app);
        latest.look(|| 3, app);
        assert_eq!((latest.get(), latest.is_under_way()), (None, true));
        drop(release);
        let mut seen = Vec::new();
        while latest.is_under_way() {
            if latest.take(Duration::ZERO, app) {
                seen.extend(latest.get().copied());
            }
            yield_now();
        }
        assert_eq!(seen, [1, 3]);
    }
}
