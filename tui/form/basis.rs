//! What a form was opened on, as it was then: an object's version, or the values of settings, which have none. Saving looks
//! at it inside the transaction, so that no form writes over what it never showed.

use super::Model;
use crate::settings::configuration::Configuration;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::{Key, SettingValue};
use crate::settings::table::Kind;
use crate::settings::violation::Violation;
use crate::tui::app::{App, ExpectedVersion};

#[derive(Debug, Clone)]
pub(super) enum Basis {
    Object(ExpectedVersion),
    /// None: the default holds.
    Settings(Vec<(Key, Option<SettingValue>)>),
}

impl Basis {
    /// None: the form makes something new, or what it was about is gone.
    pub(super) fn of(model: &impl Model, app: &App) -> Option<Self> {
        if model.target().is_some() {
            return model.expected(app).map(Self::Object);
        }
        let keys = model.settings();
        let stored = |key: Key| (key, app.configuration.settings.get(&key).cloned());
        (!keys.is_empty()).then(|| Self::Settings(keys.into_iter().map(stored).collect()))
    }

    /// Rule V1 where it is no longer as it was.
    pub(super) fn expect(&self, configuration: &Configuration) -> Result<(), Refusal> {
        match self {
            Self::Object(ExpectedVersion { target, version }) => {
                configuration.expect_version(target.kind, target.id, *version)
            }
            Self::Settings(values) => {
                let other = values.iter().find(|(key, value)| configuration.settings.get(key) != value.as_ref());
                other.map_or(Ok(()), |(key, _)| {
                    Err(Refusal::new(Rule::V1, RuleTarget::Setting(key.as_str()), Violation::ChangedBySomebody))
                })
            }
        }
    }

    /// Who changed it last, and when.
    pub(super) fn changed_by(&self, app: &App) -> Option<String> {
        match self {
            Self::Object(ExpectedVersion { target, .. }) => app.changed_by(target.kind, target.id, None),
            Self::Settings(values) => {
                let is_other =
                    |(key, value): &&(Key, Option<SettingValue>)| app.configuration.settings.get(key) != value.as_ref();
                let (key, _) = values.iter().find(is_other)?;
                app.changed_by(Kind::Setting, 0, Some(*key))
            }
        }
    }
}
