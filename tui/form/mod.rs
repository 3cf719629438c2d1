//! A form: fields, what is wrong with them while one types, saving, and what to do if somebody else was faster. Screens
//! bring a `Model` that says which fields there are and what they do to a configuration; checking and saving run the very
//! same function, so that a form cannot know other rules than the store.

mod answer;
mod basis;
mod complete;
mod conflict;
mod draw;
mod fields;
mod look;
mod merge;
mod overlay;
mod picker;
mod save;
mod typed;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::app::{App, DynScreen, ExpectedVersion, RandomSource, Repeat, Target, Transition};
use super::commands::Command;
use super::job::Job;
use super::keys::Key;
use super::paths::Completion;
use super::saving::Outcome;
use super::screen::Screen;
use super::typed_form::{FormKey, UnsavedForm};
use super::widgets::entry::{Aside, Entry, Field};
use super::widgets::key_areas::KeyAreas;
use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::{Finding, Rule, Severity};
use crate::settings::setting::Key as Setting;
use crate::tui::key_table::Action;

use basis::Basis;
pub(super) use fields::{Fault, Fields};
use overlay::Overlay;

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

    /// What is stored was read as somebody else was faster: with the entries of the phone book, which the app does not hold.
    fn note_stored(&mut self, _stored: &Configuration) {}

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

    /// What follows the words after saving: when it acts, what others see of it.
    fn effect_words(&self) -> String {
        self.advice().map_or(String::new(), |advice| format!("; {advice}"))
    }

    /// Whether what the fields name lies in files, which `examine` looks at.
    fn looks_at_files(&self) -> bool {
        false
    }

    /// What a look at files says of the change; off the thread that draws.
    fn examine(&self, _before: &Configuration, _after: &Configuration) -> Result<(), Fault> {
        Ok(())
    }

    /// What can be made in a form of its own over this one, to be chosen in this field.
    fn offer(&self, _field: &'static str) -> Option<Offer> {
        None
    }

    /// Lists anew what that field offers: something was made.
    fn relist(&mut self, _field: &'static str, _fields: &mut Fields, _app: &App) {}

    /// The same for what other rows are about, once it is saved; none: `.` cannot do it again.
    fn repeat(&self, _fields: &Fields) -> Option<Repeat> {
        None
    }

    /// By which the form is opened again, should the line be cut with something typed in it; none: that is not kept.
    fn key(&self) -> Option<FormKey> {
        None
    }
}

/// Something that is made within another form.
pub(super) struct Offer {
    /// `new context…`
    pub(super) words: &'static str,
    pub(super) open: fn(&App) -> Box<dyn DynScreen>,
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
    /// The look over the whole that goes on beside, with what it will have found.
    look: Option<Job<Found>>,
    /// What `problems` were found in.
    looked_at: Arc<Configuration>,
    /// What came of saving, once it is over.
    outcome: Rc<RefCell<Option<Outcome<M>>>>,
    is_saving: bool,
    /// What others changed meanwhile and was taken over.
    taken_over: Option<String>,
    /// What came of completing a path, once it is over.
    completion: Rc<RefCell<Option<Result<Completion, String>>>>,
    is_completing: bool,
    /// The field for which something is being made, and the number of this console's changes before.
    awaits: Option<(&'static str, u64)>,
    standing: Standing,
    rows: Vec<(Rect, usize)>,
    /// Of the question that stands over it.
    answers: KeyAreas,
}

/// What a look over the whole found that was not so before, or what was wrong with files.
type Found = Result<Vec<Finding>, Fault>;

/// What a form stands over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// A page or a list: where to go after saving, its model says.
    Alone,
    /// Another form, which waits for what is made here.
    Within,
}

impl<M: Model> Form<M> {
    pub(super) fn open(model: M, app: &App) -> Self {
        Self::standing(Standing::Alone, model, app)
    }

    /// Over another form, to make something that is chosen there.
    pub(super) fn within(model: M, app: &App) -> Self {
        Self::standing(Standing::Within, model, app)
    }

