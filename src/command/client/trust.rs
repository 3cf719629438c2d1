//! Whether the server's certificate is believed: by its fingerprint, by who vouches for it, or not at all.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use crate::certificate;
use crate::command::failure::Failure;
use crate::settings::prose::{Prose, prose};

/// SHA-256 of a certificate, as `ctibox certificate show` prints it; typed with or without colons, in either case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 64 hexadecimal digits, with or without colons")]
pub(super) struct NoFingerprint;

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        let digits: String = text.chars().filter(|c| !matches!(c, ':' | ' ')).collect();
        if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NoFingerprint);
        }
        let pairs: Vec<&str> = (0..64).step_by(2).map(|at| &digits[at..at + 2]).collect();
        Ok(Self(pairs.join(":").to_uppercase()))
    }
}

/// How the certificate is verified, and how rustls is told.
pub(super) struct Trust {
    verifier: Arc<dyn ServerCertVerifier>,
    /// What the person is told once the handshake is through.
    pub(super) words: &'static str,
    /// And what may be done if it fails.
    pub(super) remedy: Prose,
    /// Whether any certificate is taken.
    pub(super) is_blind: bool,
}

impl Trust {
    pub(super) fn of(fingerprint: Option<&Fingerprint>, authorities: Option<&Path>) -> Result<Self, Failure> {
        let provider = provider();
        Ok(match (fingerprint, authorities) {
            (Some(fingerprint), _) => Self {
                verifier: Arc::new(Pinned { fingerprint: Some(fingerprint.clone()), provider }),
                words: "verified by its fingerprint",
                remedy: prose![ctibox("certificate show"), " on the server prints the fingerprint of its certificate"],
                is_blind: false,
            },
            (None, Some(path)) => Self {
                verifier: vouched_for(path, provider)?,
                words: "verified by its certificate authority",
                remedy: "`--fingerprint` trusts one certificate, whoever vouches for it and whatever names it holds"
                    .into(),
                is_blind: false,
            },
            (None, None) => Self {
                verifier: Arc::new(Pinned { fingerprint: None, provider }),
                words: "not verified: `--fingerprint` or `--ca` does that",
                remedy: "the server's log says why the handshake failed".into(),
                is_blind: true,
            },
        })
    }

    pub(super) fn config(&self) -> Result<ClientConfig, Error> {
        Ok(ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&self.verifier))
            .with_no_client_auth())
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn vouched_for(path: &Path, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, Failure> {
    let unread = |cause: &dyn std::error::Error| {
        Failure::new(format!("cannot read certificates from {}", path.display())).cause(cause)
    };
    let mut roots = RootCertStore::empty();
    for authority in certificate::load_authorities(path).map_err(|error| unread(&error))? {
        roots.add(authority).map_err(|error| unread(&error))?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| unread(&error))?;
    Ok(verifier)
}

/// Takes the one certificate of this fingerprint, or any; in both cases the server must have its key.
#[derive(Debug)]
struct Pinned {
    fingerprint: Option<Fingerprint>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match &self.fingerprint {
            None => Ok(ServerCertVerified::assertion()),
            Some(wanted) => match certificate::fingerprint(end_entity) {
                found if found == wanted.0 => Ok(ServerCertVerified::assertion()),
                found => Err(Error::General(format!("the certificate has the fingerprint {found}"))),
            },
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_typed_with_or_without_colons() {
        let shown = ["0A"; 32].join(":");
        for text in [shown.clone(), shown.to_lowercase(), "0a".repeat(32), ["0a"; 32].join(" ")] {
            assert_eq!(text.parse::<Fingerprint>(), Ok(Fingerprint(shown.clone())), "{text}");
        }
        for text in ["", "0a", &"0g".repeat(32), &"0a".repeat(33)] {
            assert_eq!(text.parse::<Fingerprint>(), Err(NoFingerprint), "{text}");
        }
    }
}
