//! The phone book: the people and companies outside that all users find, as many as a hundred thousand. The configuration
//! at hand holds none of its entries; they are read once on a thread of their own, kept in order with what a filter looks
//! into, and read again as far as they change.

pub(super) mod form;
pub(in crate::tui::screens) mod import;
mod index;
mod reading;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{Id as _, PhoneBookEntryId};
use crate::settings::label::{Labelled as _, context_name};
use crate::settings::phone_book::{EntriesNeeded, Field as EntryField, PhoneBookEntry};
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::job::{Job, JobState};
use crate::tui::key_table::Action;
use crate::tui::latest::Freshness;
use crate::tui::proposal::Proposal;
use crate::tui::saving::store_words;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::Candidate;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::Sort;

use form::EntryModel;
use index::{ContextNames, EntryColumn, EntryIndex, EntryRow, FIELDS};
use reading::{Read, Reader};

/// Rows below the list: what the columns have no room for.
const FOOT_ROWS: u16 = 5;

pub(super) struct PhoneBook {
    index: EntryIndex,
    contexts: ContextNames,
    table: TableView<EntryRow, EntryColumn>,
    /// Between two readings.
    reader: Option<Reader>,
    reading: Option<Job<Read>>,
    /// With which the last reading began.
    configuration: Option<Arc<Configuration>>,
    /// What this console had written when it began, and when that began which is known.
    freshness: Freshness,
    wanted: Wanted,
}

/// What the cursor goes to once it has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Nothing,
    This(PhoneBookEntryId),
    /// An entry that is being made: it gets this number or a later one.
    New(i64),
}

impl PhoneBook {
    /// Reads nothing before it is shown: the help page asks each place for its keys.
    pub(super) fn open(_app: &App) -> Self {
        Self {
            index: EntryIndex::default(),
            contexts: ContextNames::new(),
            table: TableView::new(FIELDS).sorted_by(EntryColumn::Name),
            reader: None,
            reading: None,
            configuration: None,
            freshness: Freshness::default(),
            wanted: Wanted::Nothing,
        }
    }

    fn look(&mut self, app: &App) {
        let contexts = app.configuration.contexts.iter();
        self.contexts = contexts.map(|context| (context.id, fold(context.name.as_str()))).collect();
        let rows = EntryRows { index: &self.index, contexts: &self.contexts, is_reading: self.reading.is_some() };
        self.table.look(&rows);
    }

    /// Reads what is new, if anything in the configuration is, and waits a moment for that.
    fn read(&mut self, app: &mut App) {
        let is_read = self.configuration.as_ref().is_some_and(|read| Arc::ptr_eq(read, &app.configuration));
        if is_read || self.reading.is_some() {
            return;
        }
        self.configuration = Some(Arc::clone(&app.configuration));
        match reading::start(self.reader.take(), &app.store) {
            Ok(job) => {
                self.reading = Some(job);
                self.freshness.begin(app);
            }
            Err(error) => app.fail(format!("no thread could be started: {error}")),
        }
        let glance = app.glance;
        self.take(|job| job.wait(glance), app);
    }

    /// Takes what was read, if that is over.
    fn take(&mut self, look: impl FnOnce(&mut Job<Read>) -> JobState<Read>, app: &mut App) {
        let Some(job) = &mut self.reading else { return };
        match look(job) {
            JobState::Working => return,
            JobState::Ended(Read { reader, outcome }) => {
                self.reader = reader;
                match outcome {
                    Ok(Some(index)) => self.index = index,
                    Ok(None) => {}
                    Err(error) => app.fail(format!("the phone book cannot be read: {}", store_words(&error))),
                }
            }
            JobState::Lost => app.fail("reading the phone book ended unexpectedly"),
        }
        self.reading = None;
        self.freshness.end();
        self.look(app);
        self.go_to_wanted();
    }

    fn go_to_wanted(&mut self) {
        match self.wanted {
            Wanted::Nothing => return,
            Wanted::This(id) => {
                let is_reading = self.reading.is_some();
                let rows = EntryRows { index: &self.index, contexts: &self.contexts, is_reading };
                self.table.choose(EntryIndex::row(id), &rows);
            }
            Wanted::New(number) => {
                let shown = self.table.list().ids();
                let Some(row) = shown.iter().find(|row| row.id.number() >= number).copied() else { return };
                self.table.choose_shown(row);
            }
        }
        self.wanted = Wanted::Nothing;
    }