    fn standing(standing: Standing, model: M, app: &App) -> Self {
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
            look: None,
            looked_at: Arc::clone(&app.configuration),
            outcome: Rc::default(),
            is_saving: false,
            taken_over: None,
            completion: Rc::default(),
            is_completing: false,
            awaits: None,
            standing,
            rows: Vec::new(),
            answers: KeyAreas::default(),
        };
        form.take_up(app);
        form.check(app);
        form
    }

    fn edited(&mut self, app: &App) {
        self.model.arrange(&mut self.fields, app);
        self.check(app);
    }

    fn is_edited(&self) -> bool {
        let now = self.fields.all();
        let is_other = |(now, old): (&Field, &Entry)| !now.entry.says_the_same(old);
        now.len() != self.opened.len() || now.iter().zip(&self.opened).any(is_other)
    }

    fn next(&mut self, _app: &mut App) -> Transition {
        self.fields.step_forward();
        Transition::Stay
    }

    fn previous(&mut self, _app: &mut App) -> Transition {
        self.fields.step_back();
        Transition::Stay
    }

    /// Enter opens what can be opened, goes on from a text, and saves on the last field.
    fn enter(&mut self, app: &mut App) -> Transition {
        match &self.fields.focused().entry {
            Entry::Choice { .. } | Entry::Several { .. } => {
                self.open_picker();
                Transition::Stay
            }
            _ if self.fields.is_last() => self.save(app),
            _ => self.next(app),
        }
    }

    fn open_picker(&mut self) {
        let field = self.fields.focused();
        let offer = self.model.offer(field.name).map(|offer| offer.words);
        self.overlay = Overlay::picker(field, offer);
    }

    /// What Enter would do now, and Space, where that is no text.
    fn enter_and_turn(&self) -> (&'static str, Command<Self>) {
        let turn =
            Command::new([Action::Mark], "change", "Switch between yes and no, or to the next choice", Self::turn);
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

    /// The form as if it were opened now; options that were made meanwhile are among those to choose from.
    fn take_stored(&mut self, app: &App) -> Transition {
        match self.model.anew(app).filter(|model| Basis::of(model, app).is_some()) {
            Some(model) => {
                *self = Self::standing(self.standing, model, app);
                Transition::Stay
            }
            None => Transition::Pop,
        }
    }
}

impl<M: Model> Screen for Form<M> {
    fn title(&self, _app: &App) -> String {
        self.model.title()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        match &self.overlay {
            Overlay::None => {}
            Overlay::Picker(picker) => return Self::commands_of_picker(picker.takes_several(), app),
            Overlay::Confirm(_) | Overlay::Guard | Overlay::Conflict(_) => return vec![Self::back()],
        }
        let (enter, turn) = self.enter_and_turn();
        let has_palette = self.fields.focused().aside == Some(Aside::Swatch);
        let palette = Command::new([Action::Colors], "palette", "Choose a color from a palette", Self::open_palette);
        let palette = if has_palette { palette } else { palette.blocked(Some("only a color has a palette")).quiet() };
        let mut commands = vec![
            Command::new([Action::Save], "save", "Save and close", Self::save).edits(app),
            Command::new(
                [Action::Back, Action::Close],
                "cancel",
                "Close; asks first if something would be lost",
                Self::leave,
            ),
        ];
        commands.extend(self.commands_of_fields(app));
        commands.extend([
            Command::new([Action::Previous, Action::Up], "field before", "Go to the field before", Self::previous)
                .quiet(),
            Command::new(
                [Action::Open],
                enter,
                "Open the list, or go to the next field; save on the last one",
                Self::enter,
            ),
            turn,
            palette,
        ]);
        commands
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
        let is_list = matches!(self.fields.focused().entry, Entry::Choice { .. } | Entry::Several { .. });
        if is_list && key.typed().is_some() && key != Key::SPACE {
            self.open_picker();
            return self.press_overlay(key, app);
        }
        let field = self.fields.focused_mut();
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

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        self.click(at, app)
    }

    fn on_update(&mut self, app: &mut App) {
        self.take_what_was_made(app);
        if !Arc::ptr_eq(&self.looked_at, &app.configuration) {
            self.check(app);
        }
        if let Overlay::Confirm(_) = &self.overlay
            && let Some(found) = self.consequence(app)
            && let Overlay::Confirm(confirm) = &mut self.overlay
        {
            confirm.recount(found);
        }
    }

    fn unsaved(&self, _app: &App) -> Option<UnsavedForm> {
        self.what_is_typed()
    }

    fn is_working(&self) -> bool {
        self.is_saving || self.is_completing || self.look.is_some()
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        self.take_look();
        if self.is_completing {
            return self.finish_completing(app);
        }
        self.finish(app)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        self.draw_all(frame, area);
    }
}
