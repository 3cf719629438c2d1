//! A form: fields, what is wrong with them while one types, saving, and what to do if somebody else was faster. Screens
//! bring a `Model` that says which fields there are and what they do to a configuration; checking and saving run the very
//! same function, so that a form cannot know other rules than the store.

mod basis;
mod draw;
mod fields;
mod overlay;
mod picker;
mod save;

use std::cell::RefCell;
use std::rc::Rc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::app::{App, ExpectedVersion, RandomSource, Target, Transition};
use super::commands::Command;
use super::confirm::Verdict;
use super::keys::Key;
use super::plain::without_codes;
use super::saving::Outcome;
use super::screen::Screen;
use super::widgets::entry::{Aside, Entry, Field};
use super::widgets::type_ahead::TypeAhead;
use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::{Finding, Rule, Severity};
use crate::settings::setting::Key as Setting;

use basis::Basis;
pub(super) use fields::{Fault, Fields};
use overlay::{Overlay, Picked};

/// Past so many users a look over the whole configuration is felt at each key; saving looks in any case.
const USERS_LOOKED_OVER_MAX: usize = 2000;

/// Why a model is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To see what would be wrong: nothing slow, nothing that must be new.
    Check,
    Save,
}

/// Where what a form says goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Destination {
    Store,
    /// Into something that the screen below saves as a whole: what that still lacks is told here, and holds nothing back.
    Draft,
}

/// What a form is about.
///
/// A copy of it goes to the thread that saves, and comes back with what that made of it.
pub(super) trait Model: Clone + Send + 'static {
    /// `new presence`, `presence away`.
    fn title(&self) -> String;

    /// The object that is edited; none: a new one.
    fn target(&self) -> Option<Target>;

    /// Which version of that object was shown; none if it is gone.
    fn expected(&self, app: &App) -> Option<ExpectedVersion> {
        self.target().and_then(|target| app.expected_version(target))
    }

    /// The entries of the phone book that must be at hand to save it.
    fn entries(&self) -> EntriesNeeded {
        EntriesNeeded::None
    }

    /// The settings that are edited, if the form is about some.
    fn settings(&self) -> Vec<Setting> {
        Vec::new()
    }

    /// The model of the same object as it is now; needed by all that edit something that others may edit too.
    fn anew(&self, _app: &App) -> Option<Self>
    where
        Self: Sized,
    {
        None
    }

    /// What is stored now was shown beside the form: what is saved next is meant to go over it.
    fn accept(&mut self, _app: &App) {}

    /// The fields, holding what the configuration says now.
    fn fields(&self, app: &App) -> Vec<Field>;

    /// Does to the configuration what the fields say.
    fn apply(
        &self,
        fields: &Fields,
        configuration: &mut Configuration,
        random: RandomSource,
        purpose: Purpose,
    ) -> Result<(), Fault>;

    /// What has happened then: `presence "away" was changed`.
    fn words(&self, fields: &Fields) -> String;

    /// Opens, closes or changes fields after another one was edited.
    fn arrange(&self, _fields: &mut Fields, _app: &App) {}

    /// Whether a form on an object that is there is worth saving as it was opened.
    fn saves_unedited(&self) -> bool {
        self.target().is_none()
    }

    /// The field in which a broken rule is mended, for what is found only by a look over the whole.
    fn field_of(&self, _rule: Rule) -> Option<&'static str> {
        None
    }

    /// What saving needs and takes its time, before the transaction: a password's hash.
    fn prepare(&mut self, _fields: &Fields, _chance: RandomSource) -> Result<(), Fault> {
        Ok(())
    }

    fn destination(&self) -> Destination {
        Destination::Store
    }

    /// Takes what the form made of the configuration, where that goes to a draft.
    fn keep(&self, _configuration: &Configuration, _app: &App) {}

    /// Where to go once it is saved.
    fn then(&mut self, _fields: &Fields, _app: &App) -> Transition {
        Transition::Pop
    }

    /// What saving does, as the question before a grave one calls it.
    fn choice(&self) -> &'static str {
        "save it"
    }

    /// Told beside the words after saving.
    fn advice(&self) -> Option<&'static str> {
        None
    }
}

/// Something to tell about what the form holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Problem {
    severity: Severity,
    /// None: about the whole.
    field: Option<&'static str>,
    text: String,
}

pub(super) struct Form<M: Model> {
    model: M,
    fields: Fields,
    /// As it was opened.
    opened: Vec<Entry>,
    basis: Option<Basis>,
    problems: Vec<Problem>,
    /// Whether saving was tried: before, a field that nobody came to is not blamed.
    was_tried: bool,
    overlay: Overlay,
    /// Letters that look for an option of the field that is edited.
    ahead: TypeAhead,
    /// What came of saving, once it is over.
    outcome: Rc<RefCell<Option<Outcome<M>>>>,
    is_saving: bool,
    rows: Vec<(Rect, usize)>,
}

