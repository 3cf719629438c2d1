//! One client's connection from accept to end: start reading here. First `login` goes through the handshake; then lines
//! become inputs of the live picture, and what the hub puts into the outbox is written. Decides nothing about a
//! request.

use std::future::poll_fn;
use std::io;
use std::mem::{self, MaybeUninit};
use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::{Duration, Instant};
use std::vec;

use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
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
use crate::protocol::request::ClientLine;

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

/// Takes an accepted connection through its login. None: it has ended, and its permit is given back. On the heap, since a
/// future keeps room for its arguments beside what it makes of them.
pub(super) async fn begin(
    stream: TcpStream,
    peer: SocketAddr,
    mut permit: ConnectionPermit,
    server: Arc<ServerContext>,
    shutdown: Shutdown,
) -> Option<Box<LoggedIn>> {
    let span = tracing::info_span!("connection", %peer, user = tracing::field::Empty);
    span.in_scope(|| tracing::debug!("accepted"));
    let Some(entered) = log_in(stream, &mut permit, &server, shutdown).instrument(span.clone()).await else {
        drop(permit);
        span.in_scope(|| tracing::debug!("ended"));
        return None;
    };
    Some(Box::new(LoggedIn { entered, peer, permit, span }))
}

/// How a session's end came about.
enum Disconnect {
    /// The client is gone, or no longer to be spoken to.
    Lost,
    /// All was written that was to be written: say goodbye.
    Closed,
}

