//! A change that may hurt, from the key that begins it to what came of it: tried on a copy, asked about with its
//! consequence counted where somebody could be hurt, then saved. Screens hand over what is to be done and in which words.

use std::sync::Arc;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use super::app::{App, DescribedChange, Placement, Repeat, Transition, UnaskedUndo, Undoable};
use super::commands::Command;
use super::confirm::{self, Confirm, Verdict};
use super::consequence::Consequence;
use super::key_table::Action;
use super::keys::Key;
use super::latest::Latest;
use super::saving::{Outcome, store_words};
use super::screen::Screen;
use super::widgets::key_areas::KeyAreas;
use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::Refusal;
use crate::store::AuditRange;

type Edit<T> = Arc<dyn Fn(&mut Configuration) -> Result<T, Refusal> + Send + Sync>;
type OnSaved<T> = Box<dyn FnOnce(&mut App, Outcome<T>) -> Transition>;
type OnConsent = Box<dyn FnOnce(&mut App) -> Transition>;

/// So many of what a question is about are told by name.
pub(super) const NAMED: usize = 6;

/// The first of so many lines, each made when it is told, and how many more there are.
pub(super) fn named(number: usize, lines: impl Iterator<Item = String>) -> Vec<String> {
    let more = number.checked_sub(NAMED).filter(|more| *more > 0).map(|more| format!("and {more} more"));
    lines.take(NAMED).map(|line| format!("· {line}")).chain(more).collect()
}

pub(super) struct Proposal<T> {
    title: String,
    /// What is done, as the key for it says: `disable them`.
    choice: &'static str,
    /// What has happened then.
    words: String,
    /// What it undoes; empty: it is no undo.
    undone: Vec<AuditRange>,
    edit: Edit<T>,
    /// The entries of the phone book that must be at hand.
    entries: EntriesNeeded,
    /// Told before what is counted; where there are many, they scroll.
    lines: Vec<String>,
    /// What is so afterwards, told with what is counted.
    holds: Option<String>,
    asks: Asks,
    undoable: Undoable,
    /// What is done instead of the edit, which then is only tried.
    instead: Option<OnConsent>,
    then: OnSaved<T>,
}

/// When it is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    WhereItIsGrave,
    Always,
}

impl<T: Send + 'static> Proposal<T> {
    /// What came of it is told in these words.
    pub(super) fn new(
        title: impl Into<String>,
        choice: &'static str,
        words: impl Into<String>,
        edit: impl Fn(&mut Configuration) -> Result<T, Refusal> + Send + Sync + 'static,
    ) -> Self {
        let words = words.into();
        let told = words.clone();
        Self {
            title: title.into(),
            choice,
            words,
            undone: Vec::new(),
            edit: Arc::new(edit),
            entries: EntriesNeeded::None,
            lines: Vec::new(),
            holds: None,
            asks: Asks::WhereItIsGrave,
            undoable: Undoable::Yes,
            instead: None,
            then: Box::new(move |app, outcome| {
                app.tell_outcome(&told, outcome);
                Transition::Stay
            }),
        }
    }

    /// Needs these entries of the phone book at hand.
    pub(super) fn about(mut self, entries: EntriesNeeded) -> Self {
        self.entries = entries;
        self
    }

    /// Asked in any case, after these words.
    pub(super) fn always(mut self, lines: Vec<String>) -> Self {
        (self.asks, self.lines) = (Asks::Always, lines);
        self
    }

    /// Told first, where it is asked about.
    pub(super) fn saying(mut self, lines: Vec<String>) -> Self {
        self.lines = lines;
        self
    }

    /// What is so afterwards, which is always seen.
    pub(super) fn holding(mut self, holds: Option<String>) -> Self {
        self.holds = holds;
        self
    }

    /// It undoes what the audit tells there.
    pub(super) fn undoes(mut self, undone: Vec<AuditRange>) -> Self {
        self.undone = undone;
        self
    }

    pub(super) fn remembered(mut self, undoable: Undoable) -> Self {
        self.undoable = undoable;
        self
    }

    /// Does this once it is agreed to: what takes its time before there is anything to write. The edit is only tried.
    pub(super) fn instead(mut self, act: impl FnOnce(&mut App) -> Transition + 'static) -> Self {
        self.instead = Some(Box::new(act));
        self
    }

    /// Goes on with what came of it, and tells it.
    pub(super) fn then(mut self, then: impl FnOnce(&mut App, Outcome<T>) -> Transition + 'static) -> Self {
        self.then = Box::new(then);
        self
    }

    /// Once it is saved, `.` does this to other rows.
    pub(super) fn again(mut self, repeat: Repeat) -> Self {
        let then = self.then;
        self.then = Box::new(move |app, outcome| {
            if outcome.is_ok() {
                app.remember_repeat(repeat);
            }
            then(app, outcome)
        });
        self
    }

    /// Asks first, or does it at once. What is refused now is told by the attempt itself.
    pub(super) fn put(self, app: &mut App) -> Transition {
        if self.entries == EntriesNeeded::None {
            let before = Arc::clone(&app.configuration);
            return self.put_on(&before, app);
        }
        let look = self.looking(app);
        app.look_up("reading the phone book", look, move |app, read| match read.and_then(|read| read) {
            Ok(before) => self.put_on(&before, app),
            Err(error) => {
                app.fail(error);
                Transition::Stay
            }
        })
    }

    /// A look at what is stored, with the entries that are needed, for a thread beside.
    fn looking(&self, app: &App) -> impl FnOnce() -> Result<Configuration, String> + Send + use<T> {
        let (store, entries) = (app.store.clone(), self.entries.clone());
        move || store.configuration_with(&entries).map_err(|error| store_words(&error))
    }

    fn put_on(self, before: &Configuration, app: &mut App) -> Transition {
        let consequence = self.consequence(before, app);
        match (self.asks, consequence) {
            (Asks::WhereItIsGrave, Some(found)) if !found.is_grave => {
                if !self.undone.is_empty() {
                    app.note_unasked(UnaskedUndo::Begun);
                }
                self.save(app)
            }
            (_, Some(found)) => {
                let confirm = Confirm::new(self.title.clone(), self.choice, found);
                let (stored, counted) = (Latest::default(), Arc::clone(&app.configuration));
                Transition::Push(Box::new(Asked {
                    proposal: Some(self),
                    confirm,
                    answers: KeyAreas::default(),
                    stored,
                    counted,
                }))
            }
            (_, None) => self.save(app),
        }
    }

    /// None: it would be refused.
    fn consequence(&self, before: &Configuration, app: &App) -> Option<Consequence> {
        let mut after = before.clone();
        (self.edit)(&mut after).ok()?;
        let mut found = Consequence::of(before, &after, &app.server, &app.overrides());
        found.told.clone_from(&self.lines);
        if let Some(holds) = &self.holds {
            found.say_what_holds(holds);
        }
        Some(found)
    }

    fn save(self, app: &mut App) -> Transition {
        let Self { words, undone, edit, undoable, entries, instead, then, .. } = self;
        if let Some(act) = instead {
            return act(app);
        }
        let edit = move |configuration: &mut Configuration| edit(configuration).map_err(|refusal| vec![refusal]);
        let described = if undone.is_empty() { words.into() } else { DescribedChange::undo(words, undone) };
        app.save_with(entries, described, undoable, move || Ok(edit), then)
    }
}

