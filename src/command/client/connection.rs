//! The connection to the server: lines of JSON both ways, first in clear, then in TLS after STARTTLS (protocol 2.3).
//! Every line that comes is printed here, so that nothing is missed by whoever waits for a certain one.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::address::Address;
use super::render;
use super::trust::Trust;
use crate::certificate;
use crate::command::failure::Failure;
use crate::command::output::Output;
use crate::protocol::frame::LineBuffer;

/// Connecting, and the handshake.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// A server that encrypts offers it at once.
const OFFER_TIMEOUT: Duration = Duration::from_secs(5);
/// A password check may wait for others before it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
const READ_BYTES: usize = 16 * 1024;

trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// Takes what the server says, a line at a time.
pub(super) struct LineReader<'a> {
    half: ReadHalf<Box<dyn Duplex>>,
    lines: LineBuffer,
    output: &'a Output,
}

impl LineReader<'_> {
    /// The next message, printed; None once the server has closed. May be dropped while it waits: nothing is lost.
    pub(super) async fn next_message(&mut self) -> Result<Option<Value>, Failure> {
        loop {
            let line =
                self.lines.next_line().map_err(|error| Failure::new("the server sent too much").cause(&error))?;
            if let Some(line) = line {
                return tell(line, self.output).map(Some);
            }
            let mut bytes = vec![0; READ_BYTES];
            match self.half.read(&mut bytes).await {
                Ok(0) => return Ok(None),
                Ok(count) => self.lines.feed(&bytes[..count]),
                // Closed with lines of ours unread, or without TLS's farewell: closed all the same.
                Err(error) if is_end(&error) => return Ok(None),
                Err(error) => return Err(Failure::new("cannot read from the server").cause(&error)),
            }
        }
    }
}

/// Sends lines.
pub(super) struct Writer {
    half: WriteHalf<Box<dyn Duplex>>,
}

impl Writer {
    pub(super) async fn send(&mut self, line: &str) -> std::io::Result<()> {
        self.half.write_all(format!("{line}\n").as_bytes()).await?;
        self.half.flush().await
    }
}

/// Gives each line its `commandid`, as the desktop clients do; from 1 up, so that a log is easy to follow.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    last: u64,
}

impl Numbered {
    pub(super) fn line(&mut self, mut message: Value) -> String {
        self.last += 1;
        message["commandid"] = self.last.into();
        message.to_string()
    }

    /// The number of the line made last.
    pub(super) fn last(&self) -> u64 {
        self.last
    }
}

/// Both directions while questions and answers alternate.
pub(super) struct Connection<'a> {
    pub(super) reader: LineReader<'a>,
    pub(super) writer: Writer,
    pub(super) numbered: Numbered,
}

impl<'a> Connection<'a> {
    pub(super) async fn open(server: &Address, output: &'a Output) -> Result<Self, Failure> {
        let failed = || Failure::new(format!("cannot connect to {server}"));
        match timeout(CONNECT_TIMEOUT, TcpStream::connect((server.host.as_str(), server.port))).await {
            Ok(Ok(stream)) => {
                // A line is a packet; a socket that cannot be told so is only slower.
                let _ = stream.set_nodelay(true);
                Ok(Self::over(Box::new(stream), output))
            }
            Ok(Err(error)) => Err(failed().cause(&error)),
            Err(_) => Err(failed().hint(format!("nothing answered within {} s", CONNECT_TIMEOUT.as_secs()))),
        }
    }

    fn over(stream: Box<dyn Duplex>, output: &'a Output) -> Self {
        let (read, write) = tokio::io::split(stream);
        let mut lines = LineBuffer::new();
        lines.allow_long_lines();
        let reader = LineReader { half: read, lines, output };
        Self { reader, writer: Writer { half: write }, numbered: Numbered::default() }
    }

    /// Waits for the offer, takes it and shakes hands.
    pub(super) async fn encrypt(mut self, server: &Address, trust: &Trust) -> Result<Self, Failure> {
        timeout(OFFER_TIMEOUT, self.answer_of("starttls")).await.map_err(|_| {
            Failure::new(format!("{server} offers no encryption"))
                .hint("`--clear` logs in without; everybody on the way can read the password then")
        })??;
        self.say(json!({"class": "starttls", "status": true})).await?;
        let answer = self.answer_of("starttls").await?;
        if answer["starttls"] != Value::Bool(true) {
            return Err(Failure::new(format!("{server} does not encrypt although it offered to")));
        }
        if self.reader.lines.held_bytes() > 0 {
            return Err(Failure::new("the server went on in clear after it had agreed to encrypt"));
        }
        let output = self.reader.output;
        let failed = || Failure::new(format!("cannot encrypt the connection to {server}"));
        let name = ServerName::try_from(server.host.clone()).map_err(|error| failed().cause(&error))?;
        let config = trust.config().map_err(|error| failed().cause(&error))?;
        let stream = self.reader.half.unsplit(self.writer.half);
        let handshake = TlsConnector::from(Arc::new(config)).connect(name, stream);
        let stream = timeout(CONNECT_TIMEOUT, handshake)
            .await
            .map_err(|_| failed().hint("the handshake did not end"))?
            .map_err(|error| failed().cause(&error).hint(trust.remedy.clone()))?;
        let certificate = stream.get_ref().1.peer_certificates().and_then(|chain| chain.first());
        let fingerprint = certificate.map(|certificate| certificate::fingerprint(certificate)).unwrap_or_default();
        let words = format!("certificate SHA-256 {fingerprint} ({})", trust.words);
        if trust.is_blind {
            output.warning(&words)
        } else {
            output.note(&words)
        }
        Ok(Self { numbered: self.numbered, ..Self::over(Box::new(stream), output) })
    }

    /// Sends one message with its number.
    pub(super) async fn say(&mut self, message: Value) -> Result<(), Failure> {
        let line = self.numbered.line(message);
        let sent = self.writer.send(&line).await;
        // What the server said before it closed explains more than that it closed: it is read next.
        sent.or_else(|error| if is_end(&error) { Ok(()) } else { Err(error) })
            .map_err(|error| Failure::new("cannot write to the server").cause(&error))
    }

    /// The next message of this class; others are printed and passed over, but for `protocol_error`.
    pub(super) async fn answer_of(&mut self, class: &str) -> Result<Value, Failure> {
        let waiting = async {
            loop {
                let message = self.reader.next_message().await?;
                let message = message.ok_or_else(|| Failure::new(format!("the server closed instead of `{class}`")))?;
                if message["class"] == class || message["class"] == "protocol_error" {
                    return Ok::<Value, Failure>(message);
                }
            }
        };
        let message = timeout(ANSWER_TIMEOUT, waiting)
            .await
            .map_err(|_| Failure::new(format!("no `{class}` from the server in {} s", ANSWER_TIMEOUT.as_secs())))??;
        if message["class"] == "protocol_error" {
            let (code, detail) = (render::text(&message["error_string"]), render::text(&message["detail"]));
            return Err(Failure::new(format!("the server refused a line: {code}: {detail}")));
        }
        Ok(message)
    }
}

/// Prints a line: as it came with `--json`, else in words.
fn tell(line: &[u8], output: &Output) -> Result<Value, Failure> {
    let text = String::from_utf8_lossy(line);
    let message: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if output.is_json() {
        output.data(&text)?;
    } else if message.is_null() {
        output.data(&format!("not JSON: {text}"))?;
    } else {
        output.data(&render::of(&message))?;
    }
    Ok(message)
}

fn is_end(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}
