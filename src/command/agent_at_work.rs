//! `ctibox agent logoff`, `pause` and `unpause`: what an administrator wants of an agent who is at work, done by the running
//! server through its control socket.

use serde_json::json;

use super::complete;
use super::failure::Failure;
use super::find;
use super::invocation::Invocation;
use super::sessions::{strange, talk};
use crate::control::{self, AgentAction, AgentOutcome, AgentRefusal};
use crate::settings::prose::prose;
use crate::settings::state::PAUSE_REASON_CHARACTERS_MAX;
use crate::store::OriginKind;

#[derive(Debug, clap::Args)]
pub(crate) struct LogOff {
    /// The agent's number
    #[arg(add = complete::agents())]
    number: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct PauseAgent {
    /// The agent's number
    #[arg(add = complete::agents())]
    number: String,
    /// Only in this queue; in all if left out
    #[arg(long, value_name = "QUEUE", add = complete::queues())]
    queue: Option<String>,
    /// Why, as reports and clients show it
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct UnpauseAgent {
    /// The agent's number
    #[arg(add = complete::agents())]
    number: String,
    /// Only in this queue; in all if left out
    #[arg(long, value_name = "QUEUE", add = complete::queues())]
    queue: Option<String>,
}

pub(super) fn log_off(arguments: &LogOff, ctx: &Invocation) -> Result<(), Failure> {
    change(&arguments.number, AgentAction::LogOff, ctx)
}

pub(super) fn pause(arguments: &PauseAgent, ctx: &Invocation) -> Result<(), Failure> {
    let reason = arguments.reason.trim();
    let characters = reason.chars().count();
    if characters > PAUSE_REASON_CHARACTERS_MAX {
        let most = PAUSE_REASON_CHARACTERS_MAX;
        return Err(Failure::new(format!("the reason has {characters} characters, and may have {most}")));
    }
    if reason.chars().any(char::is_control) {
        return Err(Failure::new("the reason has a control character"));
    }
    let queue = queue_name(arguments.queue.as_deref(), ctx)?;
    change(&arguments.number, AgentAction::Pause { queue, reason: reason.to_owned() }, ctx)
}

pub(super) fn unpause(arguments: &UnpauseAgent, ctx: &Invocation) -> Result<(), Failure> {
    let queue = queue_name(arguments.queue.as_deref(), ctx)?;
    change(&arguments.number, AgentAction::Unpause { queue }, ctx)
}

/// As the settings spell it.
fn queue_name(name: Option<&str>, ctx: &Invocation) -> Result<Option<String>, Failure> {
    let Some(name) = name else { return Ok(None) };
    let configuration = ctx.configuration()?;
    Ok(Some(find::queue(&configuration, name)?.name.to_string()))
}

fn change(number: &str, action: AgentAction, ctx: &Invocation) -> Result<(), Failure> {
    let configuration = ctx.configuration()?;
    let agent = find::agent(&configuration, number)?.number.to_string();
    let by = ctx.origin(OriginKind::Cli).user;
    let request = control::Request::ChangeAgent { agent: agent.clone(), action: action.clone(), by };
    let control::Response::AgentChanged { outcome } = talk(ctx, &request)? else { return Err(strange()) };
    let outcome_word = match &outcome {
        AgentOutcome::Refused(why) => return Err(refused(&agent, &action, why)),
        AgentOutcome::Done => "done",
        AgentOutcome::Asked => "asked",
    };
    if ctx.output.is_json() {
        let (word, queue, reason) = parts(&action);
        return ctx.output.json(&json!({
            "agent": agent, "action": word, "queue": queue, "reason": reason, "outcome": outcome_word,
        }));
    }
    let words = words(&agent, &action);
    match outcome {
        AgentOutcome::Asked => {
            ctx.output.note(prose![
                "{words}: Asterisk was asked and has not answered yet; ",
                ctibox("status agents {agent}"),
                " shows it"
            ]);
        }
        AgentOutcome::Done | AgentOutcome::Refused(_) => ctx.output.note(&words),
    }
    Ok(())
}

fn parts(action: &AgentAction) -> (&'static str, Option<&str>, Option<&str>) {
    match action {
        AgentAction::LogOff => ("log_off", None, None),
        AgentAction::Pause { queue, reason } => ("pause", queue.as_deref(), Some(reason)),
        AgentAction::Unpause { queue } => ("unpause", queue.as_deref(), None),
    }
}

/// What is so then.
fn words(agent: &str, action: &AgentAction) -> String {
    let place = |queue: &Option<String>| match queue {
        Some(queue) => format!("queue \"{queue}\""),
        None => "all queues".to_owned(),
    };
    match action {
        AgentAction::LogOff => format!("agent \"{agent}\" is logged off; a call goes on"),
        AgentAction::Pause { queue, reason } if reason.is_empty() => {
            format!("agent \"{agent}\" is paused in {}", place(queue))
        }
        AgentAction::Pause { queue, reason } => format!("agent \"{agent}\" is paused in {} ({reason})", place(queue)),
        AgentAction::Unpause { queue } => format!("agent \"{agent}\" is not paused in {} any more", place(queue)),
    }
}

fn refused(agent: &str, action: &AgentAction, why: &AgentRefusal) -> Failure {
    let did = match action {
        AgentAction::LogOff => "logged off",
        AgentAction::Pause { .. } => "paused",
        AgentAction::Unpause { .. } => "unpaused",
    };
    let failure = Failure::new(format!("agent \"{agent}\" was not {did}: {why}"));
    match why {
        // The database knows them; the server does not yet.
        AgentRefusal::NoSuchAgent | AgentRefusal::NoSuchQueue => {
            failure.hint("the running server takes changes over within a second: try again")
        }
        AgentRefusal::NotLoggedIn => failure.hint(prose![ctibox("status agents"), " shows who is logged in"]),
        AgentRefusal::NotInQueue | AgentRefusal::InNoQueue => {
            failure.hint(prose![ctibox("status agents {agent} --json"), " shows in which queues they work"])
        }
        AgentRefusal::NoLink | AgentRefusal::LinkLost => {
            failure.hint(prose![ctibox("asterisk check"), " says what is missing"])
        }
        AgentRefusal::ByAsterisk(_) => failure.hint(prose![
            ctibox("asterisk check"),
            " says which rights its account lacks; ",
            ctibox("asterisk trace"),
            " shows all"
        ]),
    }
}
