//! Reads a certificate and its key from PEM files into what a handshake needs. Reads only; says which file is at fault,
//! and what it holds instead.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use rustls::sign::{CertifiedKey, SigningKey};

use super::describe::{Description, Parsed};
use super::key_kind::KeyKind;
use super::pem::{self, Block, Contents, Oddity};
use super::{CertificateError, PairPaths};
use zeroize::Zeroizing;

/// What is read of a file; a chain is a few KiB.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

const PKCS8: &str = "PRIVATE KEY";
const PKCS1: &str = "RSA PRIVATE KEY";
const SEC1: &str = "EC PRIVATE KEY";

/// A pair that belongs together, ready for handshakes.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) certified: Arc<CertifiedKey>,
    /// The same key for a library that does not take rustls's form.
    #[cfg(feature = "legacy-tls")]
    pub(crate) key: KeyDer,
    /// Of the server's own certificate.
    pub(crate) description: Description,
    /// Of those that come after it in its file.
    pub(crate) chain: Vec<Description>,
    /// With the file that each is of.
    pub(super) oddities: Vec<(PathBuf, Oddity)>,
}

/// A private key in DER form: PKCS#8, PKCS#1 or SEC1. Never prints.
#[cfg(feature = "legacy-tls")]
#[derive(Clone)]
pub(crate) struct KeyDer(Arc<Zeroizing<Vec<u8>>>);

#[cfg(feature = "legacy-tls")]
impl KeyDer {
    pub(crate) fn der(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(feature = "legacy-tls")]
impl std::fmt::Debug for KeyDer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("KeyDer(…)")
    }
}

/// Loads a pair: PEM, X.509 version 3, a key that ring can use and that is not encrypted, both belonging together, the
/// server's certificate first. An expired one loads.
pub(crate) fn load_pair(paths: &PairPaths) -> Result<Pair, CertificateError> {
    pair_of(paths, &PairBytes::read(paths)?)
}

/// What stands in the files of a pair.
pub(crate) struct PairBytes {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Zeroizing<Vec<u8>>,
}

impl PairBytes {
    pub(crate) fn read(paths: &PairPaths) -> Result<Self, CertificateError> {
        Ok(Self { certificate: read(&paths.certificate)?, key: Zeroizing::new(read(&paths.key)?) })
    }
}

/// The same of what was read from there.
pub(crate) fn pair_of(paths: &PairPaths, bytes: &PairBytes) -> Result<Pair, CertificateError> {
    let certificates = form(&paths.certificate, &bytes.certificate)?;
    let keys = form(&paths.key, &bytes.key)?;
    if !certificates.blocks.iter().any(is_certificate)
        && certificates.blocks.iter().any(is_key)
        && keys.blocks.iter().any(is_certificate)
        && !keys.blocks.iter().any(is_key)
    {
        return Err(CertificateError::Swapped { certificate: paths.certificate.clone(), key: paths.key.clone() });
    }
    let chain = chain(&paths.certificate, &certificates.blocks)?;
    let signers = signers(&paths.key, &keys.blocks)?;
    let signer = fitting(paths, &chain, &signers)?;
    let mut oddities = certificates.oddities;
    oddities.extend(disorder(&chain));
    oddities.extend(weakness(&chain));
    let mut oddities: Vec<_> = oddities.into_iter().map(|odd| (paths.certificate.clone(), odd)).collect();
    if paths.key != paths.certificate {
        oddities.extend(keys.oddities.into_iter().map(|odd| (paths.key.clone(), odd)));
    }
    if signers.len() > 1 {
        oddities.push((paths.key.clone(), Oddity::SeveralKeys(signers.len())));
    }
    let (ders, parsed): (Vec<_>, Vec<_>) = chain.into_iter().unzip();
    let mut descriptions = parsed.into_iter().map(|parsed| parsed.description);
    let description = descriptions.next().ok_or_else(|| no_certificate(&paths.certificate, &certificates.blocks))?;
    let certified = Arc::new(CertifiedKey::new(ders, signer.key));
    Ok(Pair {
        certified,
        #[cfg(feature = "legacy-tls")]
        key: signer.der,
        description,
        chain: descriptions.collect(),
        oddities,
    })
}

