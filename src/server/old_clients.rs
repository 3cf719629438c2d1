//! What is done about a client by what its hello offers: rustls, the old TLS of OpenSSL, or a refusal, and what the log
//! says of that. A pure decision; `starttls` carries it out.

use std::net::IpAddr;

use super::client_hello::{Hello, OldVersion};
use crate::control::{RefusedVersion, WhyRefused};
use crate::settings::legacy_tls::IS_BUILT_IN;
use crate::settings::setting::{EncryptionMode, General, TlsMinVersion};

/// Who shakes hands with a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    Rustls,
    OpenSsl,
    Refuse(Refused),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refused {
    /// The newest that it offers.
    pub(super) version: RefusedVersion,
    pub(super) why: WhyRefused,
}

/// A client that offers TLS 1.2 or newer never comes to OpenSSL, whatever the settings say.
pub(super) fn route(hello: Hello, peer: IpAddr, general: &General) -> Route {
    let (version, is_fallback) = match hello {
        // What has no end is no hello.
        Hello::Unfinished | Hello::ForRustls => return Route::Rustls,
        Hello::Old(version) => (version, false),
        Hello::Fallback(version) => (version, true),
    };
    let version = match version {
        OldVersion::Ssl3 => RefusedVersion::Ssl3,
        OldVersion::Tls1_0 => RefusedVersion::Tls1_0,
        OldVersion::Tls1_1 => RefusedVersion::Tls1_1,
    };
    let why = if is_fallback { Some(WhyRefused::Fallback) } else { why_refused(version, peer, general) };
    why.map_or(Route::OpenSsl, |why| Route::Refuse(Refused { version, why }))
}

/// Why a client of this address that offers nothing newer is refused; None: it is not.
pub(super) fn why_refused(version: RefusedVersion, peer: IpAddr, general: &General) -> Option<WhyRefused> {
    match version {
        RefusedVersion::Ssl3 => Some(WhyRefused::NeverSpoken),
        RefusedVersion::Tls1_0 | RefusedVersion::Tls1_1 if !IS_BUILT_IN => Some(WhyRefused::NotBuilt),
        RefusedVersion::Tls1_0 | RefusedVersion::Tls1_1 if !general.allow_legacy_tls => Some(WhyRefused::NotAllowed),
        RefusedVersion::Tls1_0 | RefusedVersion::Tls1_1 => {
            let is_near = general.legacy_tls_from.iter().any(|network| network.holds(peer));
            (!is_near).then_some(WhyRefused::OtherNetwork)
        }
        RefusedVersion::Tls1_2 => {
            (general.encryption_min_version == TlsMinVersion::V1_3).then_some(WhyRefused::MinVersion)
        }
    }
}

/// Whether TLS 1.0 and 1.1 are spoken to anybody.
pub(super) fn is_legacy_served(general: &General) -> bool {
    IS_BUILT_IN && general.allow_legacy_tls && general.encryption_mode != EncryptionMode::Off
}

/// What is done in the released desktop client.
const PADLOCK: &str = "in the desktop client open the menu XiVO Client (Wazo Client) > Configure, tab Administration, and \
                       switch encryption off (the padlock button raised), which sends the password in clear";

impl Refused {
    /// The fatal alert in a record of TLS 1.0: `protocol_version` (RFC 5246 7.2) or `inappropriate_fallback` (RFC 7507).
    pub(super) fn alert(self) -> [u8; 7] {
        let description = if self.why == WhyRefused::Fallback { 86 } else { 70 };
        [21, 3, 1, 0, 2, 2, description]
    }

