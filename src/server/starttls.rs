//! The TLS handshake in mid-stream: its versions, its own timeout, and what the log says when it fails. rustls does the
//! cryptography; the pair comes from `certificate::CurrentPair` at each handshake.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring::default_provider;
use rustls::version::{TLS12, TLS13};
use rustls::{PeerIncompatible, ServerConfig, SupportedProtocolVersion};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::socket::{Socket, Wire};
use crate::certificate::CurrentPair;
use crate::observe::counter::{Counter, count};
use crate::settings::setting::TlsVersion;

const HANDSHAKE_MAX: Duration = Duration::from_secs(10);
/// Bytes up to and with the version of a client's hello.
const HELLO_START: usize = 11;
const HANDSHAKE_RECORD: u8 = 22;
const CLIENT_HELLO: u8 = 1;
/// A fatal alert `protocol_version` in a record of TLS 1.0 (RFC 5246 7.2).
const VERSION_ALERT: [u8; 7] = [21, 3, 1, 0, 2, 2, 70];
/// Between looks at a hello that has not come whole; each wait is twice as long as the one before, so that many clients
/// who dawdle cost nothing.
const FIRST_LOOK_AFTER: Duration = Duration::from_millis(10);

/// What a person is to do about a client that speaks only an older TLS.
const OLD_TLS_REMEDY: &str = "released desktop clients speak only TLS 1.0: in the client open the menu \
     XiVO Client (Wazo Client) > Configure, tab Administration, and switch encryption off (the padlock button raised); \
     where only such clients log in, `ctibox setting set encryption.mode off` spares each of them a failed attempt";

/// One acceptor for each least version.
pub(super) struct TlsAcceptors {
    from_1_2: TlsAcceptor,
    from_1_3: TlsAcceptor,
}

impl TlsAcceptors {
    pub(super) fn new(pair: &Arc<CurrentPair>) -> Self {
        let settings = |versions: &[&'static SupportedProtocolVersion]| {
            let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
                .with_protocol_versions(versions)
                .expect("the provider serves TLS 1.2 and 1.3")
                .with_no_client_auth()
                .with_cert_resolver(pair.clone());
            TlsAcceptor::from(Arc::new(config))
        };
        Self { from_1_2: settings(&[&TLS13, &TLS12]), from_1_3: settings(&[&TLS13]) }
    }

    /// Shakes hands as the server; a failure is logged and counted here, and the socket is closed.
    pub(super) async fn handshake(&self, stream: Wire, least: TlsVersion) -> Option<Box<TlsStream<Wire>>> {
        let acceptor = match least {
            TlsVersion::V1_2 => &self.from_1_2,
            TlsVersion::V1_3 => &self.from_1_3,
        };
        let error = match timeout(HANDSHAKE_MAX, shake_hands(acceptor, stream)).await {
            Ok(Ok(stream)) => {
                count(Counter::HandshakesDone);
                return Some(Box::new(stream));
            }
            Ok(Err(error)) => error,
            Err(_) => Failed::Other(io::Error::new(io::ErrorKind::TimedOut, "no TLS handshake within 10 s")),
        };
        count(Counter::HandshakesFailed);
        match error {
            Failed::TooOld => {
                count(Counter::HandshakesTooOld);
                tracing::warn!(
                    "TLS handshake failed: the client offers only a TLS older than {}; {OLD_TLS_REMEDY}",
                    least.as_str()
                );
            }
            Failed::Other(error) => tracing::warn!(%error, "TLS handshake failed"),
        }
        None
    }
}

enum Failed {
    /// The client offered no version that is served.
    TooOld,
    Other(io::Error),
}

async fn shake_hands(acceptor: &TlsAcceptor, mut stream: Wire) -> Result<TlsStream<Wire>, Failed> {
    if is_hello_too_old(stream.stream()).await.map_err(Failed::Other)? {
        // The client is to hear why, whatever becomes of the socket.
        let _ = stream.write_all(&VERSION_ALERT).await;
        Socket::Clear(stream).close().await;
        return Err(Failed::TooOld);
    }
    acceptor.accept(stream).await.map_err(|error| match is_too_old(&error) {
        true => Failed::TooOld,
        false => Failed::Other(error),
    })
}

/// Whether the first record is a hello of a client that knows no TLS 1.2: rustls would find fault with what such a
/// hello lacks before it looks at its version.
async fn is_hello_too_old(stream: &TcpStream) -> io::Result<bool> {
    let mut start = [0; HELLO_START];
    let mut look_after = FIRST_LOOK_AFTER;
    loop {
        let number = stream.peek(&mut start).await?;
        if number == start.len() {
            return Ok(offers_only_old_tls(&start));
        }
        if number == 0 || start[0] != HANDSHAKE_RECORD {
            // rustls says what is wrong.
            return Ok(false);
        }
        // Bytes that are there already would wake a second look at once.
        sleep(look_after).await;
        look_after *= 2;
    }
}

/// Reads the start of a first record: type, version, length, message type, length, highest version of the client
/// (RFC 5246 7.4.1.2; newer clients say 1.2 there too).
fn offers_only_old_tls(start: &[u8; HELLO_START]) -> bool {
    let [record, _, _, _, _, message, _, _, _, major, minor] = *start;
    record == HANDSHAKE_RECORD && message == CLIENT_HELLO && (major, minor) < (3, 3)
}

/// Whether rustls found no version that is served.
fn is_too_old(error: &io::Error) -> bool {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    matches!(
        cause,
        Some(rustls::Error::PeerIncompatible(
            PeerIncompatible::Tls12NotOffered
                | PeerIncompatible::Tls12NotOfferedOrEnabled
                | PeerIncompatible::SupportedVersionsExtensionRequired
        ))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hello_is_old_below_tls_1_2() {
        let hello = |minor| [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, minor];
        assert!(offers_only_old_tls(&hello(1)) && offers_only_old_tls(&hello(2)) && offers_only_old_tls(&hello(0)));
        assert!(!offers_only_old_tls(&hello(3)));
        assert!(!offers_only_old_tls(b"{\"class\":\"l"[..11].try_into().expect("eleven bytes")));
    }
}
