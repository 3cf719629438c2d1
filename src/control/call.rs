//! The caller of the control socket: one request, one response, blocking, with a deadline. Tells a server that is not running
//! from one that does not answer.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
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
}

/// Asks the server of this data folder and waits for its response, each read and write at most as long as `patience`. A
/// `Response::Failed` comes as `ControlError::Refused`.
pub(crate) fn call(folder: &Path, request: &Request, patience: Duration) -> Result<Response, ControlError> {
    let socket = socket_path(folder);
    let stream = connect(&socket, patience).map_err(|source| match source.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
            ControlError::NotRunning { folder: folder.to_owned() }
        }
        _ => ControlError::Talk { socket: socket.clone(), source },
    })?;
    let line =
        exchange(stream, request, patience).map_err(|source| ControlError::Talk { socket: socket.clone(), source })?;
    match serde_json::from_str(&line) {
        Ok(Response::Failed { why }) => Err(ControlError::Refused { why }),
        Ok(reply) => Ok(reply),
        Err(error) => Err(ControlError::Answer { socket, why: error.to_string() }),
    }
}

/// A server that stands still takes calls until its queue is full; then a plain connect would wait for ever.
fn connect(path: &Path, patience: Duration) -> io::Result<UnixStream> {
    let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
    socket.connect_timeout(&SockAddr::unix(path)?, patience)?;
    Ok(UnixStream::from(OwnedFd::from(socket)))
}

fn exchange(mut stream: UnixStream, request: &Request, patience: Duration) -> io::Result<String> {
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let mut line = serde_json::to_string(request)?;
    line.push('\n');
    stream.write_all(line.as_bytes())?;
    let mut reply = String::new();
    BufReader::new(stream.take(LINE_BYTES_MAX as u64)).read_line(&mut reply)?;
    Ok(reply)
}