    /// Which setting decides, what it risks, and what else a person can do: where encryption is required, nobody is let
    /// in who switches it off.
    pub(super) fn advice(self, mode: EncryptionMode) -> String {
        let first = match self.why {
            WhyRefused::NeverSpoken => "nobody speaks that any more",
            WhyRefused::NotBuilt => {
                "this program was built without the feature `legacy-tls`, the released one speaks it where \
                 encryption.allow_legacy_tls is true"
            }
            WhyRefused::NotAllowed => {
                "`ctibox setting set encryption.allow_legacy_tls true` serves it, by an encryption that can be broken: \
                 whoever is on the way may read the password"
            }
            WhyRefused::OtherNetwork => {
                "`ctibox setting set encryption.legacy_tls_from NETWORKS` with its network among them serves it, by an \
                 encryption that can be broken: whoever is on the way may read the password"
            }
            WhyRefused::MinVersion => {
                return "encryption.min_version asks for more: `ctibox setting set encryption.min_version 1.2` serves it"
                    .to_owned();
            }
            WhyRefused::Fallback => {
                return "it says that it can do better and believes that the server cannot: something on the way between \
                        them keeps them from it"
                    .to_owned();
            }
        };
        match mode {
            EncryptionMode::Require => format!("{first}; or replace the client"),
            EncryptionMode::Off | EncryptionMode::Offer => format!("{first}; or replace the client; or {PADLOCK}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn general(is_allowed: bool) -> General {
        General { allow_legacy_tls: is_allowed, ..General::default() }
    }

    fn of(hello: Hello, peer: &str, is_allowed: bool) -> Route {
        route(hello, peer.parse().expect("an address"), &general(is_allowed))
    }

    fn refused(version: RefusedVersion, why: WhyRefused) -> Route {
        Route::Refuse(Refused { version, why })
    }

    #[test]
    fn whoever_offers_more_goes_to_rustls_whatever_the_setting() {
        for is_allowed in [false, true] {
            assert_eq!(of(Hello::ForRustls, "10.0.0.1", is_allowed), Route::Rustls);
            assert_eq!(of(Hello::Unfinished, "10.0.0.1", is_allowed), Route::Rustls);
        }
    }

    #[test]
    fn an_old_client_is_served_where_it_is_allowed_from_where_it_is_allowed() {
        let old = Hello::Old(OldVersion::Tls1_0);
        let why = |peer, is_allowed| match of(old, peer, is_allowed) {
            Route::Refuse(Refused { version: RefusedVersion::Tls1_0, why }) => Some(why),
            Route::OpenSsl => None,
            route => unreachable!("{route:?}"),
        };
        if IS_BUILT_IN {
            assert_eq!(why("10.0.0.1", false), Some(WhyRefused::NotAllowed));
            assert_eq!(why("10.0.0.1", true), None);
            assert_eq!(why("::ffff:192.168.3.4", true), None);
            assert_eq!(why("192.0.2.1", true), Some(WhyRefused::OtherNetwork));
        } else {
            assert_eq!(why("10.0.0.1", true), Some(WhyRefused::NotBuilt));
        }
    }

    #[test]
    fn ssl_3_and_a_client_that_can_do_better_are_never_served() {
        let ssl = of(Hello::Old(OldVersion::Ssl3), "10.0.0.1", true);
        assert_eq!(ssl, refused(RefusedVersion::Ssl3, WhyRefused::NeverSpoken));
        let fallback = of(Hello::Fallback(OldVersion::Tls1_1), "10.0.0.1", true);
        assert_eq!(fallback, refused(RefusedVersion::Tls1_1, WhyRefused::Fallback));
        let Route::Refuse(fallback) = fallback else { unreachable!("refused") };
        assert_eq!(fallback.alert(), [0x15, 3, 1, 0, 2, 2, 0x56]);
    }

    #[test]
    fn what_would_be_refused_as_well_is_not_advised() {
        let refused = Refused { version: RefusedVersion::Tls1_0, why: WhyRefused::OtherNetwork };
        let offered = refused.advice(EncryptionMode::Offer);
        assert!(offered.starts_with("`ctibox setting set encryption.legacy_tls_from") && offered.contains("padlock"));
        assert!(!refused.advice(EncryptionMode::Require).contains("padlock"));
    }

    #[test]
    fn a_mended_refusal_is_none_any_more() {
        let peer = "10.0.0.1".parse().expect("an address");
        let newer = General { encryption_min_version: TlsMinVersion::V1_3, ..General::default() };
        assert_eq!(why_refused(RefusedVersion::Tls1_2, peer, &newer), Some(WhyRefused::MinVersion));
        assert_eq!(why_refused(RefusedVersion::Tls1_2, peer, &General::default()), None);
    }
}
