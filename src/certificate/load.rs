//! Reads a certificate and its key from PEM files into what a handshake needs. Reads only; says which file is at fault.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use super::describe::Description;
use super::{CertificateError, PairPaths};

/// What is read of a file; a chain is a few KiB.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// A pair that belongs together, ready for handshakes.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) certified: Arc<CertifiedKey>,
    pub(crate) description: Description,
}

/// Loads a pair: PEM, X.509 version 3, key RSA or EC and not encrypted, both belonging together. An expired one loads.
pub(crate) fn load_pair(paths: &PairPaths) -> Result<Pair, CertificateError> {
    let chain = read_chain(&paths.certificate)?;
    let leaf = chain.first().ok_or_else(|| CertificateError::NoCertificate { path: paths.certificate.clone() })?;
    let description = Description::read(leaf, &paths.certificate)?;
    let key = read_key(&paths.key)?;
    let signer = any_supported_type(&key).map_err(|_| CertificateError::KeyKind { path: paths.key.clone() })?;
    let certified = CertifiedKey::new(chain, signer);
    certified.keys_match().map_err(|_| CertificateError::NotTogether {
        certificate: paths.certificate.clone(),
        key: paths.key.clone(),
    })?;
    Ok(Pair { certified: Arc::new(certified), description })
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let text = read(path)?;
    CertificateDer::pem_slice_iter(&text)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| CertificateError::NoCertificate { path: path.to_owned() })
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, CertificateError> {
    let text = read(path)?;
    let has = |needle: &[u8]| text.windows(needle.len()).any(|window| window == needle);
    if has(b"ENCRYPTED PRIVATE KEY") || has(b"Proc-Type: 4,ENCRYPTED") {
        return Err(CertificateError::EncryptedKey { path: path.to_owned() });
    }
    PrivateKeyDer::from_pem_slice(&text).map_err(|_| CertificateError::NoKey { path: path.to_owned() })
}

fn read(path: &Path) -> Result<Vec<u8>, CertificateError> {
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
