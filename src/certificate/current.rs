//! The pair that handshakes use now. `server` asks every few seconds, on SIGHUP and after a change of settings whether
//! the files are new; a broken new pair leaves the old one in use.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use super::{CertificateError, Description, Pair, PairPaths, load_pair};

/// Shared by all handshakes.
#[derive(Debug, Default)]
pub(crate) struct CurrentPair {
    pair: RwLock<Option<Arc<Pair>>>,
    /// What was looked at last: one look at a time.
    looked_at: Mutex<LookedAt>,
}

#[derive(Debug, Default)]
struct LookedAt {
    /// The files that `pair` came from, or that failed.
    files: Option<Files>,
    verdict: Verdict,
}

/// What the last look thought of the files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Verdict {
    #[default]
    Good,
    /// They failed once and may be half written: they are tried again before anybody is told.
    Doubtful,
    /// They failed, and that was told. They are tried again at each look: rights of a folder above do not show in them.
    Bad,
}

/// What tells one state of two files from the next.
#[derive(Debug, Clone, PartialEq)]
struct Files {
    paths: PairPaths,
    stamps: [Option<(SystemTime, u64, u64)>; 2],
}

/// What a look at the files brought.
#[derive(Debug)]
pub(crate) enum Refreshed {
    Unchanged,
    /// New handshakes use the new pair.
    Read(Description),
    /// The new files are no good; the old pair, if any, stays.
    Kept(CertificateError),
}

impl CurrentPair {
    /// Looks whether the files changed and reads them if so. Files that cannot be used are told only when they are
    /// found the same once more: whoever replaces two files does not do it in one step. Blocks.
    pub(crate) fn refresh(&self, paths: &PairPaths) -> Refreshed {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let files = Files { paths: paths.clone(), stamps: [stamp(&paths.certificate), stamp(&paths.key)] };
        let is_same = looked_at.files.as_ref() == Some(&files);
        if is_same && looked_at.verdict == Verdict::Good {
            return Refreshed::Unchanged;
        }
        let (verdict, refreshed) = match self.read(paths) {
            Ok(description) => (Verdict::Good, Refreshed::Read(description)),
            Err(_) if !is_same => (Verdict::Doubtful, Refreshed::Unchanged),
            Err(error) if looked_at.verdict == Verdict::Doubtful => (Verdict::Bad, Refreshed::Kept(error)),
            Err(_) => (Verdict::Bad, Refreshed::Unchanged),
        };
        *looked_at = LookedAt { files: Some(files), verdict };
        refreshed
    }

    /// The same for whoever waits for what comes of a change: files that cannot be used are told at once.
    pub(crate) fn refresh_now(&self, paths: &PairPaths) -> Refreshed {
        match self.refresh(paths) {
            Refreshed::Unchanged => self.refresh(paths),
            told => told,
        }
    }

    /// Reads the files now, changed or not: at start and on request. Blocks.
    pub(crate) fn reload(&self, paths: &PairPaths) -> Result<Description, CertificateError> {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let files = Files { paths: paths.clone(), stamps: [stamp(&paths.certificate), stamp(&paths.key)] };
        let outcome = self.read(paths);
        let verdict = if outcome.is_ok() { Verdict::Good } else { Verdict::Bad };
        *looked_at = LookedAt { files: Some(files), verdict };
        outcome
    }

    /// The pair that a handshake would use now.
    pub(crate) fn pair(&self) -> Option<Arc<Pair>> {
        self.pair.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn read(&self, paths: &PairPaths) -> Result<Description, CertificateError> {
        let pair = load_pair(paths)?;
        let description = pair.description.clone();
        *self.pair.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(pair));
        Ok(description)
    }
}

impl ResolvesServerCert for CurrentPair {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.pair().map(|pair| pair.certified.clone())
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len(), metadata.ino()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::{ensure_fallback, renew_fallback};
    use super::*;

    #[test]
    fn a_renewed_pair_is_read_once_and_a_broken_one_keeps_the_old() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = ensure_fallback(folder.path()).expect("a pair").paths;
        let current = CurrentPair::default();
        let first = current.reload(&paths).expect("a good pair").fingerprint;
        assert!(matches!(current.refresh(&paths), Refreshed::Unchanged));
        renew_fallback(folder.path()).expect("a new certificate");
        let Refreshed::Read(second) = current.refresh(&paths) else { unreachable!("the files are new") };
        assert_ne!(first, second.fingerprint);
        fs::write(&paths.certificate, "nothing").expect("written");
        assert!(matches!(current.refresh(&paths), Refreshed::Unchanged));
        let Refreshed::Kept(error) = current.refresh(&paths) else { unreachable!("the file is broken") };
        fs::write(&paths.certificate, "nothing at all").expect("written");
        assert!(matches!(current.refresh_now(&paths), Refreshed::Kept(_)), "who waits is told at once");
        assert!(matches!(current.refresh_now(&paths), Refreshed::Unchanged));
        assert!(error.to_string().contains("server.crt"), "{error}");
        assert!(matches!(current.refresh(&paths), Refreshed::Unchanged));
        let kept = current.pair().expect("the old pair");
        assert_eq!(kept.description.fingerprint, second.fingerprint);
    }
}
