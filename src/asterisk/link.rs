//! Keeps the link: connects, runs the session, and when it is lost begins anew, slower with each failure. New settings are
//! taken over at once. What the session reads never waits for anybody: should the engine not keep up, the link is given up
//! and everything is asked again.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, WriteHalf};
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, sleep_until, timeout};

use super::asked::AsteriskRequest;
use super::back_off::{BackOff, Failure};
use super::connection::{Connection, Stream, connect};
use super::handle::Handle;
use super::link_state::LinkState;
use super::lost::Lost;
use super::packet_reader::PacketReader;
use super::session::{Login, Proof, Session, Stage};
use super::trace::Trace;
use crate::certificate::TrustFile;
use crate::live::messages::TelephonyInput;
use crate::observe::counter::{Counter, count, count_many};
use crate::settings::ami_settings::AmiSettings;
use crate::settings::password::Secret;

/// What the engine has not taken yet.
pub(crate) const INPUTS_WAITING_MAX: usize = 65_536;
/// Requests that Asterisk was not asked yet.
pub(crate) const REQUESTS_WAITING_MAX: usize = 16_384;
/// Pieces that the writer has not written yet.
pub(crate) const WRITES_WAITING_MAX: usize = 1024;
const READ_BYTES: usize = 64 * 1024;
/// To say goodbye.
const FAREWELL_MAX: Duration = Duration::from_secs(1);
/// While nothing becomes better, the log says so this often.
const TELL_AGAIN: Duration = Duration::from_secs(600);

/// The far end of a `Handle`.
pub(crate) struct Link {
    settings: watch::Receiver<AmiSettings>,
    requests: mpsc::Receiver<AsteriskRequest>,
    state: watch::Sender<LinkState>,
    /// To the engine.
    inputs: mpsc::Sender<TelephonyInput>,
    trace: Trace,
    back_off: BackOff,
    /// What the log was told last of why there is no link.
    told: Option<(String, Instant)>,
}

/// Why a connection is over.
enum End {
    Lost(Lost),
    NewSettings,
    Stopped,
}

/// A link by these settings, and what it brings. It begins when it is run.
pub(crate) fn link(settings: AmiSettings) -> (Handle, Link, mpsc::Receiver<TelephonyInput>) {
    let (to_settings, settings) = watch::channel(settings);
    let (to_requests, requests) = mpsc::channel(REQUESTS_WAITING_MAX);
    let (state, states) = watch::channel(LinkState::Off);
    let (inputs, from_inputs) = mpsc::channel(INPUTS_WAITING_MAX);
    let trace = Trace::default();
    let handle = Handle { requests: to_requests, settings: Arc::new(to_settings), state: states, trace: trace.clone() };
    let link = Link { settings, requests, state, inputs, trace, back_off: BackOff::default(), told: None };
    (handle, link, from_inputs)
}

impl Link {
    /// Runs until the `shutdown`.
    pub(crate) async fn run(mut self, shutdown: impl Future<Output = ()> + Send) {
        let mut shutdown = pin!(shutdown);
        loop {
            let settings = self.settings.borrow_and_update().clone();
            let end = match settings.secret.clone() {
                Some(secret) => self.connect_and_hold(&settings, secret, shutdown.as_mut()).await,
                None => {
                    self.set_state(LinkState::Off);
                    self.wait_for_settings(None, shutdown.as_mut()).await
                }
            };
            let end = match end {
                End::Lost(lost) => {
                    let wait = self.tell_lost(&settings, &lost);
                    self.wait_for_settings(Some(wait), shutdown.as_mut()).await
                }
                end @ (End::NewSettings | End::Stopped) => end,
            };
            match end {
                End::Stopped => return,
                End::NewSettings => {
                    self.back_off.reset();
                    self.told = None;
                    self.set_state(LinkState::Connecting);
                }
                // Its time is over.
                End::Lost(_) => {}
            }
        }
    }

