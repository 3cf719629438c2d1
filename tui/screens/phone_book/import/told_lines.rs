//! What there is to tell of a file's lines, as rows: those that are bad, those of which something is left out, and what the
//! good ones are read as. The preview owns them and draws them as a table.

use std::collections::{HashMap, HashSet};

use ratatui::text::{Line, Span};

use super::planned::Planned;
use crate::exchange::phone_book::FileEntry;
use crate::settings::address_book::FailedLine;
use crate::settings::phone_book::Field as EntryField;
use crate::settings::rule::Severity;
use crate::tui::filter::Folded;
use crate::tui::screens::bad_lines::ShownLines;
use crate::tui::table_view::TableRows;
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, TableColumn};

/// So many good entries are listed: nobody reads more to see whether the columns were understood.
pub(super) const ENTRIES_SHOWN: usize = 2_000;

/// What there is to tell.
pub(super) struct ToldLines {
    pub(super) all: Vec<ToldLine>,
    pub(super) shows: ShownLines,
    /// How many lines are taken as they are and most likely not meant so.
    pub(super) number_doubted: usize,
    /// How many lines are added without something that they say.
    pub(super) number_cut: usize,
    /// How many good entries are not listed.
    pub(super) hidden: usize,
}

impl ToldLines {
    pub(super) fn of(planned: &Planned) -> Self {
        let entries = planned.file.entries.iter();
        let names: HashMap<u64, String> = entries.map(|entry| (entry.line, entry.details.shown_name())).collect();
        let told = |severity| {
            let names = &names;
            move |it: &FailedLine| {
                let name = names.get(&it.line).cloned().unwrap_or_default();
                ToldLine { severity: Some(severity), line: it.line, name, words: it.error.to_string() }
            }
        };
        let failed: HashSet<u64> = planned.failed.iter().map(|it| it.line).collect();
        let added = || planned.file.entries.iter().filter(|entry| !failed.contains(&entry.line));
        let begins: Vec<u64> = added().map(|entry| entry.line).collect();
        let mut remarks: HashMap<u64, Vec<&str>> = HashMap::new();
        for remark in &planned.file.remarks {
            // A card has several lines, and a remark names its own.
            let entry = begins.partition_point(|line| *line <= remark.line).checked_sub(1);
            remarks.entry(entry.map_or(remark.line, |at| begins[at])).or_default().push(&remark.error);
        }
        // What is to be looked at stands first, then what would be added as it is.
        let mut all: Vec<ToldLine> = planned.failed.iter().map(told(Severity::Error)).collect();
        let mut doubts: HashMap<u64, Vec<String>> = HashMap::new();
        for doubt in &planned.file.doubts {
            doubts.entry(doubt.line).or_default().push(doubt.error.to_string());
        }
        for repetition in &planned.repeated {
            doubts.entry(repetition.line).or_default().push(format!("{repetition} and added once"));
        }
        let is_cut = |entry: &&FileEntry| remarks.contains_key(&entry.line);
        let is_looked_at = |entry: &&FileEntry| is_cut(entry) || doubts.contains_key(&entry.line);
        let of_entry = |entry| ToldLine::of_entry(entry, &remarks, &doubts);
        all.extend(added().filter(is_looked_at).map(of_entry));
        let lone = planned.file.remarks.iter().filter(|remark| begins.first().is_none_or(|first| remark.line < *first));
        all.extend(lone.map(told(Severity::Warning)));
        all.sort_by_key(|told| told.line);
        let number_warned = all.iter().filter(|told| told.severity == Some(Severity::Warning)).count();
        let number_doubted = added().filter(|entry| is_looked_at(entry) && !is_cut(entry)).count();
        let number_cut = number_warned - number_doubted;
        let good = || added().filter(|entry| !is_looked_at(entry));
        all.extend(good().take(ENTRIES_SHOWN).map(of_entry));
        let hidden = good().count().saturating_sub(ENTRIES_SHOWN);
        Self { all, shows: ShownLines::All, number_doubted, number_cut, hidden }
    }
}

