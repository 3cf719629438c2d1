//! The listening sockets: binds all addresses or says of each why not, accepts, gives out places, refuses beyond the
//! limits. An error of `accept` pauses and never ends the server.

use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::mem::{Discriminant, discriminant};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustix::net::sockopt::set_tcp_user_timeout;
use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::bad_lines::protocol_error;
use super::connection::{LoggedIn, begin, serve};
use super::connection_table::{Bounds, LimitReached};
use super::context::ServerContext;
use super::limits::ConnectionPermit;
use super::shutdown::Shutdown;
use crate::control::{ListenFailure, ListenProblem};
use crate::engine::unix_time;
use crate::observe::counter::{Counter, count};
use crate::protocol::encode::encode;
use crate::protocol::notice::ErrorCode;

const BACKLOG: i32 = 4096;
/// How long an unanswered byte may take before the connection is given up.
const UNACKNOWLEDGED_MAX: Duration = Duration::from_secs(60);
const KEEPALIVE_AFTER: Duration = Duration::from_secs(60);
const KEEPALIVE_EVERY: Duration = Duration::from_secs(15);
/// After an accept error (no descriptors, no memory) others get time to give some back.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Refused connections and shortages of `accept` are counted, but only one in this time is logged.
const TELL_EVERY: Duration = Duration::from_secs(10);
/// Refused clients that are told so in good order at once; beyond that they are just closed.
pub(super) const FAREWELLS_MAX: usize = 256;

/// Addresses that could not be bound, all of them.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {}", list(.0))]
pub(crate) struct BindError(Vec<(SocketAddr, io::Error)>);

impl BindError {
    /// What went wrong, each kind once.
    pub(crate) fn kinds(&self) -> Vec<io::ErrorKind> {
        let mut kinds = Vec::new();
        for (_, error) in &self.0 {
            if !kinds.contains(&error.kind()) {
                kinds.push(error.kind());
            }
        }
        kinds
    }
}

fn list(failures: &[(SocketAddr, io::Error)]) -> String {
    failures.iter().map(|(address, error)| format!("{address}: {error}")).collect::<Vec<_>>().join("; ")
}

impl BindError {
    /// As the control socket tells them.
    pub(super) fn failures(&self) -> Vec<ListenFailure> {
        self.0.iter().map(|(address, error)| ListenFailure::of(*address, error)).collect()
    }
}

/// A listening socket, and what was asked for: port 0 became another.
#[derive(Debug)]
pub(super) struct BoundListener {
    pub(super) asked: SocketAddr,
    pub(super) local: SocketAddr,
    pub(super) listener: TcpListener,
}

/// Binds every address. Port 0 takes any free one, the same for all addresses if it can be. An address of a family
/// that this host does not have is passed over with a warning as long as another one is bound, here or of the `others`
/// that are open already.
pub(super) fn bind_all(addresses: &[SocketAddr], others: usize) -> Result<Vec<BoundListener>, BindError> {
    let mut all = Vec::new();
    let (mut failures, mut absent) = (Vec::new(), Vec::new());
    let mut chosen_port = 0;
    for address in addresses {
        let wanted = SocketAddr::new(address.ip(), if address.port() == 0 { chosen_port } else { address.port() });
        let bound = bind(wanted).or_else(|error| if wanted == *address { Err(error) } else { bind(*address) });
        match bound {
            Ok((listener, local)) => {
                if address.port() == 0 {
                    chosen_port = local.port();
                }
                all.push(BoundListener { asked: *address, local, listener });
            }
            Err(error) if ListenProblem::of(address.ip(), &error) == ListenProblem::NoSuchFamily => {
                absent.push((*address, error));
            }
            Err(error) => failures.push((*address, error)),
        }
    }
    if all.is_empty() && others == 0 {
        failures.append(&mut absent);
    }
    if !failures.is_empty() {
        return Err(BindError(failures));
    }
    for (address, error) in absent {
        tracing::warn!(%address, %error, "not listening there: this host does not have that kind of address");
    }
    Ok(all)
}

