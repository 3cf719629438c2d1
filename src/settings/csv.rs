//! Comma-separated text as people's programs write it, in and out: cells in quotes may hold commas, quotes (doubled)
//! and line ends. Reading never gives up on a text: what is wrong with one record leaves the others as they are.

/// A record with the number of the line on which it begins; lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) line: u64,
    pub(crate) cells: Result<Vec<String>, OpenQuote>,
}

/// A quote that is opened and never closed. Only its line is lost: reading goes on behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a quote is opened and not closed")]
pub(crate) struct OpenQuote;

/// All records in order; empty lines are none. A byte order mark in front is skipped.
pub(crate) fn read(text: &str) -> Vec<Record> {
    read_separated(text, ',')
}

/// The same with another sign between the cells.
pub(crate) fn read_separated(text: &str, separator: char) -> Vec<Record> {
    let mut records = Vec::new();
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut line = 1;
    while !rest.is_empty() {
        let (cells, bytes) = match record(rest, separator) {
            Some((cells, bytes)) => (Ok(cells), bytes),
            None => (Err(OpenQuote), rest.find('\n').map_or(rest.len(), |at| at + 1)),
        };
        let (taken, behind) = rest.split_at(bytes);
        if !taken.trim_end_matches(['\r', '\n']).is_empty() {
            records.push(Record { line, cells });
        }
        line += lines(taken);
        rest = behind;
    }
    records
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

/// The cells of the record at the front and how many bytes it takes with its line end; None if a quote stays open. In
/// the whole of a text that happens at most twice over the same bytes: behind an open quote all quotes are pairs.
fn record(text: &str, separator: char) -> Option<(Vec<String>, usize)> {
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let mut is_quoted = false;
    let mut signs = text.char_indices().peekable();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' if is_quoted => match signs.next_if(|(_, next)| *next == '"') {
                Some(_) => cell.push('"'),
                None => is_quoted = false,
            },
            _ if is_quoted => cell.push(sign),
            '"' if cell.is_empty() => is_quoted = true,
            _ if sign == separator => cells.push(std::mem::take(&mut cell)),
            '\n' => {
                cells.push(cell);
                return Some((cells, at + 1));
            }
            '\r' if signs.peek().is_none_or(|(_, next)| *next == '\n') => {}
            other => cell.push(other),
        }
    }
    cells.push(cell);
    (!is_quoted).then_some((cells, text.len()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<(u64, Result<Vec<String>, OpenQuote>)> {
        read(text).into_iter().map(|record| (record.line, record.cells)).collect()
    }

    fn good(line: u64, cells: &[&str]) -> (u64, Result<Vec<String>, OpenQuote>) {
        (line, Ok(cells.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    #[test]
    fn cells_lines_and_quotes() {
        assert_eq!(cells("\u{feff}a,b\r\n\n1,\n"), [good(1, &["a", "b"]), good(3, &["1", ""])]);
        assert_eq!(cells("\"a,\"\"b\"\"\nc\",d\ne"), [good(1, &["a,\"b\"\nc", "d"]), good(3, &["e"])]);
        assert_eq!(cells("x\"y\",\"\""), [good(1, &["x\"y\"", ""])]);
    }

    #[test]
    fn another_separator_leaves_commas_in_the_cells() {
        let records = read_separated("a|b,c|\"d|\"\n", '|');
        assert_eq!(records[0].cells, Ok(["a", "b,c", "d|"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn an_open_quote_costs_its_own_line_alone() {
        assert_eq!(cells("a,b\n1,\"2\n3,4\n"), [good(1, &["a", "b"]), (2, Err(OpenQuote)), good(3, &["3", "4"])]);
        assert_eq!(cells("\""), [(1, Err(OpenQuote))]);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(rows in prop::collection::vec(prop::collection::vec("[a,\"\r\n]{0,4}", 2..4), 0..4)) {
            let mut text = String::new();
            rows.iter().for_each(|row| write(row.iter().map(String::as_str), &mut text));
            let again: Vec<Vec<String>> = read(&text).into_iter().filter_map(|record| record.cells.ok()).collect();
            prop_assert_eq!(again, rows);
        }

        #[test]
        fn any_text_is_read(text in "[a,\"\r\n]{0,40}") {
            read(&text);
        }
    }
}
