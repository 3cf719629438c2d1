//! Answers the control socket: binds it in the data folder, reads requests, asks the engine. A living
//! server's socket is never unlinked: whoever binds here holds the folder's lock, so a socket that is there is dead.

use std::collections::BTreeMap;
use std::fs::{Permissions, remove_file, rename, set_permissions, symlink_metadata};
use std::io;
use std::net::SocketAddr;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};

use super::FilesInForce;
use super::certificate_watch::load_now;
use super::context::ServerContext;
use super::control_text::{event_line, failed_logins, passed_packet, session_of, telephony_link};
use super::listener::is_time_to_tell;
use super::overview_text::{overview, overview_of};
use super::settings_watch::EffectRequest;
use super::shutdown::Shutdown;
use super::{agent_text, service_text};
use crate::asterisk::{self, LinkState};
use crate::control::{self, Discrepancy, Effect, FAILED_LOGINS_TOLD_MAX, ServerStatus, socket_path};
use crate::engine::{EngineStopped, Followed, Message, SessionFilter};
use crate::live::messages::{Ending, SessionId};
use crate::observe::counter::snapshot;
use crate::observe::{log, shown};
use crate::settings::login_record::CountedAgainst;

/// A request is short.
const REQUEST_BYTES_MAX: u64 = 64 * 1024;
/// Callers at once.
pub(super) const CALLERS_MAX: usize = 64;
/// Of these, those that follow events.
pub(super) const FOLLOWERS_MAX: usize = 16;
/// How long a caller may be silent.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// How long an answer waits for Asterisk: shorter than callers wait for it.
const ASTERISK_WAIT: Duration = Duration::from_secs(1);
/// Events that are written together.
const EVENTS_AT_ONCE: usize = 256;

const _: () = assert!(FOLLOWERS_MAX < CALLERS_MAX);

/// What the answers are made of.
pub(super) struct ControlServer {
    pub(super) server: Arc<ServerContext>,
    pub(super) folder: PathBuf,
    /// Where clients may connect now.
    pub(super) listen: watch::Receiver<Vec<SocketAddr>>,
    /// Where Asterisk may ask for callers' names now.
    pub(super) caller_names: watch::Receiver<Option<SocketAddr>>,
    /// What the command line named.
    pub(super) named: Vec<SocketAddr>,
    /// What the settings files say that are in force.
    pub(super) files: FilesInForce,
    /// Unix time in seconds.
    pub(super) started: f64,
    /// Callers that follow events.
    pub(super) followers: Semaphore,
    /// The way to whoever looks at the settings.
    pub(super) settings: mpsc::Sender<EffectRequest>,
}

/// The bound socket; dropped, it is gone from the folder, unless another server's stands there by now.
#[derive(Debug)]
pub(super) struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
    /// Device and number of the file.
    file: (u64, u64),
}

impl ControlSocket {
    /// Binds the socket. The caller holds the folder's lock.
    pub(super) fn bind(folder: &Path) -> io::Result<Self> {
        let path = socket_path(folder);
        // Whatever the umask says: under its name it is never open to others, and the dead one is never missing.
        let new = folder.join("control.new");
        match remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&new)?;
        set_permissions(&new, Permissions::from_mode(0o600))?;
        rename(&new, &path)?;
        let file = identity(&path)?;
        Ok(Self { listener, path, file })
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        if identity(&self.path).is_ok_and(|file| file == self.file) {
            let _ = remove_file(&self.path);
        }
    }
}

fn identity(path: &Path) -> io::Result<(u64, u64)> {
    symlink_metadata(path).map(|file| (file.dev(), file.ino()))
}

