//! One client's connection from accept to end: start reading here. First `login` goes through the handshake; then lines
//! become inputs of the live picture, and what the hub puts into the outbox is written. Decides nothing about a
//! request.

use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio::time::{interval, timeout, timeout_at};
use tracing::{Instrument as _, Span};

use super::bad_lines::{BAD_LINES_MAX, BadLines, answer_to, protocol_error};
use super::context::{EngineHandle, ServerContext};
use super::hub::Connected;
use super::limits::{ConnectionPermit, ReadBudget};
use super::login::{Entered, log_in};
use super::outbox::{LOOKUPS_AT_ONCE_MAX, Next, Outbox, Priority, TooSlow};
use super::own_waker::OwnWaker;
use super::receipts::Receipts;
use super::shutdown::Shutdown;
use super::socket::{SharedSocket, Socket};
use crate::engine::{EngineStopped, Message, Report, unix_time};
use crate::live::messages::SessionId;
use crate::observe::counter::{Counter, count};
use crate::observe::shown;
use crate::protocol::encode::encode;
use crate::protocol::frame::{LINE_BYTES_BEFORE_LOGIN_MAX, LineBuffer};
use crate::protocol::notice::{ErrorCode, Notice};
use crate::protocol::parse::parse;
use crate::protocol::request::Line;

/// What is read at once after login.
const READ_BYTES: usize = 64 * 1024;
/// How long a session that is being closed may take to read what was told it before.
const CLOSING_MAX: Duration = Duration::from_secs(10);
/// How often the system is asked whether a client has acknowledged the chat that it was written.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// The same on a stop of the server, which is to be over within 5 s.
const STOPPING_MAX: Duration = Duration::from_secs(2);

/// A connection that has logged in, with what it holds until its end.
pub(super) struct LoggedIn {
    entered: Entered,
    peer: SocketAddr,
    permit: ConnectionPermit,
    span: Span,
}

/// Takes an accepted connection through its login. None: it has ended, and its permit is given back.
pub(super) async fn begin(
    stream: TcpStream,
    peer: SocketAddr,
    mut permit: ConnectionPermit,
    server: Arc<ServerContext>,
    shutdown: Shutdown,
) -> Option<LoggedIn> {
    let span = tracing::info_span!("connection", %peer, user = tracing::field::Empty);
    span.in_scope(|| tracing::debug!("accepted"));
    let Some(entered) = log_in(stream, &mut permit, &server, shutdown).instrument(span.clone()).await else {
        drop(permit);
        span.in_scope(|| tracing::debug!("ended"));
        return None;
    };
    Some(LoggedIn { entered, peer, permit, span })
}

/// Serves it to its end. The permit is given back when it is over.
pub(super) async fn serve(logged_in: LoggedIn, server: Arc<ServerContext>, shutdown: Shutdown) {
    let LoggedIn { entered, peer, permit, span } = logged_in;
    run_session(entered, peer, &server, shutdown, &span).await;
    drop(permit);
    span.in_scope(|| tracing::debug!("ended"));
}

/// How a session's end came about.
enum Disconnect {
    /// The client is gone, or no longer to be spoken to.
    Lost,
    /// All was written that was to be written: say goodbye.
    Closed,
}

