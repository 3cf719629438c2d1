//! How a form is saved: looked over once more, asked about where it could hurt, written on another thread, and what comes
//! of that; or handed on into a draft.

use std::rc::Rc;

use super::overlay::Overlay;
use super::{Destination, Form, Model, Purpose};
use crate::settings::configuration::Configuration;
use crate::settings::rule::Severity;
use crate::tui::confirm::Confirm;
use crate::tui::consequence::Consequence;
use crate::tui::office::{Memory, Office};
use crate::tui::screen::Answer;

impl<M: Model> Form<M> {
    pub(super) fn save(&mut self, office: &mut Office) -> Answer {
        self.overlay = Overlay::None;
        self.was_tried = true;
        self.check(office);
        if let Some(problem) = self.problems.iter().find(|problem| problem.severity == Severity::Error) {
            if let Some(field) = problem.field {
                self.fields.focus_on(field);
            }
            office.fail(format!("not saved: {}", problem.text));
            return Answer::Stay;
        }
        if !self.model.saves_unedited() && !self.is_edited() {
            office.remark("nothing was changed");
            return Answer::Pop;
        }
        if self.model.destination() == Destination::Draft {
            return self.hand_on(self.model.words(&self.fields), office);
        }
        match self.consequence(office) {
            Some(found) if found.is_grave => {
                self.overlay = Overlay::Confirm(Confirm::new("Save this?", self.model.choice(), found));
                Answer::Stay
            }
            _ => self.write(office),
        }
    }

    /// What saving would do to others; none: it would be refused.
    pub(super) fn consequence(&self, office: &Office) -> Option<Consequence> {
        let mut after = Configuration::clone(&office.configuration);
        self.model.apply(&self.fields, &mut after, office.chance, Purpose::Check).ok()?;
        self.fields.take_faults();
        Some(Consequence::of(&office.configuration, &after, &office.server))
    }

    pub(super) fn write(&mut self, office: &mut Office) -> Answer {
        self.overlay = Overlay::None;
        self.is_saving = true;
        let (mut model, fields, chance) = (self.model.clone(), self.fields.clone(), office.chance);
        let (basis, outcome) = (self.basis.clone(), Rc::clone(&self.outcome));
        let prepare = move || {
            model.prepare(&fields, chance).map_err(|fault| vec![fault.refusal])?;
            Ok(move |configuration: &mut Configuration| {
                basis.as_ref().map_or(Ok(()), |basis| basis.expect(configuration)).map_err(|refusal| vec![refusal])?;
                let applied = model.apply(&fields, configuration, chance, Purpose::Save);
                applied.map_err(|fault| vec![fault.refusal])?;
                Ok(model)
            })
        };
        let words = self.model.words(&self.fields);
        let answer = office.save(words, Memory::Undo, prepare, move |_, saved| {
            outcome.replace(Some(saved));
            Answer::Stay
        });
        match answer {
            Answer::Stay => self.finish(office),
            other => other,
        }
    }

    /// Goes on with what came of saving, if it is over.
    pub(super) fn finish(&mut self, office: &mut Office) -> Answer {
        let Some(outcome) = self.outcome.take() else { return Answer::Stay };
        self.is_saving = false;
        match outcome {
            Ok(saved) => {
                let advice = self.model.advice().map_or(String::new(), |advice| format!("; {advice}"));
                office.tell_saved(&format!("{}{advice}", self.model.words(&self.fields)), &saved);
                self.model = saved.value;
                self.model.then(&self.fields, office)
            }
            Err(error) if self.basis.is_some() && error.is_overtaken() => {
                self.overlay = Overlay::conflict(&self.model, &self.fields, office);
                self.model.accept(office);
                Answer::Stay
            }
            Err(error) => {
                office.fail(format!("not saved: {}", error.words()));
                Answer::Stay
            }
        }
    }

    /// Saving into a draft.
    fn hand_on(&mut self, words: String, office: &mut Office) -> Answer {
        let mut made = Configuration::clone(&office.configuration);
        match self.model.apply(&self.fields, &mut made, office.chance, Purpose::Save) {
            Ok(()) => {
                self.model.keep(&made, office);
                office.remark(words);
                self.model.then(&self.fields, office)
            }
            Err(fault) => {
                office.fail(fault.refusal.to_string());
                Answer::Stay
            }
        }
    }
}
