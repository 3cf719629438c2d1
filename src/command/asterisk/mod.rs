//! `ctibox asterisk`: the telephone system that ctibox is connected to, and what it needs.

mod dialplan;

use clap::Subcommand;

use super::failure::Failure;
use super::invocation::Invocation;

#[derive(Debug, Subcommand)]
pub(crate) enum AsteriskCommand {
    /// Print, or write, what Asterisk's own files include for this database
    ///
    /// Contexts with the numbers and hints of lines and queues, codes that telephones dial, lamps, the account under which
    /// ctibox logs in, and the queues.
    #[command(
        after_help = "Example:\n  ctibox asterisk dialplan | less\n  sudo ctibox asterisk dialplan --to /etc/asterisk"
    )]
    Dialplan(dialplan::DialplanArguments),
}

/// What needs the rights of whoever gave the command.
pub(crate) fn prepare(command: &mut AsteriskCommand) -> Result<(), Failure> {
    match command {
        AsteriskCommand::Dialplan(arguments) => arguments.prepare(),
    }
}

pub(crate) fn run(command: AsteriskCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        AsteriskCommand::Dialplan(arguments) => dialplan::run(arguments, ctx),
    }
}
