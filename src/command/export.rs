//! `ctibox export`: the whole configuration as one readable JSON document, on standard output or in a file.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::invocation::Invocation;
use crate::settings::document::{self, Secrets};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  ctibox export > ctibox.json\n  (umask 077; ctibox export --with-secrets > /root/ctibox.json)"
)]
pub(crate) struct Arguments {
    /// Where to write; standard output if left out or `-`
    file: Option<PathBuf>,
    /// Write password hashes, PINs and secrets too; the file is readable for its owner alone
    #[arg(long)]
    with_secrets: bool,
}

pub(crate) fn run(arguments: &Arguments, call: &Invocation) -> Result<(), Failure> {
    let secrets = if arguments.with_secrets { Secrets::Included } else { Secrets::Omitted };
    let text = document::write(&call.configuration()?, secrets);
    let Some(path) = arguments.file.as_deref().filter(|path| path.as_os_str() != "-") else {
        return call.output.bytes(text.as_bytes());
    };
    write(path, &text).map_err(|error| {
        Failure::new(format!("could not write {}", path.display()))
            .cause(&error)
            .hint("the command works as the owner of the data folder; `ctibox export > FILE` writes as yourself")
    })?;
    call.output.note(&format!("exported to {}", path.display()));
    Ok(())
}

/// Beside the file and then in its place, so that nobody ever sees half a document; mode 0600 by the process's umask and
/// by name, for a file that was there with other rights must not keep them.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let beside = path.with_file_name(name);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let outcome = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
    let outcome = outcome.and_then(|()| std::fs::rename(&beside, path));
    if outcome.is_err() {
        // The error that is told is the first one.
        let _ = std::fs::remove_file(&beside);
    }
    outcome?;
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}
