//! General settings of the database's layer as a whole: rules G3, G5, G6, and S2, by which a stored setting that nothing acts by
//! is told. Types and ranges hold by `SettingValue`.

use super::Validator;
use crate::settings::configuration::Configuration;
use crate::settings::legacy_tls;
use crate::settings::rule::{Finding, Refusal, Rule, Severity};
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::{EncryptionMode, General, Key, SettingValue, TlsMinVersion};
use crate::settings::table::Kind;
use crate::settings::violation::Violation;

pub(super) fn validate(validator: &mut Validator<'_>) {
    check_certificate(validator);
    if text(validator.configuration, Key::EncryptionMode) == "off" {
        validator.findings.push(encryption_off());
    }
    check_legacy_tls(validator);
    let inert =
        validator.configuration.settings.values().filter_map(|value| Some((value.key(), value.expect_acting().err()?)));
    for (key, refusal) in inert.collect::<Vec<_>>() {
        validator.findings.push(Finding {
            severity: Severity::Warning,
            about: Some((Kind::Setting, key.place())),
            refusal,
        });
    }
}

impl General {
    /// Rule G5 for what is in force, wherever it is said.
    pub(crate) fn clear_finding(&self) -> Option<Finding> {
        (self.encryption_mode == EncryptionMode::Off).then(encryption_off)
    }
}

fn encryption_off() -> Finding {
    let key = Key::EncryptionMode;
    let refusal = Refusal::new(Rule::G5, RuleTarget::Setting(key.as_str()), Violation::EncryptionOff);
    Finding { severity: Severity::Warning, about: Some((Kind::Setting, key.place())), refusal }
}

fn check_legacy_tls(validator: &mut Validator<'_>) {
    let key = Key::EncryptionAllowLegacyTls;
    let is_off = text(validator.configuration, Key::EncryptionMode) == "off";
    if is_off || !is_on(validator.configuration, key) || key.inert().is_some() {
        return;
    }
    let settings = &validator.configuration.settings;
    let defaults: Vec<_> = Key::ALL.iter().map(|key| SettingValue::default_of(*key)).collect();
    let general = General::read(|key| settings.get(&key).unwrap_or(&defaults[key as usize]));
    push(validator, Severity::Warning, Rule::G6, key, legacy_tls::warning(&general));
    if general.encryption_min_version == TlsMinVersion::V1_3 {
        let newest = Violation::NewerThanLegacyTls;
        push(validator, Severity::Warning, Rule::G6, Key::EncryptionMinVersion, newest);
    }
}

/// The effective text of a setting as far as the database says it.
pub(super) fn text(configuration: &Configuration, key: Key) -> &str {
    configuration.settings.get(&key).map_or(key.default_text(), |value| value.reveal())
}

pub(super) fn is_on(configuration: &Configuration, key: Key) -> bool {
    text(configuration, key) == "true"
}

fn check_certificate(validator: &mut Validator<'_>) {
    let pair =
        [(Key::EncryptionCertificate, Key::EncryptionKeyFile), (Key::EncryptionKeyFile, Key::EncryptionCertificate)];
    for (named, missing) in pair {
        if !text(validator.configuration, named).is_empty() && text(validator.configuration, missing).is_empty() {
            push(validator, Severity::Error, Rule::G3, named, Violation::HalfOfPair { missing: missing.as_str() });
        }
    }
}

fn push(validator: &mut Validator<'_>, severity: Severity, rule: Rule, key: Key, problem: Violation) {
    let refusal = Refusal::new(rule, RuleTarget::Setting(key.as_str()), problem);
    validator.findings.push(Finding { severity, about: Some((Kind::Setting, key.place())), refusal });
}
