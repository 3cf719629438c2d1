//! The dry run of an import: what would become of each line, and why not of the bad ones. Enter imports; bad lines are
//! left out only if that is wanted, and contexts that the file names and nobody has can be added first.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::hashing::Hashing;
use super::planned::{PlannedUsers, means};
use super::planned_rows::{PlannedColumn, PlannedRows};
use crate::exchange::user_import::{LineOutcome, PlannedLine, UserTable};
use crate::settings::count::listed;
use crate::settings::name::ContextName;
use crate::settings::rule::{Severity, count};
use crate::settings::violation::quoted;
use crate::tui::app::{App, Transition};
use crate::tui::ask::Question;
use crate::tui::command_line::{ImportedFile, user_import};
use crate::tui::commands::Command;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::screens::bad_lines::{KeptView, ShownLines, not_good};
use crate::tui::screens::missing_contexts::{self, missing_contexts_row, missing_row};
use crate::tui::screens::planning::Planning;
use crate::tui::table_view::{AnyTable, TableView};
use crate::tui::theme;
use crate::tui::widgets::list::cell;

/// Rows for what there is to say of the chosen line.
const REASONS_ROWS: u16 = 4;

pub(super) struct Preview {
    name: String,
    file: Arc<UserTable>,
    planned: PlannedUsers,
    /// The same for what others have changed meanwhile, while it is made.
    planning: Planning<PlannedUsers>,
    rows: PlannedRows,
    table: TableView<usize, PlannedColumn>,
    /// Contexts that only the file had and that were to be added before.
    proposed: BTreeSet<ContextName>,
    /// Reads the file again.
    again: ReadTableAgain,
}

/// Reads the file of that name.
pub(super) type ReadTableAgain = fn(String, KeptView, &mut App) -> Transition;

impl Preview {
    pub(super) fn of(name: String, file: UserTable, planned: PlannedUsers, again: ReadTableAgain) -> Self {
        let rows = PlannedRows { plan: Arc::clone(&planned.plan), shown: ShownLines::All };
        let mut table = TableView::new(&["line"]);
        table.look(&rows);
        Self {
            name,
            file: Arc::new(file),
            planned,
            planning: Planning::default(),
            rows,
            table,
            proposed: BTreeSet::new(),
            again,
        }
    }

    /// Of when the file was read before.
    pub(super) fn keeping(mut self, KeptView { proposed, shown }: KeptView) -> Self {
        self.proposed = proposed;
        self.rows.shown = if self.rows.has_notable() { shown } else { ShownLines::All };
        self.table.look(&self.rows);
        self
    }

    fn take(&mut self, planned: PlannedUsers) {
        self.rows.plan = Arc::clone(&planned.plan);
        self.planned = planned;
        if !self.rows.has_notable() {
            self.rows.shown = ShownLines::All;
        }
        self.table.look(&self.rows);
    }

    fn bad_lines(&mut self, _app: &mut App) -> Transition {
        self.rows.shown = self.rows.shown.other();
        self.table.look(&self.rows);
        Transition::Stay
    }

    /// Adds the contexts that stand in the file and nowhere else; the lines are looked over anew then.
    fn add_contexts(&mut self, app: &mut App) -> Transition {
        let missing = self.planned.missing_contexts.clone();
        self.proposed.extend(missing.iter().cloned());
        missing_contexts::add(missing, app)
    }

    fn read_again(&mut self, app: &mut App) -> Transition {
        let kept = KeptView { proposed: self.proposed.clone(), shown: self.rows.shown };
        (self.again)(self.name.clone(), kept, app)
    }

    fn import(&mut self, app: &mut App) -> Transition {
        if let Some(words) = self.planned.error() {
            app.fail(format!("this cannot be imported: {words}"));
            return Transition::Stay;
        }
        let (good, refused) = (self.planned.plan.good().count(), self.planned.plan.refused().count());
        let (file, plan, means) = (Arc::clone(&self.file), Arc::clone(&self.planned.plan), means(app));
        let name = self.name.clone();
        let added_contexts = missing_contexts::added(&self.proposed, app);
        let imported = ImportedFile { name: &name, is_in_part: refused > 0, added_contexts: &added_contexts };
        let commands = user_import(&imported);
        let hashing = move |app: &mut App| match Hashing::start(name, commands, file, plan, means) {
            Ok(hashing) => Transition::Push(Box::new(hashing)),
            Err(error) => {
                app.fail(format!("no thread could be started: {error}"));
                Transition::Stay
            }
        };
        if refused == 0 {
            return hashing(app);
        }
        let text = format!(
            "{} and would be left out. The {} of the others would be added.",
            not_good(refused),
            count(good, "user")
        );
        let question = Question::new("Import the good lines only?", text)
            .choice('y', "import the good lines", hashing)
            .stay("import nothing");
        Transition::Push(Box::new(question))
    }

