//! History: who did what and when, out of the audit, the newest first, a row a transaction; one that changed several
//! objects opens into its entries, and an entry shows both its versions. Undone are whole transactions, several together, or
//! one entry. What a change is in words and what undoing means are of other rooms.

mod attempt;
mod changes_of;
mod chosen;
mod detailed;
mod entry;
mod fields;
mod marking;
mod moment;
mod opened;
mod reading;
mod row;
mod undo;

use std::cell::RefCell;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::settings::id::AuditId;
use crate::store::{AuditEntry, AuditRange, DamagedEntry};
use crate::tui::app::{App, ChangeNature, Detail, DynScreen, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::{FieldValues, Filter, Folded, SEPARATOR};
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::{Screen, open_again};
use crate::tui::theme;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES};
use crate::tui::widgets::marks::Marking;

pub(in crate::tui) use changes_of::show_changes_of;
use detailed::DetailedTransaction;
use entry::EntryView;
use fields::{FIELDS, has, known_values, names_moment, searched};
pub(super) use fields::{filter_of_changes, meant_of};
use moment::AskedMoments;
use opened::{OpenEntry, OpenTransactions};
pub(super) use reading::{HistoryReading, Listed, ReadOutcome};
use row::HistoryRow;
use undo::ChosenAction;

/// Rows below the list that say the chosen row in full.
const FOOT_ROWS: u16 = 4;

type ReadEntry = Result<AuditEntry, DamagedEntry>;

pub(super) struct History {
    reading: HistoryReading,
    opened: OpenTransactions,
    list: List<HistoryRow>,
    filter: Filter,
    /// Columns of the longest name of whoever made one.
    who: usize,
    /// The newest that was on the screen.
    seen: Option<AuditId>,
    /// The newest when somebody came here last.
    came_to: Option<AuditId>,
    /// To be opened with the cursor on it, once it is read.
    wanted: Option<AuditId>,
    /// It was come to, and what was changed meanwhile is not read yet.
    awaits_newer: bool,
    detailed: RefCell<DetailedTransaction>,
    /// How many changes this console had made when it was asked to undo what is marked: once there is one more, the marks
    /// have served.
    asked_at: Option<u64>,
}

impl History {
    pub(super) fn open() -> Self {
        Self {
            reading: HistoryReading::default(),
            opened: OpenTransactions::default(),
            list: List::default(),
            filter: Filter::new(FIELDS),
            who: reading::WHO_LEAST,
            seen: None,
            came_to: None,
            wanted: None,
            awaits_newer: false,
            detailed: RefCell::default(),
            asked_at: None,
        }
    }

    fn moved(&mut self, key: Key, app: &mut App) -> Transition {
        self.awaits_newer = false;
        self.list.press(key);
        let is_at_end = self.list.place() + 1 == self.list.ids().len();
        if is_at_end && self.reading.begin_older(&app.store) {
            self.take(app.patience, app);
        }
        Transition::Stay
    }

    /// Shows what was read, if it is there within so long; a filter looks into all there are.
    fn take(&mut self, patience: Duration, app: &mut App) {
        match self.reading.take(patience) {
            ReadOutcome::Nothing => {}
            ReadOutcome::Failed(error) => app.fail(error),
            ReadOutcome::More => {
                self.who = self.reading.who_width();
                self.arrange(app);
                self.go_to_wanted(app);
                self.look_further(app);
                if std::mem::take(&mut self.awaits_newer) {
                    self.go_to_newer();
                }
            }
        }
    }

    /// What was changed since the list was seen, or come to, is what one comes for.
    fn go_to_newer(&mut self) {
        let newest = self.reading.listed().first().map(|listed| listed.id);
        if self.newer() > 0 || self.came_to < newest {
            self.list.press(Key::HOME);
        }
        self.came_to = newest;
    }

    fn go_to_wanted(&mut self, app: &mut App) {
        if let Some(id) = self.wanted.take()
            && self.list.choose(HistoryRow::Transaction(id))
        {
            self.enter(app);
        }
    }

