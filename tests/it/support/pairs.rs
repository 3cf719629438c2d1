//! Certificates for the tests: chains with the days that a test wants, written where it wants them.

use std::fs;
use std::ops::Range;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use time::{Duration, OffsetDateTime};

/// Days from now on.
pub(crate) const GOOD: Range<i64> = -100..100;
pub(crate) const OVER: Range<i64> = -100..-10;
pub(crate) const TO_COME: Range<i64> = 10..100;

/// The server's own certificate, its issuer, the root; and the server's key; all PEM.
pub(crate) struct Chain {
    pub(crate) certificates: [String; 3],
    pub(crate) key: String,
}

impl Chain {
    pub(crate) fn made(own: Range<i64>, issuer: Range<i64>) -> Self {
        let key = || KeyPair::generate().unwrap();
        let root = CertifiedIssuer::self_signed(authority("root", GOOD), key()).unwrap();
        let issuer = CertifiedIssuer::signed_by(authority("issuer", issuer), key(), &root).unwrap();
        let own_key = key();
        let own = parameters("cti", own).signed_by(&own_key, &issuer).unwrap();
        Self { certificates: [own.pem(), issuer.pem(), root.pem()], key: own_key.serialize_pem() }
    }

    /// Writes `NAME.crt` and `NAME.key`, and says where.
    pub(crate) fn write(&self, folder: &Path, name: &str) -> [String; 2] {
        let paths = ["crt", "key"].map(|ending| folder.join(format!("{name}.{ending}")));
        fs::write(&paths[0], self.certificates.concat()).unwrap();
        fs::write(&paths[1], &self.key).unwrap();
        fs::set_permissions(&paths[1], fs::Permissions::from_mode(0o600)).unwrap();
        paths.map(|path| path.to_str().unwrap().to_owned())
    }
}

/// A pair without issuers.
pub(crate) fn write_pair(folder: &Path, name: &str, days: Range<i64>) -> [String; 2] {
    let key = KeyPair::generate().unwrap();
    let certificate = parameters("cti", days).self_signed(&key).unwrap().pem();
    Chain { certificates: [certificate, String::new(), String::new()], key: key.serialize_pem() }.write(folder, name)
}

fn authority(name: &str, days: Range<i64>) -> CertificateParams {
    let mut parameters = parameters(name, days);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters
}

fn parameters(name: &str, days: Range<i64>) -> CertificateParams {
    let mut parameters = CertificateParams::new(vec![format!("{name}.example.org")]).unwrap();
    parameters.distinguished_name.push(DnType::CommonName, name);
    let now = OffsetDateTime::now_utc();
    parameters.not_before = now + Duration::days(days.start);
    parameters.not_after = now + Duration::days(days.end);
    parameters
}
