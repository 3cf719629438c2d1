//! The named pairs in the data folder, `DATA/certs/NAME.crt` and `.key`, beside ctibox's own and its authority: which there
//! are, adding one after a look at it, removing one. `command` calls, and says which one is in use; that is a setting.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::OffsetDateTime;
use zeroize::Zeroizing;

use super::check::findings_of;
use super::files::{Occupied, folder_of, make_folder, write_whole};
use super::load::{Pair, PairBytes, load_pair, pair_of, read};
use super::{CertificateError, PairPaths};
use crate::settings::rule::{Finding, Severity};

const NAME_CHARACTERS_MAX: usize = 64;
/// ctibox's own pair, and the authority that signs what `create --authority` makes.
const RESERVED: [&str; 2] = ["server", AUTHORITY];
pub(super) const AUTHORITY: &str = "authority";
pub(super) const CERTIFICATE_MODE: u32 = 0o640;
pub(super) const KEY_MODE: u32 = 0o600;
const PEM_COLUMNS: usize = 64;

/// What a pair is called: 1 to 64 letters, digits, `_`, `.`, `-` (settings §5), and none of ctibox's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PairName(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NameFault {
    #[error(
        "must have 1 to {NAME_CHARACTERS_MAX} letters, digits, `_`, `.` or `-`, and must not begin with `.` or `-`"
    )]
    Form,
    #[error("is the name of one of ctibox's own; choose another")]
    Reserved,
}

impl FromStr for PairName {
    type Err = NameFault;

    fn from_str(text: &str) -> Result<Self, NameFault> {
        let is_good = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
        if !(1..=NAME_CHARACTERS_MAX).contains(&text.len())
            || !text.chars().all(is_good)
            || text.starts_with(['.', '-'])
        {
            return Err(NameFault::Form);
        }
        if RESERVED.contains(&text) {
            return Err(NameFault::Reserved);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for PairName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("there is a certificate {name} already")]
    Exists { name: PairName },
    #[error("there is no certificate {name}")]
    Unknown { name: PairName },
    #[error("there is no key for {name}: none is named, and none waits for its certificate")]
    NoKey { name: PairName },
    /// What `check_pair` would call an error.
    #[error("that pair cannot be used")]
    Unusable { findings: Vec<Finding> },
    #[error(transparent)]
    Pair(#[from] CertificateError),
}

/// What is there under a name.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) name: PairName,
    pub(crate) paths: PairPaths,
    pub(crate) content: Content,
}

#[derive(Debug)]
pub(crate) enum Content {
    Pair(Box<Pair>),
    /// A key that waits for the certificate that was asked for.
    Waiting,
    Broken(CertificateError),
}

/// The named pairs of a data folder.
#[derive(Debug)]
pub(crate) struct CertificateStore {
    data: PathBuf,
}

impl CertificateStore {
    pub(crate) fn of(data: &Path) -> Self {
        Self { data: data.to_owned() }
    }

    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    pub(crate) fn paths(&self, name: &PairName) -> PairPaths {
        PairPaths { certificate: self.file(&name.0, "crt"), key: self.file(&name.0, "key") }
    }

    pub(super) fn request_path(&self, name: &PairName) -> PathBuf {
        self.file(&name.0, "csr")
    }

    pub(super) fn authority(&self) -> PairPaths {
        PairPaths { certificate: self.file(AUTHORITY, "crt"), key: self.file(AUTHORITY, "key") }
    }

    fn file(&self, name: &str, ending: &str) -> PathBuf {
        folder_of(&self.data).join(format!("{name}.{ending}"))
    }

    /// Everything that has a name, in its order.
    pub(crate) fn list(&self) -> Result<Vec<Stored>, CertificateError> {
        let folder = folder_of(&self.data);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(source) => return Err(CertificateError::Read { path: folder, source }),
        };
        let name = |path: PathBuf| -> Option<PairName> {
            let is_ours = path.extension().is_some_and(|ending| ending == "crt" || ending == "key");
            path.file_stem().filter(|_| is_ours)?.to_str()?.parse().ok()
        };
        let names: BTreeSet<PairName> = entries.flatten().filter_map(|entry| name(entry.path())).collect();
        Ok(names.into_iter().map(|name| self.stored(name)).collect())
    }

    /// What is there under this name.
    pub(crate) fn find(&self, name: &PairName) -> Result<Stored, StoreError> {
        let paths = self.paths(name);
        if !paths.certificate.exists() && !paths.key.exists() {
            return Err(StoreError::Unknown { name: name.clone() });
        }
        Ok(self.stored(name.clone()))
    }

    fn stored(&self, name: PairName) -> Stored {
        let paths = self.paths(&name);
        let content = match load_pair(&paths) {
            Ok(pair) => Content::Pair(Box::new(pair)),
            Err(_) if !paths.certificate.exists() => Content::Waiting,
            Err(error) => Content::Broken(error),
        };
        Stored { name, paths, content }
    }

