//! One profile opened: general (name, groups, services), xlets with a sketch of the client's window beside them, and
//! preferences. All of it is a draft until it is saved as a whole; leaving asks if something would be lost.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::draft::{self, Draft, DraftProblem, Shared};
use super::forms::{self, PreferenceModel, ProfileBasis, ProfileModel, XletModel, left};
use super::kept;
use super::overtaken::{save_unasked, settle};
use super::users::ProfileUsers;
use super::xlets::{self, XletColumn};
use crate::settings::edit;
use crate::settings::id::ProfileId;
use crate::settings::preference::{Preference, PreferenceType, PreferenceValue};
use crate::settings::profile::{Profile, Service, Xlet};
use crate::tui::app::{App, DynScreen, Target, Transition};
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::screen::{Screen, open_again};
use crate::tui::typed_form::{FormKey, FormSubject, UnsavedForm};
use crate::tui::widgets::list::{List, MOVES};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    General,
    Xlets,
    Preferences,
}

impl Part {
    pub(super) const ALL: [Self; 3] = [Self::General, Self::Xlets, Self::Preferences];
}

/// A row of the general part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GeneralPart {
    Name,
    PresenceGroup,
    PhoneHintGroup,
    MayListen,
    Service(Service),
}

pub(super) struct Editor {
    pub(super) draft: Shared,
    pub(super) part: Part,
    pub(super) general: List<GeneralPart>,
    pub(super) xlets: List<Xlet>,
    pub(super) column: XletColumn,
    pub(super) preferences: List<Preference>,
    /// Where the names of the parts were drawn.
    pub(super) tabs: Vec<(Rect, Part)>,
}

impl Editor {
    /// None if there is no such profile.
    pub(super) fn open(id: ProfileId, app: &App) -> Option<Self> {
        Draft::open(id, app).map(|draft| Self::of(Shared::new(draft)))
    }

    /// Of a draft that something was made of already.
    fn of(draft: Shared) -> Self {
        let xlets = List::new(xlets::ids(draft.borrow().now()));
        let rows = [GeneralPart::Name, GeneralPart::PresenceGroup, GeneralPart::PhoneHintGroup, GeneralPart::MayListen]
            .into_iter();
        Self {
            part: Part::General,
            general: List::new(rows.chain(Service::ALL.iter().map(|service| GeneralPart::Service(*service))).collect()),
            xlets,
            column: XletColumn::Position,
            preferences: List::new(Preference::ALL.to_vec()),
            tabs: Vec::new(),
            draft,
        }
    }

    pub(super) fn id(&self) -> ProfileId {
        self.draft.borrow().now().id
    }

    /// With what was made of it when the line was cut, if that was asked for.
    pub(super) fn reopened(id: ProfileId, app: &App) -> Option<Self> {
        let mut editor = Self::open(id, app)?;
        if let Some(unsaved) = app.take_up(&draft_key(id)) {
            let put = |profile: &mut Profile| kept::put(profile, &unsaved.fields, &app.configuration);
            if editor.draft.borrow().is_new() {
                editor.draft.borrow_mut().begin(app, put);
                editor.list_xlets();
            } else {
                editor.edit_profile(app, put);
            }
        }
        Some(editor)
    }

    /// With its xlets before one.
    pub(super) fn of_xlets(id: ProfileId, app: &App) -> Option<Self> {
        Self::open(id, app).map(|editor| Self { part: Part::Xlets, ..editor })
    }

    fn edit_profile(&mut self, app: &App, edit: impl FnOnce(&mut Profile)) -> Transition {
        self.draft.borrow_mut().edit(app, edit);
        self.list_xlets();
        Transition::Stay
    }

    /// The cursor goes to an xlet that is new.
    fn list_xlets(&mut self) {
        let ids = xlets::ids(self.draft.borrow().now());
        let new: Vec<Xlet> = ids.iter().copied().filter(|xlet| !self.xlets.ids().contains(xlet)).collect();
        self.xlets.set(ids);
        if let [new] = new[..] {
            self.xlets.choose(new);
        }
    }

