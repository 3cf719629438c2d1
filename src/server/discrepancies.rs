//! What of the settings does not hold in this process, and why: whoever tries to make a setting hold records here what came
//! of it; the control socket tells it. A record stays until the same is tried again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::control::Discrepancy;
use crate::settings::setting::EncryptionMode;

/// What can fail to hold, one record each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aspect {
    Settings,
    Files,
    Listen,
    Certificate,
    CallerNames,
    Backends,
}

#[derive(Debug, Default)]
pub(super) struct Discrepancies(Mutex<BTreeMap<Aspect, Discrepancy>>);

impl Discrepancies {
    /// What came of the last try; None: it holds.
    pub(super) fn record(&self, aspect: Aspect, outcome: Option<Discrepancy>) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Some(discrepancy) => drop(records.insert(aspect, discrepancy)),
            None => drop(records.remove(&aspect)),
        }
    }

    pub(super) fn has(&self, aspect: Aspect) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&aspect)
    }

    /// All that does not hold. With encryption off nobody needs a certificate.
    pub(super) fn now(&self, mode: EncryptionMode) -> Vec<Discrepancy> {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_needed = |aspect: &Aspect| *aspect != Aspect::Certificate || mode != EncryptionMode::Off;
        records.iter().filter(|(aspect, _)| is_needed(aspect)).map(|(_, one)| one.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_stays_until_it_is_tried_again_and_a_pair_that_nobody_needs_is_none() {
        let records = Discrepancies::default();
        let pair = Discrepancy::Certificate {
            certificate: "a.crt".into(),
            why: "torn".into(),
            in_use: None,
            is_own: false,
            is_used: false,
        };
        records.record(Aspect::Certificate, Some(pair.clone()));
        records.record(Aspect::Listen, None);
        assert_eq!(records.now(EncryptionMode::Offer), [pair]);
        assert!(records.now(EncryptionMode::Off).is_empty());
        records.record(Aspect::Certificate, None);
        assert!(records.now(EncryptionMode::Offer).is_empty());
    }
}
