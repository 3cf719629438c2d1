//! `ctibox import`: puts a document in the place of the whole configuration, or says what that would change.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use serde_json::json;

use super::failure::Failure;
use super::invocation::{Invocation, differing};
use super::{prompt, random};
use crate::check;
use crate::exchange::document;
use crate::exchange::text_encoding::{TextEncoding, decode_unicode};
use crate::settings::configuration::Configuration;
use crate::settings::default::Language;
use crate::settings::prose::prose;
use crate::settings::rule::{Finding, Severity, count};
use crate::settings::table::Table;
use crate::settings::whole::WholeConfiguration;
use crate::store::{OriginKind, Store, StoreError};

/// Ten thousand users with all that hangs on them are some 10 MB.
const DOCUMENT_BYTES_MAX: u64 = 256 * 1024 * 1024;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  ctibox import ctibox.json --dry-run\n  ctibox import ctibox.json")]
pub(crate) struct ImportArguments {
    /// A document that `ctibox export` wrote; `-` for standard input
    file: PathBuf,
    /// Only check it and print what would change
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

pub(crate) fn run(arguments: &ImportArguments, ctx: &Invocation) -> Result<(), Failure> {
    let text = text(&arguments.file)?;
    expect_document(&text, &arguments.file)?;
    // A folder without a database is the start of a new machine: the document becomes its first configuration.
    let (store, current) = match Store::open_existing(&ctx.folder) {
        Ok(store) => {
            let current = store.whole_configuration()?;
            (Some(store), current)
        }
        Err(StoreError::Missing { .. }) => (None, first()),
        Err(error) => return Err(error.into()),
    };
    let new = document::read(&text, &current)?;
    let warnings = new_warnings(&current, &new)?;
    for sentence in document::left_out(&text, &current, &new) {
        ctx.output.warning(sentence);
    }
    let differences = document::differences(&current, &new);
    let objects = count(differences.len(), "object");
    if arguments.dry_run {
        ctx.warn(&warnings);
        return tell_differences(&differences, ctx);
    }
    if differences.is_empty() && store.is_some() {
        ctx.output.note("the document is what is there already; nothing was changed");
        return Ok(());
    }
    if store.is_some() && !arguments.yes && arguments.file.as_os_str() != "-" {
        prompt::confirm(&ctx.output, &format!("Replace the configuration? It changes {objects}"))?;
    }
    let store = match store {
        Some(store) => store,
        None => Store::open(&ctx.folder, || current.clone().into_inner())?.store,
    };
    ctx.intend_import(&arguments.file);
    // Read again inside the transaction: somebody may have changed what null keeps.
    let changed = store.change_whole(&ctx.origin(OriginKind::Import), |current| {
        *current = document::read(&text, current)?;
        Ok(())
    })?;
    ctx.touch(differing(&current.settings, &new.settings));
    ctx.await_server(Some(changed.since));
    ctx.warn(&changed.warnings);
    ctx.output.note(format!("imported {}; it changed {objects}", arguments.file.display()));
    Ok(())
}

/// Tables and cards have imports of their own.
fn expect_document(text: &str, file: &Path) -> Result<(), Failure> {
    if begins_with(text.as_bytes(), "{") {
        return Ok(());
    }
    let failure = Failure::new(format!("{} is no document of a configuration: it is not JSON", file.display()));
    Err(if begins_with(text.as_bytes(), CARD) {
        failure.hint(prose!["cards are imported by ", ctibox("phonebook import FILE")])
    } else {
        failure.hint(prose![
            "a table of users is imported by ",
            ctibox("user import FILE"),
            ", one of contacts by ",
            ctibox("phonebook import FILE"),
            "; a document is what ",
            ctibox("export"),
            " writes"
        ])
    })
}

/// How a file of cards begins.
pub(super) const CARD: &str = "BEGIN:VCARD";

/// Whether a file begins so, in any case of letters, behind the mark of UTF-8 and blanks.
pub(super) fn begins_with(bytes: &[u8], begin: &str) -> bool {
    let text = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).trim_ascii_start();
    text.get(..begin.len()).is_some_and(|found| found.eq_ignore_ascii_case(begin.as_bytes()))
}

/// What an import brings that is a matter for warning; what it brings that breaks a rule refuses it.
pub(super) fn new_warnings(current: &Configuration, new: &Configuration) -> Result<Vec<Finding>, Failure> {
    let before = current.findings();
    let (errors, mut warnings): (Vec<_>, Vec<_>) = new
        .findings()
        .into_iter()
        .filter(|finding| !before.iter().any(|known| known.says_the_same(finding)))
        .partition(|finding| finding.severity == Severity::Error);
    let mut refusals: Vec<_> = errors.into_iter().map(|finding| finding.refusal).collect();
    match check::named_pair(&current.settings, &new.settings) {
        Ok(about_pair) => warnings.extend(about_pair),
        Err(refusal) => refusals.push(refusal),
    }
    if refusals.is_empty() { Ok(warnings) } else { Err(refusals.into()) }
}

/// An encoding as a person names it.
pub(super) fn encoding(name: &str) -> Result<TextEncoding, String> {
    TextEncoding::parse(name).ok_or_else(|| {
        "it is not known; utf-8, utf-16, windows-1252, iso-8859-15 and macintosh are among those that are".to_owned()
    })
}

/// What was not said is told, for names may read otherwise.
pub(super) fn tell_encoding(guessed: Option<TextEncoding>, ctx: &Invocation) {
    if let Some(encoding) = guessed {
        let words =
            format!("it is not UTF-8 and was read as {encoding}; `--encoding` says which it is if names look wrong");
        ctx.output.warning(&words);
    }
}

/// What a file or, for `-`, standard input holds, and one byte beyond `most` if it holds more. `command` is what the
/// reader typed.
pub(crate) fn bytes(path: &Path, most: u64, command: &str) -> Result<Vec<u8>, Failure> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let source: Box<dyn Read> =
            if path.as_os_str() == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path)?) };
        source.take(most + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    read().map_err(|error| {
        Failure::new(format!("could not read {}", path.display())).cause(&error).hint(prose![
            "the command works as the owner of the data folder; ",
            ctibox("{command} - < FILE"),
            " reads as yourself"
        ])
    })
}

fn first() -> WholeConfiguration {
    let default = Configuration::default_data(random::server_uuid(), Language::English);
    WholeConfiguration::with_entries(default, Table::default())
}

fn tell_differences(differences: &[String], ctx: &Invocation) -> Result<(), Failure> {
    if ctx.output.is_json() {
        return ctx.output.json(&json!(differences));
    }
    if differences.is_empty() {
        ctx.output.note("nothing would change");
        return Ok(());
    }
    ctx.output.data(&differences.join("\n"))
}

fn text(path: &Path) -> Result<String, Failure> {
    let bytes = bytes(path, DOCUMENT_BYTES_MAX, "import")?;
    if bytes.len() as u64 > DOCUMENT_BYTES_MAX {
        let most = DOCUMENT_BYTES_MAX / (1024 * 1024);
        return Err(Failure::new(format!("{} has more than {most} MiB, the limit of a document", path.display())));
    }
    decode_unicode(&bytes).map_err(|error| {
        Failure::new(format!("{} cannot be read: {error}", path.display())).hint(prose![
            "a document is what ",
            ctibox("export"),
            " writes"
        ])
    })
}