    /// What is told of first: about the chosen xlet, else the gravest; with its place among all.
    pub(super) fn problem(&self) -> Option<(usize, DraftProblem)> {
        let draft = self.draft.borrow();
        let chosen = self.xlets.chosen().filter(|_| self.part == Part::Xlets);
        let mut problems = draft.problems().iter().enumerate();
        let about = problems.clone().find(|(_, problem)| chosen.is_some_and(|xlet| problem.xlets.contains(&xlet)));
        about.or_else(|| problems.next()).map(|(at, problem)| (at, problem.clone()))
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        match self.part {
            Part::General => self.general.press(key),
            Part::Xlets => self.xlets.press(key),
            Part::Preferences => self.preferences.press(key),
        };
        Transition::Stay
    }

    fn turn(&mut self, key: Key, _app: &mut App) -> Transition {
        let at = Part::ALL.iter().position(|part| *part == self.part).unwrap_or(0);
        let step = if key == Key::BACK_TAB { Part::ALL.len() - 1 } else { 1 };
        self.part = Part::ALL[(at + step) % Part::ALL.len()];
        Transition::Stay
    }

    fn save(&mut self, app: &mut App) -> Transition {
        let draft = self.draft.clone();
        let overtaken = move |app: &mut App| settle(&draft, app);
        let transition = draft::save(&self.draft, app, || Transition::Stay, overtaken);
        self.list_xlets();
        transition
    }

    fn leave(&mut self, _app: &mut App) -> Transition {
        if !self.draft.borrow().is_edited() {
            return Transition::Pop;
        }
        let draft = self.draft.clone();
        let question = Question::new("not saved", "What you changed in this profile is not saved yet.")
            .choice('s', "save it", move |app| save_unasked(&draft, app, Transition::Pop))
            .choice('d', "discard it", |_| Transition::Pop)
            .stay("keep editing");
        Transition::Push(Box::new(question))
    }

    fn undo(&mut self, app: &mut App) -> Transition {
        self.draft.borrow_mut().undo(app);
        self.list_xlets();
        app.remark("the last step was undone; nothing is saved yet");
        Transition::Stay
    }

    fn users(&mut self, app: &mut App) -> Transition {
        Transition::Push(Box::new(ProfileUsers::open(self.id(), app)))
    }

    fn mend(&mut self, app: &mut App) -> Transition {
        match self.problem().and_then(|(_, problem)| problem.mend) {
            Some(mend) => {
                let transition = self.edit_profile(app, |profile| profile.mend(mend));
                app.remark(format!("done: {mend}; Ctrl-S saves the profile"));
                transition
            }
            None => Transition::Stay,
        }
    }

    fn edit_general(&mut self, app: &mut App) -> Transition {
        let field = match self.general.chosen() {
            Some(GeneralPart::Service(_) | GeneralPart::MayListen) => return self.grant(app),
            Some(GeneralPart::PresenceGroup) => "presences",
            Some(GeneralPart::PhoneHintGroup) => "hints",
            Some(GeneralPart::Name) | None => "name",
        };
        let model = ProfileModel::new(ProfileBasis::Draft(self.draft.clone()), app);
        Transition::Push(Box::new(Form::open_at(model, field, app)))
    }

    fn grant(&mut self, app: &mut App) -> Transition {
        match self.general.chosen() {
            Some(GeneralPart::MayListen) => self.edit_profile(app, |profile| profile.may_listen = !profile.may_listen),
            Some(GeneralPart::Service(service)) => self.edit_profile(app, |profile| {
                if !profile.services.remove(&service) {
                    profile.services.insert(service);
                }
            }),
            Some(GeneralPart::Name | GeneralPart::PresenceGroup | GeneralPart::PhoneHintGroup) | None => {
                self.edit_general(app)
            }
        }
    }

