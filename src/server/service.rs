//! What all connections share: the terms now, the bounds, the way to the owner of the live picture, the password pool,
//! the certificate. Built once by `server::serve`; a connection only reads it.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Semaphore, mpsc};

use super::discrepancies::Discrepancies;
use super::limits::Limits;
use super::owner::Message;
use super::starttls::TlsTerms;
use crate::auth::CheckPool;
use crate::certificate::CurrentPair;
use crate::live::{Input, SessionId};
use crate::settings::configuration::Configuration;
use crate::settings::setting::General;

pub(super) struct Service {
    pub(super) terms: Terms,
    pub(super) limits: Arc<Limits>,
    pub(super) owner: ToOwner,
    pub(super) passwords: CheckPool,
    pub(super) pair: Arc<CurrentPair>,
    pub(super) discrepancies: Arc<Discrepancies>,
    pub(super) tls: TlsTerms,
    /// Connections for which the process may have descriptors.
    pub(super) descriptors: u32,
    pub(super) sessions: AtomicU64,
    /// Refused clients that are being told so.
    pub(super) farewells: Arc<Semaphore>,
}

impl Service {
    /// A number that no session of this process had before.
    pub(super) fn next_session(&self) -> SessionId {
        SessionId(self.sessions.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// The settings that hold now: a pointer that is replaced as a whole.
pub(super) struct Terms(RwLock<Arc<TermsNow>>);

pub(super) struct TermsNow {
    pub(super) configuration: Arc<Configuration>,
    pub(super) general: Arc<General>,
}

impl Terms {
    pub(super) fn new(configuration: Arc<Configuration>, general: Arc<General>) -> Self {
        Self(RwLock::new(Arc::new(TermsNow { configuration, general })))
    }

    pub(super) fn now(&self) -> Arc<TermsNow> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn replace(&self, configuration: Arc<Configuration>, general: Arc<General>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(TermsNow { configuration, general });
    }
}

/// The ways to the owner of the live picture.
#[derive(Clone)]
pub(super) struct ToOwner {
    /// Bounded: who brings more waits.
    pub(super) messages: mpsc::Sender<Message>,
    /// For what must not wait and is bounded elsewhere.
    pub(super) inputs: mpsc::UnboundedSender<Input>,
}

impl ToOwner {
    /// Waits for room; false once the owner takes nothing more, because the server stops.
    pub(super) async fn send(&self, message: Message) -> bool {
        self.messages.send(message).await.is_ok()
    }

    /// What became of chat. After a stop nobody is left to be told: a text that was kept is delivered again.
    pub(super) fn tell(&self, input: Input) {
        let _ = self.inputs.send(input);
    }
}
