//! History: who did what and when, out of the audit, the newest first, a row a transaction; one that changed several
//! objects opens into its entries, and an entry shows both its versions. Taking back is of whole transactions, of several
//! together, or of one entry. What a change is in words and what taking back means are of other rooms.

mod entry;
mod moment;
mod reading;
mod row;
mod undo;

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::settings::id::AuditId;
use crate::store::{AuditEntry, DamagedEntry};
use crate::tui::app::{App, Detail, DynScreen, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::{Filter, Folded};
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES};
use crate::tui::widgets::marks::Marking;

use entry::EntryView;
pub(super) use reading::{HistoryReading, Listed, ReadOutcome};
use row::HistoryRow;
use undo::PastAction;

/// Entries of an opened transaction that are read at once.
const ENTRIES_PAGE: usize = 500;

/// Entries of a transaction that are read to stand beside the list.
const DETAIL_ENTRIES: usize = 60;

/// Rows below the list that say the chosen row in full.
const FOOT_ROWS: u16 = 4;

type ReadEntry = Result<AuditEntry, DamagedEntry>;

pub(super) struct History {
    reading: HistoryReading,
    /// The entries of the transactions that are opened.
    opened: BTreeMap<AuditId, OpenTransaction>,
    list: List<HistoryRow>,
    filter: Filter,
    /// Columns of the longest name of whoever made one.
    who: usize,
    /// The newest that was on the screen.
    seen: Option<AuditId>,
    /// To be opened with the cursor on it, once it is read.
    wanted: Option<AuditId>,
    /// What the detail of a transaction was read for last: its entries never change, and each frame asks for them.
    detailed: RefCell<Option<(AuditId, Rc<[AuditEntry]>)>>,
}

struct OpenTransaction {
    entries: Vec<ReadEntry>,
    /// Entries that were not read.
    more: usize,
}

impl History {
    pub(super) fn open() -> Self {
        Self {
            reading: HistoryReading::default(),
            opened: BTreeMap::new(),
            list: List::default(),
            filter: Filter::new(FIELDS),
            who: reading::WHO_LEAST,
            seen: None,
            wanted: None,
            detailed: RefCell::default(),
        }
    }

