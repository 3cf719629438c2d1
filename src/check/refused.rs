//! Clients that the running server refused lately for their old TLS, a finding each kind, with the one command that mends
//! it. `health` and the console say the same.

use crate::control::{RefusedClients, WhyRefused};
use crate::settings::rule::Severity;
use crate::settings::setting::Key;
use crate::settings::table::Kind;

use super::Finding;

/// A warning alone: anybody can send an old hello.
pub(super) fn findings(refused: &[RefusedClients]) -> Vec<Finding> {
    let finding = |one: &RefusedClients| Finding {
        severity: Severity::Warning,
        refusal: None,
        about: key(one.why).map(|key| (Kind::Setting, key.place())),
        on: "encryption".to_owned(),
        message: one.to_string(),
        remedy: refused_remedy(one),
    };
    refused.iter().map(finding).collect()
}

/// What lets such clients in, and what it costs. Where encryption is required, none comes in without.
pub(crate) fn refused_remedy(refused: &RefusedClients) -> String {
    let served = match refused.why {
        WhyRefused::NotAllowed => {
            "`ctibox setting set encryption.allow_legacy_tls true` serves them, by an encryption that can be broken"
        }
        WhyRefused::OtherNetwork => {
            "`ctibox setting set encryption.legacy_tls_from NETWORKS` with theirs among them serves them, by an \
             encryption that can be broken"
        }
        WhyRefused::NotBuilt => {
            "the released program serves them where encryption.allow_legacy_tls is true, this one was built without \
             `legacy-tls`"
        }
        WhyRefused::MinVersion => return "`ctibox setting set encryption.min_version 1.2` serves them".to_owned(),
        WhyRefused::NeverSpoken | WhyRefused::Fallback => "",
    };
    let without = match refused.is_clear_refused {
        true => "replace them",
        false => "replace them, or switch their encryption off",
    };
    if served.is_empty() { without.to_owned() } else { format!("{served}; or {without}") }
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
