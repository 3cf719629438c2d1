//! What an import would do to a configuration: the fate of each line, and what would be found wrong with the whole. It takes
//! longer than a frame may, so it is made off the thread that draws.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use crate::exchange::user_import::{self, Existing, Means, UserTable};
use crate::settings::configuration::Configuration;
use crate::settings::name::ContextName;
use crate::settings::rule::{Finding, Refusal, Severity};
use crate::tui::app::App;

pub(super) struct PlannedUsers {
    pub(super) plan: Arc<user_import::Plan>,
    /// With which it was planned.
    pub(super) configuration: Arc<Configuration>,
    /// What lines name and nobody has.
    pub(super) missing_contexts: Vec<ContextName>,
    pub(super) missing_profiles: Vec<String>,
    /// What would be found wrong with the whole.
    pub(super) findings: Result<Vec<Finding>, Refusal>,
}

impl PlannedUsers {
    pub(super) fn of(table: &UserTable, means: &Means, configuration: Arc<Configuration>) -> Self {
        let plan = user_import::Plan::of(table, Existing::LeftAlone, &configuration);
        Self {
            missing_contexts: plan.missing_contexts(),
            missing_profiles: plan.missing_profiles().into_iter().map(str::to_owned).collect(),
            findings: plan.findings(means, &configuration),
            plan: Arc::new(plan),
            configuration,
        }
    }

    /// Whether the configuration is that with which it was planned.
    pub(super) fn is_of(&self, c: &Arc<Configuration>) -> bool {
        Arc::ptr_eq(&self.configuration, c) || self.configuration == *c
    }

    /// What refuses the whole, whatever its lines may be.
    pub(super) fn error(&self) -> Option<String> {
        match &self.findings {
            Err(refusal) => Some(refusal.to_string()),
            Ok(findings) => {
                let mut errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
                errors.next().map(|error| error.refusal.to_string())
            }
        }
    }
}

/// A core is left for the console, and for a server beside it.
pub(super) fn means(app: &App) -> Means {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let threads = NonZeroUsize::new(cores.saturating_sub(1)).unwrap_or(NonZeroUsize::MIN);
    Means { uuid: app.random.user_uuid, salt: app.random.salt, threads }
}
