//! Overview: how the server is and who is connected, what the doctor found with a jump to the place that mends it, and
//! what was changed last, a row for all that one change did; both are filtered. While there is no user it shows the way to the
//! first login instead. The lists come before the facts: a small terminal has fewer of those.

mod facts;
mod findings;
mod first_run;
mod fitting;
mod pane;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::settings::id::Id as _;
use crate::settings::rule::count;
use crate::tui::app::{App, Transition};
use crate::tui::clock::span;
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::latest::Latest;
use crate::tui::screen::{Screen, open_again};
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES, RowClick, cell};
use crate::tui::widgets::rule::rule;

use super::history::{self, HistoryReading, Listed, ReadOutcome};
use super::pair::Pair;
pub(super) use facts::encryption;
use findings::FindingRows;
use first_run::Step;
use pane::{Item, Pane};

/// Changes that can be scrolled through here; History has them all.
const CHANGES_SHOWN: usize = 50;

/// Why F does nothing there.
const NO_FIX: &str = "no key alone fixes this; Enter goes to where it can be fixed";

/// Why b does nothing there.
const NO_USERS: &str = "the row is not said of users; Enter goes to where it can be fixed";

/// Rows that the findings are sure of, whatever else there is to tell: one of them is unfolded.
const FINDING_ROWS: usize = 5;

/// Rows that the changes are sure of, however many findings there are.
const CHANGE_ROWS: usize = 3;

pub(super) struct Overview {
    pair: Latest<Pair>,
    changes: HistoryReading,
    findings: FindingRows,
    findings_pane: Pane,
    changes_pane: Pane,
    /// The changes that are meant, by their places.
    meant_changes: Vec<usize>,
    focus: Focus,
    /// To the first login, while there is no user.
    steps: List<Step>,
    /// They are what is shown, and no list.
    shows_steps: bool,
}

/// Which of the two lists the cursor is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    Findings,
    Changes,
}

impl Overview {
    pub(super) fn open() -> Self {
        Self {
            pair: Latest::default(),
            changes: HistoryReading::default(),
            findings: FindingRows::default(),
            findings_pane: Pane::new(Filter::new(findings::FIELDS)),
            changes_pane: Pane::new(history::filter_of_changes()),
            meant_changes: Vec::new(),
            focus: Focus::Findings,
            steps: List::new(Step::ALL.to_vec()),
            shows_steps: false,
        }
    }

    fn pane(&self) -> &Pane {
        match self.focus {
            Focus::Findings => &self.findings_pane,
            Focus::Changes => &self.changes_pane,
        }
    }

    fn pane_mut(&mut self) -> &mut Pane {
        match self.focus {
            Focus::Findings => &mut self.findings_pane,
            Focus::Changes => &mut self.changes_pane,
        }
    }

    fn moved(&mut self, key: Key, app: &mut App) -> Transition {
        if is_first_run(app) {
            self.steps.press(key);
            return Transition::Stay;
        }
        self.pane_mut().press(key);
        Transition::Stay
    }

    fn other(&mut self, _app: &mut App) -> Transition {
        self.focus = match self.focus {
            Focus::Findings => Focus::Changes,
            Focus::Changes => Focus::Findings,
        };
        Transition::Stay
    }

