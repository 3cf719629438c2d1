//! Whether the certificate and key that clients would get are good. The fallback pair may be missing: the server makes it.

use std::path::Path;

use time::OffsetDateTime;

use crate::certificate::{PairPaths, XIVO_CERTIFICATES, XivoPair, check_pair, expect_trust, findings_of, load_pair};
use crate::config::{Effective, Overrides};
use crate::settings::auth_settings::BackendName;
use crate::settings::legacy_tls::{self, IS_BUILT_IN};
use crate::settings::rule::{self, Refusal, Severity};
use crate::settings::setting::{EncryptionMode, General, Key, Layer, TlsMinVersion};

use super::{Defect, Finding, FindingTarget, PairRemedy, TlsRemedy, TrustNeed, of_rule};
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
            let mut finding = error.finding_in(pair);
            if is_named {
                finding.refusal.problem.add_consequence(match general.fallback_when_broken {
                    true => PairConsequence::FallsBack,
                    false => PairConsequence::DoesNotStart,
                });
            }
            vec![finding]
        }
    };
    let remedy = || if is_named { PairRemedy::NameGood } else { PairRemedy::RenewOwn };
    findings.into_iter().map(|finding| of_rule(finding, remedy())).collect()
}

/// A pair of XiVO's on this host, while nobody named one.
pub(super) fn of_xivo(general: &General, now: OffsetDateTime) -> Option<Finding> {
    if general.encryption_pair.is_some() || general.encryption_mode == EncryptionMode::Off {
        return None;
    }
    let pair = XivoPair::find(Path::new(XIVO_CERTIFICATES), now)?;
    let on = FindingTarget::Certificate(pair.paths.certificate.display().to_string());
    let finding = Finding::new(Severity::Warning, on, Defect::XivoPair(pair.clone()), PairRemedy::UseXivo(pair));
    Some(finding.mended_by(Key::EncryptionCertificate))
}

/// What is to be told where TLS 1.0 and 1.1 are spoken. That they are, the rules tell of the database's own settings.
pub(super) fn legacy_tls(general: &General, settings: &Layer, pair: &PairPaths) -> Vec<Finding> {
    if !IS_BUILT_IN || !general.allow_legacy_tls || general.encryption_mode == EncryptionMode::Off {
        return Vec::new();
    }
    let finding =
        |key: Key, defect: Defect, remedy: TlsRemedy| Finding::of_setting(Severity::Warning, key, defect, remedy);
    let key = Key::EncryptionAllowLegacyTls;
    let mut findings = Vec::new();
    if settings.get(&key).is_none_or(|value| value.reveal() != "true") {
        let defect = Defect::LegacyTls(legacy_tls::warning(general));
        findings.push(finding(key, defect, TlsRemedy::ReplaceAndUnset));
    }
    let is_told_by_rule = |layer: &Layer| {
        let says = |key: Key, text: &str| layer.get(&key).is_some_and(|value| value.reveal() == text);
        says(Key::EncryptionAllowLegacyTls, "true") && says(Key::EncryptionMinVersion, "1.3")
    };
    if general.encryption_min_version == TlsMinVersion::V1_3 && !is_told_by_rule(settings) {
        let defect = Defect::MinVersionAboveLegacyTls;
        findings.push(finding(Key::EncryptionMinVersion, defect, TlsRemedy::LowerMinVersion));
    }
    if let Ok(loaded) = load_pair(pair)
        && !loaded.description.key.is_spoken_by_legacy_tls()
    {
        findings.push(finding(key, Defect::KeyUnknownToLegacyTls(loaded.description.key), TlsRemedy::UseOtherKey));
    }
    findings
}

/// The files by which other servers are believed, where one is asked that needs them: without, nobody logs in by it.
pub(super) fn trusted(general: &General) -> Vec<Finding> {
    let asks = |name| general.auth.backends.contains(&name);
    let ldap = general.auth.ldap.as_ref().filter(|ldap| asks(BackendName::LdapUser) && ldap.is_encrypted());
    let ldap = ldap.map(|ldap| (Key::AuthLdapCaFile, ldap.ca_file.as_deref(), TrustNeed::LdapUser));
    let service = asks(BackendName::XivoAuth).then_some(general.auth.xivo_auth.ca_file.as_deref());
    let service = service.map(|file| (Key::AuthXivoAuthCaFile, file, TrustNeed::XivoAuth));
    let link = (general.ami.tls && general.ami.secret.is_some()).then_some(general.ami.ca_file.as_deref());
    let link = link.map(|file| (Key::AmiCaFile, file, TrustNeed::Link));
    let finding = |(key, file, need): (Key, Option<&Path>, TrustNeed)| {
        let why = expect_trust(file).err()?.to_string();
        let defect = Defect::NoTrust { is_unset: file.is_none(), why, need };
        Some(Finding::of_setting(Severity::Error, key, defect, PairRemedy::NameTrusted(key)))
    };
    [ldap, service, link].into_iter().flatten().filter_map(finding).collect()
}

/// Backends that nobody can log in by, for the file that is named cannot be read: of these a running server knows only once
/// somebody has tried.
pub(crate) fn untrusted_backends(general: &General) -> Vec<Finding> {
    let of_backend = |finding: &Finding| {
        matches!(
            finding.defect,
            Defect::NoTrust { is_unset: false, need: TrustNeed::LdapUser | TrustNeed::XivoAuth, .. }
        )
    };
    trusted(general).into_iter().filter(of_backend).collect()
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
