//! What users have switched on themselves (do not disturb, forwards and others), as the database keeps it: read beside the
//! console's thread every second, whether a server runs or not. It is state: nobody decides it here.

use std::collections::HashMap;

use crate::settings::id::UserUuid;
use crate::settings::state::Services;
use crate::store::{Store, StoreError};

/// Whoever has nothing switched on is not in it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct ServicesOn(HashMap<UserUuid, Vec<String>>);

/// What `service:` is asked for: what the words of services begin with.
pub(super) const NAMES: &[&str] = &["dnd", "forward", "forward unanswered", "forward busy", "call filter", "record"];

impl ServicesOn {
    pub(super) fn read(store: &Store) -> Result<Self, StoreError> {
        Ok(Self::of_users(store.services()?))
    }

    pub(super) fn of_users(services: impl IntoIterator<Item = (UserUuid, Services)>) -> Self {
        Self(services.into_iter().map(|(user, services)| (user, services.switched_on())).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In words: `dnd`, `forward 1002`.
    pub(super) fn of(&self, user: UserUuid) -> &[String] {
        self.0.get(&user).map_or(&[], Vec::as_slice)
    }
}
