//! Where Asterisk asks, while a call comes in, what its caller is called (FastAGI, telephony §17): one socket, one connection
//! a call. What is asked and answered is `asterisk::agi`'s; who is called what the engine's. A call waits 50 ms for a name
//! and goes on without: whatever fails here ends the connection, which Asterisk takes for an answer. Where the address
//! cannot be had clients are served all the same, and it is recorded.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use super::context::ServerContext;
use super::discrepancies::Aspect;
use super::listener::{bind, is_time_to_tell};
use super::listeners::Rebind;
use super::shutdown::Shutdown;
use crate::asterisk::agi::{ACKNOWLEDGEMENT_BYTES_MAX, Environment, NoQuestion, Wanted, is_done, naming};
use crate::control::{Discrepancy, ListenFailure};
use crate::engine::Message;
use crate::observe::counter::{Counter, count};
use crate::settings::setting::General;

/// Calls that ask at once.
const CALLS_MAX: usize = 256;
/// How long Asterisk may take to say what it asks, and to acknowledge a command.
const AGI_WAIT_MAX: Duration = Duration::from_secs(1);
/// How long a call waits for the name.
const NAME_WAIT_MAX: Duration = Duration::from_millis(50);
/// After an error of `accept`.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

pub(super) struct CallerNames {
    server: Arc<ServerContext>,
    shutdown: Shutdown,
    open: Option<Open>,
    bound: watch::Sender<Option<SocketAddr>>,
    calls: JoinSet<()>,
    /// New settings, or the same once more.
    rebinds: mpsc::Receiver<Rebind>,
    /// When trouble was last told.
    told: Option<Instant>,
}

struct Open {
    asked: SocketAddr,
    local: SocketAddr,
    listener: TcpListener,
}

impl Open {
    fn bind(asked: SocketAddr) -> io::Result<Self> {
        let (listener, local) = bind(asked)?;
        Ok(Self { asked, local, listener })
    }
}

impl CallerNames {
    /// Listens where the settings say, if it can be had, and from then on as it is told.
    pub(super) fn open(
        server: Arc<ServerContext>,
        general: &General,
        shutdown: Shutdown,
    ) -> (Self, mpsc::Sender<Rebind>) {
        let (calls, bound) = (JoinSet::new(), watch::Sender::new(None));
        let (to_names, rebinds) = mpsc::channel(1);
        let mut names = Self { server, shutdown, open: None, bound, calls, rebinds, told: None };
        names.follow(general);
        (names, to_names)
    }

    /// Where Asterisk may ask, now and from now on.
    pub(super) fn bound(&self) -> watch::Receiver<Option<SocketAddr>> {
        self.bound.subscribe()
    }

