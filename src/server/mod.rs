//! Sockets: of CTI clients, the one at which Asterisk asks for callers' names (FastAGI), and the control socket. `command` calls
//! `serve` with everything wired; inside, each connection is served by `connection`, which brings lines to the engine and
//! writes what the hub gives it. Never reads a table and never decides about a request.

mod agent_text;
mod bad_lines;
mod caller_names;
mod certificate_watch;
mod client_hello;
mod connection;
mod connection_table;
mod context;
mod control_server;
mod control_text;
mod discrepancies;
mod handshake;
mod hub;
#[cfg(feature = "legacy-tls")]
mod legacy_tls;
mod limits;
mod listener;
mod listeners;
mod login;
/// The runtime on which logins run.
mod login_runtime;
mod old_clients;
mod outbox;
mod overview_text;
mod own_waker;
mod readiness;
mod receipts;
mod refused_clients;
mod service_text;
mod settings_watch;
mod shutdown;
mod socket;
mod starttls;
mod turned_away;
mod unsent;
mod waiting;

#[cfg(test)]
mod handshake_tests;
#[cfg(test)]
mod panic_tests;

use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, Semaphore, mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

pub(crate) use control_text::failed_logins;
pub(crate) use listener::BindError;
pub(crate) use settings_watch::{Look, NewSettings, SettingsSource};

use crate::asterisk;
use crate::auth::{Authenticator, Throttle};
use crate::certificate::{CertificateError, CurrentPair};
use crate::control::{FileError, FileSetting};
use crate::engine::{Clock, EventLoop, Message, Parts, StorePort, Watchdog, unix_time};
use crate::live::PreparedSettings;
use crate::live::messages::TelephonyInput;
use crate::settings::setting::General;
use crate::settings::state::States;
use crate::settings::whole::WholeConfiguration;
use caller_names::CallerNames;
use context::{CurrentSettings, EngineHandle, ServerContext};
use control_server::{ControlServer, ControlSocket, FOLLOWERS_MAX};
use discrepancies::Discrepancies;
use hub::Hub;
use limits::Limits;
use listener::FAREWELLS_MAX;
use listeners::{Listeners, StartListeners};
use login_runtime::LoginRuntime;
use refused_clients::RefusedLately;
use settings_watch::{EffectRequest, SettingsConsumers, record_files, tell_backends};
use shutdown::ShutdownTrigger;
use starttls::{TlsAcceptors, tell_legacy};
use turned_away::TurnedAwayLately;

/// From the word to stop until the last connection is let go.
const CONNECTIONS_END_MAX: Duration = Duration::from_millis(3500);
/// From the word to stop until what users did last is on disk; then the end does not wait for it, to be over within 5 s.
const FLUSH_MAX: Duration = Duration::from_millis(4300);
/// Descriptors for everything that is no client's connection; refused clients that are being told so are none.
const DESCRIPTORS_OWN: u64 = 128 + FAREWELLS_MAX as u64;
/// Of a process that may have few descriptors, as many go to clients as to everything else.
const DESCRIPTORS_OWN_SHARE: u64 = 2;

/// Everything that the server is given, wired by `command`.
pub(crate) struct Plan {
    /// The data folder, whose lock the caller holds.
    pub(crate) folder: PathBuf,
    /// From the command line; None: as the settings say.
    pub(crate) listen: Option<Vec<SocketAddr>>,
    pub(crate) configuration: Arc<WholeConfiguration>,
    pub(crate) general: Arc<General>,
    /// What stands in the settings files and cannot be taken.
    pub(crate) file_errors: Vec<FileError>,
    pub(crate) files: FilesInForce,
    pub(crate) authenticator: Authenticator,
    pub(crate) throttle: Throttle,
    /// What people did before.
    pub(crate) states: States,
    pub(crate) store: Box<dyn StorePort>,
    /// Is told when nothing is kept any more.
    pub(crate) writer_fallen: Arc<Notify>,
    pub(crate) settings: Box<dyn SettingsSource>,
    pub(crate) hangup: Hangup,
}

