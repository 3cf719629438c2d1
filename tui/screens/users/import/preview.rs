//! The dry run of an import: what would become of each line, and why not of the bad ones. Enter imports; bad lines are
//! left out only if that is wanted.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;
use unicode_width::UnicodeWidthStr as _;

use super::hashing::Hashing;
use super::planned::{PlannedUsers, means};
use crate::exchange::user_import::{LineOutcome, PlannedLine, UserTable};
use crate::settings::rule::{Severity, count};
use crate::settings::violation::quoted;
use crate::tui::app::{App, Transition};
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::frame::wrapped;
use crate::tui::job::{Job, JobState};
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::screens::bad_lines::not_good;
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES, cell};

/// Rows for what there is to say of the chosen line.
const REASONS_ROWS: u16 = 4;

pub(super) struct Preview {
    name: String,
    table: Arc<UserTable>,
    planned: PlannedUsers,
    /// The same for what others have changed meanwhile, while it is made.
    planning: Option<Job<PlannedUsers>>,
    shows: Shows,
    /// By their place in the plan.
    list: List<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    All,
    BadLines,
}

impl Preview {
    pub(super) fn of(name: String, table: UserTable, planned: PlannedUsers) -> Self {
        let table = Arc::new(table);
        let mut preview = Self { name, table, planned, planning: None, shows: Shows::All, list: List::default() };
        preview.fill();
        preview
    }

    fn take(&mut self, planned: PlannedUsers) {
        self.planned = planned;
        if self.planned.plan.refused().next().is_none() {
            self.shows = Shows::All;
        }
        self.fill();
    }