    /// Answers, and listens elsewhere as asked, until the shutdown. Whoever asks then goes on without a name.
    pub(super) async fn run(mut self) {
        let mut shutdown = self.shutdown.clone();
        loop {
            let accepted = tokio::select! {
                accepted = accept(self.open.as_ref()) => accepted,
                Some(Rebind { general, done }) = self.rebinds.recv() => {
                    self.follow(&general);
                    // Who asked may be gone.
                    let _ = done.send(());
                    continue;
                }
                Some(ended) = self.calls.join_next() => {
                    if ended.is_err_and(|error| error.is_panic()) {
                        count(Counter::ConnectionsPanicked);
                        tracing::error!("looking up a caller ended by a panic; the server goes on");
                    }
                    continue;
                }
                () = shutdown.requested() => return,
            };
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer),
                Err(error) => {
                    if is_time_to_tell(&mut self.told) {
                        tracing::warn!(%error, "cannot hear Asterisk ask for callers' names; calls go on without");
                    }
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn admit(&mut self, stream: TcpStream, peer: SocketAddr) {
        count(Counter::CallerNamesAsked);
        if self.calls.len() >= CALLS_MAX {
            count(Counter::CallerNamesRefused);
            if is_time_to_tell(&mut self.told) {
                tracing::warn!(%peer, "{CALLS_MAX} calls ask for their callers' names at once; more go on without");
            }
            return;
        }
        let server = self.server.clone();
        self.calls.spawn(async move {
            if let Err(error) = answer(stream, &server).await {
                count(Counter::CallerNamesRefused);
                tracing::debug!(%peer, %error, "a call goes on without its caller's name");
            }
        });
    }

    /// Listens where the settings want it now; what cannot be had leaves it where it was.
    fn follow(&mut self, general: &General) {
        let wanted = general.caller_names_at();
        let failure = match wanted {
            Some(address) if self.is_at(address) => None,
            Some(address) => self.move_to(address).err().map(|error| (address, error)),
            None => {
                self.open = None;
                None
            }
        };
        let instead = self.open.as_ref().map(|open| open.local);
        self.bound.send_replace(instead);
        if let Some((address, error)) = &failure {
            tracing::error!(%address, %error, "Asterisk cannot ask for callers' names there; set agi.listen to a free address");
        }
        let discrepancy = failure.map(|(address, error)| {
            let failure = ListenFailure::of(address, &error);
            Discrepancy::CallerNames { failure, instead }
        });
        self.server.discrepancies.record(Aspect::CallerNames, discrepancy);
    }

    fn is_at(&self, address: SocketAddr) -> bool {
        self.open.as_ref().is_some_and(|open| open.asked == address)
    }

    fn move_to(&mut self, address: SocketAddr) -> io::Result<()> {
        // An address that covers the old one cannot be had beside it.
        let before = self.open.take().map(|open| open.asked);
        match Open::bind(address) {
            Ok(open) => {
                tracing::info!("Asterisk may ask for callers' names at {}", open.local);
                self.open = Some(open);
                Ok(())
            }
            Err(error) => {
                self.open = before.and_then(|before| Open::bind(before).ok());
                Err(error)
            }
        }
    }
}

async fn accept(open: Option<&Open>) -> io::Result<(TcpStream, SocketAddr)> {
    match open {
        Some(open) => open.listener.accept().await,
        None => std::future::pending().await,
    }
}

/// Why a call hears nothing.
#[derive(Debug, thiserror::Error)]
enum Unanswered {
    #[error("Asterisk does not ask: {0}")]
    NoQuestion(#[from] NoQuestion),
    #[error("Asterisk takes too long")]
    TookTooLong,
    #[error("Asterisk does not do as it is told")]
    NotDone,
    #[error("the connection is lost")]
    Lost(#[from] io::Error),
}

async fn answer(mut stream: TcpStream, server: &ServerContext) -> Result<(), Unanswered> {
    stream.set_nodelay(true)?;
    let asked = timeout(AGI_WAIT_MAX, read_question(&mut stream)).await.map_err(|_| Unanswered::TookTooLong)??;
    let Wanted::Name(question) = asked else { return Ok(()) };
    let found = timeout(NAME_WAIT_MAX, server.engine.ask(|answer| Message::CallerName { question, answer })).await;
    let name = match found {
        Ok(Ok(Some(name))) => name,
        // Nobody knows; or the server stops.
        Ok(Ok(None) | Err(_)) => return Ok(()),
        Err(_) => {
            count(Counter::CallerNamesLate);
            return Ok(());
        }
    };
    for command in naming(&name) {
        let told = timeout(AGI_WAIT_MAX, tell(&mut stream, &command)).await.map_err(|_| Unanswered::TookTooLong)??;
        if !is_done(&told) {
            return Err(Unanswered::NotDone);
        }
    }
    count(Counter::CallerNamesGiven);
    Ok(())
}

async fn read_question(stream: &mut TcpStream) -> Result<Wanted, Unanswered> {
    let (mut environment, mut piece) = (Environment::default(), [0; 2048]);
    loop {
        let read = stream.read(&mut piece).await?;
        if read == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        if let Some(wanted) = environment.take(&piece[..read])? {
            return Ok(wanted);
        }
    }
}

/// Sends a command, and reads the line that acknowledges it.
async fn tell(stream: &mut TcpStream, command: &str) -> Result<String, Unanswered> {
    stream.write_all(command.as_bytes()).await?;
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        // Asterisk says nothing more before the next command: a piece is one line or a part of it.
        if line.len() >= ACKNOWLEDGEMENT_BYTES_MAX || stream.read_buf(&mut line).await? == 0 {
            return Err(Unanswered::NotDone);
        }
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}