    /// A filter says how many there are of all.
    fn look_further(&mut self, app: &App) {
        if !self.filter.text().trim().is_empty() {
            self.reading.begin_rest(&app.store);
        }
    }

    fn arrange(&mut self, app: &App) {
        let reading = &self.reading;
        let moments = AskedMoments::new(app.now);
        let has = |listed: &Listed, name, value: &str| has(listed, name, value, &moments);
        let text = searched(names_moment(self.filter.text()), app);
        let meant = self.filter.sift(reading.listed(), text, has);
        self.put(meant.iter().map(|listed| listed.id).collect());
    }

    /// The same where more was typed: none but those that were found.
    fn arrange_further(&mut self, app: &App) {
        let reading = &self.reading;
        let found = self.list.ids().iter().filter_map(|row| match row {
            HistoryRow::Transaction(id) => reading.get(*id),
            HistoryRow::Entry { .. } | HistoryRow::More(_) => None,
        });
        let moments = AskedMoments::new(app.now);
        let has = |listed: &Listed, name, value: &str| has(listed, name, value, &moments);
        let meant = self.filter.sift_further(found, |listed| Folded::known(&listed.text), has);
        self.put(meant.iter().map(|listed| listed.id).collect());
    }

    fn put(&mut self, meant: Vec<AuditId>) {
        self.filter.set_has_more(self.reading.has_more());
        let mut rows = Vec::with_capacity(meant.len());
        for id in meant {
            rows.push(HistoryRow::Transaction(id));
            if let Some(opened) = self.opened.get(id) {
                rows.extend(self.found_in(id).into_iter().map(|entry| HistoryRow::Entry { of: id, id: entry.id }));
                rows.extend((opened.more > 0).then_some(HistoryRow::More(id)));
            }
        }
        self.filter.put(&mut self.list, rows);
    }

    /// Of an opened transaction, the entries that the filter means; where none has it all by itself, all of them.
    fn found_in(&self, id: AuditId) -> Vec<&OpenEntry> {
        let entries = || self.opened.get(id).into_iter().flat_map(|opened| &opened.entries);
        let Some(listed) = self.reading.get(id) else { return entries().collect() };
        let is_meant = |entry: &&OpenEntry| {
            self.filter.admits(
                &format!("{}{SEPARATOR}{}", entry.text, listed.text_of_all()),
                |name, value| match name {
                    "object" => entry.text.contains(value),
                    // When, who and how is the same of all.
                    _ => true,
                },
            )
        };
        let found: Vec<&OpenEntry> = entries().filter(is_meant).collect();
        if found.is_empty() { entries().collect() } else { found }
    }

