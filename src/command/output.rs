//! What a command says: data to stdout as text or JSON; notes, warnings and hints to stderr. One value of this is handed
//! to every command. It strips control characters from everything, so that a user called ESC[2J clears no screen; it
//! never decides what is said.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde_json::Value;

use super::failure::Failure;
use super::given::GivenOptions;
use crate::observe::is_harmful;
use crate::observe::journal::{Priority, is_journal, prioritized};
use crate::settings::prose::Prose;

/// Set by systemd: the device and inode of what journald reads.
pub(crate) const JOURNAL_VARIABLE: &str = "JOURNAL_STREAM";

/// How this process talks.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    format: Format,
    /// Leaves out notes and hints; data, warnings and errors stay.
    is_quiet: bool,
    data: Style,
    words: Style,
    /// What commands in hints repeat.
    given: GivenOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
}

/// Lines of data that matter alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paragraph {
    pub(crate) priority: Priority,
    pub(crate) text: Prose,
}

/// What the receiver of one stream can show.
#[derive(Debug, Clone, Copy)]
struct Style {
    has_color: bool,
    /// Columns of the terminal; None: not a terminal, nothing is cut.
    width: Option<usize>,
    /// Lines have a priority.
    is_journal: bool,
}

impl Output {
    /// Looks at the two streams and `NO_COLOR`.
    pub(crate) fn new(format: Format, is_quiet: bool, given: GivenOptions) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let journal = std::env::var(JOURNAL_VARIABLE).unwrap_or_default();
        let style = |is_terminal: bool, width: Option<usize>, is_journal: bool| Style {
            has_color: is_terminal && !no_color && !is_dumb,
            width: width.filter(|_| is_terminal),
            is_journal,
        };
        Self {
            format,
            is_quiet,
            data: style(io::stdout().is_terminal(), columns(&io::stdout()), is_journal(&journal, io::stdout())),
            words: style(io::stderr().is_terminal(), columns(&io::stderr()), is_journal(&journal, io::stderr())),
            given,
        }
    }

    /// Whether tables are cut to the columns of a terminal.
    pub(crate) fn has_columns(&self) -> bool {
        self.data.width.is_some() && !self.is_json()
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Data as it is: a document, a script, a line of a stream. Control characters but line ends and tabs are stripped.
    pub(crate) fn data(&self, text: &str) -> Result<(), Failure> {
        let mut text: String = text.chars().filter(|c| matches!(c, '\n' | '\t') || !is_harmful(*c)).collect();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        self.bytes(text.as_bytes())
    }

    /// Data in sentences: on a terminal its lines are broken between words; for journald each has the priority of its
    /// paragraph.
    pub(crate) fn prose(&self, paragraphs: &[Paragraph]) -> Result<(), Failure> {
        let text: String = match self.data.is_journal {
            true => paragraphs.iter().map(|one| prioritized(one.priority, &self.pasteable(&one.text))).collect(),
            false => {
                let text: String = paragraphs.iter().map(|one| self.pasteable(&one.text)).collect();
                wrapped(&text, 0, self.data.width)
            }
        };
        self.data(&text)
    }

    /// The words with commands that act on the folder that this one acts on.
    pub(crate) fn pasteable(&self, words: &Prose) -> String {
        words.with_options(self.given.as_str())
    }

    /// Data that is no text, or is known to be harmless.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::broken_pipe(),
            _ => Failure::new("could not write to standard output").cause(&error),
        })
    }

    pub(crate) fn json(&self, value: &Value) -> Result<(), Failure> {
        self.bytes(json_text(value).as_bytes())
    }

    /// A list: as text a table with a head, as JSON whatever `json` makes.
    pub(crate) fn list(
        &self,
        heads: &[&str],
        rows: &[Vec<String>],
        json: impl FnOnce() -> Value,
    ) -> Result<(), Failure> {
        if self.is_json() {
            return self.json(&json());
        }
        if rows.is_empty() {
            self.note("nothing to list");
            return Ok(());
        }
        self.bytes(table_text(heads, rows, self.data).as_bytes())
    }

    /// One object: as text a line a field, as JSON whatever `json` makes.
    pub(crate) fn fields(&self, fields: &[(&str, String)], json: impl FnOnce() -> Value) -> Result<(), Failure> {
        if self.is_json() {
            return self.json(&json());
        }
        let width = fields.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        let mut text = String::new();
        for (name, value) in fields {
            let value = continued(&plain(value), width + 2, self.data.width);
            let line = format!("{name:width$}  {value}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        self.bytes(text.as_bytes())
    }

    /// Says what was done. Left out with `--quiet`.
    pub(crate) fn note(&self, words: impl Into<Prose>) {
        if !self.is_quiet {
            self.say("", Tint::None, Priority::Info, &words.into());
        }
    }

    pub(crate) fn warning(&self, words: impl Into<Prose>) {
        self.say("warning: ", Tint::Yellow, Priority::Warning, &words.into());
    }

    /// What to do next, after a blank line. Left out with `--quiet`.
    pub(crate) fn hint(&self, words: impl Into<Prose>) {
        if !self.is_quiet {
            self.say("\nhint: ", Tint::Cyan, Priority::Info, &words.into());
        }
    }

    /// What to do about the warning before. Left out with `--quiet`.
    pub(crate) fn advice(&self, words: impl Into<Prose>) {
        if !self.is_quiet {
            self.aside(words);
        }
    }

    /// An error's own words; `failure` alone calls this.
    pub(crate) fn error(&self, words: impl Into<Prose>) {
        self.say("error: ", Tint::Red, Priority::Error, &words.into());
    }

    /// What is behind an error.
    pub(crate) fn cause(&self, words: impl Into<Prose>) {
        self.say("  ", Tint::None, Priority::Error, &Prose::from("caused by: ").then(words));
    }

    /// A line that belongs to the one before.
    pub(crate) fn aside(&self, words: impl Into<Prose>) {
        self.say("  ", Tint::None, Priority::Info, &words.into());
    }

    /// Asks on the terminal; the caller has made sure that there is one.
    pub(crate) fn question(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        // Words that cannot be said are lost: there is nobody left to tell.
        let _ = write!(stderr, "{} ", plain(text)).and_then(|()| stderr.flush());
    }

    /// Columns for words that are drawn over again; None where nobody would see them move: no terminal, or `--quiet`.
    pub(crate) fn redrawn_width(&self) -> Option<usize> {
        self.words.width.filter(|_| !self.is_quiet)
    }

    /// Draws over the last line that was drawn so; of the same length, it leaves nothing of that one.
    pub(crate) fn redraw(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        // As above.
        let _ = write!(stderr, "\r{}", plain(text)).and_then(|()| stderr.flush());
    }

    fn say(&self, label: &str, tint: Tint, priority: Priority, words: &Prose) {
        let text = plain_lines(&self.pasteable(words));
        let text = wrapped(&text, label.trim_start_matches('\n').len(), self.words.width);
        let label = if self.words.has_color { tint.paint(label) } else { label.to_owned() };
        let mut line = format!("{label}{text}\n");
        if self.words.is_journal {
            line = prioritized(priority, &line);
        }
        // As above.
        let _ = io::stderr().lock().write_all(line.as_bytes());
    }
}

/// One line without anything that a terminal or a log would obey.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|c| !is_harmful(*c)).collect()
}

