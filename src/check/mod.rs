//! The doctor: looks at a data folder and says what is wrong, on what, and what to do about it; of a running server it
//! asks what does not hold. Called by `ctibox check` (also before each start of the service) and the console. Reads only:
//! it creates, writes and repairs nothing.

mod certificates;
mod finding;
mod overridden;
mod ports;
mod proposed;
mod refused;
pub(crate) mod rights;
mod running;
pub(crate) mod telephone_system;
#[cfg(test)]
mod tests;

use std::path::Path;

use time::OffsetDateTime;

use crate::certificate::PairPaths;
use crate::config::{Effective, FileFinding, FileLayer, Overrides};
use crate::settings::configuration::Configuration;
use crate::settings::rule::{self, Rule, Severity};
use crate::settings::setting::Layer;
use crate::store::{Inspection, SchemaDifference, ServerLock, StoreError, StoreRemedy};

pub(crate) use certificates::{named_pair, untrusted_backends};
pub(crate) use finding::{Defect, Finding, FindingTarget, PairRemedy, Remedy, TlsRemedy};
use finding::{Exposure, SecretKind, TrustNeed};
pub(crate) use overridden::files_of;
pub(crate) use proposed::{distrust, of_new_settings};
pub(crate) use running::discrepancies;

/// What a look over a data folder brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) subject: Subject,
    /// Users that there are; None: that could not be read.
    pub(crate) users: Option<usize>,
    /// Errors and warnings, in the order of the checks.
    pub(crate) findings: Vec<Finding>,
}

/// What was there to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// There is no such folder yet.
    NoFolder,
    /// The folder holds no database yet.
    NoDatabase,
    Database,
}

impl Report {
    pub(crate) fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

/// Looks at everything. `overrides` stand above the database, a command line among them only where `serve` would get
/// one; `now` is for certificates.
pub(crate) fn run(folder: &Path, overrides: &Overrides, now: OffsetDateTime) -> Report {
    let mut report = of_folder(folder, overrides, now);
    report.findings.extend(files(&overrides.files));
    report
}

fn of_folder(folder: &Path, overrides: &Overrides, now: OffsetDateTime) -> Report {
    match folder.metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Report { subject: Subject::NoFolder, users: None, findings: Vec::new() };
        }
        Err(error) => return damaged(unreadable_folder(folder, Defect::UnreadableFolder { why: error.to_string() })),
        Ok(metadata) if !metadata.is_dir() => return damaged(unreadable_folder(folder, Defect::NoFolder)),
        Ok(_) => {}
    }
    let inspection = match Inspection::open(folder) {
        Ok(Some(inspection)) => inspection,
        Ok(None) => return Report { subject: Subject::NoDatabase, users: None, findings: Vec::new() },
        Err(error) => return damaged(of_store(&error)),
    };
    let mut users = None;
    let mut findings = integrity(folder, &inspection);
    if findings.is_empty() {
        findings.extend(schema(folder, &inspection));
    }
    // A file that is broken inside answers every other question wrongly.
    if findings.iter().all(|finding| finding.severity == Severity::Warning) {
        match inspection.whole_configuration() {
            Ok(configuration) => {
                users = Some(configuration.users.len());
                let effective = Effective::new(&configuration.settings, overrides);
                findings.extend(rules(&configuration, &effective));
                findings.extend(half_of_pair(&effective));
                let served = served(folder, &configuration.settings, overrides, now);
                // A running server that has no link has said so.
                if !served.iter().any(|finding| finding.on == FindingTarget::Link) {
                    findings.extend(telephone_system::brief(&effective.general().ami));
                }
                findings.extend(served);
            }
            Err(_) if inspection.is_older() => findings.push(older(folder)),
            Err(error) => findings.push(of_store(&error)),
        }
        findings.extend(inspection.refuses_writing().as_ref().map(of_store));
    }
    Report { subject: Subject::Database, users, findings }
}

fn damaged(finding: Finding) -> Report {
    Report { subject: Subject::Database, users: None, findings: vec![finding] }
}

fn unreadable_folder(folder: &Path, defect: Defect) -> Finding {
    Finding::new(Severity::Error, FindingTarget::DataFolder(folder.to_owned()), defect, Remedy::NameFolder)
}

/// An error of the store as a finding: its own words name the file.
fn of_store(error: &StoreError) -> Finding {
    let remedy = error.remedy().map_or(Remedy::LookAtCauses, Remedy::MendStore);
    let defect = Defect::Store { why: crate::observe::chain(error) };
    Finding::new(Severity::Error, FindingTarget::Database(None), defect, remedy)
}

