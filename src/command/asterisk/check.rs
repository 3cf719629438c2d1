//! `ctibox asterisk check`: asks Asterisk over a connection of its own and prints what does not fit. Exit code 1 on an
//! error, 0 with warnings alone, as `ctibox check` has it. With `--writes` it says what a link would write now.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::writes;
use crate::asterisk::{InquiryError, survey};
use crate::check::telephone_system::{self, Examined, examine};
use crate::command::check::{object, prose};
use crate::command::failure::Failure;
use crate::command::invocation::Invocation;
use crate::settings::ami_settings::AmiSettings;
use crate::settings::password::Secret;
use crate::settings::prose::prose;
use crate::settings::rule::Severity;
use crate::settings::setting::{General, Key};

/// All questions together; a dial plan is asked for each line.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, clap::Args)]
pub(crate) struct AsteriskCheckArguments {
    /// Say what a link would write into Asterisk now, and write nothing
    ///
    /// Lamps, keys of AstDB, and members of queues, each a line.
    #[arg(long, alias = "dry-run")]
    writes: bool,
}

pub(super) fn run(arguments: &AsteriskCheckArguments, ctx: &Invocation) -> Result<(), Failure> {
    let general = ctx.effective_with(&[Key::AmiSecret])?.general();
    let (settings, secret) = link_settings(&general)?;
    if arguments.writes {
        return tell_writes(settings, &secret, general.clone(), ctx);
    }
    let configuration = ctx.configuration()?;
    let examined = examine(&configuration, &general, &secret, PATIENCE, || true).map_err(|error| unstarted(&error))?;
    let Examined { found, findings } = examined.unwrap_or(Examined { found: None, findings: Vec::new() });
    if ctx.output.is_json() {
        let findings: Vec<_> = findings.iter().map(|finding| object(finding, ctx)).collect();
        ctx.output.json(&json!({"asterisk": found.as_ref().map(facts), "findings": findings}))?;
    } else {
        if let Some(found) = &found {
            ctx.output.data(&found.to_string())?;
        }
        if findings.is_empty() {
            ctx.output.note("nothing is wrong");
        } else {
            ctx.output.prose(&prose(&findings))?;
        }
    }
    let has_errors = findings.iter().any(|finding| finding.severity == Severity::Error);
    if has_errors { Err(Failure::said()) } else { Ok(()) }
}

/// How to reach Asterisk.
pub(super) fn link_settings(general: &General) -> Result<(&AmiSettings, Secret), Failure> {
    let settings = &general.ami;
    match &settings.secret {
        Some(secret) => Ok((settings, secret.clone())),
        None => Err(Failure::new("telephony is off: `ami.secret` is not set")
            .hint(prose![ctibox("asterisk dialplan --to /etc/asterisk"), " makes a secret and writes the account"])),
    }
}

/// Runs what asks Asterisk.
pub(super) fn block_on<T>(asked: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| unstarted(&error))?.block_on(asked))
}

/// The finding as a failure, for commands that can do nothing else.
pub(super) fn unanswered(settings: &AmiSettings, error: &InquiryError) -> Failure {
    let finding = telephone_system::unanswered(settings, error);
    Failure::new(finding.words()).hint(finding.remedy.words())
}

fn unstarted(error: &std::io::Error) -> Failure {
    Failure::new("could not start to ask").cause(error)
}

fn facts(found: &telephone_system::Found) -> serde_json::Value {
    json!({
        "version": &*found.version,
        "is_xivo": found.is_xivo,
        "hints": found.hints,
        "queues": found.queues,
        "channels": found.channels,
    })
}

fn tell_writes(settings: &AmiSettings, secret: &Secret, general: General, ctx: &Invocation) -> Result<(), Failure> {
    let asked = survey(settings, secret, Vec::new(), PATIENCE);
    let survey = block_on(asked)?.map_err(|error| unanswered(settings, &error))?;
    let store = ctx.store()?;
    let (configuration, states) = (store.whole_configuration()?, store.states()?);
    let planned = writes::planned(Arc::new(configuration), Arc::new(general), states, survey.snapshot);
    let written: Vec<_> = planned.iter().filter_map(writes::written).collect();
    if ctx.output.is_json() {
        return ctx.output.json(&written.iter().map(|(kind, text)| json!({"kind": kind, "text": text})).collect());
    }
    if written.is_empty() {
        ctx.output.note("a link would write nothing now");
        return Ok(());
    }
    let lines: Vec<&str> = written.iter().map(|(_, text)| text.trim_end()).collect();
    ctx.output.data(&lines.join("\n"))
}