/// Serves a logged-in session. Reader and writer are one task: neither can outlive the other. The span is entered for
/// what is logged alone: a session is woken for every broadcast, and each entering costs.
async fn run_session(entered: Entered, peer: SocketAddr, server: &ServerContext, mut shutdown: Shutdown, span: &Span) {
    let Entered { socket, lines, budget, admission, token } = entered;
    let session = server.next_session();
    let outbox = Arc::new(Outbox::default());
    let tls = socket.tls();
    span.in_scope(|| tracing::info!(session = session.0, is_encrypted = tls.is_some(), "logged in"));
    count(Counter::LoginsAccepted);
    let (client, permit) = (Connected { outbox: outbox.clone(), peer, tls }, outbox.permit(1));
    if server.engine.send(Message::Connected { session, client, admission, permit }).await.is_err() {
        return;
    }
    let mut guard = SessionGuard { session, engine: server.engine.clone(), is_over: false };
    let socket = SharedSocket::new(socket);
    let mut receipts = Receipts::default();
    let mut reader = Reader {
        lines,
        budget,
        asked_bytes: 0,
        lookups: Vec::new(),
        session,
        outbox: &outbox,
        server,
        bad_lines: BadLines::default(),
        span,
    };
    let ended = {
        let reading = reader.run(&socket);
        let mut writer = Writer {
            socket: &socket,
            outbox: &outbox,
            receipts: &mut receipts,
            look_at: None,
            session,
            engine: &server.engine,
            span,
        };
        let writing = writer.run();
        tokio::pin!(reading, writing);
        // Borrows: a future that is moved into another is held twice.
        let reading_or_stop = pin!(async {
            tokio::select! {
                ended = &mut reading => Some(ended),
                () = shutdown.requested() => None,
            }
        });
        let mut reading_or_stop = OwnWaker::new(reading_or_stop);
        tokio::select! {
            // What a session is mostly woken for comes first.
            biased;
            ended = &mut writing => ended,
            ended = &mut reading_or_stop => match ended {
                Some(Disconnect::Lost) => Disconnect::Lost,
                // The writer closes behind the reader's last word.
                Some(Disconnect::Closed) => timeout(CLOSING_MAX, writing).await.unwrap_or(Disconnect::Lost),
                None => {
                    outbox.close();
                    timeout(STOPPING_MAX, writing).await.unwrap_or(Disconnect::Lost)
                }
            },
        }
    };
    // On a planned stop no session ends (protocol decision 5).
    guard.end(&shutdown).await;
    span.in_scope(|| tracing::info!(session = session.0, "session ended"));
    drop(token);
    drop(reader);
    let mut socket = socket.into_socket();
    if matches!(ended, Disconnect::Closed) {
        socket.close().await;
    }
    guard.connection_over(&mut receipts, &socket);
}

/// A session that the owner of the live picture knows of. A connection that ends by a panic must not stay there as a
/// ghost.
struct SessionGuard {
    session: SessionId,
    engine: EngineHandle,
    is_over: bool,
}

impl SessionGuard {
    async fn end(&mut self, shutdown: &Shutdown) {
        self.is_over = true;
        if !shutdown.is_shutdown() {
            // Only a stop is not heard.
            let _ = self.engine.send(Message::Disconnected { session: self.session }).await;
        }
    }

    /// The last look at how far the client is, before the socket goes.
    fn connection_over(self, receipts: &mut Receipts, socket: &Socket) {
        if let Ok(progress) = socket.progress() {
            for chat in receipts.acknowledged(progress) {
                self.engine.report(Report::ChatAcknowledged { session: self.session, chat });
            }
        }
        self.engine.report(Report::ConnectionOver { session: self.session });
    }
}

impl Drop for SessionGuard {
    fn drop(&mut self) {
        if self.is_over || !std::thread::panicking() {
            return;
        }
        let (engine, session) = (self.engine.clone(), self.session);
        // Nobody can wait in a drop; the owner's queue may be full.
        tokio::spawn(async move {
            let _ = engine.send(Message::Disconnected { session }).await;
            engine.report(Report::ConnectionOver { session });
        });
    }
}

struct Reader<'a> {
    lines: LineBuffer,
    budget: ReadBudget,
    /// Bytes of long lines that were read since the last wait for answers.
    asked_bytes: usize,
    /// Lines that go to the engine together with those behind them.
    lookups: Vec<Line>,
    session: SessionId,
    outbox: &'a Arc<Outbox>,
    server: &'a ServerContext,
    bad_lines: BadLines,
    span: &'a Span,
}

