//! The TLS handshake in mid-stream: who does the cryptography, rustls or, where the settings allow it, an old OpenSSL; its
//! own timeout; and what the log says. The pair comes from `certificate::CurrentPair` at each handshake.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring::default_provider;
use rustls::version::{TLS12, TLS13};
use rustls::{PeerIncompatible, ServerConfig, SupportedProtocolVersion};
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

#[cfg(feature = "legacy-tls")]
use super::legacy_tls::LegacyAcceptor;
use super::old_clients::{Refused, Route, is_legacy_served, route};
use super::refused_clients::RefusedLately;
use super::socket::{Socket, Wire};
use crate::certificate::CurrentPair;
use crate::control::{RefusedVersion, WhyRefused};
use crate::observe::counter::{Counter, count};
use crate::settings::legacy_tls;
use crate::settings::setting::{General, TlsMinVersion};

const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// One acceptor for each least version.
pub(super) struct TlsAcceptors {
    from_1_2: TlsAcceptor,
    from_1_3: TlsAcceptor,
    #[cfg(feature = "legacy-tls")]
    legacy: LegacyAcceptor,
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
        Self {
            from_1_2: settings(&[&TLS13, &TLS12]),
            from_1_3: settings(&[&TLS13]),
            #[cfg(feature = "legacy-tls")]
            legacy: LegacyAcceptor::new(pair.clone()),
        }
    }

    /// Shakes hands as the server; a failure is logged and counted here, and the socket is closed.
    pub(super) async fn handshake(
        &self,
        wire: Wire,
        peer: IpAddr,
        general: &General,
        lately: &RefusedLately,
    ) -> Option<Socket> {
        let error = match timeout(HANDSHAKE_MAX, self.shake_hands(wire, peer, general)).await {
            Ok(Ok(socket)) => {
                count(Counter::HandshakesDone);
                return Some(socket);
            }
            Ok(Err(error)) => error,
            Err(_) => Failed::Other(io::Error::new(io::ErrorKind::TimedOut, "no TLS handshake within 10 s")),
        };
        count(Counter::HandshakesFailed);
        match error {
            Failed::Refused(refused) => {
                count(Counter::HandshakesTooOld);
                if refused.why != WhyRefused::Fallback {
                    lately.record(peer, refused.version);
                }
                tracing::warn!(
                    "TLS handshake refused: the client offers nothing newer than {}; {}",
                    refused.version,
                    refused.advice(general.encryption_mode)
                );
            }
            Failed::Other(error) => tracing::warn!(%error, "TLS handshake failed"),
        }
        None
    }

    async fn shake_hands(&self, mut wire: Wire, peer: IpAddr, general: &General) -> Result<Socket, Failed> {
        let hello = wire.client_hello().await.map_err(Failed::Other)?;
        match route(hello, peer, general) {
            Route::Rustls => self.by_rustls(wire, general.encryption_min_version).await,
            Route::OpenSsl => self.by_openssl(wire).await,
            Route::Refuse(refused) => {
                // The client is to hear why, whatever becomes of the socket.
                let _ = wire.write_all(&refused.alert()).await;
                Socket::Clear(wire).close().await;
                Err(Failed::Refused(refused))
            }
        }
    }

    async fn by_rustls(&self, wire: Wire, least: TlsMinVersion) -> Result<Socket, Failed> {
        let acceptor = match least {
            TlsMinVersion::V1_2 => &self.from_1_2,
            TlsMinVersion::V1_3 => &self.from_1_3,
        };
        match acceptor.accept(wire).await {
            Ok(stream) => Ok(Socket::Rustls(Box::new(stream))),
            Err(error) if least == TlsMinVersion::V1_3 && is_too_old(&error) => {
                Err(Failed::Refused(Refused { version: RefusedVersion::Tls1_2, why: WhyRefused::MinVersion }))
            }
            Err(error) => Err(Failed::Other(error)),
        }
    }

    #[cfg(feature = "legacy-tls")]
    async fn by_openssl(&self, wire: Wire) -> Result<Socket, Failed> {
        let socket = Socket::OpenSsl(Box::new(self.legacy.accept(wire).await.map_err(Failed::Other)?));
        count(Counter::HandshakesLegacy);
        let version = socket.tls().map_or("1.0", |version| version.as_str());
        tracing::info!("TLS {version}: this client's encryption can be broken (encryption.allow_legacy_tls)");
        Ok(socket)
    }

    /// Nobody is sent here without the feature.
    #[cfg(not(feature = "legacy-tls"))]
    async fn by_openssl(&self, _wire: Wire) -> Result<Socket, Failed> {
        Err(Failed::Other(io::ErrorKind::Unsupported.into()))
    }
}

/// Says loudly that old clients are served, at the start and whenever that begins or changes.
pub(super) fn tell_legacy(before: Option<&General>, now: &General) {
    let networks = |general: &General| is_legacy_served(general).then(|| general.legacy_tls_from.clone());
    match (before.and_then(networks), networks(now)) {
        (was, Some(is)) if was.as_ref() != Some(&is) => {
            tracing::warn!("encryption.allow_legacy_tls {}", legacy_tls::warning(now));
        }
        (Some(_), None) => tracing::info!("encryption.allow_legacy_tls: TLS 1.0 and 1.1 are spoken no more"),
        _ => {}
    }
}

enum Failed {
    /// The client offered no version that it may have.
    Refused(Refused),
    Other(io::Error),
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
