//! What would be wrong if a form were saved now: its fields read, what they say tried on a copy, and the whole looked over
//! for what was not so before. Where that takes longer than a key may, it goes on beside, and is told once it is known.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Destination, Fault, Form, Found, Looked, Model, Problem, Purpose};
use crate::settings::configuration::Configuration;
use crate::settings::id::{ConferenceId, Id as _, LineId, QueueId};
use crate::settings::label::context_name;
use crate::settings::name::undialled;
use crate::settings::rule::{Finding, Refusal, Severity};
use crate::settings::rule_target::ObjectName;
use crate::settings::table::Kind;
use crate::settings::violation::Violation;
use crate::tui::app::App;
use crate::tui::job::{Job, JobState};

/// Past so many users a look over the whole configuration would be felt at each key.
pub(super) const USERS_LOOKED_OVER_MAX: usize = 2000;

impl<M: Model> Form<M> {
    /// Sees what would be wrong if it were saved now.
    pub(super) fn check(&mut self, app: &App) {
        let noted = self.model.notes(&self.fields, &app.configuration).into_iter();
        let noted = noted.map(|(name, text)| Problem { severity: Severity::Warning, field: Some(name), text });
        let undialled = self.model.dialled().iter().filter_map(|name| self.undialled(name));
        self.notes = undialled.chain(noted).collect();
        let present = &app.configuration;
        let mut draft = Configuration::clone(present);
        // What an older look would find is about what was typed before.
        self.look = None;
        self.looked_at = Arc::clone(present);
        self.fields.take_faults();
        match self.model.apply(&self.fields, &mut draft, app.random, Purpose::Check) {
            Err(fault) => {
                let mut faults = self.fields.take_faults();
                if faults.iter().all(|known| known.field != fault.field) {
                    faults.push(fault);
                }
                let behind = self.faults_behind(&faults, app);
                self.problems = faults.into_iter().map(|fault| self.problem(fault)).chain(behind).collect();
            }
            Ok(()) if present.users.len() > USERS_LOOKED_OVER_MAX || self.model.looks_at_host() => {
                self.look_beside(draft, app);
            }
            Ok(()) => self.tell_found(Ok(Looked { findings: new_findings(present, &draft), warnings: Vec::new() })),
        }
    }

    /// A number that was typed here and that the keys of a telephone cannot dial. The rules allow it: softphones can.
    fn undialled(&self, name: &'static str) -> Option<Problem> {
        let mut fields = self.fields.all().iter().zip(&self.opened);
        let (field, _) = fields.find(|(field, opened)| field.name == name && !field.entry.says_the_same(opened))?;
        let number = field.entry.words();
        let problem = undialled(number.trim())?;
        let text = format!("\"{}\" {problem}", number.trim());
        Some(Problem { severity: Severity::Warning, field: Some(name), text })
    }

    fn look_beside(&mut self, draft: Configuration, app: &App) {
        // What there was to warn of is so until it is known better; what was wrong is not.
        self.problems.retain(|problem| problem.severity == Severity::Warning);
        let (model, present) = (self.model.clone(), Arc::clone(&app.configuration));
        let look = Job::start("look", move |_| {
            let warnings = model.examine(&present, &draft)?;
            Ok(Looked { findings: new_findings(&present, &draft), warnings })
        });
        // Without a thread saving alone looks.
        let Ok(mut job) = look else { return };
        match job.wait(app.glance) {
            JobState::Working => self.look = Some(job),
            JobState::Ended(found) => self.tell_found(found),
            JobState::Lost => {}
        }
    }

    /// Takes what the look beside has found, if it is over.
    pub(super) fn take_look(&mut self) {
        let Some(job) = &mut self.look else { return };
        match job.look() {
            JobState::Working => {}
            JobState::Ended(found) => {
                self.look = None;
                self.tell_found(found);
            }
            JobState::Lost => self.look = None,
        }
    }