    /// The cursor goes to the first of an opened transaction of which not all is found.
    fn go_to_found(&mut self) {
        let Some(HistoryRow::Transaction(id)) = self.list.chosen() else { return };
        let found = self.found_in(id);
        let is_part = self.opened.get(id).is_some_and(|opened| found.len() < opened.entries.len());
        if let Some(first) = found.first().map(|entry| entry.id).filter(|_| is_part) {
            self.list.choose(HistoryRow::Entry { of: id, id: first });
        }
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(HistoryRow::Transaction(id)) => match self.reading.get(id).map(|listed| listed.entries) {
                Some(1) => show_only_entry(id, app),
                Some(number) => self.open_or_close(id, number, app),
                None => Transition::Stay,
            },
            Some(HistoryRow::Entry { of, id }) => show_read(self.opened.entry(of, id), app),
            Some(HistoryRow::More(of)) => self.read_entries(of, app),
            None => Transition::Stay,
        }
    }

    fn open_or_close(&mut self, id: AuditId, number: usize, app: &mut App) -> Transition {
        if self.opened.close(id) {
            self.arrange(app);
            return Transition::Stay;
        }
        self.opened.open(id, number);
        self.read_entries(id, app)
    }

    fn read_entries(&mut self, of: AuditId, app: &mut App) -> Transition {
        if let Err(error) = self.opened.read_more(of, &app.store) {
            app.fail(format!("no thread could be started: {error}"));
        }
        self.take_entries(app.patience, app);
        self.arrange(app);
        Transition::Stay
    }

    fn take_entries(&mut self, patience: Duration, app: &mut App) {
        match self.opened.take(patience) {
            Some(Ok(())) => self.arrange(app),
            Some(Err(error)) => app.fail(error),
            None => {}
        }
    }

    /// How many of the list are newer than what was seen of it.
    fn newer(&self) -> usize {
        let is_newer = |row: &&HistoryRow| self.seen.is_some_and(|seen| row.transaction() > seen);
        let newer = self.list.ids().iter().take_while(is_newer);
        newer.filter(|row| matches!(row, HistoryRow::Transaction(_))).count()
    }

    fn draw_list(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let (reading, opened, who) = (&self.reading, &self.opened, self.who);
        self.list.draw(frame, area, true, |row| match row {
            HistoryRow::Transaction(id) => match reading.get(id) {
                Some(listed) => row::transaction(listed, opened.is_open(id), (who, area.width), app),
                None => ratatui::text::Line::default(),
            },
            HistoryRow::Entry { of, id } => row::entry(opened.entry(of, id), area.width),
            HistoryRow::More(of) => row::more(opened.get(of).map_or(0, |opened| opened.more)),
        });
        if self.list.is_at_top() {
            self.seen = self.reading.listed().first().map(|listed| listed.id);
        }
    }

    /// What the chosen row says in full.
    fn foot(&self, width: u16, app: &App) -> Option<Foot> {
        let row = self.list.chosen()?;
        let listed = self.reading.get(row.transaction())?;
        let mut foot = Foot::new(&row::moment_and_person(listed, app), width);
        match row {
            HistoryRow::Entry { of, id } => match self.opened.entry(of, id) {
                Some(Ok(entry)) => foot.tell(&entry.recorded().describe()),
                Some(Err(damaged)) => foot.tell(&damaged.to_string()),
                None => {}
            },
            HistoryRow::Transaction(_) | HistoryRow::More(_) => foot.tell(&listed.title),
        }
        Some(foot)
    }
}

fn told(error: &str, app: &mut App) -> Transition {
    app.fail(error);
    Transition::Stay
}

fn show_read(entry: Option<&ReadEntry>, app: &mut App) -> Transition {
    match entry {
        Some(Ok(entry)) => Transition::Push(show(entry.clone())),
        Some(Err(damaged)) => told(&damaged.to_string(), app),
        None => Transition::Stay,
    }
}

/// Undoes what stands there in the audit, as far as it was not changed again since; `title` is what people call it.
pub(in crate::tui) fn undo_written(
    written: AuditRange,
    (title, nature): (String, ChangeNature),
    app: &mut App,
) -> Transition {
    let action = ChosenAction::Whole { id: written.first, title, nature };
    undo::ask(move |store| Ok(vec![action.read(store)?]), app)
}

/// Of a transaction that has one.
fn show_only_entry(id: AuditId, app: &mut App) -> Transition {
    let store = app.store.clone();
    let read = move || store.entries_of(id, None, 1).map_err(|error| error.to_string());
    app.look_up("reading the change", read, |app, read| match read.and_then(|read| read) {
        Ok(entries) => show_read(entries.first(), app),
        Err(error) => told(&error, app),
    })
}

/// A transaction of a list elsewhere: its entry, or where it has several, the history with it opened.
pub(super) fn show_transaction(listed: &Listed, app: &mut App) -> Transition {
    if listed.entries == 1 {
        return show_only_entry(listed.id, app);
    }
    let mut history = History { wanted: Some(listed.id), ..History::open() };
    Screen::on_update(&mut history, app);
    Transition::Push(Box::new(history))
}

/// The screen of one change.
fn show(entry: AuditEntry) -> Box<dyn DynScreen> {
    Box::new(EntryView::of(entry))
}

