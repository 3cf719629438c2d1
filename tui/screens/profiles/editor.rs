//! One profile opened: general (name, groups, services), xlets with a sketch of the client's window beside them, and
//! preferences. All of it is a draft until it is saved as a whole; leaving asks if something would be lost.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::draft::{self, Draft, Problem, Shared};
use super::forms::{PreferenceModel, ProfileModel, Source, XletModel, left};
use super::users::Users;
use super::xlets::{self, Column};
use crate::settings::edit::Direction;
use crate::settings::id::ProfileId;
use crate::settings::preference::{Preference, PreferenceType, PreferenceValue};
use crate::settings::profile::{Profile, Service, Xlet};
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::office::Office;
use crate::tui::screen::{Answer, Screen};
use crate::tui::widgets::list::{List, MOVES};

/// How many differences a question about two versions names of each.
const DIFFERENCES_NAMED: usize = 3;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum General {
    Name,
    PresenceGroup,
    PhoneHintGroup,
    Service(Service),
}

pub(super) struct Editor {
    pub(super) id: ProfileId,
    pub(super) draft: Shared,
    pub(super) part: Part,
    pub(super) general: List<General>,
    pub(super) xlets: List<Xlet>,
    pub(super) column: Column,
    pub(super) preferences: List<Preference>,
    /// Where the names of the parts were drawn.
    pub(super) tabs: Vec<(Rect, Part)>,
}

impl Editor {
    /// None if there is no such profile.
    pub(super) fn open(id: ProfileId, office: &Office) -> Option<Self> {
        let draft = Draft::open(id, office)?;
        let rows = [General::Name, General::PresenceGroup, General::PhoneHintGroup].into_iter();
        Some(Self {
            id,
            part: Part::General,
            general: List::new(rows.chain(Service::ALL.iter().map(|service| General::Service(*service))).collect()),
            xlets: List::new(xlets::ids(draft.now())),
            column: Column::Position,
            preferences: List::new(Preference::ALL.to_vec()),
            tabs: Vec::new(),
            draft: Shared::new(draft),
        })
    }

