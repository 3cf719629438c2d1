//! What becomes of every key of the old files: read as a setting, not needed, or not done. From this table unknown keys are
//! told from known ones, and docs/administration.md shows it.

use std::collections::BTreeSet;

use crate::settings::setting::Key;

/// Whose files they are. In ctibox's own the old keys are taken as well as its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    Ctibox,
    XivoCtid,
    XivoAuth,
}

/// How the value of a key is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As it is.
    Plain,
    /// True is `offer`, false is `off`.
    StartTls,
    /// True is `debug`, false is `info`.
    Debug,
    /// A path names the certificate; true checks against the system's, which is what no path does; false is refused.
    VerifyCertificate,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyFate {
    Setting(Key, Reading),
    NotNeeded(&'static str),
    NotDone(&'static str),
}

/// A key of an old file; `.*` at the end stands for all below it.
pub(super) struct OldKey {
    pub(super) path: &'static str,
    pub(super) fate: KeyFate,
}

const fn setting(path: &'static str, key: Key) -> OldKey {
    OldKey { path, fate: KeyFate::Setting(key, Reading::Plain) }
}

const fn read_as(path: &'static str, key: Key, reading: Reading) -> OldKey {
    OldKey { path, fate: KeyFate::Setting(key, reading) }
}

const fn not_needed(path: &'static str, why: &'static str) -> OldKey {
    OldKey { path, fate: KeyFate::NotNeeded(why) }
}

const fn not_done(path: &'static str, why: &'static str) -> OldKey {
    OldKey { path, fate: KeyFate::NotDone(why) }
}

const BY_SYSTEMD: &str = "systemd runs the service as a user of its own";
const TO_JOURNAL: &str = "the log goes to the journal";
const FOLDER_BESIDE: &str = "the `conf.d` beside the file is read, no other folder";
const ONE_PROGRAM: &str = "ctibox is one program: it asks no other one for this";
const ONE_FILE: &str = "the database is a file in the data folder";
const CONTROL_SOCKET: &str = "the control socket in the data folder does it (`ctibox sessions`, `ctibox events`)";
const NO_HTTP: &str = "ctibox has no HTTP interface yet";
const SWITCHBOARD: &str = "a switchboard sees its queues, but takes and holds no calls through ctibox yet";

/// The keys of /etc/xivo-ctid.
pub(super) const XIVO_CTID: &[OldKey] = &[
    read_as("debug", Key::LogLevel, Reading::Debug),
    setting("client.enabled", Key::ClientEnabled),
    setting("client.listen", Key::ClientListen),
    setting("client.port", Key::ClientPort),
    setting("client.login_timeout", Key::ClientLoginTimeout),
    read_as("main.starttls", Key::EncryptionMode, Reading::StartTls),
    setting("main.certfile", Key::EncryptionCertificate),
    setting("main.keyfile", Key::EncryptionKeyFile),
    setting("main.context_separation", Key::ContextSeparation),
    setting("auth.backend", Key::AuthBackend),
    setting("auth.host", Key::AuthXivoAuthHost),
    setting("auth.port", Key::AuthXivoAuthPort),
    setting("auth.timeout", Key::AuthXivoAuthTimeout),
    read_as("auth.verify_certificate", Key::AuthXivoAuthCaFile, Reading::VerifyCertificate),
    not_needed("auth.key_file", "ctibox asks with the user's own login and password, and needs no key of a service"),
    not_needed("auth.version", "the interface of version 0.1 is spoken"),
    not_needed("auth.prefix", "the interface of version 0.1 is spoken"),
    not_needed("auth.https", "the server is asked over HTTPS alone"),
    not_needed("auth.service_id", "ctibox asks with the user's own login and password, and needs no key of a service"),
    not_needed("auth.service_key", "ctibox asks with the user's own login and password, and needs no key of a service"),
    setting("ami.host", Key::AmiHost),
    setting("ami.port", Key::AmiPort),
    setting("ami.username", Key::AmiUsername),
    setting("ami.password", Key::AmiSecret),
    not_needed("user", BY_SYSTEMD),
    not_needed("foreground", BY_SYSTEMD),
    not_needed("pidfile", BY_SYSTEMD),
    not_needed("logfile", TO_JOURNAL),
    not_needed("config_file", "`--config` names the file"),
    not_done("extra_config_files", FOLDER_BESIDE),
    not_needed("socket_timeout", "a client that does not read is cut off by what waits for it (docs/limits.md)"),
    not_needed("db_uri", ONE_FILE),
    not_needed("uuid", "the server's UUID is in the database (`ctibox info`)"),
    not_needed("main.live_reload_conf", "every change takes effect by itself"),
    not_needed("main.ctilog_db_uri", "`ctibox events` tells what happens"),
    not_needed("info.*", CONTROL_SOCKET),
    not_needed("update_events_socket.*", "every change takes effect by itself, and nobody has to be told of it"),
    not_done("rest_api.*", NO_HTTP),
    not_needed("agentd.*", ONE_PROGRAM),
    not_needed("confd.*", ONE_PROGRAM),
    not_needed("dird.*", ONE_PROGRAM),
    not_needed("consul.*", ONE_PROGRAM),
    not_needed("service_discovery.*", ONE_PROGRAM),
    not_done("bus.*", "ctibox tells its events on the control socket alone (`ctibox events`)"),
    not_done("provd.*", "ctibox provisions no telephones"),
    not_done("switchboard_queues.*", SWITCHBOARD),
    not_done("switchboard_hold_queues.*", SWITCHBOARD),
    not_done("switchboard_polycom.*", SWITCHBOARD),
    not_done("switchboard_snom.*", SWITCHBOARD),
];

/// The keys of /etc/xivo-auth.
pub(super) const XIVO_AUTH: &[OldKey] = &[
    setting("ldap.uri", Key::AuthLdapUri),
    setting("ldap.user_base_dn", Key::AuthLdapUserBaseDn),
    setting("ldap.user_login_attribute", Key::AuthLdapUserLoginAttribute),
    setting("ldap.user_email_attribute", Key::AuthLdapUserEmailAttribute),
    setting("ldap.bind_dn", Key::AuthLdapBindDn),
    setting("ldap.bind_password", Key::AuthLdapBindPassword),
    setting("ldap.bind_anonymous", Key::AuthLdapBindAnonymous),
    setting("ldap.start_tls", Key::AuthLdapStartTls),
    setting("ldap.ca_file", Key::AuthLdapCaFile),
    not_done("ldap.bind_dn_format", "the form of before 16.03: name `user_base_dn` and `user_login_attribute` instead"),
    not_done("ldap.domain", "the form of before 16.03: the e-mail is read from `user_email_attribute`"),
    not_needed("enabled_plugins.*", "all backends are there; `auth.backends` says which are asked"),
    not_needed("enabled_backend_plugins.*", "all backends are there; `auth.backends` says which are asked"),
    not_needed("debug", "the log level is `log.level`, or `debug` of xivo-ctid's files"),
    not_needed("user", BY_SYSTEMD),
    not_needed("foreground", BY_SYSTEMD),
    not_needed("pid_filename", BY_SYSTEMD),
    not_needed("pidfile", BY_SYSTEMD),
    not_needed("log_filename", TO_JOURNAL),
    not_needed("logfile", TO_JOURNAL),
    not_needed("config_file", "`--old-config` names the folder"),
    not_done("extra_config_files", FOLDER_BESIDE),
    not_needed("default_token_lifetime", "a session is its connection: there are no tokens"),
    not_needed("backend_policies.*", "rights are those of profiles and accounts"),
    not_needed("db_uri", ONE_FILE),
    not_needed("amqp.*", ONE_PROGRAM),
    not_needed("bus.*", ONE_PROGRAM),
    not_needed("confd.*", ONE_PROGRAM),
    not_needed("consul.*", ONE_PROGRAM),
    not_needed("service_discovery.*", ONE_PROGRAM),
    not_done("rest_api.*", NO_HTTP),
];

/// What is known of a path in a program's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// A value stands here.
    Value(KeyFate),
    /// A map of such.
    Group,
    Unknown,
}

impl Program {
    /// The folder of its files below /etc.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Ctibox => "ctibox",
            Self::XivoCtid => "xivo-ctid",
            Self::XivoAuth => "xivo-auth",
        }
    }

    /// The rows that are asked first, then the keys of ctibox itself.
    fn rows(self) -> impl Iterator<Item = &'static OldKey> {
        let is_ldap = |row: &&OldKey| row.path.starts_with("ldap.");
        let (first, of_auth) = match self {
            // What is not needed there may be one of ctibox's own keys here.
            Self::Ctibox | Self::XivoCtid => (XIVO_CTID, XIVO_AUTH),
            Self::XivoAuth => (XIVO_AUTH, [].as_slice()),
        };
        first.iter().chain(of_auth.iter().filter(is_ldap))
    }

    fn own_keys(self) -> &'static [Key] {
        match self {
            Self::Ctibox | Self::XivoCtid => Key::ALL,
            Self::XivoAuth => &[],
        }
    }

    pub(super) fn look_up(self, path: &str) -> Known {
        if let Some(key) = self.own_keys().iter().find(|key| key.as_str() == path) {
            return Known::Value(KeyFate::Setting(*key, Reading::Plain));
        }
        if let Some(row) = self.rows().find(|row| row.path.strip_suffix(".*").unwrap_or(row.path) == path) {
            return Known::Value(row.fate);
        }
        match self.paths().any(|known| is_below(known, path)) {
            true => Known::Group,
            false => Known::Unknown,
        }
    }

    /// The settings that stand below a group, each once, with the paths at which they may.
    pub(super) fn settings_below(self, group: &str) -> Vec<(String, Key, Reading)> {
        let own = self.own_keys().iter().map(|key| (key.as_str(), *key, Reading::Plain));
        let old = self.rows().filter_map(|row| match row.fate {
            KeyFate::Setting(key, reading) => Some((row.path, key, reading)),
            KeyFate::NotNeeded(_) | KeyFate::NotDone(_) => None,
        });
        let mut found: Vec<(String, Key, Reading)> = Vec::new();
        for (path, key, reading) in own.chain(old).filter(|(path, ..)| is_below(path, group)) {
            if !found.iter().any(|(_, known, _)| *known == key) {
                found.push((path.to_owned(), key, reading));
            }
        }
        found
    }

    /// Every path at which a value is known.
    pub(super) fn paths(self) -> impl Iterator<Item = &'static str> {
        let own = self.own_keys().iter().map(|key| key.as_str());
        own.chain(self.rows().map(|row| row.path.strip_suffix(".*").unwrap_or(row.path)))
    }

    /// Every path below which others are known.
    pub(super) fn groups(self) -> BTreeSet<&'static str> {
        self.paths().flat_map(|path| path.match_indices('.').map(|(at, _)| &path[..at])).collect()
    }
}

