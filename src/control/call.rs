//! The caller of the control socket: one request, one response, blocking, with a deadline. Tells a server that is not running
//! from one that does not answer.

use std::io::{self, BufRead as _, BufReader, Read as _, Take, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket, Type};

use super::{LINE_BYTES_MAX, Request, Response, socket_path};

#[derive(Debug, thiserror::Error)]
pub(crate) enum ControlError {
    /// Nobody listens: there is no socket, or it is a dead server's.
    #[error("no server runs on {}", .folder.display())]
    NotRunning { folder: PathBuf },
    #[error("cannot talk to the server through {}", .socket.display())]
    Talk { socket: PathBuf, source: io::Error },
    #[error("the server's answer through {} cannot be read: {why}", .socket.display())]
    Answer { socket: PathBuf, why: String },
    #[error("the server refused: {why}")]
    Refused { why: String },
    #[error("the events were read too slowly, and the server sends no more of them")]
    ReadTooSlowly,
}

/// Asks the server of this data folder and waits for its response, each read and write at most as long as `patience`. A
/// `Response::Failed` comes as `ControlError::Refused`.
pub(crate) fn call(folder: &Path, request: &Request, patience: Duration) -> Result<Response, ControlError> {
    ask(folder, request, patience).map(|(response, _)| response)
}

/// Follows what happens in the server of this data folder, as the request says; it has begun when this returns.
pub(crate) fn follow(folder: &Path, request: &Request, patience: Duration) -> Result<EventLines, ControlError> {
    let (response, reader) = ask(folder, request, patience)?;
    let socket = socket_path(folder);
    if !matches!(response, Response::FollowingEvents | Response::TracingTelephony) {
        return Err(ControlError::Answer { socket, why: "it is no beginning of events".to_owned() });
    }
    // Nothing may happen for hours.
    reader.get_ref().get_ref().set_read_timeout(None).map_err(|source| talk(&socket, source))?;
    Ok(EventLines { reader, socket })
}

/// A stream of events.
#[derive(Debug)]
pub(crate) struct EventLines {
    reader: LineReader,
    socket: PathBuf,
}

impl EventLines {
    /// Waits for the next event: its line, with the line end. None: the server has stopped.
    pub(crate) fn next(&mut self) -> Result<Option<String>, ControlError> {
        let mut line = String::new();
        self.reader.get_mut().set_limit(LINE_BYTES_MAX as u64);
        self.reader.read_line(&mut line).map_err(|source| talk(&self.socket, source))?;
        if line.is_empty() {
            return Ok(None);
        }
        match serde_json::from_str(&line) {
            Ok(Response::EventsReadTooSlowly) => Err(ControlError::ReadTooSlowly),
            Ok(Response::Failed { .. }) => Ok(None),
            // No event is of a type that a response has.
            Ok(_) | Err(_) => Ok(Some(line)),
        }
    }
}

type LineReader = BufReader<Take<UnixStream>>;

fn ask(folder: &Path, request: &Request, patience: Duration) -> Result<(Response, LineReader), ControlError> {
    let socket = socket_path(folder);
    let stream = connect(&socket, patience).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
            ControlError::NotRunning { folder: folder.to_owned() }
        }
        _ => talk(&socket, source),
    })?;
    let (line, reader) = exchange(stream, request, patience).map_err(|source| talk(&socket, source))?;
    match serde_json::from_str(&line) {
        Ok(Response::Failed { why }) => Err(ControlError::Refused { why }),
        Ok(response) => Ok((response, reader)),
        Err(error) => Err(ControlError::Answer { socket, why: error.to_string() }),
    }
}

fn talk(socket: &Path, source: io::Error) -> ControlError {
    ControlError::Talk { socket: socket.to_owned(), source }
}

/// A server that stands still takes calls until its queue is full; then a plain connect would wait for ever.
fn connect(path: &Path, patience: Duration) -> io::Result<UnixStream> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.connect_timeout(&SockAddr::unix(path)?, patience)?;
    Ok(UnixStream::from(OwnedFd::from(socket)))
}

fn exchange(mut stream: UnixStream, request: &Request, patience: Duration) -> io::Result<(String, LineReader)> {
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let mut line = serde_json::to_string(request)?;
    line.push('\n');
    stream.write_all(line.as_bytes())?;
    let mut line = String::new();
    let mut reader = BufReader::new(stream.take(LINE_BYTES_MAX as u64));
    reader.read_line(&mut line)?;
    Ok((line, reader))
}
