//! Whether those log in who should, with the backends that are named (settings §6.2, §6.3): rules S3 and S4, and F14 as far
//! as it asks for a password. What files say of the backends stands above the database, so whoever knows of files asks anew.

use super::Validator;
use crate::settings::auth_settings::{AuthSettings, BackendName, LdapMode};
use crate::settings::configuration::Configuration;
use crate::settings::rule::{Finding, Refusal, Rule, Severity};
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::{General, Key, Layer, SettingValue};
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::settings::violation::Violation;

impl Configuration {
    /// What these backends mean for those who are to log in.
    pub(crate) fn login_findings(&self, auth: &AuthSettings) -> Vec<Finding> {
        let mut validator = Validator { configuration: self, findings: Vec::new() };
        check(&mut validator, auth);
        validator.findings
    }
}

impl Finding {
    /// Whether it follows from the backends, and so may be another where files name others.
    pub(crate) fn is_of_login(&self) -> bool {
        match self.refusal.rule {
            Rule::S3 | Rule::S4 => true,
            Rule::F14 => *self.refusal.problem == Violation::EnabledWithoutPassword,
            _ => false,
        }
    }
}

impl AuthSettings {
    /// Rule S4: a backend that is named has what it needs.
    pub(crate) fn expect_complete(&self) -> Result<(), Refusal> {
        if self.ldap.is_some() || !self.backends.contains(&BackendName::LdapUser) {
            return Ok(());
        }
        let on = RuleTarget::Setting(Key::AuthBackends.as_str());
        Err(Refusal::new(Rule::S4, on, Violation::LdapNotSet { needed: Key::NEEDED_BY_LDAP.map(Key::as_str) }))
    }
}

pub(super) fn validate(validator: &mut Validator<'_>) {
    let auth = stored(&validator.configuration.settings);
    check(validator, &auth);
}

/// As the database alone says it.
fn stored(layer: &Layer) -> AuthSettings {
    let defaults: Layer = Key::ALL.iter().map(|key| (*key, SettingValue::default_of(*key))).collect();
    let list = layer.get(&Key::AuthBackends).or_else(|| layer.get(&Key::AuthBackend));
    // Of both keys the list holds where both are set; a word is a list of one.
    let list = list.and_then(|value| SettingValue::parse(Key::AuthBackends, value.reveal()).ok());
    let value = |key: Key| match &list {
        Some(list) if key == Key::AuthBackends => list,
        _ => layer.get(&key).unwrap_or_else(|| &defaults[&key]),
    };
    General::read(value).auth
}

fn check(validator: &mut Validator<'_>, auth: &AuthSettings) {
    let asks = |name| auth.backends.contains(&name);
    if let Err(refusal) = auth.expect_complete() {
        push(validator, refusal);
    }
    if auth.backends.iter().copied().all(knows_no_users) {
        warn(validator, Violation::AccountsAlone);
    }
    let is_direct = auth.ldap.as_ref().is_some_and(|ldap| ldap.mode == LdapMode::Direct);
    if is_direct && asks(BackendName::LdapUser) && auth.backends.last() != Some(&BackendName::LdapUser) {
        warn(validator, Violation::DirectNotLast);
    }
    if asks(BackendName::LdapUser)
        && let Some(ldap) = &auth.ldap
        && let Some(server) = ldap.uris.iter().find(|uri| uri.is_in_clear(ldap.start_tls))
    {
        warn(validator, Violation::LdapInClear { server: server.to_string() });
    }
    if auth.backends.first() != Some(&BackendName::XivoUser) {
        let is_late = |user: &&User| user.password.is_some() && user.enabled && !user.break_glass;
        let users = validator.configuration.users.iter().map(|user| &**user).filter(is_late).count();
        match asks(BackendName::XivoUser) {
            _ if users == 0 => {}
            true => warn(validator, Violation::LocalPasswordsLate { users }),
            false => warn(validator, Violation::LocalPasswordsUnused { users }),
        }
    }
    for user in validator.configuration.users.iter().filter(|user| user.enabled && !can_be_known(user, auth)) {
        validator.warning(Rule::F14, &**user, Violation::EnabledWithoutPassword);
    }
}

/// Whether some backend may know the user: by a local password, by the e-mail address, or in ways of its own.
fn can_be_known(user: &User, auth: &AuthSettings) -> bool {
    let is_known_to = |name: &BackendName| match name {
        BackendName::XivoUser => user.password.is_some(),
        BackendName::LdapUser => user.email.is_some(),
        BackendName::XivoAuth => true,
        // Said once, of the backends.
        BackendName::XivoAdmin | BackendName::XivoService => false,
    };
    auth.backends.iter().copied().all(knows_no_users) || auth.backends.iter().any(is_known_to)
}

/// Whether it is asked about accounts alone.
fn knows_no_users(name: BackendName) -> bool {
    match name {
        BackendName::XivoAdmin | BackendName::XivoService => true,
        BackendName::XivoUser | BackendName::LdapUser | BackendName::XivoAuth => false,
    }
}

