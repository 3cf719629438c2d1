//! The pair that handshakes use now. `server` asks every few seconds, on SIGHUP and after a change of settings whether
//! the files are new. A new pair that is broken or out of its time leaves the old one in use; at a start, where there is no
//! old one, ctibox's own stands in for it.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::SystemTime;

use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;

use super::check::outside_validity;
use super::{CertificateError, Pair, PairPaths, load_pair};

/// Shared by all handshakes.
#[derive(Debug, Default)]
pub(crate) struct CurrentPair {
    held: RwLock<Held>,
    /// What was looked at last: one look at a time.
    looked_at: Mutex<LookedAt>,
}

#[derive(Debug, Default)]
struct Held {
    pair: Option<Arc<Pair>>,
    /// It is ctibox's own, in the place of a named one that could not be used at the start.
    is_stand_in: bool,
}

#[derive(Debug, Default)]
struct LookedAt {
    /// The files that were read last, or that failed.
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
    /// They failed, and that was told. They are tried again at each look: neither the rights of a folder above nor the day
    /// on which they become valid show in them.
    Bad,
}

/// What tells one state of two files from the next.
#[derive(Debug, Clone, PartialEq)]
struct Files {
    paths: PairPaths,
    stamps: [Option<(SystemTime, u64, u64)>; 2],
}

impl Files {
    fn now(paths: &PairPaths) -> Self {
        Self { paths: paths.clone(), stamps: [stamp(&paths.certificate), stamp(&paths.key)] }
    }
}

/// What a look at the files brought.
#[derive(Debug)]
pub(crate) enum Refreshed {
    Unchanged,
    /// New handshakes use the new pair.
    Read(Arc<Pair>),
    /// The new files are no good; what was in use before, if anything, stays.
    Kept(CertificateError),
}

impl CurrentPair {
    /// Looks whether the files changed and reads them if so. Files that cannot be used are told only when they are
    /// found the same once more: whoever replaces two files does not do it in one step. Blocks.
    pub(crate) fn refresh(&self, paths: &PairPaths, now: OffsetDateTime) -> Refreshed {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let files = Files::now(paths);
        let is_same = looked_at.files.as_ref() == Some(&files);
        if is_same && looked_at.verdict == Verdict::Good {
            return Refreshed::Unchanged;
        }
        let (verdict, refreshed) = match self.read(paths, now) {
            Ok(pair) => (Verdict::Good, Refreshed::Read(pair)),
            Err(_) if !is_same => (Verdict::Doubtful, Refreshed::Unchanged),
            Err(error) if looked_at.verdict == Verdict::Doubtful => (Verdict::Bad, Refreshed::Kept(error)),
            Err(_) => (Verdict::Bad, Refreshed::Unchanged),
        };
        *looked_at = LookedAt { files: Some(files), verdict };
        refreshed
    }

    /// The same for whoever waits for what comes of a change: files that cannot be used are told at once.
    pub(crate) fn refresh_now(&self, paths: &PairPaths, now: OffsetDateTime) -> Refreshed {
        match self.refresh(paths, now) {
            Refreshed::Unchanged => self.refresh(paths, now),
            told => told,
        }
    }

    /// Reads the files now, changed or not: at start and on request. Blocks.
    pub(crate) fn reload(&self, paths: &PairPaths, now: OffsetDateTime) -> Result<Arc<Pair>, CertificateError> {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        let files = Some(Files::now(paths));
        let outcome = self.read(paths, now);
        let verdict = if outcome.is_ok() { Verdict::Good } else { Verdict::Bad };
        *looked_at = LookedAt { files, verdict };
        outcome
    }

    /// Uses ctibox's own pair until the wanted one, which was refused, can be used. Blocks.
    pub(crate) fn stand_in(&self, own: &PairPaths) -> Result<Arc<Pair>, CertificateError> {
        let pair = Arc::new(load_pair(own)?);
        let held = Held { pair: Some(pair.clone()), is_stand_in: true };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = held;
        Ok(pair)
    }

    pub(crate) fn is_stand_in(&self) -> bool {
        self.held.read().unwrap_or_else(PoisonError::into_inner).is_stand_in
    }

