//! A client's stream of bytes, in clear or encrypted, as one type; how far its client has taken what was written, and how
//! it is ended without losing what was written last.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::os::fd::AsFd as _;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use super::client_hello::{self, HELLO_BYTES_MAX, Hello};
use super::unsent::unacknowledged_bytes;
use crate::settings::setting::TlsVersion;

/// How long a closing socket waits for the client to close its side.
const FAREWELL: Duration = Duration::from_secs(1);
/// What a closing socket still takes from the client, to throw it away.
const FAREWELL_BYTES_MAX: usize = 1024 * 1024;

/// Most hellos are no longer.
const HELLO_BYTES_USUAL: usize = 512;

/// A TCP connection that counts what is written to it: the bytes on the wire, whatever they are.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    /// Read to be looked at, and to be read again before what comes behind it.
    looked_at: Bytes,
    written: u64,
    is_shut_down: bool,
}

/// How far the client is, in bytes on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WireProgress {
    pub(super) written: u64,
    /// Of those.
    pub(super) unacknowledged: u64,
}

impl Wire {
    pub(super) fn stream(&self) -> &TcpStream {
        &self.stream
    }

    /// Looks at the client's first message of TLS, and leaves it to be read by whoever shakes hands. To be called before
    /// anything else is read.
    pub(super) async fn client_hello(&mut self) -> io::Result<Hello> {
        let mut bytes = Vec::with_capacity(HELLO_BYTES_USUAL);
        let hello = loop {
            let hello = client_hello::read(&bytes);
            if hello != Hello::Unfinished {
                break hello;
            }
            let room = HELLO_BYTES_MAX - bytes.len();
            if (&mut self.stream).take(room as u64).read_buf(&mut bytes).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        };
        self.looked_at = bytes.into();
        Ok(hello)
    }

    fn progress(&self) -> io::Result<WireProgress> {
        let unacknowledged = unacknowledged_bytes(self.stream.as_fd())?;
        // A FIN that is not acknowledged counts as a byte.
        let unacknowledged = unacknowledged.saturating_sub(u64::from(self.is_shut_down));
        Ok(WireProgress { written: self.written, unacknowledged })
    }
}

#[derive(Debug)]
pub(super) enum Socket {
    Clear(Wire),
    Rustls(Box<TlsStream<Wire>>),
    /// TLS 1.0 or 1.1.
    #[cfg(feature = "legacy-tls")]
    OpenSsl(Box<tokio_openssl::SslStream<Wire>>),
}

impl Socket {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self::Clear(Wire { stream, looked_at: Bytes::new(), written: 0, is_shut_down: false })
    }

    /// Closes so that the last line arrives: says the end, then reads until the client has closed too. A close with
    /// unread bytes would make the system throw away what was written.
    pub(super) async fn close(&mut self) {
        let farewell = async {
            self.shutdown().await?;
            // On the heap: what a session holds to its end is to be small.
            let mut scratch = vec![0; 4096];
            let mut taken = 0;
            while taken < FAREWELL_BYTES_MAX {
                match self.read(&mut scratch).await? {
                    0 => break,
                    bytes => taken += bytes,
                }
            }
            io::Result::Ok(())
        };
        // Whatever goes wrong now, the socket is closed by drop.
        let _ = timeout(FAREWELL, farewell).await;
    }

    /// Closes without waiting for the client: what was written last may be lost.
    pub(super) async fn close_at_once(&mut self) {
        // Looked at once. Whatever goes wrong now, the socket is closed by drop.
        let _ = timeout(Duration::ZERO, self.shutdown()).await;
    }

    /// Right also after the connection was given up, and until the socket is dropped.
    pub(super) fn progress(&self) -> io::Result<WireProgress> {
        self.wire().progress()
    }

    fn wire(&self) -> &Wire {
        match self {
            Self::Clear(wire) => wire,
            Self::Rustls(stream) => stream.get_ref().0,
            #[cfg(feature = "legacy-tls")]
            Self::OpenSsl(stream) => stream.get_ref(),
        }
    }

    /// The version that the handshake agreed on; None in clear.
    pub(super) fn tls(&self) -> Option<TlsVersion> {
        match self {
            Self::Clear(_) => None,
            Self::Rustls(stream) => match stream.get_ref().1.protocol_version() {
                Some(rustls::ProtocolVersion::TLSv1_3) => Some(TlsVersion::V1_3),
                _ => Some(TlsVersion::V1_2),
            },
            #[cfg(feature = "legacy-tls")]
            Self::OpenSsl(stream) => match stream.ssl().version2() {
                Some(openssl::ssl::SslVersion::TLS1_1) => Some(TlsVersion::V1_1),
                _ => Some(TlsVersion::V1_0),
            },
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Clear(stream) => Pin::new(stream).poll_read(context, into),
            Self::Rustls(stream) => Pin::new(stream).poll_read(context, into),
            #[cfg(feature = "legacy-tls")]
            Self::OpenSsl(stream) => Pin::new(stream).poll_read(context, into),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Clear(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Rustls(stream) => Pin::new(stream).poll_write(context, bytes),
            #[cfg(feature = "legacy-tls")]
            Self::OpenSsl(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Clear(stream) => Pin::new(stream).poll_flush(context),
            Self::Rustls(stream) => Pin::new(stream).poll_flush(context),
            #[cfg(feature = "legacy-tls")]
            Self::OpenSsl(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Clear(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Rustls(stream) => Pin::new(stream).poll_shutdown(context),
            #[cfg(feature = "legacy-tls")]
            Self::OpenSsl(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.looked_at.is_empty() {
            return Pin::new(&mut this.stream).poll_read(context, into);
        }
        let again = this.looked_at.split_to(this.looked_at.len().min(into.remaining()));
        into.put_slice(&again);
        Poll::Ready(Ok(()))
    }
}

impl Wire {
    fn count(&mut self, written: io::Result<usize>) -> io::Result<usize> {
        written.inspect(|bytes| self.written += u64::try_from(*bytes).unwrap_or_default())
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write(context, bytes));
        Poll::Ready(this.count(written))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.stream).poll_write_vectored(context, bytes));
        Poll::Ready(this.count(written))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.is_shut_down = true;
        Pin::new(&mut this.stream).poll_shutdown(context)
    }
}

/// A socket that one task reads, writes and asks how far its client is, each where it is at it.
#[derive(Debug)]
pub(super) struct SharedSocket(Mutex<Socket>);

impl SharedSocket {
    pub(super) fn new(socket: Socket) -> Self {
        Self(Mutex::new(socket))
    }

    pub(super) fn into_socket(self) -> Socket {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn poll_read(&self, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.lock()).poll_read(context, into)
    }

    /// Writes all of it, and hands all of it to the system.
    pub(super) async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let number = poll_fn(|context| Pin::new(&mut *self.lock()).poll_write(context, bytes)).await?;
            if number == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            bytes = &bytes[number..];
        }
        poll_fn(|context| Pin::new(&mut *self.lock()).poll_flush(context)).await
    }

    /// Bytes on the wire.
    pub(super) fn written(&self) -> u64 {
        self.lock().wire().written
    }

    pub(super) fn progress(&self) -> io::Result<WireProgress> {
        self.lock().progress()
    }

    fn lock(&self) -> MutexGuard<'_, Socket> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
