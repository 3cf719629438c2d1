//! Whether those log in who should, with the backends that are named (settings §6.2, §6.3): rules S3 and S4, and F14 as far
//! as it asks for a password. What files say of the backends stands above the database, so whoever knows of files asks anew.

use super::Validator;
use crate::settings::account::{Account, AccountKind};
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
            Rule::F14 => {
                matches!(*self.refusal.problem, Violation::EnabledWithoutPassword | Violation::EnabledWithoutEmail)
            }
            _ => false,
        }
    }
}

impl AuthSettings {
    /// What an enabled user lacks so that some backend may know them (rule F14); None: nothing.
    pub(crate) fn lacking(&self, user: &User) -> Option<Violation> {
        if !user.enabled || can_be_known(user, self) {
            return None;
        }
        Some(match self.backends.contains(&BackendName::XivoUser) {
            true => Violation::EnabledWithoutPassword,
            false => Violation::EnabledWithoutEmail,
        })
    }

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
    for user in validator.configuration.users.iter() {
        if let Some(lacking) = auth.lacking(user) {
            validator.warning(Rule::F14, &**user, lacking);
        }
    }
    check_accounts(validator, auth);
}

/// An account whose backend is asked before the user's own keeps a user of the same name out.
fn check_accounts(validator: &mut Validator<'_>, auth: &AuthSettings) {
    let configuration = validator.configuration;
    let place_of = |account: &Account| {
        let backend = match account.kind {
            AccountKind::Admin => BackendName::XivoAdmin,
            AccountKind::Service => BackendName::XivoService,
        };
        Some((auth.backends.iter().position(|name| *name == backend)?, backend))
    };
    for account in configuration.accounts.iter().filter(|account| account.password.is_some()) {
        let Some((place, backend)) = place_of(account) else { continue };
        let is_hidden = |user: &User| {
            let own = auth.backends.iter().position(|name| may_know(*name, user));
            user.enabled
                && user.login.as_ref().is_some_and(|login| account.has_name(login.as_str()))
                && !is_break_glass(user)
                && own.is_some_and(|own| place < own)
        };
        if let Some(user) = configuration.users.find(is_hidden) {
            validator.warning(Rule::S3, &**user, Violation::HiddenByAccount { backend: backend.as_str() });
        }
    }
}

/// Whether some backend may know the user: by a local password, by the e-mail address, or in ways of its own.
fn can_be_known(user: &User, auth: &AuthSettings) -> bool {
    let mut backends = auth.backends.iter().copied();
    is_break_glass(user) || backends.clone().all(knows_no_users) || backends.any(|name| may_know(name, user))
}

fn may_know(name: BackendName, user: &User) -> bool {
    match name {
        BackendName::XivoUser => user.password.is_some(),
        BackendName::LdapUser => user.email.is_some(),
        BackendName::XivoAuth => true,
        // Said once, of the backends.
        BackendName::XivoAdmin | BackendName::XivoService => false,
    }
}

/// Whether their local password counts whatever the list.
fn is_break_glass(user: &User) -> bool {
    user.break_glass && user.password.is_some()
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
    use crate::settings::account::AccountRight;
    use crate::settings::edit::NewAccount;
    use crate::settings::fixtures::small_company;
    use crate::settings::id::{Id as _, UserId};
    use crate::settings::name::AccountName;
    use crate::settings::password::Password;

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
    fn where_the_directory_alone_is_asked_an_email_address_is_what_lacks_and_not_a_password() {
        let unknown = |edit: fn(&mut User)| {
            let mut c = small_company();
            c.users.edit(UserId::new(1), edit);
            let auth = AuthSettings {
                backends: vec![BackendName::LdapUser],
                ..stored(&LDAP.iter().map(|(key, text)| (*key, SettingValue::parse(*key, text).unwrap())).collect())
            };
            let findings = c.login_findings(&auth);
            let told = findings.into_iter().filter(|finding| finding.refusal.rule == Rule::F14);
            told.filter(|finding| finding.about == Some((Kind::User, 1)))
                .map(|finding| (*finding.refusal.problem).clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(unknown(|user| user.email = None), [Violation::EnabledWithoutEmail]);
        assert_eq!(unknown(|user| (user.email, user.break_glass) = (None, true)), []);
        let without_both: fn(&mut User) = |user| (user.email, user.break_glass, user.password) = (None, true, None);
        assert_eq!(unknown(without_both), [Violation::EnabledWithoutEmail]);
    }

    #[test]
    fn a_user_whom_an_account_of_the_same_name_keeps_out_is_named() {
        let hidden = |backends: &str, edit: fn(&mut User)| {
            problems(backends, &[], |c| {
                let login = c.users.get(UserId::new(1)).unwrap().login.clone().unwrap();
                let name = AccountName::parse(&login.as_str().to_uppercase()).unwrap();
                let password = Some(Password::parse("opensesame").unwrap().hash(&[1; 16]));
                let (rights, contexts) = ([AccountRight::Configuration].into(), [].into());
                let kind = AccountKind::Admin;
                c.add_account(NewAccount { kind, name, password, enabled: true, rights, contexts }).unwrap();
                c.users.edit(UserId::new(1), edit);
            })
            .into_iter()
            .filter(|told| told.contains("an account has the same name, and `xivo_admin`"))
            .count()
        };
        assert_eq!(hidden("xivo_admin,xivo_user", |_| {}), 1);
        assert_eq!(hidden("xivo_user,xivo_admin", |_| {}), 0);
        assert_eq!(hidden("xivo_admin", |_| {}), 0, "nobody logs in there");
        assert_eq!(hidden("xivo_admin,xivo_user", |user| user.break_glass = true), 0);
        assert_eq!(hidden("xivo_admin,xivo_user", |user| user.enabled = false), 0);
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
