//! The general settings as the page that administrators know from the original: in sections, each with a label that people
//! read where programs read the key. Console and command line show both; no rule is here.

use super::setting::Key;

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SettingSection {
    Network,
    StartTls,
    ContextSeparation,
    SignIn,
    Presence,
    Chat,
    Telephony,
    Backup,
    Program,
}

impl SettingSection {
    /// In the order of the page.
    pub(crate) const ALL: [Self; 9] = [
        Self::Network,
        Self::StartTls,
        Self::ContextSeparation,
        Self::SignIn,
        Self::Presence,
        Self::Chat,
        Self::Telephony,
        Self::Backup,
        Self::Program,
    ];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Network => "Network",
            Self::StartTls => "STARTTLS",
            Self::ContextSeparation => "Context separation",
            Self::SignIn => "Sign-in",
            Self::Presence => "Presence and services",
            Self::Chat => "Chat",
            Self::Telephony => "Telephony",
            Self::Backup => "Backup",
            Self::Program => "Log and console",
        }
    }

    pub(crate) fn keys(self) -> impl Iterator<Item = Key> {
        Key::ALL.iter().copied().filter(move |key| key.section() == self)
    }
}

impl Key {
    /// Where on the page it stands.
    pub(crate) fn section(self) -> SettingSection {
        match self {
            Self::ClientEnabled
            | Self::ClientListen
            | Self::ClientPort
            | Self::ClientLoginTimeout
            | Self::ClientConnectionsMax
            | Self::ClientConnectionsPerAddressMax
            | Self::ClientUnauthenticatedPerAddressMax
            | Self::ClientSessionsPerUserMax
            | Self::ProtocolAnswerUnknown => SettingSection::Network,
            Self::EncryptionMode
            | Self::EncryptionCertificate
            | Self::EncryptionKeyFile
            | Self::EncryptionMinVersion
            | Self::EncryptionAllowLegacyTls
            | Self::EncryptionLegacyTlsFrom
            | Self::EncryptionFallbackWhenBroken => SettingSection::StartTls,
            Self::ContextSeparation => SettingSection::ContextSeparation,
            Self::AuthBackend
            | Self::AuthBackends
            | Self::AuthLdapUri
            | Self::AuthLdapUserBaseDn
            | Self::AuthLdapUserLoginAttribute
            | Self::AuthLdapUserEmailAttribute
            | Self::AuthLdapBindDn
            | Self::AuthLdapBindPassword
            | Self::AuthLdapBindAnonymous
            | Self::AuthLdapStartTls
            | Self::AuthLdapCaFile
            | Self::AuthXivoAuthHost
            | Self::AuthXivoAuthPort
            | Self::AuthXivoAuthTimeout
            | Self::AuthXivoAuthCaFile
            | Self::AuthXivoAuthBackend => SettingSection::SignIn,
            Self::StrictPresence
            | Self::PresenceDisconnectGrace
            | Self::PresenceAgentActionsOnLoss
            | Self::ServicesEnforceProfile
            | Self::PeopleColumns => SettingSection::Presence,
            Self::ChatKeepDays | Self::ChatMakeSafe => SettingSection::Chat,
            Self::AgentsPhoneGone
            | Self::AgentsPhoneGoneAction
            | Self::AmiHost
            | Self::AmiPort
            | Self::AmiUsername
            | Self::AmiSecret
            | Self::AmiTls
            | Self::AmiCaFile
            | Self::AgiListen => SettingSection::Telephony,
            Self::BackupKeep | Self::BackupTime => SettingSection::Backup,
            Self::LogLevel | Self::ConsoleTheme => SettingSection::Program,
        }
    }

    /// What people call it, below the title of its section.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::ClientEnabled => "Serve clients",
            Self::ClientListen => "Addresses",
            Self::ClientPort => "Port",
            Self::ClientLoginTimeout => "Time to log in",
            Self::ClientConnectionsMax => "Connections",
            Self::ClientConnectionsPerAddressMax => "… from one address",
            Self::ClientUnauthenticatedPerAddressMax => "… before their login",
            Self::ClientSessionsPerUserMax => "Sessions of a user",
            Self::ProtocolAnswerUnknown => "Answer unknown commands",
            Self::EncryptionMode => "Encryption",
            Self::EncryptionCertificate => "Certificate",
            Self::EncryptionKeyFile => "Private key",
            Self::EncryptionMinVersion => "Oldest TLS",
            Self::EncryptionAllowLegacyTls => "TLS 1.0 for old clients",
            Self::EncryptionLegacyTlsFrom => "Their networks",
            Self::EncryptionFallbackWhenBroken => "Own pair if it is broken",
            Self::LogLevel => "Log level",
            Self::ContextSeparation => "Separate contexts",
            Self::StrictPresence => "Only listed changes",
            Self::PresenceDisconnectGrace => "Wait for lost clients",
            Self::PresenceAgentActionsOnLoss => "Then act on the agent",
            Self::ServicesEnforceProfile => "Only granted services",
            Self::AgentsPhoneGone => "Agent's phone is gone",
            Self::AgentsPhoneGoneAction => "Then the agent is",
            Self::ChatKeepDays => "Keep messages",
            Self::ChatMakeSafe => "Make markup harmless",
            Self::PeopleColumns => "Columns of People",
            Self::AuthBackend => "Backend",
            Self::AuthBackends => "Backends in order",
            Self::AuthLdapUri => "LDAP servers",
            Self::AuthLdapUserBaseDn => "LDAP base",
            Self::AuthLdapUserLoginAttribute => "LDAP login attribute",
            Self::AuthLdapUserEmailAttribute => "LDAP mail attribute",
            Self::AuthLdapBindDn => "LDAP account",
            Self::AuthLdapBindPassword => "LDAP password",
            Self::AuthLdapBindAnonymous => "LDAP anonymous bind",
            Self::AuthLdapStartTls => "LDAP StartTLS",
            Self::AuthLdapCaFile => "LDAP trusted CA",
            Self::AuthXivoAuthHost => "XiVO host",
            Self::AuthXivoAuthPort => "XiVO port",
            Self::AuthXivoAuthTimeout => "XiVO timeout",
            Self::AuthXivoAuthCaFile => "XiVO trusted CA",
            Self::AuthXivoAuthBackend => "XiVO backend",
            Self::AmiHost => "Asterisk",
            Self::AmiPort => "Manager port",
            Self::AmiUsername => "Manager account",
            Self::AmiSecret => "Manager secret",
            Self::AmiTls => "Encrypt",
            Self::AmiCaFile => "Trusted CA",
            Self::AgiListen => "Callers' names at",
            Self::BackupKeep => "Nightly backups",
            Self::BackupTime => "Time",
            Self::ConsoleTheme => "Colors of the console",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_key_stands_once_on_the_page_under_a_label_of_its_own() {
        let on_page: Vec<Key> = SettingSection::ALL.into_iter().flat_map(SettingSection::keys).collect();
        assert_eq!(on_page.len(), Key::ALL.len());
        for section in SettingSection::ALL {
            let labels: BTreeSet<&str> = section.keys().map(Key::label).collect();
            assert_eq!(labels.len(), section.keys().count(), "{}", section.title());
            assert!(labels.iter().all(|label| (1..=24).contains(&label.chars().count())), "{labels:?}");
        }
    }
}