    /// Why clients that verify refuse the wanted pair, though it is in use: it is out of its time.
    pub(crate) fn fault(&self, paths: &PairPaths, now: OffsetDateTime) -> Option<CertificateError> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let pair = held.pair.as_ref().filter(|_| !held.is_stand_in)?;
        outside_validity(paths, &pair.description, now)
    }

    /// The pair that a handshake would use now.
    pub(crate) fn pair(&self) -> Option<Arc<Pair>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).pair.clone()
    }

    fn read(&self, paths: &PairPaths, now: OffsetDateTime) -> Result<Arc<Pair>, CertificateError> {
        let pair = Arc::new(load_pair(paths)?);
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let is_good = |pair: &Pair| outside_validity(paths, &pair.description, now).is_none();
        // Whoever trusts a named pair does not trust the one that stands in for it.
        if !held.is_stand_in
            && held.pair.as_deref().is_some_and(is_good)
            && let Some(error) = outside_validity(paths, &pair.description, now)
        {
            return Err(error);
        }
        *held = Held { pair: Some(pair.clone()), is_stand_in: false };
        Ok(pair)
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

    use super::super::samples::{Validity, write_pair};
    use super::super::{ensure_fallback, renew_fallback};
    use super::*;

    fn now() -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    #[test]
    fn a_renewed_pair_is_read_once_and_a_broken_one_keeps_the_old() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = ensure_fallback(folder.path()).expect("a pair").paths;
        let current = CurrentPair::default();
        let first = current.reload(&paths, now()).expect("a good pair");
        assert!(matches!(current.refresh(&paths, now()), Refreshed::Unchanged));
        renew_fallback(folder.path()).expect("a new certificate");
        let Refreshed::Read(second) = current.refresh(&paths, now()) else { unreachable!("the files are new") };
        assert_ne!(first.description.fingerprint, second.description.fingerprint);
        fs::write(&paths.certificate, "nothing").expect("written");
        assert!(matches!(current.refresh(&paths, now()), Refreshed::Unchanged));
        let Refreshed::Kept(error) = current.refresh(&paths, now()) else { unreachable!("the file is broken") };
        fs::write(&paths.certificate, "nothing at all").expect("written");
        assert!(matches!(current.refresh_now(&paths, now()), Refreshed::Kept(_)), "who waits is told at once");
        assert!(matches!(current.refresh_now(&paths, now()), Refreshed::Unchanged));
        assert!(error.to_string().contains("server.crt"), "{error}");
        assert!(matches!(current.refresh(&paths, now()), Refreshed::Unchanged));
        let kept = current.pair().expect("the old pair");
        assert_eq!(kept.description.fingerprint, second.description.fingerprint);
        renew_fallback(folder.path()).expect("a new certificate");
        assert!(matches!(current.refresh(&paths, now()), Refreshed::Read(_)));
    }

    #[test]
    fn a_good_pair_is_never_replaced_by_one_that_is_out_of_its_time() {
        for (validity, words) in [(Validity::Over, "expired on"), (Validity::ToCome, "is not valid before")] {
            let folder = tempfile::tempdir().expect("a folder");
            let paths = write_pair(folder.path(), Validity::Now);
            let current = CurrentPair::default();
            let good = current.reload(&paths, now()).expect("a good pair").description.fingerprint.clone();
            write_pair(folder.path(), validity);
            let error = current.reload(&paths, now()).expect_err("out of its time");
            assert!(error.to_string().contains(words), "{error}");
            assert!(matches!(current.refresh(&paths, now()), Refreshed::Unchanged));
            assert_eq!(current.pair().expect("the good one").description.fingerprint, good);
        }
    }

    #[test]
    fn a_pair_that_becomes_valid_is_used_from_then_on() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = write_pair(folder.path(), Validity::Now);
        let current = CurrentPair::default();
        current.reload(&paths, now()).expect("a good pair");
        write_pair(folder.path(), Validity::ToCome);
        current.reload(&paths, now()).expect_err("not yet valid");
        assert!(matches!(current.refresh(&paths, now() + time::Duration::days(1)), Refreshed::Unchanged));
        assert!(matches!(current.refresh(&paths, now() + time::Duration::days(20)), Refreshed::Read(_)));
    }

    #[test]
    fn of_two_pairs_that_are_over_the_new_one_is_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = write_pair(folder.path(), Validity::Over);
        let current = CurrentPair::default();
        let first = current.reload(&paths, now()).expect("taken where there is none").description.fingerprint.clone();
        write_pair(folder.path(), Validity::Over);
        assert_ne!(current.reload(&paths, now()).expect("no worse").description.fingerprint, first);
    }

    #[test]
    fn ctiboxs_own_stands_in_until_the_named_one_can_be_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let own = ensure_fallback(folder.path()).expect("a pair").paths;
        let named = PairPaths { certificate: folder.path().join("named.crt"), key: folder.path().join("named.key") };
        let current = CurrentPair::default();
        current.reload(&named, now()).expect_err("there is none");
        let stand_in = current.stand_in(&own).expect("a pair");
        assert!(current.is_stand_in());
        let other = tempfile::tempdir().expect("a folder");
        let good = ensure_fallback(other.path()).expect("a pair").paths;
        fs::copy(&good.key, &named.key).expect("copied");
        fs::copy(&good.certificate, &named.certificate).expect("copied");
        let Refreshed::Read(pair) = current.refresh(&named, now()) else { unreachable!("the files are there") };
        assert_ne!(pair.description.fingerprint, stand_in.description.fingerprint);
        assert!(!current.is_stand_in());
    }
}