    fn moved(&mut self, key: Key, app: &mut App) -> Transition {
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
            }
        }
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
        let has = |listed: &Listed, name, value: &str| has(listed, name, value, app);
        let meant = self.filter.sift(reading.listed(), |listed| Folded::known(&listed.text), has);
        self.filter.set_has_more(self.reading.has_more());
        let mut rows = Vec::with_capacity(meant.len());
        for id in meant.into_iter().map(|listed| listed.id) {
            rows.push(HistoryRow::Transaction(id));
            if let Some(opened) = self.opened.get(&id) {
                rows.extend(opened.entries.iter().map(|entry| HistoryRow::Entry { of: id, id: id_of(entry) }));
                rows.extend((opened.more > 0).then_some(HistoryRow::More(id)));
            }
        }
        self.filter.put(&mut self.list, rows);
    }

    fn entry(&self, of: AuditId, id: AuditId) -> Option<&ReadEntry> {
        self.opened.get(&of)?.entries.iter().find(|entry| id_of(entry) == id)
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(HistoryRow::Transaction(id)) => match self.reading.get(id).map(|listed| listed.entries) {
                Some(1) => show_only_entry(id, app),
                Some(number) => self.open_or_close(id, number, app),
                None => Transition::Stay,
            },
            Some(HistoryRow::Entry { of, id }) => show_read(self.entry(of, id), app),
            Some(HistoryRow::More(of)) => self.read_entries(of, app),
            None => Transition::Stay,
        }
    }

    fn open_or_close(&mut self, id: AuditId, number: usize, app: &mut App) -> Transition {
        if self.opened.remove(&id).is_some() {
            self.arrange(app);
            return Transition::Stay;
        }
        self.opened.insert(id, OpenTransaction { entries: Vec::new(), more: number });
        self.read_entries(id, app)
    }

    fn read_entries(&mut self, of: AuditId, app: &mut App) -> Transition {
        let Some(opened) = self.opened.get_mut(&of) else { return Transition::Stay };
        match app.store.entries_of(of, opened.entries.last().map(id_of), ENTRIES_PAGE) {
            Ok(entries) => {
                opened.more = if entries.len() < ENTRIES_PAGE { 0 } else { opened.more.saturating_sub(entries.len()) };
                opened.entries.extend(entries);
            }
            Err(error) => app.fail(error.to_string()),
        }
        self.arrange(app);
        Transition::Stay
    }

    /// Those that are marked, the newest first; if none is, the chosen one.
    fn undo(&mut self, app: &mut App) -> Transition {
        if self.filter.is_on() && self.reading.is_under_way() && self.list.number_marked() > 0 {
            app.warn("the history is still being looked through; mark them again once the number stands");
            return Transition::Stay;
        }
        let meant = self.list.meant();
        self.list.keep_marks(std::iter::empty());
        // An entry goes with its transaction.
        let is_whole = |of: &AuditId| meant.contains(&HistoryRow::Transaction(*of));
        let is_part = |row: &HistoryRow| matches!(row, HistoryRow::Entry { of, .. } if is_whole(of));
        let mut rows: Vec<HistoryRow> = meant.iter().copied().filter(|row| !is_part(row)).collect();
        rows.sort_by_key(|row| Reverse(row.transaction()));
        let actions = rows.into_iter().filter_map(|row| self.past_action(row, app).transpose());
        match actions.collect::<Result<Vec<_>, String>>() {
            Ok(actions) => undo::ask(actions, app),
            Err(error) => told(&error, app),
        }
    }

    /// None: the row is no action.
    fn past_action(&self, row: HistoryRow, app: &App) -> Result<Option<PastAction>, String> {
        match row {
            HistoryRow::Transaction(id) => {
                let Some(title) = self.reading.get(id).map(|listed| listed.title.clone()) else { return Ok(None) };
                let entries = app.store.entries_of(id, None, usize::MAX).map_err(|error| error.to_string())?;
                let entries = entries.into_iter().collect::<Result<_, _>>().map_err(|damaged| damaged.to_string())?;
                Ok(Some(PastAction { title, entries }))
            }
            HistoryRow::Entry { of, id } => match self.entry(of, id) {
                Some(Ok(entry)) => Ok(Some(PastAction::of(entry.clone()))),
                Some(Err(damaged)) => Err(damaged.to_string()),
                None => Ok(None),
            },
            HistoryRow::More(_) => Ok(None),
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
                Some(listed) => row::transaction(listed, opened.contains_key(&id), (who, area.width), app),
                None => ratatui::text::Line::default(),
            },
            HistoryRow::Entry { of, id } => {
                let entries = opened.get(&of).into_iter().flat_map(|opened| &opened.entries);
                row::entry(entries.into_iter().find(|entry| id_of(entry) == id), area.width)
            }
            HistoryRow::More(of) => row::more(opened.get(&of).map_or(0, |opened| opened.more)),
        });
        if self.list.is_at_top() {
            self.seen = self.reading.listed().first().map(|listed| listed.id);
        }
    }

    /// The first entries of a transaction; none while a change is on its way: nothing waits for it.
    fn first_entries(&self, id: AuditId, app: &App) -> Rc<[AuditEntry]> {
        if let Some((known, entries)) = &*self.detailed.borrow()
            && *known == id
        {
            return Rc::clone(entries);
        }
        if app.under_way().is_some() {
            return Rc::default();
        }
        let Ok(read) = app.store.entries_of(id, None, DETAIL_ENTRIES) else { return Rc::default() };
        let entries: Rc<[AuditEntry]> = read.into_iter().flatten().collect();
        self.detailed.replace(Some((id, Rc::clone(&entries))));
        entries
    }

    /// What the chosen row says in full.
    fn foot(&self, width: u16, app: &App) -> Option<Foot> {
        let row = self.list.chosen()?;
        let listed = self.reading.get(row.transaction())?;
        let mut foot = Foot::new(&row::moment_and_person(listed, app), width);
        match row {
            HistoryRow::Entry { of, id } => match self.entry(of, id) {
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

/// Of a transaction that has one.
fn show_only_entry(id: AuditId, app: &mut App) -> Transition {
    match app.store.entries_of(id, None, 1) {
        Ok(entries) => show_read(entries.first(), app),
        Err(error) => told(&error.to_string(), app),
    }
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

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["who", "object", "time", "by"];

fn has(listed: &Listed, name: &str, value: &str, app: &App) -> bool {
    match name {
        "who" => Folded::of(&listed.who).says(value),
        "by" => Folded::known(&listed.by).says(value),
        "object" => listed.touches(value),
        "time" => moment::is_meant(value, listed.at, app.now),
        _ => false,
    }
}

fn id_of(entry: &ReadEntry) -> AuditId {
    match entry {
        Ok(entry) => entry.id,
        Err(damaged) => damaged.id,
    }
}

impl Screen for History {
    fn title(&self, _app: &App) -> String {
        "history".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("nothing was changed yet");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor; past the end reads older changes", Self::moved),
            Command::new(
                [Action::Open],
                "open",
                "Open what changed several objects; show one object before and after",
                Self::enter,
            )
            .blocked(none),
            Command::new(
                [Action::TakeBack],
                "take back",
                "Take it back as a whole, or all that are marked",
                Self::undo,
            )
            .blocked(none)
            .edits(app),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn marks(&self) -> Option<&dyn Marking> {
        Some(self)
    }

    fn marks_mut(&mut self) -> Option<&mut dyn Marking> {
        Some(self)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.arrange(app);
        self.look_further(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.take(Duration::ZERO, app);
        if self.reading.begin_newest(&app.store, &app.configuration) {
            self.take(app.patience, app);
        }
    }

    fn is_working(&self) -> bool {
        self.reading.is_under_way()
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        self.take(Duration::ZERO, app);
        Transition::Stay
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
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

    /// An entry as Enter shows it; of a transaction of several their words, as many as there may be rows.
    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        let row = self.list.chosen()?;
        let entry = match row {
            HistoryRow::Entry { of, id } => self.entry(of, id).and_then(|entry| entry.as_ref().ok()).cloned(),
            HistoryRow::Transaction(id) if self.reading.get(id)?.entries == 1 => {
                self.first_entries(id, app).first().cloned()
            }
            HistoryRow::Transaction(_) | HistoryRow::More(_) => None,
        };
        if let Some(entry) = entry {
            return Some(Detail::screen(show(entry)));
        }
        let mut foot = self.foot(width, app)?;
        if let HistoryRow::Transaction(id) = row {
            foot.tell("");
            self.first_entries(id, app)
                .iter()
                .for_each(|entry| foot.tell(&format!("· {}", entry.recorded().describe())));
        }
        Some(Detail::foot(foot))
    }
}

/// What is inverted, or marked as a whole, are actions: opened ones are closed first, so that none is there twice.
impl Marking for History {
    fn press_mark(&mut self, key: Key) -> bool {
        let is_of_all = matches!(Action::of(key), Some(Action::InvertMarks | Action::MarkAll));
        if is_of_all && !self.opened.is_empty() {
            self.opened.clear();
            let is_whole = |row: &HistoryRow| matches!(row, HistoryRow::Transaction(_));
            let rows = self.list.ids().iter().copied().filter(is_whole).collect();
            self.list.set(rows);
        }
        self.list.press_mark(key)
    }

    fn number_marked(&self) -> usize {
        self.list.number_marked()
    }

    fn has_range(&self) -> bool {
        Marking::has_range(&self.list)
    }
}
