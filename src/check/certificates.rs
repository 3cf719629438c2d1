//! Whether the certificate and key that clients would get are good. The fallback pair may be missing: the server makes it.

use std::path::Path;

use time::OffsetDateTime;

use crate::certificate::{PairPaths, XIVO_CERTIFICATES, XivoPair, check_pair, expect_trust, findings_of, load_pair};
use crate::config::{Effective, Overrides};
use crate::settings::auth_settings::BackendName;
use crate::settings::legacy_tls::{self, IS_BUILT_IN};
use crate::settings::rule::{self, Refusal, Severity};
use crate::settings::setting::{EncryptionMode, General, Key, Layer, TlsMinVersion};
use crate::settings::table::Kind;

use super::{Finding, of_rule};
use crate::settings::violation::PairConsequence;

pub(super) fn findings(general: &General, pair: &PairPaths, now: OffsetDateTime) -> Vec<Finding> {
    let is_named = general.encryption_pair.is_some();
    if general.encryption_mode == EncryptionMode::Off {
        return Vec::new();
    }
    // Without a certificate the server makes one at its start; a key that is there alone it uses.
    if !is_named && !pair.certificate.exists() {
        return Vec::new();
    }
    let findings = match load_pair(pair) {
        Ok(loaded) => findings_of(&loaded, pair, now),
        Err(error) => {
            let mut finding = error.finding();
            if is_named {
                finding.refusal.problem.add_consequence(match general.fallback_when_broken {
                    true => PairConsequence::FallsBack,
                    false => PairConsequence::DoesNotStart,
                });
            }
            vec![finding]
        }
    };
    let remedy = if is_named {
        "name a good pair with `ctibox certificate use CERTIFICATE KEY`, or none to use ctibox's own"
    } else {
        "make a new one with `ctibox certificate renew`"
    };
    findings.into_iter().map(|finding| of_rule(finding, remedy)).collect()
}

/// A pair of XiVO's on this host, while nobody named one.
pub(super) fn of_xivo(general: &General, now: OffsetDateTime) -> Option<Finding> {
    if general.encryption_pair.is_some() || general.encryption_mode == EncryptionMode::Off {
        return None;
    }
    let pair = XivoPair::find(Path::new(XIVO_CERTIFICATES), now)?;
    Some(Finding {
        severity: Severity::Warning,
        refusal: None,
        about: Some((Kind::Setting, Key::EncryptionCertificate.place())),
        on: format!("certificate {}", pair.paths.certificate.display()),
        message: pair.words(),
        remedy: pair.remedy(),
    })
}

/// What is to be told where TLS 1.0 and 1.1 are spoken. That they are, the rules tell of the database's own settings.
pub(super) fn legacy_tls(general: &General, settings: &Layer, pair: &PairPaths) -> Vec<Finding> {
    if !IS_BUILT_IN || !general.allow_legacy_tls || general.encryption_mode == EncryptionMode::Off {
        return Vec::new();
    }
    let finding = |key: Key, message: String, remedy: &str| Finding {
        severity: Severity::Warning,
        refusal: None,
        about: Some((Kind::Setting, key.place())),
        on: format!("setting {key}"),
        message,
        remedy: remedy.to_owned(),
    };
    let key = Key::EncryptionAllowLegacyTls;
    let mut findings = Vec::new();
    if settings.get(&key).is_none_or(|value| value.reveal() != "true") {
        let remedy = "replace the old clients, then take the setting out of the file that names it";
        findings.push(finding(key, legacy_tls::warning(general).to_string(), remedy));
    }
    let is_told_by_rule = |layer: &Layer| {
        let says = |key: Key, text: &str| layer.get(&key).is_some_and(|value| value.reveal() == text);
        says(Key::EncryptionAllowLegacyTls, "true") && says(Key::EncryptionMinVersion, "1.3")
    };
    if general.encryption_min_version == TlsMinVersion::V1_3 && !is_told_by_rule(settings) {
        let message = "is 1.3, which refuses TLS 1.2 while encryption.allow_legacy_tls serves 1.0 and 1.1";
        let remedy = "`ctibox setting set encryption.min_version 1.2`, or switch encryption.allow_legacy_tls off";
        findings.push(finding(Key::EncryptionMinVersion, message.to_owned(), remedy));
    }
    if let Ok(loaded) = load_pair(pair)
        && !loaded.description.key.is_spoken_by_legacy_tls()
    {
        let message =
            format!("serves nobody: TLS 1.0 and 1.1 know no key of the certificate's kind, {}", loaded.description.key);
        let remedy = "use a pair with an EC or RSA key: `ctibox certificate use`";
        findings.push(finding(key, message, remedy));
    }
    findings
}

/// The files by which other servers are believed, where one is asked that needs them: without, nobody logs in by it.
pub(super) fn trusted(general: &General) -> Vec<Finding> {
    let asks = |name| general.auth.backends.contains(&name);
    let ldap = general.auth.ldap.as_ref().filter(|ldap| asks(BackendName::LdapUser) && ldap.is_encrypted());
    let ldap = ldap.map(|ldap| (Key::AuthLdapCaFile, ldap.ca_file.as_deref(), "nobody can log in by `ldap_user`"));
    let service = asks(BackendName::XivoAuth).then_some(general.auth.xivo_auth.ca_file.as_deref());
    let service = service.map(|file| (Key::AuthXivoAuthCaFile, file, "nobody can log in by `xivo_auth`"));
    let link = (general.ami.tls && general.ami.secret.is_some()).then_some(general.ami.ca_file.as_deref());
    let link = link.map(|file| (Key::AmiCaFile, file, "there is no link to Asterisk"));
    let finding = |(key, file, what): (Key, Option<&Path>, &str)| {
        let error = expect_trust(file).err()?;
        let unset = if file.is_none() { "is not set, and of the system " } else { "" };
        Some(Finding {
            severity: Severity::Error,
            refusal: None,
            about: Some((Kind::Setting, key.place())),
            on: format!("setting {key}"),
            message: format!("{unset}{error}: {what}"),
            remedy: format!("name a PEM file that the service's user can read: `ctibox setting set {key} FILE`"),
        })
    };
    [ldap, service, link].into_iter().flatten().filter_map(finding).collect()
}

/// A certificate and key that the database names anew, whatever stands above it, are looked at (rule G2): what cannot be
/// used is refused, the rest of what was found comes back.
pub(crate) fn named_pair(before: &Layer, after: &Layer) -> Result<Vec<rule::Finding>, Refusal> {
    let named = |layer: &Layer| Effective::new(layer, &Overrides::default()).general().encryption_pair;
    let Some(pair) = named(after).filter(|pair| named(before).as_ref() != Some(pair)) else { return Ok(Vec::new()) };
    let (certificate, key) = pair;
    let findings = check_pair(&PairPaths { certificate, key }, OffsetDateTime::now_utc());
    let (errors, warnings): (Vec<_>, Vec<_>) =
        findings.into_iter().partition(|finding| finding.severity == Severity::Error);
    errors.into_iter().next().map_or(Ok(warnings), |finding| Err(finding.refusal))
}
