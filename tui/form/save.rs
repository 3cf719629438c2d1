//! How a form is saved: looked over once more, asked about where it could hurt, written on another thread, and what comes
//! of that; or handed on into a draft.

use std::rc::Rc;

use super::overlay::Overlay;
use super::{Destination, Form, Model, Purpose, Standing};
use crate::settings::configuration::Configuration;
use crate::settings::rule::Severity;
use crate::tui::app::{App, DescribedChange, Transition, Undoable};
use crate::tui::confirm::Confirm;
use crate::tui::consequence::Consequence;
use crate::tui::widgets::entry::Field;

/// How much of what is open is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SaveExtent {
    Form,
    /// Where the form goes to a draft, that as well.
    Whole,
}

impl<M: Model> Form<M> {
    /// The key for it: what the form is a part of is saved with it.
    pub(super) fn save_whole(&mut self, app: &mut App) -> Transition {
        self.save_up_to(SaveExtent::Whole, app)
    }

    /// Enter on the last field: where the form goes to a draft, that is not saved yet.
    pub(super) fn save(&mut self, app: &mut App) -> Transition {
        self.save_up_to(SaveExtent::Form, app)
    }

    fn save_up_to(&mut self, extent: SaveExtent, app: &mut App) -> Transition {
        self.overlay = Overlay::None;
        (self.was_tried, self.was_chosen) = (true, false);
        self.check(app);
        if let Some(problem) = self.problems.iter().find(|problem| problem.severity == Severity::Error) {
            self.fields.arrive_on(problem.field.unwrap_or(self.fields.focused().name));
            app.fail(format!("not saved: {}", self.whereabouts()));
            return Transition::Stay;
        }
        if !self.model.saves_unedited() && !self.is_edited() {
            app.remark("nothing was changed");
            return Transition::Pop;
        }
        if self.model.destination() == Destination::Draft {
            return self.hand_on(extent, app);
        }
        if self.ask_undecided() {
            return Transition::Stay;
        }
        match self.consequence(app) {
            Some(found) if found.is_grave => {
                self.overlay = Overlay::Confirm(Box::new(Confirm::new("Save this?", self.model.choice(), found)));
                Transition::Stay
            }
            _ => self.write(app),
        }
    }

    /// Where it is told what is wrong: the form itself says it.
    fn whereabouts(&self) -> String {
        let is_wrong = |field: &&Field| {
            let mut errors = self.problems.iter().filter(|problem| problem.severity == Severity::Error);
            errors.any(|problem| problem.field == Some(field.name))
        };
        let labels: Vec<&str> = self.fields.all().iter().filter(is_wrong).map(|field| field.label).collect();
        if labels.is_empty() { "the reason stands above".to_owned() } else { format!("see {}", labels.join(", ")) }
    }

    /// What saving would do to others; none: it would be refused.
    pub(super) fn consequence(&self, app: &App) -> Option<Consequence> {
        let mut after = Configuration::clone(&app.configuration);
        self.model.apply(&self.fields, &mut after, app.random, Purpose::Check).ok()?;
        self.fields.take_faults();
        Some(Consequence::of(&app.configuration, &after, &app.server, &app.overrides()))
    }

    pub(super) fn write(&mut self, app: &mut App) -> Transition {
        self.overlay = Overlay::None;
        self.is_saving = true;
        let (mut model, fields, random) = (self.model.clone(), self.fields.clone(), app.random);
        let (basis, outcome) = (self.basis.clone(), Rc::clone(&self.outcome));
        let prepare = move || {
            model.prepare(&fields, random).map_err(|fault| vec![fault.refusal])?;
            Ok(move |configuration: &mut Configuration| {
                basis.as_ref().map_or(Ok(()), |basis| basis.expect(configuration)).map_err(|refusal| vec![refusal])?;
                let applied = model.apply(&fields, configuration, random, Purpose::Save);
                applied.map_err(|fault| vec![fault.refusal])?;
                Ok(model)
            })
        };
        let words = DescribedChange::from(self.model.words(&self.fields));
        let words = words.done_by(self.model.same_commands(&self.fields));
        let transition = app.save_with(self.model.entries(), words, Undoable::Yes, prepare, move |_, saved| {
            outcome.replace(Some(saved));
            Transition::Stay
        });
        match transition {
            Transition::Stay => self.finish(app),
            other => other,
        }
    }

    /// Goes on with what came of saving, if it is over.
    pub(super) fn finish(&mut self, app: &mut App) -> Transition {
        let Some(outcome) = self.outcome.take() else { return Transition::Stay };
        self.is_saving = false;
        match outcome {
            Ok(saved) => {
                let (words, effect) = (self.model.words(&self.fields), self.model.effect_words(app));
                let taken_over = self.taken_over.take();
                let also = taken_over.map_or_else(String::new, |kept| format!("; taken over from others: {kept}"));
                app.tell_saved(&format!("{words}{effect}{also}"), &saved);
                self.model = saved.value;
                if let Some(repeat) = self.model.repeat(&self.fields) {
                    app.remember_repeat(repeat);
                }
                match self.standing {
                    Standing::Alone => self.model.then(&self.fields, app),
                    Standing::Within => Transition::Pop,
                }
            }
            Err(error) if self.basis.is_some() && error.is_overtaken() => {
                if let Some(stored) = error.stored() {
                    self.model.note_stored(stored);
                }
                self.merge(app)
            }
            Err(error) => {
                // What is typed next replaces what was wrong.
                let field = error.refusals().first().and_then(|refusal| self.model.field_of_refusal(refusal));
                self.fields.arrive_on(field.unwrap_or(self.fields.focused().name));
                app.fail(format!("not saved: {}", error.words()));
                Transition::Stay
            }
        }
    }

    /// Saving into a draft, and that too where all is to be saved.
    fn hand_on(&mut self, extent: SaveExtent, app: &mut App) -> Transition {
        let mut made = Configuration::clone(&app.configuration);
        match self.model.apply(&self.fields, &mut made, app.random, Purpose::Save) {
            Ok(()) => {
                self.model.keep(&made, app);
                if extent == SaveExtent::Whole
                    && let Some(transition) = self.model.save_draft(app)
                {
                    return transition;
                }
                app.remark(self.model.words(&self.fields));
                self.model.then(&self.fields, app)
            }
            Err(fault) => {
                app.fail(fault.refusal.to_string());
                Transition::Stay
            }
        }
    }
}
