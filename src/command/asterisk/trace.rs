//! `ctibox asterisk trace`: what passes between ctibox and Asterisk, packet by packet, until somebody ends it. Secrets are
//! masked by the server; whoever reads too slowly is cut off, and told so.

use std::time::Duration;

use crate::command::failure::Failure;
use crate::command::invocation::Invocation;
use crate::command::sessions::unreachable;
use crate::control::{self, ControlError, PassedPacket};
use crate::settings::prose::prose;

/// How long the server may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, clap::Args)]
pub(crate) struct TraceArguments {}

pub(crate) fn run(ctx: &Invocation) -> Result<(), Failure> {
    let mut packets = control::follow(&ctx.folder, &control::Request::TraceTelephony, PATIENCE).map_err(unreachable)?;
    ctx.output.note("following; Ctrl-C ends it");
    loop {
        match packets.next() {
            Ok(Some(line)) if ctx.output.is_json() => ctx.output.data(line.trim_end())?,
            Ok(Some(line)) => ctx.output.data(&shown(&line))?,
            Ok(None) => return Err(Failure::new("the server has stopped")),
            Err(error @ ControlError::ReadTooSlowly) => {
                return Err(
                    Failure::of(&error).hint(prose!["write them into a file: ", ctibox("asterisk trace >FILE")])
                );
            }
            Err(error) => return Err(unreachable(error)),
        }
    }
}

/// `>` was sent, `<` received; an empty line behind each packet.
fn shown(line: &str) -> String {
    let Ok(packet) = serde_json::from_str::<PassedPacket>(line) else { return line.to_owned() };
    let sign = if packet.is_sent { '>' } else { '<' };
    let headers: String = packet.lines.iter().map(|header| format!("{sign} {header}\n")).collect();
    headers + "\n"
}