    fn tell_found(&mut self, found: Found) {
        let is_draft = self.model.destination() == Destination::Draft;
        self.problems = match found {
            Err(fault) => vec![self.problem(fault)],
            Ok(Looked { findings, warnings }) => {
                let problem = |finding: Finding| {
                    let field = self.model.field_of_refusal(&finding.refusal);
                    // What another form of the draft mends holds nothing back here.
                    let is_elsewhere = is_draft && field.is_none();
                    let severity = if is_elsewhere { Severity::Warning } else { finding.severity };
                    Problem { severity, field, text: self.words_of(&finding.refusal) }
                };
                let warning = |(field, text)| Problem { severity: Severity::Warning, field: Some(field), text };
                findings.into_iter().map(problem).chain(warnings.into_iter().map(warning)).collect()
            }
        };
    }

    pub(super) fn problem(&self, Fault { field, refusal }: Fault) -> Problem {
        let field = field.or_else(|| self.model.field_of_refusal(&refusal));
        Problem { severity: Severity::Error, field, text: self.words_of(&refusal) }
    }

    /// What is wrong in words. Where something is taken already, who has it says more than what is edited here is called.
    fn words_of(&self, refusal: &Refusal) -> String {
        match &*refusal.problem {
            Violation::NotUnique { shared, first } => {
                format!("{} has the same {shared} already", self.other(refusal, first))
            }
            Violation::NumberInUse { number, first, context } => {
                let both = [refusal.on.object(), Some(&**first)].into_iter().flatten();
                let has_it = |name: &&ObjectName| self.has_number(name, number, context);
                let other = both.clone().find(has_it).unwrap_or_else(|| self.other(refusal, first));
                let comes = both.filter(|name| name.id != other.id).find_map(|name| self.owner_of(name));
                // Of many that are changed at once it is to be known whose cannot be.
                let comes = comes.filter(|_| self.model.target().is_none());
                match (self.owner_of(other), comes) {
                    (Some(owner), Some(comes)) => {
                        format!(
                            "{number} is {owner}'s already in context \"{context}\"; that of {comes} cannot go there"
                        )
                    }
                    (Some(owner), None) => format!("{number} is {owner}'s already in context \"{context}\""),
                    (None, _) => format!("{number} is already used by {other}"),
                }
            }
            _ => refusal.to_string(),
        }
    }

    /// Of two that have the same the one that is not edited here.
    fn other<'a>(&self, refusal: &'a Refusal, first: &'a ObjectName) -> &'a ObjectName {
        let is_here = |name: &ObjectName| {
            self.model.target().is_some_and(|here| (here.kind, Some(here.id)) == (name.kind, name.id))
        };
        refusal.on.object().filter(|_| is_here(first)).unwrap_or(first)
    }

    /// Whether it has this number in this context without what is edited here.
    fn has_number(&self, name: &ObjectName, number: &str, context: &str) -> bool {
        let (Some(id), c) = (name.id, &self.looked_at) else { return false };
        let place = match name.kind {
            Kind::Line => c.lines.get(LineId::new(id)).map(|line| (line.extension.as_str(), line.context)),
            Kind::Queue => c.queues.get(QueueId::new(id)).map(|queue| (queue.number.as_str(), queue.context)),
            Kind::Conference => {
                c.conferences.get(ConferenceId::new(id)).map(|room| (room.number.as_str(), room.context))
            }
            _ => None,
        };
        place.is_some_and(|(own, its)| own == number && context_name(c, its) == context)
    }

    /// Whose line it is.
    fn owner_of(&self, name: &ObjectName) -> Option<String> {
        let line = name.id.filter(|_| name.kind == Kind::Line)?;
        let line = self.looked_at.lines.get(LineId::new(line))?;
        Some(self.looked_at.users.get(line.user)?.full_name())
    }
}

/// What is found in the one and not in the other.
pub(super) fn new_findings(before: &Configuration, after: &Configuration) -> Vec<Finding> {
    let before = before.findings();
    let known: HashSet<(Severity, &Refusal)> = before.iter().map(identity).collect();
    after.findings().into_iter().filter(|finding| !known.contains(&identity(finding))).collect()
}

fn identity(finding: &Finding) -> (Severity, &Refusal) {
    (finding.severity, &finding.refusal)
}
