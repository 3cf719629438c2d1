//! The backends in their order, each behind a gate of its own: the first that has a password to compare with decides. So
//! a backend that hangs is waited for by those alone whom no backend before it knows. `server` asks it for each login.

use std::net::IpAddr;
use std::sync::Arc;

use super::gate::Gate;
use super::{AuthBackend, AuthOutcome, Credentials, LoginAttempt, RefusalCause};
use crate::observe::counter::{Counter, count};
use crate::observe::log::REFUSED_LOGINS;
use crate::observe::shown;
use crate::settings::configuration::Configuration;
use crate::settings::password::Secret;

/// As many clients as the default connection limit lets in may wait: all return at once after a restart.
const CHECKS_WAITING_MAX: usize = 20_000;

pub(crate) struct Authenticator {
    backends: Vec<GatedBackend>,
}

struct GatedBackend {
    backend: Box<dyn AuthBackend>,
    gate: Gate,
}

impl Authenticator {
    /// Asks these in their order.
    pub(crate) fn new(backends: Vec<Box<dyn AuthBackend>>) -> Self {
        Self::bounded(backends, CHECKS_WAITING_MAX)
    }

    fn bounded(backends: Vec<Box<dyn AuthBackend>>, waiting_max: usize) -> Self {
        let gated = |backend: Box<dyn AuthBackend>| {
            let gate = Gate::new(backend.checks_at_once(), waiting_max);
            GatedBackend { backend, gate }
        };
        Self { backends: backends.into_iter().map(gated).collect() }
    }

    /// Whether somebody waits for their turn at some backend.
    pub(crate) fn has_waiting(&self) -> bool {
        self.backends.iter().any(|backend| backend.gate.waiting() > 0)
    }

    /// From the next check on these settings hold.
    pub(crate) fn follow(&self, configuration: &Configuration) {
        self.backends.iter().for_each(|backend| backend.backend.follow(configuration));
    }

    /// Waits for the address's turn and checks. A full queue, like a backend that fails, is `Unavailable`; a refusal is
    /// logged here.
    pub(crate) async fn check(&self, address: IpAddr, login: Box<str>, password: Secret) -> AuthOutcome {
        let credentials = Arc::new(Credentials { login, password });
        let mut cause = RefusalCause::UnknownUser;
        for backend in &self.backends {
            match backend.check(address, &credentials).await {
                AuthOutcome::Refused(refusal) => cause = refusal,
                decided @ (AuthOutcome::Accepted(_) | AuthOutcome::Unavailable) => return decided,
            }
            if !cause.is_left_to_others() {
                break;
            }
        }
        log_refusal(address, &credentials.login, cause);
        AuthOutcome::Refused(cause)
    }
}

/// What a client chose comes last and in quotes: it can forge nothing of the line. Only the lines of what may be a guess say
/// that the credentials are bad; fail2ban counts them.
fn log_refusal(address: IpAddr, login: &str, cause: RefusalCause) {
    let login = shown(login);
    if cause.may_be_a_guess() {
        tracing::info!(target: REFUSED_LOGINS, %address, %cause, login, "login refused: bad credentials");
    } else {
        tracing::info!(target: REFUSED_LOGINS, %address, %cause, login, "login refused");
    }
}

impl GatedBackend {
    async fn check(&self, address: IpAddr, credentials: &Arc<Credentials>) -> AuthOutcome {
        let Ok(permit) = self.gate.admit(address).await else {
            count(Counter::PasswordChecksRefused);
            tracing::warn!("too many password checks wait");
            return AuthOutcome::Unavailable;
        };
        self.backend.check(LoginAttempt { credentials: credentials.clone(), _permit: permit }).await
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::num::NonZeroUsize;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::task::JoinSet;

    use super::*;
    use crate::auth::xivo_user::tests::{company, uuid};
    use crate::auth::{PendingOutcome, XivoUser};

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    /// Accepts what it is asked and never answers.
    #[derive(Clone, Default)]
    struct Hanging {
        under_way: Arc<AtomicUsize>,
    }

    const HANGING_AT_ONCE: usize = 3;
    const WAITING_MOST: usize = 10;

    impl AuthBackend for Hanging {
        fn checks_at_once(&self) -> NonZeroUsize {
            NonZeroUsize::new(HANGING_AT_ONCE).expect("not zero")
        }

        fn check(&self, attempt: LoginAttempt) -> PendingOutcome<'_> {
            self.under_way.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move {
                let _held = attempt;
                std::future::pending().await
            })
        }

        fn follow(&self, _configuration: &Configuration) {}
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
    }

    #[test]
    fn a_backend_that_hangs_holds_up_nobody_whom_another_knows() {
        let hanging = Hanging::default();
        let local = XivoUser::start(&company());
        let backends: Vec<Box<dyn AuthBackend>> = vec![Box::new(local), Box::new(hanging.clone())];
        let authenticator = Arc::new(Authenticator::bounded(backends, WAITING_MOST));
        let check = |login: &str, password: &'static str| {
            let (authenticator, login) = (authenticator.clone(), login.into());
            async move { authenticator.check(HERE, login, Secret::new(password)).await }
        };
        runtime().block_on(async {
            let mut others = JoinSet::new();
            // No more at once than may wait for the first.
            for (come, waiting) in [(WAITING_MOST, WAITING_MOST - HANGING_AT_ONCE), (HANGING_AT_ONCE, WAITING_MOST)] {
                (0..come).for_each(|number| drop(others.spawn(check(&format!("foreign{number}"), "any"))));
                while authenticator.backends[1].gate.waiting() < waiting {
                    tokio::task::yield_now().await;
                }
            }
            for _ in 0..3 {
                assert_eq!(check("alice", "right one").await, AuthOutcome::Accepted(uuid(1)));
                assert_eq!(
                    check("alice", "wrong one").await,
                    AuthOutcome::Refused(RefusalCause::WrongPassword),
                    "who is known is not asked for elsewhere"
                );
            }
            // Those who need the other wait, up to its own bound.
            assert_eq!(check("foreign", "any").await, AuthOutcome::Unavailable);
            assert_eq!(check("nopassword", "any").await, AuthOutcome::Unavailable);
            assert!(others.try_join_next().is_none() && authenticator.has_waiting());
            assert_eq!(hanging.under_way.load(Ordering::Relaxed), HANGING_AT_ONCE);
            // Who goes away makes room for who waits.
            others.abort_all();
            while others.join_next().await.is_some() {}
            assert!(!authenticator.has_waiting());
        });
    }

    #[test]
    fn without_a_backend_nobody_is_known() {
        let outcome = runtime().block_on(Authenticator::new(Vec::new()).check(HERE, "a".into(), Secret::new("b")));
        assert_eq!(outcome, AuthOutcome::Refused(RefusalCause::UnknownUser));
    }
}
