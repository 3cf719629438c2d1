//! A connection from accept to login: frames lines, feeds the handshake and does what it says, under the login timer. The
//! password check and the TLS handshake have clocks of their own; the timer stands still meanwhile.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead as _, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout, timeout_at};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::context::ServerContext;
use super::handshake::{Action, Checked, Handshake};
use super::limits::{ConnectionPermit, ReadBudget};
use super::shutdown::Shutdown;
use super::socket::Socket;
use crate::auth::{AuthOutcome, CheckedLogin, LoginToken, Precedence, Turn};
use crate::engine::unix_time;
use crate::live::messages::Admission;
use crate::observe::counter::{Counter, count, count_many};
use crate::observe::{REFUSED_LOGINS, shown};
use crate::protocol::encode::encode;
use crate::protocol::frame::LineBuffer;
use crate::protocol::notice::{ErrorCode, LoginIdError, LoginPassError, Notice};
use crate::protocol::parse::parse;
use crate::protocol::request::{ClientLine, Request};
use crate::settings::address_group::AddressGroup;
use crate::settings::password::Secret;
use crate::settings::setting::EncryptionMode;

/// How long an answer before login may take to be written.
const WRITE_MAX: Duration = Duration::from_secs(5);
/// What is read at once before login.
const READ_BYTES: usize = 4096;

/// A connection that has logged in, with what the client sent behind its `login_capas`.
pub(super) struct Entered {
    pub(super) socket: Socket,
    pub(super) lines: LineBuffer,
    pub(super) budget: ReadBudget,
    pub(super) admission: Admission,
    /// What another service granted for the session; given back when it ends.
    pub(super) token: Option<LoginToken>,
}

/// What ended a connection before login; the cause is logged where it is found.
struct LoginAborted;

impl From<io::Error> for LoginAborted {
    fn from(error: io::Error) -> Self {
        tracing::debug!(%error, "connection lost before login");
        Self
    }
}

/// Serves a new connection until it is logged in. None: it ended, for whatever reason, and is closed.
pub(super) async fn log_in(
    stream: TcpStream,
    permit: &mut ConnectionPermit,
    server: &ServerContext,
    mut shutdown: Shutdown,
) -> Option<Entered> {
    let mut giving_way = permit.giving_way();
    let mut task = LoginTask::new(stream, permit, server);
    let served = async {
        let outcome = tokio::select! {
            outcome = task.run() => outcome,
            () = shutdown.requested() => Err(LoginAborted),
        };
        if outcome.is_err()
            && let Some(socket) = &mut task.socket
        {
            socket.close().await;
        }
        outcome
    };
    // Also while it closes: who does not take the last word holds a place as well.
    let outcome = tokio::select! {
        outcome = served => outcome,
        () = giving_way.required() => {
            tracing::debug!("closed before login, to make room");
            if let Some(socket) = &mut task.socket {
                socket.close_at_once().await;
            }
            Err(LoginAborted)
        }
    };
    outcome.ok().and_then(|()| task.entered())
}

struct LoginTask<'a> {
    /// None while a handshake has it.
    socket: Option<Socket>,
    permit: &'a mut ConnectionPermit,
    server: &'a ServerContext,
    handshake: Handshake,
    lines: LineBuffer,
    budget: ReadBudget,
    /// When the login timer rings; moved on by what does not count.
    deadline: Instant,
    /// Who the client says it is.
    login: Box<str>,
    entered: Option<Admission>,
    token: Option<LoginToken>,
}

impl<'a> LoginTask<'a> {
    fn new(stream: TcpStream, permit: &'a mut ConnectionPermit, server: &'a ServerContext) -> Self {
        let general = server.settings.now().general.clone();
        // Without a pair there is nothing to shake hands with; `require` then lets nobody in, as it should.
        let mode = match general.encryption_mode {
            EncryptionMode::Offer if server.pair.pair().is_none() => EncryptionMode::Off,
            mode => mode,
        };
        let budget = permit.read_budget();
        Self {
            socket: Some(Socket::new(stream)),
            permit,
            server,
            handshake: Handshake::new(mode, session_id()),
            lines: LineBuffer::new(),
            budget,
            deadline: Instant::now() + general.login_timeout,
            login: "".into(),
            entered: None,
            token: None,
        }
    }

    async fn run(&mut self) -> Result<(), LoginAborted> {
        if let Some(offer) = self.handshake.offer() {
            self.write(&offer).await?;
        }
        loop {
            while let Some(action) = self.next_action() {
                self.take(action).await?;
                if self.entered.is_some() {
                    return Ok(());
                }
            }
            if !self.budget.holds(self.lines.held_bytes()) {
                let action = self.handshake.line_too_long("all unfinished lines together are too long".to_owned());
                self.take(action).await?;
            }
            self.read().await?;
        }
    }

