//! Keeps the pair of new handshakes the one that the settings name and the disk holds: at start, every few seconds, on
//! SIGHUP and after a change of settings. What came of each try is recorded: a pair that cannot be used is a discrepancy.
//! Once a day it looks whether the certificate is about to expire.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::discrepancies::{Aspect, Discrepancies};
use super::service::Service;
use super::stop::StopSignal;
use crate::certificate::{
    CertificateError, CurrentPair, Description, PairPaths, Refreshed, check_pair, ensure_fallback, moment_text,
};
use crate::control::Discrepancy;
use crate::observe::counter::{Counter, count};
use crate::settings::rule::Severity;
use crate::settings::setting::General;

const LOOK_EVERY: Duration = Duration::from_secs(2);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Other settings do not wait longer for a disk that hangs under the pair.
const READ_MAX: Duration = Duration::from_secs(2);

/// Reads the pair now, whether it changed or not; makes the fallback pair if it is the one and missing. Blocks.
pub(super) fn load_now(
    pair: &CurrentPair,
    general: &General,
    folder: &Path,
    discrepancies: &Discrepancies,
) -> Result<Description, CertificateError> {
    let paths = PairPaths::effective(general.encryption_pair.as_ref(), folder);
    let made = if general.encryption_pair.is_none() { own_pair(folder) } else { Ok(()) };
    let outcome = made.and_then(|()| pair.reload(&paths));
    if let Ok(description) = &outcome {
        tell_read(&paths, description);
    }
    record(pair, &paths, outcome.as_ref().err(), discrepancies);
    outcome
}

/// Brings the pair to what the settings name now, and records what came of it.
pub(super) async fn take_over(service: &Arc<Service>, folder: &Path) {
    let (of_thread, folder) = (service.clone(), folder.to_owned());
    let read = spawn_blocking(move || {
        let general = of_thread.terms.now().general.clone();
        make_missing(&general, &folder);
        look(&of_thread, &general, &folder, CurrentPair::refresh_now);
    });
    match timeout(READ_MAX, read).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) => tracing::error!("reading the certificate panicked; the old one stays"),
        // The thread goes on and records what comes of it; until then this holds.
        Err(_) => {
            let certificate = service.terms.now().general.encryption_pair.as_ref().map(|(path, _)| shown(path));
            let why = "reading it takes long: the disk does not answer".to_owned();
            let discrepancy = Discrepancy::Certificate {
                certificate: certificate.unwrap_or_default(),
                why,
                in_use: in_use(&service.pair),
            };
            service.discrepancies.record(Aspect::Certificate, Some(discrepancy));
        }
    }
}

fn record(pair: &CurrentPair, paths: &PairPaths, error: Option<&CertificateError>, discrepancies: &Discrepancies) {
    let discrepancy = error.map(|error| Discrepancy::Certificate {
        certificate: shown(&paths.certificate),
        why: error.finding().refusal.message,
        in_use: in_use(pair),
    });
    discrepancies.record(Aspect::Certificate, discrepancy);
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The fingerprint of the certificate that handshakes get now.
fn in_use(pair: &CurrentPair) -> Option<String> {
    pair.pair().map(|pair| pair.description.fingerprint.clone())
}

/// Looks at the files until the stop is said.
pub(super) async fn follow(service: Arc<Service>, folder: PathBuf, mut stop: StopSignal) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut days = interval(DAY);
    loop {
        let reason = tokio::select! {
            _ = looks.tick() => Reason::Turn,
            _ = days.tick() => Reason::Day,
            () = stop.said() => return,
        };
        let (service, folder) = (service.clone(), folder.clone());
        let looked = spawn_blocking(move || {
            let general = service.terms.now().general.clone();
            match reason {
                Reason::Turn => look(&service, &general, &folder, CurrentPair::refresh),
                Reason::Day => warn(&general, &folder),
            }
        });
        if looked.await.is_err() {
            tracing::error!("looking at the certificate panicked; from now on a new one needs a restart");
            return;
        }
    }
}

/// Why the files are looked at.
#[derive(Clone, Copy)]
enum Reason {
    Turn,
    Day,
}

/// The settings may name no pair any more, and there may never have been one of our own.
fn make_missing(general: &General, folder: &Path) {
    if general.encryption_pair.is_none()
        && let Err(error) = own_pair(folder)
    {
        tracing::error!(cause = %error.finding().refusal.message, "no certificate of our own; the old one stays");
    }
}

fn own_pair(folder: &Path) -> Result<(), CertificateError> {
    let fallback = ensure_fallback(folder)?;
    if fallback.is_new {
        tracing::info!(certificate = %fallback.paths.certificate.display(), "made a certificate of our own");
    }
    Ok(())
}

fn look(
    service: &Service,
    general: &General,
    folder: &Path,
    refresh: impl FnOnce(&CurrentPair, &PairPaths) -> Refreshed,
) {
    let paths = PairPaths::effective(general.encryption_pair.as_ref(), folder);
    match refresh(&service.pair, &paths) {
        Refreshed::Unchanged => {}
        Refreshed::Read(description) => {
            tell_read(&paths, &description);
            record(&service.pair, &paths, None, &service.discrepancies);
        }
        Refreshed::Kept(error) => {
            tracing::error!(cause = %error.finding().refusal.message, "the new certificate cannot be used; the old one stays");
            record(&service.pair, &paths, Some(&error), &service.discrepancies);
        }
    }
}

fn tell_read(paths: &PairPaths, description: &Description) {
    count(Counter::CertificatesRead);
    tracing::info!(
        certificate = %paths.certificate.display(),
        fingerprint = %description.fingerprint,
        expires = %moment_text(description.not_after),
        "certificate in use"
    );
}

fn warn(general: &General, folder: &Path) {
    let paths = PairPaths::effective(general.encryption_pair.as_ref(), folder);
    for finding in check_pair(&paths, OffsetDateTime::now_utc()) {
        match finding.severity {
            Severity::Error => tracing::error!("{}: {}", finding.refusal.on, finding.refusal.message),
            Severity::Warning => tracing::warn!("{}: {}", finding.refusal.on, finding.refusal.message),
        }
    }
}
