//! Looks every 200 ms whether the settings are new, and hands new ones to everybody who plays them: the live picture,
//! the authenticator, the settings of new connections, the listeners, the certificate. It looks at once when a command says
//! that it changed something, and then tries again what could not be done before. Reading them is `command`'s, behind a
//! trait.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::certificate_watch;
use super::context::ServerContext;
use super::discrepancies::{Aspect, Discrepancies};
use super::listeners::Rebind;
use super::shutdown::Shutdown;
use super::starttls::tell_legacy;
use crate::control::{Discrepancy, FileError};
use crate::engine::Message;
use crate::live::{PreparedSettings, SettingsChange};
use crate::observe::counter::{Counter, count};
use crate::observe::{chain, log};
use crate::settings::setting::General;
use crate::settings::whole::WholeConfiguration;

const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A broken database is told again after this many looks.
const TELL_EVERY_LOOKS: u32 = 300;
/// Whoever asks what a change brought about asks at once: so many looks that found changes are remembered.
const LOOKS_REMEMBERED: usize = 64;

/// Where settings come from, files and command line merged in. Every call may block.
pub(crate) trait SettingsSource: Send + 'static {
    /// The settings, if they changed since the last call, or if what is wrong in their files did.
    fn poll(&mut self, look: Look) -> Result<Option<NewSettings>, Box<dyn std::error::Error + Send + Sync>>;
}

/// How hard to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// A file that is just being written is left for the next time.
    Routine,
    /// Somebody waits for what is there now.
    Asked,
}

pub(crate) struct NewSettings {
    pub(crate) configuration: Arc<WholeConfiguration>,
    pub(crate) general: Arc<General>,
    /// What stands in the settings files and cannot be taken.
    pub(crate) file_errors: Vec<FileError>,
    /// What is other because of the files, in words for the log once it holds.
    pub(crate) changes: Vec<String>,
    /// The number of the last change that is in them.
    pub(crate) through: i64,
}

impl NewSettings {
    /// Makes ready what takes long, so that the engine only swaps a pointer.
    fn prepare(self, last: &PreparedSettings) -> ChangedSettings {
        let change = last.change_to(self.configuration.clone(), self.general.clone());
        ChangedSettings { settings: self, change: Box::new(change) }
    }
}

/// New settings, and the step to them from those before.
struct ChangedSettings {
    settings: NewSettings,
    change: Box<SettingsChange>,
}

/// Somebody who waits until all that was changed before holds, or is recorded as a discrepancy.
pub(super) struct EffectRequest {
    /// The number of the last change before those whose effect is asked for.
    pub(super) since: Option<i64>,
    /// Hears how many sessions those ended.
    pub(super) done: oneshot::Sender<u32>,
}

/// Those who take over new settings.
pub(super) struct SettingsConsumers {
    pub(super) server: Arc<ServerContext>,
    /// Listen where the settings say.
    pub(super) listeners: mpsc::Sender<Rebind>,
    /// Listens to Asterisk where the settings say.
    pub(super) caller_names: mpsc::Sender<Rebind>,
    /// The data folder, where the fallback pair lies.
    pub(super) folder: PathBuf,
}

/// Follows the settings until the shutdown; looks at once for whoever comes through `waiting`. `prepared` is what the
/// engine began with.
pub(super) async fn follow(
    mut source: Box<dyn SettingsSource>,
    mut prepared: PreparedSettings,
    consumers: SettingsConsumers,
    mut waiting: mpsc::Receiver<EffectRequest>,
    mut shutdown: Shutdown,
) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failures: u32 = 0;
    let mut endings = EndedSessions::default();
    loop {
        let waits = tokio::select! {
            _ = looks.tick() => None,
            Some(one) = waiting.recv() => Some(one),
            () = shutdown.requested() => return,
        };
        let look = if waits.is_some() { Look::Asked } else { Look::Routine };
        let last = prepared.clone();
        let Ok((back, outcome)) = spawn_blocking(move || {
            let outcome = source.poll(look).map(|new| new.map(|new| new.prepare(&last)));
            (source, outcome)
        })
        .await
        else {
            tracing::error!("looking for new settings panicked; from now on changes need a restart");
            return;
        };
        source = back;
        let discrepancies = &consumers.server.discrepancies;
        let mut ended = 0;
        match outcome {
            Ok(new) => {
                failures = 0;
                discrepancies.record(Aspect::Settings, None);
                if let Some(new) = new {
                    let through = new.settings.through;
                    prepared = new.change.after();
                    ended = consumers.hand_out(new).await;
                    endings.remember(through, ended);
                } else if waits.is_some() {
                    consumers.hand_to_rim(&consumers.server.settings.now().general).await;
                }
            }
            Err(error) => {
                if failures.is_multiple_of(TELL_EVERY_LOOKS) {
                    tracing::error!(%error, "cannot read the settings; the old ones stay in use");
                }
                failures = failures.wrapping_add(1);
                let why = chain(&*error);
                discrepancies.record(Aspect::Settings, Some(Discrepancy::Settings { why }));
            }
        }
        if let Some(EffectRequest { since, done }) = waits {
            // Who waited may be gone.
            let _ = done.send(since.map_or(ended, |since| endings.since(since)));
        }
    }
}

