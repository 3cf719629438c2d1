//! The phone book as a separated table: ours, XiVO's of both generations, or another program's. The first line names the
//! columns in any order; what they may be called stands in `contact_column`.

use super::EntryFile;
use crate::exchange::contact_column::{ContactColumns, is_known};
use crate::exchange::csv::{self, CsvTable, TableFault};
use crate::settings::phone_book::{EntryDetails, Field};
use crate::settings::phone_number::looks_like_number;

const CONTEXT: &str = "context";

pub(super) fn read(text: &str) -> Result<EntryFile, TableFault> {
    let mut file = EntryFile::default();
    let table = CsvTable::read(text, usize::MAX, is_known)?;
    if table.columns.is_empty() {
        return Ok(file);
    }
    let Some(columns) = columns(&table, &mut file) else { return Ok(file) };
    for row in table {
        match &row.cells {
            Err(fault) => file.fail(row.line, fault),
            Ok(cells) => take(row.line, row.is_short, &columns, cells, &mut file),
        }
    }
    Ok(file)
}

pub(super) fn write_header(out: &mut String) {
    csv::write(Field::ALL.iter().map(|field| field.as_str()).chain([CONTEXT]), out);
}

pub(super) fn write(details: &EntryDetails, context: &str, out: &mut String) {
    csv::write(Field::ALL.iter().map(|field| details.text(*field)).chain([context]), out);
}

fn take(line: u64, is_short: bool, columns: &ContactColumns, cells: &[String], file: &mut EntryFile) {
    let row = columns.row(cells);
    let text = |field| row.texts.get(&field).map_or("", |text| text.as_ref());
    if is_short && [Field::FirstName, Field::LastName].iter().any(|field| looks_like_number(text(*field))) {
        return file.fail(line, &"has a number for a name: a line break in a cell must stand in quotes");
    }
    let details = EntryDetails::read(text, |remark| file.remark(line, &remark));
    if details.is_ok() {
        file.left_out += row.left_out;
    }
    file.take(line, details, row.context);
}

/// None for a first line that no entry can be read under.
fn columns(table: &CsvTable<'_>, file: &mut EntryFile) -> Option<ContactColumns> {
    let columns = match ContactColumns::of(&table.columns) {
        Ok(columns) => columns,
        Err(twice) => {
            file.fail(table.header_line, &twice);
            return None;
        }
    };
    let ours = || Field::ALL.iter().map(|field| field.as_str()).chain([CONTEXT]).collect::<Vec<_>>().join(",");
    if !columns.names_contacts() {
        file.fail(table.header_line, &format!("the first line names none of the columns {}", ours()));
        return None;
    }
    file.unknown_columns = columns.unknown.iter().map(|(_, name)| name.clone()).collect();
    file.not_used = columns.not_used.iter().map(|(_, name)| name.clone()).collect();
    // Entries without their numbers are not what anybody wants of such a table.
    if !columns.has_numbers() && !columns.unknown.is_empty() {
        file.fail(table.header_line, &format!("the first line names no column of numbers that is known: {}", ours()));
        return None;
    }
    Some(columns)
}
