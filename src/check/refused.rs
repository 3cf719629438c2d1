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
        remedy: refused_remedy(one.why).to_owned(),
    };
    refused.iter().map(finding).collect()
}

/// What lets such clients in, and what it costs.
pub(crate) fn refused_remedy(why: WhyRefused) -> &'static str {
    match why {
        WhyRefused::NotAllowed => {
            "`ctibox setting set encryption.allow_legacy_tls true` serves them, by an encryption that can be broken; or \
             replace them, or switch their encryption off"
        }
        WhyRefused::OtherNetwork => {
            "`ctibox setting set encryption.legacy_tls_from NETWORKS` with theirs among them serves them, by an \
             encryption that can be broken; or replace them, or switch their encryption off"
        }
        WhyRefused::NotBuilt => {
            "the released program serves them where encryption.allow_legacy_tls is true, this one was built without \
             `legacy-tls`; or replace them, or switch their encryption off"
        }
        WhyRefused::MinVersion => "`ctibox setting set encryption.min_version 1.2` serves them",
        WhyRefused::NeverSpoken | WhyRefused::Fallback => "replace them, or switch their encryption off",
    }
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
