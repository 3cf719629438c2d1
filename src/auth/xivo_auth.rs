//! The backend `xivo_auth` (settings §6.4): another authentication service says over HTTPS whether a password is right, and
//! whose UUID it is. It refuses unknown logins and wrong passwords alike, so a refusal is passed on to the next backend.

use std::num::NonZeroUsize;
use std::sync::{Arc, PoisonError, RwLock};

use super::known_users::{KnownUsers, outcome_of};
use super::sendable::{is_login, refuse_unsendable};
use super::token_service::{Granted, TokenFault, TokenService};
use super::{
    AuthBackend, AuthOutcome, LoginAttempt, PendingOutcome, PendingProbe, ProbeReport, ProbeStage, ProbeStep,
    ProbeSubject, StepResult, UnknownCause, Verdict,
};
use crate::observe::shown;
use crate::settings::configuration::Configuration;
use crate::settings::id::UserUuid;
use crate::settings::setting::General;

/// How many logins the service is asked about at once. One that hangs ends by `auth.xivo_auth.timeout`.
const XIVO_AUTH_CHECKS_AT_ONCE_MAX: NonZeroUsize = NonZeroUsize::new(16).expect("not zero");

pub(crate) struct XivoAuth {
    service: RwLock<Arc<TokenService>>,
    users: RwLock<KnownUsers>,
}

impl XivoAuth {
    pub(crate) fn new(configuration: &Configuration, general: &General) -> Self {
        let service = RwLock::new(Arc::new(TokenService::new(general.auth.xivo_auth.clone())));
        let new = Self { service, users: RwLock::default() };
        new.follow(configuration, general);
        new
    }

    fn service(&self) -> Arc<TokenService> {
        self.service.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn ask(&self, attempt: LoginAttempt) -> AuthOutcome {
        let login = attempt.login();
        if let Err(outcome) = refuse_unsendable(login, attempt.password()) {
            return outcome;
        }
        if !fits_header(login) {
            return AuthOutcome::Unknown(UnknownCause::NoSuchUser);
        }
        match self.service().grant(login, attempt.password()).await {
            Ok(None) => AuthOutcome::Unknown(UnknownCause::NotAccepted),
            Ok(Some(Granted { user, token })) => {
                let outcome = self.outcome(user);
                if matches!(outcome, AuthOutcome::Accepted(_)) {
                    attempt.keep(token);
                }
                outcome
            }
            Err(fault) => {
                tracing::warn!(%fault, "the authentication service could not say");
                AuthOutcome::Unavailable
            }
        }
    }

    fn outcome(&self, user: Option<UserUuid>) -> AuthOutcome {
        let users = self.users.read().unwrap_or_else(PoisonError::into_inner);
        user.and_then(|uuid| users.with_uuid(uuid)).map_or(AuthOutcome::NoUser, |user| outcome_of(user))
    }

    async fn try_out(&self, subject: &ProbeSubject) -> ProbeReport {
        let service = self.service();
        let mut steps = Vec::new();
        let mut push = |stage, result, detail: String| steps.push(ProbeStep { stage, result, detail });
        let verdict = match service.backends().await {
            Err(fault) => {
                push(stage_of(&fault), StepResult::Failed, fault.to_string());
                Verdict::Answers(AuthOutcome::Unavailable)
            }
            Ok(known) => {
                push(ProbeStage::Connect, StepResult::Passed, "encrypted, and its certificate is trusted".to_owned());
                let backend = &service.settings().backend;
                match known {
                    Some(known) if !known.contains(backend) => {
                        let detail = format!("it has no backend {backend}, but {}", shown(&known.join(", ")));
                        push(ProbeStage::Settings, StepResult::Failed, detail);
                        Verdict::Answers(AuthOutcome::Unknown(UnknownCause::NotAccepted))
                    }
                    _ => self.try_login(&service, subject, &mut push).await,
                }
            }
        };
        ProbeReport { steps, verdict }
    }

    async fn try_login(
        &self,
        service: &TokenService,
        subject: &ProbeSubject,
        push: &mut impl FnMut(ProbeStage, StepResult, String),
    ) -> Verdict {
        let Some((login, password)) = subject.login.as_ref().zip(subject.password.as_ref()) else {
            return Verdict::Open;
        };
        let sendable = refuse_unsendable(login, password);
        if sendable.is_err() || !fits_header(login) {
            let detail = "no service is asked about such a login or password".to_owned();
            push(ProbeStage::Find, StepResult::Negative, detail);
            return Verdict::Answers(sendable.err().unwrap_or(AuthOutcome::Unknown(UnknownCause::NoSuchUser)));
        }
        // Given back before the command ends, and with it whatever would do so in the background.
        let (user, revoked) = match service.grant_and_revoke(login, password).await {
            Err(fault) => {
                push(stage_of(&fault), StepResult::Failed, fault.to_string());
                return Verdict::Answers(AuthOutcome::Unavailable);
            }
            Ok(None) => {
                let detail = "it refuses login and password: the next backend is asked".to_owned();
                push(ProbeStage::Password, StepResult::Negative, detail);
                return Verdict::Answers(AuthOutcome::Unknown(UnknownCause::NotAccepted));
            }
            Ok(Some(granted)) => granted,
        };
        push(ProbeStage::Password, StepResult::Passed, "the password is right".to_owned());
        let outcome = self.outcome(user);
        let (result, detail) = match (outcome, user) {
            (AuthOutcome::Accepted(uuid), _) => (StepResult::Passed, format!("the user with the UUID {uuid}")),
            (AuthOutcome::Refused(cause), _) => (StepResult::Negative, cause.to_string()),
            (_, Some(uuid)) => (StepResult::Negative, format!("no user here has the UUID {uuid}")),
            (_, None) => (StepResult::Negative, "it is an account that is no user".to_owned()),
        };
        push(ProbeStage::User, result, detail);
        if let Err(fault) = revoked {
            let detail = format!("the token of this trial could not be given back, and ends within a day: {fault}");
            push(ProbeStage::Answer, StepResult::Negative, detail);
        }
        Verdict::Answers(outcome)
    }
}

/// Basic authentication ends the login at the first colon.
fn fits_header(login: &str) -> bool {
    is_login(login) && !login.contains(':')
}

fn stage_of(fault: &TokenFault) -> ProbeStage {
    match fault {
        TokenFault::Connect(_) => ProbeStage::Connect,
        TokenFault::Encrypt(_) | TokenFault::Trust(_) => ProbeStage::Encrypt,
        TokenFault::Timeout(_) | TokenFault::Http(_) | TokenFault::Status(_) | TokenFault::Answer(_) => {
            ProbeStage::Answer
        }
    }
}

impl AuthBackend for XivoAuth {
    fn checks_at_once(&self) -> NonZeroUsize {
        XIVO_AUTH_CHECKS_AT_ONCE_MAX
    }

    fn check(&self, attempt: LoginAttempt) -> PendingOutcome<'_> {
        Box::pin(self.ask(attempt))
    }

    fn follow(&self, configuration: &Configuration, general: &General) {
        self.users.write().unwrap_or_else(PoisonError::into_inner).follow(&configuration.users);
        let mut service = self.service.write().unwrap_or_else(PoisonError::into_inner);
        if *service.settings() != general.auth.xivo_auth {
            *service = Arc::new(TokenService::new(general.auth.xivo_auth.clone()));
        }
    }

    fn probe<'a>(&'a self, subject: &'a ProbeSubject) -> PendingProbe<'a> {
        Box::pin(self.try_out(subject))
    }
}
