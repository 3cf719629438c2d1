//! Rule G2 (settings §4.4) as findings: what an administrator hears of a pair when he names it, in `ctibox check`, and
//! daily in the log. Reads the files; changes nothing.

use time::OffsetDateTime;

use super::describe::{Description, days_left, moment_text};
use super::{PairPaths, load_pair};
use crate::settings::rule::{Finding, Refusal, Rule, Severity};

/// From this many days before its end a certificate is worth a warning.
const EXPIRY_WARNING_DAYS: i64 = 30;

/// Everything that is wrong with a pair now; nothing if all is well.
pub(crate) fn check_pair(paths: &PairPaths, now: OffsetDateTime) -> Vec<Finding> {
    match load_pair(paths) {
        Ok(pair) => validity(paths, &pair.description, now).into_iter().collect(),
        Err(error) => vec![error.finding()],
    }
}

/// How much it matters when a certificate ends: an error once it has, a warning in the last weeks.
pub(crate) fn urgency(not_after: OffsetDateTime, now: OffsetDateTime) -> Option<Severity> {
    match days_left(not_after, now) {
        _ if not_after <= now => Some(Severity::Error),
        ..EXPIRY_WARNING_DAYS => Some(Severity::Warning),
        _ => None,
    }
}

fn validity(paths: &PairPaths, description: &Description, now: OffsetDateTime) -> Option<Finding> {
    let path = paths.certificate.display();
    let finding = |severity, message| {
        let refusal = Refusal::new(Rule::G2, format!("certificate {path}"), message);
        Some(Finding { severity, about: None, refusal })
    };
    if urgency(description.not_after, now) == Some(Severity::Error) {
        return finding(Severity::Error, format!("expired on {}", moment_text(description.not_after)));
    }
    if description.not_before > now {
        return finding(Severity::Error, format!("is not valid before {}", moment_text(description.not_before)));
    }
    if urgency(description.not_after, now) == Some(Severity::Warning) {
        let left = days_left(description.not_after, now);
        let days = if left == 1 { "1 day".to_owned() } else { format!("{left} days") };
        return finding(Severity::Warning, format!("expires in {days}, on {}", moment_text(description.not_after)));
    }
    None
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
        assert!(message(&swapped, 0).expect("a finding").1.contains("holds no certificate"));
        let encrypted = folder.path().join("locked.key");
        fs::write(&encrypted, "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n")
            .expect("written");
        let locked = PairPaths { certificate: paths.certificate.clone(), key: encrypted };
        assert!(message(&locked, 0).expect("a finding").1.contains("locked.key is protected by a password"));
        let absent = PairPaths { certificate: folder.path().join("absent.crt"), key: paths.key };
        assert!(message(&absent, 0).expect("a finding").1.contains("absent.crt"));
    }
}
