//! The socket to Asterisk: found, connected, encrypted where the settings say so.

use std::net::SocketAddr;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadHalf, WriteHalf, split};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::lost::Lost;
use crate::certificate::{TrustFile, server_name};
use crate::settings::ami_settings::AmiSettings;
use crate::settings::host::Host;

/// To connect, and to encrypt, together.
pub(crate) const CONNECT_MAX: Duration = Duration::from_secs(10);
/// A dead host is noticed by the system too, should nothing be sent.
const KEEPALIVE: Duration = Duration::from_secs(30);

pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// An open connection.
pub(super) struct Connection {
    pub(super) read: ReadHalf<Box<dyn Stream>>,
    pub(super) write: WriteHalf<Box<dyn Stream>>,
    pub(super) peer: SocketAddr,
}

pub(super) async fn connect(settings: &AmiSettings, trust: &TrustFile) -> Result<Connection, Lost> {
    let none = |_| Lost::NoAnswer { address: settings.to_string(), within: CONNECT_MAX };
    timeout(CONNECT_MAX, connect_at_length(settings, trust)).await.map_err(none)?
}

async fn connect_at_length(settings: &AmiSettings, trust: &TrustFile) -> Result<Connection, Lost> {
    let connected = match &settings.host {
        Host::Address(address) => TcpStream::connect((*address, settings.port)).await,
        Host::Name(name) => TcpStream::connect((&**name, settings.port)).await,
    };
    let prepared = connected.and_then(|stream| {
        stream.set_nodelay(true)?;
        let keepalive = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE);
        SockRef::from(&stream).set_tcp_keepalive(&keepalive)?;
        let peer = stream.peer_addr()?;
        Ok((stream, peer))
    });
    let (stream, peer) = prepared.map_err(|cause| Lost::Connect { address: settings.to_string(), cause })?;
    let stream: Box<dyn Stream> = if settings.tls {
        let config = trust.now().await?.client_config(&settings.host)?;
        let encrypted = TlsConnector::from(config).connect(server_name(&settings.host)?, stream).await;
        Box::new(encrypted.map_err(|cause| Lost::Encrypt { address: settings.to_string(), cause })?)
    } else {
        Box::new(stream)
    };
    let (read, write) = split(stream);
    Ok(Connection { read, write, peer })
}
