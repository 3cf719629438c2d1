//! The lines of a table of users as rows: what would become of each. The preview owns them and draws them as a table.

use std::sync::Arc;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::exchange::user_import::{self, LineOutcome, PlannedLine};
use crate::settings::rule::Severity;
use crate::tui::filter::Folded;
use crate::tui::screens::bad_lines::ShownLines;
use crate::tui::table_view::{LOOKED_OVER, TableRows};
use crate::tui::theme;
use crate::tui::widgets::columns::{Candidate, ColumnDesign, TableColumn};
use crate::tui::widgets::list::cell;

pub(super) struct PlannedRows {
    pub(super) plan: Arc<user_import::Plan>,
    pub(super) shown: ShownLines,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlannedColumn {
    Line,
    Login,
    Name,
    Outcome,
}

impl TableColumn for PlannedColumn {
    const ALL: &'static [Self] = &[Self::Line, Self::Login, Self::Name, Self::Outcome];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Line => ColumnDesign::new("line", 6),
            Self::Login => ColumnDesign::new("login", 12),
            Self::Name => ColumnDesign::new("name", 16),
            Self::Outcome => ColumnDesign::new("what would happen to it", 40),
        }
    }
}

/// By their places in the plan.
impl TableRows for PlannedRows {
    type Id = usize;
    type Column = PlannedColumn;

    const SIGN_WIDTH: u16 = 3;

    fn ids(&self) -> Vec<usize> {
        let is_shown = |line: &PlannedLine| self.shown == ShownLines::All || is_notable(line);
        (0..self.plan.lines.len()).filter(|at| is_shown(&self.plan.lines[*at])).collect()
    }

    /// Nothing but what the cells say.
    fn searched(&self, _at: usize) -> Folded<'_> {
        Folded::default()
    }

    fn field(&self, at: usize, _name: &'static str) -> Folded<'_> {
        self.plan.lines.get(at).map_or_else(Folded::default, |line| Folded::of(&line.line.to_string()))
    }

    fn cell(&self, at: usize, column: PlannedColumn) -> Line<'static> {
        self.plan.lines.get(at).map_or_else(Line::default, |line| match column {
            PlannedColumn::Line => Line::raw(line.line.to_string()),
            // One long name leaves room for the others; the chosen line tells it whole.
            PlannedColumn::Login => Line::raw(cut(&line.login)),
            PlannedColumn::Name => Line::raw(cut(&line.full_name)),
            PlannedColumn::Outcome => Line::raw(match &line.outcome {
                LineOutcome::New(_) | LineOutcome::Changed(_) if !line.warnings.is_empty() => {
                    line.warnings.first().map(ToString::to_string).unwrap_or_default()
                }
                LineOutcome::New(addition) => addition.words().to_owned(),
                LineOutcome::Changed(change) => change.words().to_owned(),
                LineOutcome::Unchanged => "nothing changes".to_owned(),
                LineOutcome::Refused(reasons) => reasons.first().map(ToString::to_string).unwrap_or_default(),
            }),
        })
    }

    fn sign(&self, at: usize) -> Span<'static> {
        let sign = match self.plan.lines.get(at) {
            Some(line) if is_refused(line) => theme::sign(Severity::Error),
            Some(line) if !line.warnings.is_empty() => theme::sign(Severity::Warning),
            Some(_) | None => " ",
        };
        Span::styled(format!(" {sign} "), self.style(at))
    }

    fn style(&self, at: usize) -> Style {
        let Some(line) = self.plan.lines.get(at) else { return theme::PLAIN };
        match &line.outcome {
            LineOutcome::Refused(_) => theme::ERROR,
            LineOutcome::Unchanged => theme::MUTED,
            LineOutcome::New(_) | LineOutcome::Changed(_) if !line.warnings.is_empty() => theme::WARNING,
            LineOutcome::New(_) | LineOutcome::Changed(_) => theme::PLAIN,
        }
    }

    /// Of all lines, also where some alone are shown: the columns stay where they are.
    fn columns(&self, _ids: &[usize]) -> Vec<Candidate<PlannedColumn>> {
        let looked_over = 0..self.plan.lines.len().min(LOOKED_OVER);
        let texts = |column| looked_over.clone().map(move |at| self.cell(at, column).to_string());
        PlannedColumn::ALL.iter().map(|column| Candidate::of(*column).holding(texts(*column))).collect()
    }
}

/// So wide is a name in its column at the most.
const NAME_COLUMNS: usize = 28;

fn cut(name: &str) -> String {
    cell(name, NAME_COLUMNS).trim_end().to_owned()
}

impl PlannedRows {
    /// Whether there is more than good lines that nobody need look at.
    pub(super) fn has_notable(&self) -> bool {
        self.plan.lines.iter().any(is_notable)
    }
}

/// Bad, or good and most likely not meant so.
fn is_notable(line: &PlannedLine) -> bool {
    is_refused(line) || !line.warnings.is_empty()
}

fn is_refused(line: &PlannedLine) -> bool {
    matches!(line.outcome, LineOutcome::Refused(_))
}
