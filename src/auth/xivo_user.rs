//! The backend `xivo_user`: users of the configuration with their argon2id hashes; all of them, or those flagged as
//! break-glass. An unknown user costs what a wrong password costs; who was right lately costs no hash.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError, RwLock};

use super::known_users::outcome_of;
use super::local_passwords::LocalPasswords;
use super::remembered::RememberedCredentials;
use super::{
    AuthBackend, AuthOutcome, Credentials, LoginAttempt, PendingOutcome, PendingProbe, ProbeReport, ProbeStage,
    ProbeStep, ProbeSubject, RefusalCause, StepResult, UnknownCause, Verdict,
};
use crate::settings::configuration::Configuration;
use crate::settings::id::UserUuid;
use crate::settings::name::Login;
use crate::settings::password::{PasswordHash, Secret};
use crate::settings::setting::General;
use crate::settings::table::Table;
use crate::settings::user::User;

/// Whom the backend knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UserScope {
    Everybody,
    /// The users flagged as break-glass alone.
    BreakGlass,
}

/// Holds the users of the latest configuration by login.
pub(crate) struct XivoUser {
    scope: UserScope,
    users: RwLock<Users>,
    passwords: LocalPasswords,
    remembered: Arc<RememberedCredentials>,
}

impl XivoUser {
    pub(crate) fn new(scope: UserScope, passwords: LocalPasswords, configuration: &Configuration) -> Self {
        let mut users = Users::default();
        let _nobody = users.follow(&configuration.users);
        let remembered = Arc::new(RememberedCredentials::new());
        Self { scope, users: RwLock::new(users), passwords, remembered }
    }

    fn find(&self, login: &str) -> Option<Arc<User>> {
        let login = Login::parse(login).ok()?.folded();
        let found = self.users.read().unwrap_or_else(PoisonError::into_inner).by_login.get(&login).cloned();
        found.filter(|user| self.scope == UserScope::Everybody || user.break_glass)
    }

    async fn compare(&self, attempt: LoginAttempt) -> AuthOutcome {
        let user = self.find(attempt.login());
        let accepted = match outcome(user.as_deref(), true) {
            AuthOutcome::Accepted(uuid) => Some((uuid, self.remembered.clone())),
            _ => None,
        };
        let remember = move |hash: &PasswordHash, password: &Secret| {
            if let Some((uuid, remembered)) = accepted {
                remembered.remember(uuid, hash, password);
            }
        };
        let is_right = self.passwords.is_right_then(password_of(user.as_deref()), attempt, remember).await;
        is_right.map_or(AuthOutcome::Unavailable, |is_right| outcome(user.as_deref(), is_right))
    }

    async fn try_out(&self, subject: &ProbeSubject) -> ProbeReport {
        let Some(login) = &subject.login else { return ProbeReport { steps: Vec::new(), verdict: Verdict::Open } };
        let user = self.find(login);
        let mut steps = vec![found(user.as_deref())];
        let Some(hash) = password_of(user.as_deref()).cloned() else {
            return ProbeReport { steps, verdict: Verdict::Answers(outcome(user.as_deref(), false)) };
        };
        let Some(password) = subject.password.clone() else {
            let with_right_one = outcome(user.as_deref(), true);
            if let AuthOutcome::Refused(cause) = with_right_one {
                steps.push(refused_step(cause));
            }
            return ProbeReport { steps, verdict: Verdict::Decides(with_right_one) };
        };
        let (step, is_right) = ProbeStep::of_password(self.passwords.is_right_of(hash, password).await);
        steps.push(step);
        let outcome = is_right.map_or(AuthOutcome::Unavailable, |is_right| outcome(user.as_deref(), is_right));
        match outcome {
            AuthOutcome::Refused(RefusalCause::WrongPassword) | AuthOutcome::Unavailable => {}
            AuthOutcome::Refused(cause) => steps.push(refused_step(cause)),
            AuthOutcome::Accepted(_) | AuthOutcome::NoUser | AuthOutcome::Unknown(_) => {
                let detail = "the user is enabled and has a profile".to_owned();
                steps.push(ProbeStep { stage: ProbeStage::User, result: StepResult::Passed, detail });
            }
        }
        ProbeReport { steps, verdict: Verdict::Answers(outcome) }
    }
}

fn password_of(user: Option<&User>) -> Option<&PasswordHash> {
    user.and_then(|user| user.password.as_ref())
}

/// What is said of this user once the password was compared.
fn outcome(user: Option<&User>, is_right: bool) -> AuthOutcome {
    let Some(user) = user else { return AuthOutcome::Unknown(UnknownCause::NoSuchUser) };
    match (&user.password, is_right) {
        (None, _) => AuthOutcome::Unknown(UnknownCause::NoPassword),
        (Some(_), false) => AuthOutcome::Refused(RefusalCause::WrongPassword),
        (Some(_), true) => outcome_of(user),
    }
}

