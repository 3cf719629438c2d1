//! What would come of an import: how many entries are added, what is wrong with which line and what was left out of one.
//! Enter imports; bad lines are left out only if that is wanted.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::planned::Planned;
use crate::exchange::phone_book::FileEntry;
use crate::settings::address_book::FailedLine;
use crate::settings::configuration::Configuration;
use crate::settings::phone_book::{EntriesNeeded, Field as EntryField};
use crate::settings::rule::{Severity, count};
use crate::settings::violation::quoted;
use crate::tui::app::{App, DescribedChange, Transition, Undoable};
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::filter::Folded;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::screens::bad_lines::{ShownLines, not_good};
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, TableColumn};
use crate::tui::widgets::list::cell;

/// Rows that tell the chosen line in full.
const FOOT_ROWS: u16 = 4;

/// So many good entries are listed: nobody reads more to see whether the columns were understood.
const ENTRIES_SHOWN: usize = 2_000;

pub(super) struct EntriesPreview {
    planned: Arc<Planned>,
    told: ToldLines,
    /// How many lines are added without something that they say.
    number_cut: usize,
    /// How many good entries are not listed.
    hidden: usize,
    table: TableView<usize, ToldColumn>,
    /// Begins to read the file again.
    again: Rc<dyn Fn(&mut App) -> Transition>,
}

/// What there is to tell, in order of lines.
struct ToldLines {
    all: Vec<ToldLine>,
    shows: ShownLines,
}

/// One line of the file: what it would add, why it is bad, or what was left out of it.
struct ToldLine {
    /// None: it is good.
    severity: Option<Severity>,
    line: u64,
    name: String,
    words: String,
}

