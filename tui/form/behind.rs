//! What else would be wrong once the fields that cannot be read were right: a login that somebody has, a list of which nothing
//! is marked. All of it is told at once, not a round of saving each. The look over a form calls it.

use std::collections::BTreeMap;

use super::look::{USERS_LOOKED_OVER_MAX, new_findings};
use super::{Fault, Fields, Form, Model, Problem, Purpose};
use crate::settings::configuration::Configuration;
use crate::settings::rule::{Finding, Severity};
use crate::tui::app::App;
use crate::tui::widgets::entry::Entry;

/// What stands for a text that cannot be read: nothing, a number that nobody has, the least one. One of them is as a rule
/// something that the field takes.
const STAND_INS: [&str; 3] = ["", NOBODYS, "0"];
const NOBODYS: &str = "999999999990";

/// So often the fields are tried: most have a few that can be wrong.
const ROUNDS_MAX: usize = 16;

impl<M: Model> Form<M> {
    /// With something else in the place of what is known to be wrong.
    pub(super) fn faults_behind(&self, known: &[Fault], app: &App) -> Vec<Problem> {
        let present = &app.configuration;
        if present.users.len() > USERS_LOOKED_OVER_MAX {
            return Vec::new();
        }
        let (mut fields, mut found) = (self.fields.clone(), Vec::new());
        let mut wrong: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut faults: Vec<Fault> = known.to_vec();
        for _ in 0..ROUNDS_MAX {
            for name in faults.iter().filter_map(|fault| fault.field) {
                let round = wrong.entry(name).and_modify(|round| *round += 1).or_insert(0);
                if !stand_in(&mut fields, name, *round) {
                    return found;
                }
            }
            let mut draft = Configuration::clone(present);
            let Err(fault) = self.model.apply(&fields, &mut draft, app.random, Purpose::Check) else {
                found.extend(self.errors_of(present, &draft, &wrong));
                return found;
            };
            faults = fields.take_faults();
            if faults.iter().all(|known| known.field != fault.field) {
                faults.push(fault);
            }
            // A password that stands for another one is not what was typed twice.
            let is_secret =
                |name: &str| matches!(self.fields.field(name).map(|field| &field.entry), Some(Entry::Secret(_)));
            let hides = wrong.keys().any(|name| is_secret(name));
            let is_new = |name: &'static str| !(wrong.contains_key(name) || hides && is_secret(name));
            let new = faults.iter().filter(|fault| fault.field.is_some_and(is_new));
            found.extend(new.map(|fault| self.problem(fault.clone())));
            if faults.iter().all(|fault| fault.field.is_none()) {
                return found;
            }
        }
        found
    }

    /// What rules say of the fields that are right.
    fn errors_of(
        &self,
        present: &Configuration,
        draft: &Configuration,
        wrong: &BTreeMap<&'static str, usize>,
    ) -> Vec<Problem> {
        let errors = new_findings(present, draft).into_iter().filter(|finding| finding.severity == Severity::Error);
        let told = |finding: Finding| {
            let without_name = finding.refusal.problem.to_string();
            let problem = self.problem(finding.refusal.into());
            // Whose it is would be named by what stands in.
            let text = if problem.text.contains(NOBODYS) { without_name } else { problem.text };
            Problem { text, ..problem }
        };
        let is_meant = |problem: &Problem| {
            problem.field.is_some_and(|name| !wrong.contains_key(name)) && !problem.text.contains(NOBODYS)
        };
        errors.map(told).filter(is_meant).collect()
    }
}

/// Puts something else into the field, another one each round; whether there is one more.
fn stand_in(fields: &mut Fields, name: &str, round: usize) -> bool {
    let Some(field) = fields.field_mut(name) else { return false };
    match &mut field.entry {
        Entry::Text(_) | Entry::Secret(_) => {
            let Some(text) = STAND_INS.get(round) else { return false };
            field.entry = Entry::text(text);
        }
        Entry::Several { options, marked } if round == 0 => *marked = (0..options.len()).collect(),
        Entry::Choice { options, at } if *at + 1 < options.len() => *at += 1,
        Entry::Several { .. } | Entry::Choice { .. } | Entry::Toggle(_) | Entry::Fixed(_) => return false,
    }
    true
}
