//! What the running server of the folder says of itself: whether it answers, and where what is configured is not what
//! holds. `command` makes its words about a change of the same findings.

use std::path::Path;
use std::time::Duration;

use crate::config::Overrides;
use crate::control::{self, ControlError, Discrepancy, FileError, connect_to};
use crate::settings::rule::{Rule, Severity};
use crate::settings::setting::{Key, Layer};
use crate::settings::table::Kind;

use super::{Finding, overridden, ports, refused};

/// What a finding is about that there is no link to Asterisk.
pub(super) const LINK: &str = "telephony";
/// How long the server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(1);

/// `process` has the folder's lock. A pair of which `told` says already that it is bad is not told again, nor are settings
/// files, at which `check` looks itself.
pub(super) fn findings(
    folder: &Path,
    settings: &Layer,
    overrides: &Overrides,
    process: u32,
    told: &[Finding],
) -> Vec<Finding> {
    let is_pair_told = told.iter().any(|one| one.breaks(Rule::G2) && one.severity == Severity::Error);
    let is_new = |one: &Discrepancy| match one {
        Discrepancy::Certificate { .. } => !is_pair_told,
        Discrepancy::Files { .. } => false,
        Discrepancy::Settings { .. }
        | Discrepancy::Listen { .. }
        | Discrepancy::CallerNames { .. }
        | Discrepancy::Telephony { .. } => true,
    };
    match control::call(folder, &control::Request::Status, PATIENCE) {
        Ok(control::Response::Status(status)) => {
            let new: Vec<_> = status.discrepancies.iter().filter(|one| is_new(one)).cloned().collect();
            let mut findings = discrepancies(&new);
            let server = overridden::overrides_of(&status, overrides);
            findings.extend(overridden::findings(settings, &server));
            findings.extend(overridden::other_files(settings, overrides, &server));
            findings.extend(refused::findings(&status.refused_clients));
            findings
        }
        // It is starting or stopping, or answers in the words of another version.
        Ok(_) | Err(ControlError::NotRunning { .. }) => Vec::new(),
        Err(error) => vec![Finding {
            severity: Severity::Error,
            refusal: None,
            about: None,
            on: format!("server, process {process}"),
            message: format!("does not answer: {error}"),
            remedy: "look at its log; if it stays so, start it again".to_owned(),
        }],
    }
}

/// What is configured and does not hold, a finding each.
pub(crate) fn discrepancies(discrepancies: &[Discrepancy]) -> Vec<Finding> {
    discrepancies.iter().flat_map(finding).collect()
}

fn finding(discrepancy: &Discrepancy) -> Vec<Finding> {
    let of = |on: &str, key: Option<Key>, remedy: &str| Finding {
        severity: Severity::Error,
        refusal: None,
        about: key.map(|key| (Kind::Setting, key.place())),
        on: on.to_owned(),
        message: discrepancy.to_string(),
        remedy: remedy.to_owned(),
    };
    match discrepancy {
        Discrepancy::Settings { .. } => {
            vec![of("running server", None, "mend the database, or bring a backup back with `ctibox restore FILE`")]
        }
        Discrepancy::Files { errors } => {
            let finding = |error: &FileError| Finding {
                message: error.why.clone(),
                ..of(&format!("settings file {}", error.place), None, &error.remedy)
            };
            errors.iter().map(finding).collect()
        }
        Discrepancy::Listen { failures, instead } => {
            let finding = |failure| ports::finding(failure, Severity::Error, &connect_to(instead));
            failures.iter().map(finding).collect()
        }
        Discrepancy::CallerNames { failure, .. } => {
            let remedy = ports::caller_names_remedy(failure);
            vec![of(&format!("address {}", failure.address), Some(Key::AgiListen), remedy)]
        }
        Discrepancy::Certificate { certificate, is_used: true, .. } => {
            let remedy = "put a renewed pair in its place, which is taken up by itself, or let clients get ctibox's own: \
                          `ctibox certificate use --fallback`";
            vec![of(&format!("certificate {certificate}"), Some(Key::EncryptionCertificate), remedy)]
        }
        Discrepancy::Certificate { certificate, .. } => {
            let remedy = "put the files where the service's user can read them, outside of /home and /tmp, and name them \
                          again with `ctibox certificate use CERTIFICATE KEY`";
            vec![of(&format!("certificate {certificate}"), Some(Key::EncryptionCertificate), remedy)]
        }
        Discrepancy::Telephony { is_refused: false, .. } => {
            let remedy = "see that Asterisk runs and its manager.conf has `enabled = yes`, and name where it is with \
                          `ctibox setting set ami.host HOST`; without telephony: `ctibox setting unset ami.secret`";
            vec![of(LINK, Some(Key::AmiHost), remedy)]
        }
        Discrepancy::Telephony { is_refused: true, .. } => {
            let remedy = "give ami.username and ami.secret as manager.conf of Asterisk has them, and see that its \
                          `permit` lets this host in: `ctibox setting set ami.secret --value-stdin`";
            vec![of(LINK, Some(Key::AmiSecret), remedy)]
        }
    }
}
