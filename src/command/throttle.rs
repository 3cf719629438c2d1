//! `ctibox throttle` and `ctibox unlock`: whose failed logins are counted and slow further ones down, and forgetting them.
//! Through the control socket where a server runs, or else in the database.

use serde_json::json;

use super::failure::Failure;
use super::invocation::Invocation;
use super::sessions::{PATIENCE, strange, unreachable};
use crate::auth::ThrottleView;
use crate::control::{self, ControlError, FailedLogins};
use crate::server::failed_logins;
use crate::settings::login_record::CountedAgainst;
use crate::settings::rule::count;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "After three failed logins a login's attempts are answered late: 1, 2, 4, then 8 seconds apart; after 50 \
                  those of an address, but for logins that succeeded from there within 30 days. Failures are forgotten \
                  after 15 minutes, or by `ctibox unlock`.\n\nExample:\n  ctibox throttle --json"
)]
pub(crate) struct ThrottleArguments {}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox unlock alice\n  ctibox unlock 192.0.2.17")]
pub(crate) struct UnlockArguments {
    /// Whose failed logins to forget; an IPv6 address means its /64
    #[arg(value_name = "LOGIN|ADDRESS", add = super::complete::users())]
    who: String,
}

pub(crate) fn run(_arguments: &ThrottleArguments, ctx: &Invocation) -> Result<(), Failure> {
    let failed = match control::call(&ctx.folder, &control::Request::FailedLogins, PATIENCE) {
        Ok(control::Response::FailedLogins(failed)) => failed,
        Ok(_) => return Err(strange()),
        Err(ControlError::NotRunning { .. }) => {
            ctx.output.note("no server runs; this is what was kept");
            failed_logins(&ThrottleView::of_records(ctx.store()?.login_records()?))
        }
        Err(error) => return Err(unreachable(error)),
    };
    if failed == FailedLogins::default() && !ctx.output.is_json() {
        ctx.output.note("no login failed within the last 15 minutes");
        return Ok(());
    }
    let heads = ["KIND", "NAME", "FAILURES", "DELAY", "WAITING"];
    ctx.output.list(&heads, &rows(&failed), || json!(failed))
}

pub(crate) fn unlock(arguments: &UnlockArguments, ctx: &Invocation) -> Result<(), Failure> {
    let against = CountedAgainst::of(&arguments.who);
    let request = control::Request::ForgetFailedLogins { of: arguments.who.clone() };
    let failures = match control::call(&ctx.folder, &request, PATIENCE) {
        Ok(control::Response::FailedLoginsForgotten { failures }) => failures,
        Ok(_) => return Err(strange()),
        Err(ControlError::NotRunning { .. }) => forget_kept(&against, ctx)?,
        Err(error) => return Err(unreachable(error)),
    };
    if ctx.output.is_json() {
        return ctx.output.json(&json!({"unlocked": arguments.who, "failures": failures}));
    }
    ctx.output.note(&match failures {
        0 => format!("{against} was not slowed down: no failed login of it is counted"),
        some => format!("forgot {} of {against}", count(some as usize, "failed login")),
    });
    Ok(())
}

fn forget_kept(against: &CountedAgainst, ctx: &Invocation) -> Result<u32, Failure> {
    let store = ctx.store()?;
    let kept = ThrottleView::of_records(store.login_records()?);
    store.forget_login_failures(against)?;
    Ok(match against {
        CountedAgainst::Login(login) => kept.logins.iter().find(|it| it.who == *login).map_or(0, |it| it.failures),
        CountedAgainst::Address(address) => {
            kept.addresses.iter().find(|it| it.who == *address).map_or(0, |it| it.failures)
        }
    })
}

fn rows(failed: &FailedLogins) -> Vec<Vec<String>> {
    let row = |kind: &str, name: &str, failures: u32, delay: u64, waiting: u32| {
        let delay = if delay == 0 { "none".to_owned() } else { format!("{delay} s") };
        vec![kind.to_owned(), name.to_owned(), failures.to_string(), delay, waiting.to_string()]
    };
    let logins = failed.logins.iter();
    let addresses = failed.addresses.iter();
    logins
        .map(|it| row("login", &it.login, it.failures, it.delay_seconds, it.waiting))
        .chain(addresses.map(|it| row("address", &it.address, it.failures, it.delay_seconds, it.waiting)))
        .collect()
}
