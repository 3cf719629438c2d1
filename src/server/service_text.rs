//! What administrators want switched off of what users switched on, from the words of the control socket to live's and back,
//! and its line in the log. Called by control_server.rs; decides nothing.

use crate::control::{ServicesOutcome, SwitchedService};
use crate::live::messages::{SwitchOff, SwitchOffOutcome};
use crate::observe::shown;
use crate::settings::id::UserUuid;
use crate::settings::profile::Service;

/// None: what should be a UUID is none.
pub(super) fn order_of(user: &str, services: &[SwitchedService]) -> Option<SwitchOff> {
    Some(SwitchOff { user: UserUuid::parse(user)?, services: services.iter().copied().map(service_of).collect() })
}

fn service_of(service: SwitchedService) -> Service {
    match service {
        SwitchedService::DoNotDisturb => Service::EnableDnd,
        SwitchedService::CallFilter => Service::IncallFilter,
        SwitchedService::Recording => Service::CallRecord,
        SwitchedService::Forward => Service::ForwardUnconditional,
        SwitchedService::ForwardUnanswered => Service::ForwardNoAnswer,
        SwitchedService::ForwardBusy => Service::ForwardBusy,
    }
}

pub(super) fn outcome_of(outcome: SwitchOffOutcome) -> ServicesOutcome {
    match outcome {
        SwitchOffOutcome::Off => ServicesOutcome::Off,
        SwitchOffOutcome::NothingOn => ServicesOutcome::NothingOn,
        SwitchOffOutcome::NoSuchUser => ServicesOutcome::NoSuchUser,
        SwitchOffOutcome::NotKept => ServicesOutcome::NotKept,
    }
}

/// Who did what. `uid` is whose process is at the other end of the socket, which nobody can make up.
pub(super) fn log(user: &str, services: &[SwitchedService], (by, uid): (&str, Option<u32>), outcome: ServicesOutcome) {
    let services = services.iter().map(|service| service.as_str()).collect::<Vec<_>>().join(" ");
    let (user, by) = (shown(user), shown(by));
    match outcome {
        ServicesOutcome::Off => tracing::info!(user, services, by, uid, "services switched off by an administrator"),
        refused => {
            tracing::info!(user, services, by, uid, cause = %refused, "services were not switched off for an administrator");
        }
    }
}
