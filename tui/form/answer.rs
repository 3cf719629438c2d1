//! What is pressed or clicked while something stands over a form: a list, a question, two versions. And what was made in a
//! form above, which this one waits for.

use std::sync::Arc;

use ratatui::layout::Position;

use super::overlay::{Overlay, Picked};
use super::{Form, Model};
use crate::tui::app::{App, Transition};
use crate::tui::commands::Command;
use crate::tui::confirm::Verdict;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::widgets::entry::Entry;
use crate::tui::widgets::list::RowClick;

impl<M: Model> Form<M> {
    pub(super) fn back() -> Command<Self> {
        Command::new([Action::Back, Action::Close], "back", "Go back to the form", Self::leave)
    }

    pub(super) fn commands_of_picker(takes_several: bool, app: &App) -> Vec<Command<Self>> {
        let keyed = |action, words, help| Command::keyed([action], words, help, Self::press_picker);
        let next = keyed(Action::Next, "next field", "Take it and go to the next field").quiet();
        let save = keyed(Action::Save, "save", "Take it and save").quiet().edits(app);
        if !takes_several {
            return vec![
                keyed(Action::Open, "choose", "Choose the row under the cursor").in_bar(),
                Self::back(),
                next,
                save,
            ];
        }
        let help = "Choose what is marked, or the row under the cursor if nothing is";
        vec![
            keyed(Action::Mark, "mark", "Mark or unmark the row").in_bar(),
            keyed(Action::All, "all", "Mark all that are shown").in_bar(),
            keyed(Action::None, "none", "Unmark all that are shown").in_bar(),
            keyed(Action::Open, "done", help).in_bar(),
            Self::back(),
            next,
            save,
        ]
    }

    fn press_picker(&mut self, key: Key, app: &mut App) -> Transition {
        self.press_overlay(key, app)
    }

    /// What the picker, the guard and the conflict take.
    pub(super) fn press_overlay(&mut self, key: Key, app: &mut App) -> Transition {
        match &mut self.overlay {
            Overlay::None => {}
            Overlay::Picker(picker) => {
                let picked = picker.press(key, app);
                if let Some(entry) = picker.entry() {
                    self.fields.focused_mut().entry = entry;
                    self.fields.touch();
                    self.edited(app);
                }
                return self.picked(picked, app);
            }
            Overlay::Confirm(confirm) => match confirm.press(key, app) {
                Verdict::Open => {}
                Verdict::Yes => return self.write(app),
                Verdict::No => self.overlay = Overlay::None,
            },
            Overlay::Guard => match key.typed() {
                Some('s') => return self.save_whole(app),
                Some('d') => return Transition::Pop,
                Some('n') => self.overlay = Overlay::None,
                _ => app.warn("nothing has been done yet: answer with s, d or n"),
            },
            Overlay::Conflict(conflict) => match key {
                // What comes after that version was not shown: it is no part of the consent.
                key if key == Key::char('m') && !conflict.is_gone() => return self.save_marked(app),
                key if key == Key::char('t') => return self.take_stored(app),
                Key::UP | Key::DOWN | Key::SPACE => conflict.press(key),
                _ => {
                    app.warn("nothing is done yet: answer with m or t; Space marks the other one, Esc goes on editing")
                }
            },
        }
        Transition::Stay
    }

    /// A click presses the answer that stands there, and takes what is listed.
    pub(super) fn click(&mut self, at: Position, app: &mut App) -> Transition {
        match &mut self.overlay {
            Overlay::None => return self.click_field(at),
            Overlay::Picker(picker) => {
                let key = if picker.takes_several() { Key::SPACE } else { Key::ENTER };
                if picker.list.clicked(at) != RowClick::Missed {
                    return self.press_overlay(key, app);
                }
            }
            Overlay::Confirm(_) | Overlay::Guard => {}
            Overlay::Conflict(conflict) => conflict.clicked(at),
        }
        self.answers.at(at).map_or(Transition::Stay, Transition::Press)
    }

    /// The field is gone to; where one is already, its list opens or its box is ticked.
    fn click_field(&mut self, at: Position) -> Transition {
        let Some((_, field)) = self.rows.iter().find(|(area, _)| area.contains(at)) else { return Transition::Stay };
        if self.fields.focus() != *field {
            self.was_chosen = false;
            self.fields.focus_at(*field);
            return Transition::Stay;
        }
        match &self.fields.focused().entry {
            Entry::Choice { .. } | Entry::Several { .. } => Transition::Press(Key::ENTER),
            Entry::Toggle(_) => Transition::Press(Key::SPACE),
            _ => Transition::Stay,
        }
    }

    fn picked(&mut self, picked: Picked, app: &mut App) -> Transition {
        if picked == Picked::GoesOn {
            return Transition::Stay;
        }
        let name = match std::mem::replace(&mut self.overlay, Overlay::None) {
            Overlay::Picker(picker) => picker.into_new_name(),
            _ => String::new(),
        };
        self.offer_anew(app);
        match picked {
            Picked::GoesOn => Transition::Stay,
            Picked::Done => {
                self.was_chosen = true;
                Transition::Stay
            }
            Picked::Next => self.next(app),
            Picked::Save => self.save_whole(app),
            Picked::New => self.make(&name, app),
        }
    }

    /// Opens the form that makes what is to be chosen here, with a name if one was typed.
    fn make(&mut self, name: &str, app: &App) -> Transition {
        let field = self.fields.focused().name;
        let Some(offer) = self.model.offer(field) else { return Transition::Stay };
        self.awaits = Some((field, app.changes()));
        Transition::Push((offer.open)(name, app))
    }

    /// What others made meanwhile is offered too; what is chosen stays so. An open list is left alone: whoever looks at it
    /// counts its rows.
    pub(super) fn offer_anew(&mut self, app: &App) {
        if matches!(self.overlay, Overlay::Picker(_)) || Arc::ptr_eq(&self.listed, &app.configuration) {
            return;
        }
        self.listed = Arc::clone(&app.configuration);
        let names = self.fields.all().iter().map(|field| field.name).filter(|name| self.model.relists(name));
        for name in names.collect::<Vec<_>>() {
            let (mut model, mut fields) = (self.model.clone(), self.fields.clone());
            model.relist(name, &mut fields, app);
            // What is chosen may be gone, or called otherwise: saving tells that, and nothing else is chosen unseen.
            if fields.choose_words(name, &self.fields.words(name)) {
                (self.model, self.fields) = (model, fields);
            }
        }
    }

    /// Chooses what was made above, if something was.
    pub(super) fn take_what_was_made(&mut self, app: &App) {
        let Some((field, before)) = self.awaits else { return };
        if app.changes() == before {
            return;
        }
        self.awaits = None;
        self.made.extend(app.last_change().map(|change| change.words.clone()));
        self.model.relist(field, &mut self.fields, app);
        self.fields.touch();
        self.edited(app);
    }
}