    /// Ends with new settings, or after this time, as one that was lost does.
    async fn wait_for_settings(
        &mut self,
        most: Option<Duration>,
        mut shutdown: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> End {
        let mut over = pin!(sleep(most.unwrap_or_default()));
        loop {
            tokio::select! {
                () = &mut shutdown => return End::Stopped,
                changed = self.settings.changed() => {
                    // Nobody is left to change them when the server stops.
                    return if changed.is_ok() { End::NewSettings } else { End::Stopped };
                }
                () = &mut over, if most.is_some() => return End::Lost(Lost::Closed),
                Some(asked) = self.requests.recv() => drop(asked),
            }
        }
    }

    async fn connect_and_hold(
        &mut self,
        settings: &AmiSettings,
        secret: Secret,
        mut shutdown: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> End {
        if *self.state.borrow() == LinkState::Off {
            self.set_state(LinkState::Connecting);
        }
        let trust = TrustFile::new(settings.ca_file.clone());
        let mut connecting = pin!(connect(settings, &trust));
        let connection = loop {
            tokio::select! {
                () = &mut shutdown => return End::Stopped,
                changed = self.settings.changed() => {
                    return if changed.is_ok() { End::NewSettings } else { End::Stopped };
                }
                connected = &mut connecting => match connected {
                    Ok(connection) => break connection,
                    Err(lost) => return End::Lost(lost),
                },
                Some(asked) = self.requests.recv() => drop(asked),
            }
        };
        let proof = if connection.peer.ip().is_loopback() { Proof::Plain } else { Proof::Md5 };
        let login = Login { username: settings.username.clone(), secret, proof };
        let session = Session::new(login, nonce(), Instant::now());
        let end = self.hold(settings, connection, session, shutdown).await;
        if self.state.borrow().is_up() {
            // Before the engine hears of it: what it asks from then on has a reply at once.
            self.set_state(LinkState::Connecting);
            while let Ok(asked) = self.requests.try_recv() {
                drop(asked);
            }
            // The engine is gone only when the server stops.
            let _ = self.inputs.send(TelephonyInput::Down).await;
        }
        end
    }

    /// Runs the session until it is over.
    async fn hold(
        &mut self,
        settings: &AmiSettings,
        connection: Connection,
        mut session: Session,
        mut shutdown: Pin<&mut (impl Future<Output = ()> + Send)>,
    ) -> End {
        let Connection { mut read, write, .. } = connection;
        let (to_writer, writes) = mpsc::channel(WRITES_WAITING_MAX);
        let mut writing = pin!(write_all(write, writes));
        let mut reader = PacketReader::default();
        let mut bytes = vec![0; READ_BYTES];
        loop {
            let has_room = session.has_room();
            let outcome = tokio::select! {
                () = &mut shutdown => {
                    farewell(session, to_writer, writing).await;
                    return End::Stopped;
                }
                changed = self.settings.changed() => {
                    farewell(session, to_writer, writing).await;
                    return if changed.is_ok() { End::NewSettings } else { End::Stopped };
                }
                Err(failed) = &mut writing => Err(Lost::Failed(failed)),
                result = read.read(&mut bytes) => match result {
                    Ok(0) => Err(Lost::Closed),
                    Ok(length) => receive(&mut session, &mut reader, &self.trace, &bytes[..length]),
                    Err(failed) => Err(Lost::Failed(failed)),
                },
                Some(asked) = self.requests.recv(), if has_room => {
                    session.ask(asked, Instant::now());
                    Ok(())
                }
                () = sleep_until(session.next_due().into()) => session.tick(Instant::now()),
            };
            // What was read before it went wrong has happened.
            let passed = self.pass_on(settings, &mut session, &to_writer);
            if let Err(lost) = outcome.and(passed) {
                return End::Lost(lost);
            }
        }
    }

    /// Brings out of the session what is for others.
    fn pass_on(
        &mut self,
        settings: &AmiSettings,
        session: &mut Session,
        to_writer: &mpsc::Sender<Vec<u8>>,
    ) -> Result<(), Lost> {
        let output = session.take_output();
        self.trace.sent(&output);
        if !output.is_empty() && to_writer.try_send(output).is_err() {
            return Err(Lost::Stuck);
        }
        self.follow_stage(settings, session.stage());
        for input in session.take_inputs() {
            if self.inputs.try_send(input).is_err() {
                count(Counter::TelephonyOverruns);
                return Err(Lost::Overrun);
            }
        }
        Ok(())
    }

    fn follow_stage(&mut self, settings: &AmiSettings, stage: Stage) {
        match stage {
            Stage::LoggingIn => {}
            Stage::Resyncing => {
                if *self.state.borrow() != LinkState::Resyncing {
                    self.set_state(LinkState::Resyncing);
                }
            }
            Stage::Up { version } => {
                if !self.state.borrow().is_up() {
                    self.back_off.reset();
                    self.told = None;
                    count(Counter::TelephonyLinks);
                    tracing::info!(asterisk = %settings, %version, "the link to Asterisk is up");
                    self.set_state(LinkState::Up { version, since: unix_seconds() });
                }
            }
        }
    }

    /// Records why there is no link, tells it unless it was told, and says how long to wait.
    fn tell_lost(&mut self, settings: &AmiSettings, lost: &Lost) -> Duration {
        let (why, failure) = (lost.to_string(), lost.failure());
        let since = match &*self.state.borrow() {
            LinkState::Down { since, .. } | LinkState::Refused { since, .. } => *since,
            LinkState::Off | LinkState::Connecting | LinkState::Resyncing | LinkState::Up { .. } => unix_seconds(),
        };
        let wait = self.back_off.next(failure, jitter());
        let now = Instant::now();
        if self.told.as_ref().is_none_or(|(told, at)| *told != why || *at + TELL_AGAIN <= now) {
            tracing::error!(asterisk = %settings, "no link to Asterisk, telephony is down: {why}");
            self.told = Some((why.clone(), now));
        }
        let why = why.into();
        self.set_state(match failure {
            Failure::Down => LinkState::Down { why, since },
            Failure::Refused => LinkState::Refused { why, since },
        });
        wait
    }

    fn set_state(&self, state: LinkState) {
        self.state.send_replace(state);
    }
}

fn receive(session: &mut Session, reader: &mut PacketReader, trace: &Trace, bytes: &[u8]) -> Result<(), Lost> {
    let now = Instant::now();
    let mut outcome = Ok(());
    reader.feed(bytes, |received| {
        count(Counter::TelephonyPackets);
        trace.received(&received);
        if outcome.is_ok() {
            outcome = session.receive(received, now);
        }
    });
    count_many(Counter::TelephonyHeadersDropped, reader.take_dropped());
    outcome
}

/// Writes all that comes until nothing more can come.
async fn write_all(
    mut write: WriteHalf<Box<dyn Stream>>,
    mut writes: mpsc::Receiver<Vec<u8>>,
) -> std::io::Result<Infallible> {
    while let Some(bytes) = writes.recv().await {
        write.write_all(&bytes).await?;
        write.flush().await?;
    }
    write.shutdown().await?;
    // The end was wanted.
    Err(std::io::ErrorKind::NotConnected.into())
}

/// Logs off and closes plainly, where that is quick.
async fn farewell(
    mut session: Session,
    to_writer: mpsc::Sender<Vec<u8>>,
    writing: Pin<&mut impl Future<Output = std::io::Result<Infallible>>>,
) {
    session.log_off();
    let _ = to_writer.try_send(session.take_output());
    drop(to_writer);
    // Whether it was heard makes no difference.
    let _ = timeout(FAREWELL_MAX, writing).await;
}

fn nonce() -> Box<str> {
    format!("ctibox-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]).into()
}

fn jitter() -> f64 {
    f64::from(uuid::Uuid::new_v4().as_fields().0) / f64::from(u32::MAX)
}

fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
