//! A change that may hurt, from the key that begins it to what came of it: tried on a copy, asked about with its
//! consequence counted where somebody could be hurt, then saved. Screens hand over what is to be done and in which words.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::app::{App, Placement, Repeat, Transition, Undoable};
use super::commands::Command;
use super::confirm::{self, Confirm, Verdict};
use super::consequence::Consequence;
use super::key_table::Action;
use super::keys::Key;
use super::saving::Outcome;
use super::screen::Screen;
use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::Refusal;

type Edit<T> = Arc<dyn Fn(&mut Configuration) -> Result<T, Refusal> + Send + Sync>;
type OnSaved<T> = Box<dyn FnOnce(&mut App, Outcome<T>) -> Transition>;
type OnConsent = Box<dyn FnOnce(&mut App) -> Transition>;

pub(super) struct Proposal<T> {
    title: String,
    /// What is done, as the key for it says: `disable them`.
    choice: &'static str,
    /// What has happened then.
    words: String,
    edit: Edit<T>,
    /// The entries of the phone book that must be at hand.
    entries: EntriesNeeded,
    /// Told before what is counted.
    lines: Vec<String>,
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
            edit: Arc::new(edit),
            entries: EntriesNeeded::None,
            lines: Vec::new(),
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
        let consequence = self.consequence(app);
        match (self.asks, consequence) {
            (Asks::WhereItIsGrave, Some(found)) if !found.is_grave => self.save(app),
            (_, Some(found)) => {
                let confirm = Confirm::new(self.title.clone(), self.choice, found);
                Transition::Push(Box::new(Asked { proposal: Some(self), confirm }))
            }
            (_, None) => self.save(app),
        }
    }

    /// None: it would be refused.
    fn consequence(&self, app: &App) -> Option<Consequence> {
        let before = match &self.entries {
            EntriesNeeded::None => Arc::clone(&app.configuration),
            entries => Arc::new(app.store.configuration_with(entries).ok()?),
        };
        let mut after = Configuration::clone(&before);
        (self.edit)(&mut after).ok()?;
        let mut found = Consequence::of(&before, &after, &app.server, &app.overrides());
        found.lines.splice(0..0, self.lines.iter().cloned());
        Some(found)
    }

    fn save(self, app: &mut App) -> Transition {
        let Self { words, edit, undoable, entries, instead, then, .. } = self;
        if let Some(act) = instead {
            return act(app);
        }
        let edit = move |configuration: &mut Configuration| edit(configuration).map_err(|refusal| vec![refusal]);
        app.save_with(entries, words, undoable, move || Ok(edit), then)
    }
}

/// The question, on the stack.
struct Asked<T> {
    /// None once it was answered.
    proposal: Option<Proposal<T>>,
    confirm: Confirm,
}

impl<T: Send + 'static> Asked<T> {
    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }
}

impl<T: Send + 'static> Screen for Asked<T> {
    fn title(&self, _app: &App) -> String {
        self.confirm.title().to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![Command::new([Action::Back, Action::Close], "back", "Go back, nothing is done", Self::back)]
    }

    fn placement(&self, room: u16) -> Placement {
        let width = confirm::WIDTH.min(room);
        Placement::Over(width, u16::try_from(self.confirm.rows(width)).unwrap_or(u16::MAX))
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn takes_text(&self) -> bool {
        true
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

    fn on_update(&mut self, app: &mut App) {
        if let Some(found) = self.proposal.as_ref().and_then(|proposal| proposal.consequence(app)) {
            self.confirm.recount(found);
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        self.confirm.draw(frame, area);
    }
}
