//! Settings that are known and that nothing in this version acts by (rule S2): they are refused where somebody
//! sets them, told where they are stored already, and never said to act. What comes to act leaves this file.

use super::rule::{Refusal, Rule};
use super::rule_target::RuleTarget;
use super::setting::{Key, SettingValue};
use super::violation::Violation;

impl Key {
    /// Why nothing acts by another value than the default; None for a setting that acts.
    pub(crate) fn inert(self) -> Option<&'static str> {
        match self {
            Self::EncryptionAllowLegacyTls if !cfg!(feature = "legacy-tls") => {
                Some("this program was built without the feature `legacy-tls` and speaks no TLS 1.0 and 1.1")
            }
            _ => None,
        }
    }
}

impl SettingValue {
    /// The refusal of a value by which nothing acts.
    pub(crate) fn expect_acting(&self) -> Result<(), Refusal> {
        match self.inert() {
            Some(why) => {
                let on = RuleTarget::Setting(self.key().as_str());
                Err(Refusal::new(Rule::S2, on, Violation::NotBuilt { why }))
            }
            None => Ok(()),
        }
    }

    /// Why nothing acts by this value; None for one that acts.
    pub(crate) fn inert(&self) -> Option<&'static str> {
        let is_default = self.reveal() == self.key().default_text();
        self.key().inert().filter(|_| !is_default)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_acts_and_what_nothing_reads_does_not() {
        for key in Key::ALL {
            assert_eq!(SettingValue::default_of(*key).expect_acting(), Ok(()), "{key}");
        }
        let legacy = SettingValue::parse(Key::EncryptionAllowLegacyTls, "true").expect("a value");
        assert_eq!(legacy.expect_acting().is_ok(), cfg!(feature = "legacy-tls"));
        for (key, text) in [(Key::ClientPort, "5004"), (Key::AmiHost, "192.0.2.1"), (Key::AmiSecret, "opensesame")] {
            assert_eq!(SettingValue::parse(key, text).expect("a value").expect_acting(), Ok(()), "{key}");
        }
    }
}
