//! Sockets of CTI clients. `command` calls `serve` with everything wired; inside, each connection is served by
//! `connection`, and one task owns the live picture (`owner`). Never reads a table and never decides about a request.

mod bad_lines;
mod certificate_watch;
mod clock;
mod connection;
mod control_desk;
mod hub;
mod ladder;
mod limits;
mod listener;
mod login;
mod outbox;
mod owner;
mod readiness;
mod service;
mod settings_watch;
mod socket;
mod starttls;
mod stop;

#[cfg(test)]
mod ladder_tests;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::timeout;

pub(crate) use listener::BindError;
pub(crate) use settings_watch::{NewSettings, SettingsSource};

use crate::auth::{CheckPool, XivoUser};
use crate::certificate::{CertificateError, CurrentPair};
use crate::features::desk::Desk;
use crate::features::effects::Keep;
use crate::live::Live;
use crate::settings::configuration::Configuration;
use crate::settings::id::{AgentId, UserUuid};
use crate::settings::setting::{EncryptionMode, General};
use crate::settings::state::{AgentWanted, UserState};
use clock::{Clock, unix_time};
use control_desk::{ControlDesk, ControlSocket};
use limits::Limits;
use owner::{INPUTS_WAITING_MAX, Owner};
use service::{Service, Terms, ToOwner};
use settings_watch::Followers;
use starttls::TlsTerms;
use stop::{Stop, stop};

/// From the word to stop until the last connection is let go; with the writer's flush it stays under 5 s.
const CONNECTIONS_END_MAX: Duration = Duration::from_millis(3500);
/// Descriptors for everything that is no client's connection: files, listeners, callers of the control socket, refused
/// clients that are still told so.
const DESCRIPTORS_OWN: u64 = 192;
/// Of a process that may have few descriptors, as many go to clients as to everything else.
const DESCRIPTORS_OWN_SHARE: u64 = 2;

const _: () = assert!(listener::FAREWELLS_MAX + control_desk::CALLERS_MAX < DESCRIPTORS_OWN as usize);

