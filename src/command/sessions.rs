//! `ctibox sessions` and `ctibox user disconnect`: who is connected now, and ending it. Both talk to the running server
//! through its control socket; without one there is nobody.

use std::time::Duration;

use serde_json::json;
use time::OffsetDateTime;

use super::failure::Failure;
use super::find;
use super::invocation::Invocation;
use crate::certificate::moment_text;
use crate::control::{self, ControlError, Session};
use crate::settings::label::Labelled as _;
use crate::settings::prose::prose;

/// How long the server may take for an answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox sessions --json")]
pub(crate) struct SessionsArguments {}

#[derive(Debug, clap::Args)]
pub(crate) struct Disconnect {
    /// Whose sessions to end: login, uuid, id or e-mail address
    #[arg(value_name = "USER", add = super::complete::users())]
    user: String,
    /// Tell the clients not to reconnect by themselves
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(_arguments: &SessionsArguments, ctx: &Invocation) -> Result<(), Failure> {
    let control::Response::Sessions { sessions } = talk(ctx, &control::Request::Sessions)? else {
        return Err(strange());
    };
    let heads = ["SESSION", "USER", "NAME", "ADDRESS", "VERSION", "ENCRYPTED", "PRESENCE", "SINCE"];
    if sessions.is_empty() && !ctx.output.is_json() {
        ctx.output.note("nobody is connected");
        return Ok(());
    }
    let rows: Vec<Vec<String>> = sessions.iter().map(row).collect();
    ctx.output.list(&heads, &rows, || json!(sessions))
}

/// `ctibox user disconnect`.
pub(crate) fn disconnect(arguments: &Disconnect, ctx: &Invocation) -> Result<(), Failure> {
    let configuration = ctx.configuration()?;
    let user = find::user(&configuration, &arguments.user)?;
    let Some(login) = user.login.as_ref().map(ToString::to_string) else {
        let failure = Failure::new(format!("{} has no login, and so no session", user.label(&configuration)));
        return Err(failure.hint(prose![ctibox("sessions"), " shows who is connected"]));
    };
    let end =
        control::Request::Disconnect { which: control::SessionSelector::User(login.clone()), force: arguments.force };
    let control::Response::Disconnected { sessions } = talk(ctx, &end)? else { return Err(strange()) };
    let words = match sessions {
        0 => format!("user \"{login}\" is not connected"),
        1 => format!("ended 1 session of user \"{login}\""),
        more => format!("ended {more} sessions of user \"{login}\""),
    };
    if ctx.output.is_json() {
        return ctx.output.json(&json!({"login": login, "sessions": sessions}));
    }
    ctx.output.note(&words);
    Ok(())
}

/// Asks the running server; a failure says what to do if there is none.
pub(super) fn talk(ctx: &Invocation, what: &control::Request) -> Result<control::Response, Failure> {
    control::call(&ctx.folder, what, PATIENCE).map_err(unreachable)
}

pub(super) fn unreachable(error: ControlError) -> Failure {
    let failure = Failure::of(&error);
    match error {
        ControlError::NotRunning { .. } => {
            failure.hint(prose!["start it with ", ctibox("serve"), ", or name its folder with `--data`"])
        }
        _ => failure,
    }
}

pub(super) fn strange() -> Failure {
    Failure::new("the server's answer was not understood").hint("is it of another version than this command?")
}

/// `TLS 1.3`, or just yes where the server does not say which.
pub(super) fn encryption(session: &Session) -> String {
    match (&session.tls, session.encrypted) {
        (Some(version), _) => format!("TLS {version}"),
        (None, true) => "yes".to_owned(),
        (None, false) => "no".to_owned(),
    }
}

fn row(session: &Session) -> Vec<String> {
    let since = OffsetDateTime::from_unix_timestamp(session.since as i64).map(moment_text).unwrap_or_default();
    vec![
        session.session.to_string(),
        session.user.clone(),
        session.name.clone(),
        session.address.clone(),
        session.version.clone(),
        encryption(session),
        session.presence.clone(),
        since,
    ]
}
