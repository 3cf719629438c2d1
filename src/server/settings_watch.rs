//! Looks every 200 ms whether the settings are new, and hands new ones to everybody who plays them: the live picture,
//! the password backend, the terms of new connections, the doors. It looks at once when a command says that it changed something.
//! Reading them is `command`'s, behind a trait.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::doors::Move;
use super::owner::Message;
use super::service::Service;
use super::stop::StopSignal;
use crate::auth::XivoUser;
use crate::live::Input;
use crate::observe::counter::{Counter, count};
use crate::settings::configuration::Configuration;
use crate::settings::setting::General;

const LOOK_EVERY: Duration = Duration::from_millis(200);
/// A broken database is told again after this many looks.
const TELL_EVERY_LOOKS: u32 = 300;

/// Where settings come from, files and command line merged in. Every call may block.
pub(crate) trait SettingsSource: Send + 'static {
    /// The settings, if they changed since the last call.
    fn poll(&mut self) -> Result<Option<NewSettings>, Box<dyn std::error::Error + Send + Sync>>;
}

pub(crate) struct NewSettings {
    pub(crate) configuration: Arc<Configuration>,
    pub(crate) general: Arc<General>,
}

/// Somebody who waits until all that was changed before holds, or hears why it does not.
pub(super) type Waiting = oneshot::Sender<Result<(), String>>;

/// Those who take over new settings.
pub(super) struct Followers {
    pub(super) service: Arc<Service>,
    pub(super) backend: Arc<XivoUser>,
    /// Listen where the settings say.
    pub(super) doors: mpsc::Sender<Move>,
    /// Is told after each change.
    pub(super) changed: Arc<Notify>,
}

/// Follows the settings until the stop is said; looks at once for whoever comes through `waiting`.
pub(super) async fn follow(
    mut source: Box<dyn SettingsSource>,
    followers: Followers,
    mut waiting: mpsc::Receiver<Waiting>,
    mut stop: StopSignal,
) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut failures: u32 = 0;
    loop {
        let waits = tokio::select! {
            _ = looks.tick() => None,
            Some(one) = waiting.recv() => Some(one),
            () = stop.said() => return,
        };
        let Ok((back, outcome)) = spawn_blocking(move || {
            let outcome = source.poll();
            (source, outcome)
        })
        .await
        else {
            tracing::error!("looking for new settings panicked; from now on changes need a restart");
            return;
        };
        source = back;
        let holds = match outcome {
            Ok(None) => {
                failures = 0;
                Ok(())
            }
            Ok(Some(new)) => {
                failures = 0;
                followers.hand_out(new).await
            }
            Err(error) => {
                if failures.is_multiple_of(TELL_EVERY_LOOKS) {
                    tracing::error!(%error, "cannot read the settings; the old ones stay in use");
                }
                failures = failures.wrapping_add(1);
                Err(format!("it cannot read the settings: {error}"))
            }
        };
        if let Some(one) = waits {
            // Who waited may be gone.
            let _ = one.send(holds);
        }
    }
}

impl Followers {
    /// An error says what could not be taken over.
    async fn hand_out(&self, new: NewSettings) -> Result<(), String> {
        count(Counter::SettingsRead);
        let NewSettings { configuration, general } = new;
        self.backend.follow(&configuration);
        self.service.terms.replace(configuration.clone(), general.clone());
        // False only when the server stops.
        self.service.owner.send(Message::Input(Input::Settings { configuration, general: general.clone() })).await;
        let (done, is_done) = oneshot::channel();
        // Neither is heard only when the server stops.
        let _ = self.doors.send(Move { general, done }).await;
        let moved = is_done.await.unwrap_or(Ok(()));
        self.changed.notify_one();
        moved
    }
}
