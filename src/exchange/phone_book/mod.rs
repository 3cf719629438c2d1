//! The phone book as a file of another program, in and out: a table (`table`) or cards (`vcard`). What is text is read:
//! every bad line is named, and so is what was left out of a good one; what becomes of the good ones is the caller's
//! decision.

mod table;
mod vcard;

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt;

use crate::exchange::csv::TableFault;
use crate::exchange::text_encoding::{FileText, NotText, TextEncoding, decode};
use crate::exchange::unknown_name::names_nothing;
use crate::settings::address_book::FailedLine;
use crate::settings::configuration::Configuration;
use crate::settings::id::ContextId;
use crate::settings::label::context_name;
use crate::settings::name::ContextName;
use crate::settings::phone_book::{EntryDetails, Field, PhoneBookEntry};
use crate::settings::rule::Refusal;

/// A hundred thousand cards without pictures are some 30 MB.
pub(crate) const PHONE_BOOK_BYTES_MAX: u64 = 256 * 1024 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Its first line names the columns; written it is comma-separated, with our own names.
    Csv,
    /// Cards of version 2.1, 3.0 or 4.0 are read, of 3.0 written.
    Vcard,
}

impl Format {
    /// As options name it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Vcard => "vcard",
        }
    }

    /// By the end of the file's name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let (_, end) = name.rsplit_once('.')?;
        match &*end.to_ascii_lowercase() {
            "csv" => Some(Self::Csv),
            "vcf" | "vcard" => Some(Self::Vcard),
            _ => None,
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EntryFile {
    pub(crate) entries: Vec<FileEntry>,
    /// In order of lines.
    pub(crate) failed: Vec<FailedLine>,
    /// What was left out of entries that were read, in order of lines.
    pub(crate) remarks: Vec<FailedLine>,
    /// What entries are taken with and most likely do not mean, in order of lines.
    pub(crate) doubts: Vec<FailedLine>,
    /// Columns of a table that nobody knows.
    pub(crate) unknown_columns: Vec<String>,
    /// Columns that XiVO's phone book had and that have no place here.
    pub(crate) not_used: Vec<String>,
    /// The encoding, if it was guessed.
    pub(crate) guessed: Option<TextEncoding>,
    /// Numbers and addresses of cards for which an entry has no room.
    pub(crate) left_out: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileEntry {
    /// Where it begins.
    pub(crate) line: u64,
    pub(crate) details: EntryDetails,
    /// As the file names it; empty for none.
    pub(crate) context: String,
}

/// The entries of a file in their contexts.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlacedEntries {
    pub(crate) entries: Vec<(EntryDetails, Option<ContextId>)>,
    /// All that failed, an unknown context too, in order of lines.
    pub(crate) failed: Vec<FailedLine>,
    pub(crate) repeated: Vec<Repetition>,
}

/// An entry that stands word for word on an earlier line of its file too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repetition {
    pub(crate) line: u64,
    pub(crate) first: u64,
}

/// `; 1 is there already; 2 are repeated in the file; 1 is left out`: what of a file's lines was not added, and why.
pub(crate) fn not_added_words(present: usize, repeated: usize, left_out: usize) -> String {
    let parts = [(present, "there already"), (repeated, "repeated in the file"), (left_out, "left out")];
    let told = parts.into_iter().filter(|(number, _)| *number > 0);
    told.map(|(number, what)| format!("; {number} {} {what}", if number == 1 { "is" } else { "are" })).collect()
}

/// `is the same as line 3 of the file`
impl fmt::Display for Repetition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "is the same as line {} of the file", self.first)
    }
}

