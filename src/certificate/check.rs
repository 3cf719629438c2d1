//! Rule G2 (settings §4.4) as findings: what an administrator hears of a pair when naming it, in `ctibox check`, and
//! daily in the log. Reads the files; changes nothing.

use time::OffsetDateTime;

use super::describe::{Description, days_left, moment_text};
use super::load::Pair;
use super::{CertificateError, PairPaths, load_pair};
use crate::settings::rule::{Finding, Refusal, Rule, Severity, count};
use crate::settings::rule_target::RuleTarget;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::{PairFault, Violation};

/// From this many days before its end a certificate is worth a warning.
const EXPIRY_WARNING_DAYS: i64 = 30;

/// Everything that is wrong with a pair now; nothing if all is well.
pub(crate) fn check_pair(paths: &PairPaths, now: OffsetDateTime) -> Vec<Finding> {
    match load_pair(paths) {
        Ok(pair) => findings_of(&pair, paths, now),
        Err(error) => vec![error.finding_in(paths)],
    }
}

/// Everything that is wrong with a pair that could be loaded from there.
pub(crate) fn findings_of(pair: &Pair, paths: &PairPaths, now: OffsetDateTime) -> Vec<Finding> {
    let mut findings: Vec<Finding> = validity(paths, &pair.description, now).into_iter().collect();
    let path = paths.certificate.display();
    for (at, description) in pair.chain.iter().enumerate() {
        // The server's own is number 1.
        let number = format!("{path}, number {} ({})", at + 2, description.subject);
        let on = RuleTarget::shown(TargetKind::Certificate, number);
        findings.extend(validity_of_issuer(description, now).map(|(fault, words)| warning(on, fault, words)));
    }
    findings.extend(pair.oddities.iter().map(|(file, odd)| {
        let what = if *file == paths.certificate { TargetKind::Certificate } else { TargetKind::Key };
        warning(RuleTarget::shown(what, file.display()), odd.fault(), odd.to_string())
    }));
    findings
}

/// How much it matters when a certificate ends: an error once it has, a warning in the last weeks.
pub(crate) fn urgency(not_after: OffsetDateTime, now: OffsetDateTime) -> Option<Severity> {
    match days_left(not_after, now) {
        _ if not_after <= now => Some(Severity::Error),
        ..EXPIRY_WARNING_DAYS => Some(Severity::Warning),
        _ => None,
    }
}

/// Why nobody who verifies takes this certificate now, if so.
pub(super) fn outside_validity(
    paths: &PairPaths,
    description: &Description,
    now: OffsetDateTime,
) -> Option<CertificateError> {
    let path = paths.certificate.clone();
    if description.not_after <= now {
        return Some(CertificateError::Expired { path, on: description.not_after });
    }
    (description.not_before > now).then_some(CertificateError::NotYetValid { path, until: description.not_before })
}

fn validity(paths: &PairPaths, description: &Description, now: OffsetDateTime) -> Option<Finding> {
    let on = RuleTarget::shown(TargetKind::Certificate, paths.certificate.display());
    let error = |fault, words| {
        let refusal = Refusal::new(Rule::G2, on.clone(), Violation::Pair { fault, words, consequence: None });
        Some(Finding { severity: Severity::Error, about: None, refusal })
    };
    if description.not_after <= now {
        return error(PairFault::Expiry, format!("expired on {}", moment_text(description.not_after)));
    }
    if description.not_before > now {
        return error(PairFault::NotYetValid, format!("is not valid before {}", moment_text(description.not_before)));
    }
    let is_urgent = urgency(description.not_after, now).is_some();
    is_urgent.then(|| warning(on, PairFault::Expiry, expires(description, now)))
}

/// An issuer that is out of its time spoils the chain for clients that verify; desktop clients do not.
fn validity_of_issuer(description: &Description, now: OffsetDateTime) -> Option<(PairFault, String)> {
    const CONSEQUENCE: &str = "clients that verify the chain refuse it";
    if description.not_after <= now {
        let words = format!("expired on {}; {CONSEQUENCE}", moment_text(description.not_after));
        return Some((PairFault::IssuerOutOfTime, words));
    }
    if description.not_before > now {
        let words = format!("is not valid before {}; {CONSEQUENCE}", moment_text(description.not_before));
        return Some((PairFault::IssuerOutOfTime, words));
    }
    urgency(description.not_after, now).map(|_| (PairFault::Expiry, expires(description, now)))
}

fn expires(description: &Description, now: OffsetDateTime) -> String {
    let left = usize::try_from(days_left(description.not_after, now)).unwrap_or(0);
    format!("expires in {}, on {}", count(left, "day"), moment_text(description.not_after))
}

fn warning(on: RuleTarget, fault: PairFault, words: String) -> Finding {
    let problem = Violation::Pair { fault, words, consequence: None };
    Finding { severity: Severity::Warning, about: None, refusal: Refusal::new(Rule::G2, on, problem) }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use time::Duration;

    use super::super::ensure_fallback;
    use super::*;

    fn made() -> (tempfile::TempDir, PairPaths) {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = ensure_fallback(folder.path()).expect("a pair").paths;
        (folder, paths)
    }

    fn message(paths: &PairPaths, in_days: i64) -> Option<(Severity, String)> {
        let now = OffsetDateTime::now_utc() + Duration::days(in_days);
        check_pair(paths, now).pop().map(|finding| (finding.severity, finding.refusal.to_string()))
    }

    #[test]
    fn a_new_pair_is_without_findings_then_warns_then_is_expired() {
        let (_folder, paths) = made();
        assert_eq!(message(&paths, 0), None);
        let (severity, text) = message(&paths, 800).expect("a finding");
        assert_eq!(severity, Severity::Warning);
        assert!(text.contains("expires in 24 days"), "{text}");
        let (severity, text) = message(&paths, 826).expect("a finding");
        assert_eq!(severity, Severity::Error);
        assert!(text.contains("expired on"), "{text}");
        assert!(message(&paths, -2).expect("a finding").1.contains("is not valid before"));
    }

    #[test]
    fn each_broken_file_is_named() {
        let (folder, paths) = made();
        let other = folder.path().join("other");
        let foreign = ensure_fallback(&other).expect("a pair").paths;
        let mixed = PairPaths { certificate: paths.certificate.clone(), key: foreign.key };
        assert!(message(&mixed, 0).expect("a finding").1.contains("is not the certificate of the key"));
        let swapped = PairPaths { certificate: paths.key.clone(), key: paths.certificate.clone() };
        assert!(message(&swapped, 0).expect("a finding").1.contains("certificate and key are swapped"));
        let encrypted = folder.path().join("locked.key");
        fs::write(&encrypted, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n")
            .expect("written");
        let locked = PairPaths { certificate: paths.certificate.clone(), key: encrypted };
        assert!(message(&locked, 0).expect("a finding").1.contains("locked.key is protected by a password"));
        let absent = PairPaths { certificate: folder.path().join("absent.crt"), key: paths.key };
        assert!(message(&absent, 0).expect("a finding").1.contains("absent.crt"));
    }
}
