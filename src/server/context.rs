//! What all connections share: the current settings, the bounds, the handle of the engine, the authenticator,
//! the certificate. Built once by `server::serve`; a connection only reads it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use super::discrepancies::Discrepancies;
use super::hub::Connected;
use super::limits::Limits;
use super::refused_clients::RefusedLately;
use super::starttls::TlsAcceptors;
use super::turned_away::TurnedAwayLately;
use crate::asterisk;
use crate::auth::{Authenticator, Throttle};
use crate::certificate::CurrentPair;
use crate::engine;
use crate::live::messages::SessionId;
use crate::settings::setting::General;
use crate::settings::whole::WholeConfiguration;

/// How connections, the control socket and whoever watches the settings reach the engine.
pub(super) type EngineHandle = engine::EngineHandle<Connected>;

pub(super) struct ServerContext {
    pub(super) settings: CurrentSettings,
    pub(super) limits: Arc<Limits>,
    pub(super) engine: EngineHandle,
    pub(super) authenticator: Arc<Authenticator>,
    /// Where sessions are served.
    pub(super) runtime: Handle,
    /// Where connections are accepted and log in.
    pub(super) logins: Handle,
    /// Gives each login its turn at the authenticator.
    pub(super) throttle: Throttle,
    /// Asks Asterisk, and says how the link to it stands.
    pub(super) telephony: asterisk::Handle,
    pub(super) pair: Arc<CurrentPair>,
    pub(super) discrepancies: Arc<Discrepancies>,
    pub(super) tls: TlsAcceptors,
    /// Clients that offered too old a TLS.
    pub(super) refused: RefusedLately,
    /// Connections beyond a bound.
    pub(super) turned_away: TurnedAwayLately,
    /// Connections for which the process may have descriptors.
    pub(super) descriptors: u32,
    pub(super) sessions: AtomicU64,
    /// Refused clients that are being told so.
    pub(super) farewells: Arc<Semaphore>,
}

impl ServerContext {
    /// A number that no session of this process had before.
    pub(super) fn next_session(&self) -> SessionId {
        SessionId(self.sessions.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// The settings that hold now: a pointer that is replaced as a whole.
pub(super) struct CurrentSettings(RwLock<Arc<SettingsSnapshot>>);

pub(super) struct SettingsSnapshot {
    pub(super) configuration: Arc<WholeConfiguration>,
    pub(super) general: Arc<General>,
}

impl CurrentSettings {
    pub(super) fn new(configuration: Arc<WholeConfiguration>, general: Arc<General>) -> Self {
        Self(RwLock::new(Arc::new(SettingsSnapshot { configuration, general })))
    }

    pub(super) fn now(&self) -> Arc<SettingsSnapshot> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn replace(&self, configuration: Arc<WholeConfiguration>, general: Arc<General>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(SettingsSnapshot { configuration, general });
    }
}
