//! Makes pairs under names of their own: signed by themselves or by ctibox's own small authority, and keys with a request
//! for an authority elsewhere. P-256 and SHA-256 alone (settings §5). `command` calls; `store` says where files stand.

use std::fs;
use std::net::IpAddr;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, PKCS_ECDSA_P256_SHA256,
};
use time::{Duration, OffsetDateTime};

use super::files::{Occupied, make_folder, write_whole};
use super::make::{VALID_SINCE, failed, host_name, own_names, serial_number};
use super::store::{CERTIFICATE_MODE, CertificateStore, KEY_MODE, PairName, StoreError};
use super::{CertificateError, PairPaths};
use crate::settings::host::Host;

/// No certificate that is made here is valid for longer.
pub(crate) const DAYS_MAX: u16 = 3650;
/// What browsers and telephones take at most, of a certificate that they verify.
pub(crate) const VALIDITY_DAYS: u16 = 825;
const AUTHORITY_VALIDITY: Duration = Duration::days(3650);
/// RFC 5280 allows no more.
const COMMON_NAME_CHARACTERS_MAX: usize = 64;

/// Whom a certificate is for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subject {
    /// None: the host's.
    pub(crate) common_name: Option<String>,
    /// Names and addresses; none: the host's.
    pub(crate) names: Vec<String>,
}

/// Who vouches for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignedBy {
    Itself,
    /// ctibox's own, made when it is needed first.
    Authority,
}

impl CertificateStore {
    /// Makes a key and its certificate; answers where the authority's stands that vouches for it.
    pub(crate) fn create(
        &self,
        name: &PairName,
        subject: &Subject,
        days: u16,
        by: SignedBy,
    ) -> Result<Option<PairPaths>, StoreError> {
        let paths = self.free(name)?;
        let mut parameters = parameters(subject)?;
        parameters.not_before = OffsetDateTime::now_utc() - VALID_SINCE;
        parameters.not_after = parameters.not_before + Duration::days(days.into());
        parameters.serial_number = Some(serial_number()?);
        parameters.use_authority_key_identifier_extension = by == SignedBy::Authority;
        let key = new_key()?;
        let (chain, authority) = match by {
            SignedBy::Itself => (parameters.self_signed(&key).map_err(|error| failed(&error))?.pem(), None),
            SignedBy::Authority => {
                let (issuer, certificate) = self.ensure_authority()?;
                let own = parameters.signed_by(&key, &issuer).map_err(|error| failed(&error))?;
                (own.pem() + &certificate, Some(self.authority()))
            }
        };
        write_whole(&paths.key, key.serialize_pem().as_bytes(), Occupied::Refuse, KEY_MODE)?;
        write_whole(&paths.certificate, chain.as_bytes(), Occupied::Refuse, CERTIFICATE_MODE)?;
        Ok(authority)
    }

    /// Makes a key, or takes the one that waits already, and answers with the request for its certificate, PEM.
    pub(crate) fn request(&self, name: &PairName, subject: &Subject) -> Result<String, StoreError> {
        let paths = self.paths(name);
        if paths.certificate.exists() {
            return Err(StoreError::Exists { name: name.clone() });
        }
        let parameters = parameters(subject)?;
        make_folder(self.data())?;
        let key = match paths.key.exists() {
            true => read_key(&paths)?,
            false => {
                let key = new_key()?;
                write_whole(&paths.key, key.serialize_pem().as_bytes(), Occupied::Refuse, KEY_MODE)?;
                key
            }
        };
        let request = parameters.serialize_request(&key).map_err(|error| failed(&error))?;
        let request = request.pem().map_err(|error| failed(&error))?;
        write_whole(&self.request_path(name), request.as_bytes(), Occupied::Replace, CERTIFICATE_MODE)?;
        Ok(request)
    }

    /// Where a new pair goes; a name that is taken is refused before anything is made.
    fn free(&self, name: &PairName) -> Result<PairPaths, StoreError> {
        let paths = self.paths(name);
        if paths.certificate.exists() || paths.key.exists() {
            return Err(StoreError::Exists { name: name.clone() });
        }
        make_folder(self.data())?;
        Ok(paths)
    }

