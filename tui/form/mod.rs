//! A form: fields, what is wrong with them while one types, saving, and what to do if somebody else was faster. Screens
//! bring a `Model` that says which fields there are and what they do to a configuration; checking and saving run the very
//! same function, so that a form cannot know other rules than the store.

mod answer;
mod basis;
mod behind;
mod complete;
mod conflict;
mod draw;
mod fields;
mod look;
mod merge;
mod model;
mod option_search;
mod overlay;
mod picker;
mod save;
mod typed;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::app::{App, Transition};
use super::commands::Command;
use super::job::Job;
use super::keys::Key;
use super::path_completion::PathCompletion;
use super::saving::Outcome;
use super::screen::Screen;
use super::typed_form::UnsavedForm;
use super::widgets::entry::{Aside, Entry, Field};
use super::widgets::key_areas::KeyAreas;
use super::widgets::text_line::Echo;
use crate::settings::configuration::Configuration;
use crate::settings::rule::{Finding, Severity};
use crate::tui::key_table::Action;

use basis::Basis;
use conflict::Conflict;
pub(super) use fields::{Fault, Fields};
pub(super) use model::{Destination, Model, Offer, Purpose};
use overlay::Overlay;

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
    /// What no rule says and may surprise all the same: numbers that no keys of a telephone can dial.
    notes: Vec<Problem>,
    /// Whether saving was tried: before, a field that nobody came to is not blamed.
    was_tried: bool,
    overlay: Overlay,
    /// The look over the whole that goes on beside, with what it will have found.
    look: Option<Job<Found>>,
    /// What `problems` were found in.
    looked_at: Arc<Configuration>,
    /// What the fields offer was listed by.
    listed: Arc<Configuration>,
    /// What came of saving, once it is over.
    outcome: Rc<RefCell<Option<Outcome<M>>>>,
    is_saving: bool,
    /// What others changed meanwhile and was taken over.
    taken_over: Option<String>,
    /// What came of completing a path, once it is over.
    completion: PathCompletion,
    is_completing: bool,
    /// The field for which something is being made, and the number of this console's changes before.
    awaits: Option<(&'static str, u64)>,
    /// What was made and saved from within the form: `context "lab" was added`.
    made: Vec<String>,
    /// What both this form and somebody else changed, as long as nobody said which of it counts.
    undecided: Option<Box<Conflict>>,
    /// Whether the field that is edited was chosen from its list just now: Enter goes on then.
    was_chosen: bool,
    standing: Standing,
    rows: Vec<(Rect, usize)>,
    /// Of the question that stands over it.
    answers: KeyAreas,
}

