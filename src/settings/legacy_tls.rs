//! TLS 1.0 and 1.1 for clients that know nothing newer: whether this program can speak them, and the warning that stands
//! wherever it may. `validate` and `check` tell it; who gets what is decided in `server`.

use super::network::Network;
use super::setting::General;
use super::violation::Violation;

/// Whether an OpenSSL that speaks them is built in.
pub(crate) const IS_BUILT_IN: bool = cfg!(feature = "legacy-tls");

/// That they are spoken, to whom, and what that risks.
pub(crate) fn warning(general: &General) -> Violation {
    let from: Vec<_> = general.legacy_tls_from.iter().map(ToString::to_string).collect();
    let is_beyond = !general.legacy_tls_from.iter().all(Network::is_private);
    Violation::LegacyTls { from: from.join(", "), is_beyond }
}
