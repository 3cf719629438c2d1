//! The backends in their order, each behind a gate of its own: the first that knows a login decides. So a backend that hangs
//! is waited for by those alone whom no backend before it knows. `authenticator` holds the chain of the latest settings; a
//! check under way keeps the one that it began with.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use super::gate::Gate;
use super::sendable::refuse_unsendable;
use super::silence::{Silence, SilentBackend};
use super::{AuthBackend, AuthOutcome, Credentials, LoginAttempt, UnknownCause};
use crate::observe::counter::{Counter, count};
use crate::settings::auth_settings::{AuthSettings, BackendName};
use crate::settings::configuration::Configuration;
use crate::settings::setting::General;

/// Who is asked, in this order.
#[derive(Default)]
pub(super) struct Chain {
    /// `xivo_user` for break-glass users alone, where it is not the first anyhow: asked before all.
    pub(super) break_glass: Option<Arc<GatedBackend>>,
    pub(super) links: Vec<Arc<GatedBackend>>,
    /// By which they were made; None: there was no chain before.
    pub(super) settings: Option<AuthSettings>,
}

/// What the chain says, and which backend said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decision {
    pub(super) outcome: AuthOutcome,
    /// None: there is no backend.
    pub(super) by: Option<BackendName>,
}

/// A backend and those who wait for it.
pub(super) struct GatedBackend {
    name: BackendName,
    backend: Box<dyn AuthBackend>,
    gate: Gate,
    silence: Silence,
}

impl Chain {
    /// The link of this name, to be kept in the next chain.
    pub(super) fn link(&self, name: BackendName) -> Option<&Arc<GatedBackend>> {
        self.links.iter().find(|link| link.name == name)
    }

    pub(super) fn has_waiting(&self) -> bool {
        self.break_glass.iter().chain(&self.links).any(|link| link.gate.waiting() > 0)
    }

    /// Those that have not answered the logins of late.
    pub(super) fn silent(&self) -> Vec<SilentBackend> {
        let now = Instant::now();
        let able = self.links.iter().filter(|link| !link.backend.lacks_settings());
        able.filter_map(|link| link.silence.of(link.name, now)).collect()
    }

    /// A break-glass user's local password is good whatever others say, and is what is asked for while they cannot say.
    /// Everybody is asked for it, so that the time of an answer does not tell who is flagged.
    pub(super) async fn decide(&self, address: IpAddr, credentials: &Arc<Credentials>) -> Decision {
        let Some(link) = &self.break_glass else { return self.ask_in_order(address, credentials).await };
        let local = Decision { outcome: link.check(address, credentials).await, by: Some(link.name) };
        if matches!(local.outcome, AuthOutcome::Accepted(_)) {
            return local;
        }
        let decision = self.ask_in_order(address, credentials).await;
        match (decision.outcome, local.outcome) {
            (AuthOutcome::Unavailable, AuthOutcome::Refused(_)) => local,
            _ => decision,
        }
    }

    /// Asks one after the other, each when it is the address's turn there.
    async fn ask_in_order(&self, address: IpAddr, credentials: &Arc<Credentials>) -> Decision {
        let mut last = Decision { outcome: AuthOutcome::Unknown(UnknownCause::NoSuchUser), by: None };
        for link in &self.links {
            let outcome = link.check(address, credentials).await;
            last = Decision { outcome, by: Some(link.name) };
            match outcome {
                AuthOutcome::Unknown(_) => {}
                AuthOutcome::Accepted(_) | AuthOutcome::NoUser | AuthOutcome::Refused(_) | AuthOutcome::Unavailable => {
                    break;
                }
            }
        }
        last
    }
}

impl GatedBackend {
    pub(super) fn new(name: BackendName, backend: Box<dyn AuthBackend>, waiting_max: usize) -> Self {
        let gate = Gate::new(backend.checks_at_once(), waiting_max);
        Self { name, backend, gate, silence: Silence::default() }
    }

    pub(super) fn follow(&self, configuration: &Configuration, general: &General) {
        self.backend.follow(configuration, general);
    }

    /// Where settings of backends are others, how it stood says nothing of how it stands.
    pub(super) fn forget_silence(&self) {
        self.silence.ends();
    }

    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.gate.waiting()
    }

    async fn check(&self, address: IpAddr, credentials: &Arc<Credentials>) -> AuthOutcome {
        if let Some(outcome) = self.backend.recall(credentials) {
            return outcome;
        }
        let Ok(permit) = self.gate.admit(address).await else {
            count(Counter::PasswordChecksRefused);
            tracing::warn!(backend = self.name.as_str(), "too many password checks wait");
            return AuthOutcome::Unavailable;
        };
        let outcome = self.backend.check(LoginAttempt { credentials: credentials.clone(), _permit: permit }).await;
        // What no server is asked about says nothing of it.
        match refuse_unsendable(&credentials.login, &credentials.password) {
            Ok(()) if outcome == AuthOutcome::Unavailable => self.silence.goes_on(Instant::now()),
            Ok(()) => self.silence.ends(),
            Err(_) => {}
        }
        outcome
    }
}
