//! Keeps the pair of new handshakes the one that the settings name and the disk holds: at start, every few seconds, on
//! SIGHUP and after a change of settings. What came of each try is recorded: a pair that cannot be used is a discrepancy.
//! Once a day it looks whether the certificate is about to expire.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at, timeout};

use super::context::ServerContext;
use super::discrepancies::{Aspect, Discrepancies};
use super::shutdown::Shutdown;
use crate::certificate::{
    CertificateError, CurrentPair, Description, Pair, PairPaths, Refreshed, check_pair, ensure_fallback, findings_of,
    moment_text,
};
use crate::control::Discrepancy;
use crate::observe::counter::{Counter, count};
use crate::settings::rule::{Finding, Severity};
use crate::settings::setting::{EncryptionMode, General};

const LOOK_EVERY: Duration = Duration::from_secs(2);
const DAY: Duration = Duration::from_secs(24 * 3600);
/// Other settings do not wait longer for a disk that hangs under the pair.
const READ_MAX: Duration = Duration::from_secs(2);

/// Reads the pair for the first time. A named one that cannot be used does not keep the server from its clients, unless
/// the settings say so: ctibox's own stands in for it. Blocks.
pub(super) fn load_at_start(
    pair: &CurrentPair,
    general: &General,
    folder: &Path,
    discrepancies: &Discrepancies,
) -> Result<(), CertificateError> {
    let Err(error) = load_now(pair, general, folder, discrepancies) else { return Ok(()) };
    let (is_off, cause) = (general.encryption_mode == EncryptionMode::Off, error.words());
    if is_off {
        tracing::warn!(cause, "the certificate cannot be used; encryption is off, so nobody needs it");
    }
    let is_named = general.encryption_pair.is_some();
    if is_named && (is_off || general.fallback_when_broken) {
        if !is_off {
            tracing::error!(
                cause,
                "the certificate that the settings name cannot be used; clients get ctibox's own until it can"
            );
        }
        match stand_in(pair, folder) {
            Ok(()) => {
                record(pair, &wanted(general, folder), Some(&error), discrepancies);
                return Ok(());
            }
            Err(own) => tracing::error!(cause = own.words(), "ctibox's own certificate cannot be used either"),
        }
    }
    if is_off { Ok(()) } else { Err(error) }
}

/// Reads the pair now, whether it changed or not; makes the fallback pair if it is the one and missing. Blocks.
pub(super) fn load_now(
    pair: &CurrentPair,
    general: &General,
    folder: &Path,
    discrepancies: &Discrepancies,
) -> Result<Description, CertificateError> {
    let paths = wanted(general, folder);
    let made = if general.encryption_pair.is_none() { own_pair(folder) } else { Ok(()) };
    let outcome = made.and_then(|()| pair.reload(&paths, OffsetDateTime::now_utc()));
    if outcome.is_err()
        && pair.is_stand_in()
        && let Err(own) = stand_in(pair, folder)
    {
        tracing::error!(cause = own.words(), "ctibox's own certificate cannot be used; the one from before stays");
    }
    if let Ok(read) = &outcome {
        tell_read(&paths, read);
    }
    record(pair, &paths, outcome.as_ref().err(), discrepancies);
    outcome.map(|read| read.description.clone())
}

fn wanted(general: &General, folder: &Path) -> PairPaths {
    PairPaths::effective(general.encryption_pair.as_ref(), folder)
}

fn stand_in(pair: &CurrentPair, folder: &Path) -> Result<(), CertificateError> {
    own_pair(folder)?;
    let paths = PairPaths::fallback(folder);
    let own = pair.stand_in(&paths)?;
    tell_read(&paths, &own);
    Ok(())
}

