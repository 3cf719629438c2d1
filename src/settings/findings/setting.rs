//! General settings of the database's layer as a whole: rules G3 and G5, and what settings §1.9 asks of one key because
//! of another. Types and ranges hold by `SettingValue`.

use super::Look;
use crate::settings::called;
use crate::settings::configuration::Configuration;
use crate::settings::rule::{Finding, Refusal, Rule, Severity};
use crate::settings::setting::Key;
use crate::settings::table::Kind;

pub(super) fn look(look: &mut Look<'_>) {
    look_at_certificate(look);
    if text(look.configuration, Key::EncryptionMode) == "off" {
        let message = "is off: passwords travel in clear, and clients that are set to encrypt refuse to connect or ask \
                       first; it matters where other clients than the released desktop clients log in";
        push(look, Severity::Warning, Rule::G5, Key::EncryptionMode, message.to_owned());
    }
    if is_on(look.configuration, Key::EncryptionAllowLegacyTls) {
        let message = "has no effect: it needs a build with `legacy-tls`";
        push(look, Severity::Warning, Rule::S1, Key::EncryptionAllowLegacyTls, message.to_owned());
    }
    look_at_ldap(look);
}

/// The effective text of a setting as far as the database says it.
pub(super) fn text(configuration: &Configuration, key: Key) -> &str {
    configuration.settings.get(&key).map_or(key.default_text(), |value| value.reveal())
}

pub(super) fn is_on(configuration: &Configuration, key: Key) -> bool {
    text(configuration, key) == "true"
}

/// The backends that are tried, joined by commas: in one layer the list wins over the single word (settings §1.9).
pub(super) fn backends(configuration: &Configuration) -> &str {
    let said = [Key::AuthBackends, Key::AuthBackend].into_iter().find_map(|key| configuration.settings.get(&key));
    said.map_or(Key::AuthBackend.default_text(), |value| value.reveal())
}

fn look_at_certificate(look: &mut Look<'_>) {
    let pair =
        [(Key::EncryptionCertificate, Key::EncryptionKeyFile), (Key::EncryptionKeyFile, Key::EncryptionCertificate)];
    for (named, missing) in pair {
        if !text(look.configuration, named).is_empty() && text(look.configuration, missing).is_empty() {
            let message = format!("is set, but {missing} is not; set both or neither");
            push(look, Severity::Error, Rule::G3, named, message);
        }
    }
}

fn look_at_ldap(look: &mut Look<'_>) {
    const NEEDED: [Key; 3] = [Key::AuthLdapUri, Key::AuthLdapUserBaseDn, Key::AuthLdapUserLoginAttribute];
    let missing: Vec<&str> =
        NEEDED.iter().filter(|key| text(look.configuration, **key).is_empty()).map(|key| key.word()).collect();
    if missing.is_empty() {
        return;
    }
    for key in [Key::AuthBackend, Key::AuthBackends] {
        if text(look.configuration, key).split(',').any(|backend| backend == "ldap_user") {
            let message = format!("names ldap_user, which needs {} set before", missing.join(", "));
            push(look, Severity::Error, Rule::S1, key, message);
        }
    }
}

fn push(look: &mut Look<'_>, severity: Severity, rule: Rule, key: Key, message: String) {
    let refusal = Refusal::new(rule, called::setting(key), message);
    look.findings.push(Finding { severity, about: Some((Kind::Setting, key.place())), refusal });
}