    fn edit_profile(&mut self, office: &Office, edit: impl FnOnce(&mut Profile)) -> Answer {
        self.draft.borrow_mut().edit(office, edit);
        self.list_xlets();
        Answer::Stay
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
    pub(super) fn problem(&self) -> Option<(usize, Problem)> {
        let draft = self.draft.borrow();
        let chosen = self.xlets.chosen().filter(|_| self.part == Part::Xlets);
        let mut problems = draft.problems().iter().enumerate();
        let about = problems.clone().find(|(_, problem)| chosen.is_some_and(|xlet| problem.xlets.contains(&xlet)));
        about.or_else(|| problems.next()).map(|(at, problem)| (at, problem.clone()))
    }

    fn moved(&mut self, key: Key, _office: &mut Office) -> Answer {
        match self.part {
            Part::General => self.general.press(key),
            Part::Xlets => self.xlets.press(key),
            Part::Preferences => self.preferences.press(key),
        };
        Answer::Stay
    }

    fn turn(&mut self, key: Key, _office: &mut Office) -> Answer {
        let at = Part::ALL.iter().position(|part| *part == self.part).unwrap_or(0);
        let step = if key == Key::BACK_TAB { Part::ALL.len() - 1 } else { 1 };
        self.part = Part::ALL[(at + step) % Part::ALL.len()];
        Answer::Stay
    }

    fn save(&mut self, office: &mut Office) -> Answer {
        let draft = self.draft.clone();
        let overtaken = move |office: &mut Office| Answer::Push(Box::new(conflict(&draft, office)));
        let answer = draft::save(&self.draft, office, || Answer::Stay, overtaken);
        self.list_xlets();
        answer
    }

    fn leave(&mut self, _office: &mut Office) -> Answer {
        if !self.draft.borrow().is_edited() {
            return Answer::Pop;
        }
        let draft = self.draft.clone();
        let question = Question::new("not saved", "What you changed in this profile is not saved yet.")
            .choice('s', "save it", move |office| save_unasked(&draft, office, Answer::Pop))
            .choice('d', "discard it", |_| Answer::Pop)
            .stay("keep editing");
        Answer::Push(Box::new(question))
    }

    fn undo(&mut self, office: &mut Office) -> Answer {
        self.draft.borrow_mut().undo(office);
        self.list_xlets();
        office.remark("the last step was taken back; nothing is stored yet");
        Answer::Stay
    }

    fn users(&mut self, office: &mut Office) -> Answer {
        Answer::Push(Box::new(Users::open(self.id, office)))
    }

    fn mend(&mut self, office: &mut Office) -> Answer {
        match self.problem().and_then(|(_, problem)| problem.mend) {
            Some(mend) => self.edit_profile(office, |profile| profile.mend(mend)),
            None => Answer::Stay,
        }
    }

    fn edit_general(&mut self, office: &mut Office) -> Answer {
        if let Some(General::Service(_)) = self.general.chosen() {
            return self.grant(office);
        }
        let model = ProfileModel::new(Source::Draft(self.draft.clone()), office);
        Answer::Push(Box::new(Form::open(model, office)))
    }

    fn grant(&mut self, office: &mut Office) -> Answer {
        let Some(General::Service(service)) = self.general.chosen() else { return self.edit_general(office) };
        self.edit_profile(office, |profile| {
            if !profile.services.remove(&service) {
                profile.services.insert(service);
            }
        })
    }

    fn edit_xlet(&mut self, office: &mut Office) -> Answer {
        let Some(xlet) = self.xlets.chosen() else { return Answer::Stay };
        Answer::Push(Box::new(Form::open(XletModel::edit(&self.draft, xlet), office)))
    }

    fn add_xlet(&mut self, office: &mut Office) -> Answer {
        Answer::Push(Box::new(Form::open(XletModel::add(&self.draft), office)))
    }

    fn remove_xlet(&mut self, office: &mut Office) -> Answer {
        let Some(xlet) = self.xlets.chosen() else { return Answer::Stay };
        self.edit_profile(office, |profile| profile.remove_xlet(xlet))
    }

    fn change_cell(&mut self, office: &mut Office) -> Answer {
        let (Some(xlet), column) = (self.xlets.chosen(), self.column) else { return Answer::Stay };
        self.edit_profile(office, |profile| {
            if let Some(mut entry) = profile.entry(xlet).copied() {
                column.change(&mut entry);
                profile.set_xlet(entry);
            }
        })
    }

    fn count(&mut self, key: Key, office: &mut Office) -> Answer {
        let Some(xlet) = self.xlets.chosen() else { return Answer::Stay };
        self.edit_profile(office, |profile| {
            if let Some(mut entry) = profile.entry(xlet).copied() {
                entry.number = xlets::counted(entry.number, key);
                profile.set_xlet(entry);
            }
        })
    }

    fn reorder(&mut self, key: Key, office: &mut Office) -> Answer {
        let Some(xlet) = self.xlets.chosen() else { return Answer::Stay };
        let direction = if key == Key::char('K') { Direction::Earlier } else { Direction::Later };
        self.edit_profile(office, |profile| {
            profile.move_xlet(xlet, direction);
        })
    }

    fn choose_column(&mut self, key: Key, _office: &mut Office) -> Answer {
        self.column = self.column.step(key);
        Answer::Stay
    }

    fn set_preference(&mut self, office: &mut Office) -> Answer {
        let Some(preference) = self.preferences.chosen() else { return Answer::Stay };
        Answer::Push(Box::new(Form::open(PreferenceModel::new(&self.draft, preference), office)))
    }

    /// True, false, and from nothing true; what is no switch is typed.
    fn switch_preference(&mut self, office: &mut Office) -> Answer {
        let Some(preference) = self.preferences.chosen() else { return Answer::Stay };
        if preference.value_type() != PreferenceType::Bool {
            return self.set_preference(office);
        }
        self.edit_profile(office, |profile| {
            let value = profile.preferences.get(&preference).map(PreferenceValue::as_str);
            let word = if value.is_some_and(|value| ["true", "1"].contains(&value)) { "false" } else { "true" };
            if let Ok(value) = PreferenceValue::parse(preference, word) {
                profile.preferences.insert(preference, value);
            }
        })
    }

    fn unset_preference(&mut self, office: &mut Office) -> Answer {
        let Some(preference) = self.preferences.chosen() else { return Answer::Stay };
        self.edit_profile(office, |profile| {
            profile.preferences.remove(&preference);
        })
    }

    fn general_commands(&self, office: &Office) -> Vec<Command<Self>> {
        vec![
            Command::new([Key::ENTER, Key::char('e')], "edit", "Edit name and groups", Self::edit_general)
                .edits(office),
            Command::new([Key::SPACE], "grant", "Grant a service or take it back", Self::grant).edits(office),
        ]
    }

    fn xlet_commands(&self, office: &Office) -> Vec<Command<Self>> {
        let draft = self.draft.borrow();
        let none = self.xlets.chosen().is_none().then_some("the profile has no xlet yet");
        let all = left(draft.now()).is_empty().then_some("the profile has every xlet already");
        let entry = self.xlets.chosen().and_then(|xlet| draft.now().entry(xlet));
        let fixed = entry.and_then(|entry| self.column.obstacle(entry));
        vec![
            Command::new([Key::char('a')], "add", "Add an xlet that is not in the profile yet", Self::add_xlet)
                .blocked(all)
                .edits(office),
            Command::new([Key::ENTER, Key::char('e')], "edit", "Edit position, number and flags", Self::edit_xlet)
                .blocked(none)
                .edits(office),
            Command::new([Key::SPACE], "change", "Change the chosen cell", Self::change_cell)
                .blocked(none)
                .blocked(fixed)
                .edits(office),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Take the xlet out", Self::remove_xlet)
                .blocked(none)
                .edits(office),
            Command::keyed([Key::LEFT, Key::RIGHT], "column", "Choose a column", Self::choose_column),
            Command::keyed(
                [Key::char('K'), Key::char('J')],
                "move",
                "Move it before, behind its neighbour",
                Self::reorder,
            )
            .blocked(none)
            .edits(office),
            Command::keyed([Key::char('+'), Key::char('-')], "number", "Raise, lower its number", Self::count)
                .blocked(none)
                .edits(office),
        ]
    }

    fn preference_commands(&self, office: &Office) -> Vec<Command<Self>> {
        let draft = self.draft.borrow();
        let is_set = self.preferences.chosen().is_some_and(|name| draft.now().preferences.contains_key(&name));
        let unset = (!is_set).then_some("the preference is not set");
        vec![
            Command::new(
                [Key::ENTER, Key::char('e'), Key::char('a')],
                "set",
                "Set the preference",
                Self::set_preference,
            )
            .edits(office),
            Command::new([Key::SPACE], "switch", "Switch it between true and false", Self::switch_preference)
                .edits(office),
            Command::new([Key::char('d'), Key::DELETE], "unset", "Take the preference out", Self::unset_preference)
                .blocked(unset)
                .edits(office),
        ]
    }
}

/// Both versions, and which one shall be.
fn conflict(shared: &Shared, office: &Office) -> Question {
    let (own, stored) = shared.borrow().differences(office);
    let told = |parts: &[String]| match parts.len() {
        0 => "nothing".to_owned(),
        many if many > DIFFERENCES_NAMED => {
            format!("{}; and {} more", parts[..DIFFERENCES_NAMED].join("; "), many - DIFFERENCES_NAMED)
        }
        _ => parts.join("; "),
    };
    let shown = shared.borrow().stored_now(office);
    let words = if shown.is_some() { "changed" } else { "removed" };
    let text = format!(
        "Somebody else {words} this profile meanwhile; nothing was overwritten.\nOnly in yours: {}\nOnly in what is \
         stored: {}",
        told(&own),
        told(&stored)
    );
    let mut question = Question::new("changed meanwhile", text);
    if let Some(shown) = shown {
        let draft = shared.clone();
        question = question.choice('m', "save mine over it", move |office| {
            draft.borrow_mut().accept(shown);
            save_unasked(&draft, office, Answer::Stay)
        });
    }
    let draft = shared.clone();
    question
        .choice('t', "take what is stored", move |office| {
            if draft.borrow_mut().take_stored(office) { Answer::Stay } else { Answer::Pop }
        })
        .stay("keep editing")
}

/// Saves where no question can be asked: that both versions are to be looked at is said.
fn save_unasked(draft: &Shared, office: &mut Office, then: Answer) -> Answer {
    draft::save(
        draft,
        office,
        || then,
        |office| {
            office.fail("not saved: somebody else changed the profile meanwhile; Ctrl-S shows both versions");
            Answer::Stay
        },
    )
}

impl Screen for Editor {
    fn title(&self, _office: &Office) -> String {
        self.draft.borrow().now().name.to_string()
    }

