//! The near end of the link, for the engine, the server and whoever wants to know how it stands.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::asked::AsteriskRequest;
use super::link_state::LinkState;
use super::trace::{Follower, Trace};
use crate::settings::ami_settings::AmiSettings;

/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Handle {
    pub(super) requests: mpsc::Sender<AsteriskRequest>,
    pub(super) settings: Arc<watch::Sender<AmiSettings>>,
    pub(super) state: watch::Receiver<LinkState>,
    pub(super) trace: Trace,
}

impl Handle {
    /// Never waits. Whoever waits for the request hears of it once; at once where there is no link or too much waits already.
    pub(crate) fn ask(&self, request: AsteriskRequest) {
        if self.state.borrow().is_up() {
            // Let go, here and below, it replies.
            let _ = self.requests.try_send(request);
        }
    }

    /// From now on these settings hold: a link by others is given up.
    pub(crate) fn follow(&self, settings: &AmiSettings) {
        self.settings.send_if_modified(|own| {
            let is_other = own != settings;
            if is_other {
                own.clone_from(settings);
            }
            is_other
        });
    }

    pub(crate) fn state(&self) -> LinkState {
        self.state.borrow().clone()
    }

    /// Hears all that passes from now on.
    pub(crate) fn trace(&self) -> Follower {
        self.trace.follow()
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Handle").field("state", &self.state()).finish_non_exhaustive()
    }
}