    fn ensure_authority(&self) -> Result<(Issuer<'static, KeyPair>, String), CertificateError> {
        let paths = self.authority();
        if !paths.certificate.exists() {
            let key = new_key()?;
            let parameters = authority_parameters()?;
            let certificate = parameters.self_signed(&key).map_err(|error| failed(&error))?;
            // Without its key nobody can use the certificate, so that comes last.
            write_whole(&paths.key, key.serialize_pem().as_bytes(), Occupied::Refuse, KEY_MODE)?;
            write_whole(&paths.certificate, certificate.pem().as_bytes(), Occupied::Refuse, 0o644)?;
        }
        let certificate = fs::read_to_string(&paths.certificate)
            .map_err(|source| CertificateError::Read { path: paths.certificate.clone(), source })?;
        let issuer = Issuer::from_ca_cert_pem(&certificate, read_key(&paths)?).map_err(|error| {
            CertificateError::Make { why: format!("{} is no authority's: {error}", paths.certificate.display()) }
        })?;
        Ok((issuer, certificate))
    }
}

fn new_key() -> Result<KeyPair, CertificateError> {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(|error| failed(&error))
}

fn read_key(paths: &PairPaths) -> Result<KeyPair, CertificateError> {
    let pem =
        fs::read_to_string(&paths.key).map_err(|source| CertificateError::Read { path: paths.key.clone(), source })?;
    KeyPair::from_pem(&pem).map_err(|error| CertificateError::Make {
        why: format!("the key {} is not usable: {error}", paths.key.display()),
    })
}

fn parameters(subject: &Subject) -> Result<CertificateParams, CertificateError> {
    let names = match subject.names.as_slice() {
        [] => own_names(),
        given => given.iter().map(|name| subject_name(name)).collect::<Result<_, _>>()?,
    };
    let mut names = names;
    // Clients compare names, not the common name: a host that is named there is meant to be reached by it.
    let common = subject.common_name.as_deref().filter(|common| common.contains('.'));
    if let Some(common) = common.and_then(|common| subject_name(common).ok())
        && !names.contains(&common)
    {
        names.insert(0, common);
    }
    let common_name = match &subject.common_name {
        Some(given) => given.clone(),
        // An address says little.
        None => names.iter().find(|name| name.parse::<IpAddr>().is_err()).cloned().unwrap_or_else(host_name),
    };
    let mut parameters = CertificateParams::new(names).map_err(|error| failed(&error))?;
    parameters.distinguished_name = named(&common_name);
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(parameters)
}

/// A name or an address as a certificate has it: an address that is mistyped would be a name that nobody has.
fn subject_name(given: &str) -> Result<String, CertificateError> {
    let name = given.trim();
    // Of a domain, for all that stands directly below it.
    let (any, host) = name.strip_prefix("*.").map_or(("", name), |domain| ("*.", domain));
    match Host::parse(host) {
        Some(Host::Address(address)) if any.is_empty() => Ok(address.to_string()),
        Some(Host::Name(host)) if any.is_empty() || host.contains('.') => Ok(format!("{any}{host}")),
        _ => Err(CertificateError::Name { name: crate::observe::shown(given) }),
    }
}

fn authority_parameters() -> Result<CertificateParams, CertificateError> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = named(&format!("ctibox authority of {}", host_name()));
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.not_before = OffsetDateTime::now_utc() - VALID_SINCE;
    parameters.not_after = parameters.not_before + AUTHORITY_VALIDITY;
    parameters.serial_number = Some(serial_number()?);
    Ok(parameters)
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common_name.chars().take(COMMON_NAME_CHARACTERS_MAX).collect::<String>());
    name
}

#[cfg(test)]
mod tests {
    use super::super::load::{PairBytes, load_pair};
    use super::*;

