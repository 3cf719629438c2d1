//! What users have switched on themselves (do not disturb, forwards and others), as the database keeps it: read beside the
//! console's thread every second, whether a server runs or not. It is state: nobody decides it here.

use std::collections::HashMap;

use crate::control::SwitchedService;
use crate::settings::id::UserUuid;
use crate::settings::state::Services;
use crate::store::{Store, StoreError};

/// Whoever has nothing switched on is not in it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct ServicesOn(HashMap<UserUuid, UserServicesOn>);

/// What one user has switched on.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct UserServicesOn {
    /// In words: `dnd`, `forward 1002`.
    words: Vec<String>,
    services: Vec<SwitchedService>,
}

/// What `service:` is asked for: what the words of services begin with.
pub(super) const NAMES: &[&str] = &["dnd", "forward", "forward unanswered", "forward busy", "call filter", "record"];

impl ServicesOn {
    pub(super) fn read(store: &Store) -> Result<Self, StoreError> {
        Ok(Self::of_users(store.services()?))
    }

    pub(super) fn of_users(services: impl IntoIterator<Item = (UserUuid, Services)>) -> Self {
        let of_user = |services: Services| UserServicesOn { words: services.switched_on(), services: on(&services) };
        Self(services.into_iter().map(|(user, services)| (user, of_user(services))).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In words: `dnd`, `forward 1002`.
    pub(super) fn of(&self, user: UserUuid) -> &[String] {
        self.0.get(&user).map_or(&[], |on| on.words.as_slice())
    }

    pub(super) fn services_of(&self, user: UserUuid) -> &[SwitchedService] {
        self.0.get(&user).map_or(&[], |on| on.services.as_slice())
    }
}

fn on(services: &Services) -> Vec<SwitchedService> {
    let all = [
        (services.do_not_disturb, SwitchedService::DoNotDisturb),
        (services.call_filter, SwitchedService::CallFilter),
        (services.recording, SwitchedService::Recording),
        (services.unconditional.is_on, SwitchedService::Forward),
        (services.no_answer.is_on, SwitchedService::ForwardUnanswered),
        (services.busy.is_on, SwitchedService::ForwardBusy),
    ];
    all.into_iter().filter(|(is_on, _)| *is_on).map(|(_, service)| service).collect()
}
