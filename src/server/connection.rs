//! One client's connection from accept to end: start reading here. First `login` climbs the ladder; then lines become
//! inputs of the live picture, and what the hub puts into the outbox is written. Decides nothing about a request.

use std::future::poll_fn;
use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::ReadBuf;
use tokio::net::TcpStream;
use tokio::time::{interval, timeout, timeout_at};
use tracing::{Instrument as _, Span};

use super::apart::Apart;
use super::bad_lines::{BAD_LINES_MAX, BadLines, answer_to, protocol_error};
use super::clock::unix_time;
use super::hub::Arrival;
use super::limits::{Place, UnfinishedLine};
use super::login::{Entered, log_in};
use super::outbox::{Lane, Next, Outbox, TooSlow};
use super::owner::Message;
use super::receipts::Receipts;
use super::service::{Service, ToOwner};
use super::socket::{SharedSocket, Socket};
use super::stop::StopSignal;
use crate::live::{Input, SessionId};
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

/// Serves one accepted connection to its end. The place is given back when it is over.
pub(super) async fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    mut place: Place,
    service: Arc<Service>,
    stop: StopSignal,
) {
    let span = tracing::info_span!("connection", %peer, user = tracing::field::Empty);
    span.in_scope(|| tracing::debug!("accepted"));
    // On the heap for the time of the login alone: thousands of idle sessions need its room no more.
    let entered = Box::pin(log_in(stream, &mut place, &service, stop.clone()).instrument(span.clone())).await;
    if let Some(entered) = entered {
        talk(entered, peer, &service, stop, &span).await;
    }
    span.in_scope(|| tracing::debug!("ended"));
}

/// How a session's end came about.
enum Ended {
    /// The client is gone, or no longer to be spoken to.
    Lost,
    /// All was written that was to be written: say goodbye.
    Closed,
}

/// Serves a logged-in session. Reader and writer are one task: neither can outlive the other. The span is entered for
/// what is logged alone: a session is woken for every broadcast, and each entering costs.
async fn talk(entered: Entered, peer: SocketAddr, service: &Service, mut stop: StopSignal, span: &Span) {
    let Entered { socket, lines, unfinished, admission } = entered;
    let session = service.next_session();
    let outbox = Arc::new(Outbox::default());
    let tls = socket.tls();
    span.in_scope(|| tracing::info!(session = session.0, is_encrypted = tls.is_some(), "logged in"));
    count(Counter::LoginsAccepted);
    outbox.asked();
    let arrival = Arrival { session, outbox: outbox.clone(), peer, tls };
    if !service.owner.send(Message::Enter { arrival, admission }).await {
        return;
    }
    let mut presence = Presence { session, owner: service.owner.clone(), is_over: false };
    let socket = SharedSocket::new(socket);
    let mut receipts = Receipts::default();
    let mut reader = Reader {
        lines,
        unfinished,
        asked_bytes: 0,
        session,
        outbox: &outbox,
        service,
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
            owner: &service.owner,
            span,
        };
        let writing = writer.run();
        tokio::pin!(reading, writing);
        // Borrows: a future that is moved into another is held twice.
        let reading_or_stop = pin!(async {
            tokio::select! {
                ended = &mut reading => Some(ended),
                () = stop.said() => None,
            }
        });
        let mut reading_or_stop = Apart::new(reading_or_stop);
        tokio::select! {
            // What a session is mostly woken for comes first.
            biased;
            ended = &mut writing => ended,
            ended = &mut reading_or_stop => match ended {
                Some(Ended::Lost) => Ended::Lost,
                // The writer closes behind the reader's last word.
                Some(Ended::Closed) => timeout(CLOSING_MAX, writing).await.unwrap_or(Ended::Lost),
                None => {
                    outbox.close();
                    timeout(STOPPING_MAX, writing).await.unwrap_or(Ended::Lost)
                }
            },
        }
    };
    // On a planned stop no session ends ("Ours" 5).
    presence.end(&stop).await;
    span.in_scope(|| tracing::info!(session = session.0, "session ended"));
    drop(reader);
    let mut socket = socket.into_socket();
    if matches!(ended, Ended::Closed) {
        socket.close().await;
    }
    presence.connection_over(&mut receipts, &socket);
}

/// A session that the owner of the live picture knows of. A connection that ends by a panic must not stay there as a
/// ghost.
struct Presence {
    session: SessionId,
    owner: ToOwner,
    is_over: bool,
}

impl Presence {
    async fn end(&mut self, stop: &StopSignal) {
        self.is_over = true;
        if !stop.is_said() {
            self.owner.send(Message::Input(Input::Gone { session: self.session })).await;
        }
    }

    /// The last look at how far the client is, before the socket goes.
    fn connection_over(self, receipts: &mut Receipts, socket: &Socket) {
        if let Ok(progress) = socket.progress() {
            for chat in receipts.acknowledged(progress) {
                self.owner.tell(Input::ChatAcknowledged { session: self.session, chat });
            }
        }
        self.owner.tell(Input::ConnectionOver { session: self.session });
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        if self.is_over || !std::thread::panicking() {
            return;
        }
        let (owner, session) = (self.owner.clone(), self.session);
        // Nobody can wait in a drop; the owner's queue may be full.
        tokio::spawn(async move {
            owner.send(Message::Input(Input::Gone { session })).await;
            owner.tell(Input::ConnectionOver { session });
        });
    }
}