impl Reader<'_> {
    /// Lines to inputs, at the pace at which the client reads its answers (protocol decision 13).
    async fn run(&mut self, socket: &SharedSocket) -> Disconnect {
        loop {
            if let ControlFlow::Break(disconnect) = self.serve_lines(socket).await {
                return disconnect;
            }
        }
    }

    /// Serves the lines that are there, then reads more.
    async fn serve_lines(&mut self, socket: &SharedSocket) -> ControlFlow<Disconnect> {
        while let Some(line) = self.next_line() {
            match line {
                Ok(line) => self.ask(line).await?,
                Err(bad) => {
                    self.send_lookups().await?;
                    self.answer_bad_line(bad).await?;
                }
            }
        }
        self.send_lookups().await?;
        // A long line is still held as what it asks for.
        let asked_bytes = std::mem::take(&mut self.asked_bytes);
        if !self.budget.holds(self.lines.held_bytes() + asked_bytes) {
            let detail = "all long and unfinished lines together are too long".to_owned();
            self.last_word(protocol_error(ErrorCode::LineTooLong, detail)).await?;
        }
        self.outbox.until_may_read().await;
        if asked_bytes > 0 {
            self.budget.holds(self.lines.held_bytes());
        }
        self.read(socket).await
    }

    async fn read(&mut self, socket: &SharedSocket) -> ControlFlow<Disconnect> {
        let lines = &mut self.lines;
        let read = poll_fn(|context| {
            // On the stack while it is polled: thousands of idle sessions hold no buffer.
            let mut room = [const { MaybeUninit::uninit() }; READ_BYTES];
            let mut into = ReadBuf::uninit(&mut room);
            ready!(socket.poll_read(context, &mut into))?;
            lines.feed(into.filled());
            Poll::Ready(io::Result::Ok(into.filled().len()))
        });
        match read.await {
            Ok(0) => ControlFlow::Break(Disconnect::Lost),
            Ok(_) => ControlFlow::Continue(()),
            Err(error) => {
                self.span.in_scope(|| tracing::debug!(%error, "connection lost"));
                ControlFlow::Break(Disconnect::Lost)
            }
        }
    }

    fn next_line(&mut self) -> Option<Result<Line, BadLineReply>> {
        match self.lines.next_line() {
            Ok(line) => {
                let line = line?;
                self.asked_bytes += if line.len() > LINE_BYTES_BEFORE_LOGIN_MAX { line.len() } else { 0 };
                let line = parse(line);
                count(Counter::LinesRead);
                Some(line.map_err(|bad| BadLineReply { is_fatal: false, notice: answer_to(bad) }))
            }
            Err(too_long) => Some(Err(BadLineReply {
                is_fatal: true,
                notice: protocol_error(ErrorCode::LineTooLong, too_long.to_string()),
            })),
        }
    }

    /// What a client asks by the thousand while it starts goes to the engine together; all else line by line.
    async fn ask(&mut self, line: Line) -> ControlFlow<Disconnect> {
        if line.request.is_lookup() {
            self.lookups.push(line);
            let is_full = self.lookups.len() >= LOOKUPS_AT_ONCE_MAX as usize;
            return if is_full { self.send_lookups().await } else { ControlFlow::Continue(()) };
        }
        self.send_lookups().await?;
        for line in line.pieces() {
            self.outbox.until_may_serve(1).await;
            let permit = self.outbox.permit(1);
            self.send(Message::Line { session: self.session, line, permit }).await?;
        }
        ControlFlow::Continue(())
    }

    async fn send_lookups(&mut self) -> ControlFlow<Disconnect> {
        if self.lookups.is_empty() {
            return ControlFlow::Continue(());
        }
        let lines = std::mem::take(&mut self.lookups);
        // Never more than may be unanswered: they are sent in time.
        let number = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        self.outbox.until_may_serve(number).await;
        let permit = self.outbox.permit(number);
        self.send(Message::Lookups { session: self.session, lines, permit }).await
    }

    async fn send(&mut self, message: Message<Connected>) -> ControlFlow<Disconnect> {
        match self.server.engine.send(message).await {
            Ok(()) => ControlFlow::Continue(()),
            Err(EngineStopped) => ControlFlow::Break(Disconnect::Closed),
        }
    }

    /// Answers a bad line; with too many of them the session is to end (protocol decision 2).
    async fn answer_bad_line(&mut self, reply: BadLineReply) -> ControlFlow<Disconnect> {
        count(Counter::BadLines);
        if let Notice::ProtocolError { code, detail, .. } = &reply.notice {
            self.span.in_scope(|| tracing::info!(?code, detail = shown(detail), "bad line"));
        }
        if reply.is_fatal {
            return self.last_word(reply.notice).await;
        }
        self.say(&reply.notice).await;
        if self.bad_lines.one_more(Instant::now()) {
            let detail = format!("{} bad lines within a minute", BAD_LINES_MAX);
            return self.last_word(protocol_error(ErrorCode::TooManyErrors, detail)).await;
        }
        ControlFlow::Continue(())
    }

    async fn last_word(&self, notice: Notice) -> ControlFlow<Disconnect> {
        self.say(&notice).await;
        self.outbox.close();
        ControlFlow::Break(Disconnect::Closed)
    }

    async fn say(&self, notice: &Notice) {
        self.outbox.until_answered().await;
        self.outbox.push(encode(notice, unix_time()), Priority::Answer, Instant::now());
    }
}