impl Screen for History {
    fn title(&self, _app: &App) -> String {
        "history".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let is_hidden = self.filter.is_on() && !self.reading.listed().is_empty();
        let why = if is_hidden { "the filter hides all changes; Esc shows them" } else { "nothing was changed yet" };
        let none = self.list.chosen().is_none().then_some(why);
        let no_marked = none.filter(|_| self.list.number_marked() == 0);
        vec![
            Command::keyed(MOVES, "move", "Move the cursor; past the end reads older changes", Self::moved),
            Command::new(
                [Action::Open],
                "open",
                "Open what changed several objects; show one object before and after",
                Self::enter,
            )
            .blocked(none),
            Command::new([Action::TakeBack], "undo", "Undo it as a whole, or all that are marked", Self::undo)
                .blocked(no_marked)
                .edits(app),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn place(&self) -> Option<usize> {
        // Among the transactions, however many of them are open.
        self.list.place_among(|row| matches!(row, HistoryRow::Transaction(_)))
    }

    fn marks(&self) -> Option<&dyn Marking> {
        Some(self)
    }

    fn marks_mut(&mut self) -> Option<&mut dyn Marking> {
        Some(self)
    }

    fn on_filter(&mut self, app: &mut App) {
        if self.filter.wants_values() {
            self.filter.learn(known_values(self.reading.listed()));
        }
        // A moment is looked for in more than what was found by less of it.
        match self.filter.goes_on(FieldValues::Own) && !names_moment(self.filter.text()) {
            true => self.arrange_further(app),
            false => self.arrange(app),
        }
        self.go_to_found();
        self.look_further(app);
    }

    fn arrive(&mut self, app: &mut App) {
        self.awaits_newer = self.reading.is_under_way();
        self.go_to_newer();
        self.take(app.patience, app);
    }

    fn on_update(&mut self, app: &mut App) {
        if self.asked_at.is_some_and(|before| app.changes() > before) {
            self.asked_at = None;
            self.list.keep_marks(std::iter::empty());
        }
        self.take(Duration::ZERO, app);
        if self.reading.begin_newest(app) {
            self.take(app.glance, app);
        }
    }

    fn is_working(&self) -> bool {
        self.reading.is_under_way() || self.opened.is_under_way() || self.detailed.borrow().is_under_way()
    }

    fn is_behind(&self, app: &App) -> bool {
        self.reading.is_behind(app)
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        self.take(Duration::ZERO, app);
        self.take_entries(Duration::ZERO, app);
        self.detailed.get_mut().take(Duration::ZERO);
        Transition::Stay
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        open_again(self.list.clicked(at))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let foot_rows = detail::foot_rows(frame, FOOT_ROWS);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + foot_rows), ..area };
        self.draw_list(frame, rows, app);
        row::draw_head(frame, area, self.who, self.newer(), self.reading.is_under_way());
        if self.reading.listed().is_empty() && !self.reading.is_under_way() {
            frame.buffer_mut().set_string(area.x, area.y + 2, "   Nothing was changed yet.", theme::MUTED);
        }
        if let Some(foot) = self.foot(area.width, app) {
            foot.draw(frame, Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area });
        }
    }

    fn list_width(&self, width: u16) -> u16 {
        detail::list_width_beside_page(width)
    }

    /// An entry as Enter shows it; of a transaction of several their words, as many as there may be rows.
    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let row = self.list.chosen()?;
        let entry = match row {
            HistoryRow::Entry { of, id } => self.opened.entry(of, id).and_then(|entry| entry.as_ref().ok()).cloned(),
            HistoryRow::Transaction(id) if self.reading.get(id)?.entries == 1 => {
                self.detailed.borrow_mut().entries(id, app).first().cloned()
            }
            HistoryRow::Transaction(_) | HistoryRow::More(_) => None,
        };
        if let Some(entry) = entry {
            return Some(Detail::screen(show(entry)));
        }
        let mut foot = self.foot(width, app)?;
        if let HistoryRow::Transaction(id) = row {
            foot.tell("");
            let entries = self.detailed.borrow_mut().entries(id, app);
            entries.iter().for_each(|entry| foot.tell(&format!("· {}", entry.recorded().describe())));
        }
        Some(Detail::foot(foot))
    }
}