    fn edit_xlet(&mut self, app: &mut App) -> Transition {
        let Some(xlet) = self.xlets.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(XletModel::edit(&self.draft, xlet), app)))
    }

    fn add_xlet(&mut self, app: &mut App) -> Transition {
        Transition::Push(Box::new(Form::open(XletModel::add(&self.draft), app)))
    }

    fn remove_xlet(&mut self, app: &mut App) -> Transition {
        let Some(xlet) = self.xlets.chosen() else { return Transition::Stay };
        self.edit_profile(app, |profile| profile.remove_xlet(xlet))
    }

    fn change_cell(&mut self, app: &mut App) -> Transition {
        let (Some(xlet), column) = (self.xlets.chosen(), self.column) else { return Transition::Stay };
        self.edit_profile(app, |profile| {
            if let Some(mut entry) = profile.entry(xlet).copied() {
                column.change(&mut entry);
                profile.set_xlet(entry);
            }
        })
    }

    fn count(&mut self, key: Key, app: &mut App) -> Transition {
        let Some(xlet) = self.xlets.chosen() else { return Transition::Stay };
        self.edit_profile(app, |profile| xlets::count(profile, xlet, key))
    }

    fn reorder(&mut self, key: Key, app: &mut App) -> Transition {
        let Some(xlet) = self.xlets.chosen() else { return Transition::Stay };
        let direction = if key == Key::char('K') { edit::Direction::Earlier } else { edit::Direction::Later };
        self.edit_profile(app, |profile| {
            profile.move_xlet(xlet, direction);
        })
    }

    fn choose_column(&mut self, key: Key, _app: &mut App) -> Transition {
        self.column = self.column.step(key);
        Transition::Stay
    }

    fn set_preference(&mut self, app: &mut App) -> Transition {
        let Some(preference) = self.preferences.chosen() else { return Transition::Stay };
        Transition::Push(Box::new(Form::open(PreferenceModel::new(&self.draft, preference), app)))
    }

    /// True, false, and from nothing true; what is no switch is typed.
    fn switch_preference(&mut self, app: &mut App) -> Transition {
        let Some(preference) = self.preferences.chosen() else { return Transition::Stay };
        if preference.value_type() != PreferenceType::Bool {
            return self.set_preference(app);
        }
        self.edit_profile(app, |profile| {
            let value = profile.preferences.get(&preference).map(PreferenceValue::as_str);
            let word = if value.is_some_and(|value| ["true", "1"].contains(&value)) { "false" } else { "true" };
            if let Ok(value) = PreferenceValue::parse(preference, word) {
                profile.preferences.insert(preference, value);
            }
        })
    }

    fn unset_preference(&mut self, app: &mut App) -> Transition {
        let Some(preference) = self.preferences.chosen() else { return Transition::Stay };
        self.edit_profile(app, |profile| {
            profile.preferences.remove(&preference);
        })
    }

    fn general_commands(&self, app: &App) -> Vec<Command<Self>> {
        vec![
            Command::new([Action::Open, Action::Edit], "edit", "Edit name and groups", Self::edit_general).edits(app),
            Command::new([Action::Mark], "grant", "Grant or revoke a service", Self::grant).edits(app),
        ]
    }

    fn xlet_commands(&self, app: &App) -> Vec<Command<Self>> {
        let draft = self.draft.borrow();
        let none = self.xlets.chosen().is_none().then_some("the profile has no xlet yet");
        let all = left(draft.now()).is_empty().then_some("the profile has every xlet already");
        let entry = self.xlets.chosen().and_then(|xlet| draft.now().entry(xlet));
        let fixed = entry.and_then(|entry| self.column.obstacle(entry));
        vec![
            Command::new([Action::Add], "add", "Add an xlet that is not in the profile yet", Self::add_xlet)
                .blocked(all)
                .edits(app),
            Command::new([Action::Open, Action::Edit], "edit", "Edit position, number and flags", Self::edit_xlet)
                .blocked(none)
                .edits(app),
            Command::new([Action::Mark], "change", "Change the chosen cell", Self::change_cell)
                .blocked(none)
                .blocked(fixed)
                .edits(app),
            Command::new([Action::Remove], "remove", "Remove the xlet", Self::remove_xlet).blocked(none).edits(app),
            Command::keyed([Action::MoveSideways], "column", "Choose a column", Self::choose_column),
            Command::keyed([Action::MoveUp], "up", "Move it before its neighbour", Self::reorder)
                .blocked(none)
                .edits(app),
            Command::keyed([Action::MoveDown], "down", "Move it behind its neighbour", Self::reorder)
                .blocked(none)
                .edits(app),
            Command::keyed([Action::Lower], "lower", "Lower its number", Self::count).blocked(none).edits(app),
            Command::keyed([Action::Raise], "raise", "Raise its number", Self::count).blocked(none).edits(app),
        ]
    }

    fn preference_commands(&self, app: &App) -> Vec<Command<Self>> {
        let draft = self.draft.borrow();
        let is_set = self.preferences.chosen().is_some_and(|name| draft.now().preferences.contains_key(&name));
        let unset = (!is_set).then_some("the preference is not set");
        vec![
            Command::new([Action::Open, Action::Edit, Action::Add], "set", "Set the preference", Self::set_preference)
                .edits(app),
            Command::new([Action::Mark], "switch", "Switch it between true and false", Self::switch_preference)
                .edits(app),
            Command::new([Action::Remove], "unset", "Unset the preference", Self::unset_preference)
                .blocked(unset)
                .edits(app),
        ]
    }
}

