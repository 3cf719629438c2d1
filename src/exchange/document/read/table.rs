//! What reading a table takes, whichever table it is: the names that the tables before it have, and for what comes back
//! out of the history its goal. The files of the families are built on it, restored_object.rs and the whole document walk them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::lost_secret::LostSecret;
use super::{Names, Placed, Reading, malformed, settle};
use crate::exchange::document::tables::Documented;
use crate::settings::configuration::Configuration;
use crate::settings::id::{
    AgentId, AuditId, ContextId, Id as _, LineId, PhoneHintGroupId, PresenceGroupId, PresenceId, ProfileId, UserId,
};
use crate::settings::rule_target::RuleTarget;
use crate::settings::setting::Key;
use crate::settings::table::{Collection, Kind, Object as _};

/// An object out of the document and out of its audit image. Every table's type is one.
pub(super) trait FromDocument: Documented {
    /// Reads the list into the new configuration, and what others call its objects by into `names`.
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames);

    /// Makes one object what its image says; what is wrong with it becomes a problem of the reading.
    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value);
}

/// What objects are referred to by.
#[derive(Default)]
pub(super) struct ObjectNames {
    pub(super) groups: Names<PresenceGroupId>,
    /// By group and name; of what comes back alone.
    pub(super) presences: HashMap<(PresenceGroupId, String), PresenceId>,
    pub(super) hints: Names<PhoneHintGroupId>,
    pub(super) profiles: Names<ProfileId>,
    pub(super) contexts: Names<ContextId>,
    /// By folded login and by UUID.
    pub(super) users: Names<UserId>,
    /// By `1001@default`.
    pub(super) lines: Names<LineId>,
    pub(super) agents: Names<AgentId>,
}

/// What one object is to be again.
pub(super) struct Goal {
    /// As people call it.
    pub(super) on: RuleTarget,
    /// The newest of its changes that are taken back.
    pub(super) entry: AuditId,
    pub(super) kind: Kind,
    pub(super) id: i64,
    pub(super) key: Option<Key>,
    /// None: it is to be gone.
    pub(super) image: Option<Value>,
}

/// Settings share a number and are told apart by their keys. Objects come before those that refer to them.
pub(super) type Goals = BTreeMap<(Kind, i64, Option<Key>), Goal>;

/// Objects on their way back out of the history.
pub(super) struct Restorer<'a> {
    pub(super) reading: Reading<'a>,
    pub(super) lost: Vec<LostSecret>,
    /// Of now and of all that comes back together.
    pub(super) names: ObjectNames,
    /// Objects as they were, with their secrets, as far as somebody still knows them.
    pub(super) remembered: &'a Configuration,
}

impl Restorer<'_> {
    pub(super) fn placed<F: DeserializeOwned>(&mut self, goal: &Goal, image: Value) -> Option<Placed<F>> {
        match serde_json::from_value(image) {
            Ok(form) => Some(Placed { place: goal.on.clone(), form }),
            Err(error) => {
                self.reading.problems.push(malformed(goal.on.clone(), &error));
                None
            }
        }
    }
}

/// A returning object's version is higher than any that it ever had, as each of its changes has an entry of its own:
/// whoever still has a form of it open is told that it changed.
pub(super) fn back<C: Collection>(new: &mut C, current: &C, object: Option<C::Object>, entry: AuditId) {
    let Some(mut object) = object else { return };
    if current.objects().get(object.id()).is_some() {
        return settle(new, current, object);
    }
    object.set_version(u32::try_from(entry.number()).map_or(u32::MAX / 2, |entry| entry.clamp(1, u32::MAX / 2)));
    new.share(&Arc::new(object));
}
