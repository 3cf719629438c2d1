//! What the running server of the folder says of itself: whether it answers, and where what is configured is not what
//! holds. `command` makes its words about a change of the same findings.

use std::path::Path;
use std::time::Duration;

use crate::config::{Effective, FileProblem, Origin, Overrides};
use crate::control::{self, ControlError, Discrepancy, FileError, ServerStatus, TurnedAway};
use crate::settings::rule::{Rule, Severity};
use crate::settings::setting::{Key, Layer};

use super::telephone_system::SystemRemedy;
use super::{Defect, Finding, FindingTarget, PairRemedy, Remedy, overridden, ports, refused};

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
        Err(error) => {
            let (on, defect) = (FindingTarget::ServerProcess(process), Defect::NoAnswer { error: error.to_string() });
            vec![Finding::new(Severity::Error, on, defect, Remedy::LookAtServerLog)]
        }
    }
}

/// What is configured and does not hold, a finding each.
pub(crate) fn discrepancies(discrepancies: &[Discrepancy]) -> Vec<Finding> {
    discrepancies.iter().flat_map(finding).collect()
}

fn finding(discrepancy: &Discrepancy) -> Vec<Finding> {
    let of = |on: FindingTarget, remedy: Remedy| {
        Finding::new(Severity::Error, on, Defect::Discrepancy(discrepancy.clone()), remedy)
    };
    let one = match discrepancy {
        Discrepancy::Backends { .. } => of(FindingTarget::Backends, Remedy::SetBackends).mended_by(Key::AuthBackends),
        Discrepancy::SilentBackend { .. } => {
            of(FindingTarget::Backends, Remedy::TryBackends).mended_by(Key::AuthBackends)
        }
        Discrepancy::Settings { .. } => of(FindingTarget::RunningServer, Remedy::MendDatabase),
        Discrepancy::Files { errors } => return errors.iter().map(file).collect(),
        Discrepancy::Listen { failures, instead } => {
            let finding = |failure| ports::finding(failure, Severity::Error, Some(instead));
            return failures.iter().map(finding).collect();
        }
        Discrepancy::CallerNames { failure, .. } => {
            let on = FindingTarget::Address(failure.address);
            of(on, Remedy::ListenForNames(failure.problem)).mended_by(Key::AgiListen)
        }
        Discrepancy::Certificate { certificate, is_used, .. } => {
            let remedy = if *is_used { PairRemedy::RenewUsed } else { PairRemedy::PutInPlace };
            of(FindingTarget::Certificate(certificate.clone()), remedy.into()).mended_by(Key::EncryptionCertificate)
        }
        Discrepancy::Telephony { is_refused: false, .. } => {
            of(FindingTarget::Link, SystemRemedy::FindAsterisk.into()).mended_by(Key::AmiHost)
        }
        Discrepancy::Telephony { is_refused: true, .. } => {
            of(FindingTarget::Link, SystemRemedy::GiveAccount.into()).mended_by(Key::AmiSecret)
        }
    };
    vec![one]
}

fn file(FileError { place, fault }: &FileError) -> Finding {
    let (on, problem) = (FindingTarget::SettingsFile(place.clone()), FileProblem::Fault(fault.clone()));
    Finding::new(Severity::Error, on, Defect::File(problem.clone()), Remedy::MendFile(problem))
}

/// Somebody who might be a user does not come in.
fn turned_away(turned_away: &TurnedAway) -> Finding {
    let (on, defect) = (FindingTarget::Connections, Defect::TurnedAway(turned_away.clone()));
    Finding::new(Severity::Warning, on, defect, Remedy::ShowSessions).mended_by(Key::ClientConnectionsMax)
}

/// A level that somebody set and that does not hold.
fn named_log(status: &ServerStatus, settings: &Layer, overrides: &Overrides) -> Option<Finding> {
    let filter = status.log_filter.clone()?;
    let effective = Effective::new(settings, overrides);
    let is_named = *effective.origin(Key::LogLevel) != Origin::Default;
    let defect = Defect::OverriddenLog { stored: effective.value(Key::LogLevel).clone(), filter };
    is_named.then(|| Finding::of_setting(Severity::Warning, Key::LogLevel, defect, Remedy::StartWithoutLogFilter))
}
