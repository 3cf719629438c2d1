//! The TLS handshake in mid-stream: its terms, its own timeout, and what the log says when it fails. rustls does the
//! cryptography; the pair comes from `certificate::CurrentPair` at each handshake.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring::default_provider;
use rustls::version::{TLS12, TLS13};
use rustls::{PeerIncompatible, ServerConfig, SupportedProtocolVersion};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::certificate::CurrentPair;
use crate::observe::counter::{Counter, count};
use crate::settings::setting::TlsVersion;

const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// What a person is to do about a client that speaks only an older TLS.
pub(crate) const OLD_TLS_REMEDY: &str = "released desktop clients speak only TLS 1.0: in the client open the menu \
     XiVO Client (Wazo Client) > Configure… > Connection and switch encryption off (the lock beside the server; \
     \"Encrypt connection\" in older clients)";

/// The terms of handshakes, one for each least version.
pub(super) struct TlsTerms {
    from_1_2: TlsAcceptor,
    from_1_3: TlsAcceptor,
}

impl TlsTerms {
    pub(super) fn new(pair: &Arc<CurrentPair>) -> Self {
        let terms = |versions: &[&'static SupportedProtocolVersion]| {
            let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
                .with_protocol_versions(versions)
                .expect("the provider serves TLS 1.2 and 1.3")
                .with_no_client_auth()
                .with_cert_resolver(pair.clone());
            TlsAcceptor::from(Arc::new(config))
        };
        Self { from_1_2: terms(&[&TLS13, &TLS12]), from_1_3: terms(&[&TLS13]) }
    }

    /// Shakes hands as the server; a failure is logged and counted here, and the socket is gone.
    pub(super) async fn handshake(&self, stream: TcpStream, least: TlsVersion) -> Option<Box<TlsStream<TcpStream>>> {
        let acceptor = match least {
            TlsVersion::V1_2 => &self.from_1_2,
            TlsVersion::V1_3 => &self.from_1_3,
        };
        let outcome = timeout(HANDSHAKE_MAX, acceptor.accept(stream)).await;
        let error = match outcome {
            Ok(Ok(stream)) => {
                count(Counter::HandshakesDone);
                return Some(Box::new(stream));
            }
            Ok(Err(error)) => error,
            Err(_) => io::Error::new(io::ErrorKind::TimedOut, "no TLS handshake within 10 s"),
        };
        count(Counter::HandshakesFailed);
        if is_too_old(&error) {
            count(Counter::HandshakesTooOld);
            let least = match least {
                TlsVersion::V1_2 => "1.2",
                TlsVersion::V1_3 => "1.3",
            };
            tracing::warn!("TLS handshake failed: the client offers only a TLS older than {least}; {OLD_TLS_REMEDY}");
        } else {
            tracing::warn!(%error, "TLS handshake failed");
        }
        None
    }
}

/// Whether the client offered no version that is served.
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
