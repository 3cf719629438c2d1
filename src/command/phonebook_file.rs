//! `ctibox phonebook import` and `export`: the phone book as a table or as cards. What lines and cards mean is in
//! `exchange::phone_book`; this file reads, tells, and writes in one transaction.

use std::path::PathBuf;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::failure::Failure;
use super::find::context_or_none;
use super::invocation::Invocation;
use super::output::plain;
use super::{complete, import};
use crate::exchange::phone_book::{self, EntryFile, PHONE_BOOK_BYTES_MAX, PlacedEntries, Repetition};
use crate::exchange::text_encoding::TextEncoding;
use crate::settings::address_book::FailedLine;
use crate::settings::rule::count;
use crate::settings::violation::quoted;
use crate::settings::whole::WholeConfiguration;

/// Bad lines that are told one by one.
const LINES_TOLD: usize = 100;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FileFormat {
    /// A table; any of the usual signs may stand between its cells
    Csv,
    /// Cards
    Vcard,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Import {
    /// The table or the cards; `-` for standard input
    file: PathBuf,
    /// What it is; left out, the end of its name says it: .csv, .vcf or .vcard
    #[arg(long, value_enum)]
    format: Option<FileFormat>,
    /// The context of entries that name none
    #[arg(long, value_name = "C", add = complete::contexts())]
    context: Option<String>,
    /// Only check it and say what would be added
    #[arg(long)]
    dry_run: bool,
    /// Import the good lines and skip the bad ones
    #[arg(long)]
    accept_good_lines: bool,
    /// How its text is encoded, like windows-1252; left out, the file says it or it is guessed
    #[arg(long, value_name = "NAME", value_parser = import::encoding)]
    encoding: Option<TextEncoding>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Export {
    /// How to write it
    #[arg(long, value_enum, default_value = "csv")]
    format: FileFormat,
}

impl From<FileFormat> for phone_book::Format {
    fn from(format: FileFormat) -> Self {
        match format {
            FileFormat::Csv => Self::Csv,
            FileFormat::Vcard => Self::Vcard,
        }
    }
}

pub(super) fn import(arguments: &Import, ctx: &Invocation) -> Result<(), Failure> {
    let by_name = || phone_book::Format::of_name(&arguments.file.to_string_lossy());
    let format = arguments.format.map(Into::into).or_else(by_name).ok_or_else(|| {
        Failure::usage(format!("the name of {} does not say what it is", arguments.file.display()))
            .hint("say it with `--format csv` or `--format vcard`")
    })?;
    let read = read(arguments, format)?;
    import::tell_encoding(read.guessed, ctx);
    tell_left_out(&read, ctx);
    tell_lines(&read.remarks, "remark", ctx);
    let c = ctx.configuration()?;
    let PlacedEntries { failed, repeated, .. } = read.placed(&c, context_or_none(&c, arguments.context.as_deref())?);
    tell_lines(&looked_at(&read, &repeated), "remark", ctx);
    tell_lines(&failed, "bad line", ctx);
    if failed.is_empty() && read.entries.is_empty() {
        let failure = Failure::new(format!("{} holds no entry; nothing was written", arguments.file.display()));
        return Err(failure.hint("a table begins with a line that names its columns, a card with BEGIN:VCARD"));
    }
    let has_good_lines = read.entries.len() + read.failed.len() > failed.len();
    let may_go_on = failed.is_empty() || (arguments.accept_good_lines && has_good_lines);
    if !may_go_on {
        return refuse(&read, repeated, &failed, ctx);
    }
    if arguments.dry_run {
        let before = ctx.whole_configuration()?;
        let mut after = before.clone();
        let outcome = add(arguments, &read, &failed, &mut after)?;
        ctx.warn(&import::new_warnings(&before, &after)?);
        return tell(&outcome, &read, &failed, "would be added; nothing was written", ctx);
    }
    ctx.intend_import(&arguments.file);
    let outcome = ctx.change_whole(|c| add(arguments, &read, &failed, c))?;
    tell(&outcome, &read, &failed, if outcome.added == 1 { "was added" } else { "were added" }, ctx)
}

/// What the entries of a file came to.
struct Imported {
    added: usize,
    /// Word for word in the phone book already.
    present: usize,
    /// Word for word on an earlier line of the file.
    repeated: Vec<Repetition>,
}

pub(super) fn export(arguments: &Export, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.whole_configuration()?;
    let entries = c.entries().iter().map(|entry| &**entry);
    ctx.output.bytes(phone_book::write(entries, &c, arguments.format.into()).as_bytes())
}

fn add(
    arguments: &Import,
    read: &EntryFile,
    told: &[FailedLine],
    c: &mut WholeConfiguration,
) -> Result<Imported, Failure> {
    let PlacedEntries { entries, failed, repeated } = read.placed(c, context_or_none(c, arguments.context.as_deref())?);
    if failed != told {
        return Err(Failure::new("the contexts were changed meanwhile; nothing was written").hint("import it again"));
    }
    let once = entries.len() - repeated.len();
    let added = c.add_phone_book_entries(entries)?;
    Ok(Imported { added, present: once - added, repeated })
}

fn refuse(read: &EntryFile, repeated: Vec<Repetition>, failed: &[FailedLine], ctx: &Invocation) -> Result<(), Failure> {
    if ctx.output.is_json() {
        ctx.output.json(&outcome_json(&Imported { added: 0, present: 0, repeated }, read, failed))?;
    }
    let bad = count(failed.len(), "entry");
    let failure = Failure::new(format!("{bad} cannot be imported; nothing was written"));
    // Each entry of an unknown context is among those that failed.
    Err(match (read.entries.len() + read.failed.len()).saturating_sub(failed.len()) {
        0 => failure,
        _ => failure.hint("`--accept-good-lines` adds the others"),
    })
}

fn tell(
    outcome: &Imported,
    read: &EntryFile,
    failed: &[FailedLine],
    words: &str,
    ctx: &Invocation,
) -> Result<(), Failure> {
    if ctx.output.is_json() {
        return ctx.output.json(&outcome_json(outcome, read, failed));
    }
    let mut note = format!("{} {words}", count(outcome.added, "entry"));
    note.push_str(&phone_book::not_added_words(outcome.present, outcome.repeated.len(), failed.len()));
    ctx.output.note(&note);
    Ok(())
}

fn outcome_json(outcome: &Imported, read: &EntryFile, failed: &[FailedLine]) -> Value {
    let lines = |lines: &[FailedLine], what: &str| -> Value {
        lines.iter().map(|line| json!({"line": line.line, what: line.error})).collect()
    };
    json!({
        "added": outcome.added,
        "present": outcome.present,
        "repeated": outcome.repeated.len(),
        "failed": lines(failed, "error"),
        "warnings": lines(&[&read.remarks[..], &looked_at(read, &outcome.repeated)].concat(), "warning"),
    })
}

/// What is taken as it is and most likely not meant, in order of lines.
fn looked_at(read: &EntryFile, repeated: &[Repetition]) -> Vec<FailedLine> {
    let repeated = repeated.iter().map(|one| FailedLine::new(one.line, one));
    let mut lines: Vec<FailedLine> = read.doubts.iter().cloned().chain(repeated).collect();
    lines.sort_by_key(|line| line.line);
    lines
}

/// The first ones, each with its line.
fn tell_lines(lines: &[FailedLine], what: &str, ctx: &Invocation) {
    for line in lines.iter().take(LINES_TOLD) {
        ctx.output.warning(format!("line {}: {}", line.line, plain(&line.error)));
    }
    if let more @ 1.. = lines.len().saturating_sub(LINES_TOLD) {
        ctx.output.warning(format!("and {}", count(more, &format!("more {what}"))));
    }
}

fn tell_left_out(read: &EntryFile, ctx: &Invocation) {
    if !read.unknown_columns.is_empty() {
        let names = quoted(read.unknown_columns.iter().map(|name| plain(name)));
        ctx.output.warning(format!("left out, for these columns are not known: {names}"));
    }
    if !read.not_used.is_empty() {
        ctx.output.note(format!("not used here: {}", quoted(read.not_used.iter().map(|name| plain(name)))));
    }
    if read.left_out > 0 {
        let numbers = match read.left_out {
            1 => "one more number or address was".to_owned(),
            number => format!("{number} more numbers and addresses were"),
        };
        ctx.output.warning(format!("{numbers} left out: an entry has one of each kind"));
    }
}

fn read(arguments: &Import, format: phone_book::Format) -> Result<EntryFile, Failure> {
    let path = &arguments.file;
    let bytes = import::bytes(path, PHONE_BOOK_BYTES_MAX, "phonebook import")?;
    if bytes.len() as u64 > PHONE_BOOK_BYTES_MAX {
        let most = PHONE_BOOK_BYTES_MAX / (1024 * 1024);
        return Err(Failure::new(format!("{} has more than {most} MiB, the limit of an import", path.display()))
            .hint("import it in parts"));
    }
    EntryFile::read(&bytes, format, arguments.encoding).map_err(|error| {
        Failure::new(format!("{} cannot be imported: {error}", path.display())).hint("save it in UTF-8")
    })
}
