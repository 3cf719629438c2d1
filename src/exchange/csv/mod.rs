//! Separated text as people's programs write it, in and out: cells in quotes may hold separators, quotes (doubled) and
//! line ends. This file cuts records apart and writes them; what a table of them is stands in `table`. Reading never gives
//! up on a text: what is wrong with one record leaves the others as they are.

mod table;

pub(crate) use table::{CsvTable, Row, RowFault, TableFault};

/// A record with the number of the line on which it begins; lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    line: u64,
    cells: Result<Vec<String>, RecordFault>,
    /// Filled cells behind those that are kept.
    left_out: usize,
}

/// What costs a record its line. Reading goes on behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RecordFault {
    #[error("opens a quote and does not close it")]
    OpenQuote,
    /// A carriage return outside of quotes that no line feed follows.
    #[error("has line ends that are CR alone")]
    BareReturn,
}

/// A text on its way to records, one by one; empty lines are none.
#[derive(Debug, Clone)]
struct Records<'a> {
    rest: &'a str,
    line: u64,
    separator: char,
    /// No record keeps more cells than that.
    cells_max: usize,
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        while !self.rest.is_empty() {
            let (cells, bytes) = record(self.rest, self.separator, self.cells_max);
            let (taken, behind) = self.rest.split_at(bytes);
            let line = self.line;
            self.line += lines(taken);
            self.rest = behind;
            if !taken.trim_end_matches(['\r', '\n']).is_empty() {
                let left_out = cells.as_ref().map_or(0, |cells| cells.left_out);
                return Some(Record { line, cells: cells.map(|cells| cells.kept), left_out });
            }
        }
        None
    }
}

/// Writes one record with its line end (CR LF, as spreadsheets expect).
pub(crate) fn write<'a>(cells: impl IntoIterator<Item = &'a str>, out: &mut String) {
    for (number, cell) in cells.into_iter().enumerate() {
        if number > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\r', '\n']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}

fn lines(text: &str) -> u64 {
    text.bytes().fold(0, |lines, byte| lines + u64::from(byte == b'\n'))
}

struct Cells {
    kept: Vec<String>,
    left_out: usize,
}

impl Cells {
    fn end(&mut self, cell: &mut String, cells_max: usize) {
        if self.kept.len() < cells_max {
            self.kept.push(std::mem::take(cell));
        } else {
            self.left_out += usize::from(!cell.trim().is_empty());
            cell.clear();
        }
    }
}

/// The cells of the record at the front and how many bytes it takes with its line end. One whose quote stays open ends
/// with its line; in the whole of a text that happens at most twice over the same bytes: behind an open quote all quotes
/// are pairs.
fn record(text: &str, separator: char, cells_max: usize) -> (Result<Cells, RecordFault>, usize) {
    let (mut cells, mut cell) = (Cells { kept: Vec::new(), left_out: 0 }, String::new());
    let (mut is_quoted, mut has_bare_return) = (false, false);
    let mut bytes = text.len();
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' if is_quoted => match signs.next_if(|(_, next)| *next == '"') {
                Some(_) => cell.push('"'),
                None => is_quoted = false,
            },
            _ if is_quoted => cell.push(sign),
            // Blanks before a quote are not meant.
            '"' if cell.bytes().all(|byte| byte == b' ') => {
                cell.clear();
                is_quoted = true;
            }
            _ if sign == separator => cells.end(&mut cell, cells_max),
            '\n' => {
                bytes = at + 1;
                break;
            }
            '\r' => {
                let behind = text[at..].trim_start_matches('\r');
                has_bare_return |= !(behind.is_empty() || behind.starts_with('\n'));
            }
            other => cell.push(other),
        }
    }
    if is_quoted {
        return (Err(RecordFault::OpenQuote), text.find('\n').map_or(text.len(), |at| at + 1));
    }
    cells.end(&mut cell, cells_max);
    (if has_bare_return { Err(RecordFault::BareReturn) } else { Ok(cells) }, bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type RecordCells = Result<Vec<String>, RecordFault>;

    fn records(text: &str, separator: char) -> Records<'_> {
        Records { rest: text, line: 1, separator, cells_max: usize::MAX }
    }

    fn cells(text: &str) -> Vec<(u64, RecordCells)> {
        records(text, ',').map(|record| (record.line, record.cells)).collect()
    }

    fn good(line: u64, cells: &[&str]) -> (u64, RecordCells) {
        (line, Ok(cells.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    #[test]
    fn cells_lines_and_quotes() {
        assert_eq!(cells("a,b\r\n\n1,\n"), [good(1, &["a", "b"]), good(3, &["1", ""])]);
        assert_eq!(cells("\"a,\"\"b\"\"\nc\",d\ne"), [good(1, &["a,\"b\"\nc", "d"]), good(3, &["e"])]);
        assert_eq!(cells("x\"y\",\"\""), [good(1, &["x\"y\"", ""])]);
        assert_eq!(cells("a, \"b,c\"\r\r\n1,2\r"), [good(1, &["a", "b,c"]), good(2, &["1", "2"])]);
    }

    #[test]
    fn another_separator_leaves_commas_in_the_cells() {
        let record = records("a|b,c|\"d|\"\n", '|').next().expect("a record");
        assert_eq!(record.cells, Ok(["a", "b,c", "d|"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn an_open_quote_costs_its_own_line_alone() {
        let open = (2, Err(RecordFault::OpenQuote));
        assert_eq!(cells("a,b\n1,\"2\n3,4\n"), [good(1, &["a", "b"]), open, good(3, &["3", "4"])]);
        assert_eq!(cells("\""), [(1, Err(RecordFault::OpenQuote))]);
    }

    #[test]
    fn a_line_end_of_a_return_alone_costs_its_line() {
        let bare = (2, Err(RecordFault::BareReturn));
        assert_eq!(cells("a,b\n1,2\r3,4\n5,\"6\r7\"\n"), [good(1, &["a", "b"]), bare, good(3, &["5", "6\r7"])]);
    }

    #[test]
    fn cells_beyond_the_most_are_counted_and_not_kept() {
        let record = Records { cells_max: 2, ..records("1,2,3,,5\n", ',') }.next().expect("a record");
        assert_eq!((record.cells.expect("cells").len(), record.left_out), (2, 2));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(rows in prop::collection::vec(prop::collection::vec("[a,\"\r\n]{0,4}", 2..4), 0..4)) {
            let mut text = String::new();
            rows.iter().for_each(|row| write(row.iter().map(String::as_str), &mut text));
            let again: Vec<Vec<String>> = records(&text, ',').filter_map(|record| record.cells.ok()).collect();
            prop_assert_eq!(again, rows);
        }

        #[test]
        fn any_text_is_read(text in "[a,\"\r\n ]{0,40}") {
            prop_assert!(records(&text, ',').count() <= text.len());
        }
    }
}
