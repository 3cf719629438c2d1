//! What the test of the connection found: what Asterisk is, and a finding a row with its remedy below; Enter goes to the
//! place that mends it.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::check;
use crate::check::telephone_system::Examined;
use crate::settings::ami_settings::AmiSettings;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::{Screen, open_again};
use crate::tui::screens::alike::{AlikeRow, AlikeRows};
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES, cell};

/// Rows below the list: the chosen finding in full.
const FOOT_ROWS: u16 = 7;

pub(super) struct Tested {
    /// What Asterisk is, a line a fact.
    facts: Vec<String>,
    findings: Vec<check::Finding>,
    rows: AlikeRows,
    /// By the places of the rows.
    list: List<usize>,
    /// Begins another test.
    again: fn(&mut App) -> Transition,
}

impl Tested {
    pub(super) fn show(
        settings: &AmiSettings,
        Examined { found, findings }: Examined,
        again: fn(&mut App) -> Transition,
    ) -> Self {
        let facts =
            found.map_or_else(|| format!("Asterisk at {settings} could not be asked"), |found| found.to_string());
        let mut rows = AlikeRows::default();
        rows.arrange(&findings);
        let list = List::new((0..rows.number()).collect());
        Self { facts: facts.lines().map(str::to_owned).collect(), findings, rows, list, again }
    }

    /// Of several alike the first.
    fn chosen(&self) -> Option<&check::Finding> {
        let place = self.list.chosen().and_then(|at| self.rows.places(at).first())?;
        self.findings.get(*place)
    }

    /// The chosen finding in full.
    fn foot(&self, width: u16) -> Option<Foot> {
        let finding = self.chosen()?;
        let mut foot = Foot::new("what to do", width);
        foot.tell(&finding.words());
        foot.tell(&format!("› {}", finding.remedy));
        Some(foot)
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    /// Opens or closes a row of several; else goes to the place that mends the finding. A setting of the link is on the screen
    /// below.
    fn mend(&mut self, app: &mut App) -> Transition {
        if self.list.chosen().is_some_and(|at| self.rows.turn(at, &self.findings)) {
            self.list.set((0..self.rows.number()).collect());
            return Transition::Stay;
        }
        let Some(finding) = self.chosen() else { return Transition::Stay };
        match finding.about.and_then(|(kind, id)| Some((place_of(kind)?, Target { kind, id }))) {
            Some((tab, target)) => Transition::Go(tab, Some(target)),
            None => {
                let words = format!("to be fixed in Asterisk: {}", finding.remedy);
                app.warn(words);
                Transition::Stay
            }
        }
    }

    fn again(&mut self, app: &mut App) -> Transition {
        match (self.again)(app) {
            Transition::Push(screen) => Transition::Replace(screen),
            other => other,
        }
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }
}

/// The settings that a test blames are those of this place.
fn place_of(kind: Kind) -> Option<Tab> {
    if kind == Kind::Setting { Some(Tab::Telephony) } else { Tab::of(kind) }
}

impl Screen for Tested {
    fn title(&self, _app: &App) -> String {
        "test".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        let none = self.chosen().is_none().then_some("nothing is wrong");
        let row = self.list.chosen().and_then(|at| self.rows.row(at));
        let enter = match row {
            Some(AlikeRow::Several(kind, _)) if self.rows.is_opened(*kind) => "close",
            Some(AlikeRow::Several(..)) => "open",
            _ => "go there",
        };
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new(
                [Action::Open],
                enter,
                "Go to where it can be fixed; open what is said of several",
                Self::mend,
            )
            .blocked(none),
            Command::new([Action::Test], "test again", "Test the connection again", Self::again),
            Command::new([Action::Back], "back", "Go back to the link", Self::back),
        ]
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        open_again(self.list.clicked(at))
    }

    fn detail(&self, width: u16, _app: &App) -> Option<Detail> {
        self.foot(width).map(Detail::foot)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let width = usize::from(area.width);
        let mut y = area.y;
        for fact in self.facts.iter().flat_map(|fact| wrapped(fact, width.saturating_sub(2))) {
            frame.buffer_mut().set_stringn(area.x, y, format!(" {fact}"), width, theme::PLAIN);
            y += 1;
        }
        let words = match self.findings.len() {
            0 => Line::styled(" ● Nothing is wrong.", theme::GOOD),
            number => Line::styled(format!(" {}", count(number, "finding")), theme::STRONG),
        };
        frame.buffer_mut().set_line(area.x, y + 1, &words, area.width);
        let top = y + 2;
        let below = Rect { y: top, height: area.bottom().saturating_sub(top), ..area };
        let (rows, foot) = detail::above_foot(frame, below, FOOT_ROWS);
        let (findings, alike) = (&self.findings, &self.rows);
        self.list.draw(frame, rows, true, |at| row(alike, at, findings, width));
        if let Some(told) = self.foot(area.width).filter(|_| foot.height > 0) {
            told.draw(frame, foot);
        }
    }
}

/// `· ` stands before one of several that are opened.
fn row(rows: &AlikeRows, at: usize, findings: &[check::Finding], width: usize) -> Line<'static> {
    let Some((row, finding)) = rows.row(at).zip(rows.places(at).first().and_then(|place| findings.get(*place))) else {
        return Line::default();
    };
    let words = match row {
        AlikeRow::One(_) => finding.words(),
        AlikeRow::Member(_) => format!("· {}", finding.words()),
        AlikeRow::Several(kind, places) => {
            let sign = if rows.is_opened(*kind) { "▾" } else { "▸" };
            format!("{sign} {} like this: {}", places.len(), finding.words())
        }
    };
    let sign = Span::styled(format!(" {} ", theme::sign(finding.severity)), theme::of(finding.severity));
    Line::from(vec![sign, Span::raw(cell(&words, width.saturating_sub(4)))])
}