    /// Why the other list cannot be gone to, if so: nobody could see where the cursor is.
    fn nothing_in_other(&self) -> Option<&'static str> {
        let (other, words) = match self.focus {
            Focus::Findings => (&self.changes_pane, "nothing was changed yet"),
            Focus::Changes => (&self.findings_pane, "nothing is wrong"),
        };
        (!other.can_be_gone_to()).then_some(words)
    }

    fn take_step(&mut self, app: &mut App) -> Transition {
        self.steps.chosen().map_or(Transition::Stay, |step| step.go(app))
    }

    fn add_user(&mut self, app: &mut App) -> Transition {
        Step::User.go(app)
    }

    fn first_run_commands(&self, app: &App) -> Vec<Command<Self>> {
        let step = Command::new([Action::Open], "do it", "Do the step under the cursor", Self::take_step);
        // What is done is only gone to.
        let is_done = self.steps.chosen().is_some_and(|step| step.is_done(&app.configuration));
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            if is_done { step } else { step.edits(app) },
            Command::new([Action::Add], "add", "Add the first user", Self::add_user).edits(app),
        ]
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.focus {
            Focus::Findings => {
                let transition = self.findings.enter(self.findings_pane.at(), app);
                self.findings_pane.learn(self.findings.shown(&app.findings));
                transition
            }
            Focus::Changes => self.show(app),
        }
    }

    fn fix(&mut self, app: &mut App) -> Transition {
        self.findings.fix(self.findings_pane.at(), app)
    }

    fn mark_users(&mut self, app: &mut App) -> Transition {
        self.findings.mark_users(self.findings_pane.at(), app)
    }

    /// Those that the filter means.
    fn arrange_findings(&mut self, app: &App) {
        self.findings.arrange(&app.findings, &mut self.findings_pane.filter);
        self.findings_pane.renew(self.findings.shown(&app.findings), self.focus == Focus::Findings);
    }

    fn arrange_changes(&mut self, app: &App) {
        self.meant_changes = history::meant_of(newest(&self.changes), &mut self.changes_pane.filter, app);
        let listed = newest(&self.changes);
        let ids = self.meant_changes.iter().filter_map(|place| listed.get(*place)).map(|one| one.id.number() as u64);
        self.changes_pane.renew(ids.collect(), self.focus == Focus::Changes);
    }

    fn show(&self, app: &mut App) -> Transition {
        let place = self.meant_changes.get(self.changes_pane.at());
        let listed = place.and_then(|place| newest(&self.changes).get(*place));
        listed.map_or(Transition::Stay, |listed| history::show_transaction(listed, app))
    }

    /// Reads the changes anew if there may be some.
    fn read_changes(&mut self, app: &mut App) {
        self.take_changes(Duration::ZERO, app);
        if self.changes.begin_newest(app) {
            self.steps.choose(first_run::next(&app.configuration));
            self.take_changes(app.glance, app);
        }
    }

    /// Shows what was read, if it is there within so long.
    fn take_changes(&mut self, patience: Duration, app: &mut App) {
        match self.changes.take(patience) {
            ReadOutcome::Nothing => {}
            ReadOutcome::Failed(error) => app.fail(error),
            ReadOutcome::More => self.arrange_changes(app),
        }
    }
}

/// The changes that are shown here, if no filter hides them.
fn newest(reading: &HistoryReading) -> &[Listed] {
    let listed = reading.listed();
    &listed[..listed.len().min(CHANGES_SHOWN)]
}

/// With so many columns for whoever made it.
fn change(Listed { at, who, title, .. }: &Listed, who_width: usize, app: &App) -> Item {
    let ago = cell(&format!("{} ago", span(*at, app.now)), 10);
    let words = format!("{ago}{}{title}", cell(who, who_width));
    Item { sign: " ", style: theme::PLAIN, words, more: String::new() }
}

fn is_first_run(app: &App) -> bool {
    app.configuration.users.is_empty()
}

