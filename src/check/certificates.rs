//! Whether the certificate and key that clients would get are good. The fallback pair may be missing: the server makes it.

use time::OffsetDateTime;

use crate::certificate::{PairPaths, check_pair};
use crate::settings::setting::{EncryptionMode, General};

use super::{Finding, of_rule};

pub(super) fn findings(general: &General, pair: &PairPaths, now: OffsetDateTime) -> Vec<Finding> {
    let is_named = general.encryption_pair.is_some();
    if general.encryption_mode == EncryptionMode::Off {
        return Vec::new();
    }
    // Without a certificate the server makes one at its start; a key that is there alone it uses.
    if !is_named && !pair.certificate.exists() {
        return Vec::new();
    }
    let remedy = if is_named {
        "name a good pair with `ctibox certificate use CERTIFICATE KEY`, or none to use ctibox's own"
    } else {
        "make a new one with `ctibox certificate renew`"
    };
    check_pair(pair, now).into_iter().map(|finding| of_rule(finding, remedy)).collect()
}
