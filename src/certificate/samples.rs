//! Pairs for the tests of this room: made here where their dates matter, read from `tests/certificates/` where their kind
//! does.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use time::{Duration, OffsetDateTime};

use super::PairPaths;

/// When a certificate of the tests is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Validity {
    Now,
    /// Ended ten days ago.
    Over,
    /// Begins in ten days.
    ToCome,
}

pub(super) fn parameters(name: &str, validity: Validity) -> CertificateParams {
    let mut parameters = CertificateParams::new(vec![format!("{name}.example.org")]).expect("a name");
    parameters.distinguished_name.push(DnType::CommonName, name);
    let days = match validity {
        Validity::Now => -100..100,
        Validity::Over => -100..-10,
        Validity::ToCome => 10..100,
    };
    let now = OffsetDateTime::now_utc();
    (parameters.not_before, parameters.not_after) = (now + Duration::days(days.start), now + Duration::days(days.end));
    parameters
}

/// A chain as PEM, the server's own first, then its issuer, then the root; and the server's key.
pub(super) fn chain(issuer: Validity) -> (Vec<String>, String) {
    let authority = |name, validity| {
        let mut parameters = parameters(name, validity);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        parameters
    };
    let key = || KeyPair::generate().expect("a key");
    let root = CertifiedIssuer::self_signed(authority("root", Validity::Now), key()).expect("a root");
    let issuer = CertifiedIssuer::signed_by(authority("issuer", issuer), key(), &root).expect("an issuer");
    let leaf_key = key();
    let leaf = parameters("leaf", Validity::Now).signed_by(&leaf_key, &issuer).expect("a certificate");
    (vec![leaf.pem(), issuer.pem(), root.pem()], leaf_key.serialize_pem())
}

/// A new pair at the same place in this folder.
pub(super) fn write_pair(folder: &Path, validity: Validity) -> PairPaths {
    let key = KeyPair::generate().expect("a key");
    let certificate = parameters("server", validity).self_signed(&key).expect("a certificate");
    write(folder, &certificate.pem(), &key.serialize_pem())
}

pub(super) fn write(folder: &Path, certificate: &str, key: &str) -> PairPaths {
    let paths = PairPaths { certificate: folder.join("some.crt"), key: folder.join("some.key") };
    fs::write(&paths.certificate, certificate).expect("written");
    fs::write(&paths.key, key).expect("written");
    paths
}

/// A file that `tests/certificates/README` speaks of.
pub(super) fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/certificates").join(name)
}