    fn next_action(&mut self) -> Option<Action> {
        let line = match self.lines.next_line() {
            Ok(line) => parse(line?),
            Err(too_long) => return Some(self.handshake.line_too_long(too_long.to_string())),
        };
        count(Counter::LinesRead);
        if let Ok(ClientLine { request: Request::LoginId(asked), .. }) = &line {
            self.login = asked.login.clone();
        }
        if let Err(bad) = &line {
            count(Counter::BadLines);
            tracing::info!(code = ?bad.code, detail = shown(&bad.detail), "bad line before login");
        }
        Some(self.handshake.take(line))
    }

    async fn read(&mut self) -> Result<(), LoginAborted> {
        let (socket, lines) = (self.socket.as_mut().ok_or(LoginAborted)?, &mut self.lines);
        // A client that never stops sending is ready to be read whenever the timer is looked at.
        let read = async {
            if Instant::now() >= self.deadline {
                std::future::pending::<()>().await;
            }
            read_once(socket, lines).await
        };
        match timeout_at(self.deadline, read).await {
            Ok(Ok(0)) => Err(LoginAborted),
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.into()),
            Err(_) => {
                count(Counter::LoginsTimedOut);
                tracing::info!("login timed out");
                let action = self.handshake.timed_out();
                self.take(action).await
            }
        }
    }

    async fn take(&mut self, action: Action) -> Result<(), LoginAborted> {
        match action {
            Action::Ignore => Ok(()),
            Action::Answer(notice) => self.write(&notice).await,
            Action::Refuse(notice) => self.refuse(&notice).await,
            Action::Close => Err(LoginAborted),
            Action::StartTls(answer) => self.encrypt(&answer).await,
            Action::Check { login, password } => {
                let action = self.check(login, password).await?;
                // A check leads to an answer or a refusal, never to another check.
                match action {
                    Action::Answer(notice) => self.write(&notice).await,
                    Action::Refuse(notice) => self.refuse(&notice).await,
                    _ => Ok(()),
                }
            }
            Action::Enter(admission) => {
                self.entered = Some(admission);
                Ok(())
            }
        }
    }

    async fn refuse(&mut self, notice: &Notice) -> Result<(), LoginAborted> {
        count(Counter::LoginsRefused);
        let (address, login) = (self.permit.address(), shown(&self.login));
        match refusal(notice) {
            Some(Refusal::Cause(cause)) => {
                tracing::info!(target: REFUSED_LOGINS, %address, cause, login, "login refused");
            }
            Some(Refusal::Version(version)) => {
                let (cause, version) = ("nobody serves this protocol version, only 2.0 to 2.3", shown(version));
                tracing::info!(target: REFUSED_LOGINS, %address, cause, version, login, "login refused");
            }
            None => {}
        }
        self.write(notice).await?;
        Err(LoginAborted)
    }

    /// Accepts `starttls`: the answer in clear, then the handshake. Clear bytes behind the request end the connection.
    async fn encrypt(&mut self, answer: &Notice) -> Result<(), LoginAborted> {
        let Some(Socket::Clear(wire)) = &self.socket else { return Err(LoginAborted) };
        // The client is to wait for the answer: whatever is there already is not encrypted.
        if self.lines.held_bytes() > 0 || wire.stream().try_read(&mut [0; 1]).is_ok() {
            tracing::warn!("the client sent clear bytes behind its starttls");
            return Err(LoginAborted);
        }
        self.write(answer).await?;
        let Some(Socket::Clear(wire)) = self.socket.take() else { return Err(LoginAborted) };
        let began = Instant::now();
        let general = self.server.settings.now().general.clone();
        let handshake = self.server.tls.handshake(wire, self.permit.address(), &general, &self.server.refused);
        // On the heap: who never encrypts needs no room for it.
        self.socket = Some(Box::pin(handshake).await.ok_or(LoginAborted)?);
        self.handshake.encrypted();
        self.deadline += began.elapsed();
        Ok(())
    }

    async fn check(&mut self, login: Box<str>, password: Secret) -> Result<Action, LoginAborted> {
        let began = Instant::now();
        let turn = self.turn(&login).await?;
        let address = self.permit.address();
        let CheckedLogin { outcome, token } =
            self.server.authenticator.check_in_turn(turn, address, login, password).await;
        self.token = token;
        self.deadline += began.elapsed();
        let checked = match outcome {
            AuthOutcome::Refused(_) | AuthOutcome::Unknown(_) => Checked::Password,
            AuthOutcome::NoUser => Checked::NotFound,
            AuthOutcome::Unavailable => Checked::Unavailable,
            AuthOutcome::Accepted(uuid) => {
                let settings = self.server.settings.now();
                match settings.configuration.user_by_uuid(uuid) {
                    None => Checked::NotFound,
                    Some(user) => {
                        tracing::Span::current().record("user", user.login_or_id());
                        match user.profile {
                            Some(profile) if user.enabled => Checked::Accepted { user: user.id, profile },
                            _ => {
                                let cause = "the user was disabled or lost the profile while the password was checked";
                                let (address, login) = (self.permit.address(), shown(&self.login));
                                tracing::info!(target: REFUSED_LOGINS, %address, cause, login, "login refused");
                                Checked::Password
                            }
                        }
                    }
                }
            }
        };
        if matches!(checked, Checked::Accepted { .. }) {
            self.permit.authenticated();
        }
        Ok(self.handshake.checked(checked))
    }

    /// From the host itself the break-glass login is always open.
    fn precedence(&self, login: &str) -> Precedence {
        let settings = self.server.settings.now();
        let is_break_glass =
            || settings.configuration.users.iter().any(|user| user.break_glass && user.has_login(login.trim()));
        match AddressGroup::of(self.permit.address()).is_local_host() && is_break_glass() {
            true => Precedence::AtOnce,
            false => Precedence::InTurn,
        }
    }

    /// Waits for the turn of this login, for as long as the client does.
    async fn turn(&mut self, login: &str) -> Result<Turn, LoginAborted> {
        let turn = self.server.throttle.turn(login, self.permit.address(), self.precedence(login));
        let socket = self.socket.as_mut().ok_or(LoginAborted)?;
        tokio::select! {
            biased;
            turn = turn => Ok(turn),
            aborted = until_gone(socket, &mut self.lines, &mut self.budget) => {
                tracing::info!(login = shown(login), "the client went away while its login waited");
                Err(aborted)
            }
        }
    }

    async fn write(&mut self, notice: &Notice) -> Result<(), LoginAborted> {
        let bytes = encode(notice, unix_time());
        count_many(Counter::NoticesEncoded, 1);
        let socket = self.socket.as_mut().ok_or(LoginAborted)?;
        let write = async {
            socket.write_all(&bytes).await?;
            socket.flush().await
        };
        match timeout(WRITE_MAX, write).await {
            Ok(written) => Ok(written?),
            Err(_) => Err(LoginAborted),
        }
    }

    fn entered(self) -> Option<Entered> {
        let admission = self.entered?;
        let mut lines = self.lines;
        lines.allow_long_lines();
        Some(Entered { socket: self.socket?, lines, budget: self.budget, admission, token: self.token })
    }
}

