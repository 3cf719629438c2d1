//! `ctibox events`: what happens in the running server, an event a line, until somebody ends it. For administrators and
//! tests; who reads too slowly is cut off by the server, and told so.

use std::time::Duration;

use super::failure::Failure;
use super::invocation::Invocation;
use super::sessions::unreachable;
use crate::control::{self, ControlError};
use crate::settings::prose::prose;

/// How long the server may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox events | jq -c 'select(.type == \"presence_changed\")'")]
pub(crate) struct EventsArguments {}

pub(crate) fn run(ctx: &Invocation) -> Result<(), Failure> {
    let mut events = control::follow(&ctx.folder, &control::Request::FollowEvents, PATIENCE).map_err(unreachable)?;
    ctx.output.note("following; Ctrl-C ends it");
    loop {
        match events.next() {
            Ok(Some(line)) => ctx.output.data(&line)?,
            Ok(None) => return Err(Failure::new("the server has stopped")),
            Err(error @ ControlError::ReadTooSlowly) => {
                return Err(Failure::of(&error).hint(prose!["write them into a file: ", ctibox("events >FILE")]));
            }
            Err(error) => return Err(unreachable(error)),
        }
    }
}
