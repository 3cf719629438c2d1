//! Makes the fallback pair (settings §5): ECDSA P-256, 825 days, real names and addresses of this host. Files appear
//! whole or not at all, and a key that is there is never written over.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, SerialNumber,
};
use time::{Duration, OffsetDateTime};

use super::files::{Occupied, make_folder, write_whole};
use super::{CertificateError, PairPaths};

/// The longest that all clients take.
const VALIDITY: Duration = Duration::days(825);
/// So that a client whose clock is a little behind takes a new certificate.
pub(super) const VALID_SINCE: Duration = Duration::hours(1);

/// The fallback pair, and whether something was made now.
#[derive(Debug)]
pub(crate) struct Fallback {
    pub(crate) paths: PairPaths,
    pub(crate) is_new: bool,
}

/// Makes what is missing of the fallback pair: both, or a certificate from a lone key. A lone certificate is an error:
/// its key may be kept elsewhere.
pub(crate) fn ensure_fallback(folder: &Path) -> Result<Fallback, CertificateError> {
    let paths = PairPaths::fallback(folder);
    match (paths.certificate.exists(), paths.key.exists()) {
        (true, true) => return Ok(Fallback { paths, is_new: false }),
        (true, false) => {
            return Err(CertificateError::LoneCertificate { certificate: paths.certificate, key: paths.key });
        }
        (false, _) => {}
    }
    renew_fallback(folder)
}

/// Makes a new fallback certificate in place of the old one, from the key that is there, or from a new one.
pub(crate) fn renew_fallback(folder: &Path) -> Result<Fallback, CertificateError> {
    let paths = PairPaths::fallback(folder);
    make_folder(folder)?;
    let key = read_or_make_key(&paths.key)?;
    let certificate = parameters()?.self_signed(&key).map_err(|error| failed(&error))?;
    write_whole(&paths.certificate, certificate.pem().as_bytes(), Occupied::Replace, 0o644)?;
    Ok(Fallback { paths, is_new: true })
}

fn read_or_make_key(path: &Path) -> Result<KeyPair, CertificateError> {
    match fs::read_to_string(path) {
        Ok(pem) => KeyPair::from_pem(&pem).map_err(|error| CertificateError::Make {
            why: format!("the key {} is not usable: {error}", path.display()),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(|error| failed(&error))?;
            write_whole(path, key.serialize_pem().as_bytes(), Occupied::Refuse, 0o600)?;
            Ok(key)
        }
        Err(source) => Err(CertificateError::Read { path: path.to_owned(), source }),
    }
}

fn parameters() -> Result<CertificateParams, CertificateError> {
    let host = host_name();
    let mut parameters = CertificateParams::new(own_names()).map_err(|error| failed(&error))?;
    let mut subject = DistinguishedName::new();
    // A common name has at most 64 characters (RFC 5280).
    subject.push(DnType::CommonName, host.chars().take(64).collect::<String>());
    parameters.distinguished_name = subject;
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    parameters.not_before = OffsetDateTime::now_utc() - VALID_SINCE;
    parameters.not_after = parameters.not_before + VALIDITY;
    parameters.serial_number = Some(serial_number()?);
    Ok(parameters)
}

/// What this host is called and where it is.
pub(super) fn own_names() -> Vec<String> {
    let mut names = vec![host_name(), "localhost".to_owned()];
    names.extend(local_addresses().into_iter().map(|address| address.to_string()));
    names.dedup();
    names
}

/// A random one, positive and as long as it looks.
pub(super) fn serial_number() -> Result<SerialNumber, CertificateError> {
    let mut serial = [0; 16];
    rustls::crypto::ring::default_provider()
        .secure_random
        .fill(&mut serial)
        .map_err(|_| CertificateError::Make { why: "the system gave no random bytes".to_owned() })?;
    serial[0] = serial[0] & 0x7f | 0x40;
    Ok(SerialNumber::from_slice(&serial))
}

/// The name that this host gives itself, or `localhost` if it could not stand in a certificate.
pub(super) fn host_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    let is_good =
        (1..=253).contains(&name.len()) && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    if is_good { name } else { "localhost".to_owned() }
}