    /// What there is to say of all: how many are good, which columns are not known, the first warning.
    fn summary(&self, width: u16) -> Vec<Line<'static>> {
        let (good, refused) = (self.planned.plan.good().count(), self.planned.plan.refused().count());
        let mut head = vec![Span::raw(format!(" {} would be added, ", count(good, "user")))];
        let sign = theme::sign(Severity::Error);
        head.push(match refused {
            0 => Span::styled("● every line is good", theme::GOOD),
            _ => Span::styled(format!("{sign} {}", not_good(refused)), theme::ERROR),
        });
        let sign = theme::sign(Severity::Warning);
        let mut rest = self.missing(width);
        if let Some(encoding) = self.file.guessed {
            let words = format!(" {sign} the file is not UTF-8 and was read as {encoding}");
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::WARNING));
        }
        let marked = self.planned.plan.lines.iter().filter(|line| !line.warnings.is_empty()).count();
        if marked > 0 {
            let words = format!(" {sign} {} to be looked at, marked {sign}", count(marked, "line"));
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::WARNING));
        }
        let is_disabled =
            |line: &&PlannedLine| matches!(&line.outcome, LineOutcome::New(addition) if addition.is_disabled());
        let disabled = self.planned.plan.lines.iter().filter(is_disabled).count();
        if disabled > 0 {
            let words = format!(" {sign} {disabled} of them cannot log in: `cti_profile_enabled` is not 1 there");
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::WARNING));
        }
        if !self.file.unknown.is_empty() {
            let words = format!(" {sign} columns not known: {}", quoted(&self.file.unknown));
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::WARNING));
        }
        if !self.file.not_used.is_empty() {
            let words = format!("   columns not used here: {}", self.file.not_used.join(", "));
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::MUTED));
        }
        let warnings = self.planned.findings.iter().flatten().filter(|finding| finding.severity == Severity::Warning);
        let number = warnings.clone().count();
        if let Some(error) = self.planned.error() {
            let words = format!(" {} {error}", theme::sign(Severity::Error));
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::ERROR));
        } else if let Some(first) = warnings.clone().next() {
            let first = first.refusal.to_string();
            let words = format!(" {sign} {}: {first}", count(number, "warning"));
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::WARNING));
        }
        [vec![Line::from(head)], rest].concat()
    }

    /// What the file names that does not exist: told once, not line by line.
    fn missing(&self, width: u16) -> Vec<Line<'static>> {
        let (contexts, profiles) = (&self.planned.missing_contexts, &self.planned.missing_profiles);
        let contexts = missing_contexts_row(contexts, width);
        contexts.into_iter().chain(missing_row(profiles.len(), &listed(profiles), "profile", "", width)).collect()
    }

    fn draw_chosen(&self, frame: &mut Frame<'_>, area: Rect) {
        let width = usize::from(area.width);
        let mut lines = vec![Line::styled("─".repeat(width), theme::MUTED)];
        let chosen = self.table.chosen().and_then(|at| self.planned.plan.lines.get(at));
        let warnings = chosen.iter().flat_map(|line| &line.warnings);
        let told = warnings.flat_map(|warning| wrapped(&warning.to_string(), width.saturating_sub(3)));
        lines.extend(told.enumerate().map(|(at, row)| {
            let sign = if at == 0 { theme::sign(Severity::Warning) } else { " " };
            Line::styled(format!(" {sign} {row}"), theme::WARNING)
        }));
        match chosen.map(|line| &line.outcome) {
            Some(LineOutcome::New(addition)) => lines.extend(indented(addition.words(), width)),
            Some(LineOutcome::Changed(change)) => lines.extend(indented(change.words(), width)),
            Some(LineOutcome::Refused(reasons)) => {
                let rows = reasons.iter().flat_map(|reason| wrapped(&reason.to_string(), width - 3));
                lines.extend(rows.map(|row| Line::raw(format!("   {row}"))));
            }
            Some(LineOutcome::Unchanged) | None => {}
        }
        frame.render_widget(Paragraph::new(lines), area);
    }
}

fn indented(words: &str, width: usize) -> Vec<Line<'static>> {
    wrapped(words, width - 3).iter().map(|row| Line::raw(format!("   {row}"))).collect()
}

impl Screen for Preview {
    fn title(&self, _app: &App) -> String {
        let name = Path::new(&self.name).file_name().unwrap_or_default().to_string_lossy();
        format!("import {name}")
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let nothing = self.planned.plan.good().next().is_none().then_some("no line is good");
        let planning =
            self.planning.is_under_way().then_some("somebody changed something: the lines are looked over anew");
        let bad = (!self.rows.has_notable()).then_some("every line is good");
        let present = self.planned.missing_contexts.is_empty().then_some("no context is missing");
        vec![
            // What cannot be done with this file is not offered in the bar.
            Command::new([Action::Open], "import", "Add the users of the good lines", Self::import)
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
        self.table.narrow(&self.rows);
    }

    fn on_sort(&mut self, _app: &mut App) {
        self.table.look(&self.rows);
    }

    /// Somebody else may have taken a login or a number meanwhile.
    fn on_update(&mut self, app: &mut App) {
        // What this console changed itself is read again a moment later, as the same.
        if self.planned.is_of(&app.configuration) {
            self.planned.configuration = Arc::clone(&app.configuration);
            return;
        }
        let (file, means, configuration) = (Arc::clone(&self.file), means(app), Arc::clone(&app.configuration));
        if let Some(planned) = self.planning.begin(app, move || PlannedUsers::of(&file, &means, configuration)) {
            self.take(planned);
        }
    }

    fn is_working(&self) -> bool {
        self.planning.is_under_way()
    }

    fn look_after(&mut self, _app: &mut App) -> Transition {
        if let Some(planned) = self.planning.look() {
            self.take(planned);
        }
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
        let bottom = area.bottom().saturating_sub(REASONS_ROWS);
        self.table.draw(frame, Rect { y: head, height: bottom.saturating_sub(head), ..area }, &self.rows);
        self.draw_chosen(frame, Rect { y: bottom, height: REASONS_ROWS.min(area.height), ..area });
    }
}