/// A file that cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EntryFileError {
    #[error(transparent)]
    Text(#[from] NotText),
    #[error(transparent)]
    Table(#[from] TableFault),
}

impl EntryFile {
    /// In the encoding that is `stated`, or that the bytes have.
    pub(crate) fn read(bytes: &[u8], format: Format, stated: Option<TextEncoding>) -> Result<Self, EntryFileError> {
        match format {
            Format::Csv => {
                let decoded = decode(bytes, stated)?;
                Ok(Self { guessed: decoded.guessed, ..table::read(&decoded.text)? })
            }
            // Each property of a card may have its own encoding, unless the file has one.
            Format::Vcard => match decode(bytes, stated)? {
                FileText { text, guessed: None } => Ok(vcard::read(text.as_bytes())),
                FileText { guessed: Some(_), .. } => Ok(vcard::read(bytes)),
            },
        }
    }

    /// The entries with their contexts, for who names none `otherwise`.
    pub(crate) fn placed(&self, known: &Configuration, otherwise: Option<ContextId>) -> PlacedEntries {
        let contexts: HashMap<&str, ContextId> =
            known.contexts.iter().map(|context| (context.name.as_str(), context.id)).collect();
        let entries = Vec::with_capacity(self.entries.len());
        let mut placed = PlacedEntries { entries, failed: self.failed.clone(), repeated: Vec::new() };
        let mut first_lines: HashMap<(&EntryDetails, Option<ContextId>), u64> = HashMap::new();
        for entry in &self.entries {
            let (line, name) = (entry.line, entry.context.as_str());
            let context = contexts.get(name).copied();
            if !name.is_empty() && context.is_none() {
                let there = known.contexts.iter().map(|context| context.name.as_str());
                placed.failed.push(FailedLine::new(line, &names_nothing("context", name, there)));
                continue;
            }
            let context = context.or(otherwise);
            match first_lines.entry((&entry.details, context)) {
                Entry::Vacant(vacant) => drop(vacant.insert(line)),
                Entry::Occupied(first) => placed.repeated.push(Repetition { line, first: *first.get() }),
            }
            placed.entries.push((entry.details.clone(), context));
        }
        placed.failed.sort_by_key(|failed| failed.line);
        placed
    }

    /// What could be added so that entries which name it are good: contexts that nobody has, by name.
    pub(crate) fn missing_contexts(&self, known: &Configuration) -> Vec<ContextName> {
        let there: HashSet<&str> = known.contexts.iter().map(|context| context.name.as_str()).collect();
        let named: BTreeSet<&str> = self.entries.iter().map(|entry| entry.context.as_str()).collect();
        named
            .into_iter()
            .filter(|name| !there.contains(name))
            .filter_map(|name| ContextName::parse(name).ok())
            .collect()
    }

    /// Takes what a line or card says.
    pub(super) fn take(&mut self, line: u64, details: Result<EntryDetails, Refusal>, context: &str) {
        match details {
            Ok(details) => {
                self.doubts.extend(doubts(&details).map(|doubt| FailedLine::new(line, &doubt)));
                self.entries.push(FileEntry { line, details, context: context.trim().to_owned() });
            }
            Err(refusal) => self.fail(line, &format!("{} {}", refusal.on, refusal.problem)),
        }
    }

    pub(super) fn remark(&mut self, line: u64, remark: &impl ToString) {
        self.remarks.push(FailedLine::new(line, remark));
    }

    pub(super) fn fail(&mut self, line: u64, error: &impl ToString) {
        self.failed.push(FailedLine::new(line, error));
    }
}

/// What no rule forbids and nobody has a use for.
fn doubts(details: &EntryDetails) -> impl Iterator<Item = String> {
    let reaches = |field: &Field| field.is_number() || *field == Field::Email;
    let is_reached = Field::ALL.iter().filter(|field| reaches(field)).any(|field| !details.text(*field).is_empty());
    let unreached = (!is_reached).then(|| "has no number and no e-mail address".to_owned());
    let email = details.text(Field::Email);
    let is_whole = email.rsplit_once('@').is_none_or(|(_, domain)| domain.contains('.'));
    let domain =
        (!is_whole).then(|| format!("has the e-mail address {email}, which ends in no domain like example.org"));
    unreached.into_iter().chain(domain)
}

/// The entries as a file, each with the name of its context.
pub(crate) fn write<'a>(
    entries: impl Iterator<Item = &'a PhoneBookEntry>,
    known: &Configuration,
    format: Format,
) -> String {
    let mut text = String::new();
    if format == Format::Csv {
        table::write_header(&mut text);
    }
    for entry in entries {
        let context = entry.context.map(|id| context_name(known, id)).unwrap_or_default();
        match format {
            Format::Csv => table::write(&entry.details, &context, &mut text),
            Format::Vcard => vcard::write(&entry.details, &context, &mut text),
        }
    }
    text
}

#[cfg(test)]
mod tests;
