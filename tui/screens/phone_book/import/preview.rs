//! What would come of an import: how many entries are added, what is wrong with which line and what was left out of one.
//! Enter imports; bad lines are left out only if that is wanted, and contexts that the file names and nobody has can be added
//! first.

use std::collections::BTreeSet;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::file::FileToRead;
use super::planned::Planned;
use super::told_lines::{ENTRIES_SHOWN, ToldColumn, ToldLines};
use crate::settings::configuration::Configuration;
use crate::settings::name::ContextName;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::{Severity, count};
use crate::settings::violation::quoted;
use crate::tui::app::{App, DescribedChange, Transition, Undoable};
use crate::tui::ask::Question;
use crate::tui::command_line::SameCommand;
use crate::tui::commands::Command;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::screens::bad_lines::{KeptView, not_good};
use crate::tui::screens::missing_contexts::{self, missing_contexts_row};
use crate::tui::screens::planning::Planning;
use crate::tui::table_view::{AnyTable, TableView};
use crate::tui::theme;
use crate::tui::widgets::list::cell;

/// Rows that tell the chosen line in full.
const FOOT_ROWS: u16 = 4;

pub(super) struct EntriesPreview {
    planned: Arc<Planned>,
    /// The same for what others have changed meanwhile, while it is made.
    planning: Planning<Result<Planned, String>>,
    told: ToldLines,
    table: TableView<usize, ToldColumn>,
    /// Contexts that only the file had and that were to be added before.
    proposed: BTreeSet<ContextName>,
    /// Begins to read the file again.
    again: ReadAgain,
}

pub(super) type ReadAgain = fn(&FileToRead, KeptView, &App) -> Transition;

impl EntriesPreview {
    pub(super) fn of(planned: Planned, KeptView { proposed, shown }: KeptView, again: ReadAgain) -> Self {
        let mut told = ToldLines::of(&planned);
        if told.has_notable() {
            told.shows = shown;
        }
        let mut table = TableView::new(&["line"]);
        table.look(&told);
        Self { planned: Arc::new(planned), planning: Planning::default(), told, table, proposed, again }
    }

    fn take(&mut self, planned: Planned) {
        let shows = self.told.shows;
        self.told = ToldLines::of(&planned);
        if self.told.has_notable() {
            self.told.shows = shows;
        }
        self.planned = Arc::new(planned);
        self.table.look(&self.told);
    }

    fn take_planned(&mut self, planned: Option<Result<Planned, String>>, app: &mut App) {
        match planned {
            None => {}
            Some(Ok(planned)) => self.take(planned),
            Some(Err(words)) => app.fail(words),
        }
    }

    fn bad_lines(&mut self, _app: &mut App) -> Transition {
        self.told.shows = self.told.shows.other();
        self.table.look(&self.told);
        Transition::Stay
    }

    /// Adds the contexts that stand in the file and nowhere else; the lines are looked over anew then.
    fn add_contexts(&mut self, app: &mut App) -> Transition {
        let missing = self.planned.missing_contexts.clone();
        self.proposed.extend(missing.iter().cloned());
        missing_contexts::add(missing, app)
    }

    fn read_again(&mut self, app: &mut App) -> Transition {
        let kept = KeptView { proposed: self.proposed.clone(), shown: self.told.shows };
        (self.again)(&self.planned.source, kept, app)
    }

    fn import(&mut self, app: &mut App) -> Transition {
        if let Some(words) = &self.planned.error {
            app.fail(format!("this cannot be imported: {words}"));
            return Transition::Stay;
        }
        let planned = Arc::clone(&self.planned);
        let commands = planned.commands(&missing_contexts::added(&self.proposed, app), &app.configuration);
        if planned.failed.is_empty() && self.told.number_cut == 0 {
            return write(planned, commands, app);
        }
        let added = format!("{} would be added.", count(planned.added.new, "entry"));
        let (title, choice, text) = match (planned.failed.len(), self.told.number_cut) {
            (0, cut) => (
                "Import all but what is wrong?",
                "import them so",
                format!("{} f shows which. {added}", cut_words(cut)),
            ),
            (bad, 0) => (
                "Import the good lines only?",
                "import the good lines",
                format!("{} and would be left out. {added}", not_good(bad)),
            ),
            (bad, cut) => (
                "Import the good lines only?",
                "import the good lines",
                format!("{} and would be left out. {} f shows which. {added}", not_good(bad), cut_words(cut)),
            ),
        };
        let question = Question::new(title, text)
            .choice('y', choice, move |app| write(planned, commands, app))
            .stay("import nothing");
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
        if !planned.repeated.is_empty() {
            words.push_str(&format!("{} repeated in the file, ", planned.repeated.len()));
        }
        let state = match (planned.failed.len(), self.told.number_cut) {
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
        let is_wide = words.width() + state.width() <= usize::from(width);
        let mut lines = match is_wide {
            true => vec![Line::from(vec![Span::raw(words), state])],
            false => vec![Line::raw(words), Line::from(vec![Span::raw(" "), state])],
        };
        lines.extend(missing_contexts_row(&planned.missing_contexts, width));
        let mut say = |words: String, style| lines.push(Line::styled(cell(&words, usize::from(width) - 2), style));
        if let Some(words) = &planned.error {
            say(format!(" {error} {words}"), theme::ERROR);
        }
        if self.told.number_doubted > 0 {
            let number = count(self.told.number_doubted, "line");
            say(format!(" {warning} {number} to be looked at, marked {warning}"), theme::WARNING);
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
        if self.told.hidden > 0 {
            say(format!("   the first {ENTRIES_SHOWN} are shown, {} more are not", self.told.hidden), theme::MUTED);
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
fn write(planned: Arc<Planned>, commands: Vec<SameCommand>, app: &mut App) -> Transition {
    let words = planned.words(planned.added);
    let (edited, told) = (Arc::clone(&planned), planned);
    let described = DescribedChange::import(words, &edited.name, commands);
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
        let planning =
            self.planning.is_under_way().then_some("somebody changed something: the lines are looked over anew");
        let present = self.planned.missing_contexts.is_empty().then_some("no context is missing");
        let bad = (!self.told.has_notable()).then_some("every line is good");
        vec![
            Command::new([Action::Open], "import", "Add the entries of the good lines", Self::import)
                .blocked(planning)
                .blocked(nothing)
                .quiet_if(nothing.is_some())
                .edits(app),
            Command::new([Action::Fix], "fix", "Add the contexts that the file names", Self::add_contexts)
                .blocked(planning)
                .blocked(present)
                .quiet_if(present.is_some())
                .edits(app),
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

    /// A context that lines name may be there by now, or gone.
    fn on_update(&mut self, app: &mut App) {
        if self.planned.is_of(&app.configuration) {
            return;
        }
        let (planned, store) = (Arc::clone(&self.planned), app.store.clone());
        let planned = self.planning.begin(app, move || planned.anew(&store));
        self.take_planned(planned, app);
    }

    fn is_working(&self) -> bool {
        self.planning.is_under_way()
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        let planned = self.planning.look();
        self.take_planned(planned, app);
        Transition::Stay
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