struct Reader<'a> {
    lines: LineBuffer,
    unfinished: UnfinishedLine,
    /// Bytes of long lines that were read since the last wait for answers.
    asked_bytes: usize,
    session: SessionId,
    outbox: &'a Outbox,
    service: &'a Service,
    bad_lines: BadLines,
    span: &'a Span,
}

impl Reader<'_> {
    /// Lines to inputs, at the pace at which the client reads its answers ("Ours" 13).
    async fn run(&mut self, socket: &SharedSocket) -> Ended {
        loop {
            while let Some(line) = self.next_line() {
                let is_open = match line {
                    Ok(line) => self.ask(line).await,
                    Err(bad) => self.complain(bad).await,
                };
                if !is_open {
                    return Ended::Closed;
                }
            }
            // A long line is still held as what it asks for.
            let asked_bytes = std::mem::take(&mut self.asked_bytes);
            if !self.unfinished.holds(self.lines.held_bytes() + asked_bytes) {
                let detail = "all long and unfinished lines together are too long".to_owned();
                self.last_word(protocol_error(ErrorCode::LineTooLong, detail)).await;
                return Ended::Closed;
            }
            self.outbox.until_may_read().await;
            if asked_bytes > 0 {
                self.unfinished.holds(self.lines.held_bytes());
            }
            if !self.read(socket).await {
                return Ended::Lost;
            }
        }
    }

    async fn read(&mut self, socket: &SharedSocket) -> bool {
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
            Ok(number) => number > 0,
            Err(error) => {
                self.span.in_scope(|| tracing::debug!(%error, "connection lost"));
                false
            }
        }
    }

    fn next_line(&mut self) -> Option<Result<Line, Complaint>> {
        match self.lines.next_line() {
            Ok(line) => {
                let line = line?;
                self.asked_bytes += if line.len() > LINE_BYTES_BEFORE_LOGIN_MAX { line.len() } else { 0 };
                let line = parse(line);
                count(Counter::LinesRead);
                Some(line.map_err(|bad| Complaint { is_fatal: false, notice: answer_to(bad) }))
            }
            Err(too_long) => Some(Err(Complaint {
                is_fatal: true,
                notice: protocol_error(ErrorCode::LineTooLong, too_long.to_string()),
            })),
        }
    }

    async fn ask(&mut self, line: Line) -> bool {
        for line in line.pieces() {
            self.outbox.until_may_serve().await;
            self.outbox.asked();
            if !self.service.owner.send(Message::Input(Input::Asked { session: self.session, line })).await {
                return false;
            }
        }
        true
    }

    /// Answers a bad line; false once the session is to end ("Ours" 2).
    async fn complain(&mut self, complaint: Complaint) -> bool {
        count(Counter::BadLines);
        if let Notice::ProtocolError { code, detail, .. } = &complaint.notice {
            self.span.in_scope(|| tracing::info!(?code, detail = shown(detail), "bad line"));
        }
        if complaint.is_fatal {
            self.last_word(complaint.notice).await;
            return false;
        }
        self.say(&complaint.notice).await;
        if self.bad_lines.one_more(Instant::now()) {
            let detail = format!("{} bad lines within a minute", BAD_LINES_MAX);
            self.last_word(protocol_error(ErrorCode::TooManyErrors, detail)).await;
            return false;
        }
        true
    }

    async fn last_word(&self, notice: Notice) {
        self.say(&notice).await;
        self.outbox.close();
    }

    async fn say(&self, notice: &Notice) {
        self.outbox.until_answered().await;
        self.outbox.push(encode(notice, unix_time()), Lane::Answer, Instant::now());
    }
}

struct Complaint {
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
    owner: &'a ToOwner,
    span: &'a Span,
}

impl Writer<'_> {
    /// Writes what waits, all at once, until the outbox is closed or the client is too slow.
    async fn run(&mut self) -> Ended {
        loop {
            let (bytes, number) = match self.next().await {
                Next::Write(bytes, number) => (bytes, number),
                Next::Close => return Ended::Closed,
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
                return Ended::Lost;
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
                self.owner.tell(Input::ChatAcknowledged { session: self.session, chat });
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

fn cut_off(too_slow: TooSlow) -> Ended {
    count(Counter::SlowReadersCutOff);
    tracing::warn!(cause = %too_slow, "slow reader cut off");
    Ended::Lost
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_panic_of_a_connection_leaves_no_ghost() {
        let (sender, mut messages) = mpsc::channel(1);
        let (inputs, mut told_at_once) = mpsc::unbounded_channel();
        let owner = ToOwner { messages: sender, inputs };
        let connection = tokio::spawn(async move {
            let _presence = Presence { session: SessionId(7), owner, is_over: false };
            panic!("on purpose");
        });
        assert!(connection.await.is_err_and(|error| error.is_panic()));
        let told = messages.recv().await.expect("told");
        assert!(matches!(told, Message::Input(Input::Gone { session: SessionId(7) })), "{told:?}");
        let told = told_at_once.recv().await.expect("told");
        assert!(matches!(told, Input::ConnectionOver { session: SessionId(7) }), "{told:?}");
    }
}
