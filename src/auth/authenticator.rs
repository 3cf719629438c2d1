//! The one whom `server` asks for each login: holds the chain of backends that the latest settings name, and makes the next
//! one when they change. A backend that both name goes on, with those who wait for it; one that is named no more ends with
//! its last check.

use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::chain::{Chain, Decision, GatedBackend};
use super::silence::SilentBackend;
use super::throttle::{Turn, TurnOutcome};
use super::token_service::LoginToken;
use super::{AuthBackend, AuthOutcome, Credentials};
use crate::observe::counter::{Counter, count};
use crate::observe::{REFUSED_LOGINS, shown};
use crate::settings::auth_settings::BackendName;
use crate::settings::configuration::Configuration;
use crate::settings::password::Secret;
use crate::settings::setting::General;

/// As many clients as the default connection limit lets in may wait: all return at once after a restart.
const CHECKS_WAITING_MAX: usize = 20_000;

/// What a backend is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackendRole {
    /// For its turn in the chain.
    InChain(BackendName),
    /// Before all others: `xivo_user` for those flagged as break-glass.
    BreakGlass,
}

/// Makes a backend as these settings say.
pub(crate) type MakeBackend = Box<dyn Fn(BackendRole, &Configuration, &General) -> Box<dyn AuthBackend> + Send + Sync>;

/// What came of a login.
pub(crate) struct CheckedLogin {
    pub(crate) outcome: AuthOutcome,
    /// What another service granted; the session holds it until it ends.
    pub(crate) token: Option<LoginToken>,
}

pub(crate) struct Authenticator {
    make: MakeBackend,
    chain: RwLock<Arc<Chain>>,
    waiting_max: usize,
}

impl Authenticator {
    /// Asks the backends that the settings name.
    pub(crate) fn new(make: MakeBackend, configuration: &Configuration, general: &General) -> Self {
        Self::bounded(make, configuration, general, CHECKS_WAITING_MAX)
    }

    fn bounded(make: MakeBackend, configuration: &Configuration, general: &General, waiting_max: usize) -> Self {
        let new = Self { make, chain: RwLock::default(), waiting_max };
        new.follow(configuration, general);
        new
    }

    /// Whether somebody waits for their turn at some backend.
    pub(crate) fn has_waiting(&self) -> bool {
        self.chain().has_waiting()
    }

    /// The backends that have not answered the logins of late, but for those that lack settings, which are told as such.
    pub(crate) fn silent(&self) -> Vec<SilentBackend> {
        self.chain().silent()
    }

    /// From the next check on these settings hold.
    pub(crate) fn follow(&self, configuration: &Configuration, general: &General) {
        let old = self.chain();
        let links = general.auth.backends.iter().map(|name| self.link(*name, &old, configuration, general)).collect();
        let break_glass = self.break_glass(&old, configuration, general);
        let chain = Chain { break_glass, links, settings: Some(general.auth.clone()) };
        if old.settings != chain.settings {
            chain.links.iter().for_each(|link| link.forget_silence());
        }
        *self.chain.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(chain);
    }

    /// Needed where a user is flagged and others are asked before `xivo_user`.
    fn break_glass(&self, old: &Chain, configuration: &Configuration, general: &General) -> Option<Arc<GatedBackend>> {
        let is_first = general.auth.backends.first() == Some(&BackendName::XivoUser);
        if is_first || !configuration.users.iter().any(|user| user.break_glass && user.password.is_some()) {
            return None;
        }
        if let Some(link) = &old.break_glass {
            link.follow(configuration, general);
            return Some(link.clone());
        }
        let backend = (self.make)(BackendRole::BreakGlass, configuration, general);
        Some(Arc::new(GatedBackend::new(BackendName::XivoUser, backend, self.waiting_max)))
    }

    /// The old link with the new settings, or a new one.
    fn link(
        &self,
        name: BackendName,
        old: &Chain,
        configuration: &Configuration,
        general: &General,
    ) -> Arc<GatedBackend> {
        if let Some(link) = old.link(name) {
            link.follow(configuration, general);
            return link.clone();
        }
        let backend = (self.make)(BackendRole::InChain(name), configuration, general);
        Arc::new(GatedBackend::new(name, backend, self.waiting_max))
    }

