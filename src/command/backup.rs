//! `ctibox backup`: a copy of the whole database, state included, while the server runs.

use std::path::PathBuf;

use super::failure::Failure;
use super::invocation::Invocation;
use crate::settings::prose::prose;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  install -d -o ctibox -g ctibox -m 0750 /var/backups/ctibox\n  ctibox backup /var/backups/ctibox/monday.db"
)]
pub(crate) struct BackupArguments {
    /// Where to write the copy; it holds password hashes, so keep it as safe as the data folder
    file: PathBuf,
}

pub(crate) fn run(arguments: &BackupArguments, ctx: &Invocation) -> Result<(), Failure> {
    if arguments.file.as_os_str() == "-" {
        return Err(Failure::usage(
            "a backup cannot be written to standard output: it is a database, made in its place",
        )
        .hint("name a file; `./-` is one that is called `-`"));
    }
    ctx.store()?.backup(&arguments.file)?;
    let file = arguments.file.display();
    ctx.output.note(format!("backed up to {file}"));
    ctx.output.hint(prose![ctibox("restore {file}"), " brings it back"]);
    Ok(())
}
