//! Who checks passwords, as typed settings: the backends in their order, and what `ldap_user` and `xivo_auth` need to know
//! (settings §1.9, §6.3). `setting::General` holds them; `auth` works by them.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::host::Host;
use super::password::Secret;
use super::string_enum::string_enum;

string_enum! {
    /// The backends that there are; the words of `auth.backend` and `auth.backends`.
    BackendName, S1, Backend {
        XivoUser = "xivo_user",
        XivoAdmin = "xivo_admin",
        XivoService = "xivo_service",
        LdapUser = "ldap_user",
        XivoAuth = "xivo_auth",
    }
}

impl BackendName {
    /// The words of `ALL`, as a setting's type lists them.
    pub(crate) const WORDS: &[&str] = &["xivo_user", "xivo_admin", "xivo_service", "ldap_user", "xivo_auth"];
}

const _: () = assert!(BackendName::WORDS.len() == BackendName::ALL.len());

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuthSettings {
    /// At least one, none twice; asked in this order.
    pub(crate) backends: Vec<BackendName>,
    /// None: not all of `Key::NEEDED_BY_LDAP` is set.
    pub(crate) ldap: Option<LdapSettings>,
    pub(crate) xivo_auth: XivoAuthSettings,
}

/// What `ldap_user` works by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LdapSettings {
    /// At least one; tried in this order.
    pub(crate) uris: Vec<LdapUri>,
    pub(crate) user_base_dn: String,
    /// What holds what people type as login.
    pub(crate) login_attribute: String,
    /// What holds the address by which the local user is found.
    pub(crate) email_attribute: String,
    pub(crate) mode: LdapMode,
    /// Whether `ldap://` is encrypted by StartTLS; `ldaps://` is encrypted anyhow.
    pub(crate) start_tls: bool,
    /// None: the authorities that the system trusts.
    pub(crate) ca_file: Option<PathBuf>,
}

impl LdapSettings {
    /// Whether some server is asked over TLS.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.start_tls || self.uris.iter().any(|uri| uri.scheme == LdapScheme::Ldaps)
    }
}

/// How `ldap_user` comes from a login to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LdapMode {
    /// Bound as a service, looks for the one entry with that login.
    Search { bind_dn: String, bind_password: Secret },
    /// The same, bound as nobody.
    SearchAnonymous,
    /// Makes the entry's name of login and base; cannot tell an unknown user from a wrong password.
    Direct,
}

impl LdapMode {
    /// A service has both a name and a password, or it is none (settings §6.3).
    pub(super) fn of(bind_dn: &str, bind_password: &str, bind_anonymous: bool) -> Self {
        if !bind_dn.is_empty() && !bind_password.is_empty() {
            return Self::Search { bind_dn: bind_dn.to_owned(), bind_password: Secret::new(bind_password) };
        }
        if bind_anonymous { Self::SearchAnonymous } else { Self::Direct }
    }
}

/// What `xivo_auth` works by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct XivoAuthSettings {
    pub(crate) host: Host,
    pub(crate) port: u16,
    /// For the whole of one call, from the connection to the last byte of the answer.
    pub(crate) timeout: Duration,
    /// None: the authorities that the system trusts.
    pub(crate) ca_file: Option<PathBuf>,
    /// Which backend of that service is asked.
    pub(crate) backend: String,
}

/// Where one LDAP server is: `ldap://host`, `ldaps://host:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LdapUri {
    pub(crate) scheme: LdapScheme,
    pub(crate) host: Host,
    pub(crate) port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LdapScheme {
    Ldap,
    /// TLS from the first byte on.
    Ldaps,
}

impl LdapScheme {
    fn default_port(self) -> u16 {
        match self {
            Self::Ldap => 389,
            Self::Ldaps => 636,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Ldap => "ldap",
            Self::Ldaps => "ldaps",
        }
    }
}

/// How many servers may be named.
const LDAP_URIS_MAX: usize = 8;

impl LdapUri {
    /// What `parse_list` takes, in words.
    pub(super) const LIST_FORM: &str =
        "one to 8 addresses like ldap://HOST or ldaps://HOST:PORT, each once, separated by commas or spaces";

    /// One or more, each once, separated by commas or white space.
    pub(crate) fn parse_list(text: &str) -> Option<Vec<Self>> {
        let parts = text.split(|c: char| c == ',' || c.is_ascii_whitespace()).filter(|part| !part.is_empty());
        let uris: Vec<Self> = parts.map(Self::parse).collect::<Option<_>>()?;
        let is_unique = uris.iter().enumerate().all(|(index, one)| !uris[..index].contains(one));
        (is_unique && (1..=LDAP_URIS_MAX).contains(&uris.len())).then_some(uris)
    }

    /// Whether passwords would leave this machine unencrypted.
    pub(crate) fn is_in_clear(&self, start_tls: bool) -> bool {
        self.scheme == LdapScheme::Ldap && !start_tls && !self.host.is_loopback()
    }

    /// Nothing but scheme, host and port: no path, no query, nobody's name.
    fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = [LdapScheme::Ldap, LdapScheme::Ldaps]
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(scheme))?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // A colon in brackets belongs to the address.
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port.parse().ok().filter(|port| *port > 0)?),
            _ => (rest, scheme.default_port()),
        };
        if host.contains(':') && !host.starts_with('[') {
            return None;
        }
        Some(Self { scheme, host: Host::parse(host)?, port })
    }
}