/// One address, and what it became: port 0 takes any free one.
pub(super) fn bind(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    if address.is_ipv6() {
        // Else `::` would take IPv4 as well, and `0.0.0.0` beside it could not be bound.
        socket.set_only_v6(true)?;
    }
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    let listener = TcpListener::from_std(socket.into())?;
    let local = listener.local_addr()?;
    Ok((listener, local))
}

/// Accepts until `closing` or the shutdown, says `closed`, then waits for its connections to end. For the threads of lower
/// priority: thousands who come and go cost those who are logged in nothing.
pub(super) async fn accept_all(
    listener: TcpListener,
    server: Arc<ServerContext>,
    mut closing: oneshot::Receiver<()>,
    closed: oneshot::Sender<()>,
    mut shutdown: Shutdown,
) {
    let mut connections = Connections::new(server.clone(), shutdown.clone());
    let mut told = Told::default();
    let mut is_short = false;
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &server.runtime) => accepted,
            Some(()) = connections.next_step() => continue,
            _ = &mut closing => break,
            () = shutdown.requested() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // The client was gone before it was let in: nobody else is to wait for that.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => continue,
            Err(error) => {
                count(Counter::AcceptErrors);
                if !is_short && is_time_to_tell(&mut told.error) {
                    tracing::warn!(%error, "cannot accept connections; new clients wait until it works again");
                }
                is_short = true;
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        is_short = false;
        count(Counter::ConnectionsAccepted);
        match admit(&server, peer, &mut told) {
            Ok(permit) => connections.begin(stream, peer, permit),
            Err(full) => connections.refuse(stream, full),
        }
    }
    drop(listener);
    // Nobody may wait for it.
    let _ = closed.send(());
    while let Some(()) = connections.next_step().await {}
}

/// The threads of the sessions watch every socket from the beginning on, and so need not be told of it at its login.
async fn accept(listener: &TcpListener, watched_by: &Handle) -> io::Result<(TcpStream, SocketAddr)> {
    poll_fn(|context| {
        let _entered = watched_by.enter();
        listener.poll_accept(context)
    })
    .await
}

/// The connections of a listener: first a task among the logins, then one among the sessions.
struct Connections {
    server: Arc<ServerContext>,
    shutdown: Shutdown,
    logging_in: JoinSet<Option<Box<LoggedIn>>>,
    sessions: JoinSet<()>,
}

impl Connections {
    fn new(server: Arc<ServerContext>, shutdown: Shutdown) -> Self {
        Self { server, shutdown, logging_in: JoinSet::new(), sessions: JoinSet::new() }
    }

    fn begin(&mut self, stream: TcpStream, peer: SocketAddr, permit: ConnectionPermit) {
        // For those who stay alone: to refuse is to be cheap.
        match prepare(&stream) {
            Ok(()) => {
                let login = begin(stream, peer, permit, self.server.clone(), self.shutdown.clone());
                self.logging_in.spawn_on(login, &self.server.logins);
            }
            Err(error) => tracing::debug!(%peer, %error, "connection lost at once"),
        }
    }

    fn refuse(&mut self, stream: TcpStream, full: LimitReached) {
        if let Ok(permit) = self.server.farewells.clone().try_acquire_owned() {
            let refusing = async move {
                refuse(stream, full).await;
                drop(permit);
                None
            };
            self.logging_in.spawn_on(refusing, &self.server.logins);
        }
    }

    /// One of them has logged in, or is over. None: there are none.
    async fn next_step(&mut self) -> Option<()> {
        tokio::select! {
            Some(ended) = self.logging_in.join_next() => {
                if let Some(Some(logged_in)) = report(ended) {
                    let session = serve(logged_in, self.server.clone(), self.shutdown.clone());
                    self.sessions.spawn_on(session, &self.server.runtime);
                }
                Some(())
            }
            Some(ended) = self.sessions.join_next() => {
                report(ended);
                Some(())
            }
            else => None,
        }
    }
}

/// When each of these was last told: one who floods us does not flood the log.
#[derive(Default)]
struct Told {
    error: Option<Instant>,
    /// By the bound that was reached.
    refused: HashMap<Discriminant<LimitReached>, ToldRefusal>,
    given_way: Option<Instant>,
}