impl<M: Model> Form<M> {
    pub(super) fn open(model: M, app: &App) -> Self {
        let mut fields = Fields::new(model.fields(app));
        model.arrange(&mut fields, app);
        let opened = fields.entries();
        let basis = Basis::of(&model, app);
        let mut form = Self {
            model,
            fields,
            opened,
            basis,
            problems: Vec::new(),
            was_tried: false,
            overlay: Overlay::None,
            ahead: TypeAhead::default(),
            outcome: Rc::default(),
            is_saving: false,
            rows: Vec::new(),
        };
        form.check(app);
        form
    }

    /// Sees what would be wrong if it were saved now.
    fn check(&mut self, app: &App) {
        let present = &app.configuration;
        let mut draft = Configuration::clone(present);
        self.fields.take_faults();
        let applied = self.model.apply(&self.fields, &mut draft, app.random, Purpose::Check);
        self.problems = match applied {
            Err(fault) => {
                let mut faults = self.fields.take_faults();
                if faults.iter().all(|known| known.field != fault.field) {
                    faults.push(fault);
                }
                faults.into_iter().map(|fault| self.problem(fault)).collect()
            }
            Ok(()) if present.users.len() > USERS_LOOKED_OVER_MAX => Vec::new(),
            Ok(()) => {
                let known = present.findings();
                let new = draft.findings().into_iter().filter(|finding| !known.contains(finding));
                let is_draft = self.model.destination() == Destination::Draft;
                let problem = |finding: Finding| Problem {
                    severity: if is_draft { Severity::Warning } else { finding.severity },
                    field: self.model.field_of(finding.refusal.rule),
                    text: without_codes(&finding.refusal.to_string()),
                };
                new.map(problem).collect()
            }
        };
    }

    fn problem(&self, Fault { field, refusal }: Fault) -> Problem {
        let field = field.or_else(|| self.model.field_of(refusal.rule));
        Problem { severity: Severity::Error, field, text: without_codes(&refusal.to_string()) }
    }

    fn edited(&mut self, app: &App) {
        self.model.arrange(&mut self.fields, app);
        self.check(app);
    }

    fn is_edited(&self) -> bool {
        let now = self.fields.entries();
        now.len() != self.opened.len() || now.iter().zip(&self.opened).any(|(now, old)| !now.says_the_same(old))
    }

    fn next(&mut self, _app: &mut App) -> Transition {
        self.ahead.forget();
        self.fields.step_forward();
        Transition::Stay
    }

    fn previous(&mut self, _app: &mut App) -> Transition {
        self.ahead.forget();
        self.fields.step_back();
        Transition::Stay
    }

    /// Enter opens what can be opened, goes on from a text, and saves on the last field.
    fn enter(&mut self, app: &mut App) -> Transition {
        match &self.fields.focused().entry {
            Entry::Choice { .. } | Entry::Several { .. } => {
                self.overlay = Overlay::picker(self.fields.focused());
                Transition::Stay
            }
            _ if self.fields.is_last() => self.save(app),
            _ => self.next(app),
        }
    }

    /// What Enter would do now, and Space, where that is no text.
    fn enter_and_turn(&self) -> (&'static str, Command<Self>) {
        let turn = Command::new([Key::SPACE], "change", "Change yes to no, or take the next choice", Self::turn);
        match &self.fields.focused().entry {
            Entry::Toggle(_) if self.fields.is_last() => ("save", turn),
            Entry::Toggle(_) => ("go on", turn),
            Entry::Choice { .. } => ("choose", turn),
            Entry::Several { .. } => ("choose", turn.quiet()),
            _ if self.fields.is_last() => ("save", turn.quiet()),
            _ => ("go on", turn.quiet()),
        }
    }

    fn turn(&mut self, app: &mut App) -> Transition {
        self.typed(Key::SPACE, app)
    }

    fn open_palette(&mut self, _app: &mut App) -> Transition {
        self.overlay = Overlay::palette(self.fields.focused());
        Transition::Stay
    }

    fn choose(&mut self, app: &mut App) -> Transition {
        self.press_overlay(Key::ENTER, app)
    }

    fn mark(&mut self, app: &mut App) -> Transition {
        self.press_overlay(Key::SPACE, app)
    }

    fn leave(&mut self, _app: &mut App) -> Transition {
        match self.overlay {
            Overlay::None if self.is_edited() => {
                self.overlay = Overlay::Guard;
                Transition::Stay
            }
            Overlay::None => Transition::Pop,
            _ => {
                self.overlay = Overlay::None;
                Transition::Stay
            }
        }
    }