/// Of somebody whose right password is of no use.
fn refused_step(cause: RefusalCause) -> ProbeStep {
    ProbeStep { stage: ProbeStage::User, result: StepResult::Negative, detail: cause.to_string() }
}

fn found(user: Option<&User>) -> ProbeStep {
    let (result, detail) = match user {
        None => (StepResult::Negative, "no user has this login".to_owned()),
        Some(user) if user.password.is_none() => {
            (StepResult::Negative, format!("{} has no local password", user.full_name()))
        }
        Some(user) => (StepResult::Passed, format!("{} has a local password", user.full_name())),
    };
    ProbeStep { stage: ProbeStage::Find, result, detail }
}

#[derive(Default)]
struct Users {
    known: Table<User>,
    by_login: HashMap<String, Arc<User>>,
}

impl Users {
    /// All that goes before all that comes: two users may have swapped their logins. Says whose password is theirs no
    /// more.
    fn follow(&mut self, newer: &Table<User>) -> Vec<UserUuid> {
        let differences = self.known.differences(newer);
        for login in differences.iter().filter_map(|(old, _)| old.and_then(|old| old.folded_login())) {
            self.by_login.remove(&login);
        }
        for new in differences.iter().filter_map(|(_, new)| *new) {
            self.by_login.extend(new.folded_login().map(|login| (login, Arc::clone(new))));
        }
        let lost = |(old, new): &(Option<&Arc<User>>, Option<&Arc<User>>)| {
            let stays = |old: &User, new: &User| new.enabled && new.password == old.password && new.uuid == old.uuid;
            old.filter(|old| new.is_none_or(|new| !stays(old, new))).map(|old| old.uuid)
        };
        let lost = differences.iter().filter_map(lost).collect();
        self.known = newer.clone();
        lost
    }
}

impl AuthBackend for XivoUser {
    fn checks_at_once(&self) -> NonZeroUsize {
        self.passwords.at_once()
    }