#[derive(Default)]
struct ToldRefusal {
    last: Option<Instant>,
    /// Refused since, without a line.
    left_out: u64,
}

impl ToldRefusal {
    /// Whether this one is to be told, with how many before it were not.
    fn one_more(&mut self) -> Option<u64> {
        if is_time_to_tell(&mut self.last) {
            return Some(std::mem::take(&mut self.left_out));
        }
        self.left_out += 1;
        None
    }
}

/// A permit for the peer, or the bound in the way.
fn admit(server: &ServerContext, peer: SocketAddr, told: &mut Told) -> Result<ConnectionPermit, LimitReached> {
    let bounds = Bounds::of(&server.settings.now().general, server.descriptors);
    let admitted = server.limits.admit(peer.ip(), bounds);
    match &admitted {
        Ok(permit) => {
            if let Some(address) = permit.instead_of()
                && is_time_to_tell(&mut told.given_way)
            {
                tracing::warn!(%address, "nearly all connections are taken: this address, which has most of those that have not logged in, loses its oldest for each newcomer");
            }
        }
        Err(full) => {
            count(Counter::ConnectionsOverLimit);
            server.turned_away.record(*full, std::time::Instant::now());
            match told.refused.entry(discriminant(full)).or_default().one_more() {
                Some(0) => tracing::warn!(%peer, "connection refused: {full}"),
                Some(others) => {
                    tracing::warn!(%peer, others, "connection refused: {full}; so were others since the last such line");
                }
                None => {}
            }
        }
    }
    admitted
}

/// Whether the last time is long enough ago; then this is the last time.
pub(super) fn is_time_to_tell(told: &mut Option<Instant>) -> bool {
    let is_time = told.is_none_or(|told| told.elapsed() > TELL_EVERY);
    if is_time {
        *told = Some(Instant::now());
    }
    is_time
}

/// What came of a connection's task; None: it ended by a panic, which is told.
fn report<T>(ended: Result<T, tokio::task::JoinError>) -> Option<T> {
    ended
        .inspect_err(|error| {
            if error.is_panic() {
                count(Counter::ConnectionsPanicked);
                tracing::error!("a connection ended by a panic; the server goes on");
            }
        })
        .ok()
}

fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    SockRef::from(stream)
        .set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEPALIVE_AFTER).with_interval(KEEPALIVE_EVERY))?;
    set_tcp_user_timeout(stream, u32::try_from(UNACKNOWLEDGED_MAX.as_millis()).unwrap_or(u32::MAX))?;
    Ok(())
}

async fn refuse(stream: TcpStream, full: LimitReached) {
    let notice = protocol_error(ErrorCode::TooManyConnections, full.to_string());
    // A new connection's buffer is empty: the line fits or the client is gone.
    let _ = stream.try_write(&encode(&notice, unix_time()));
    super::socket::Socket::new(stream).close().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn refusals_without_a_line_are_counted_in_the_next_one() {
        let mut told = ToldRefusal::default();
        assert_eq!(told.one_more(), Some(0));
        assert_eq!([told.one_more(), told.one_more()], [None, None]);
        told.last = told.last.and_then(|last| last.checked_sub(2 * TELL_EVERY));
        assert_eq!(told.one_more(), Some(2));
        assert_eq!(told.one_more(), None);
    }

    #[tokio::test]
    async fn port_nought_is_one_port_for_both_families() {
        let listeners = bind_all(&[address("0.0.0.0:0"), address("[::]:0")], 0).expect("bound");
        let ports: Vec<u16> = listeners.iter().map(|one| one.local.port()).collect();
        assert!(ports.iter().all(|port| *port == ports[0] && *port != 0), "{ports:?}");
    }

    #[tokio::test]
    async fn all_failures_are_reported_together() {
        let taken = bind_all(&[address("127.0.0.1:0")], 0).expect("bound");
        let taken = taken[0].local;
        let error = bind_all(&[taken, address("192.0.2.1:1")], 0).expect_err("neither can be bound").to_string();
        assert!(error.contains(&taken.to_string()) && error.contains("192.0.2.1:1"), "{error}");
    }
}
