//! The backend `ldap_user` (settings §6.3): the directory says whether a password is right, the e-mail address of its entry
//! says which user here it is. Nobody's local login and local password are looked at. A directory that cannot say is
//! `Unavailable`, never a wrong password.

use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::task::JoinSet;

use super::known_users::{KnownUsers, outcome_of};
use super::ldap::{Directory, DirectoryAnswer};
use super::ldap_probe;
use super::sendable::refuse_unsendable;
use super::{
    AuthBackend, AuthOutcome, LoginAttempt, PendingOutcome, PendingProbe, ProbeSubject, RefusalCause, UnknownCause,
};
use crate::observe::shown;
use crate::settings::configuration::Configuration;
use crate::settings::setting::General;

/// How many logins the directory is asked about at once. One that hangs ends by its timeouts.
const LDAP_CHECKS_AT_ONCE_MAX: NonZeroUsize = NonZeroUsize::new(16).expect("not zero");

#[derive(Default)]
pub(crate) struct LdapUser {
    /// None: its settings are not all there.
    directory: RwLock<Option<Arc<Directory>>>,
    users: RwLock<KnownUsers>,
}

impl LdapUser {
    pub(crate) fn new(configuration: &Configuration, general: &General) -> Self {
        let new = Self::default();
        new.follow(configuration, general);
        new
    }

    fn directory(&self) -> Option<Arc<Directory>> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ask(&self, attempt: LoginAttempt) -> AuthOutcome {
        if let Err(outcome) = refuse_unsendable(attempt.login(), attempt.password()) {
            return outcome;
        }
        let Some(directory) = self.directory() else {
            tracing::error!("ldap_user has no directory to ask: auth.ldap.* is not complete");
            return AuthOutcome::Unavailable;
        };
        let login = shown(attempt.login());
        // A task of its own: an answer that the library stumbles over ends the check alone. Who drops this ends it.
        let mut check = JoinSet::new();
        check.spawn(async move { directory.check(attempt.login(), attempt.password().reveal()).await });
        match check.join_next().await {
            Some(Ok(Ok(answer))) => self.outcome(&login, &answer),
            Some(Ok(Err(_))) | None => AuthOutcome::Unavailable,
            Some(Err(error)) => {
                tracing::warn!(%error, "an answer of the LDAP server cannot be read");
                AuthOutcome::Unavailable
            }
        }
    }

    /// What the directory's answer means here.
    fn outcome(&self, login: &str, answer: &DirectoryAnswer) -> AuthOutcome {
        let refused = AuthOutcome::Refused;
        match answer {
            DirectoryAnswer::NoEntry => AuthOutcome::Unknown(UnknownCause::NoSuchUser),
            DirectoryAnswer::BindRefused => AuthOutcome::Unknown(UnknownCause::NotAccepted),
            DirectoryAnswer::WrongPassword => refused(RefusalCause::WrongPassword),
            DirectoryAnswer::SeveralEntries => refused(RefusalCause::SeveralEntries),
            DirectoryAnswer::NoEmail => refused(RefusalCause::NoEmail),
            DirectoryAnswer::Email(email) => {
                let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
                match users.with_email(email) {
                    [] => {
                        tracing::warn!(login, email = shown(email), "nobody here has the address of this LDAP entry");
                        refused(RefusalCause::EmailOfNobody)
                    }
                    [user] => outcome_of(user),
                    [_, _, ..] => {
                        tracing::warn!(
                            login,
                            email = shown(email),
                            "several users here have the address of this entry"
                        );
                        refused(RefusalCause::EmailOfSeveral)
                    }
                }
            }
        }
    }
}

impl AuthBackend for LdapUser {
    fn checks_at_once(&self) -> NonZeroUsize {
        LDAP_CHECKS_AT_ONCE_MAX
    }

    fn check(&self, attempt: LoginAttempt) -> PendingOutcome<'_> {
        Box::pin(self.ask(attempt))
    }

    fn follow(&self, configuration: &Configuration, general: &General) {
        self.users.write().unwrap_or_else(PoisonError::into_inner).follow(&configuration.users);
        let mut directory = self.directory.write().unwrap_or_else(PoisonError::into_inner);
        // The same settings keep their connection.
        if directory.as_ref().map(|directory| &directory.settings) != general.auth.ldap.as_ref() {
            *directory = general.auth.ldap.clone().map(|settings| Arc::new(Directory::new(settings)));
        }
    }

    fn lacks_settings(&self) -> bool {
        self.directory().is_none()
    }

    fn probe<'a>(&'a self, subject: &'a ProbeSubject) -> PendingProbe<'a> {
        Box::pin(async move {
            let judge = |login: &str, answer: &DirectoryAnswer| self.outcome(login, answer);
            ldap_probe::probe(self.directory().as_deref(), &judge, subject).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::xivo_user::tests::{company, uuid};
    use crate::settings::name::EmailAddress;

    #[test]
    fn the_address_of_the_entry_says_which_user_it_is() {
        let mut configuration = company();
        for (number, email) in
            [(1, "alice@example.org"), (2, "disabled@example.org"), (3, "two@example.org"), (4, "TWO@example.org")]
        {
            let id = configuration.user_by_uuid(uuid(number)).expect("a user").id;
            configuration.users.edit(id, |user| user.email = EmailAddress::parse(email).ok());
        }
        let backend = LdapUser::new(&configuration, &General::default());
        let email = |email: &str| backend.outcome("login", &DirectoryAnswer::Email(email.to_owned()));
        assert_eq!(email("Alice@EXAMPLE.org"), AuthOutcome::Accepted(uuid(1)));
        assert_eq!(email("disabled@example.org"), AuthOutcome::Refused(RefusalCause::UserDisabled));
        assert_eq!(email("two@example.org"), AuthOutcome::Refused(RefusalCause::EmailOfSeveral));
        assert_eq!(email("bob@example.org"), AuthOutcome::Refused(RefusalCause::EmailOfNobody));
    }
}