    fn check(&self, attempt: LoginAttempt) -> PendingOutcome<'_> {
        Box::pin(self.compare(attempt))
    }

    fn recall(&self, credentials: &Credentials) -> Option<AuthOutcome> {
        let user = self.find(&credentials.login);
        let own = password_of(user.as_deref());
        let uuid = user.as_ref().filter(|_| own.is_some()).map(|user| user.uuid);
        let hash = self.passwords.or_dummy(own);
        let is_right = self.remembered.is_remembered(uuid, hash, &credentials.password);
        is_right.then(|| outcome(user.as_deref(), true))
    }

    fn follow(&self, configuration: &Configuration, _general: &General) {
        let lost = self.users.write().unwrap_or_else(PoisonError::into_inner).follow(&configuration.users);
        self.remembered.forget(lost);
    }

    fn probe<'a>(&'a self, subject: &'a ProbeSubject) -> PendingProbe<'a> {
        Box::pin(self.try_out(subject))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;
    use crate::auth::gate::Gate;
    use crate::auth::{Authenticator, LocalPasswords, MakeBackend};
    use crate::settings::id::{Id as _, ProfileId, ServerUuid};
    use crate::settings::name::{FirstName, LastName};
    use crate::settings::password::Password;

    pub(in crate::auth) fn uuid(number: u128) -> UserUuid {
        UserUuid::new(uuid::Uuid::from_u128(number))
    }

    fn add(configuration: &mut Configuration, number: u128, login: &str, change: impl FnOnce(&mut User)) {
        configuration.users.add(|id| {
            let mut user = User {
                id,
                version: 1,
                uuid: uuid(number),
                login: Some(Login::parse(login).expect("a login")),
                first_name: FirstName::parse("Some").expect("a name"),
                last_name: LastName::parse("Body").expect("a name"),
                email: None,
                mobile: None,
                password: Some(Password::parse("right one").expect("a password").hash(&[1; 16])),
                enabled: true,
                profile: Some(ProfileId::new(1)),
                break_glass: false,
            };
            change(&mut user);
            user
        });
    }

    /// Alice may log in, the others lack what their login says.
    pub(in crate::auth) fn company() -> Configuration {
        let mut configuration = Configuration::empty(ServerUuid::new(uuid::Uuid::from_u128(9)));
        add(&mut configuration, 1, "alice", |_| {});
        add(&mut configuration, 2, "disabled", |user| user.enabled = false);
        add(&mut configuration, 3, "nopassword", |user| user.password = None);
        add(&mut configuration, 4, "noprofile", |user| user.profile = None);
        // Even if somebody's hand wrote a hash beside it.
        add(&mut configuration, 5, "nologin", |user| user.login = None);
        configuration
    }

    #[test]
    fn who_was_right_is_recalled_until_the_password_changes_or_the_user_goes() {
        let mut configuration = company();
        let backend = Arc::new(XivoUser::new(UserScope::Everybody, LocalPasswords::new(), &configuration));
        let recalled =
            |login: &str, password: &str| backend.recall(&Credentials::new(login.into(), Secret::new(password)));
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let check = |configuration: &Configuration, password: &str| {
            backend.follow(configuration, &General::default());
            let credentials = Arc::new(Credentials::new("alice".into(), Secret::new(password)));
            runtime.block_on(async {
                let gate = Gate::new(NonZeroUsize::MIN, 1);
                let permit = gate.admit(IpAddr::V4(Ipv4Addr::LOCALHOST)).await.expect("it is free");
                backend.compare(LoginAttempt { credentials, _permit: permit }).await
            })
        };
        assert_eq!(recalled("alice", "right one"), None);
        assert_eq!(check(&configuration, "wrong one"), AuthOutcome::Refused(RefusalCause::WrongPassword));
        assert_eq!(recalled("alice", "wrong one"), None);
        assert_eq!(check(&configuration, "right one"), AuthOutcome::Accepted(uuid(1)));
        assert_eq!(recalled("ALICE", "right one"), Some(AuthOutcome::Accepted(uuid(1))));
        for (login, password) in
            [("alice", "wrong one"), ("alice", ""), ("bob", "right one"), ("disabled", "right one")]
        {
            assert_eq!(recalled(login, password), None, "{login} {password}");
        }
        let alice = configuration.user_by_uuid(uuid(1)).expect("a user").id;
        let another = Password::parse("another one").expect("a password").hash(&[2; 16]);
        let old = configuration.user_by_uuid(uuid(1)).expect("a user").password.clone();
        configuration.users.edit(alice, |user| user.password = Some(another));
        backend.follow(&configuration, &General::default());
        assert_eq!(recalled("alice", "right one"), None);
        configuration.users.edit(alice, |user| user.password = old);
        backend.follow(&configuration, &General::default());
        assert_eq!(recalled("alice", "right one"), None, "it was forgotten, not only hidden");
        assert_eq!(check(&configuration, "right one"), AuthOutcome::Accepted(uuid(1)));
        configuration.users.edit(alice, |user| user.enabled = false);
        backend.follow(&configuration, &General::default());
        assert_eq!(recalled("alice", "right one"), None);
    }

    #[test]
    fn only_an_enabled_user_with_profile_and_password_is_accepted() {
        let mut configuration = company();
        let passwords = LocalPasswords::new();
        let make: MakeBackend =
            Box::new(move |_, c, _| Box::new(XivoUser::new(UserScope::Everybody, passwords.clone(), c)));
        let general = General::default();
        let authenticator = Authenticator::new(make, &configuration, &general);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let check = |login: &str, password: &str| {
            let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
            runtime.block_on(authenticator.check(here, login.into(), Secret::new(password)))
        };
        let (refused, unknown) = (AuthOutcome::Refused, AuthOutcome::Unknown);
        for login in ["nologin", "", "5", "00000000-0000-0000-0000-000000000005"] {
            assert_eq!(check(login, "right one"), unknown(UnknownCause::NoSuchUser), "{login}");
        }
        assert_eq!(check("alice", "right one"), AuthOutcome::Accepted(uuid(1)));
        assert_eq!(check("ALICE", "right one"), AuthOutcome::Accepted(uuid(1)));
        assert_eq!(check("alice", "wrong one"), refused(RefusalCause::WrongPassword));
        assert_eq!(check("disabled", "right one"), refused(RefusalCause::UserDisabled));
        assert_eq!(check("noprofile", "right one"), refused(RefusalCause::NoProfile));
        for password in ["right one", "nobody has this password"] {
            assert_eq!(check("nopassword", password), unknown(UnknownCause::NoPassword));
        }
        assert_eq!(check("bob", "nobody has this password"), unknown(UnknownCause::NoSuchUser));
        assert_eq!(check("\u{1b}[2J", ""), unknown(UnknownCause::NoSuchUser));
        let id = |number| configuration.user_by_uuid(uuid(number)).expect("a user").id;
        let (alice, disabled) = (id(1), id(2));
        configuration.users.edit(alice, |user| user.login = Login::parse("disabled").ok());
        configuration.users.edit(disabled, |user| user.login = Login::parse("alice").ok());
        authenticator.follow(&configuration, &general);
        assert_eq!(check("disabled", "right one"), AuthOutcome::Accepted(uuid(1)));
        assert_eq!(check("alice", "right one"), refused(RefusalCause::UserDisabled));
        configuration.users.remove(alice);
        authenticator.follow(&configuration, &general);
        assert_eq!(check("disabled", "right one"), unknown(UnknownCause::NoSuchUser));
    }
}