/// Serves it to its end; then its permit is given back. Reader and writer are one task: neither can outlive the other. The
/// span is entered for what is logged alone: a session is woken for every broadcast, and each entering costs.
pub(super) async fn serve(logged_in: Box<LoggedIn>, server: Arc<ServerContext>, mut shutdown: Shutdown) {
    let LoggedIn { entered: Entered { socket, lines, budget, admission, token }, peer, permit, span } = *logged_in;
    let (server, span) = (&*server, &span);
    let session = server.next_session();
    let outbox = Arc::new(Outbox::default());
    let tls = socket.tls();
    span.in_scope(|| tracing::info!(session = session.0, is_encrypted = tls.is_some(), "logged in"));
    count(Counter::LoginsAccepted);
    let Ok(room) = server.engine.room().await else { return };
    let (client, answer) = (Connected { outbox: outbox.clone(), peer, tls }, outbox.permit(1));
    room.send(Message::Connected { session, client, admission, permit: answer });
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
    drop(permit);
    span.in_scope(|| tracing::debug!("ended"));
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
            if let Ok(room) = self.engine.room().await {
                room.send(Message::Disconnected { session: self.session });
            }
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
    lookups: Vec<ClientLine>,
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

    /// Serves the lines that are there, then reads more. What a line became waits in heap and not in the future, which has
    /// room for all that it ever holds.
    async fn serve_lines(&mut self, socket: &SharedSocket) -> ControlFlow<Disconnect> {
        loop {
            match self.next_step() {
                Step::Read => break,
                Step::Next => {}
                Step::Look => self.send_lookups().await?,
                Step::Ask(pieces) => self.ask(pieces).await?,
                Step::Refuse(bad) => {
                    self.send_lookups().await?;
                    self.answer_bad_line(bad).await?;
                }
            }
        }
        self.send_lookups().await?;
        // A long line is still held as what it asks for.
        let asked_bytes = mem::take(&mut self.asked_bytes);
        if !self.budget.holds(self.lines.held_bytes() + asked_bytes) {
            let detail = "all long and unfinished lines together are too long".to_owned();
            let notice = protocol_error(ErrorCode::LineTooLong, detail);
            self.answer_bad_line(Box::new(BadLineReply { is_fatal: true, notice })).await?;
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

    /// What a client asks by the thousand while it starts goes to the engine together; all else line by line.
    fn next_step(&mut self) -> Step {
        match self.lines.next_line() {
            Ok(None) => Step::Read,
            Ok(Some(line)) => {
                self.asked_bytes += if line.len() > LINE_BYTES_BEFORE_LOGIN_MAX { line.len() } else { 0 };
                let line = parse(line);
                count(Counter::LinesRead);
                match line {
                    Ok(line) if line.request.is_lookup() => {
                        self.lookups.push(line);
                        if self.lookups.len() >= LOOKUPS_AT_ONCE_MAX as usize { Step::Look } else { Step::Next }
                    }
                    Ok(line) => Step::Ask(line.pieces().into_iter()),
                    Err(bad) => Step::Refuse(Box::new(BadLineReply { is_fatal: false, notice: answer_to(bad) })),
                }
            }
            Err(too_long) => Step::Refuse(Box::new(BadLineReply {
                is_fatal: true,
                notice: protocol_error(ErrorCode::LineTooLong, too_long.to_string()),
            })),
        }
    }

    /// Behind what waits to be looked up.
    async fn ask(&mut self, mut pieces: vec::IntoIter<ClientLine>) -> ControlFlow<Disconnect> {
        self.send_lookups().await?;
        while pieces.len() > 0 {
            self.outbox.until_may_serve(1).await;
            let room = room(self.server).await?;
            if let Some(line) = pieces.next() {
                room.send(Message::Line { session: self.session, line, permit: self.outbox.permit(1) });
            }
        }
        ControlFlow::Continue(())
    }

    async fn send_lookups(&mut self) -> ControlFlow<Disconnect> {
        if self.lookups.is_empty() {
            return ControlFlow::Continue(());
        }
        // Never more than may be unanswered: they are sent in time.
        let number = u32::try_from(self.lookups.len()).unwrap_or(u32::MAX);
        self.outbox.until_may_serve(number).await;
        let room = room(self.server).await?;
        let (lines, permit) = (mem::take(&mut self.lookups), self.outbox.permit(number));
        room.send(Message::Lookups { session: self.session, lines, permit });
        ControlFlow::Continue(())
    }

    /// Answers a bad line; with too many of them the session is to end (protocol decision 2).
    async fn answer_bad_line(&mut self, reply: Box<BadLineReply>) -> ControlFlow<Disconnect> {
        count(Counter::BadLines);
        if let Notice::ProtocolError { code, detail, .. } = &reply.notice {
            self.span.in_scope(|| tracing::info!(?code, detail = shown(detail), "bad line"));
        }
        self.say(&reply.notice).await;
        if reply.is_fatal {
            return self.end();
        }
        if self.bad_lines.one_more(Instant::now()) {
            let detail = format!("{} bad lines within a minute", BAD_LINES_MAX);
            self.say(&protocol_error(ErrorCode::TooManyErrors, detail)).await;
            return self.end();
        }
        ControlFlow::Continue(())
    }

    /// Behind what was said last.
    fn end(&self) -> ControlFlow<Disconnect> {
        self.outbox.close();
        ControlFlow::Break(Disconnect::Closed)
    }

    async fn say(&self, notice: &Notice) {
        self.outbox.until_answered().await;
        self.outbox.push(encode(notice, unix_time()), Priority::Answer, Instant::now());
    }
}

/// Waits until the engine takes another message.
async fn room(server: &ServerContext) -> ControlFlow<Disconnect, mpsc::Permit<'_, Message<Connected>>> {
    match server.engine.room().await {
        Ok(room) => ControlFlow::Continue(room),
        Err(EngineStopped) => ControlFlow::Break(Disconnect::Closed),
    }
}

/// What comes next of what a client sent.
enum Step {
    /// No line is left: more is to be read.
    Read,
    /// It waits with others, and there is room for more of them.
    Next,
    /// There are enough of those.
    Look,
    /// One by one.
    Ask(vec::IntoIter<ClientLine>),
    Refuse(Box<BadLineReply>),
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

    fn future_bytes<A, B, C, F: Future>(_: impl Fn(A, B, C) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn a_session_that_does_nothing_holds_little() {
        let bytes = future_bytes(serve);
        assert!(bytes <= 2048, "{bytes}: what grew is held by every session, for as long as it is there");
    }

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