fn is_below(path: &str, group: &str) -> bool {
    path.strip_prefix(group).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows of the table in the documents.
    fn documented(rows: &[OldKey]) -> String {
        let row = |row: &OldKey| {
            let fate = match row.fate {
                KeyFate::Setting(key, Reading::Plain) => format!("`{key}`"),
                KeyFate::Setting(key, Reading::StartTls) => format!("`{key}`: true is `offer`, false is `off`"),
                KeyFate::Setting(key, Reading::Debug) => format!("`{key}`: true is `debug`, false is `info`"),
                KeyFate::Setting(key, Reading::VerifyCertificate) => {
                    format!("`{key}`: a path; true trusts the system's certificates, false is refused")
                }
                KeyFate::NotNeeded(why) => format!("not needed: {why}"),
                KeyFate::NotDone(why) => format!("not done: {why}"),
            };
            format!("| `{}` | {fate} |\n", row.path)
        };
        rows.iter().map(row).collect()
    }

    #[test]
    fn the_documents_show_the_fate_of_every_old_key() {
        let documents = std::fs::read_to_string("docs/administration.md").expect("the documents");
        for (program, rows) in [("xivo-ctid", XIVO_CTID), ("xivo-auth", XIVO_AUTH)] {
            let table = documented(rows);
            assert!(documents.contains(&table), "docs/administration.md lacks the table of {program}:\n{table}");
        }
    }

    #[test]
    fn every_key_and_every_group_is_known_and_no_other() {
        for key in Key::ALL {
            let known = Program::Ctibox.look_up(key.as_str());
            assert!(matches!(known, Known::Value(KeyFate::Setting(..))), "{key}: {known:?}");
        }
        for (program, path, expected) in [
            (Program::Ctibox, "auth", Known::Group),
            (Program::Ctibox, "auth.ldap", Known::Group),
            (Program::XivoCtid, "main", Known::Group),
            (Program::XivoAuth, "auth.backend", Known::Unknown),
            (Program::XivoAuth, "ldap", Known::Group),
            (
                Program::XivoCtid,
                "bus",
                Known::Value(KeyFate::NotDone("ctibox tells its events on the control socket alone (`ctibox events`)")),
            ),
            (Program::XivoCtid, "clien", Known::Unknown),
            (Program::XivoCtid, "client.prot", Known::Unknown),
        ] {
            assert_eq!(program.look_up(path), expected, "{path}");
        }
        let below: Vec<Key> = Program::XivoCtid.settings_below("main").into_iter().map(|(_, key, _)| key).collect();
        assert!(below.contains(&Key::EncryptionMode) && below.len() == 4, "{below:?}");
    }
}
