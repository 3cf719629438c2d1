//! The phone book as a comma-separated table. The first line names the columns, in any order and case of letters; a
//! table whose header has semicolons and no comma is separated by these.

use std::collections::BTreeMap;

use super::file::EntryFile;
use super::{EntryDetails, Field};
use crate::settings::csv;

const CONTEXT: &str = "context";

pub(super) fn read(text: &str) -> EntryFile {
    let mut file = EntryFile::default();
    let header = text.lines().next().unwrap_or_default();
    let separator = if header.contains(';') && !header.contains(',') { ';' } else { ',' };
    let mut records = csv::read_separated(text, separator).into_iter();
    let Some(header) = records.next() else { return file };
    let columns = match header.cells {
        Ok(cells) => cells,
        Err(problem) => {
            file.fail(header.line, &problem);
            return file;
        }
    };
    let Some(places) = places(&columns, header.line, &mut file) else { return file };
    for record in records {
        match record.cells {
            Err(problem) => file.fail(record.line, &problem),
            Ok(cells) if cells.len() != columns.len() => {
                file.fail(record.line, &format!("{} cells instead of {}", cells.len(), columns.len()));
            }
            Ok(cells) => {
                let cell = |column: &str| places.get(column).map_or("", |place| cells[*place].as_str());
                let details = EntryDetails::parse(|field| cell(field.word()));
                file.take(record.line, details, cell(CONTEXT));
            }
        }
    }
    file
}

/// Where each known column stands; None for a header that no entry can be read under.
fn places(columns: &[String], line: u64, file: &mut EntryFile) -> Option<BTreeMap<&'static str, usize>> {
    let known: Vec<&str> = Field::ALL.iter().map(|field| field.word()).chain([CONTEXT]).collect();
    let mut places = BTreeMap::new();
    for (place, column) in columns.iter().enumerate() {
        let name = column.trim();
        match known.iter().find(|word| word.eq_ignore_ascii_case(name)) {
            Some(word) if places.insert(*word, place).is_some() => {
                file.fail(line, &format!("the column {word} stands twice"));
                return None;
            }
            Some(_) => {}
            None => file.unknown_columns.push(name.to_owned()),
        }
    }
    if places.is_empty() {
        file.fail(line, &format!("the first line names none of the columns {}", known.join(",")));
        return None;
    }
    Some(places)
}

pub(super) fn write_header(out: &mut String) {
    csv::write(Field::ALL.iter().map(|field| field.word()).chain([CONTEXT]), out);
}

pub(super) fn write(details: &EntryDetails, context: &str, out: &mut String) {
    csv::write(Field::ALL.iter().map(|field| details.text(*field)).chain([context]), out);
}
