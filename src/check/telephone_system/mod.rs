//! Whether the telephone system fits what is configured: what it was found to be (`asterisk::Survey`) against lines, queues
//! and members of the database. Pure; `ctibox asterisk check` shows all of it, `ctibox check` whether there is a link and
//! what the account may.

/// Whether there is a link, and what its account may.
mod account;
/// All of it at once.
mod examine;
/// Lines, hints and the dial plan.
mod lines;
/// Queues and their members.
mod queues;
/// What is wrong, as data.
mod system;
#[cfg(test)]
mod tests;

pub(super) use account::brief;
pub(crate) use account::unanswered;
pub(crate) use examine::{Examined, Found, examine};
use lines::places;
pub(super) use system::{SystemDefect, SystemPart, SystemRemedy};

use std::fmt;

use super::{Defect, Finding, FindingTarget, Remedy};
use crate::asterisk::Survey;
use crate::settings::configuration::Configuration;
use crate::settings::count::first_of;
use crate::settings::rule::Severity;
use crate::settings::setting::General;

/// Of what is wrong with many, so many are named.
const NAMED: usize = 5;

/// All that does not fit.
fn findings(configuration: &Configuration, general: &General, survey: &Survey) -> Vec<Finding> {
    let mut findings = account::lacking(&general.ami.username, &survey.lacking);
    findings.extend(lines::findings(configuration, survey));
    findings.extend(lines::unnamed_callers(general, survey));
    findings.extend(queues::findings(configuration, survey));
    findings
}

fn finding(severity: Severity, part: SystemPart, defect: impl Into<Defect>, remedy: impl Into<Remedy>) -> Finding {
    Finding::new(severity, FindingTarget::TelephoneSystem(part), defect, remedy)
}

/// `line 1001@default`, or `lines 1001@default, 1002@default and 7 more`.
fn named(one: &str, many: &str, names: &[String], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    match names {
        [name] => write!(out, "{one} {name}"),
        names => write!(out, "{many} {}", first_of(names.iter().cloned(), NAMED)),
    }
}
