//! A client's stream of bytes, in clear or encrypted, as one type, and how it is ended without losing what was written
//! last.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use crate::settings::setting::TlsVersion;

/// How long a closing socket waits for the client to close its side.
const FAREWELL: Duration = Duration::from_secs(1);
/// What a closing socket still takes from the client, to throw it away.
const FAREWELL_BYTES_MAX: usize = 1024 * 1024;

#[derive(Debug)]
pub(super) enum Socket {
    Clear(TcpStream),
    Encrypted(Box<TlsStream<TcpStream>>),
}

impl Socket {
    /// Closes so that the last line arrives: says the end, then reads until the client has closed too. A close with
    /// unread bytes would make the system throw away what was written.
    pub(super) async fn close(mut self) {
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

    /// The version that the handshake agreed on; None in clear.
    pub(super) fn tls(&self) -> Option<TlsVersion> {
        match self {
            Self::Clear(_) => None,
            Self::Encrypted(stream) => match stream.get_ref().1.protocol_version() {
                Some(rustls::ProtocolVersion::TLSv1_3) => Some(TlsVersion::V1_3),
                _ => Some(TlsVersion::V1_2),
            },
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Clear(stream) => Pin::new(stream).poll_read(context, into),
            Self::Encrypted(stream) => Pin::new(stream).poll_read(context, into),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Clear(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Encrypted(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Clear(stream) => Pin::new(stream).poll_flush(context),
            Self::Encrypted(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Clear(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Encrypted(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