    /// What the picker, the guard and the conflict take.
    fn press_overlay(&mut self, key: Key, app: &mut App) -> Transition {
        match &mut self.overlay {
            Overlay::None => {}
            Overlay::Picker(picker) => {
                let is_done = picker.press(key, app) == Picked::Done;
                if let Some(entry) = picker.entry() {
                    self.fields.focused_mut().entry = entry;
                    self.fields.touch();
                }
                if is_done {
                    self.overlay = Overlay::None;
                }
                self.edited(app);
            }
            Overlay::Confirm(confirm) => match confirm.press(key, app) {
                Verdict::Open => {}
                Verdict::Yes => return self.write(app),
                Verdict::No => self.overlay = Overlay::None,
            },
            Overlay::Guard => match key.typed() {
                Some('s') => return self.save(app),
                Some('d') => return Transition::Pop,
                Some('n') => self.overlay = Overlay::None,
                _ => app.warn("nothing is done yet: answer with s, d or n"),
            },
            Overlay::Conflict { basis, .. } => match key.typed() {
                // What came after that version was not shown: it is no part of the consent.
                Some('m') if basis.is_some() => {
                    self.basis = basis.take();
                    return self.write(app);
                }
                Some('t') => return self.take_stored(app),
                _ => app.warn("nothing is done yet: answer with m or t; Esc goes on editing"),
            },
        }
        Transition::Stay
    }

    /// The form as if it were opened now; options that were made meanwhile are among those to choose from.
    fn take_stored(&mut self, app: &App) -> Transition {
        match self.model.anew(app).filter(|model| Basis::of(model, app).is_some()) {
            Some(model) => {
                *self = Self::open(model, app);
                Transition::Stay
            }
            None => Transition::Pop,
        }
    }
}

/// Why a letter found no option.
fn nothing_begins_with(ahead: &TypeAhead, letter: char) -> String {
    format!("nothing here begins with \"{}{letter}\"", ahead.prefix())
}

impl<M: Model> Screen for Form<M> {
    fn title(&self, _app: &App) -> String {
        self.model.title()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let back = Command::new([Key::ESC, Key::ctrl('c')], "back", "Go back to the form", Self::leave);
        let choose = Command::new([Key::ENTER], "choose", "Take what is chosen", Self::choose);
        let help = "Take what is marked; what the cursor is on, if Space marked nothing";
        let done = Command::new([Key::ENTER], "done", help, Self::choose);
        let mark = Command::new([Key::SPACE], "mark", "Mark it or take the mark away", Self::mark);
        match &self.overlay {
            Overlay::None => {}
            Overlay::Picker(picker) if picker.takes_several() => return vec![mark, done, back],
            Overlay::Picker(_) => return vec![choose, back],
            Overlay::Confirm(_) | Overlay::Guard | Overlay::Conflict { .. } => return vec![back],
        }
        let (enter, turn) = self.enter_and_turn();
        let has_palette = self.fields.focused().aside == Some(Aside::Swatch);
        let palette = Command::new([Key::ctrl('p')], "palette", "Choose a color from a palette", Self::open_palette);
        let palette = if has_palette { palette } else { palette.blocked(Some("only a color has a palette")).quiet() };
        vec![
            Command::new([Key::ctrl('s')], "save", "Save and close", Self::save).edits(app),
            Command::new([Key::ESC, Key::ctrl('c')], "cancel", "Close; asks if something would be lost", Self::leave),
            Command::new([Key::TAB, Key::DOWN], "next field", "Go to the next field", Self::next),
            Command::new([Key::BACK_TAB, Key::UP], "field before", "Go to the field before", Self::previous).quiet(),
            Command::new([Key::ENTER], enter, "Open a list to choose from; go on; save on the last field", Self::enter),
            turn,
            palette,
        ]
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn has_unsaved(&self) -> bool {
        self.is_edited()
    }

    fn typed(&mut self, key: Key, app: &mut App) -> Transition {
        if !matches!(self.overlay, Overlay::None) {
            return self.press_overlay(key, app);
        }
        let field = self.fields.focused_mut();
        if let (Entry::Choice { options, at }, Some(letter)) =
            (&mut field.entry, key.typed().filter(|_| key != Key::SPACE))
        {
            match self.ahead.find(options, *at, letter, app.now) {
                Some(found) => *at = found,
                None => app.warn(nothing_begins_with(&self.ahead, letter)),
            }
            self.fields.touch();
            self.edited(app);
            return Transition::Stay;
        }
        self.ahead.forget();
        if field.takes_focus() && field.entry.press(key) {
            self.fields.touch();
            self.edited(app);
        } else if key.typed().is_none() && !key.moves_in_text() {
            app.warn(format!("{key} does nothing here; F1 shows the keys"));
        }
        Transition::Stay
    }

    fn pasted(&mut self, text: &str, app: &mut App) {
        if let (Overlay::None, Entry::Text(line) | Entry::Secret(line)) =
            (&self.overlay, &mut self.fields.focused_mut().entry)
        {
            line.paste(text);
            self.fields.touch();
            self.edited(app);
        }
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        if let (Overlay::None, Some((_, field))) = (&self.overlay, self.rows.iter().find(|(area, _)| area.contains(at)))
        {
            self.ahead.forget();
            self.fields.focus_at(*field);
        }
        Transition::Stay
    }

    fn on_update(&mut self, app: &mut App) {
        self.check(app);
        let found = self.consequence(app);
        if let (Overlay::Confirm(confirm), Some(found)) = (&mut self.overlay, found) {
            confirm.recount(found);
        }
    }

    fn is_working(&self) -> bool {
        self.is_saving
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        self.finish(app)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        self.draw_all(frame, area);
    }
}
