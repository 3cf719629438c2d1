//! A change that may hurt, from the key that begins it to what came of it: tried on a copy, asked about with its
//! consequence counted where somebody could be hurt, then saved. Screens hand over what is to be done and in which words.

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::commands::Command;
use super::confirm::{self, Confirm, Verdict};
use super::consequence::Consequence;
use super::keys::Key;
use super::office::{Memory, Office};
use super::saving::Outcome;
use super::screen::{Answer, Hold, Screen, Stance};
use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::Refusal;

type Edit<T> = Arc<dyn Fn(&mut Configuration) -> Result<T, Refusal> + Send + Sync>;
type Then<T> = Box<dyn FnOnce(&mut Office, Outcome<T>) -> Answer>;

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
    memory: Memory,
    then: Then<T>,
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
            memory: Memory::Undo,
            then: Box::new(move |office, outcome| {
                office.tell_outcome(&told, outcome);
                Answer::Stay
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

    pub(super) fn remembered(mut self, memory: Memory) -> Self {
        self.memory = memory;
        self
    }

    /// Goes on with what came of it, and tells it.
    pub(super) fn then(mut self, then: impl FnOnce(&mut Office, Outcome<T>) -> Answer + 'static) -> Self {
        self.then = Box::new(then);
        self
    }

    /// Asks first, or does it at once. What is refused now is told by the attempt itself.
    pub(super) fn put(self, office: &mut Office) -> Answer {
        let consequence = self.consequence(office);
        match (self.asks, consequence) {
            (Asks::WhereItIsGrave, Some(found)) if !found.is_grave => self.save(office),
            (_, Some(found)) => {
                let confirm = Confirm::new(self.title.clone(), self.choice, found);
                Answer::Push(Box::new(Asked { proposal: Some(self), confirm }))
            }
            (_, None) => self.save(office),
        }
    }

    /// None: it would be refused.
    fn consequence(&self, office: &Office) -> Option<Consequence> {
        let before = match &self.entries {
            EntriesNeeded::None => Arc::clone(&office.configuration),
            entries => Arc::new(office.store.configuration_with(entries).ok()?),
        };
        let mut after = Configuration::clone(&before);
        (self.edit)(&mut after).ok()?;
        let mut found = Consequence::of(&before, &after, &office.server);
        found.lines.splice(0..0, self.lines.iter().cloned());
        Some(found)
    }

    fn save(self, office: &mut Office) -> Answer {
        let Self { words, edit, memory, entries, then, .. } = self;
        let edit = move |configuration: &mut Configuration| edit(configuration).map_err(|refusal| vec![refusal]);
        office.save_with(entries, words, memory, move || Ok(edit), then)
    }
}

/// The question, on the stack.
struct Asked<T> {
    /// None once it was answered.
    proposal: Option<Proposal<T>>,
    confirm: Confirm,
}

impl<T: Send + 'static> Asked<T> {
    fn back(&mut self, _office: &mut Office) -> Answer {
        Answer::Pop
    }
}

impl<T: Send + 'static> Screen for Asked<T> {
    fn title(&self, _office: &Office) -> String {
        self.confirm.title().to_owned()
    }

    fn commands(&self, _office: &Office) -> Vec<Command<Self>> {
        vec![Command::new([Key::ESC, Key::ctrl('c')], "back", "Go back, nothing is done", Self::back)]
    }

    fn stance(&self) -> Stance {
        Stance::Over(confirm::WIDTH, u16::try_from(self.confirm.rows()).unwrap_or(u16::MAX))
    }

    fn hold(&self) -> Hold {
        Hold::Modal
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn typed(&mut self, key: Key, office: &mut Office) -> Answer {
        match (self.confirm.press(key, office), self.proposal.take()) {
            (Verdict::Open, proposal) => {
                self.proposal = proposal;
                Answer::Stay
            }
            (Verdict::Yes, Some(proposal)) => Answer::Back(Box::new(proposal.save(office))),
            (Verdict::Yes | Verdict::No, _) => Answer::Pop,
        }
    }

    fn heard(&mut self, office: &mut Office) {
        if let Some(found) = self.proposal.as_ref().and_then(|proposal| proposal.consequence(office)) {
            self.confirm.recount(found);
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _office: &Office) {
        self.confirm.draw(frame, area);
    }
}
