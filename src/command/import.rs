//! `ctibox import`: puts a document in the place of the whole configuration, or says what that would change.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::ask;
use super::failure::Failure;
use super::invocation::Invocation;
use crate::settings::document;
use crate::store::OriginKind;

/// Ten thousand users with all that hangs on them are some 10 MB.
const DOCUMENT_BYTES_MAX: u64 = 256 * 1024 * 1024;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox import ctibox.json --dry-run\n  ctibox import ctibox.json")]
pub(crate) struct Arguments {
    /// A document that `ctibox export` wrote; `-` for standard input
    file: PathBuf,
    /// Only check it and print what would change
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(arguments: &Arguments, call: &Invocation) -> Result<(), Failure> {
    let text = text(&arguments.file)?;
    let store = call.store()?;
    let current = store.configuration()?;
    let new = document::read(&text, &current)?;
    let differences = document::differences(&current, &new);
    if arguments.dry_run {
        return dry_run(&current, &new, &differences, call);
    }
    if differences.is_empty() {
        call.output.note("the document is what is there already; nothing was changed");
        return Ok(());
    }
    if !arguments.yes && arguments.file.as_os_str() != "-" {
        let question = format!("Replace the configuration? {} objects change", differences.len());
        ask::confirm(&call.output, &question)?;
    }
    // Read again inside the transaction: somebody may have changed what null keeps.
    let changed = store.replace(&call.origin(OriginKind::Import), |current| document::read(&text, current))?;
    call.warn(&changed.warnings);
    call.output.note(&format!("imported {}; {} objects changed", arguments.file.display(), differences.len()));
    Ok(())
}

fn dry_run(
    current: &crate::settings::configuration::Configuration,
    new: &crate::settings::configuration::Configuration,
    differences: &[String],
    call: &Invocation,
) -> Result<(), Failure> {
    use crate::settings::rule::Severity;
    let before = current.findings();
    let (errors, warnings): (Vec<_>, Vec<_>) = new
        .findings()
        .into_iter()
        .filter(|finding| !before.contains(finding))
        .partition(|finding| finding.severity == Severity::Error);
    call.warn(&warnings);
    if !errors.is_empty() {
        return Err(errors.into_iter().map(|finding| finding.refusal).collect::<Vec<_>>().into());
    }
    if call.output.is_json() {
        return call.output.json(&json!(differences));
    }
    if differences.is_empty() {
        call.output.note("nothing would change");
        return Ok(());
    }
    call.output.data(&differences.join("\n"))
}

fn text(path: &Path) -> Result<String, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let source: Box<dyn Read> =
            if path.as_os_str() == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
        source.take(DOCUMENT_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error| {
        Failure::new(format!("could not read {}", path.display()))
            .cause(&error)
            .hint("the command works as the owner of the data folder; `ctibox import - < FILE` reads as yourself")
    })?;
    if bytes.len() as u64 > DOCUMENT_BYTES_MAX {
        let most = DOCUMENT_BYTES_MAX / (1024 * 1024);
        return Err(Failure::new(format!("{} has more than {most} MiB, the limit of a document", path.display())));
    }
    String::from_utf8(bytes).map_err(|error| {
        Failure::new(format!("{} is not UTF-8 text", path.display()))
            .cause(&error)
            .hint("a document is what `ctibox export` writes")
    })
}
