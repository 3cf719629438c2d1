//! Asks Asterisk over a connection of its own and holds what it says against what is configured: what `ctibox asterisk
//! check` prints and the console's test shows.

use std::fmt;
use std::io;
use std::time::Duration;

use super::{findings, places, unanswered};
use crate::asterisk::{InquiryError, Survey, survey};
use crate::check::Finding;
use crate::settings::ami_settings::AmiSettings;
use crate::settings::configuration::Configuration;
use crate::settings::password::Secret;
use crate::settings::rule::count;
use crate::settings::setting::General;

/// How often it is looked whether anybody still waits.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// What came of it.
pub(crate) struct Examined {
    /// None: it did not answer, and the one finding says why.
    pub(crate) found: Option<Found>,
    pub(crate) findings: Vec<Finding>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Where, and as whom: `127.0.0.1:5038`, `ctibox`.
    pub(crate) place: String,
    pub(crate) account: String,
    /// Of Asterisk.
    pub(crate) version: Box<str>,
    pub(crate) hints: usize,
    pub(crate) queues: usize,
    pub(crate) channels: usize,
    pub(crate) is_xivo: bool,
}

/// Asks all of it within this time, on this thread; None once nobody wants to know any more.
pub(crate) fn examine(
    configuration: &Configuration,
    general: &General,
    secret: &Secret,
    within: Duration,
    is_wanted: impl Fn() -> bool,
) -> io::Result<Option<Examined>> {
    let given_up = async {
        while is_wanted() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    let asked = async {
        tokio::select! {
            found = survey(&general.ami, secret, places(configuration), within) => Some(found),
            () = given_up => None,
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(asked).map(|found| judge(configuration, general, found)))
}

fn judge(configuration: &Configuration, general: &General, found: Result<Survey, InquiryError>) -> Examined {
    match found {
        Ok(survey) => Examined {
            findings: findings(configuration, general, &survey),
            found: Some(Found::of(&general.ami, &survey)),
        },
        Err(error) => Examined { found: None, findings: vec![unanswered(&general.ami, &error)] },
    }
}

impl Found {
    fn of(settings: &AmiSettings, Survey { snapshot, is_xivo, .. }: &Survey) -> Self {
        Self {
            place: settings.to_string(),
            account: settings.username.clone(),
            version: snapshot.version.clone(),
            hints: snapshot.hints.len(),
            queues: snapshot.queues.len(),
            channels: snapshot.channels.len(),
            is_xivo: *is_xivo,
        }
    }
}

/// A line a fact.
impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, account, version, .. } = self;
        writeln!(out, "Asterisk {version} at {place}, logged in as {account}")?;
        let (hints, queues) = (count(self.hints, "hint"), count(self.queues, "queue"));
        write!(out, "{hints}, {queues}, {} now", count(self.channels, "channel"))?;
        if self.is_xivo {
            out.write_str(
                "\nthe dial plan is a XiVO's; `ctibox asterisk dialplan --beside-xivo` writes what it lacks",
            )?;
        }
        Ok(())
    }
}
