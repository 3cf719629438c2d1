//! `ctibox asterisk`: the telephone system that ctibox is connected to, and what it needs.

mod check;
mod dialplan;
mod import;
mod trace;
mod writes;

use clap::Subcommand;

use super::failure::Failure;
use super::invocation::Invocation;

#[derive(Debug, Subcommand)]
pub(crate) enum AsteriskCommand {
    /// Ask Asterisk whether it fits what is configured, and say what to do about it
    ///
    /// Whether it answers, lets ctibox in and allows what is needed, and whether its dial plan, hints, queues and members
    /// are those of the database. Nothing is changed, neither here nor there. That the account hears of queues (`agent` in
    /// its line `read =`) can be seen at the first call alone.
    #[command(after_help = "Example:\n  ctibox asterisk check\n  ctibox asterisk check --writes")]
    Check(check::AsteriskCheckArguments),
    /// Print, or write, what Asterisk's own files include for this database
    ///
    /// Contexts with the numbers and hints of lines and queues, codes that telephones dial, lamps, the account under which
    /// ctibox logs in, and the queues.
    #[command(
        after_help = "Example:\n  ctibox asterisk dialplan | less\n  sudo ctibox asterisk dialplan --to /etc/asterisk"
    )]
    Dialplan(dialplan::DialplanArguments),
    /// Take over queues, their members and agents from Asterisk
    ///
    /// What is here already stays as it is. Agents are taken over who are logged in now; others cannot be seen.
    #[command(
        after_help = "Example:\n  ctibox asterisk import --dry-run\n  ctibox asterisk import --number support=3001"
    )]
    Import(import::AsteriskImportArguments),
    /// Show what passes between ctibox and Asterisk, as it passes
    ///
    /// `>` was sent, `<` received; secrets are masked. With --json a packet a line.
    #[command(after_help = "Example:\n  ctibox asterisk trace | grep -A20 '< Event: QueueCaller'")]
    Trace(trace::TraceArguments),
}

/// What needs the rights of whoever gave the command.
pub(crate) fn prepare(command: &mut AsteriskCommand) -> Result<(), Failure> {
    match command {
        AsteriskCommand::Dialplan(arguments) => arguments.prepare(),
        AsteriskCommand::Check(_) | AsteriskCommand::Import(_) | AsteriskCommand::Trace(_) => Ok(()),
    }
}

pub(crate) fn run(command: AsteriskCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        AsteriskCommand::Check(arguments) => check::run(&arguments, ctx),
        AsteriskCommand::Dialplan(arguments) => dialplan::run(arguments, ctx),
        AsteriskCommand::Import(arguments) => import::run(&arguments, ctx),
        AsteriskCommand::Trace(_) => trace::run(ctx),
    }
}