/// Brings the pair to what the settings name now, and records what came of it.
pub(super) async fn take_over(server: &Arc<ServerContext>, folder: &Path) {
    let (of_thread, folder) = (server.clone(), folder.to_owned());
    let read = spawn_blocking(move || {
        let general = of_thread.settings.now().general.clone();
        make_missing(&general, &folder);
        look(&of_thread, &general, &folder, CurrentPair::refresh_now);
    });
    match timeout(READ_MAX, read).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) => tracing::error!("reading the certificate panicked; the old one stays"),
        // The thread goes on and records what comes of it; until then this holds.
        Err(_) => {
            let certificate = server.settings.now().general.encryption_pair.as_ref().map(|(path, _)| shown(path));
            let why = "reading it takes long: the disk does not answer".to_owned();
            let discrepancy = Discrepancy::Certificate {
                certificate: certificate.unwrap_or_default(),
                why,
                in_use: in_use(&server.pair),
                is_own: server.pair.is_stand_in(),
                is_used: false,
            };
            server.discrepancies.record(Aspect::Certificate, Some(discrepancy));
        }
    }
}

/// What came of reading the wanted pair; None: it is in use.
fn record(pair: &CurrentPair, paths: &PairPaths, error: Option<&CertificateError>, discrepancies: &Discrepancies) {
    let of = |error: &CertificateError, is_used| Discrepancy::Certificate {
        certificate: shown(&paths.certificate),
        why: error.words(),
        in_use: in_use(pair),
        is_own: pair.is_stand_in(),
        is_used,
    };
    let discrepancy = match error {
        Some(error) => Some(of(error, false)),
        None => pair.fault(paths, OffsetDateTime::now_utc()).map(|fault| of(&fault, true)),
    };
    discrepancies.record(Aspect::Certificate, discrepancy);
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The fingerprint of the certificate that handshakes get now.
fn in_use(pair: &CurrentPair) -> Option<String> {
    pair.pair().map(|pair| pair.description.fingerprint.clone())
}

/// Looks at the files until the shutdown.
pub(super) async fn follow(server: Arc<ServerContext>, folder: PathBuf, mut shutdown: Shutdown) {
    let mut looks = interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Reading it told what is wrong with it today.
    let mut days = interval_at(Instant::now() + DAY, DAY);
    loop {
        let reason = tokio::select! {
            _ = looks.tick() => Reason::Turn,
            _ = days.tick() => Reason::Day,
            () = shutdown.requested() => return,
        };
        let (server, folder) = (server.clone(), folder.clone());
        let looked = spawn_blocking(move || {
            let general = server.settings.now().general.clone();
            match reason {
                Reason::Turn => look(&server, &general, &folder, CurrentPair::refresh),
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
        tracing::error!(cause = error.words(), "no certificate of our own; the old one stays");
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
    server: &ServerContext,
    general: &General,
    folder: &Path,
    refresh: impl FnOnce(&CurrentPair, &PairPaths, OffsetDateTime) -> Refreshed,
) {
    let paths = wanted(general, folder);
    match refresh(&server.pair, &paths, OffsetDateTime::now_utc()) {
        // It may have ended meanwhile.
        Refreshed::Unchanged if !server.discrepancies.has(Aspect::Certificate) => {
            record(&server.pair, &paths, None, &server.discrepancies);
        }
        Refreshed::Unchanged => {}
        Refreshed::Read(read) => {
            tell_read(&paths, &read);
            record(&server.pair, &paths, None, &server.discrepancies);
        }
        Refreshed::Kept(error) => {
            tracing::error!(cause = error.words(), "the new certificate cannot be used; the old one stays");
            record(&server.pair, &paths, Some(&error), &server.discrepancies);
        }
    }
}

fn tell_read(paths: &PairPaths, pair: &Pair) {
    count(Counter::CertificatesRead);
    tracing::info!(
        certificate = %paths.certificate.display(),
        fingerprint = %pair.description.fingerprint,
        expires = %moment_text(pair.description.not_after),
        "certificate in use"
    );
    tell_findings(findings_of(pair, paths, OffsetDateTime::now_utc()));
}

fn warn(general: &General, folder: &Path) {
    tell_findings(check_pair(&wanted(general, folder), OffsetDateTime::now_utc()));
}

fn tell_findings(findings: Vec<Finding>) {
    for Finding { severity, refusal, .. } in findings {
        match severity {
            Severity::Error => tracing::error!("{}: {}", refusal.on, refusal.problem),
            Severity::Warning => tracing::warn!("{}: {}", refusal.on, refusal.problem),
        }
    }
}