/// What a look over the whole found that was not so before, with what there is to warn of on this host, by field.
struct Looked {
    findings: Vec<Finding>,
    warnings: Vec<(&'static str, String)>,
}

/// Or what was wrong with files.
type Found = Result<Looked, Fault>;

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
        Self::standing(Standing::Alone, (model, ""), app)
    }

    /// With the cursor in a field that it has.
    pub(super) fn open_at(model: M, field: &str, app: &App) -> Self {
        let mut form = Self::open(model, app);
        if let Some(at) = form.fields.all().iter().position(|one| one.name == field) {
            form.fields.focus_at(at);
        }
        form
    }

    /// Over another form, to make something that is chosen there; with a name that was typed there, or none.
    pub(super) fn within(model: M, name: &str, app: &App) -> Self {
        Self::standing(Standing::Within, (model, name), app)
    }

    fn standing(standing: Standing, (model, name): (M, &str), app: &App) -> Self {
        let mut fields = Fields::new(model.fields(app));
        if !name.is_empty() {
            fields.put("name", |field| field.entry = Entry::text(name));
        }
        model.arrange(&mut fields, app);
        let opened = fields.entries();
        let basis = Basis::of(&model, app);
        let mut form = Self {
            model,
            fields,
            opened,
            basis,
            problems: Vec::new(),
            notes: Vec::new(),
            was_tried: false,
            overlay: Overlay::None,
            look: None,
            looked_at: Arc::clone(&app.configuration),
            listed: Arc::clone(&app.configuration),
            outcome: Rc::default(),
            is_saving: false,
            taken_over: None,
            completion: PathCompletion::default(),
            is_completing: false,
            awaits: None,
            made: Vec::new(),
            undecided: None,
            was_chosen: false,
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
        self.was_chosen = false;
        self.fields.step_forward();
        Transition::Stay
    }

    fn previous(&mut self, _app: &mut App) -> Transition {
        self.was_chosen = false;
        self.fields.step_back();
        Transition::Stay
    }

    /// Enter opens what can be opened, goes on from a text, and saves on the last field, of which the choice was made.
    fn enter(&mut self, app: &mut App) -> Transition {
        match &self.fields.focused().entry {
            _ if self.was_chosen && self.fields.is_last() => self.save(app),
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
        self.overlay = Overlay::picker(field, offer, self.fields.echo());
    }

    /// What Enter would do now, and Space, where that is no text.
    fn enter_and_turn(&self) -> (&'static str, Command<Self>) {
        let turn =
            Command::new([Action::Mark], "change", "Switch between yes and no, or to the next choice", Self::turn);
        let save = match self.model.save_command().0 {
            "save" if self.model.destination() == Destination::Draft => "keep",
            words => words,
        };
        match &self.fields.focused().entry {
            _ if self.was_chosen && self.fields.is_last() => (save, turn),
            Entry::Toggle(_) if self.fields.is_last() => (save, turn),
            Entry::Toggle(_) => ("go on", turn),
            Entry::Choice { .. } => ("choose", turn),
            Entry::Several { .. } => ("choose", turn.quiet()),
            _ if self.fields.is_last() => (save, turn.quiet()),
            _ => ("go on", turn.quiet()),
        }
    }

    fn turn(&mut self, app: &mut App) -> Transition {
        self.typed(Key::SPACE, app)
    }

    /// Digits on `none` of a PIN are the PIN.
    fn go_where_it_is_typed(&mut self, letter: char, app: &App) {
        let focused = self.fields.focused_mut();
        if let Some((option, field)) = self.model.typed_elsewhere(focused.name, letter)
            && let Entry::Choice { at, .. } = &mut focused.entry
        {
            *at = option;
            self.fields.touch();
            self.edited(app);
            self.fields.focus_on(field);
        }
    }

    fn open_palette(&mut self, _app: &mut App) -> Transition {
        self.overlay = Overlay::palette(self.fields.focused());
        Transition::Stay
    }

    fn leave(&mut self, app: &mut App) -> Transition {
        // As in lists Esc first takes back what they are narrowed by.
        if let Overlay::Picker(picker) = &mut self.overlay
            && picker.forget_typed()
        {
            return Transition::Stay;
        }
        match self.overlay {
            Overlay::None if self.is_edited() => {
                self.overlay = Overlay::Guard;
                Transition::Stay
            }
            Overlay::None => Transition::Pop,
            Overlay::Picker(_) => {
                self.give_up_picker(app);
                Transition::Stay
            }
            _ => {
                self.put_off();
                Transition::Stay
            }
        }
    }

    /// Esc gives up what was marked in it, as it does everywhere.
    fn give_up_picker(&mut self, app: &mut App) {
        let Overlay::Picker(picker) = std::mem::replace(&mut self.overlay, Overlay::None) else { return };
        if let Some(before) = picker.before() {
            app.remark(format!("as before: {}", before.words()));
            self.fields.focused_mut().entry = before;
            self.edited(app);
        }
    }

    /// The form as if it were opened now; options that were made meanwhile are among those to choose from.
    fn take_stored(&mut self, app: &App) -> Transition {
        match self.model.anew(app).filter(|model| Basis::of(model, app).is_some()) {
            Some(model) => {
                *self = Self::standing(self.standing, (model, ""), app);
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
        let (save, help) = self.model.save_command();
        let mut commands = vec![
            Command::new([Action::Save], save, help, Self::save_whole).edits(app),
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

    fn is_asking(&self) -> bool {
        matches!(self.overlay, Overlay::Confirm(_) | Overlay::Guard | Overlay::Conflict(_))
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn answers(&self) -> Vec<(Key, String)> {
        self.overlay.answers()
    }

    /// What is chosen or ticked has no use for `?`.
    fn asks_for_help(&self, key: Key) -> bool {
        let is_text = match &self.overlay {
            Overlay::None => matches!(self.fields.focused().entry, Entry::Text(_) | Entry::Secret(_)),
            Overlay::Picker(_) => true,
            Overlay::Confirm(_) | Overlay::Guard | Overlay::Conflict(_) => false,
        };
        key == Key::F1 || (key == Key::char('?') && !is_text)
    }

    fn has_unsaved(&self) -> bool {
        self.is_edited()
    }

    fn typed(&mut self, key: Key, app: &mut App) -> Transition {
        if !matches!(self.overlay, Overlay::None) {
            return self.press_overlay(key, app);
        }
        self.was_chosen = false;
        let is_list = matches!(self.fields.focused().entry, Entry::Choice { .. } | Entry::Several { .. });
        if is_list && let Some(letter) = key.typed() {
            self.go_where_it_is_typed(letter, app);
        }
        let is_list = matches!(self.fields.focused().entry, Entry::Choice { .. } | Entry::Several { .. });
        if is_list && key.typed().is_some() && key != Key::SPACE {
            self.open_picker();
            return self.press_overlay(key, app);
        }
        if let Entry::Text(line) | Entry::Secret(line) = &self.fields.focused().entry
            && line.ignores(key)
        {
            app.warn("Space does nothing here: what you type replaces this, ← → keep it");
            return Transition::Stay;
        }
        let field = self.fields.focused_mut();
        if field.takes_focus() && field.entry.press(key) {
            self.begin_at_home(app);
            self.fields.touch();
            self.edited(app);
        } else if let (Entry::Toggle(_), Some(letter)) = (&self.fields.focused().entry, key.typed()) {
            match self.fields.echo() {
                Echo::Text => app.warn(format!("\"{letter}\" does nothing here: Space switches between yes and no")),
                Echo::Hidden => app.warn("letters do nothing here: Space switches between yes and no"),
            }
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
            self.begin_at_home(app);
            self.fields.touch();
            self.edited(app);
        }
    }

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        self.click(at, app)
    }

    fn on_update(&mut self, app: &mut App) {
        self.take_what_was_made(app);
        self.offer_anew(app);
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
