//! Clients that the running server refused lately for their old TLS, a finding each kind, with the one command that mends
//! it. `health` and the console say the same.

use crate::control::{RefusedClients, WhyRefused};
use crate::settings::rule::Severity;
use crate::settings::setting::Key;

use super::{Defect, Finding, FindingTarget, TlsRemedy};

/// A warning alone: anybody can send an old hello.
pub(super) fn findings(refused: &[RefusedClients]) -> Vec<Finding> {
    let finding = |one: &RefusedClients| {
        let (on, defect) = (FindingTarget::Encryption, Defect::RefusedClients(one.clone()));
        let finding = Finding::new(Severity::Warning, on, defect, TlsRemedy::of(one));
        match key(one.why) {
            Some(key) => finding.mended_by(key),
            None => finding,
        }
    };
    refused.iter().map(finding).collect()
}

/// Where it is mended.
fn key(why: WhyRefused) -> Option<Key> {
    match why {
        WhyRefused::NotAllowed => Some(Key::EncryptionAllowLegacyTls),
        WhyRefused::OtherNetwork => Some(Key::EncryptionLegacyTlsFrom),
        WhyRefused::MinVersion => Some(Key::EncryptionMinVersion),
        WhyRefused::NotBuilt | WhyRefused::NeverSpoken | WhyRefused::Fallback => None,
    }
}
