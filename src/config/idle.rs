//! Why a setting has nothing to do as the others are now: what it would serve is off, or another stands in its place. Told
//! beside it, so that nobody looks for an effect that cannot come. Pure.

use super::{Effective, Origin};
use crate::settings::auth_settings::BackendName;
use crate::settings::setting::{EncryptionMode, General, Key};

impl Effective {
    /// None: it acts. What nothing in this version acts by is another matter: `Key::inert`.
    pub(crate) fn idle(&self, key: Key) -> Option<&'static str> {
        let general = self.general();
        let when = |is_so: bool, why: &'static str| is_so.then_some(why);
        let asks = |backend| general.auth.backends.contains(&backend);
        match key {
            Key::ClientListen
            | Key::ClientPort
            | Key::ClientLoginTimeout
            | Key::ClientConnectionsMax
            | Key::ClientConnectionsPerAddressMax
            | Key::ClientUnauthenticatedPerAddressMax
            | Key::ClientSessionsPerUserMax => when(!general.client_enabled, "client.enabled is false"),
            Key::EncryptionCertificate | Key::EncryptionKeyFile | Key::EncryptionMinVersion => no_encryption(&general),
            Key::EncryptionAllowLegacyTls => no_encryption(&general),
            Key::EncryptionLegacyTlsFrom => {
                no_encryption(&general).or(when(!general.allow_legacy_tls, "encryption.allow_legacy_tls is false"))
            }
            Key::EncryptionFallbackWhenBroken => {
                no_encryption(&general).or(when(general.encryption_pair.is_none(), "encryption.certificate is not set"))
            }
            Key::AuthBackend => when(self.is_list_of_backends_set(), "auth.backends is set as well, and counts"),
            Key::AuthLdapUri
            | Key::AuthLdapUserBaseDn
            | Key::AuthLdapUserLoginAttribute
            | Key::AuthLdapUserEmailAttribute
            | Key::AuthLdapBindDn
            | Key::AuthLdapBindPassword
            | Key::AuthLdapBindAnonymous
            | Key::AuthLdapStartTls
            | Key::AuthLdapCaFile => when(!asks(BackendName::LdapUser), "ldap_user is not in auth.backends"),
            Key::AuthXivoAuthHost
            | Key::AuthXivoAuthPort
            | Key::AuthXivoAuthTimeout
            | Key::AuthXivoAuthCaFile
            | Key::AuthXivoAuthBackend => when(!asks(BackendName::XivoAuth), "xivo_auth is not in auth.backends"),
            Key::AmiHost | Key::AmiPort | Key::AmiUsername | Key::AmiTls | Key::AgiListen | Key::AgentsPhoneGone => {
                no_telephony(&general)
            }
            Key::AmiCaFile => no_telephony(&general).or(when(!general.ami.tls, "ami.tls is false")),
            Key::AgentsPhoneGoneAction => {
                no_telephony(&general).or(when(general.phone_gone_after.is_none(), "agents.phone_gone is 0"))
            }
            Key::BackupTime => when(general.backup_keep == 0, "backup.keep is 0"),
            Key::ClientEnabled
            | Key::EncryptionMode
            | Key::LogLevel
            | Key::ContextSeparation
            | Key::StrictPresence
            | Key::PresenceDisconnectGrace
            | Key::PresenceAgentActionsOnLoss
            | Key::ServicesEnforceProfile
            | Key::ChatKeepDays
            | Key::ChatMakeSafe
            | Key::PeopleColumns
            | Key::ProtocolAnswerUnknown
            | Key::AuthBackends
            | Key::AmiSecret
            | Key::BackupKeep
            | Key::ConsoleTheme => None,
        }
    }

    /// And says something else than `auth.backend`.
    fn is_list_of_backends_set(&self) -> bool {
        *self.origin(Key::AuthBackends) != Origin::Default
            && self.value(Key::AuthBackends).reveal() != self.value(Key::AuthBackend).reveal()
    }
}

fn no_encryption(general: &General) -> Option<&'static str> {
    (general.encryption_mode == EncryptionMode::Off).then_some("encryption.mode is off")
}

fn no_telephony(general: &General) -> Option<&'static str> {
    general.ami.secret.is_none().then_some("telephony is off while ami.secret is not set")
}

#[cfg(test)]
mod tests {
    use crate::config::Overrides;
    use crate::settings::setting::{Layer, SettingValue};

    use super::*;

    fn idle(key: Key, stored: &[(Key, &str)]) -> Option<&'static str> {
        let value = |(key, text): &(Key, &str)| (*key, SettingValue::parse(*key, text).expect("a value"));
        let layer: Layer = stored.iter().map(value).collect();
        Effective::new(&layer, &Overrides::default()).idle(key)
    }

    #[test]
    fn a_setting_whose_matter_is_off_says_so_and_acts_once_it_is_on() {
        let secret = (Key::AmiSecret, "opensesame");
        for (key, off, on) in [
            (Key::ClientPort, &[(Key::ClientEnabled, "false")][..], &[][..]),
            (Key::EncryptionMinVersion, &[(Key::EncryptionMode, "off")], &[]),
            (Key::EncryptionLegacyTlsFrom, &[], &[(Key::EncryptionAllowLegacyTls, "true")]),
            (Key::AuthXivoAuthHost, &[], &[(Key::AuthBackends, "xivo_user,xivo_auth")]),
            (Key::AuthLdapUri, &[], &[(Key::AuthBackends, "ldap_user")]),
            (Key::AuthBackend, &[(Key::AuthBackends, "xivo_user,xivo_auth")], &[(Key::AuthBackend, "xivo_auth")]),
            (Key::AmiHost, &[], &[secret]),
            (Key::AmiCaFile, &[secret], &[secret, (Key::AmiTls, "true")]),
            (Key::AgentsPhoneGoneAction, &[secret], &[secret, (Key::AgentsPhoneGone, "60")]),
            (Key::BackupTime, &[(Key::BackupKeep, "0")], &[]),
        ] {
            assert!(idle(key, off).is_some(), "{key} {off:?}");
            assert_eq!(idle(key, on), None, "{key} {on:?}");
        }
    }

    #[test]
    fn what_switches_the_others_is_never_idle() {
        let off = [(Key::ClientEnabled, "false"), (Key::EncryptionMode, "off"), (Key::BackupKeep, "0")];
        for key in [Key::ClientEnabled, Key::EncryptionMode, Key::BackupKeep, Key::AmiSecret, Key::AuthBackends] {
            assert_eq!(idle(key, &off), None, "{key}");
        }
    }
}