fn warn(validator: &mut Validator<'_>, problem: Violation) {
    push(validator, Refusal::new(Rule::S3, RuleTarget::Setting(Key::AuthBackends.as_str()), problem));
}

fn push(validator: &mut Validator<'_>, refusal: Refusal) {
    let about = Some((Kind::Setting, Key::AuthBackends.place()));
    validator.findings.push(Finding { severity: Severity::Warning, about, refusal });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::fixtures::small_company;
    use crate::settings::id::{Id as _, UserId};

    const LDAP: [(Key, &str); 3] = [
        (Key::AuthLdapUri, "ldaps://ldap.example.org"),
        (Key::AuthLdapUserBaseDn, "ou=people"),
        (Key::AuthLdapUserLoginAttribute, "uid"),
    ];

    fn problems(backends: &str, settings: &[(Key, &str)], edit: impl FnOnce(&mut Configuration)) -> Vec<String> {
        let mut c = small_company();
        let list = [(Key::AuthBackends, backends)];
        for (key, text) in list.iter().chain(settings) {
            c.settings.insert(*key, SettingValue::parse(*key, text).unwrap());
        }
        edit(&mut c);
        let findings = c.login_findings(&stored(&c.settings));
        findings.iter().map(|finding| finding.refusal.to_string()).collect()
    }

    #[test]
    fn each_list_of_backends_is_told_what_it_means() {
        let check = |backends: &str, settings: &[(Key, &str)], expected: &[&str]| {
            let found = problems(backends, settings, |_| {});
            assert_eq!(found.len(), expected.len(), "{backends}: {found:?}");
            for (found, expected) in found.iter().zip(expected) {
                assert!(found.contains(expected), "{backends}: {found}");
            }
        };
        check("xivo_user", &[], &[]);
        check("xivo_user,xivo_admin", &[], &[]);
        check("xivo_admin", &[], &["nobody can log in", "3 users have a local password, which does not count"]);
        check("xivo_admin,xivo_user", &[], &["3 users have a local password"]);
    }

    #[test]
    fn a_user_without_a_password_is_told_of_unless_another_backend_may_know_them() {
        let without_password = |c: &mut Configuration| {
            c.users.edit(UserId::new(1), |user| (user.password, user.email) = (None, None));
        };
        assert_eq!(problems("xivo_user", &[], without_password).len(), 1);
        assert_eq!(problems("xivo_user,xivo_admin", &[], without_password).len(), 1);
    }

    #[test]
    fn break_glass_users_do_not_wait_for_others() {
        let all = |c: &mut Configuration| {
            for id in 1..=3 {
                c.users.edit(UserId::new(id), |user| user.break_glass = true);
            }
        };
        assert_eq!(problems("xivo_admin,xivo_user", &[], all), [""; 0]);
    }

    #[test]
    fn a_directory_is_named_when_it_is_known_and_last_where_it_cannot_tell() {
        let auth = |backends: &[BackendName], settings: &[(Key, &str)]| {
            let layer: Layer =
                settings.iter().map(|(key, text)| (*key, SettingValue::parse(*key, text).unwrap())).collect();
            AuthSettings { backends: backends.to_vec(), ..stored(&layer) }
        };
        let rules = |auth: &AuthSettings| {
            let findings = small_company().login_findings(auth);
            findings.into_iter().map(|finding| *finding.refusal.problem).collect::<Vec<_>>()
        };
        let (local, ldap) = (BackendName::XivoUser, BackendName::LdapUser);
        assert!(auth(&[local, ldap], &LDAP[1..]).expect_complete().is_err());
        assert!(auth(&[local], &[]).expect_complete().is_ok());
        assert_eq!(rules(&auth(&[local, ldap], &LDAP)), []);
        let late = Violation::LocalPasswordsLate { users: 3 };
        assert_eq!(rules(&auth(&[ldap, local], &LDAP)), [Violation::DirectNotLast, late.clone()]);
        let with = |uri, start_tls| {
            let settings = [(Key::AuthLdapUri, uri), (Key::AuthLdapStartTls, start_tls)];
            rules(&auth(&[local, ldap], &[&LDAP[1..], &settings].concat()))
        };
        let in_clear = Violation::LdapInClear { server: "ldap://ldap.example.org".to_owned() };
        assert_eq!(with("ldaps://a.example.org,ldap://ldap.example.org", "false"), [in_clear]);
        assert_eq!(with("ldap://ldap.example.org", "true"), []);
        assert_eq!(with("ldap://127.0.0.1,ldap://localhost:3890", "false"), []);
        let searching = [LDAP.as_slice(), &[(Key::AuthLdapBindAnonymous, "true")]].concat();
        assert_eq!(rules(&auth(&[ldap, local], &searching)), [late]);
    }
}
