//! Whom ctibox believes where it is the client of another server: the certificates of a `ca_file`, or of the system where
//! none is named. Used by the backends that ask a server over TLS, and by the
//! link to Asterisk; no server is ever believed unseen.

use std::fs::metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, ring, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use time::OffsetDateTime;
use tokio::task::spawn_blocking;
use x509_cert::Certificate;
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::describe::moment_text;
use super::error::CertificateError;
use super::load::load_authorities;
use crate::settings::host::Host;

/// Where Debian and its kin keep what the system trusts.
const SYSTEM_AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Why no server can be believed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TrustError {
    #[error("{}", with_cause(.0))]
    File(#[from] CertificateError),
    #[error("reading the trusted certificates failed: {0}")]
    Reading(#[from] tokio::task::JoinError),
    #[error("no certificate can be for a host of the name {0}")]
    Name(Host),
}

fn with_cause(error: &CertificateError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// The certificates of one file, read again once it has changed.
#[derive(Debug, Clone)]
pub(crate) struct TrustFile {
    /// None: the file of the system.
    path: Option<PathBuf>,
    read: Arc<Mutex<Option<ReadFile>>>,
}

/// As it was then.
type ReadFile = (Stamp, Arc<ServerTrust>);

/// What differs between two states of a file: its place on the disk, its length, when it changed.
type Stamp = (u64, u64, i64, i64);

impl TrustFile {
    pub(crate) fn new(path: Option<PathBuf>) -> Self {
        Self { path, read: Arc::default() }
    }

    /// Those that are believed now.
    pub(crate) async fn now(&self) -> Result<Arc<ServerTrust>, TrustError> {
        let file = self.clone();
        spawn_blocking(move || file.look()).await?
    }

    fn look(&self) -> Result<Arc<ServerTrust>, TrustError> {
        let path = self.path.as_deref().unwrap_or(Path::new(SYSTEM_AUTHORITIES));
        // What cannot be looked at cannot be read either, which is told then.
        let stamp = metadata(path).map(|now| (now.ino(), now.len(), now.ctime(), now.ctime_nsec())).unwrap_or_default();
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        match &*read {
            Some((known, trust)) if *known == stamp => Ok(trust.clone()),
            _ => {
                let trust = Arc::new(ServerTrust::load(self.path.as_deref())?);
                *read = Some((stamp, trust.clone()));
                Ok(trust)
            }
        }
    }
}

/// The certificates that are believed.
#[derive(Debug)]
pub(crate) struct ServerTrust {
    /// Those that the administrator named: a server that has one of these very certificates is believed, whatever name,
    /// version or date stands in it.
    pinned: Vec<CertificateDer<'static>>,
    /// Those who vouch for others. None: nobody does.
    authorities: Option<Arc<WebPkiServerVerifier>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerTrust {
    /// Reads the file; blocks.
    fn load(ca_file: Option<&Path>) -> Result<Self, TrustError> {
        let certificates = load_authorities(ca_file.unwrap_or(Path::new(SYSTEM_AUTHORITIES)))?;
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        // What cannot vouch for anybody may still be the server's own.
        roots.add_parsable_certificates(certificates.iter().cloned());
        let algorithms = provider.signature_verification_algorithms;
        let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build().ok();
        let pinned = if ca_file.is_some() { certificates } else { Vec::new() };
        Ok(Self { pinned, authorities, algorithms })
    }

    /// What a connection to this host is encrypted by. The host stands in for whatever name a library says.
    pub(crate) fn client_config(self: &Arc<Self>, host: &Host) -> Result<Arc<ClientConfig>, TrustError> {
        let verifier = HostVerifier { trust: self.clone(), name: server_name(host)? };
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has what both versions of TLS need")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.enable_sni = matches!(host, Host::Name(_));
        Ok(Arc::new(config))
    }

    fn is_pinned(&self, certificate: &CertificateDer<'_>) -> bool {
        self.pinned.iter().any(|own| own.as_ref() == certificate.as_ref())
    }
}

/// Whether servers can be believed by this file, or by the system's where none is named. Reads it; blocks.
pub(crate) fn expect_trust(ca_file: Option<&Path>) -> Result<(), TrustError> {
    ServerTrust::load(ca_file).map(drop)
}

/// What is wrong with a server's certificate that is not believed, in words for who has to mend it; None: the error is
/// about something else. Libraries say it in their own terms, and moments in seconds.
pub(crate) fn distrust_words(error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(Error::InvalidCertificate(why)) = error.downcast_ref::<Error>() {
            return words_of(why);
        }
        // An error of the system may hold another one that it does not name as its source.
        let held = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = held.map(|held| held as &(dyn std::error::Error + 'static)).or_else(|| error.source());
    }
    None
}

fn words_of(why: &rustls::CertificateError) -> Option<String> {
    use rustls::CertificateError as Why;
    let moment = |time: &UnixTime| {
        let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
        OffsetDateTime::from_unix_timestamp(seconds).map_or_else(|_| "an unknown day".to_owned(), moment_text)
    };
    match why {
        Why::Expired => Some("the server's certificate has expired".to_owned()),
        Why::ExpiredContext { not_after, .. } => {
            Some(format!("the server's certificate expired on {}", moment(not_after)))
        }
        Why::NotValidYet => Some("the server's certificate is not valid yet".to_owned()),
        Why::NotValidYetContext { not_before, .. } => {
            Some(format!("the server's certificate is not valid before {}", moment(not_before)))
        }
        Why::UnknownIssuer => Some("nobody whom ctibox believes vouches for the server's certificate".to_owned()),
        Why::NotValidForName => Some("the server's certificate is for another host".to_owned()),
        Why::NotValidForNameContext { expected, presented } => {
            // `DnsName("cti.example.org")`
            let names = presented.iter().map(|name| name.split('"').nth(1).unwrap_or(name));
            let names = crate::observe::shown(&names.collect::<Vec<_>>().join(", "));
            let names = if names.is_empty() { "no host" } else { &names };
            Some(format!("the server's certificate is not for {}, but for {names}", expected.to_str()))
        }
        _ => None,
    }
}

/// The name that a certificate must be for.
pub(crate) fn server_name(host: &Host) -> Result<ServerName<'static>, TrustError> {
    match host {
        Host::Address(address) => Ok(ServerName::from(*address)),
        Host::Name(name) => ServerName::try_from(name.to_string()).map_err(|_| TrustError::Name(host.clone())),
    }
}

/// Verifies the certificate of one host.
#[derive(Debug)]
struct HostVerifier {
    trust: Arc<ServerTrust>,
    name: ServerName<'static>,
}

impl ServerCertVerifier for HostVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if self.trust.is_pinned(end_entity) {
            return Ok(ServerCertVerified::assertion());
        }
        match &self.trust.authorities {
            Some(them) => them.verify_server_cert(end_entity, intermediates, &self.name, ocsp_response, now),
            None => Err(rustls::CertificateError::UnknownIssuer.into()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.trust.is_pinned(cert) {
            return verify_pinned(message, &public_key(cert)?, signed, &self.trust.algorithms);
        }
        rustls::crypto::verify_tls12_signature(message, cert, signed, &self.trust.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        if self.trust.is_pinned(cert) {
            let key = public_key(cert)?.to_der().map_err(|_| unreadable())?;
            let key = SubjectPublicKeyInfoDer::from(key);
            return verify_tls13_signature_with_raw_key(message, &key, signed, &self.trust.algorithms);
        }
        rustls::crypto::verify_tls13_signature(message, cert, signed, &self.trust.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.trust.algorithms.supported_schemes()
    }
}

/// The library reads no certificate of version 1, so the key is taken out of it here; what it signed is verified as ever.
fn verify_pinned(
    message: &[u8],
    key: &SubjectPublicKeyInfoOwned,
    signed: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let kind = key.algorithm.to_der().map_err(|_| unreadable())?;
    let kind = AnyRef::from_der(&kind).map_err(|_| unreadable())?;
    let bits = key.subject_public_key.as_bytes().ok_or_else(unreadable)?;
    let is_asked = |(scheme, _): &&(SignatureScheme, _)| *scheme == signed.scheme;
    let fitting = algorithms.mapping.iter().filter(is_asked).flat_map(|(_, fitting)| fitting.iter());
    let mut fitting = fitting.filter(|one| one.public_key_alg_id().as_ref() == kind.value());
    if fitting.any(|one| one.verify_signature(bits, message, signed.signature()).is_ok()) {
        return Ok(HandshakeSignatureValid::assertion());
    }
    Err(rustls::CertificateError::BadSignature.into())
}

fn public_key(certificate: &CertificateDer<'_>) -> Result<SubjectPublicKeyInfoOwned, Error> {
    let certificate = Certificate::from_der(certificate).map_err(|_| unreadable())?;
    Ok(certificate.tbs_certificate().subject_public_key_info().clone())
}

fn unreadable() -> Error {
    rustls::CertificateError::BadEncoding.into()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn why_a_server_is_not_believed_is_said_with_day_and_name() {
        use rustls::CertificateError as Why;
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let words = |why: Why| {
            // As the connection hands it on.
            let error = std::io::Error::new(std::io::ErrorKind::InvalidData, Error::InvalidCertificate(why));
            distrust_words(&error).unwrap_or_default()
        };
        let expired = words(Why::ExpiredContext { time: at(1_795_926_991), not_after: at(1_735_732_800) });
        assert!(expired.contains("expired on 2025-01-01"), "{expired}");
        let early = words(Why::NotValidYetContext { time: at(1_795_926_991), not_before: at(1_830_297_600) });
        assert!(early.contains("not valid before 2028-01-01"), "{early}");
        let expected = ServerName::try_from("ldap.example.org").expect("a name");
        let presented = vec!["DnsName(\"elsewhere.example.org\")".to_owned(), "IpAddress(192.0.2.7)".to_owned()];
        let other = words(Why::NotValidForNameContext { expected, presented });
        assert!(other.ends_with("is not for ldap.example.org, but for elsewhere.example.org, IpAddress(192.0.2.7)"));
        assert_eq!(distrust_words(&std::io::Error::from(std::io::ErrorKind::TimedOut)), None);
    }
}
