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
#[cfg(test)]
mod tests;

pub(super) use account::brief;
pub(crate) use account::unanswered;
pub(crate) use examine::{Examined, Found, examine};
use lines::places;

use super::Finding;
use crate::asterisk::Survey;
use crate::settings::configuration::Configuration;
use crate::settings::rule::Severity;
use crate::settings::setting::General;
use crate::settings::table::Kind;

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

fn finding(
    severity: Severity,
    on: impl Into<String>,
    message: impl Into<String>,
    remedy: impl Into<String>,
) -> Finding {
    let (on, message, remedy) = (on.into(), message.into(), remedy.into());
    Finding { severity, refusal: None, about: None, on, message, remedy }
}

impl Finding {
    fn of(self, kind: Kind, id: i64) -> Self {
        Self { about: Some((kind, id)), ..self }
    }
}

/// `line 1001@default`, or `lines 1001@default, 1002@default and 7 more`.
fn named(one: &str, many: &str, names: &[String]) -> String {
    match names {
        [name] => format!("{one} {name}"),
        [first @ .., last] if names.len() <= NAMED => format!("{many} {} and {last}", first.join(", ")),
        _ => {
            let shown = &names[..NAMED.min(names.len())];
            format!("{many} {} and {} more", shown.join(", "), names.len() - shown.len())
        }
    }
}