struct BadLineReply {
    is_fatal: bool,
    notice: Notice,
}

struct Writer<'a> {
    socket: &'a SharedSocket,
    outbox: &'a Outbox,
    receipts: &'a mut Receipts,
    /// When to look how far the client is; None: nobody waits to hear that.
    look_at: Option<tokio::time::Instant>,
    session: SessionId,
    engine: &'a EngineHandle,
    span: &'a Span,
}

impl Writer<'_> {
    /// Writes what waits, all at once, until the outbox is closed or the client is too slow.
    async fn run(&mut self) -> Disconnect {
        loop {
            let (bytes, number) = match self.next().await {
                Next::Write(bytes, number) => (bytes, number),
                Next::Close => return Disconnect::Closed,
                Next::CutOff(too_slow) => return self.span.in_scope(|| cut_off(too_slow)),
            };
            let written = tokio::select! {
                // The write first: mostly it does not hang, and no timer is set up.
                biased;
                written = self.socket.write_all(&bytes) => written,
                too_slow = until_too_slow(self.outbox) => return self.span.in_scope(|| cut_off(too_slow)),
            };
            if let Err(error) = written {
                self.span.in_scope(|| tracing::debug!(%error, "connection lost"));
                return Disconnect::Lost;
            }
            if let Some(chat) = self.outbox.written(number) {
                self.receipts.written(chat, self.socket.written());
                self.look_at.get_or_insert_with(|| tokio::time::Instant::now() + LOOK_EVERY);
            }
        }
    }

    async fn next(&mut self) -> Next {
        while let Some(look_at) = self.look_at {
            // On the heap: an idle session needs no room for it.
            let next = Box::pin(timeout_at(look_at, self.outbox.next())).await;
            if tokio::time::Instant::now() >= look_at {
                self.look();
            }
            if let Ok(next) = next {
                return next;
            }
        }
        self.outbox.next().await
    }

    /// Tells which chat texts the client has by now.
    fn look(&mut self) {
        if let Ok(progress) = self.socket.progress() {
            for chat in self.receipts.acknowledged(progress) {
                self.engine.report(Report::ChatAcknowledged { session: self.session, chat });
            }
        }
        self.look_at = (!self.receipts.is_empty()).then(|| tokio::time::Instant::now() + LOOK_EVERY);
    }
}

async fn until_too_slow(outbox: &Outbox) -> TooSlow {
    let mut ticks = interval(Duration::from_secs(1));
    ticks.tick().await;
    loop {
        ticks.tick().await;
        if let Some(too_slow) = outbox.too_slow() {
            return too_slow;
        }
    }
}

fn cut_off(too_slow: TooSlow) -> Disconnect {
    count(Counter::SlowReadersCutOff);
    tracing::warn!(cause = %too_slow, "slow reader cut off");
    Disconnect::Lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_of_a_connection_leaves_no_ghost() {
        let (engine, mut inbox) = EngineHandle::new();
        let connection = tokio::spawn(async move {
            let _guard = SessionGuard { session: SessionId(7), engine, is_over: false };
            panic!("on purpose");
        });
        assert!(connection.await.is_err_and(|error| error.is_panic()));
        let message = inbox.message().await.expect("told");
        assert!(matches!(message, Message::Disconnected { session: SessionId(7) }), "{message:?}");
        let report = inbox.report().await.expect("told");
        assert!(matches!(report, Report::ConnectionOver { session: SessionId(7) }), "{report:?}");
    }
}