impl ControlServer {
    /// Answers until the shutdown.
    pub(super) async fn answer_all(self, socket: ControlSocket, mut shutdown: Shutdown) {
        let server = Arc::new(self);
        let callers = Arc::new(Semaphore::new(CALLERS_MAX));
        let mut calls = JoinSet::new();
        let mut told = None;
        loop {
            let permit = tokio::select! {
                permit = callers.clone().acquire_owned() => permit,
                () = shutdown.requested() => break,
            };
            let accepted = tokio::select! {
                accepted = socket.listener.accept() => accepted,
                () = shutdown.requested() => break,
            };
            match accepted {
                Ok((stream, _)) => {
                    let server = server.clone();
                    calls.spawn(async move {
                        // A caller who goes away needs no answer.
                        let _ = server.serve(stream).await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    if is_time_to_tell(&mut told) {
                        tracing::warn!(%error, "cannot accept control calls: those that come wait");
                    }
                    sleep(Duration::from_millis(100)).await;
                }
            }
            while calls.try_join_next().is_some() {}
        }
        calls.shutdown().await;
    }

    async fn serve(&self, stream: UnixStream) -> io::Result<()> {
        let uid = stream.peer_cred().ok().map(|peer| peer.uid());
        let (read_half, mut write_half) = stream.into_split();
        let mut reader = BufReader::new(read_half);
        loop {
            let mut line = String::new();
            let mut bounded = (&mut reader).take(REQUEST_BYTES_MAX);
            match timeout(SILENCE_MAX, bounded.read_line(&mut line)).await {
                Ok(Ok(0)) | Err(_) => return Ok(()),
                Ok(read) => read?,
            };
            let answer = match serde_json::from_str(&line) {
                Ok(request) => self.respond(request, uid).await,
                Err(error) => {
                    let why = format!("that is no request of this socket: {error}");
                    Answer::Line(control::Response::Failed { why })
                }
            };
            match answer {
                Answer::Line(response) => write_text(&mut write_half, &line_of(&response)?).await?,
                Answer::Events => return self.send_events(&mut reader, &mut write_half).await,
                Answer::Trace => return self.send_trace(&mut reader, &mut write_half).await,
            }
        }
    }

    /// Sends events until the caller goes away, reads too slowly, or the server stops.
    async fn send_events(
        &self,
        reader: &mut (impl AsyncBufRead + Unpin),
        writer: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<()> {
        let Ok(_permit) = self.followers.try_acquire() else {
            let why = format!("{FOLLOWERS_MAX} follow events or a trace already");
            return write_text(writer, &line_of(&control::Response::Failed { why })?).await;
        };
        let Ok(mut stream) = self.server.engine.ask(Message::FollowEvents).await else {
            return write_text(writer, &line_of(&stopping())?).await;
        };
        write_text(writer, &line_of(&control::Response::FollowingEvents)?).await?;
        loop {
            let followed = tokio::select! {
                followed = stream.next() => followed,
                // Whatever the caller says, or that it goes away.
                _ = reader.fill_buf() => return Ok(()),
            };
            match followed {
                Some(Followed::Events(events)) => {
                    let configuration = self.server.settings.now().configuration.clone();
                    for events in events.chunks(EVENTS_AT_ONCE) {
                        let lines = events.iter().map(|event| line_of(&event_line(event, &configuration)));
                        write_text(writer, &lines.collect::<io::Result<String>>()?).await?;
                    }
                }
                Some(Followed::TooSlow) => {
                    return write_text(writer, &line_of(&control::Response::EventsReadTooSlowly)?).await;
                }
                None => return write_text(writer, &line_of(&stopping())?).await,
            }
        }
    }

    /// Sends what passes over the link to Asterisk until the caller goes away, reads too slowly, or the server stops.
    async fn send_trace(
        &self,
        reader: &mut (impl AsyncBufRead + Unpin),
        writer: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<()> {
        let Ok(_permit) = self.followers.try_acquire() else {
            let why = format!("{FOLLOWERS_MAX} follow events or a trace already");
            return write_text(writer, &line_of(&control::Response::Failed { why })?).await;
        };
        let mut follower = self.server.telephony.trace();
        write_text(writer, &line_of(&control::Response::TracingTelephony)?).await?;
        loop {
            let followed = tokio::select! {
                followed = follower.next() => followed,
                // Whatever the caller says, or that it goes away.
                _ = reader.fill_buf() => return Ok(()),
            };
            match followed {
                asterisk::Followed::Traced(traced) => write_text(writer, &line_of(&passed_packet(&traced))?).await?,
                asterisk::Followed::TooSlow => {
                    return write_text(writer, &line_of(&control::Response::EventsReadTooSlowly)?).await;
                }
                asterisk::Followed::Over => return write_text(writer, &line_of(&stopping())?).await,
            }
        }
    }

    async fn respond(&self, request: control::Request, uid: Option<u32>) -> Answer {
        let response = match request {
            control::Request::FollowEvents => return Answer::Events,
            control::Request::TraceTelephony => return Answer::Trace,
            control::Request::Status => control::Response::Status(Box::new(self.status().await)),
            control::Request::Sessions => match self.server.engine.ask(Message::Sessions).await {
                Ok(sessions) => {
                    control::Response::Sessions { sessions: sessions.into_iter().map(session_of).collect() }
                }
                Err(EngineStopped) => stopping(),
            },
            control::Request::Overview { of } => {
                let of = overview_of(of);
                match self.server.engine.ask(|answer| Message::Overview { of, answer }).await {
                    Ok(now) => control::Response::Overview(overview(now)),
                    Err(EngineStopped) => stopping(),
                }
            }
            control::Request::ChangeAgent { agent, action, by } => self.change_agent(&agent, &action, (&by, uid)).await,
            control::Request::SwitchOff { user, services, by } => self.switch_off(&user, &services, (&by, uid)).await,
            control::Request::Disconnect { which, force } => {
                let how = if force { Ending::Force } else { Ending::Plain };
                let which = match which {
                    control::SessionSelector::User(login) => SessionFilter::Login(login),
                    control::SessionSelector::Session(number) => SessionFilter::Sessions([SessionId(number)].into()),
                    control::SessionSelector::Sessions(numbers) => {
                        SessionFilter::Sessions(numbers.into_iter().map(SessionId).collect())
                    }
                };
                match self.server.engine.ask(|ended| Message::EndSessions { which, how, ended }).await {
                    Ok(sessions) => control::Response::Disconnected { sessions },
                    Err(EngineStopped) => stopping(),
                }
            }
            control::Request::FailedLogins => {
                control::Response::FailedLogins(failed_logins(&self.server.throttle.view()))
            }
            control::Request::ForgetFailedLogins { of } => {
                let failures = self.server.throttle.unlock(&CountedAgainst::of(&of));
                tracing::info!(of = shown(&of), failures, "failed logins forgotten");
                control::Response::FailedLoginsForgotten { failures }
            }
            control::Request::ReloadCertificate => self.reload().await,
            control::Request::ReloadSettings { since } => {
                let (done, is_done) = oneshot::channel();
                // Without a receiver the answer is that nobody follows any more.
                let _ = self.settings.send(EffectRequest { since, done }).await;
                match is_done.await {
                    Ok(sessions_ended) => control::Response::SettingsReloaded(self.effect(sessions_ended)),
                    Err(_) => stopping(),
                }
            }
        };
        Answer::Line(response)
    }

    async fn change_agent(
        &self,
        agent: &str,
        action: &control::AgentAction,
        whose: (&str, Option<u32>),
    ) -> control::Response {
        let change = agent_text::change_of(agent, action);
        let asked = self.server.engine.ask(|outcome| Message::ChangeAgent { change, outcome });
        let outcome = match timeout(ASTERISK_WAIT, asked).await {
            Ok(Ok(outcome)) => agent_text::outcome_of(outcome),
            Ok(Err(EngineStopped)) => return stopping(),
            Err(_) => control::AgentOutcome::Asked,
        };
        agent_text::log(agent, action, whose, &outcome);
        control::Response::AgentChanged { outcome }
    }

    async fn switch_off(
        &self,
        user: &str,
        services: &[control::SwitchedService],
        whose: (&str, Option<u32>),
    ) -> control::Response {
        let outcome = match service_text::order_of(user, services) {
            Some(order) => match self.server.engine.ask(|outcome| Message::SwitchOff { order, outcome }).await {
                Ok(outcome) => service_text::outcome_of(outcome),
                Err(EngineStopped) => return stopping(),
            },
            None => control::ServicesOutcome::NoSuchUser,
        };
        service_text::log(user, services, whose, outcome);
        control::Response::SwitchedOff { outcome }
    }

    async fn status(&self) -> ServerStatus {
        let sessions = self.server.engine.ask(Message::Sessions).await.map_or(0, |sessions| sessions.len());
        let certificate = self.server.pair.pair().map(|pair| pair.description.clone());
        let failed = failed_logins(&self.server.throttle.view());
        ServerStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            process: std::process::id(),
            started: self.started,
            listen: self.listen.borrow().iter().map(SocketAddr::to_string).collect(),
            named: self.named.clone(),
            files: Some((self.files)()),
            connections: self.server.limits.connections(),
            sessions: u32::try_from(sessions).unwrap_or(u32::MAX),
            certificate_expires: certificate.as_ref().map(|certificate| certificate.not_after.unix_timestamp()),
            fingerprint: certificate.map(|certificate| certificate.fingerprint),
            slowed_down: failed.slowed_down(),
            failed_logins: failed.logins.into_iter().take(FAILED_LOGINS_TOLD_MAX).collect(),
            caller_names: *self.caller_names.borrow(),
            telephony: Some(telephony_link(self.server.telephony.state())),
            discrepancies: self.discrepancies().into_iter().chain(self.missing_link()).chain(self.silent()).collect(),
            turned_away: self.server.turned_away.told(std::time::Instant::now()),
            log_filter: log::named_filter().map(str::to_owned),
            refused_clients: self.server.refused.told(&self.server.settings.now().general),
            counts: snapshot().into_iter().map(|(word, count)| (word.to_owned(), count)).collect::<BTreeMap<_, _>>(),
        }
    }

    fn effect(&self, sessions_ended: u32) -> Effect {
        Effect {
            sessions_ended,
            listen: self.listen.borrow().clone(),
            named: self.named.clone(),
            fingerprint: self.server.pair.pair().map(|pair| pair.description.fingerprint.clone()),
            log_filter: log::named_filter().map(str::to_owned),
            discrepancies: self.discrepancies(),
        }
    }

    /// None of what a change brought about: somebody has to log in first.
    fn silent(&self) -> impl Iterator<Item = Discrepancy> {
        self.server.authenticator.silent().into_iter().map(|one| {
            let (backend, seconds) = (one.name.as_str().to_owned(), one.since.as_secs());
            Discrepancy::SilentBackend { backend, logins: one.logins, seconds }
        })
    }

    fn discrepancies(&self) -> Vec<Discrepancy> {
        self.server.discrepancies.now(self.server.settings.now().general.encryption_mode)
    }

    /// None of what a change brought about: the link has to be given time first.
    fn missing_link(&self) -> Option<Discrepancy> {
        match self.server.telephony.state() {
            LinkState::Down { why, .. } => Some(Discrepancy::Telephony { why: why.into(), is_refused: false }),
            LinkState::Refused { why, .. } => Some(Discrepancy::Telephony { why: why.into(), is_refused: true }),
            LinkState::Off | LinkState::Connecting | LinkState::Resyncing | LinkState::Up { .. } => None,
        }
    }

    async fn reload(&self) -> control::Response {
        let (server, folder) = (self.server.clone(), self.folder.clone());
        let loaded = spawn_blocking(move || {
            load_now(&server.pair, &server.settings.now().general, &folder, &server.discrepancies)
        })
        .await;
        match loaded {
            Ok(Ok(description)) => {
                control::Response::CertificateReloaded { fingerprint: Some(description.fingerprint) }
            }
            Ok(Err(error)) => control::Response::Failed { why: error.words() },
            Err(_) => control::Response::Failed { why: "reading the certificate panicked".to_owned() },
        }
    }
}

/// What a request is answered with.
enum Answer {
    Line(control::Response),
    /// Events, until the end of the call.
    Events,
    /// What passes between ctibox and Asterisk, until then.
    Trace,
}

fn line_of(value: &impl Serialize) -> io::Result<String> {
    let mut line = serde_json::to_string(value)?;
    line.push('\n');
    Ok(line)
}

/// A caller that takes nothing for so long is given up.
async fn write_text(writer: &mut (impl AsyncWrite + Unpin), text: &str) -> io::Result<()> {
    timeout(SILENCE_MAX, writer.write_all(text.as_bytes())).await?
}

fn stopping() -> control::Response {
    control::Response::Failed { why: "the server is stopping".to_owned() }
}
