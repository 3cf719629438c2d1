//! Keeps the pair of new handshakes the one that the settings name and the disk holds: at start, every few seconds, on
//! SIGHUP and after a change of settings. Once a day it looks whether the certificate is about to expire.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::service::Service;
use super::stop::StopSignal;
use crate::certificate::{
    CertificateError, CurrentPair, Description, PairPaths, Refreshed, check_pair, ensure_fallback, moment_text,
};
use crate::observe::counter::{Counter, count};
use crate::settings::rule::Severity;
use crate::settings::setting::General;

const LOOK_EVERY: Duration = Duration::from_secs(2);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Reads the pair now, whether it changed or not; makes the fallback pair if it is the one and missing. Blocks.
pub(super) fn load_now(pair: &CurrentPair, general: &General, folder: &Path) -> Result<Description, CertificateError> {
    if general.encryption_pair.is_none() {
        own_pair(folder)?;
    }
    let paths = PairPaths::effective(general.encryption_pair.as_ref(), folder);
    let description = pair.reload(&paths)?;
    tell_read(&paths, &description);
    Ok(description)
}

/// Looks at the files until the stop is said; at once when `changed` is told.
pub(super) async fn follow(service: Arc<Service>, folder: PathBuf, changed: Arc<Notify>, mut stop: StopSignal) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut days = interval(DAY);
    loop {
        let reason = tokio::select! {
            _ = looks.tick() => Reason::Turn,
            () = changed.notified() => Reason::NewSettings,
            _ = days.tick() => Reason::Day,
            () = stop.said() => return,
        };
        let (service, folder) = (service.clone(), folder.clone());
        let looked = spawn_blocking(move || {
            let general = service.terms.now().general.clone();
            match reason {
                Reason::Turn => look(&service.pair, &general, &folder),
                Reason::NewSettings => {
                    make_missing(&general, &folder);
                    look(&service.pair, &general, &folder);
                }
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
    NewSettings,
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

fn look(pair: &CurrentPair, general: &General, folder: &Path) {
    let paths = PairPaths::effective(general.encryption_pair.as_ref(), folder);
    match pair.refresh(&paths) {
        Refreshed::Unchanged => {}
        Refreshed::Read(description) => tell_read(&paths, &description),
        Refreshed::Kept(error) => {
            tracing::error!(cause = %error.finding().refusal.message, "the new certificate cannot be used; the old one stays");
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