/// The question, on the stack.
struct Asked<T> {
    /// None once it was answered.
    proposal: Option<Proposal<T>>,
    confirm: Confirm,
    answers: KeyAreas,
    /// With the entries of the phone book that it needs, as they were read last.
    stored: Latest<Result<Configuration, String>>,
    /// What the consequence was counted in, or is being read for.
    counted: Arc<Configuration>,
}

impl<T: Send + 'static> Asked<T> {
    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }

    fn scrolled(&mut self, key: Key, app: &mut App) -> Transition {
        self.confirm.press(key, app);
        Transition::Stay
    }

    fn recount(&mut self, before: &Configuration, app: &App) {
        if let Some(found) = self.proposal.as_ref().and_then(|proposal| proposal.consequence(before, app)) {
            self.confirm.recount(found);
        }
    }

    fn recount_stored(&mut self, app: &App) {
        let stored = std::mem::take(&mut self.stored);
        if let Some(Ok(before)) = stored.get() {
            self.recount(before, app);
        }
        self.stored = stored;
    }
}

impl<T: Send + 'static> Screen for Asked<T> {
    fn title(&self, _app: &App) -> String {
        self.confirm.title().to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        let back = Command::new([Action::Back, Action::Close], "back", "Go back without changing anything", Self::back);
        let scroll = Command::keyed([Action::Down, Action::Up], "scroll", "Show more of the text", Self::scrolled);
        [back].into_iter().chain(self.confirm.is_longer().then(|| scroll.in_bar())).collect()
    }

    fn placement(&self, room: Size) -> Placement {
        let width = confirm::WIDTH.min(room.width);
        Placement::Over(width, u16::try_from(self.confirm.rows(width)).unwrap_or(u16::MAX))
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn answers(&self) -> Vec<(Key, String)> {
        self.confirm.answers()
    }

    fn typed(&mut self, key: Key, app: &mut App) -> Transition {
        match (self.confirm.press(key, app), self.proposal.take()) {
            (Verdict::Open, proposal) => {
                self.proposal = proposal;
                Transition::Stay
            }
            (Verdict::Yes, Some(proposal)) => Transition::Back(Box::new(proposal.save(app))),
            (Verdict::Yes | Verdict::No, _) => Transition::Pop,
        }
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.answers.at(at).map_or(Transition::Stay, Transition::Press)
    }

    fn on_update(&mut self, app: &mut App) {
        let Some(proposal) = &self.proposal else { return };
        if proposal.entries == EntriesNeeded::None {
            let before = Arc::clone(&app.configuration);
            return self.recount(&before, app);
        }
        if !Arc::ptr_eq(&self.counted, &app.configuration) {
            self.counted = Arc::clone(&app.configuration);
            self.stored.look(proposal.looking(app), app);
        }
        self.recount_stored(app);
    }

    fn is_working(&self) -> bool {
        self.stored.is_under_way()
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        if self.stored.take(Duration::ZERO, app) {
            self.recount_stored(app);
        }
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        self.answers = self.confirm.draw(frame, area);
    }
}
