//! The client's side of STARTTLS: rustls with a verifier that accepts any certificate, as the desktop client does.

use std::net::TcpStream;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned, SupportedProtocolVersion};

use super::accept_any::AcceptAny;

pub(crate) type Encrypted = StreamOwned<ClientConnection, TcpStream>;

/// Starts TLS on a connection; the handshake itself runs with the first read or write.
pub(crate) fn encrypt(stream: TcpStream, versions: &[&'static SupportedProtocolVersion]) -> Encrypted {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AcceptAny))
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    StreamOwned::new(ClientConnection::new(Arc::new(config), name).unwrap(), stream)
}