impl ToldLines {
    /// Whether there is more than good lines.
    pub(super) fn has_notable(&self) -> bool {
        self.all.iter().any(|told| told.severity.is_some())
    }
}

/// One line of the file: what it would add, why it is bad, or what was left out of it.
pub(super) struct ToldLine {
    /// None: it is good.
    severity: Option<Severity>,
    line: u64,
    name: String,
    pub(super) words: String,
}

impl ToldLine {
    /// By their fields, so that it is seen what was read as what; before them what was left out of it.
    fn of_entry(entry: &FileEntry, remarks: &HashMap<u64, Vec<&str>>, doubts: &HashMap<u64, Vec<String>>) -> Self {
        let details = &entry.details;
        let texts =
            EntryField::ALL.iter().filter(|field| !matches!(field, EntryField::FirstName | EntryField::LastName));
        let texts = texts.map(|field| (field.as_str(), details.text(*field)));
        let all = texts.chain([("context", entry.context.as_str())]).filter(|(_, text)| !text.is_empty());
        let words: Vec<String> = all.map(|(field, text)| format!("{field} {text}")).collect();
        let (line, name, words) = (entry.line, details.shown_name(), words.join(", "));
        let doubts = doubts.get(&line).map(|doubts| doubts.join("; "));
        let left_out = remarks.get(&line).map(|remarks| {
            let rest = if words.is_empty() { "the name alone" } else { words.as_str() };
            format!("{}; it is added with {rest}", remarks.join("; "))
        });
        let (severity, words) = match (doubts, left_out) {
            (None, None) => (None, words),
            (None, Some(left_out)) => (Some(Severity::Warning), left_out),
            (Some(doubts), None) if words.is_empty() => (Some(Severity::Warning), doubts),
            (Some(doubts), None) => (Some(Severity::Warning), format!("{doubts}: {words}")),
            (Some(doubts), Some(left_out)) => (Some(Severity::Warning), format!("{doubts}; {left_out}")),
        };
        Self { severity, line, name, words }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ToldColumn {
    Line,
    Name,
    Words,
}

impl TableColumn for ToldColumn {
    const ALL: &'static [Self] = &[Self::Line, Self::Name, Self::Words];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Line => ColumnDesign::new("line", 8),
            Self::Name => ColumnDesign::new("name", 20),
            Self::Words => ColumnDesign::new("what is read of it", 46),
        }
    }
}

/// By their places among all.
impl TableRows for ToldLines {
    type Id = usize;
    type Column = ToldColumn;

    const SIGN_WIDTH: u16 = 3;

    fn ids(&self) -> Vec<usize> {
        let is_shown = |told: &ToldLine| self.shows == ShownLines::All || told.severity.is_some();
        (0..self.all.len()).filter(|at| is_shown(&self.all[*at])).collect()
    }

    fn searched(&self, at: usize) -> Folded<'_> {
        self.all.get(at).map_or_else(Folded::default, |told| Folded::of(&format!("{} {}", told.name, told.words)))
    }

    fn field(&self, at: usize, _name: &'static str) -> Folded<'_> {
        self.all.get(at).map_or_else(Folded::default, |told| Folded::of(&told.line.to_string()))
    }

    fn cell(&self, at: usize, column: ToldColumn) -> Line<'static> {
        self.all.get(at).map_or_else(Line::default, |told| match column {
            ToldColumn::Line => Line::raw(told.line.to_string()),
            ToldColumn::Name => Line::raw(told.name.clone()),
            ToldColumn::Words => Line::raw(told.words.clone()),
        })
    }

    fn sign(&self, at: usize) -> Span<'static> {
        self.all.get(at).map_or_else(Span::default, |told| match told.severity {
            Some(severity) => Span::styled(format!(" {} ", theme::sign(severity)), theme::of(severity)),
            None => Span::raw("   "),
        })
    }
}
