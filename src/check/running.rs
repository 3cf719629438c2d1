//! What the running server of the folder says of itself: whether it answers, and where what is configured is not what
//! holds. `command` makes its words about a change of the same findings.

use std::path::Path;
use std::time::Duration;

use crate::config::{Effective, Origin, Overrides};
use crate::control::{self, ControlError, Discrepancy, FileError, ServerStatus, TurnedAway, connect_to};
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
        // Rule S4 says so.
        Discrepancy::Files { .. } | Discrepancy::Backends { .. } => false,
        Discrepancy::SilentBackend { .. }
        | Discrepancy::Settings { .. }
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
            findings.extend(status.turned_away.as_ref().map(turned_away));
            findings.extend(named_log(&status, settings, overrides));
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
        Discrepancy::Backends { .. } => {
            let remedy = "set what it needs, or name others with `ctibox setting set auth.backends`; `ctibox auth check` \
                          tries them";
            vec![of("backends", Some(Key::AuthBackends), remedy)]
        }
        Discrepancy::SilentBackend { .. } => {
            let remedy = "`ctibox auth check` says what is wrong; until it is mended `ctibox user edit LOGIN --break-glass \
                          on` lets in who has a local password";
            vec![of("backends", Some(Key::AuthBackends), remedy)]
        }
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

/// Somebody who might be a user does not come in.
fn turned_away(turned_away: &TurnedAway) -> Finding {
    Finding {
        severity: Severity::Warning,
        refusal: None,
        about: Some((Kind::Setting, Key::ClientConnectionsMax.place())),
        on: "connections".to_owned(),
        message: turned_away.to_string(),
        remedy: "`ctibox sessions` shows who has them; client.connections_max and its like are the bounds".to_owned(),
    }
}

/// A level that somebody set and that does not hold.
fn named_log(status: &ServerStatus, settings: &Layer, overrides: &Overrides) -> Option<Finding> {
    let filter = status.log_filter.as_ref()?;
    let effective = Effective::new(settings, overrides);
    (*effective.origin(Key::LogLevel) != Origin::Default).then(|| Finding {
        severity: Severity::Warning,
        refusal: None,
        about: Some((Kind::Setting, Key::LogLevel.place())),
        on: format!("setting {}", Key::LogLevel),
        message: format!(
            "is {}, but the server was started with CTIBOX_LOG={filter}, which overrides it",
            effective.value(Key::LogLevel)
        ),
        remedy: "start the server without CTIBOX_LOG".to_owned(),
    })
}
