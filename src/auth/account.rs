//! The backends `xivo_admin` and `xivo_service`: accounts of the configuration with their argon2id hashes. Who is accepted
//! here is no user, so a desktop client is told `user_not_found` (settings §6.2).

use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError, RwLock};

use super::local_passwords::LocalPasswords;
use super::{
    AuthBackend, AuthOutcome, LoginAttempt, PendingOutcome, PendingProbe, ProbeReport, ProbeStage, ProbeStep,
    ProbeSubject, RefusalCause, StepResult, UnknownCause, Verdict,
};
use crate::settings::account::{Account, AccountKind};
use crate::settings::configuration::Configuration;
use crate::settings::setting::General;
use crate::settings::table::Table;

/// Holds the accounts of the latest configuration.
pub(crate) struct AccountBackend {
    kind: AccountKind,
    accounts: RwLock<Table<Account>>,
    passwords: LocalPasswords,
}

impl AccountBackend {
    /// Knows the accounts of this kind.
    pub(crate) fn new(kind: AccountKind, passwords: LocalPasswords, configuration: &Configuration) -> Self {
        Self { kind, accounts: RwLock::new(configuration.accounts.clone()), passwords }
    }

    /// There are few accounts.
    fn find(&self, name: &str) -> Option<Arc<Account>> {
        let accounts = self.accounts.read().unwrap_or_else(PoisonError::into_inner);
        accounts.find(|account| account.kind == self.kind && account.has_name(name)).cloned()
    }

    async fn compare(&self, attempt: LoginAttempt) -> AuthOutcome {
        let account = self.find(attempt.login());
        let hash = account.as_ref().and_then(|account| account.password.as_ref());
        let is_right = self.passwords.is_right(hash, attempt).await;
        is_right.map_or(AuthOutcome::Unavailable, |is_right| outcome(account.as_deref(), is_right))
    }

    async fn try_out(&self, subject: &ProbeSubject) -> ProbeReport {
        let Some(name) = &subject.login else { return ProbeReport { steps: Vec::new(), verdict: Verdict::Open } };
        let account = self.find(name);
        let hash = account.as_ref().and_then(|account| account.password.clone());
        let (result, detail) = match (&account, &hash) {
            (None, _) => (StepResult::Negative, format!("no {} account has this name", self.kind)),
            (Some(_), None) => (StepResult::Negative, "the account has no password".to_owned()),
            (Some(_), Some(_)) => (StepResult::Passed, format!("the {} account of this name", self.kind)),
        };
        let mut steps = vec![ProbeStep { stage: ProbeStage::Find, result, detail }];
        let Some(hash) = hash else {
            return ProbeReport { steps, verdict: Verdict::Answers(outcome(account.as_deref(), false)) };
        };
        let Some(password) = subject.password.clone() else {
            let with_right_one = outcome(account.as_deref(), true);
            steps.extend(refused_step(with_right_one));
            return ProbeReport { steps, verdict: Verdict::Decides(with_right_one) };
        };
        let (step, is_right) = ProbeStep::of_password(self.passwords.is_right_of(hash, password).await);
        steps.push(step);
        let outcome = is_right.map_or(AuthOutcome::Unavailable, |is_right| outcome(account.as_deref(), is_right));
        steps.extend(refused_step(outcome));
        ProbeReport { steps, verdict: Verdict::Answers(outcome) }
    }
}

/// Why a right password lets no desktop client in.
fn refused_step(outcome: AuthOutcome) -> Option<ProbeStep> {
    let detail = match outcome {
        AuthOutcome::NoUser => "accounts are no users: a desktop client is told `user_not_found`".to_owned(),
        AuthOutcome::Refused(cause @ RefusalCause::AccountDisabled) => cause.to_string(),
        _ => return None,
    };
    Some(ProbeStep { stage: ProbeStage::User, result: StepResult::Negative, detail })
}

/// What is said of this account once the password was compared.
fn outcome(account: Option<&Account>, is_right: bool) -> AuthOutcome {
    let Some(account) = account else { return AuthOutcome::Unknown(UnknownCause::NoSuchUser) };
    match (&account.password, is_right) {
        (None, _) => AuthOutcome::Unknown(UnknownCause::NoPassword),
        (Some(_), false) => AuthOutcome::Refused(RefusalCause::WrongPassword),
        (Some(_), true) if !account.enabled => AuthOutcome::Refused(RefusalCause::AccountDisabled),
        (Some(_), true) => AuthOutcome::NoUser,
    }
}

impl AuthBackend for AccountBackend {
    fn checks_at_once(&self) -> NonZeroUsize {
        self.passwords.at_once()
    }

    fn check(&self, attempt: LoginAttempt) -> PendingOutcome<'_> {
        Box::pin(self.compare(attempt))
    }

    fn follow(&self, configuration: &Configuration, _general: &General) {
        *self.accounts.write().unwrap_or_else(PoisonError::into_inner) = configuration.accounts.clone();
    }

    fn probe<'a>(&'a self, subject: &'a ProbeSubject) -> PendingProbe<'a> {
        Box::pin(self.try_out(subject))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::xivo_user::tests::company;
    use crate::auth::{Authenticator, LocalPasswords, MakeBackend};
    use crate::settings::account::AccountRight;
    use crate::settings::auth_settings::BackendName;
    use crate::settings::edit::NewAccount;
    use crate::settings::name::AccountName;
    use crate::settings::password::{Password, Secret};

    #[test]
    fn an_account_of_the_kind_is_known_and_is_no_user() {
        let mut configuration = company();
        for (kind, name, enabled) in [
            (AccountKind::Admin, "root", true),
            (AccountKind::Admin, "gone", false),
            (AccountKind::Service, "crm", true),
        ] {
            let password = Password::parse("right one").expect("a password");
            let new = NewAccount {
                kind,
                name: AccountName::parse(name).expect("a name"),
                password: Some(password.hash(&[2; 16])),
                enabled,
                rights: [AccountRight::Configuration].into(),
                contexts: [].into(),
            };
            configuration.add_account(new).expect("added");
        }
        let passwords = LocalPasswords::new();
        let make: MakeBackend =
            Box::new(move |_, c, _| Box::new(AccountBackend::new(AccountKind::Admin, passwords.clone(), c)));
        let mut general = General::default();
        general.auth.backends = vec![BackendName::XivoAdmin];
        let authenticator = Authenticator::new(make, &configuration, &general);
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let check = |name: &str, password: &str| {
            let here = std::net::Ipv4Addr::LOCALHOST.into();
            runtime.block_on(authenticator.check(here, name.into(), Secret::new(password)))
        };
        assert_eq!(check("ROOT", "right one"), AuthOutcome::NoUser);
        assert_eq!(check("root", "wrong one"), AuthOutcome::Refused(RefusalCause::WrongPassword));
        assert_eq!(check("gone", "right one"), AuthOutcome::Refused(RefusalCause::AccountDisabled));
        for name in ["crm", "alice", ""] {
            assert_eq!(check(name, "right one"), AuthOutcome::Unknown(UnknownCause::NoSuchUser), "{name}");
        }
        let root = configuration.accounts.find(|account| account.has_name("root")).expect("root").id;
        configuration.remove_account(root).expect("removed");
        authenticator.follow(&configuration, &general);
        assert_eq!(check("root", "right one"), AuthOutcome::Unknown(UnknownCause::NoSuchUser));
    }
}
