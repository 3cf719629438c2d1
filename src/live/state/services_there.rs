//! What the telephone system has of the services that users switch, as `handlers::lamps` changes it. Nothing of it is told:
//! clients read what is on disk.

use std::collections::{BTreeMap, HashMap};

use super::LiveState;
use super::telephony::services::{KnownServices, ServiceKey};
use crate::live::messages::TelephonyRequest;
use crate::settings::id::UserId;

impl LiveState {
    /// A link begins, and this is what is there. Those whose services are to be ours: all, where they are not yet.
    pub(in crate::live) fn begin_services_there(
        &mut self,
        known: HashMap<UserId, KnownServices>,
        is_ours: bool,
    ) -> Vec<UserId> {
        let services = &mut self.runtime.telephony.services;
        services.begin(known, is_ours);
        if is_ours { Vec::new() } else { services.users().collect() }
    }

    /// The keys that were found there of the user, who is to have them from us. Lamps are lit by whomever: they are
    /// switched off when their user switches.
    pub(in crate::live) fn take_found_services(&mut self, user: UserId) -> BTreeMap<ServiceKey, Option<Box<str>>> {
        let known = self.runtime.telephony.services.known_mut(user);
        known.lit.clear();
        std::mem::take(&mut known.keys)
    }

    /// That stands under the key.
    pub(in crate::live) fn know_service_key(&mut self, user: UserId, key: ServiceKey, value: Option<Box<str>>) {
        self.runtime.telephony.services.known_mut(user).keys.insert(key, value);
    }

    /// Nobody knows what stands under the key by now.
    pub(in crate::live) fn doubt_service_key(&mut self, user: UserId, key: ServiceKey) {
        self.runtime.telephony.services.doubt(user, key);
    }

    /// What was found there of the user is on its way to disk.
    pub(in crate::live) fn adopt_services(&mut self, user: UserId) {
        self.runtime.telephony.services.adopt(user);
    }

    /// And is there.
    pub(in crate::live) fn services_are_adopted(&mut self, user: UserId) {
        self.runtime.telephony.services.adopted(user);
    }

    /// True once: all that was found is on disk, and the mark that says so is to be written.
    pub(in crate::live) fn begin_marking_services(&mut self) -> bool {
        let services = &mut self.runtime.telephony.services;
        let is_due = services.are_to_be_marked();
        services.is_ours |= is_due;
        is_due
    }

    /// The telephone system may have other services of the user than we.
    pub(in crate::live) fn touch_services_there(&mut self, user: UserId) {
        self.runtime.telephony.services.touch(user);
    }

    /// What to ask for so that the telephone system has the user's services as they are on disk.
    pub(in crate::live) fn bring_services(&mut self, user: UserId) -> Vec<TelephonyRequest> {
        let services = self.view(user).services(user);
        self.runtime.telephony.services.bring(user, services.as_ref())
    }

    /// One request fewer waits.
    pub(in crate::live) fn service_request_is_over(&mut self) {
        self.runtime.telephony.services.replied();
    }

    /// Something that was asked for was not done: nobody knows what is there of the user. Whether that is to be said, once a
    /// link.
    pub(in crate::live) fn doubt_services_there(&mut self, user: UserId) -> bool {
        let services = &mut self.runtime.telephony.services;
        services.doubt_all(user);
        services.say_refusal()
    }
}
