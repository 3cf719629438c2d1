//! A table of personal contacts to import: read line by line, so that it never costs more than its own length, with the
//! bad lines named up to a number.

use super::own_contact::OwnContactColumns;
use crate::exchange::contact_column::is_known;
use crate::exchange::csv::{CsvTable, Row};
use crate::settings::address_book::{Contact, FailedLine};

/// Columns of a table to import.
const IMPORT_COLUMNS_MAX: usize = 256;
/// Lines of a table that are read.
pub(super) const IMPORT_LINES_MAX: u64 = 20_000;
/// Bad lines of a table that are named; of the others their number is told.
pub(super) const IMPORT_FAILURES_MAX: usize = 200;

/// Bad lines of a table: the first ones by name, the others as a number behind them.
#[derive(Default)]
pub(super) struct Failures {
    named: Vec<FailedLine>,
    /// The first that is not named.
    next: Option<u64>,
    more: usize,
}

impl Failures {
    pub(super) fn add(&mut self, line: u64, error: Box<str>) {
        if self.named.len() < IMPORT_FAILURES_MAX {
            self.named.push(FailedLine { line, error });
        } else {
            self.next.get_or_insert(line);
            self.more += 1;
        }
    }

    pub(super) fn told(mut self) -> Vec<FailedLine> {
        if let Some(line) = self.next {
            self.named.push(FailedLine::new(line, &format!("{} lines from here on are not taken either", self.more)));
        }
        self.named
    }
}

/// A table of contacts, row by row. Its first line names the columns; a bad one makes every other bad.
pub(super) struct ContactTable<'a> {
    columns: OwnContactColumns,
    rows: CsvTable<'a>,
    lines: u64,
}

impl<'a> ContactTable<'a> {
    pub(super) fn of(text: &'a str) -> Result<Self, FailedLine> {
        let rows = CsvTable::read(text, IMPORT_COLUMNS_MAX, is_known).map_err(|fault| FailedLine::new(1, &fault))?;
        let columns =
            OwnContactColumns::of(&rows.columns).map_err(|fault| FailedLine::new(rows.header_line, &fault))?;
        Ok(Self { columns, rows, lines: 0 })
    }
}

impl Iterator for ContactTable<'_> {
    /// The contact, and what of its line is not in it.
    type Item = (u64, Result<(Contact, Vec<String>), Box<str>>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.lines > IMPORT_LINES_MAX {
            return None;
        }
        let row = self.rows.next()?;
        self.lines += 1;
        if self.lines > IMPORT_LINES_MAX {
            let rest = format!("a table may have {IMPORT_LINES_MAX} lines: it is not read from here on");
            return Some((row.line, Err(rest.into())));
        }
        Some((row.line, contact(&self.columns, row)))
    }
}

fn contact(columns: &OwnContactColumns, row: Row) -> Result<(Contact, Vec<String>), Box<str>> {
    let cells = row.cells.map_err(|fault| fault.to_string())?;
    let read = columns.row(&cells, row.is_short)?;
    let contact = Contact::new(read.texts).map_err(|problem| problem.to_string())?;
    Ok((contact, read.remarks))
}