/// The certificates of a file, in its order, for whoever believes whom they vouch for.
pub(crate) fn load_authorities(path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let blocks = contents(path)?.blocks;
    Ok(chain_of_any(path, &blocks)?.into_iter().map(|(der, _)| der).collect())
}

type Chain = Vec<(CertificateDer<'static>, Parsed)>;

fn chain(path: &Path, blocks: &[Block]) -> Result<Chain, CertificateError> {
    let chain = chain_of_any(path, blocks)?;
    match chain.first() {
        // An old authority may be of version 1 still.
        Some((_, leaf)) if leaf.version != 3 => {
            Err(CertificateError::OldX509 { path: path.to_owned(), version: leaf.version })
        }
        Some((_, leaf)) if leaf.is_for_others => Err(CertificateError::NotForServers { path: path.to_owned() }),
        _ => Ok(chain),
    }
}

fn chain_of_any(path: &Path, blocks: &[Block]) -> Result<Chain, CertificateError> {
    let mut chain = Vec::new();
    for (at, block) in blocks.iter().filter(|block| is_certificate(block)).enumerate() {
        let der = CertificateDer::from(content(path, block, at)?.to_vec());
        let parsed = Parsed::read(&der).map_err(|why| CertificateError::NotX509 {
            path: path.to_owned(),
            place: at + 1,
            why,
        })?;
        chain.push((der, parsed));
    }
    if chain.is_empty() { Err(no_certificate(path, blocks)) } else { Ok(chain) }
}

/// A key that can sign.
#[derive(Clone)]
struct Signer {
    key: Arc<dyn SigningKey>,
    #[cfg(feature = "legacy-tls")]
    der: KeyDer,
}

fn signers(path: &Path, blocks: &[Block]) -> Result<Vec<Signer>, CertificateError> {
    let mut signers = Vec::new();
    let mut fault = None;
    for (at, block) in blocks.iter().filter(|block| is_key(block)).enumerate() {
        match signer(path, block, at) {
            Ok(signer) => signers.push(signer),
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    match fault {
        _ if !signers.is_empty() => Ok(signers),
        Some(fault) => Err(fault),
        None => Err(CertificateError::NoKey { path: path.to_owned(), found: found(blocks) }),
    }
}

fn signer(path: &Path, block: &Block, at: usize) -> Result<Signer, CertificateError> {
    if block.is_encrypted {
        return Err(CertificateError::EncryptedKey { path: path.to_owned() });
    }
    let der = content(path, block, at)?;
    let key = match block.label.as_str() {
        PKCS1 => PrivateKeyDer::from(PrivatePkcs1KeyDer::from(der.to_vec())),
        SEC1 => PrivateKeyDer::from(PrivateSec1KeyDer::from(der.to_vec())),
        PKCS8 => PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der.to_vec())),
        label => {
            let kind = KeyKind::Labelled(label.to_owned());
            return Err(CertificateError::KeyKind { path: path.to_owned(), kind });
        }
    };
    let signing = any_supported_type(&key).map_err(|_| match KeyKind::of_private(&block.label, der) {
        Some(kind) if !kind.is_usable() => CertificateError::KeyKind { path: path.to_owned(), kind },
        _ => CertificateError::DamagedKey { path: path.to_owned() },
    })?;
    Ok(Signer {
        key: signing,
        #[cfg(feature = "legacy-tls")]
        der: KeyDer(Arc::new(Zeroizing::new(der.to_vec()))),
    })
}

/// The one whose certificate comes first.
fn fitting(paths: &PairPaths, chain: &Chain, signers: &[Signer]) -> Result<Signer, CertificateError> {
    let fits = |signer: &Signer, parsed: &Parsed| {
        signer.key.public_key().is_some_and(|public| *public.as_ref() == *parsed.public_key)
    };
    for (at, (_, parsed)) in chain.iter().enumerate() {
        let Some(signer) = signers.iter().find(|signer| fits(signer, parsed)) else { continue };
        if at == 0 {
            return Ok(signer.clone());
        }
        let path = paths.certificate.clone();
        return Err(CertificateError::WrongOrder { path, place: at + 1, of: chain.len() });
    }
    Err(CertificateError::NotTogether { certificate: paths.certificate.clone(), key: paths.key.clone() })
}

/// What is wrong with the order behind the first one.
fn disorder(chain: &Chain) -> Vec<Oddity> {
    let mut oddities = Vec::new();
    // Who stands twice issues nobody's.
    let mut before: Option<&Parsed> = None;
    for (at, (der, parsed)) in chain.iter().enumerate() {
        let place = at + 1;
        if at > 0 && chain.first().is_some_and(|(first, _)| first == der) {
            oddities.push(Oddity::Twice { place });
            continue;
        }
        if before.is_some_and(|before| before.issuer != parsed.subject) {
            oddities.push(Oddity::Misplaced { place });
        }
        before = Some(parsed);
    }
    oddities
}

/// What clients that verify refuse of the chain. A root is believed for itself: nobody looks at its signature.
fn weakness(chain: &Chain) -> Vec<Oddity> {
    let mut oddities = Vec::new();
    for (at, (_, parsed)) in chain.iter().enumerate() {
        let place = at + 1;
        let is_root = parsed.issuer == parsed.subject;
        if let Some(hash) = parsed.old_hash.filter(|_| !is_root) {
            oddities.push(Oddity::OldSignature { place, hash });
        }
        if matches!(parsed.description.key, KeyKind::Rsa { bits } if bits < 2048) {
            oddities.push(Oddity::ShortKey { place });
        }
    }
    oddities
}

fn is_certificate(block: &Block) -> bool {
    matches!(block.label.as_str(), "CERTIFICATE" | "X509 CERTIFICATE")
}

fn is_key(block: &Block) -> bool {
    block.label.ends_with(PKCS8)
}

fn no_certificate(path: &Path, blocks: &[Block]) -> CertificateError {
    CertificateError::NoCertificate { path: path.to_owned(), found: found(blocks) }
}

/// What there is, in words.
fn found(blocks: &[Block]) -> String {
    match blocks.first().map(|block| block.label.as_str()) {
        Some("CERTIFICATE" | "X509 CERTIFICATE") => "a certificate".to_owned(),
        Some("CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST") => "a request for one".to_owned(),
        Some("PUBLIC KEY") => "a public key".to_owned(),
        Some(label) if label.ends_with(PKCS8) => "a private key".to_owned(),
        Some(label) => format!("something that is called {}", crate::observe::shown(label)),
        None => "nothing".to_owned(),
    }
}

fn content<'a>(path: &Path, block: &'a Block, at: usize) -> Result<&'a [u8], CertificateError> {
    let not_base64 =
        || CertificateError::NotBase64 { path: path.to_owned(), label: block.label.clone(), place: at + 1 };
    block.der.as_deref().ok_or_else(not_base64)
}

fn contents(path: &Path) -> Result<Contents, CertificateError> {
    form(path, &read(path)?)
}

fn form(path: &Path, bytes: &[u8]) -> Result<Contents, CertificateError> {
    pem::read(bytes).map_err(|fault| CertificateError::Form { path: path.to_owned(), fault })
}

/// A file of a pair, whatever is in it.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, CertificateError> {
    let read = || {
        // Before it is opened: a pipe would keep us waiting.
        if !fs::metadata(path)?.is_file() {
            return Err(io::Error::other("it is no file"));
        }
        let mut text = Vec::new();
        fs::File::open(path)?.take(FILE_BYTES_MAX).read_to_end(&mut text)?;
        Ok(text)
    };
    read().map_err(|source| CertificateError::Read { path: path.to_owned(), source })
}