    fn commands(&self, office: &Office) -> Vec<Command<Self>> {
        let mut commands = vec![Command::keyed(MOVES, "move", "Move the cursor", Self::moved)];
        let is_edited = self.draft.borrow().is_edited();
        if is_edited {
            commands.push(Command::new([Key::ctrl('s')], "save", "Save the whole profile", Self::save).edits(office));
        }
        if self.problem().is_some_and(|(_, problem)| problem.mend.is_some()) {
            commands.push(Command::new([Key::char('m')], "mend", "Mend what is told below", Self::mend).edits(office));
        }
        commands.push(Command::new([Key::TAB], "part", "Go to the next part", |editor: &mut Self, office| {
            editor.turn(Key::TAB, office)
        }));
        commands.push(Command::keyed([Key::BACK_TAB], "part before", "Go to the part before", Self::turn));
        commands.extend(match self.part {
            Part::General => self.general_commands(office),
            Part::Xlets => self.xlet_commands(office),
            Part::Preferences => self.preference_commands(office),
        });
        commands.push(Command::new([Key::char('u')], "users", "Show who uses the profile", Self::users));
        if self.draft.borrow().has_steps() {
            commands.push(Command::new([Key::ctrl('z')], "undo", "Take the last step back", Self::undo).quiet());
        }
        commands
            .push(Command::new([Key::ESC], "back", "Go back; asks if something would be lost", Self::leave).quiet());
        commands
    }

    fn heard(&mut self, office: &mut Office) {
        let is_there = self.draft.borrow_mut().heard(office);
        if !is_there {
            office.warn(format!("profile \"{}\" was removed by somebody else", self.draft.borrow().now().name));
        }
        self.list_xlets();
    }

    fn clicked(&mut self, at: Position, _office: &mut Office) -> Answer {
        if let Some((_, part)) = self.tabs.iter().find(|(area, _)| area.contains(at)) {
            self.part = *part;
            return Answer::Stay;
        }
        match self.part {
            Part::General => self.general.clicked(at),
            Part::Xlets => self.xlets.clicked(at),
            Part::Preferences => self.preferences.clicked(at),
        };
        Answer::Stay
    }

    fn has_unsaved(&self) -> bool {
        self.draft.borrow().is_edited()
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, office: &Office) {
        self.draw_parts(frame, area, office);
    }
}
