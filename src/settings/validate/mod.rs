//! The look over a whole configuration: every rule of settings §4 and §8 that is a property of the whole, found in one
//! pass a kind, so that ten thousand users cost milliseconds. `store` refuses a change that brings a new error and tells
//! new warnings, `check` prints them all. Rules of one operation stand in `edit`, rules of one word in its type.

mod account;
mod dial_rule;
mod dialplan;
mod login;
mod phone_book;
mod phone_hint;
mod presence;
mod profile;
mod setting;
mod user;

use std::collections::HashMap;
use std::hash::Hash;

use super::configuration::Configuration;
use super::id::Id as _;
use super::label::Labelled;
use super::rule::{Finding, Refusal, Rule, Severity};
use super::table::{Kind, Object};
use super::violation::Violation;

impl Configuration {
    /// All errors and warnings, in an order that depends on the configuration alone.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut validator = Validator { configuration: self, findings: Vec::new() };
        presence::validate(&mut validator);
        phone_hint::validate(&mut validator);
        profile::validate(&mut validator);
        dialplan::validate(&mut validator);
        dial_rule::validate(&mut validator);
        user::validate(&mut validator);
        login::validate(&mut validator);
        account::validate(&mut validator);
        phone_book::validate(&mut validator);
        setting::validate(&mut validator);
        validator.findings
    }

    /// What of it breaks a rule, beside which warnings stand.
    pub(crate) fn errors(&self) -> impl Iterator<Item = Refusal> {
        let errors = self.findings().into_iter().filter(|finding| finding.severity == Severity::Error);
        errors.map(|finding| finding.refusal)
    }

    /// The findings about presences and their groups alone: cheap however many users there are.
    pub(crate) fn presence_findings(&self) -> Vec<Finding> {
        let mut validator = Validator { configuration: self, findings: Vec::new() };
        presence::validate(&mut validator);
        validator.findings
    }

    /// Those of profiles alone: cheap enough to be asked at each key.
    pub(crate) fn profile_findings(&self) -> Vec<Finding> {
        let mut validator = Validator { configuration: self, findings: Vec::new() };
        profile::validate(&mut validator);
        validator.findings
    }
}

/// What a finding can be about: an object that people have a name for and that is edited by its id.
trait Subject: Labelled {
    fn which(&self) -> (Kind, i64);
}

impl<T: Labelled + Object> Subject for T {
    fn which(&self) -> (Kind, i64) {
        (T::KIND, self.id().number())
    }
}

/// What is looked at and what was found so far.
struct Validator<'a> {
    configuration: &'a Configuration,
    findings: Vec<Finding>,
}

impl<'a> Validator<'a> {
    fn error(&mut self, rule: Rule, on: &dyn Subject, problem: impl Into<Violation>) {
        self.push(Severity::Error, rule, on, problem.into());
    }

    fn warning(&mut self, rule: Rule, on: &dyn Subject, problem: Violation) {
        self.push(Severity::Warning, rule, on, problem);
    }

    fn push(&mut self, severity: Severity, rule: Rule, on: &dyn Subject, problem: Violation) {
        let refusal = Refusal::new(rule, on.object_name(self.configuration), problem);
        self.findings.push(Finding { severity, about: Some(on.which()), refusal });
    }

    /// Reports each object whose key an earlier one has: `shared` is what they share, as in `login`.
    fn unique<T: Subject + 'a, K: Eq + Hash>(
        &mut self,
        rule: Rule,
        shared: &'static str,
        objects: impl Iterator<Item = &'a T>,
        key: impl Fn(&'a T) -> Option<K>,
    ) {
        let mut seen: HashMap<K, &T> = HashMap::with_capacity(objects.size_hint().0);
        for object in objects {
            let Some(key) = key(object) else { continue };
            if let Some(first) = seen.get(&key) {
                let first = first.object_name(self.configuration);
                self.error(rule, object, Violation::NotUnique { shared, first });
            } else {
                seen.insert(key, object);
            }
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod user_tests;