impl ToldLine {
    /// By their fields, so that it is seen what was read as what; before them what was left out of it.
    fn of_entry(entry: &FileEntry, remarks: &HashMap<u64, Vec<&str>>) -> Self {
        let details = &entry.details;
        let texts =
            EntryField::ALL.iter().filter(|field| !matches!(field, EntryField::FirstName | EntryField::LastName));
        let texts = texts.map(|field| (field.as_str(), details.text(*field)));
        let all = texts.chain([("context", entry.context.as_str())]).filter(|(_, text)| !text.is_empty());
        let words: Vec<String> = all.map(|(field, text)| format!("{field} {text}")).collect();
        let (line, name, words) = (entry.line, details.shown_name(), words.join(", "));
        match remarks.get(&line) {
            None => Self { severity: None, line, name, words },
            Some(remarks) => {
                let rest = if words.is_empty() { "the name alone".to_owned() } else { words };
                let words = format!("{}; it is added with {rest}", remarks.join("; "));
                Self { severity: Some(Severity::Warning), line, name, words }
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ToldColumn {
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

impl EntriesPreview {
    pub(super) fn of(planned: Planned, again: impl Fn(&mut App) -> Transition + 'static) -> Self {
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
        let is_cut = |entry: &&FileEntry| remarks.contains_key(&entry.line);
        all.extend(added().filter(is_cut).map(|entry| ToldLine::of_entry(entry, &remarks)));
        let lone = planned.file.remarks.iter().filter(|remark| begins.first().is_none_or(|first| remark.line < *first));
        all.extend(lone.map(told(Severity::Warning)));
        all.sort_by_key(|told| told.line);
        let number_cut = all.iter().filter(|told| told.severity == Some(Severity::Warning)).count();
        let good = || added().filter(|entry| !is_cut(entry));
        all.extend(good().take(ENTRIES_SHOWN).map(|entry| ToldLine::of_entry(entry, &remarks)));
        let hidden = good().count().saturating_sub(ENTRIES_SHOWN);
        let told = ToldLines { all, shows: ShownLines::All };
        let mut table = TableView::new(&["line"]);
        table.look(&told);
        Self { planned: Arc::new(planned), told, number_cut, hidden, table, again: Rc::new(again) }
    }

    fn bad_lines(&mut self, _app: &mut App) -> Transition {
        self.told.shows = self.told.shows.other();
        self.table.look(&self.told);
        Transition::Stay
    }

    fn read_again(&mut self, app: &mut App) -> Transition {
        let again = Rc::clone(&self.again);
        again(app)
    }

    fn import(&mut self, app: &mut App) -> Transition {
        if let Some(words) = &self.planned.error {
            app.fail(format!("this cannot be imported: {words}"));
            return Transition::Stay;
        }
        let planned = Arc::clone(&self.planned);
        if planned.failed.is_empty() && self.number_cut == 0 {
            return write(planned, app);
        }
        let added = format!("{} would be added.", count(planned.added.new, "entry"));
        let (title, choice, text) = match (planned.failed.len(), self.number_cut) {
            (0, cut) => (
                "Import all but what is wrong?",
                "import them so",
                format!("{} f shows which. {added}", cut_words(cut)),
            ),
            (bad, 0) => (
                "Import the good entries only?",
                "import the good entries",
                format!("{} and would be left out. {added}", not_good(bad)),
            ),
            (bad, cut) => (
                "Import the good entries only?",
                "import the good entries",
                format!("{} and would be left out. {} f shows which. {added}", not_good(bad), cut_words(cut)),
            ),
        };
        let question =
            Question::new(title, text).choice('y', choice, move |app| write(planned, app)).stay("import nothing");
        Transition::Push(Box::new(question))
    }

    /// What there is to say of all.
    fn summary(&self, width: u16) -> Vec<Line<'static>> {
        let (planned, file) = (&self.planned, &self.planned.file);
        let (error, warning) = (theme::sign(Severity::Error), theme::sign(Severity::Warning));
        let mut words = format!(" {} would be added, ", count(planned.added.new, "entry"));
        if planned.added.present > 0 {
            words.push_str(&format!("{} there already, ", planned.added.present));
        }
        let state = match (planned.failed.len(), self.number_cut) {
            (0, 0) => Span::styled("● every line is good", theme::GOOD),
            (0, cut) => {
                Span::styled(format!("{warning} {} with something left out", count(cut, "line")), theme::WARNING)
            }
            (bad, 0) => Span::styled(format!("{error} {}", not_good(bad)), theme::ERROR),
            (bad, cut) => {
                let cut = format!("{cut} with something left out");
                Span::styled(format!("{error} {}, {warning} {cut}", not_good(bad)), theme::ERROR)
            }
        };
        let mut lines = vec![Line::from(vec![Span::raw(words), state])];
        let mut say = |words: String, style| lines.push(Line::styled(cell(&words, usize::from(width) - 2), style));
        if let Some(words) = &planned.error {
            say(format!(" {error} {words}"), theme::ERROR);
        }
        if let Some(encoding) = file.guessed {
            say(format!(" {warning} the file is not UTF-8 and was read as {encoding}"), theme::WARNING);
        }
        if !file.unknown_columns.is_empty() {
            say(format!(" {warning} columns not known: {}", quoted(&file.unknown_columns)), theme::WARNING);
        }
        if file.left_out > 0 {
            let numbers = match file.left_out {
                1 => "one more number or address was".to_owned(),
                number => format!("{number} more numbers and addresses were"),
            };
            say(format!(" {warning} {numbers} left out: an entry has one of each kind"), theme::WARNING);
        }
        if self.hidden > 0 {
            say(format!("   the first {ENTRIES_SHOWN} are shown, {} more are not", self.hidden), theme::MUTED);
        }
        if !file.not_used.is_empty() {
            say(format!("   columns not used here: {}", file.not_used.join(", ")), theme::MUTED);
        }
        lines
    }

    fn draw_chosen(&self, frame: &mut Frame<'_>, area: Rect) {
        let width = usize::from(area.width);
        let mut lines = vec![Line::styled("─".repeat(width), theme::MUTED)];
        let chosen = self.table.chosen().and_then(|at| self.told.all.get(at));
        let rows = chosen.map(|told| wrapped(&told.words, width.saturating_sub(3))).unwrap_or_default();
        lines.extend(rows.into_iter().map(|row| Line::raw(format!("   {row}"))));
        frame.render_widget(Paragraph::new(lines), area);
    }
}

/// All in one transaction, then back to the list.
fn write(planned: Arc<Planned>, app: &mut App) -> Transition {
    let words = planned.words(planned.added);
    let (edited, told) = (Arc::clone(&planned), planned);
    let described = DescribedChange::import(words, &edited.name);
    let edit = move |configuration: &mut Configuration| edited.add(configuration).map_err(|refusal| vec![refusal]);
    app.save_with(
        EntriesNeeded::All,
        described,
        Undoable::Yes,
        move || Ok(edit),
        move |app, outcome| match outcome {
            Ok(saved) => {
                let words = told.words(saved.value);
                app.tell_saved(&words, &saved);
                Transition::Pop
            }
            Err(error) => {
                app.fail(format!("nothing was written: {}", error.words()));
                Transition::Stay
            }
        },
    )
}

/// What such entries lack.
fn cut_words(number: usize) -> String {
    match number {
        1 => "1 entry would come without what is wrong in its line.".to_owned(),
        number => format!("{number} entries would come without what is wrong in their lines."),
    }
}

impl Screen for EntriesPreview {
    fn title(&self, _app: &App) -> String {
        format!("import {}", self.planned.name)
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let nothing = (self.planned.added.new == 0).then_some("there is nothing to add");
        let bad = (self.planned.failed.is_empty() && self.number_cut == 0).then_some("every line is good");
        vec![
            Command::new([Action::Open], "import", "Add the good entries", Self::import).blocked(nothing).edits(app),
            Command::new([Action::Notable], "bad lines", "Show the bad lines only, or all again", Self::bad_lines)
                .blocked(bad),
            Command::new([Action::Reload], "again", "Read the file again, once it was mended", Self::read_again),
            Command::new([Action::Back], "back", "Go back without changing anything", |_, _| Transition::Pop),
        ]
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_filter(&mut self, _app: &mut App) {
        self.table.narrow(&self.told);
    }

    fn on_sort(&mut self, _app: &mut App) {
        self.table.look(&self.told);
    }

    /// What was read is read again in no time, but `q` is pressed to leave a page, not the console.
    fn has_unsaved(&self) -> bool {
        true
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let summary = self.summary(area.width);
        let head = area.y + u16::try_from(summary.len()).unwrap_or(0);
        frame.render_widget(Paragraph::new(summary), area);
        if self.told.all.is_empty() {
            let words = "   There is nothing to add.";
            frame.buffer_mut().set_stringn(area.x, head + 1, words, usize::from(area.width), theme::MUTED);
            return;
        }
        let bottom = area.bottom().saturating_sub(FOOT_ROWS);
        self.table.draw(frame, Rect { y: head, height: bottom.saturating_sub(head), ..area }, &self.told);
        self.draw_chosen(frame, Rect { y: bottom, height: FOOT_ROWS.min(area.height), ..area });
    }
}
