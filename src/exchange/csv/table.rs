//! A table of separated text: its first line names the columns, each other line is a row with a cell for each. What sign
//! stands between the cells the text says itself: a line `sep=;`, or the first line by the columns that are known. User
//! import, phone book and own contacts read their tables here and nowhere else; what a column means is theirs.

use super::{Record, RecordFault, Records};
use crate::settings::fold::is_invisible;

/// The signs that programs put between cells; where the first line does not tell them apart, the earlier one counts.
const SEPARATORS: [char; 4] = [',', '|', ';', '\t'];

/// A table of which the first line is read; the rows come one by one, without those in which no cell is filled and
/// without repetitions of the first line.
#[derive(Debug, Clone)]
pub(crate) struct CsvTable<'a> {
    /// As they are written, without blanks around them; none for a text without a line.
    pub(crate) columns: Vec<String>,
    /// On which the columns are named.
    pub(crate) header_line: u64,
    records: Records<'a>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// On which it begins in the file; lines count from 1.
    pub(crate) line: u64,
    /// As many as there are columns.
    pub(crate) cells: Result<Vec<String>, RowFault>,
    /// Whether the line had fewer cells than there are columns.
    pub(crate) is_short: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RowFault {
    #[error(transparent)]
    Record(#[from] RecordFault),
    #[error("has {cells} cells; the first line names {columns}")]
    TooManyCells { cells: usize, columns: usize },
}

/// Why a text is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TableFault {
    #[error("its line ends are CR alone; save it again with the line ends of Windows or Unix")]
    BareReturn,
    #[error("its first line opens a quote and does not close it")]
    OpenQuote,
    #[error("its first line names more than {most} columns")]
    TooManyColumns { most: usize },
}

impl<'a> CsvTable<'a> {
    /// `is_known` says whether somebody calls a column so; it helps to find the separator. A byte order mark in front is
    /// skipped. No line keeps more than `cells_max` cells.
    pub(crate) fn read(text: &'a str, cells_max: usize, is_known: impl Fn(&str) -> bool) -> Result<Self, TableFault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let (stated, rest, line) = match stated_separator(text) {
            Some((separator, rest)) => (Some(separator), rest, 2),
            None => (None, text, 1),
        };
        let separator = stated.unwrap_or_else(|| separator(rest, cells_max, is_known));
        let mut records = Records { rest, line, separator, cells_max };
        let Some(header) = records.next() else {
            return Ok(Self { columns: Vec::new(), header_line: 1, records });
        };
        let columns = match header.cells {
            Ok(_) if header.left_out > 0 => return Err(TableFault::TooManyColumns { most: cells_max }),
            Ok(cells) => cells.iter().map(|name| name.trim().to_owned()).collect(),
            Err(RecordFault::BareReturn) => return Err(TableFault::BareReturn),
            Err(RecordFault::OpenQuote) => return Err(TableFault::OpenQuote),
        };
        Ok(Self { columns, header_line: header.line, records })
    }

    /// None if the record says nothing.
    fn row(&self, Record { line, cells, left_out }: Record) -> Option<Row> {
        let columns = self.columns.len();
        match cells {
            Ok(cells) if left_out == 0 && cells.iter().all(|cell| is_blank(cell)) => None,
            Ok(cells) => {
                let is_short = cells.len() < columns;
                let cells = fitted(cells, left_out, columns);
                let is_header = cells.as_ref().is_ok_and(|cells| is_header(cells, &self.columns));
                (!is_header).then_some(Row { line, cells, is_short })
            }
            Err(fault) => Some(Row { line, cells: Err(fault.into()), is_short: false }),
        }
    }
}

impl Iterator for CsvTable<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        loop {
            let record = self.records.next()?;
            if let Some(row) = self.row(record) {
                return Some(row);
            }
        }
    }
}

/// Spreadsheets leave out empty cells at the end of a line, or write more of them than there are columns.
fn fitted(mut cells: Vec<String>, left_out: usize, columns: usize) -> Result<Vec<String>, RowFault> {
    // What was left out stands behind all that were kept, blank or not.
    let filled = match left_out {
        0 => cells.iter().rposition(|cell| !is_blank(cell)).map_or(0, |at| at + 1),
        more => cells.len() + more,
    };
    if filled > columns {
        return Err(RowFault::TooManyCells { cells: filled, columns });
    }
    cells.resize(columns, String::new());
    Ok(cells)
}

fn is_blank(cell: &str) -> bool {
    cell.chars().all(|sign| sign.is_whitespace() || is_invisible(sign))
}

fn is_header(cells: &[String], columns: &[String]) -> bool {
    cells.iter().map(|cell| cell.trim()).eq(columns.iter().map(String::as_str))
}

/// What a first line `sep=;` says, and the text behind it.
fn stated_separator(text: &str) -> Option<(char, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let line = line.trim_end_matches('\r').trim_matches('"');
    let stated = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="))?;
    let mut signs = line[stated.len()..].chars();
    signs.next().filter(|_| signs.next().is_none()).map(|separator| (separator, rest))
}