    /// The key that waits for the certificate of this name.
    pub(crate) fn waiting_key(&self, name: &PairName) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let path = self.paths(name).key;
        if !path.exists() {
            return Err(StoreError::NoKey { name: name.clone() });
        }
        Ok(Zeroizing::new(read(&path)?))
    }

    /// Keeps a pair that was read from `from` under this name; answers with what is worth a warning. What cannot be used
    /// is refused, and nothing is written.
    pub(crate) fn add(
        &self,
        name: &PairName,
        from: &PairPaths,
        bytes: &PairBytes,
        occupied: Occupied,
    ) -> Result<Vec<Finding>, StoreError> {
        let paths = self.paths(name);
        if matches!(occupied, Occupied::Refuse) && paths.certificate.exists() {
            return Err(StoreError::Exists { name: name.clone() });
        }
        let pair = pair_of(from, bytes)?;
        let (errors, warnings): (Vec<_>, Vec<_>) = findings_of(&pair, from, OffsetDateTime::now_utc())
            .into_iter()
            .partition(|finding| finding.severity == Severity::Error);
        if !errors.is_empty() {
            return Err(StoreError::Unusable { findings: errors });
        }
        make_folder(&self.data)?;
        // The certificates alone: the file may hold the key too, and has other rights.
        let chain: String = pair.certified.cert.iter().map(|der| pem(der)).collect();
        write_whole(&paths.key, &bytes.key, Occupied::Replace, KEY_MODE)?;
        write_whole(&paths.certificate, chain.as_bytes(), Occupied::Replace, CERTIFICATE_MODE)?;
        Ok(warnings)
    }

    /// Whether it is in use is the caller's to know.
    pub(crate) fn remove(&self, name: &PairName) -> Result<(), StoreError> {
        let PairPaths { certificate, key } = self.find(name)?.paths;
        for path in [certificate, key, self.request_path(name)] {
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(CertificateError::Write { path, source: error }.into());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// A certificate as PEM (RFC 7468).
fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<_> = text.as_bytes().chunks(PEM_COLUMNS).map(String::from_utf8_lossy).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::samples::{Validity, chain, write, write_pair};
    use super::*;

    fn name(text: &str) -> PairName {
        text.parse().expect("a name")
    }

    fn store() -> (tempfile::TempDir, CertificateStore) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = CertificateStore::of(&folder.path().join("data"));
        (folder, store)
    }

    fn add(store: &CertificateStore, named: &str, from: &PairPaths) -> Result<Vec<Finding>, StoreError> {
        let bytes = PairBytes::read(from).expect("files");
        store.add(&name(named), from, &bytes, Occupied::Refuse)
    }

    #[test]
    fn a_name_is_a_file_s_and_none_of_ctibox_s_own() {
        for text in ["a", "www.example.org", "CTI_2-b", &"x".repeat(64)] {
            assert!(text.parse::<PairName>().is_ok(), "{text}");
        }
        for text in ["", "a b", "a/b", "..", ".hidden", "-a", "ä", &"x".repeat(65)] {
            assert_eq!(text.parse::<PairName>(), Err(NameFault::Form), "{text}");
        }
        assert_eq!("server".parse::<PairName>(), Err(NameFault::Reserved));
        assert_eq!("authority".parse::<PairName>(), Err(NameFault::Reserved));
    }

    #[test]
    fn a_pair_is_kept_whole_with_its_rights_listed_and_removed() {
        let (folder, store) = store();
        assert!(store.list().expect("none").is_empty());
        let (certificates, key) = chain(Validity::Now);
        let from = write(folder.path(), &format!("{}{key}", certificates.concat()), &key);
        assert!(add(&store, "cti", &from).expect("added").is_empty());
        let paths = store.paths(&name("cti"));
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
        assert_eq!((mode(&paths.certificate), mode(&paths.key)), (CERTIFICATE_MODE, KEY_MODE));
        let kept = fs::read_to_string(&paths.certificate).expect("a file");
        assert!(!kept.contains("PRIVATE KEY") && kept.matches("BEGIN").count() == 3, "{kept}");
        let listed = store.list().expect("one");
        let [Stored { name: listed, content: Content::Pair(pair), .. }] = &listed[..] else {
            unreachable!("{listed:?}")
        };
        assert_eq!((listed.to_string(), pair.chain.len()), ("cti".to_owned(), 2));
        assert!(matches!(add(&store, "cti", &from), Err(StoreError::Exists { .. })));
        store.remove(&name("cti")).expect("removed");
        assert!(matches!(store.remove(&name("cti")), Err(StoreError::Unknown { .. })));
        assert!(store.list().expect("none").is_empty());
    }

    #[test]
    fn what_cannot_be_used_is_not_kept() {
        let (folder, store) = store();
        let over = write_pair(folder.path(), Validity::Over);
        assert!(matches!(add(&store, "over", &over), Err(StoreError::Unusable { .. })));
        let good = write_pair(folder.path(), Validity::Now);
        fs::write(&good.key, "nothing").expect("written");
        assert!(matches!(add(&store, "broken", &good), Err(StoreError::Pair(_))));
        assert!(store.list().expect("none").is_empty());
    }
}