fn plain_lines(text: &str) -> String {
    text.lines().map(plain).collect::<Vec<_>>().join("\n")
}

/// Pretty JSON; what is harmful to a terminal and left alone by JSON is escaped.
fn json_text(value: &Value) -> String {
    let mut text = String::new();
    for c in format!("{value:#}\n").chars() {
        if c != '\n' && is_harmful(c) {
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

fn columns(stream: &impl std::os::fd::AsFd) -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(stream).ok()?;
    Some(usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Breaks lines between words, so that a terminal need not break them within. What stands in backticks is to be copied
/// and stays one word, be it longer than a line. What is indented goes on under itself.
fn wrapped(text: &str, label: usize, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let (mut wrapped, mut column, mut is_quoted) = (String::new(), label, false);
    let mut indents = text.split('\n').map(|line| line.len() - line.trim_start_matches(' ').len());
    let mut indent = indents.next().unwrap_or(0);
    // A piece ends with a blank that is not between backticks, or with a line.
    let pieces = text.split_inclusive(|c| {
        is_quoted ^= c == '`';
        c == '\n' || c == ' ' && !is_quoted
    });
    for piece in pieces {
        let length = piece.trim_end().chars().count();
        if column + length > width && column > indent && !wrapped.is_empty() && !wrapped.ends_with('\n') {
            wrapped.truncate(wrapped.trim_end().len());
            wrapped.push('\n');
            wrapped.push_str(&" ".repeat(indent));
            column = indent;
        }
        wrapped.push_str(piece);
        column += piece.chars().count();
        if piece.ends_with('\n') {
            (column, indent) = (0, indents.next().unwrap_or(0));
        }
    }
    wrapped
}

/// A value that goes on in the next line below itself, where there is a blank, else a comma or a colon. One without
/// any, like a path, is left to the terminal.
fn continued(value: &str, indent: usize, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |width| width.saturating_sub(indent).max(1));
    let (mut text, mut rest) = (String::new(), value);
    while rest.chars().count() > room {
        let here = rest.char_indices().nth(room).map_or(rest.len(), |(at, _)| at);
        let Some(end) = [' ', ',', ':'].iter().find_map(|mark| rest[..here].rfind(*mark)) else { break };
        let (line, next) = rest.split_at(end + 1);
        text.push_str(line.trim_end());
        text.push_str(&format!("\n{:indent$}", ""));
        rest = next.trim_start();
    }
    text.push_str(rest);
    text
}

/// Takes from the widest columns until all of them are to be seen. The first names the row and stays whole.
fn fit(widths: &mut [usize], heads: &[&str], most: usize) {
    const GAP: usize = 2;
    let mut missing = (widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)).saturating_sub(most);
    while missing > 0 {
        let wide =
            widths.iter().zip(heads).enumerate().skip(1).filter(|(_, (width, head))| **width > head.chars().count());
        let Some((widest, _)) = wide.max_by_key(|(_, (width, _))| **width) else { return };
        widths[widest] -= 1;
        missing -= 1;
    }
}

fn table_text(heads: &[&str], rows: &[Vec<String>], style: Style) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
    let mut widths: Vec<usize> = heads.iter().map(|head| head.chars().count()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    if let Some(most) = style.width {
        fit(&mut widths, heads, most);
    }
    let mut text = String::new();
    let head = line(heads.iter().copied(), &widths, style.width);
    text.push_str(&if style.has_color { Tint::Bold.paint(&head) } else { head });
    text.push('\n');
    for row in &rows {
        text.push_str(&line(row.iter().map(String::as_str), &widths, style.width));
        text.push('\n');
    }
    text
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, widths: &[usize], most: Option<usize>) -> String {
    let mut line = String::new();
    for (cell, width) in cells.zip(widths) {
        let _ = write!(line, "{:width$}  ", cut(cell, *width));
    }
    let line = line.trim_end();
    most.map_or_else(|| line.to_owned(), |most| cut(line, most))
}

/// Of a path the end says most.
fn cut(text: &str, most: usize) -> String {
    let length = text.chars().count();
    match length > most {
        true if text.starts_with('/') => {
            std::iter::once('…').chain(text.chars().skip(length - most.saturating_sub(1))).collect()
        }
        true => text.chars().take(most.saturating_sub(1)).chain(std::iter::once('…')).collect(),
        false => text.to_owned(),
    }
}

#[derive(Debug, Clone, Copy)]
enum Tint {
    None,
    Bold,
    Red,
    Yellow,
    Cyan,
}

impl Tint {
    fn paint(self, text: &str) -> String {
        let code = match self {
            Self::None => return text.to_owned(),
            Self::Bold => "1",
            Self::Red => "1;31",
            Self::Yellow => "1;33",
            Self::Cyan => "1;36",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<String>> {
        rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
    }

    const PIPE: Style = Style { has_color: false, width: None, is_journal: false };

    #[test]
    fn a_table_is_as_wide_as_its_cells_and_ends_no_line_in_spaces() {
        let text = table_text(&["LOGIN", "NAME"], &rows(&[&["al", "Ada Lovelace"], &["barbara", ""]]), PIPE);
        assert_eq!(text, "LOGIN    NAME\nal       Ada Lovelace\nbarbara\n");
    }

    #[test]
    fn a_terminal_gets_lines_of_its_width() {
        let terminal = Style { has_color: true, width: Some(8), is_journal: false };
        let text = table_text(&["NAME"], &rows(&[&["a very long name"]]), terminal);
        assert_eq!(text, "\u{1b}[1mNAME\u{1b}[0m\na very …\n");
    }

    #[test]
    fn on_a_terminal_every_column_is_to_be_seen() {
        let terminal = Style { has_color: false, width: Some(24), is_journal: false };
        let text =
            table_text(&["GROUP", "REACHES", "DOES"], &rows(&[&["xivo", "away,lunch,busy", "nothing"]]), terminal);
        assert_eq!(text, "GROUP  REACHES  DOES\nxivo   away,lu…  nothing\n".replace("REACHES  ", "REACHES   "));
    }

    #[test]
    fn a_line_is_broken_between_words_and_a_command_stays_whole() {
        let text = "add the first user: `ctibox user add alice` and so on";
        let lines = "add the first\nuser:\n`ctibox user add alice`\nand so on";
        assert_eq!(wrapped(text, 6, Some(20)), lines);
        assert_eq!(wrapped(text, 6, None), text);
        assert_eq!(wrapped("first\nsecond third", 0, Some(8)), "first\nsecond\nthird");
        assert_eq!(wrapped("a\n  first second\nb c", 0, Some(9)), "a\n  first\n  second\nb c");
    }

    #[test]
    fn of_a_path_the_end_is_to_be_seen() {
        assert_eq!(cut("/etc/ctibox/conf.d/10-auth.yml:2:12", 17), "…10-auth.yml:2:12");
        assert_eq!(cut("0.0.0.0,::", 6), "0.0.0…");
    }

    #[test]
    fn a_long_value_goes_on_below_itself() {
        assert_eq!(continued("2 users, 3 lines, 1 agent", 4, Some(20)), "2 users, 3\n    lines, 1 agent");
        assert_eq!(continued("9D:A2:C6:38", 4, Some(12)), "9D:A2:\n    C6:38");
        assert_eq!(continued("/a/very/long/path", 4, Some(12)), "/a/very/long/path");
        assert_eq!(continued("2 users, 3 lines", 4, None), "2 users, 3 lines");
    }

    #[test]
    fn nothing_that_a_terminal_obeys_gets_through() {
        assert_eq!(plain("a\u{1b}[2Jb\u{9b}c\u{202e}d\ne"), "a[2Jbcde");
        assert_eq!(plain_lines("a\u{7}\nb"), "a\nb");
        assert_eq!(json_text(&json!("\u{1b}\u{9b}")), "\"\\u001b\\u009b\"\n");
    }
}