    fn chain(&self) -> Arc<Chain> {
        self.chain.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Checks what has its turn by the throttle, which hears what came of it. A full queue, like a backend that fails, is
    /// `Unavailable`; a refusal is logged here.
    pub(crate) async fn check_in_turn(
        &self,
        turn: Turn,
        address: IpAddr,
        login: Box<str>,
        password: Secret,
    ) -> CheckedLogin {
        let credentials = Arc::new(Credentials::new(login, password));
        let began = Instant::now();
        let outcome = self.check_credentials(address, &credentials).await;
        if outcome.may_be_a_guess() {
            sleep_until(began + refused_after(began.elapsed())).await;
        }
        turn.settle(match outcome {
            AuthOutcome::Accepted(_) | AuthOutcome::NoUser => TurnOutcome::Success,
            AuthOutcome::Refused(_) | AuthOutcome::Unknown(_) if outcome.may_be_a_guess() => TurnOutcome::Failure,
            AuthOutcome::Refused(_) | AuthOutcome::Unknown(_) | AuthOutcome::Unavailable => TurnOutcome::Undecided,
        });
        CheckedLogin { outcome, token: credentials.take_token() }
    }

    #[cfg(test)]
    pub(super) async fn check(&self, address: IpAddr, login: Box<str>, password: Secret) -> AuthOutcome {
        self.check_credentials(address, &Arc::new(Credentials::new(login, password))).await
    }

    async fn check_credentials(&self, address: IpAddr, credentials: &Arc<Credentials>) -> AuthOutcome {
        let decision = self.chain().decide(address, credentials).await;
        match decision.outcome {
            AuthOutcome::Refused(cause) => log_refusal(address, &credentials.login, &decision, &cause),
            AuthOutcome::Unknown(cause) => log_refusal(address, &credentials.login, &decision, &cause),
            AuthOutcome::Unavailable => count(Counter::LoginsUnchecked),
            AuthOutcome::Accepted(_) | AuthOutcome::NoUser => {}
        }
        decision.outcome
    }
}

/// When a refusal is told whose check took so long, counted from its begin: what remains of a difference between a login
/// that a backend knows and one that it does not is smaller than the step.
fn refused_after(elapsed: Duration) -> Duration {
    const STEP: Duration = Duration::from_millis(25);
    let steps = elapsed.as_nanos().div_ceil(STEP.as_nanos()).max(1);
    STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

/// What a client chose comes last and in quotes: it can forge nothing of the line. Only the lines of what may be a guess say
/// that the credentials are bad; fail2ban counts them.
fn log_refusal(address: IpAddr, login: &str, decision: &Decision, cause: &dyn fmt::Display) {
    let login = shown(login);
    let cause = match decision.by {
        Some(BackendName::XivoUser) | None => cause.to_string(),
        Some(other) => format!("{cause} ({other})"),
    };
    if decision.outcome.may_be_a_guess() {
        tracing::info!(target: REFUSED_LOGINS, %address, %cause, login, "login refused: bad credentials");
    } else {
        tracing::info!(target: REFUSED_LOGINS, %address, %cause, login, "login refused");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::net::Ipv4Addr;
    use std::num::NonZeroUsize;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::task::JoinSet;

    use super::*;
    use crate::auth::xivo_user::tests::{company, uuid};
    use crate::auth::xivo_user::{UserScope, XivoUser};
    use crate::auth::{
        LocalPasswords, LoginAttempt, PendingOutcome, PendingProbe, ProbeReport, ProbeSubject, RefusalCause,
        UnknownCause, Verdict,
    };

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn refusals_are_told_in_steps_that_hide_what_a_check_took() {
        let after = |micros: u64| refused_after(Duration::from_micros(micros)).as_millis();
        assert_eq!([0, 2_070, 2_160, 24_999, 25_000].map(after), [25; 5]);
        assert_eq!([25_001, 36_500, 50_000, 50_001].map(after), [50, 50, 50, 75]);
    }

    /// Stands for a server elsewhere: says what the test says, or never answers.
    #[derive(Clone, Default)]
    struct Remote {
        says: Arc<Mutex<Option<AuthOutcome>>>,
        under_way: Arc<AtomicUsize>,
        followed: Arc<AtomicUsize>,
    }

    const REMOTE_AT_ONCE: usize = 3;
    const WAITING_MOST: usize = 10;

    impl Remote {
        fn say(&self, outcome: AuthOutcome) {
            *self.says.lock().expect("not poisoned") = Some(outcome);
        }
    }

    impl AuthBackend for Remote {
        fn checks_at_once(&self) -> NonZeroUsize {
            NonZeroUsize::new(REMOTE_AT_ONCE).expect("not zero")
        }

        fn check(&self, attempt: LoginAttempt) -> PendingOutcome<'_> {
            self.under_way.fetch_add(1, Ordering::Relaxed);
            let says = *self.says.lock().expect("not poisoned");
            Box::pin(async move {
                let _held = attempt;
                match says {
                    Some(outcome) => outcome,
                    None => std::future::pending().await,
                }
            })
        }

        fn follow(&self, _configuration: &Configuration, _general: &General) {
            self.followed.fetch_add(1, Ordering::Relaxed);
        }

        fn probe<'a>(&'a self, _subject: &'a ProbeSubject) -> PendingProbe<'a> {
            Box::pin(async { ProbeReport { steps: Vec::new(), verdict: Verdict::Open } })
        }
    }

    fn general(names: &[BackendName]) -> General {
        let mut general = General::default();
        general.auth.backends = names.to_vec();
        general
    }

    /// Backends of the tests' own beside `xivo_user`.
    fn authenticator(
        configuration: &Configuration,
        names: &[BackendName],
        remotes: HashMap<BackendName, Remote>,
    ) -> Authenticator {
        let passwords = LocalPasswords::new();
        let local = move |scope, configuration: &Configuration| {
            Box::new(XivoUser::new(scope, passwords.clone(), configuration))
        };
        let make: MakeBackend = Box::new(move |role, configuration, _| match role {
            BackendRole::BreakGlass => local(UserScope::BreakGlass, configuration),
            BackendRole::InChain(name) => match remotes.get(&name) {
                Some(remote) => Box::new(remote.clone()),
                None => local(UserScope::Everybody, configuration),
            },
        });
        Authenticator::bounded(make, configuration, &general(names), WAITING_MOST)
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime")
    }

    #[test]
    fn a_backend_that_hangs_holds_up_nobody_whom_another_knows() {
        let hanging = Remote::default();
        let names = [BackendName::XivoUser, BackendName::LdapUser];
        let remotes = HashMap::from([(BackendName::LdapUser, hanging.clone())]);
        let authenticator = Arc::new(authenticator(&company(), &names, remotes));
        let check = |login: &str, password: &'static str| {
            let (authenticator, login) = (authenticator.clone(), login.into());
            async move { authenticator.check(HERE, login, Secret::new(password)).await }
        };
        runtime().block_on(async {
            let mut others = JoinSet::new();
            // No more at once than may wait for the first.
            for (come, waiting) in [(WAITING_MOST, WAITING_MOST - REMOTE_AT_ONCE), (REMOTE_AT_ONCE, WAITING_MOST)] {
                (0..come).for_each(|number| drop(others.spawn(check(&format!("foreign{number}"), "any"))));
                while authenticator.chain().links[1].waiting() < waiting {
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
            assert_eq!(hanging.under_way.load(Ordering::Relaxed), REMOTE_AT_ONCE);
            // Who goes away makes room for who waits.
            others.abort_all();
            while others.join_next().await.is_some() {}
            assert!(!authenticator.has_waiting());
        });
    }

    #[test]
    fn the_first_that_knows_the_login_decides() {
        use AuthOutcome as Says;
        let (first, second) = (Remote::default(), Remote::default());
        let names = [BackendName::LdapUser, BackendName::XivoAuth];
        let remotes = HashMap::from([(BackendName::LdapUser, first.clone()), (BackendName::XivoAuth, second.clone())]);
        let authenticator = authenticator(&company(), &names, remotes);
        let (other, unknown) = (Says::Accepted(uuid(2)), Says::Unknown(UnknownCause::NoSuchUser));
        second.say(other);
        for (says, expected) in [
            (Says::Accepted(uuid(1)), Says::Accepted(uuid(1))),
            (Says::NoUser, Says::NoUser),
            (Says::Refused(RefusalCause::WrongPassword), Says::Refused(RefusalCause::WrongPassword)),
            (Says::Unavailable, Says::Unavailable),
            (unknown, other),
        ] {
            first.say(says);
            let outcome = runtime().block_on(authenticator.check(HERE, "alice".into(), Secret::new("any")));
            assert_eq!(outcome, expected, "{says:?}");
        }
        assert_eq!(second.under_way.load(Ordering::Relaxed), 1, "asked only for whom the first does not know");
    }

    #[test]
    fn a_new_list_of_backends_holds_from_the_next_login_on_and_one_under_way_ends_with_the_old() {
        let remote = Remote::default();
        let (configuration, both) = (company(), [BackendName::LdapUser, BackendName::XivoUser]);
        let remotes = HashMap::from([(BackendName::LdapUser, remote.clone())]);
        let authenticator = Arc::new(authenticator(&configuration, &both, remotes));
        let held = || Arc::strong_count(&remote.under_way);
        let check = |login: &'static str| {
            let authenticator = authenticator.clone();
            async move { authenticator.check(HERE, login.into(), Secret::new("right one")).await }
        };
        runtime().block_on(async {
            let under_way = tokio::spawn(check("alice"));
            while remote.under_way.load(Ordering::Relaxed) == 0 {
                tokio::task::yield_now().await;
            }
            let with_both = held();
            let kept = authenticator.chain().links[1].clone();
            authenticator.follow(&configuration, &general(&[BackendName::XivoUser]));
            assert!(Arc::ptr_eq(&kept, &authenticator.chain().links[0]), "what both name goes on");
            assert_eq!(check("alice").await, AuthOutcome::Accepted(uuid(1)));
            assert_eq!(held(), with_both, "it ends with its last check");
            under_way.abort();
            assert!(under_way.await.is_err());
            assert_eq!(held(), with_both - 1, "nobody asks it any more");
            authenticator.follow(&configuration, &general(&both));
            remote.say(AuthOutcome::NoUser);
            assert_eq!(check("alice").await, AuthOutcome::NoUser);
            authenticator.follow(&configuration, &general(&both));
            assert_eq!(remote.followed.load(Ordering::Relaxed), 1);
        });
    }

    #[test]
    fn the_local_password_of_a_break_glass_user_counts_whatever_others_say() {
        use AuthOutcome as Says;
        let remote = Remote::default();
        let mut configuration = company();
        let names = [BackendName::LdapUser];
        let remotes = HashMap::from([(BackendName::LdapUser, remote.clone())]);
        let authenticator = authenticator(&configuration, &names, remotes);
        let check = |login: &str, password: &str| {
            runtime().block_on(authenticator.check(HERE, login.into(), Secret::new(password)))
        };
        remote.say(Says::Unavailable);
        assert_eq!(check("alice", "right one"), Says::Unavailable, "nobody is flagged yet");
        let alice = configuration.user_by_uuid(uuid(1)).expect("alice").id;
        configuration.users.edit(alice, |user| user.break_glass = true);
        authenticator.follow(&configuration, &general(&names));
        let wrong = Says::Refused(RefusalCause::WrongPassword);
        for (says, login, password, expected) in [
            (Says::Unavailable, "alice", "right one", Says::Accepted(uuid(1))),
            // Else whoever guesses while the directory is down would not be counted.
            (Says::Unavailable, "alice", "wrong one", wrong),
            (Says::Unavailable, "bob", "right one", Says::Unavailable),
            (wrong, "alice", "right one", Says::Accepted(uuid(1))),
            // The password of the directory counts as well.
            (Says::Accepted(uuid(1)), "alice", "wrong one", Says::Accepted(uuid(1))),
            (Says::Unknown(UnknownCause::NoSuchUser), "alice", "wrong one", Says::Unknown(UnknownCause::NoSuchUser)),
        ] {
            remote.say(says);
            assert_eq!(check(login, password), expected, "{says:?} {login} {password}");
        }
        configuration.users.edit(alice, |user| user.break_glass = false);
        authenticator.follow(&configuration, &general(&names));
        remote.say(Says::Unavailable);
        assert_eq!(check("alice", "right one"), Says::Unavailable);
    }

    #[test]
    fn without_a_backend_nobody_is_known() {
        let authenticator = authenticator(&company(), &[], HashMap::new());
        let outcome = runtime().block_on(authenticator.check(HERE, "a".into(), Secret::new("b")));
        assert_eq!(outcome, AuthOutcome::Unknown(UnknownCause::NoSuchUser));
    }
}