/// Opens the draft of a new profile in place of its first form.
pub(super) fn opened(draft: &Shared) -> Transition {
    Transition::Replace(Box::new(Editor::of(draft.clone())))
}

/// By which it is opened again.
fn draft_key(id: ProfileId) -> FormKey {
    FormKey { subject: FormSubject::Draft(draft::target(id)), within: None }
}

impl Screen for Editor {
    fn title(&self, _app: &App) -> String {
        self.draft.borrow().now().name.to_string()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let mut commands = vec![Command::keyed(MOVES, "move", "Move the cursor", Self::moved)];
        let is_edited = self.draft.borrow().is_edited();
        if is_edited {
            commands.push(Command::new([Action::Save], "save", "Save the whole profile", Self::save).edits(app));
        }
        if self.problem().is_some_and(|(_, problem)| problem.mend.is_some()) {
            commands.push(Command::new([Action::Fix], "fix", "Fix what is shown below", Self::mend).edits(app));
        }
        commands.push(Command::new([Action::Next], "part", "Go to the next part", |editor: &mut Self, app| {
            editor.turn(Key::TAB, app)
        }));
        commands.push(Command::keyed([Action::Previous], "part before", "Go to the part before", Self::turn));
        commands.extend(match self.part {
            Part::General => self.general_commands(app),
            Part::Xlets => self.xlet_commands(app),
            Part::Preferences => self.preference_commands(app),
        });
        let (is_new, has_steps) = (self.draft.borrow().is_new(), self.draft.borrow().has_steps());
        let nobody = is_new.then_some("nobody can have the profile yet: it is not saved");
        commands.push(
            Command::new([Action::Whose], "who uses it", "Show who uses the profile", Self::users).blocked(nobody),
        );
        // Of a new one it is not the last change elsewhere that is meant.
        if has_steps || is_new {
            let none = (!has_steps).then_some("there is no step to undo; Esc, then d drops the new profile");
            commands.push(Command::new([Action::Undo], "undo", "Undo the last step", Self::undo).quiet().blocked(none));
        }
        commands.push(
            Command::new([Action::Back], "back", "Go back; asks first if something would be lost", Self::leave).quiet(),
        );
        commands
    }

    fn on_update(&mut self, app: &mut App) {
        let is_there = self.draft.borrow_mut().on_update(app);
        if !is_there {
            app.warn(format!("profile \"{}\" was removed by somebody else", self.draft.borrow().now().name));
        }
        self.list_xlets();
    }

    /// What was changed in it and is not saved stays, whoever removed the profile.
    fn object(&self) -> Option<Target> {
        let draft = self.draft.borrow();
        (!draft.is_new() && !draft.is_edited()).then(|| draft::target(draft.now().id))
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        if let Some((_, part)) = self.tabs.iter().find(|(area, _)| area.contains(at)) {
            self.part = *part;
            return Transition::Stay;
        }
        open_again(match self.part {
            Part::General => self.general.clicked(at),
            Part::Xlets => self.xlets.clicked(at),
            Part::Preferences => self.preferences.clicked(at),
        })
    }

    fn has_unsaved(&self) -> bool {
        self.draft.borrow().is_edited()
    }

    fn unsaved(&self, app: &App) -> Option<UnsavedForm> {
        let draft = self.draft.borrow();
        let fields = kept::typed(&draft, &app.configuration);
        let title = draft.now().name.to_string();
        (!fields.is_empty()).then(|| UnsavedForm { key: draft_key(draft.now().id), title, fields })
    }

    fn reopen(&self, key: &FormKey, app: &App) -> Option<Box<dyn DynScreen>> {
        let FormSubject::Part(_, what) = &key.subject else { return None };
        if key.within != Some(draft::target(self.id())) {
            return None;
        }
        forms::reopened(&self.draft, what, app)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.draw_parts(frame, area, app);
    }

    fn draw_detail(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.draw_beside_list(frame, area, app);
    }
}