    fn fill(&mut self) {
        let is_shown = |line: &PlannedLine| self.shows == Shows::All || matches!(line.outcome, LineOutcome::Refused(_));
        let shown = self.planned.plan.lines.iter().enumerate().filter(|(_, line)| is_shown(line)).map(|(at, _)| at);
        let shown = shown.collect();
        self.list.set(shown);
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn filter(&mut self, _app: &mut App) -> Transition {
        self.shows = if self.shows == Shows::All { Shows::BadLines } else { Shows::All };
        self.fill();
        Transition::Stay
    }

    fn import(&mut self, app: &mut App) -> Transition {
        if let Some(words) = self.planned.error() {
            app.fail(format!("this cannot be imported: {words}"));
            return Transition::Stay;
        }
        let (good, refused) = (self.planned.plan.good().count(), self.planned.plan.refused().count());
        let (table, plan, means) = (Arc::clone(&self.table), Arc::clone(&self.planned.plan), means(app));
        let name = self.name.clone();
        let hashing = move |app: &mut App| match Hashing::start(name, table, plan, means) {
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
        let mut head = vec![Span::raw(format!(" {}: {} would be added, ", self.name, count(good, "user")))];
        let sign = theme::sign(Severity::Error);
        head.push(match refused {
            0 => Span::styled("● every line is good", theme::GOOD),
            _ => Span::styled(format!("{sign} {}", not_good(refused)), theme::ERROR),
        });
        let sign = theme::sign(Severity::Warning);
        let mut rest = Vec::new();
        if let Some(encoding) = self.table.guessed {
            let words = format!(" {sign} the file is not UTF-8 and was read as {encoding}");
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::WARNING));
        }
        let is_disabled =
            |line: &&PlannedLine| matches!(&line.outcome, LineOutcome::New(addition) if addition.is_disabled());
        let disabled = self.planned.plan.lines.iter().filter(is_disabled).count();
        if disabled > 0 {
            let words = format!(" {sign} {disabled} of them cannot log in: `cti_profile_enabled` is not 1 there");
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::WARNING));
        }
        if !self.table.unknown.is_empty() {
            let words = format!(" {sign} columns not known: {}", quoted(&self.table.unknown));
            rest.push(Line::styled(cell(&words, usize::from(width) - 2), theme::WARNING));
        }
        if !self.table.not_used.is_empty() {
            let words = format!("   columns not used here: {}", self.table.not_used.join(", "));
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

    fn row(&self, at: usize, width: u16) -> Line<'static> {
        let Some(line) = self.planned.plan.lines.get(at) else { return Line::raw("") };
        let more = usize::from(width).saturating_sub(80) / 4;
        let (style, sign, fate) = match &line.outcome {
            LineOutcome::New(addition) => (theme::PLAIN, " ", addition.words().to_owned()),
            LineOutcome::Changed(change) => (theme::PLAIN, " ", change.words().to_owned()),
            LineOutcome::Unchanged => (theme::MUTED, " ", "nothing changes".to_owned()),
            LineOutcome::Refused(reasons) => {
                let first = reasons.first().map(ToString::to_string).unwrap_or_default();
                (theme::ERROR, theme::sign(Severity::Error), first)
            }
        };
        let (number, login) = (cell(&line.line.to_string(), 6), cell(&line.login, 12 + more / 2));
        let who = format!("{number}{login}{}", cell(&line.full_name, 16 + more));
        let rest = usize::from(width).saturating_sub(who.width() + 4);
        Line::from(vec![
            Span::styled(format!(" {sign} "), style),
            Span::raw(who),
            Span::styled(cell(&fate, rest), style),
        ])
    }

    fn draw_chosen(&self, frame: &mut Frame<'_>, area: Rect) {
        let width = usize::from(area.width);
        let mut lines = vec![Line::styled("─".repeat(width), theme::MUTED)];
        match self.list.chosen().and_then(|at| self.planned.plan.lines.get(at)).map(|line| &line.outcome) {
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
        "import".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let nothing = self.planned.plan.good().next().is_none().then_some("no line is good");
        let planning = self.planning.is_some().then_some("somebody changed something: the lines are looked over anew");
        let bad = self.planned.plan.refused().next().is_none().then_some("every line is good");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Action::Open], "import", "Add the users of the good lines", Self::import)
                .blocked(planning)
                .blocked(nothing)
                .edits(app),
            Command::new([Action::Notable], "bad lines", "Show the bad lines only, or all again", Self::filter)
                .blocked(bad),
            Command::new([Action::Back], "back", "Go back without changing anything", |_, _| Transition::Pop),
        ]
    }

    /// Somebody else may have taken a login or a number meanwhile.
    fn on_update(&mut self, app: &mut App) {
        if Arc::ptr_eq(&self.planned.configuration, &app.configuration) {
            return;
        }
        let (table, means, configuration) = (Arc::clone(&self.table), means(app), Arc::clone(&app.configuration));
        // Without a thread the import itself looks.
        let Ok(mut job) = Job::start("plan", move |_| PlannedUsers::of(&table, &means, configuration)) else { return };
        match job.wait(app.glance) {
            JobState::Ended(planned) => self.take(planned),
            JobState::Working => self.planning = Some(job),
            JobState::Lost => {}
        }
    }

    fn is_working(&self) -> bool {
        self.planning.is_some()
    }

    fn look_after(&mut self, _app: &mut App) -> Transition {
        match self.planning.as_mut().map(Job::look) {
            None | Some(JobState::Working) => {}
            Some(JobState::Ended(planned)) => {
                self.planning = None;
                self.take(planned);
            }
            Some(JobState::Lost) => self.planning = None,
        }
        Transition::Stay
    }

    /// What was read is read again in no time, but `q` is pressed to leave a page, not the console.
    fn has_unsaved(&self) -> bool {
        true
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        // There is nothing to open.
        let _ = self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let summary = self.summary(area.width);
        let head = area.y + u16::try_from(summary.len()).unwrap_or(0);
        frame.render_widget(Paragraph::new(summary), area);
        let more = usize::from(area.width).saturating_sub(80) / 4;
        let words = format!(
            "   {}{}{}what would happen to it",
            cell("line", 6),
            cell("login", 12 + more / 2),
            cell("name", 16 + more)
        );
        frame.buffer_mut().set_stringn(area.x, head, words, usize::from(area.width), theme::HEAD);
        let bottom = area.bottom() - REASONS_ROWS;
        let rows = Rect { y: head + 1, height: bottom.saturating_sub(head + 1), ..area };
        let mut list = std::mem::take(&mut self.list);
        list.draw(frame, rows, true, |at| self.row(at, area.width));
        self.list = list;
        self.draw_chosen(frame, Rect { y: bottom, height: REASONS_ROWS, ..area });
    }
}