/// Tells what the settings files say that are in force.
pub(crate) type FilesInForce = Box<dyn Fn() -> Vec<FileSetting> + Send + Sync>;

/// What SIGHUP means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hangup {
    /// Read settings files and certificate again, try again to listen: as a service manager says it.
    Reload,
    /// The terminal is gone, and with it who watched.
    Stop,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerError {
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error("the certificate cannot be used")]
    Certificate(#[from] CertificateError),
    #[error("cannot bind the control socket {}", .path.display())]
    Control { path: PathBuf, source: io::Error },
    #[error("cannot start the threads on which connections log in")]
    Threads(#[source] io::Error),
    #[error("cannot hear signals")]
    Signals(#[source] io::Error),
    /// Half a picture is worse than none.
    #[error("{what} panicked")]
    Panicked { what: &'static str },
}

/// Serves until SIGTERM or SIGINT, or SIGHUP if that means so. `ready` is called once with the bound addresses when clients may connect.
pub(crate) async fn serve(plan: Plan, ready: impl FnOnce(&[SocketAddr])) -> Result<(), ServerError> {
    let clock = Clock::start();
    let (trigger, shutdown) = shutdown::channel();
    let mut signals = Signals::listen().map_err(ServerError::Signals)?;
    let pair = Arc::new(CurrentPair::default());
    let discrepancies = Arc::new(discrepancies_of_files(plan.file_errors.clone()));
    let (configuration, general) = (plan.configuration.clone(), plan.general.clone());
    // Beside the certificate: with a full phone book it takes half a second.
    let prepared = tokio::task::spawn_blocking(move || PreparedSettings::new(configuration, general));
    let certificate = load_certificate(&pair, &plan, &discrepancies).await;
    let start_listeners = StartListeners::bind(plan.listen.clone(), &plan.general);
    tell_hidden(&certificate, &start_listeners);
    let (start_listeners, ()) = (start_listeners?, certificate?);
    let control = ControlSocket::bind(&plan.folder)
        .map_err(|source| ServerError::Control { path: crate::control::socket_path(&plan.folder), source })?;
    let bound = start_listeners.addresses();

    let (engine, inbox) = EngineHandle::new();
    let logins = LoginRuntime::start().map_err(ServerError::Threads)?;
    let (telephony, link, telephony_inputs) = asterisk::link(plan.general.ami.clone());
    let server = Arc::new(ServerContext {
        settings: CurrentSettings::new(plan.configuration.clone(), plan.general.clone()),
        limits: Arc::new(Limits::default()),
        engine: engine.clone(),
        authenticator: Arc::new(plan.authenticator),
        runtime: tokio::runtime::Handle::current(),
        logins: logins.handle().clone(),
        throttle: plan.throttle,
        telephony: telephony.clone(),
        tls: TlsAcceptors::new(&pair),
        pair,
        discrepancies,
        refused: RefusedLately::new(),
        turned_away: TurnedAwayLately::default(),
        descriptors: descriptors_for_connections(),
        sessions: AtomicU64::new(0),
        farewells: Arc::new(Semaphore::new(FAREWELLS_MAX)),
    });
    let authenticator = server.authenticator.clone();
    let prepared = prepared.await.map_err(|_| ServerError::Panicked { what: "making the settings ready" })?;
    let parts = Parts {
        settings: prepared.clone(),
        states: plan.states,
        clients: Hub::new(),
        store: plan.store,
        telephony: Box::new(telephony),
        clock,
        are_logins_waiting: Box::new(move || authenticator.has_waiting()),
        watchdog: readiness::watchdog_interval().map(|every| Watchdog { every, notify: readiness::still_alive }),
    };
    let (trigger_over, mut over) = shutdown::channel();
    let event_loop = EventLoop::new(parts, &engine, inbox);
    let to_engine = engine.clone();
    let mut stop = shutdown.clone();
    let engine = tokio::spawn(async move { event_loop.run(stop.requested(), over.requested()).await });

    let listeners = Listeners::open(start_listeners, server.clone(), shutdown.clone());
    let (to_listeners, rebinds) = mpsc::channel(1);
    let (caller_names, to_caller_names) = CallerNames::open(server.clone(), &plan.general, shutdown.clone());
    let mut watches = JoinSet::new();
    let (to_settings, effect_requests) = mpsc::channel(1);
    let consumers = SettingsConsumers {
        server: server.clone(),
        listeners: to_listeners,
        caller_names: to_caller_names,
        folder: plan.folder.clone(),
    };
    watches.spawn(settings_watch::follow(plan.settings, prepared, consumers, effect_requests, shutdown.clone()));
    let mut stop = shutdown.clone();
    watches.spawn(link.run(async move { stop.requested().await }));
    watches.spawn(bring_telephony(telephony_inputs, to_engine));
    watches.spawn(certificate_watch::follow(server.clone(), plan.folder.clone(), shutdown.clone()));
    let control_server = ControlServer {
        server: server.clone(),
        folder: plan.folder.clone(),
        listen: listeners.bound(),
        caller_names: caller_names.bound(),
        named: plan.listen.clone().unwrap_or_default(),
        files: plan.files,
        started: unix_time(),
        followers: Semaphore::new(FOLLOWERS_MAX),
        settings: to_settings.clone(),
    };
    watches.spawn(caller_names.run());
    watches.spawn(control_server.answer_all(control, shutdown.clone()));
    let mut listening = JoinSet::new();
    listening.spawn(listeners.run(rebinds));

    tell_at_start(&server);
    ready(&bound);
    readiness::ready();
    let mut tasks = Tasks { engine, trigger_over, listening, watches };
    let outcome = tokio::select! {
        what = tasks.panicked() => Err(ServerError::Panicked { what }),
        () = plan.writer_fallen.notified() => Err(ServerError::Panicked { what: "the writer of what users did" }),
        () = until_stop(&mut signals, plan.hangup, &server, &to_settings, &plan.folder) => Ok(()),
    };
    if let Err(error) = &outcome {
        tracing::error!("{error}: the process ends");
    }
    tasks.end(trigger).await;
    outcome
}

/// Who mends the listeners, of which the start fails, is to know of the certificate too.
fn tell_hidden<T, E>(certificate: &Result<(), ServerError>, listeners: &Result<T, E>) {
    if let (Err(error), Err(_)) = (certificate, listeners) {
        tracing::error!("{}", crate::observe::chain(error));
    }
}

fn discrepancies_of_files(errors: Vec<FileError>) -> Discrepancies {
    let discrepancies = Discrepancies::default();
    record_files(&discrepancies, errors);
    discrepancies
}

/// What of the settings is to be known before the first client comes.
fn tell_at_start(server: &ServerContext) {
    let settings = server.settings.now();
    tell_legacy(None, &settings.general);
    tell_backends(&server.discrepancies, &settings.general);
}

/// Brings what the link to Asterisk brings into the one order; the link never waits for it.
async fn bring_telephony(mut inputs: mpsc::Receiver<TelephonyInput>, engine: EngineHandle) {
    while let Some(input) = inputs.recv().await {
        if engine.send(Message::Telephony(input)).await.is_err() {
            return;
        }
    }
}

/// Waits for the signal to stop; on SIGHUP, unless it is one, takes over the settings as they are now, reloads
/// certificates and tries again to listen where that failed.
async fn until_stop(
    signals: &mut Signals,
    hangup: Hangup,
    server: &Arc<ServerContext>,
    settings: &mpsc::Sender<EffectRequest>,
    folder: &Path,
) {
    let mut reloads = JoinSet::new();
    loop {
        tokio::select! {
            _ = signals.terminate.recv() => return,
            _ = signals.interrupt.recv() => return,
            _ = signals.hangup.recv() => match hangup {
                Hangup::Stop => return,
                // In a task of its own: a disk that hangs does not make us deaf.
                Hangup::Reload => drop(reloads.spawn(reload(server.clone(), settings.clone(), folder.to_owned()))),
            },
            Some(_) = reloads.join_next() => {}
        }
    }
}

async fn reload(server: Arc<ServerContext>, settings: mpsc::Sender<EffectRequest>, folder: PathBuf) {
    readiness::reloading();
    let (done, is_done) = oneshot::channel();
    let _ = settings.send(EffectRequest { since: None, done }).await;
    // What failed is logged there.
    let _ = is_done.await;
    let read = tokio::task::spawn_blocking(move || {
        certificate_watch::load_now(&server.pair, &server.settings.now().general, &folder, &server.discrepancies)
    });
    if let Ok(Err(error)) = read.await {
        tracing::error!(cause = error.words(), "the certificate cannot be used; the old one stays");
    }
    readiness::ready();
}

/// All that runs until the stop.
struct Tasks {
    engine: JoinHandle<Box<dyn StorePort>>,
    /// Tells the engine that no connection is left.
    trigger_over: ShutdownTrigger,
    listening: JoinSet<()>,
    watches: JoinSet<()>,
}

impl Tasks {
    /// Which of them panicked, when one does: half a server is worse than none.
    async fn panicked(&mut self) -> &'static str {
        loop {
            tokio::select! {
                // The engine ends by itself only if it panics.
                _ = &mut self.engine => return "the owner of the live picture",
                Some(ended) = self.listening.join_next(), if !self.listening.is_empty() => {
                    if ended.is_err_and(|error| error.is_panic()) {
                        return "the task that lets clients in";
                    }
                }
                Some(ended) = self.watches.join_next(), if !self.watches.is_empty() => {
                    if ended.is_err_and(|error| error.is_panic()) {
                        return "a task that watches settings, certificates, Asterisk or the control socket";
                    }
                }
            }
        }
    }

    /// Stops in order: nothing new, the picture stands still, what was told is written, the sockets are closed plainly.
    async fn end(mut self, trigger: ShutdownTrigger) {
        tracing::info!("stopping");
        readiness::stopping();
        trigger.trigger();
        let flush = async {
            if !self.engine.is_finished()
                && let Ok(store) = (&mut self.engine).await
            {
                // The writer's flush blocks.
                let _ = tokio::task::spawn_blocking(move || drop(store)).await;
            }
        };
        let connections = async {
            while self.listening.join_next().await.is_some() {}
            while self.watches.join_next().await.is_some() {}
        };
        let trigger_over = self.trigger_over;
        let connections = async {
            let ended = timeout(CONNECTIONS_END_MAX, connections).await;
            trigger_over.trigger();
            ended
        };
        let (flushed, ended) = tokio::join!(timeout(FLUSH_MAX, flush), connections);
        if flushed.is_err() {
            tracing::error!("what users did last could not be written in time: the database is busy");
        }
        if ended.is_err() {
            tracing::warn!("some connections did not end in time and are dropped");
            self.listening.abort_all();
            self.watches.abort_all();
        }
        tracing::info!("stopped");
    }
}

async fn load_certificate(
    pair: &Arc<CurrentPair>,
    plan: &Plan,
    discrepancies: &Arc<Discrepancies>,
) -> Result<(), ServerError> {
    let (pair, records, general, folder) =
        (pair.clone(), discrepancies.clone(), plan.general.clone(), plan.folder.clone());
    let read = move || certificate_watch::load_at_start(&pair, &general, &folder, &records);
    match tokio::task::spawn_blocking(read).await {
        Ok(outcome) => Ok(outcome?),
        Err(_) => Err(ServerError::Certificate(CertificateError::Make { why: "reading it panicked".to_owned() })),
    }
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
    hangup: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_descriptors_are_shared_and_many_go_to_clients() {
        assert_eq!(for_connections(20_384), 20_000);
        assert_eq!(for_connections(64), 32);
        assert_eq!(for_connections(1), 1);
    }
}
