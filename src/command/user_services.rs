//! `ctibox user switch-off`: what keeps callers from a user is switched off by the running server, which tells the user's
//! clients and telephones.

use clap::ValueEnum;
use clap::builder::PossibleValue;
use serde_json::json;

use super::complete;
use super::failure::Failure;
use super::find;
use super::invocation::Invocation;
use super::sessions::{strange, talk};
use crate::control::{self, ServicesOutcome, SwitchedService};
use crate::settings::label::Labelled as _;
use crate::settings::prose::prose;
use crate::store::OriginKind;

#[derive(Debug, clap::Args)]
pub(crate) struct SwitchServicesOff {
    /// Login in upper or lower case, uuid, id or e-mail address
    #[arg(add = complete::users())]
    user: String,
    /// Only these; all that are on if left out
    #[arg(value_name = "SERVICE")]
    services: Vec<SwitchedService>,
}

impl ValueEnum for SwitchedService {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}

pub(super) fn switch_off(arguments: &SwitchServicesOff, ctx: &Invocation) -> Result<(), Failure> {
    let configuration = ctx.configuration()?;
    let user = find::user(&configuration, &arguments.user)?;
    let services = match arguments.services.as_slice() {
        [] => SwitchedService::ALL.to_vec(),
        some => some.to_vec(),
    };
    let words = services.iter().map(|service| service.as_str()).collect::<Vec<_>>();
    let by = ctx.origin(OriginKind::Cli).user;
    let request = control::Request::SwitchOff { user: user.uuid.to_string(), services: services.clone(), by };
    let control::Response::SwitchedOff { outcome } = talk(ctx, &request)? else { return Err(strange()) };
    let label = user.label(&configuration);
    let told = match outcome {
        ServicesOutcome::Off if arguments.services.is_empty() => format!("all services of {label} are off"),
        ServicesOutcome::Off => format!("switched off for {label}: {}", words.join(", ")),
        ServicesOutcome::NothingOn => format!("nothing was changed: {label} has none of it switched on"),
        ServicesOutcome::NoSuchUser | ServicesOutcome::NotKept => {
            let failure = Failure::new(format!("nothing was switched off: {outcome}"));
            return Err(match outcome {
                ServicesOutcome::NoSuchUser => failure.hint("it takes changes over within a second: try again"),
                _ => failure.hint(prose![ctibox("health"), " says how the server is"]),
            });
        }
    };
    if ctx.output.is_json() {
        let is_changed = outcome == ServicesOutcome::Off;
        return ctx.output.json(&json!({"uuid": user.uuid.to_string(), "services": words, "changed": is_changed}));
    }
    ctx.output.note(&told);
    Ok(())
}
