//! What an import would do, looked over anew on a thread beside because somebody changed something. The previews of imports
//! own one and show what comes of it.

use std::sync::Arc;
use std::time::Duration;

use crate::settings::configuration::Configuration;
use crate::tui::app::App;
use crate::tui::job::{Job, JobState};

/// What is under way, and for which configuration.
pub(super) struct Planning<T>(Option<(Arc<Configuration>, Job<T>)>);

impl<T> Default for Planning<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Send + 'static> Planning<T> {
    /// Begins for what is stored now, unless that is under way: updates that change nothing of it come each second. What came
    /// of it, if it is over within a glance; without a thread the import itself looks.
    pub(super) fn begin(&mut self, app: &App, plan: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let now = &app.configuration;
        if self.0.as_ref().is_some_and(|(known, _)| Arc::ptr_eq(known, now)) {
            return None;
        }
        self.0 = Some((Arc::clone(now), Job::start("plan", move |_| plan()).ok()?));
        self.take(app.glance)
    }

    /// What came of it, once it is over.
    pub(super) fn look(&mut self) -> Option<T> {
        self.take(Duration::ZERO)
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.0.is_some()
    }

    fn take(&mut self, patience: Duration) -> Option<T> {
        let planned = match self.0.as_mut()?.1.wait(patience) {
            JobState::Working => return None,
            JobState::Ended(planned) => Some(planned),
            // The import itself looks.
            JobState::Lost => None,
        };
        self.0 = None;
        planned
    }
}