/// What the files say that cannot be taken is told until it is mended.
pub(super) fn record_files(discrepancies: &Discrepancies, errors: Vec<FileError>) {
    let outcome = (!errors.is_empty()).then_some(Discrepancy::Files { errors });
    discrepancies.record(Aspect::Files, outcome);
}

/// Says of a backend that is named and cannot be asked, as a file can name one, that it keeps people out; once for each
/// time that it becomes so.
pub(super) fn tell_backends(discrepancies: &Discrepancies, general: &General) {
    let why = general.auth.expect_complete().err().map(|refusal| format!("{} {}", refusal.on, refusal.problem));
    let outcome = why.map(|why| Discrepancy::Backends { why });
    if let Some(new) = &outcome
        && !discrepancies.now(general.encryption_mode).contains(new)
    {
        tracing::error!("{new}");
    }
    discrepancies.record(Aspect::Backends, outcome);
}

/// How many sessions the last looks ended that found changes, each with the last change that it found.
#[derive(Default)]
struct EndedSessions(VecDeque<(i64, u32)>);

impl EndedSessions {
    fn remember(&mut self, through: i64, ended: u32) {
        self.0.push_back((through, ended));
        let surplus = self.0.len().saturating_sub(LOOKS_REMEMBERED);
        self.0.drain(..surplus);
    }

    fn since(&self, change: i64) -> u32 {
        self.0.iter().filter(|(through, _)| *through > change).map(|(_, ended)| ended).sum()
    }
}

impl SettingsConsumers {
    /// Answers how many sessions they ended; what could not be taken over is recorded as a discrepancy.
    async fn hand_out(&self, new: ChangedSettings) -> u32 {
        count(Counter::SettingsRead);
        let ChangedSettings { settings, change } = new;
        let NewSettings { configuration, general, file_errors, changes, through: _ } = settings;
        record_files(&self.server.discrepancies, file_errors);
        log::set_level(general.log_level);
        self.server.authenticator.follow(&configuration, &general);
        self.server.telephony.follow(&general.ami);
        tell_legacy(Some(&self.server.settings.now().general), &general);
        tell_backends(&self.server.discrepancies, &general);
        self.server.settings.replace(configuration, general.clone());
        let message = |ended| Message::Settings { change, ended };
        // Nobody answers only when the server stops.
        let ended = self.server.engine.ask(message).await.unwrap_or(0);
        self.hand_to_rim(&general).await;
        changes.iter().for_each(|change| tracing::info!("{change}"));
        ended
    }

    /// To what may fail: addresses and certificate.
    async fn hand_to_rim(&self, general: &Arc<General>) {
        for listening in [&self.listeners, &self.caller_names] {
            let (done, is_done) = oneshot::channel();
            // Neither is heard only when the server stops.
            let _ = listening.send(Rebind { general: general.clone(), done }).await;
            let _ = is_done.await;
        }
        certificate_watch::take_over(&self.server, &self.folder).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_change_ended_is_known_though_an_earlier_look_found_it() {
        let mut endings = EndedSessions::default();
        for (through, ended) in [(10, 1), (20, 2), (30, 4)] {
            endings.remember(through, ended);
        }
        assert_eq!([9, 10, 20, 30].map(|change| endings.since(change)), [7, 6, 4, 0]);
        for through in 31..200 {
            endings.remember(through, 0);
        }
        assert_eq!((endings.since(0), endings.0.len()), (0, LOOKS_REMEMBERED));
    }
}