/// The one by which the first line names most columns that are known; else the one that stands there most.
fn separator(text: &str, cells_max: usize, is_known: impl Fn(&str) -> bool) -> char {
    let header = text.trim_start_matches(['\r', '\n']);
    let merit = |separator: char| {
        let cells = super::record(header, separator, cells_max).0.map(|cells| cells.kept);
        let line = || header.lines().next().unwrap_or_default().split(separator).take(cells_max).map(str::to_owned);
        // A quote that stays open is to be named as one.
        let cells = cells.unwrap_or_else(|_| line().collect());
        (cells.iter().filter(|cell| is_known(cell.trim())).count(), cells.len())
    };
    // Of equals `max_by_key` takes the last.
    SEPARATORS.into_iter().rev().max_by_key(|separator| merit(*separator)).unwrap_or(SEPARATORS[0])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::write;
    use super::*;

    fn read(text: &str) -> CsvTable<'_> {
        CsvTable::read(text, usize::MAX, |name| matches!(name, "name" | "number" | "note")).expect("a table")
    }

    fn cells(text: &str) -> Vec<(u64, Vec<String>)> {
        read(text).map(|row| (row.line, row.cells.expect("cells"))).collect()
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn every_sign_between_cells_is_known_by_the_first_line() {
        for separator in SEPARATORS {
            let text = format!("\u{feff}name{separator}number\r\nRoe{separator}1\r\n");
            assert_eq!(cells(&text), [row(2, &["Roe", "1"])], "{separator:?}");
        }
        let text = "name;\"note,\nor none\";number\nRoe;a,b;1\n";
        assert_eq!(cells(text), [row(3, &["Roe", "a,b", "1"])]);
        assert_eq!(read("a;b,c\n").columns, ["a;b", "c"], "a comma goes before");
    }

    /// Blanks filled what is kept of a line, and the text behind it was lost without a word.
    #[test]
    fn a_cell_behind_those_that_are_kept_is_named_also_behind_blanks() {
        let row = |text| CsvTable::read(text, 2, |_| false).expect("a table").next().map(|row| row.cells);
        assert_eq!(row("a,b\n,,,x\n"), Some(Err(RowFault::TooManyCells { cells: 3, columns: 2 })));
        assert_eq!(row("a,b\na,b,x\n"), Some(Err(RowFault::TooManyCells { cells: 3, columns: 2 })));
        assert_eq!(row("a,b\n,,,\n"), None);
    }

    /// Written again it would repeat the first line whole, and be left out then.
    #[test]
    fn a_short_repetition_of_the_first_line_is_one_too() {
        assert_eq!(cells("name,\nname\nRoe,1\nname,,\n"), [row(3, &["Roe", "1"])]);
    }

    proptest! {
        #[test]
        fn what_is_read_and_written_again_is_read_as_the_same(text in "(sep=,\r\n)?[ab,\" \r\n\0\u{6}\u{feff}\u{a0}]{0,40}") {
            let Ok(table) = CsvTable::read(&text, 8, |_| false) else { return Ok(()) };
            let columns = table.columns.clone();
            let rows: Vec<Vec<String>> = table.filter_map(|row| row.cells.ok()).collect();
            if columns.iter().any(|column| !column.is_empty()) {
                let mut written = "sep=,\r\n".to_owned();
                [&columns].into_iter().chain(&rows).for_each(|row| write(row.iter().map(String::as_str), &mut written));
                let again = CsvTable::read(&written, 8, |_| false).expect("what was read is a table");
                prop_assert_eq!(&again.columns, &columns);
                prop_assert_eq!(again.map(|row| row.cells.expect("a good row stays one")).collect::<Vec<_>>(), rows);
            }
        }
    }

    #[test]
    fn a_first_line_may_state_the_sign_and_lines_count_from_it() {
        for first in ["sep=;", "SEP=;\r", "\"sep=;\""] {
            assert_eq!(cells(&format!("{first}\nname;number,x\nRoe;1\n")), [row(3, &["Roe", "1"])], "{first:?}");
        }
        assert_eq!(read("sep=ab\n").columns, ["sep=ab"]);
    }

    #[test]
    fn rows_may_be_short_or_blank_and_cells_may_hold_line_breaks() {
        let text = "name,number,note\nRoe\n,,\n \u{200b},\u{a0}\n\"A\r\nB\",1,,,\nname,number,note\nZoe,2\n";
        let rows = [row(2, &["Roe", "", ""]), row(5, &["A\r\nB", "1", ""]), row(8, &["Zoe", "2", ""])];
        assert_eq!(cells(text), rows);
        assert_eq!(read(text).map(|row| row.is_short).collect::<Vec<_>>(), [true, false, true]);
    }

    #[test]
    fn a_row_that_cannot_be_read_is_named_and_costs_no_other() {
        let fault = |row: Row| (row.line, row.cells.err().map(|fault| fault.to_string()));
        let faults: Vec<_> = read("name,number\nRoe,1,x\nZoe,\"2\nAnn,3\n").map(fault).collect();
        let too_many = "has 3 cells; the first line names 2".to_owned();
        let open = "opens a quote and does not close it".to_owned();
        assert_eq!(faults, [(2, Some(too_many)), (3, Some(open)), (4, None)]);
        let bounded = CsvTable::read("name,number\n1,2,3,4,5\n", 3, |_| true).expect("a table").next().expect("a row");
        assert_eq!(bounded.cells, Err(RowFault::TooManyCells { cells: 5, columns: 2 }));
    }

    #[test]
    fn a_text_of_returns_alone_is_no_table() {
        let none = |text| CsvTable::read(text, usize::MAX, |_| true).expect_err("no table").to_string();
        assert!(none("name,number\rRoe,1\r").starts_with("its line ends are CR alone"));
        assert!(none("name,number\rRoe,\"a\nb\"\r").starts_with("its line ends are CR alone"));
        assert_eq!(none("name,\"number\nRoe,1\n"), "its first line opens a quote and does not close it");
        assert_eq!((read("").columns.len(), read("").count()), (0, 0));
    }
}
