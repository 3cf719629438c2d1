//! `ctibox export`: the whole configuration as one readable JSON document, on standard output or in a file.

use std::path::PathBuf;

use super::failure::Failure;
use super::invocation::Invocation;
use super::written_file::{self, Document, WriteError};
use crate::exchange::document::{self, Secrets};
use crate::settings::prose::{Prose, prose};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  ctibox export > ctibox.json\n  (umask 077; ctibox export --with-secrets > /root/ctibox.json)"
)]
pub(crate) struct ExportArguments {
    /// Where to write; standard output if left out or `-`. A document that is there is replaced, anything else is not
    file: Option<PathBuf>,
    /// Write password hashes, PINs and secrets too; the file is readable for its owner alone
    #[arg(long)]
    with_secrets: bool,
}

pub(crate) fn run(arguments: &ExportArguments, ctx: &Invocation) -> Result<(), Failure> {
    let secrets = if arguments.with_secrets { Secrets::Included } else { Secrets::Omitted };
    let text = document::write(&ctx.whole_configuration()?, secrets);
    let Some(path) = arguments.file.as_deref().filter(|path| path.as_os_str() != "-") else {
        ctx.output.bytes(text.as_bytes())?;
        tell_left_out(secrets, ctx);
        return Ok(());
    };
    let document = Document { text: &text, is_kin: document::is_document };
    written_file::write(path, &document, &ctx.folder).map_err(|error| {
        let hint = match &error {
            WriteError::InDataFolder { .. } => Prose::from("name a place outside of it"),
            WriteError::NotOurs { .. } => "name another file, or remove that one first".into(),
            WriteError::System { .. } => {
                prose![
                    "the command works as the owner of the data folder; ",
                    ctibox("export > FILE"),
                    " writes as yourself"
                ]
            }
        };
        Failure::of(&error).hint(hint)
    })?;
    ctx.output.note(format!("exported to {}", path.display()));
    tell_left_out(secrets, ctx);
    Ok(())
}

/// Whoever takes the document for a backup is to know what it cannot bring back.
fn tell_left_out(secrets: Secrets, ctx: &Invocation) {
    if secrets == Secrets::Omitted {
        ctx.output.note("passwords, PINs and secrets are not in it; `--with-secrets` writes them too");
    }
}