    fn store() -> (tempfile::TempDir, CertificateStore) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = CertificateStore::of(&folder.path().join("data"));
        (folder, store)
    }

    fn name(text: &str) -> PairName {
        text.parse().expect("a name")
    }

    fn subject() -> Subject {
        let names = ["cti.example.org", "192.0.2.7"].map(str::to_owned).to_vec();
        Subject { common_name: Some("Telephones".to_owned()), names }
    }

    #[test]
    fn a_pair_is_made_for_whom_it_is_asked() {
        let (_folder, store) = store();
        store.create(&name("own"), &subject(), 30, SignedBy::Itself).expect("made");
        let pair = load_pair(&store.paths(&name("own"))).expect("a good pair").description;
        assert_eq!((pair.subject.as_str(), &pair.names[..]), ("CN=Telephones", &subject().names[..]));
        assert_eq!((pair.issuer.as_str(), (pair.not_after - pair.not_before).whole_days()), ("CN=Telephones", 30));
        let again = store.create(&name("own"), &subject(), 30, SignedBy::Itself);
        assert!(matches!(again, Err(StoreError::Exists { .. })));
        store.create(&name("host"), &Subject::default(), 30, SignedBy::Itself).expect("made");
        let pair = load_pair(&store.paths(&name("host"))).expect("a good pair").description;
        assert!(pair.names.contains(&"localhost".to_owned()), "{:?}", pair.names);
    }

    #[test]
    fn what_cannot_be_the_name_of_a_host_stands_in_no_certificate() {
        let (folder, store) = store();
        let of = |name: &str| Subject { common_name: None, names: vec![name.to_owned()] };
        for bad in ["foo bar", "999.1.1.1", "", " ", "https://x/", "a..b", "*", "*.org", "*.192.0.2.1", "a,b", "x:5003"]
        {
            let made = store.create(&name("bad"), &of(bad), 30, SignedBy::Itself);
            assert!(matches!(made, Err(StoreError::Pair(CertificateError::Name { .. }))), "{bad}: {made:?}");
            assert!(store.request(&name("bad"), &of(bad)).is_err(), "{bad}");
        }
        assert!(store.list().expect("a list").is_empty(), "no key was made: {folder:?}");
        for (given, taken) in
            [("CTI.example.org", "cti.example.org"), ("*.example.org", "*.example.org"), ("::1", "::1")]
        {
            assert_eq!(subject_name(given).expect("a name"), taken);
        }
        assert_eq!(subject_name("[2001:db8::1]").expect("an address"), "2001:db8::1");
    }

    #[test]
    fn one_authority_vouches_for_all() {
        let (_folder, store) = store();
        for one in ["a", "b"] {
            store.create(&name(one), &subject(), 30, SignedBy::Authority).expect("made").expect("an authority");
        }
        let of = |one| load_pair(&store.paths(&name(one))).expect("a good pair");
        let (a, b) = (of("a"), of("b"));
        assert!(a.oddities.is_empty() && a.description.issuer.starts_with("CN=ctibox authority of "), "{a:?}");
        assert_eq!(a.chain, b.chain);
        assert_ne!(a.description.fingerprint, b.description.fingerprint);
        assert_eq!(store.list().expect("a list").len(), 2, "the authority is no pair for clients");
    }

    #[test]
    fn a_certificate_that_was_asked_for_joins_its_key() {
        let (_folder, store) = store();
        let request = store.request(&name("asked"), &subject()).expect("a request");
        assert!(request.starts_with("-----BEGIN CERTIFICATE REQUEST-----"), "{request}");
        let read = rcgen::CertificateSigningRequestParams::from_pem(&request).expect("a request");
        let (authority, key) = (authority_parameters().expect("parameters"), new_key().expect("a key"));
        let signed = read.signed_by(&Issuer::new(authority, key)).expect("signed").pem();
        // Asked for once more: the same key.
        store.request(&name("asked"), &subject()).expect("a request");
        let bytes =
            PairBytes { certificate: signed.into_bytes(), key: store.waiting_key(&name("asked")).expect("a key") };
        let from = store.paths(&name("asked"));
        store.add(&name("asked"), &from, &bytes, Occupied::Refuse).expect("added");
        let pair = load_pair(&from).expect("a good pair").description;
        assert_eq!((pair.subject.as_str(), &pair.names[..]), ("CN=Telephones", &subject().names[..]));
        assert!(matches!(store.request(&name("asked"), &subject()), Err(StoreError::Exists { .. })));
    }
}
