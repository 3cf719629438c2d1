//! `ctibox check`: prints what the doctor finds. Exit code 1 on an error, 0 with warnings alone, so that it can stand
//! before every start of the service; an empty or missing folder is what a first start finds, and no error.

use serde_json::json;
use time::OffsetDateTime;

use super::failure::Failure;
use super::invocation::Invocation;
use super::output::Paragraph;
use super::remedy::CommandRemedy;
use crate::check;
use crate::observe::journal::Priority;
use crate::settings::prose::{Prose, prose};
use crate::settings::rule::{Severity, count};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox check || systemctl stop ctibox")]
pub(crate) struct CheckArguments {}

pub(crate) fn run(ctx: &Invocation) -> Result<(), Failure> {
    let report = check::run(&ctx.folder, &ctx.file_overrides(), OffsetDateTime::now_utc());
    if ctx.output.is_json() {
        let findings: Vec<_> = report.findings.iter().map(|finding| object(finding, ctx)).collect();
        ctx.output.json(&json!({"data": subject(report.subject), "findings": findings}))?;
    } else {
        let folder = ctx.folder.display();
        match report.subject {
            check::Subject::NoFolder => ctx.output.data(&format!("there is no data folder {folder} yet"))?,
            check::Subject::NoDatabase => ctx.output.data(&format!("the data folder {folder} is empty"))?,
            check::Subject::Database if report.findings.is_empty() => ctx.output.note("nothing is wrong"),
            check::Subject::Database => ctx.output.prose(&prose(&report.findings))?,
        }
        if report.subject != check::Subject::Database {
            ctx.output.hint(prose![ctibox("init"), " makes the default data; so does the first start of the server"]);
        }
        if report.users == Some(0) {
            ctx.output.hint(prose![
                "nobody can log in yet: there is no user; ",
                ctibox("user add LOGIN --first-name NAME"),
                " adds one"
            ]);
        }
    }
    if report.has_errors() { Err(Failure::said()) } else { Ok(()) }
}

pub(super) fn object(finding: &check::Finding, ctx: &Invocation) -> serde_json::Value {
    let refusal = finding.refusal();
    let object = refusal.and_then(|refusal| refusal.on.object());
    json!({
        "severity": word(finding.severity),
        "rule": refusal.map(|refusal| refusal.rule.to_string()),
        "object": object.map(|object| json!({"kind": object.kind.as_str(), "id": object.id, "name": object.name()})),
        "on": finding.on.to_string(),
        "message": finding.defect.with_rule(),
        "remedy": ctx.output.pasteable(&remedy(finding)),
    })
}

/// A finding a line with its remedy below, and their number at the end.
pub(super) fn prose(findings: &[check::Finding]) -> Vec<Paragraph> {
    let paragraph = |finding: &check::Finding| {
        let severity = word(finding.severity);
        let words = Prose::from(format!("{severity}: {}\n  ", finding.with_rule()));
        Paragraph { priority: priority(finding.severity), text: words.then(remedy(finding)).then("\n") }
    };
    let mut paragraphs: Vec<Paragraph> = findings.iter().map(paragraph).collect();
    let number = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let (errors, warnings) = (number(Severity::Error), number(Severity::Warning));
    let text = format!("{}, {}\n", count(errors, "error"), count(warnings, "warning"));
    paragraphs.push(Paragraph { priority: Priority::Info, text: text.into() });
    paragraphs
}

fn subject(subject: check::Subject) -> &'static str {
    match subject {
        check::Subject::NoFolder => "missing",
        check::Subject::NoDatabase => "empty",
        check::Subject::Database => "there",
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// A broken rule has the same remedy as when a command broke it.
fn remedy(finding: &check::Finding) -> Prose {
    finding.refusal().map_or_else(|| finding.remedy.words(), |refusal| CommandRemedy::of(refusal).words())
}

fn priority(severity: Severity) -> Priority {
    match severity {
        Severity::Error => Priority::Error,
        Severity::Warning => Priority::Warning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_counted_in_real_plurals_and_have_their_priority() {
        let finding = |severity| check::Finding {
            severity,
            about: None,
            on: check::FindingTarget::RunningServer,
            defect: check::Defect::OlderSchema,
            remedy: check::Remedy::LookAtCauses,
        };
        let told = prose(&[finding(Severity::Error), finding(Severity::Warning), finding(Severity::Warning)]);
        let priorities: Vec<Priority> = told.iter().map(|paragraph| paragraph.priority).collect();
        assert_eq!(priorities, [Priority::Error, Priority::Warning, Priority::Warning, Priority::Info]);
        let text: String = told.into_iter().map(|paragraph| paragraph.text.to_string()).collect();
        assert!(text.starts_with("error: running server: was written by an older ctibox; its rules can be checked when it is up to date\n  look at the causes\nwarning: "));
        assert!(text.ends_with("\n1 error, 2 warnings\n"));
    }
}