    fn chosen(&self) -> Option<&Arc<PhoneBookEntry>> {
        self.table.chosen().and_then(|row| self.index.get(row.id))
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.wanted = Wanted::New(self.index.next_number());
        Transition::Push(Box::new(Form::open(EntryModel::new(app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.chosen() {
            Some(entry) => Transition::Push(Box::new(Form::open(EntryModel::of(Arc::clone(entry), app), app))),
            None => Transition::Stay,
        }
    }

    fn copy(&mut self, app: &mut App) -> Transition {
        let Some(entry) = self.chosen().cloned() else { return Transition::Stay };
        self.wanted = Wanted::New(self.index.next_number());
        Transition::Push(Box::new(Form::open(EntryModel::copy_of(entry, app), app)))
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(entry) = self.chosen() else { return Transition::Stay };
        let (id, version, called) = (entry.id, entry.version, entry.label(&app.configuration));
        let remove = move |c: &mut Configuration| {
            c.expect_version(Kind::PhoneBookEntry, id.number(), version)?;
            c.remove_phone_book_entry(id)
        };
        Proposal::new(format!("Remove {called}?"), "remove it", format!("{called} was removed"), remove)
            .about(EntriesNeeded::These(vec![id]))
            .always(vec!["Nobody finds it any more.".to_owned()])
            .put(app)
    }

    fn import(&mut self, app: &mut App) -> Transition {
        import::ask(app)
    }

    /// All about the chosen one.
    fn foot(&self, width: u16, c: &Configuration) -> Option<Foot> {
        let entry = self.chosen()?;
        let name = entry.details.shown_name();
        let title = if name.is_empty() { entry.details.text(EntryField::Number).to_owned() } else { name };
        let mut foot = Foot::new(&title, width);
        let text = |field| entry.details.text(field);
        let context = entry.context.map_or_else(|| "everyone".to_owned(), |id| context_name(c, id));
        let seen = [("seen by", context.as_str()), ("e-mail", text(EntryField::Email))];
        let numbers = [("at home", EntryField::Home), ("other", EntryField::Other), ("fax", EntryField::Fax)];
        for (label, words) in seen.into_iter().chain(numbers.map(|(label, field)| (label, text(field)))) {
            if !words.is_empty() {
                foot.say(label, words);
            }
        }
        Some(foot)
    }
}

struct EntryRows<'a> {
    index: &'a EntryIndex,
    contexts: &'a ContextNames,
    is_reading: bool,
}

impl TableRows for EntryRows<'_> {
    type Id = EntryRow;
    type Column = EntryColumn;

    const CELLS_ARE_SEARCHED: bool = false;

    fn ids(&self) -> Vec<EntryRow> {
        self.index.rows().collect()
    }

    fn searched(&self, row: EntryRow) -> Folded<'_> {
        self.index.searched(row)
    }

    fn field(&self, row: EntryRow, name: &'static str) -> Folded<'_> {
        Folded::known(self.index.field(row, name, self.contexts))
    }

    fn cell(&self, row: EntryRow, column: EntryColumn) -> Line<'static> {
        let entry = self.index.get(row.id);
        entry.map_or_else(Line::default, |entry| Line::raw(column.text(&entry.details)))
    }

    /// They were put in order beside.
    fn sorted(&self, sort: Sort<EntryColumn>) -> Vec<EntryRow> {
        self.index.sorted(sort)
    }

    fn columns(&self, _ids: &[EntryRow]) -> Vec<Candidate<EntryColumn>> {
        self.index.columns().to_vec()
    }

    fn empty_words(&self) -> Line<'static> {
        let words = match self.is_reading {
            true => " Reading the phone book…",
            false => " The phone book is empty; `a` adds an entry, `i` imports a table or cards.",
        };
        Line::styled(words, theme::MUTED)
    }
}

impl Screen for PhoneBook {
    fn title(&self, _app: &App) -> String {
        "phone book".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("there is no entry");
        vec![
            Command::new([Action::Open, Action::Edit], "edit", "Edit names, numbers and context", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Action::Add], "add", "Add an entry", Self::add).edits(app),
            Command::new([Action::Copy], "copy", "Add a copy of the entry", Self::copy).blocked(none).edits(app),
            Command::new([Action::Remove], "remove", "Remove the entry", Self::remove).blocked(none).edits(app),
            Command::new([Action::Import], "import", "Add the entries of a table or of vCards", Self::import)
                .blocked(app.file_obstacle())
                .edits(app),
        ]
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_move(&mut self) {
        self.wanted = Wanted::Nothing;
    }

    fn on_filter(&mut self, _app: &mut App) {
        let is_reading = self.reading.is_some();
        self.table.narrow(&EntryRows { index: &self.index, contexts: &self.contexts, is_reading });
    }

    fn on_sort(&mut self, app: &mut App) {
        self.look(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.read(app);
    }

    fn is_working(&self) -> bool {
        self.reading.is_some()
    }

    fn is_behind(&self, app: &App) -> bool {
        self.reading.is_some() && self.freshness.is_behind(app)
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        self.take(Job::look, app);
        Transition::Stay
    }

    fn reveal(&mut self, target: Target, _app: &mut App) -> Transition {
        if target.kind == Kind::PhoneBookEntry {
            self.wanted = Wanted::This(PhoneBookEntryId::new(target.id));
            if self.reading.is_none() {
                self.go_to_wanted();
            }
        }
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let (rows, below) = detail::above_foot(frame, area, FOOT_ROWS);
        let is_reading = self.reading.is_some();
        self.table.draw(frame, rows, &EntryRows { index: &self.index, contexts: &self.contexts, is_reading });
        if let Some(foot) = self.foot(area.width, &app.configuration) {
            foot.draw(frame, below);
        }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.foot(width, &app.configuration).map(Detail::foot)
    }
}