impl fmt::Display for LdapUri {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}://{}", self.scheme.as_str(), self.host)?;
        if self.port == self.scheme.default_port() { Ok(()) } else { write!(out, ":{}", self.port) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::setting::{General, Key, Layer, SettingValue};

    fn settings(values: &[(Key, &str)]) -> AuthSettings {
        let mut layer: Layer = Key::ALL.iter().map(|key| (*key, SettingValue::default_of(*key))).collect();
        layer.extend(values.iter().map(|(key, text)| (*key, SettingValue::parse(*key, text).expect("a value"))));
        General::read(|key| &layer[&key]).auth
    }

    #[test]
    fn the_words_of_the_setting_are_those_of_the_backends() {
        let words: Vec<_> = BackendName::ALL.iter().map(|name| name.as_str()).collect();
        assert_eq!(words, BackendName::WORDS);
    }

    #[test]
    fn by_default_local_passwords_are_compared_and_no_directory_is_known() {
        let auth = settings(&[]);
        assert_eq!(auth.backends, [BackendName::XivoUser]);
        assert_eq!(auth.ldap, None);
        assert_eq!((auth.xivo_auth.host.to_string().as_str(), auth.xivo_auth.port), ("localhost", 9497));
        assert_eq!(auth.xivo_auth.timeout, Duration::from_secs(3));
    }

    const LDAP: [(Key, &str); 3] = [
        (Key::AuthLdapUri, "ldap://one.example.org, ldaps://two.example.org:6360"),
        (Key::AuthLdapUserBaseDn, "ou=people,dc=example,dc=org"),
        (Key::AuthLdapUserLoginAttribute, "uid"),
    ];

    #[test]
    fn a_directory_is_known_once_all_that_it_needs_is_set() {
        for left_out in 0..LDAP.len() {
            let some: Vec<_> = LDAP.into_iter().enumerate().filter(|(index, _)| *index != left_out).collect();
            let some: Vec<_> = some.into_iter().map(|(_, value)| value).collect();
            assert_eq!(settings(&some).ldap, None, "{left_out}");
        }
        let ldap = settings(&LDAP).ldap.expect("all is set");
        assert_eq!(ldap.uris.len(), 2);
        assert_eq!((ldap.login_attribute.as_str(), ldap.email_attribute.as_str()), ("uid", "mail"));
        assert_eq!((ldap.mode, ldap.start_tls, ldap.ca_file), (LdapMode::Direct, false, None));
    }

    #[test]
    fn a_service_that_has_both_name_and_password_binds_and_searches() {
        let mode = |more: &[(Key, &str)]| settings(&[&LDAP, more].concat()).ldap.expect("all is set").mode;
        let (dn, password) = ((Key::AuthLdapBindDn, "cn=reader"), (Key::AuthLdapBindPassword, "secret"));
        let anonymous = (Key::AuthLdapBindAnonymous, "true");
        let bound = LdapMode::Search { bind_dn: "cn=reader".to_owned(), bind_password: Secret::new("secret") };
        assert_eq!(mode(&[dn, password]), bound);
        // As the original does it.
        assert_eq!(mode(&[dn, password, anonymous]), bound);
        assert_eq!(mode(&[anonymous]), LdapMode::SearchAnonymous);
        assert_eq!(mode(&[dn, anonymous]), LdapMode::SearchAnonymous);
        assert_eq!(mode(&[dn]), LdapMode::Direct);
        assert_eq!(mode(&[password]), LdapMode::Direct);
    }

    #[test]
    fn a_uri_has_scheme_host_and_port_and_nothing_else() {
        let one = |text: &str| {
            LdapUri::parse_list(text).map(|uris| uris.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
        };
        for (text, expected) in [
            ("ldap://ldap.example.org", "ldap://ldap.example.org"),
            ("LDAPS://ldap.example.org:636/", "ldaps://ldap.example.org"),
            ("ldap://192.0.2.1:3890", "ldap://192.0.2.1:3890"),
            ("ldaps://[2001:db8::1]", "ldaps://[2001:db8::1]"),
            ("ldap://[2001:db8::1]:3890", "ldap://[2001:db8::1]:3890"),
            ("ldap://a ldap://b\tldaps://a", "ldap://a,ldap://b,ldaps://a"),
        ] {
            assert_eq!(one(text).as_deref(), Some(expected), "{text}");
        }
        for text in [
            "",
            "ldap.example.org",
            "http://ldap.example.org",
            "ldapi:///run/ldapi",
            "ldap://",
            "ldap://:389",
            "ldap://a:0",
            "ldap://a:65536",
            "ldap://a:",
            "ldap://a/dc=example",
            "ldap://a?uid",
            "ldap://user@a",
            "ldap://2001:db8::1",
            "ldap://a,ldap://a",
            "ldap://a b",
            "ldap://ex ample",
            "ldap://\u{e9}",
            "ldap://1 ldap://2 ldap://3 ldap://4 ldap://5 ldap://6 ldap://7 ldap://8 ldap://9",
        ] {
            assert_eq!(one(text), None, "{text}");
        }
    }
}