impl Screen for Overview {
    fn title(&self, _app: &App) -> String {
        "overview".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        if is_first_run(app) {
            return self.first_run_commands(app);
        }
        let nothing = self.pane().obstacle(match self.focus {
            Focus::Findings => "nothing is wrong",
            Focus::Changes => "nothing was changed yet",
        });
        let of_users = self.focus == Focus::Findings && self.findings.is_of_users(self.findings_pane.at(), app);
        let bulk = Command::new(
            [Action::Bulk],
            "bulk",
            "Go to Users with all marked that the row is said of, to change them together",
            Self::mark_users,
        )
        .edits(app);
        let can_fix = self.focus == Focus::Findings && self.findings.can_fix(self.findings_pane.at(), app);
        let fix = Command::new(
            [Action::Fix],
            "fix",
            "Fix what has one way out, all that a row says it of; asks first",
            Self::fix,
        )
        .edits(app);
        let other = Command::new(
            [Action::Next, Action::Previous],
            "other list",
            "Switch between findings and changes",
            Self::other,
        );
        let nothing_in_other = self.nothing_in_other();
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new(
                [Action::Open],
                "go there",
                "Go to where it can be fixed; open what is said of several; show a change in full",
                Self::enter,
            )
            .blocked(nothing),
            if can_fix { fix } else { fix.blocked(nothing).blocked(Some(NO_FIX)).quiet() },
            if of_users { bulk } else { bulk.blocked(nothing).blocked(Some(NO_USERS)).quiet() },
            if nothing_in_other.is_some() { other.blocked(nothing_in_other).quiet() } else { other },
        ]
    }

    fn on_update(&mut self, app: &mut App) {
        self.shows_steps = is_first_run(app);
        self.pair.look(Pair::looking(app), app);
        self.read_changes(app);
        self.arrange_findings(app);
    }

    fn arrive(&mut self, _app: &mut App) {
        self.changes_pane.go_to_top();
    }

    fn filter(&self) -> Option<&Filter> {
        (!self.shows_steps).then(|| &self.pane().filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        (!self.shows_steps).then(|| &mut self.pane_mut().filter)
    }

    fn on_filter(&mut self, app: &mut App) {
        match self.focus {
            Focus::Findings => {
                let was_on = self.findings.place(self.findings_pane.at());
                self.arrange_findings(app);
                let findings = &self.findings;
                self.findings_pane.narrowed(was_on, findings.number(), |place| findings.row_of(place));
            }
            Focus::Changes => {
                let was_on = self.meant_changes.get(self.changes_pane.at()).copied();
                self.arrange_changes(app);
                let meant = &self.meant_changes;
                let row_of = |place| meant.iter().position(|known| *known == place);
                self.changes_pane.narrowed(was_on, meant.len(), row_of);
            }
        }
    }

    fn is_working(&self) -> bool {
        self.pair.is_under_way() || self.changes.is_under_way()
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        self.pair.take(Duration::ZERO, app);
        self.take_changes(Duration::ZERO, app);
        Transition::Stay
    }

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        if is_first_run(app) {
            return open_again(self.steps.clicked(at));
        }
        let clicks =
            [(Focus::Findings, self.findings_pane.clicked(at)), (Focus::Changes, self.changes_pane.clicked(at))];
        match clicks.into_iter().find(|(_, click)| *click != RowClick::Missed) {
            None => Transition::Stay,
            Some((focus, click)) if focus == self.focus => open_again(click),
            Some((focus, _)) => {
                // What is typed for the other list is kept there.
                self.pane_mut().filter.keep();
                self.focus = focus;
                Transition::Stay
            }
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        if is_first_run(app) {
            first_run::draw(frame, area, &mut self.steps, app);
            return;
        }
        // Two rows of headings; the rest is shared out, the findings get what they need of it.
        let (findings, changes) = (self.findings.number(), self.meant_changes.len());
        let kept = if findings == 0 { 0 } else { FINDING_ROWS.min(findings + 2) } + CHANGE_ROWS.min(changes) + 2;
        let facts = facts::facts(app, self.pair.get(), usize::from(area.width));
        let mut y = area.y;
        for line in &fitting::fitted(facts, usize::from(area.height).saturating_sub(kept)) {
            frame.buffer_mut().set_line(area.x, y, line, area.width);
            y += 1;
        }
        let room = area.bottom().saturating_sub(y + 2);
        let [wanted, sure] = [findings + 3, CHANGE_ROWS].map(|rows| u16::try_from(rows).unwrap_or(u16::MAX));
        let upper = wanted.min(room.saturating_sub(sure)).max(1);
        let upper = if app.findings.is_empty() { 0 } else { upper };
        heading(frame, Rect { y, height: 1, ..area }, &headline(&self.findings_pane.filter, app));
        let rows = Rect { y: y + 1, height: upper, ..area };
        self.findings_pane.draw(frame, rows, self.focus == Focus::Findings, |at| self.findings.item(at, app));
        let y = y + 1 + upper;
        let listed = newest(&self.changes);
        heading(frame, Rect { y, height: 1, ..area }, &last_changes(listed, &self.changes_pane.filter));
        let rows = Rect { y: y + 1, height: area.bottom().saturating_sub(y + 1), ..area };
        let (meant, who_width) = (&self.meant_changes, self.changes.who_width());
        let item = |at: usize| {
            let listed = meant.get(at).and_then(|place| listed.get(*place));
            listed.map_or_else(Item::default, |listed| change(listed, who_width, app))
        };
        self.changes_pane.draw(frame, rows, self.focus == Focus::Changes, item);
    }
}

/// Of a list that a filter narrows, how many of how many: the other list has the row of the filter.
fn headline(filter: &Filter, app: &App) -> String {
    let findings = &app.findings;
    match findings.len() {
        0 if !app.was_checked => "looking for what is wrong…".to_owned(),
        0 => "`ctibox check` finds nothing wrong".to_owned(),
        _ if filter.is_on() => format!("{} findings of `ctibox check`, /{}", filter.count_words(), filter.text()),
        number => format!("{} of `ctibox check`", count(number, "finding")),
    }
}

fn last_changes(listed: &[Listed], filter: &Filter) -> String {
    match listed.len() {
        0 => "Nothing was changed yet".to_owned(),
        _ if filter.is_on() => format!("{} last changes, /{}", filter.count_words(), filter.text()),
        _ => "Last changes, h shows all".to_owned(),
    }
}

fn heading(frame: &mut Frame<'_>, area: Rect, words: &str) {
    let line = rule(words, usize::from(area.width), theme::SECTION);
    frame.buffer_mut().set_line(area.x, area.y, &line, area.width);
}
