//! What a certificate says of itself, for people: subject, names, validity, fingerprint. Used by this room's loader and
//! shown by `certificate show`, the log and the console.

use std::fmt::Write as _;
use std::net::IpAddr;

use rustls::SupportedCipherSuite;
use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use rustls::pki_types::CertificateDer;
use time::OffsetDateTime;
use x509_cert::Version;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectAltName};
use x509_cert::name::Name;

use super::key_kind::KeyKind;

const OLD_SIGNATURES: [(ObjectIdentifier, &str); 4] = [
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.5"), "SHA-1"),
    (ObjectIdentifier::new_unwrap("1.2.840.10045.4.1"), "SHA-1"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.4"), "MD5"),
    (ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.2"), "MD2"),
];

/// What a server's certificate may be for, if it says what for: servers, or anything.
const USES_OF_SERVERS: [ObjectIdentifier; 2] =
    [ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1"), ObjectIdentifier::new_unwrap("2.5.29.37.0")];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Description {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    /// DNS names and addresses of the subject alternative name, in its order.
    pub(crate) names: Vec<String>,
    pub(crate) key: KeyKind,
    pub(crate) not_before: OffsetDateTime,
    pub(crate) not_after: OffsetDateTime,
    /// SHA-256 of the whole certificate as `AA:BB:…`.
    pub(crate) fingerprint: String,
}

/// A certificate with what the loader compares.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) description: Description,
    /// Of X.509: 1, 2 or 3.
    pub(super) version: u8,
    /// It says what it is for, and that is no server.
    pub(super) is_for_others: bool,
    /// The hash of its signature, if it is one that nobody believes any more.
    pub(super) old_hash: Option<&'static str>,
    /// The key with its algorithm, DER.
    pub(super) public_key: Vec<u8>,
    pub(super) subject: Name,
    pub(super) issuer: Name,
}

impl Parsed {
    /// The error says what is wrong, without a file's name.
    pub(super) fn read(der: &CertificateDer<'_>) -> Result<Self, String> {
        let certificate = x509_cert::Certificate::from_der(der).map_err(|error| error.to_string())?;
        let signed = certificate.signature_algorithm().oid;
        let old_hash = OLD_SIGNATURES.iter().find(|(known, _)| *known == signed).map(|(_, hash)| *hash);
        let body = certificate.tbs_certificate();
        let version = match body.version() {
            Version::V1 => 1,
            Version::V2 => 2,
            Version::V3 => 3,
        };
        let names = match body.get_extension::<SubjectAltName>() {
            Ok(Some((_, names))) => names.0.iter().filter_map(name).collect(),
            Ok(None) => Vec::new(),
            Err(error) => return Err(error.to_string()),
        };
        let is_for_others = match body.get_extension::<ExtendedKeyUsage>() {
            Ok(Some((_, uses))) => !uses.0.iter().any(|used| USES_OF_SERVERS.contains(used)),
            Ok(None) => false,
            Err(error) => return Err(error.to_string()),
        };
        let moment = |time: x509_cert::time::Time| {
            let seconds = i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX);
            OffsetDateTime::from_unix_timestamp(seconds).map_err(|error| error.to_string())
        };
        let description = Description {
            subject: crate::observe::shown(&body.subject().to_string()),
            issuer: crate::observe::shown(&body.issuer().to_string()),
            names,
            key: KeyKind::of_public(body.subject_public_key_info()),
            not_before: moment(body.validity().not_before)?,
            not_after: moment(body.validity().not_after)?,
            fingerprint: fingerprint(der),
        };
        let (subject, issuer) = (body.subject().clone(), body.issuer().clone());
        let public_key = body.subject_public_key_info().to_der().map_err(|error| error.to_string())?;
        Ok(Self { description, version, is_for_others, old_hash, public_key, subject, issuer })
    }
}

/// Whole days until then; negative once it is past.
pub(crate) fn days_left(not_after: OffsetDateTime, now: OffsetDateTime) -> i64 {
    (not_after - now).whole_seconds().div_euclid(86_400)
}

/// SHA-256 of a certificate in the usual form: pairs of upper-case digits with colons.
pub(crate) fn fingerprint(der: &[u8]) -> String {
    let SupportedCipherSuite::Tls13(suite) = TLS13_AES_128_GCM_SHA256 else { return String::new() };
    let hash = suite.common.hash_provider.hash(der);
    let mut text = String::with_capacity(95);
    for (index, byte) in hash.as_ref().iter().enumerate() {
        let colon = if index == 0 { "" } else { ":" };
        // Writing to a String cannot fail.
        let _ = write!(text, "{colon}{byte:02X}");
    }
    text
}

/// A moment as people read it: `2026-11-23 21:50 UTC`.
pub(crate) fn moment_text(moment: OffsetDateTime) -> String {
    let (hour, minute, _) = moment.to_offset(time::UtcOffset::UTC).to_hms();
    format!("{} {hour:02}:{minute:02} UTC", moment.to_offset(time::UtcOffset::UTC).date())
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(crate::observe::shown(name.as_str())),
        GeneralName::IpAddress(octets) => {
            let octets = octets.as_bytes();
            if let Ok(four) = <[u8; 4]>::try_from(octets) {
                return Some(IpAddr::from(four).to_string());
            }
            <[u8; 16]>::try_from(octets).ok().map(|sixteen| IpAddr::from(sixteen).to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_sha_256_in_pairs() {
        assert!(fingerprint(b"abc").starts_with("BA:78:16:BF:8F:01:CF:EA:"));
        assert_eq!(fingerprint(b"abc").len(), 95);
    }

    #[test]
    fn a_moment_reads_as_utc() {
        assert_eq!(moment_text(OffsetDateTime::UNIX_EPOCH), "1970-01-01 00:00 UTC");
    }
}