/// All addresses of this host but those of one link only, loopback included. Of `/proc` a service may see no more than
/// its processes (`ProcSubset=pid`), so the own process is asked.
fn local_addresses() -> Vec<IpAddr> {
    let mut addresses: Vec<IpAddr> =
        fs::read_to_string("/proc/self/net/fib_trie").map(|text| ipv4(&text)).unwrap_or_default();
    addresses.extend(fs::read_to_string("/proc/self/net/if_inet6").map(|text| ipv6(&text)).unwrap_or_default());
    if addresses.is_empty() {
        addresses = vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    }
    addresses
}

/// In the kernel's routing trie an own address stands before a line `/32 host LOCAL`.
fn ipv4(trie: &str) -> Vec<IpAddr> {
    let mut found = Vec::new();
    let mut last = None;
    for line in trie.lines() {
        let line = line.trim();
        if let Some(address) = line.strip_prefix("|-- ") {
            last = address.parse::<Ipv4Addr>().ok();
        } else if line.starts_with("/32 host LOCAL")
            && let Some(address) = last.map(IpAddr::V4)
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    found
}

/// Lines of 32 hexadecimal digits, index, prefix length, scope, flags, interface; scope 20 is one link only.
fn ipv6(table: &str) -> Vec<IpAddr> {
    table
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let number = u128::from_str_radix(words.next()?, 16).ok()?;
            let scope = words.nth(2)?;
            (scope != "20").then(|| IpAddr::V6(Ipv6Addr::from_bits(number)))
        })
        .collect()
}

pub(super) fn failed(error: &rcgen::Error) -> CertificateError {
    CertificateError::Make { why: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::load_pair;
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("a file").permissions().mode() & 0o777
    }

    /// Settings §9: 71.
    #[test]
    fn a_new_pair_belongs_together_and_names_this_host() {
        let folder = tempfile::tempdir().expect("a folder");
        let made = ensure_fallback(folder.path()).expect("a pair");
        assert!(made.is_new);
        assert_eq!((mode(&made.paths.key), mode(&made.paths.certificate)), (0o600, 0o644));
        let description = load_pair(&made.paths).expect("a good pair").description;
        assert!(description.names.contains(&"localhost".to_owned()), "{:?}", description.names);
        assert!(description.names.contains(&"127.0.0.1".to_owned()), "{:?}", description.names);
        assert_eq!((description.not_after - description.not_before).whole_days(), 825);
        assert!(!ensure_fallback(folder.path()).expect("the same pair").is_new);
        assert_eq!(fs::read_dir(folder.path().join("certs")).expect("a folder").count(), 2);
    }

    #[test]
    fn a_lone_key_is_kept_and_gets_a_new_certificate() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = ensure_fallback(folder.path()).expect("a pair").paths;
        let key = fs::read(&paths.key).expect("a key");
        let old = fs::read(&paths.certificate).expect("a certificate");
        fs::remove_file(&paths.certificate).expect("removed");
        assert!(ensure_fallback(folder.path()).expect("a pair").is_new);
        assert_eq!(fs::read(&paths.key).expect("a key"), key);
        assert_ne!(fs::read(&paths.certificate).expect("a certificate"), old);
        load_pair(&paths).expect("a good pair");
    }

    /// Settings §9: 72.
    #[test]
    fn a_lone_certificate_is_an_error_that_names_both() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = ensure_fallback(folder.path()).expect("a pair").paths;
        fs::remove_file(&paths.key).expect("removed");
        let error = ensure_fallback(folder.path()).expect_err("no key").to_string();
        assert!(error.contains("server.key is missing") && error.contains("server.crt"), "{error}");
        assert!(!paths.key.exists());
    }

    #[test]
    fn own_addresses_are_read_from_the_kernel_tables() {
        let trie = "Local:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n     |-- 10.1.2.3\n        \
                    /32 host LOCAL\n     |-- 10.1.2.255\n        /32 link BROADCAST\n";
        assert_eq!(ipv4(trie), ["10.1.2.3".parse::<IpAddr>().expect("an address")]);
        let table = "00000000000000000000000000000001 01 80 10 80       lo\n\
                     fe800000000000000000000000000001 02 40 20 80     eth0\n";
        assert_eq!(ipv6(table), [IpAddr::V6(Ipv6Addr::LOCALHOST)]);
    }
}
