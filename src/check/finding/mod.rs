//! One thing that is wrong, as data: on what, what, and what would mend it. The words are made of it by whoever prints; nobody
//! reads them to find out what is meant.

mod defect;
mod remedy;
mod target;

use crate::settings::rule::{Refusal, Rule, Severity};
use crate::settings::setting::Key;
use crate::settings::table::Kind;

pub(crate) use defect::{Defect, Exposure, SecretKind, TrustNeed};
pub(crate) use remedy::{PairRemedy, Remedy, TlsRemedy};
pub(crate) use target::FindingTarget;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    /// The object that is to be edited to mend it, by kind and id; of a setting its place among `Key::ALL`.
    pub(crate) about: Option<(Kind, i64)>,
    /// The file, object, setting or address that it is about.
    pub(crate) on: FindingTarget,
    pub(crate) defect: Defect,
    /// What to do about it. Of a broken rule, whoever prints may know a better one: `Refusal::remedy`.
    pub(crate) remedy: Remedy,
}

impl Finding {
    /// One that no object is to blame for.
    pub(super) fn new(
        severity: Severity,
        on: FindingTarget,
        defect: impl Into<Defect>,
        remedy: impl Into<Remedy>,
    ) -> Self {
        Self { severity, about: None, on, defect: defect.into(), remedy: remedy.into() }
    }

    /// A value of the setting is wrong, or keeps something from acting.
    pub(super) fn of_setting(
        severity: Severity,
        key: Key,
        defect: impl Into<Defect>,
        remedy: impl Into<Remedy>,
    ) -> Self {
        Self::new(severity, FindingTarget::Setting(key), defect, remedy).mended_by(key)
    }

    pub(super) fn of(self, kind: Kind, id: i64) -> Self {
        Self { about: Some((kind, id)), ..self }
    }

    pub(super) fn mended_by(self, key: Key) -> Self {
        self.of(Kind::Setting, key.place())
    }

    /// The rule that is broken, if it is one.
    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        match &self.defect {
            Defect::Rule(refusal) => Some(refusal),
            _ => None,
        }
    }

    pub(crate) fn breaks(&self, rule: Rule) -> bool {
        self.refusal().is_some_and(|refusal| refusal.rule == rule)
    }

    /// What is wrong, on what: `database: is damaged`.
    pub(crate) fn words(&self) -> String {
        format!("{}: {}", self.on, self.defect)
    }

    /// The same with the code of a rule that is broken.
    pub(crate) fn with_rule(&self) -> String {
        format!("{}: {}", self.on, self.defect.with_rule())
    }
}
