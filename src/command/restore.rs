//! `ctibox restore`: brings a backup back. What was there is moved aside, and put back if anything fails.

use std::path::PathBuf;

use super::failure::Failure;
use super::invocation::Invocation;
use super::prompt;
use crate::settings::prose::prose;
use crate::store::{self, StoreError};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  systemctl stop ctibox\n  ctibox restore /var/backups/ctibox/monday.db\n  \
                        systemctl start ctibox")]
pub(crate) struct RestoreArguments {
    /// A file that `ctibox backup` wrote
    file: PathBuf,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(arguments: &RestoreArguments, ctx: &Invocation) -> Result<(), Failure> {
    if !arguments.yes {
        // Nobody is asked about what will be refused.
        store::may_restore(&ctx.folder, &arguments.file).map_err(|error| refused(error, arguments, ctx))?;
        let question = format!("Replace all data in {}?", ctx.folder.display());
        prompt::confirm(&ctx.output, &question)?;
    }
    let restored = store::restore(&ctx.folder, &arguments.file).map_err(|error| refused(error, arguments, ctx))?;
    ctx.output.note(format!("restored {}", arguments.file.display()));
    if let Some(aside) = restored.aside {
        ctx.output.note(format!("what was there is now {}", aside.display()));
    }
    ctx.output.hint(prose![ctibox("check"), " looks over what was brought back"]);
    Ok(())
}

/// What is missing or wrong is the backup, and no data folder is to be made for it.
fn refused(error: StoreError, arguments: &RestoreArguments, ctx: &Invocation) -> Failure {
    let nightly = ctx.folder.join("backups");
    let nightly = nightly.display();
    let hint = prose!["name a file that ", ctibox("backup FILE"), " wrote; the nightly ones are in {nightly}"];
    match error {
        StoreError::Missing { path } => Failure::new(format!("there is no backup at {}", path.display())).hint(hint),
        error if error.finds_fault_with(&arguments.file) => Failure::of(&error).hint(hint),
        error => error.into(),
    }
}
