//! The phone book: the people and companies outside that all users find, as many as a hundred thousand. The configuration
//! at hand holds none of its entries; they are read once on a thread of their own, kept in order with what a filter looks
//! into, and read again as far as they change.

pub(super) mod form;
mod import;
mod index;
mod reading;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
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
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::job::{Job, JobState};
use crate::tui::keys::Key;
use crate::tui::proposal::Proposal;
use crate::tui::saving::store_words;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::fit;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES, cell};

use form::EntryModel;
use index::{ContextNames, EntryIndex, EntryRow, FIELDS};
use reading::{Read, Reader};

/// Rows below the list: what the columns have no room for.
const FOOT_ROWS: u16 = 5;

pub(super) struct PhoneBook {
    index: EntryIndex,
    list: List<EntryRow>,
    filter: Filter,
    /// Between two readings.
    reader: Option<Reader>,
    reading: Option<Job<Read>>,
    /// With which the last reading began.
    configuration: Option<Arc<Configuration>>,
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
            list: List::default(),
            filter: Filter::new(FIELDS),
            reader: None,
            reading: None,
            configuration: None,
            wanted: Wanted::Nothing,
        }
    }

    fn look(&mut self, app: &App) {
        let contexts: ContextNames =
            app.configuration.contexts.iter().map(|context| (context.id, fold(context.name.as_str()))).collect();
        let index = &self.index;
        self.filter.narrow_folded(&mut self.list, index.rows(), |row, name| index.field(row, name, &contexts).into());
    }

    /// Reads what is new, if anything in the configuration is, and waits a moment for that.
    fn read(&mut self, app: &mut App) {
        let is_read = self.configuration.as_ref().is_some_and(|read| Arc::ptr_eq(read, &app.configuration));
        if is_read || self.reading.is_some() {
            return;
        }
        self.configuration = Some(Arc::clone(&app.configuration));
        match reading::start(self.reader.take(), &app.store) {
            Ok(job) => self.reading = Some(job),
            Err(error) => app.fail(format!("no thread could be started: {error}")),
        }
        let patience = app.patience;
        self.take(|job| job.wait(patience), app);
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
            JobState::Lost => app.fail("the reading of the phone book came to no end"),
        }
        self.reading = None;
        self.look(app);
        self.go_to_wanted(app);
    }

    fn go_to_wanted(&mut self, app: &App) {
        match self.wanted {
            Wanted::Nothing => return,
            Wanted::This(id) => self.choose(id, app),
            Wanted::New(number) => {
                let Some(row) = self.list.ids().iter().find(|row| row.id.number() >= number).copied() else { return };
                self.list.choose(row);
            }
        }
        self.wanted = Wanted::Nothing;
    }

    /// The cursor on that one, whatever was looked for.
    fn choose(&mut self, id: PhoneBookEntryId, app: &App) {
        if !self.list.choose(EntryIndex::row(id)) {
            self.filter.clear();
            self.look(app);
            self.list.choose(EntryIndex::row(id));
        }
    }

    fn chosen(&self) -> Option<&Arc<PhoneBookEntry>> {
        self.list.chosen().and_then(|row| self.index.get(row.id))
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.wanted = Wanted::Nothing;
        self.list.press(key);
        Transition::Stay
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

    /// Where there is no row: why.
    fn empty_words(&self) -> Option<&'static str> {
        match (self.index.is_empty(), self.reading.is_some()) {
            (true, true) => Some(" Reading the phone book…"),
            (true, false) => Some(" The phone book is empty; `a` adds an entry, `i` imports a table or cards."),
            (false, _) => None,
        }
    }
}

impl Screen for PhoneBook {
    fn title(&self, _app: &App) -> String {
        "phone book".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.list.chosen().is_none().then_some("there is no entry");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER, Key::char('e')], "edit", "Edit names, numbers and context", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('a')], "add", "Add an entry", Self::add).edits(app),
            Command::new([Key::char('c')], "copy", "Add a copy of the entry", Self::copy).blocked(none).edits(app),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the entry", Self::remove)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('i')], "import", "Add the entries of a table or of vCards", Self::import)
                .blocked(app.file_obstacle())
                .edits(app),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.look(app);
    }

    fn on_update(&mut self, app: &mut App) {
        self.read(app);
    }

    fn is_working(&self) -> bool {
        self.reading.is_some()
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        self.take(Job::look, app);
        Transition::Stay
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind == Kind::PhoneBookEntry {
            self.wanted = Wanted::This(PhoneBookEntryId::new(target.id));
            if self.reading.is_none() {
                self.go_to_wanted(app);
            }
        }
        Transition::Stay
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let [name, number, mobile, company] = fit(area.width.saturating_sub(1), self.index.longest());
        let head = format!(
            " {}{}{}{}",
            cell("name", name),
            cell("number", number),
            cell("mobile", mobile),
            cell("company", company).trim_end()
        );
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        if let Some(words) = self.empty_words() {
            frame.buffer_mut().set_stringn(area.x, area.y + 2, words, usize::from(area.width), theme::MUTED);
        }
        let foot_rows = detail::foot_rows(frame, FOOT_ROWS);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + foot_rows), ..area };
        let index = &self.index;
        self.list.draw(frame, rows, true, |row| {
            let Some(entry) = index.get(row.id) else { return Line::default() };
            let text = |field| entry.details.text(field);
            Line::raw(format!(
                " {}{}{}{}",
                cell(&entry.details.shown_name(), name),
                cell(text(EntryField::Number), number),
                cell(text(EntryField::Mobile), mobile),
                cell(text(EntryField::Company), company).trim_end()
            ))
        });
        if let Some(foot) = self.foot(area.width, &app.configuration) {
            foot.draw(frame, Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area });
        }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.foot(width, &app.configuration).map(Detail::foot)
    }
}