/// Waits until the client is gone. What it sends meanwhile is kept, up to a bound; from then on nobody looks.
async fn until_gone(socket: &mut Socket, lines: &mut LineBuffer, budget: &mut ReadBudget) -> LoginAborted {
    while lines.held_bytes() < READ_BYTES && budget.holds(lines.held_bytes()) {
        match read_once(socket, lines).await {
            Ok(0) => return LoginAborted,
            Ok(_) => {}
            Err(error) => return error.into(),
        }
    }
    std::future::pending().await
}

/// Takes into the lines what one read brings, and gives its bytes; 0: the client has closed. What may hold a password is
/// on the stack, while it is read: ten thousand who say nothing have no buffer each.
async fn read_once(socket: &mut Socket, lines: &mut LineBuffer) -> io::Result<usize> {
    poll_fn(|context| {
        let mut room = Zeroizing::new([0; READ_BYTES]);
        let mut into = ReadBuf::new(&mut *room);
        ready!(Pin::new(&mut *socket).poll_read(context, &mut into))?;
        lines.feed(into.filled());
        Poll::Ready(Ok(into.filled().len()))
    })
    .await
}

/// Why a login is refused, for the log.
enum Refusal<'a> {
    Cause(&'static str),
    Version(&'a str),
}

/// None where it was logged already: what was wrong with a line, or with a password.
fn refusal(notice: &Notice) -> Option<Refusal<'_>> {
    Some(match notice {
        Notice::LoginIdRefused(LoginIdError::Version { client, .. }) => Refusal::Version(client),
        Notice::LoginIdRefused(LoginIdError::EncryptionRequired) => {
            Refusal::Cause("encryption.mode is require, and the client did not encrypt")
        }
        Notice::LoginPassRefused(LoginPassError::Backend) => Refusal::Cause("the password cannot be checked now"),
        Notice::LoginPassRefused(LoginPassError::NotFound) => {
            Refusal::Cause("the password is right, of somebody who is no user")
        }
        Notice::LoginCapasRefused(_) => Refusal::Cause("the client asks for another profile than it was offered"),
        Notice::ProtocolError { code: ErrorCode::LineTooLong, .. } => Refusal::Cause("the line is too long"),
        _ => return None,
    })
}

/// Ten different letters and digits (protocol 2.4).
fn session_id() -> Box<str> {
    let mut letters: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').collect();
    let random = Uuid::new_v4();
    random.as_bytes().iter().take(10).map(|byte| letters.swap_remove(usize::from(*byte) % letters.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_id_has_ten_different_letters_and_digits() {
        let id = session_id();
        let different: std::collections::BTreeSet<char> = id.chars().collect();
        assert_eq!(different.len(), 10);
        assert!(id.chars().all(|letter| letter.is_ascii_alphanumeric()));
    }
}