fn of_database(folder: &Path, severity: Severity, defect: Defect, remedy: Remedy) -> Finding {
    Finding::new(severity, FindingTarget::Database(Some(crate::store::database(folder))), defect, remedy)
}

fn integrity(folder: &Path, inspection: &Inspection) -> Vec<Finding> {
    let defects = inspection.integrity().and_then(|lines| {
        if lines.is_empty() {
            return Ok(inspection.broken_references()?.into_iter().map(Defect::BrokenReference).collect::<Vec<_>>());
        }
        Ok(lines.into_iter().map(|why| Defect::Unsound { why }).collect())
    });
    let finding = |defect| of_database(folder, Severity::Error, defect, Remedy::MendStore(StoreRemedy::RestoreBackup));
    match defects {
        Ok(defects) => defects.into_iter().map(finding).collect(),
        Err(error) => vec![of_store(&error)],
    }
}

/// A trigger or a view that is not ctibox's keeps everything from opening the file; other strange things tell of hands in it.
fn schema(folder: &Path, inspection: &Inspection) -> Vec<Finding> {
    let differences = match inspection.schema_differences() {
        Ok(differences) => differences,
        Err(error) => return vec![of_store(&error)],
    };
    let finding = |difference: SchemaDifference| {
        let severity = if difference.is_dangerous() { Severity::Error } else { Severity::Warning };
        of_database(folder, severity, Defect::Schema(difference), Remedy::RemoveForeignObject)
    };
    differences.into_iter().map(finding).collect()
}

fn older(folder: &Path) -> Finding {
    of_database(folder, Severity::Warning, Defect::OlderSchema, Remedy::UpdateSchema)
}

/// Who can log in, and whether in clear, is a matter of what is in force.
fn rules(configuration: &Configuration, effective: &Effective) -> Vec<Finding> {
    let finding = |finding: rule::Finding| of_rule(finding, Remedy::EditObject);
    let is_stored = |found: &rule::Finding| !found.is_of_login() && found.refusal.rule != Rule::G5;
    let stored = configuration.findings().into_iter().filter(is_stored);
    stored
        .chain(effective.general().clear_finding())
        .chain(configuration.login_findings(&effective.general().auth))
        .map(finding)
        .collect()
}

fn of_rule(finding: rule::Finding, remedy: impl Into<Remedy>) -> Finding {
    // What is stored and does nothing is no obstacle to other changes, yet it is wrong.
    let is_error = matches!(finding.refusal.rule, Rule::S2 | Rule::S4);
    let severity = if is_error { Severity::Error } else { finding.severity };
    let on = FindingTarget::Rule(finding.refusal.on.clone());
    Finding { about: finding.about, ..Finding::new(severity, on, Defect::Rule(finding.refusal), remedy) }
}

fn files(files: &FileLayer) -> Vec<Finding> {
    files.findings().iter().map(of_file).collect()
}

fn of_file(found: &FileFinding) -> Finding {
    let (on, problem) = (FindingTarget::SettingsFile(found.location()), found.problem.clone());
    let finding = Finding::new(found.severity(), on, Defect::File(problem.clone()), Remedy::MendFile(problem));
    match found.key() {
        Some(key) => finding.mended_by(key),
        None => finding,
    }
}

/// One of certificate and key from a file, and no other one: the database has both or neither (rule G3).
fn half_of_pair(effective: &Effective) -> Option<Finding> {
    let (named, missing) = effective.half_of_pair()?;
    let defect = Defect::HalfOfPair { named_in: effective.origin(named).clone(), missing };
    Some(Finding::of_setting(Severity::Error, named, defect, PairRemedy::NameOther(missing)))
}

/// What a server needs beyond its database.
fn served(folder: &Path, settings: &Layer, overrides: &Overrides, now: OffsetDateTime) -> Vec<Finding> {
    let general = Effective::new(settings, overrides).general();
    let pair = PairPaths::effective(general.encryption_pair.as_ref(), folder);
    let mut findings = certificates::findings(&general, &pair, now);
    findings.extend(certificates::trusted(&general));
    findings.extend(rights::findings(folder, &pair.key, &overrides.files));
    findings.extend(certificates::legacy_tls(&general, settings, &pair));
    findings.extend(certificates::of_xivo(&general, now));
    match ServerLock::holder(folder) {
        // This folder's own server has the ports; whether all of them, it says itself.
        Ok(Some(process)) => {
            let running = running::findings(folder, settings, overrides, process, &findings);
            findings.extend(running);
        }
        Ok(None) => {
            findings.extend(ports::findings(&general));
            findings.extend(overridden::findings(settings, overrides));
        }
        Err(error) => findings.push(of_store(&error)),
    }
    findings
}