/// Everything that the server is given, wired by `command`.
pub(crate) struct Plan {
    /// The data folder, whose lock the caller holds.
    pub(crate) folder: PathBuf,
    /// From the command line; None: as the settings say.
    pub(crate) listen: Option<Vec<SocketAddr>>,
    pub(crate) configuration: Arc<Configuration>,
    pub(crate) general: Arc<General>,
    pub(crate) users: HashMap<UserUuid, UserState>,
    pub(crate) agents: HashMap<AgentId, AgentWanted>,
    pub(crate) keep: Box<dyn Keep>,
    pub(crate) settings: Box<dyn SettingsSource>,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerError {
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error("the certificate cannot be used")]
    Certificate(#[from] CertificateError),
    #[error("cannot bind the control socket {}", .path.display())]
    Control { path: PathBuf, source: io::Error },
    #[error("cannot hear signals")]
    Signals(#[source] io::Error),
    /// Half a picture is worse than none.
    #[error("the owner of the live picture panicked")]
    OwnerPanicked,
}

/// Serves until SIGTERM or SIGINT. `ready` is called once with the bound addresses when clients may connect.
pub(crate) async fn serve(plan: Plan, ready: impl FnOnce(&[SocketAddr])) -> Result<(), ServerError> {
    let clock = Clock::start();
    let (say_stop, stop) = stop();
    let mut signals = Signals::listen().map_err(ServerError::Signals)?;
    let pair = Arc::new(CurrentPair::default());
    load_certificate(&pair, &plan).await?;
    let control = ControlSocket::bind(&plan.folder)
        .map_err(|source| ServerError::Control { path: crate::control::socket_path(&plan.folder), source })?;
    let listeners = listener::bind_all(&addresses(&plan))?;
    let bound: Vec<SocketAddr> = listeners.iter().filter_map(|listener| listener.local_addr().ok()).collect();

    let backend = Arc::new(XivoUser::new(&plan.configuration));
    let (to_owner, messages) = mpsc::channel(INPUTS_WAITING_MAX);
    let service = Arc::new(Service {
        terms: Terms::new(plan.configuration.clone(), plan.general.clone()),
        limits: Arc::new(Limits::default()),
        owner: ToOwner(to_owner),
        passwords: CheckPool::new(backend.clone()),
        tls: TlsTerms::new(&pair),
        pair,
        descriptors: descriptors_for_connections(),
        sessions: AtomicU64::new(0),
    });
    let (queue, kept) = mpsc::unbounded_channel();
    let queue = Arc::new(move |input| {
        // After a stop nobody is left to be told.
        let _ = queue.send(input);
    });
    let live = Live::new(plan.configuration, plan.general, plan.users, plan.agents, clock.now());
    let desk = Desk::new(live, plan.keep, queue);
    let owner = Owner { desk, clock, messages, kept, watchdog: readiness::watchdog_interval() };
    let mut owner = tokio::spawn(owner.run(stop.clone()));

    let changed = Arc::new(Notify::new());
    let mut watches = JoinSet::new();
    let (to_settings, waiting) = mpsc::channel(1);
    let followers = Followers { service: service.clone(), backend, changed: changed.clone() };
    watches.spawn(settings_watch::follow(plan.settings, followers, waiting, stop.clone()));
    watches.spawn(certificate_watch::follow(service.clone(), plan.folder.clone(), changed, stop.clone()));
    let control_desk = ControlDesk {
        service: service.clone(),
        folder: plan.folder.clone(),
        listen: bound.iter().map(SocketAddr::to_string).collect(),
        started: unix_time(),
        settings: to_settings,
    };
    watches.spawn(control_desk.answer_all(control, stop.clone()));
    let mut listening = JoinSet::new();
    let farewells = Arc::new(Semaphore::new(listener::FAREWELLS_MAX));
    for listener in listeners {
        listening.spawn(listener::accept_all(listener, service.clone(), farewells.clone(), stop.clone()));
    }

    ready(&bound);
    readiness::ready();
    let outcome = until_stop(&mut signals, &mut owner, &service, &plan.folder).await;
    end(say_stop, owner, listening, watches).await;
    outcome
}

/// Waits for the signal to stop, and reloads certificates on SIGHUP meanwhile.
async fn until_stop(
    signals: &mut Signals,
    owner: &mut tokio::task::JoinHandle<()>,
    service: &Arc<Service>,
    folder: &std::path::Path,
) -> Result<(), ServerError> {
    loop {
        tokio::select! {
            // The owner ends by itself only if it panics.
            _ = &mut *owner => {
                tracing::error!("the owner of the live picture panicked: the process ends");
                return Err(ServerError::OwnerPanicked);
            }
            _ = signals.terminate.recv() => return Ok(()),
            _ = signals.interrupt.recv() => return Ok(()),
            _ = signals.reload.recv() => {
                readiness::reloading();
                let (service, folder) = (service.clone(), folder.to_owned());
                let read = tokio::task::spawn_blocking(move || {
                    certificate_watch::load_now(&service.pair, &service.terms.now().general, &folder)
                });
                if let Ok(Err(error)) = read.await {
                    let cause = error.finding().refusal.message;
                    tracing::error!(cause, "the certificate cannot be used; the old one stays");
                }
                readiness::ready();
            }
        }
    }
}

/// Stops in order: nothing new, the picture stands still, what was told is written, the sockets are closed plainly.
async fn end(
    say_stop: Stop,
    mut owner: tokio::task::JoinHandle<()>,
    mut listening: JoinSet<()>,
    mut watches: JoinSet<()>,
) {
    tracing::info!("stopping");
    readiness::stopping();
    say_stop.say();
    let all = async {
        if !owner.is_finished() {
            let _ = (&mut owner).await;
        }
        while listening.join_next().await.is_some() {}
        while watches.join_next().await.is_some() {}
    };
    if timeout(CONNECTIONS_END_MAX, all).await.is_err() {
        tracing::warn!("some connections did not end in time and are dropped");
        listening.shutdown().await;
        watches.shutdown().await;
    }
    tracing::info!("stopped");
}

/// With encryption off a pair that cannot be used is no reason to refuse to serve.
async fn load_certificate(pair: &Arc<CurrentPair>, plan: &Plan) -> Result<(), ServerError> {
    let (for_reading, general, folder) = (pair.clone(), plan.general.clone(), plan.folder.clone());
    let read = move || certificate_watch::load_now(&for_reading, &general, &folder);
    match tokio::task::spawn_blocking(read).await {
        Ok(Err(error)) if plan.general.encryption_mode == EncryptionMode::Off => {
            let cause = error.finding().refusal.message;
            tracing::warn!(cause, "the certificate cannot be used; encryption is off, so nobody needs it");
            Ok(())
        }
        Ok(outcome) => Ok(outcome.map(drop)?),
        Err(_) => Err(ServerError::Certificate(CertificateError::Make { why: "reading it panicked".to_owned() })),
    }
}

fn addresses(plan: &Plan) -> Vec<SocketAddr> {
    if !plan.general.client_enabled {
        tracing::warn!("the setting client.enabled is off: no client can connect");
        return Vec::new();
    }
    let general = &plan.general;
    let from_settings = || general.client_listen.iter().map(|ip| SocketAddr::new(*ip, general.client_port)).collect();
    plan.listen.clone().unwrap_or_else(from_settings)
}

/// Raises the limit of descriptors as far as the process may, and says how many connections fit under it.
fn descriptors_for_connections() -> u32 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    let current = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    current.map_or(u32::MAX, |most| u32::try_from(for_connections(most)).unwrap_or(u32::MAX))
}

fn for_connections(descriptors: u64) -> u64 {
    let own = DESCRIPTORS_OWN.min(descriptors / DESCRIPTORS_OWN_SHARE);
    (descriptors - own).max(1)
}

struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    reload: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            reload: signal(SignalKind::hangup())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_descriptors_are_shared_and_many_go_to_clients() {
        assert_eq!(for_connections(20_192), 20_000);
        assert_eq!(for_connections(64), 32);
        assert_eq!(for_connections(1), 1);
    }
}
