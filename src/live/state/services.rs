//! The services that users switch, from the moment they are switched to the moment they are on disk, told, and on the
//! telephone system. Marks what it touches; what is asked of the telephone system is for `handlers::lamps`.

use super::LiveState;
use crate::live::messages::{ServiceChange, Subject};
use crate::settings::id::{UserId, UserUuid};
use crate::settings::state::{Services, UserState};

/// What comparing one user's services takes, and asking the telephone system for what differs.
const SERVICES_STEPS: usize = 8;

impl LiveState {
    /// The services as they shall be; they are told once they are on disk. What is to be written.
    pub(in crate::live) fn switch_services(&mut self, uuid: UserUuid, asked: &[ServiceChange]) -> UserState {
        let person = self.runtime.person_mut(uuid);
        asked.iter().for_each(|change| change.apply(&mut person.kept.services));
        person.unsaved += 1;
        person.kept.clone()
    }

    /// How the user's services stand, on disk or on their way there. None: there is no such user.
    pub(in crate::live) fn services_to_be(&self, uuid: UserUuid) -> Option<(UserId, Services)> {
        let user = self.settings.index.user(uuid)?;
        let services = self.runtime.person(uuid).map(|person| person.kept.services.clone());
        Some((user, services.unwrap_or_default()))
    }

    /// Whether that is how it already stands, on disk or on its way there.
    pub(in crate::live) fn is_switched(&self, uuid: UserUuid, change: &ServiceChange) -> bool {
        let nothing = Services::default();
        let services = self.runtime.person(uuid).map_or(&nothing, |person| &person.kept.services);
        change.as_in(services) == *change
    }

    /// These services are on disk; what was asked for is told even where it was so before (protocol decision 14).
    pub(in crate::live) fn commit_services(&mut self, user: UserId, services: &Services, asked: &[ServiceChange]) {
        let Some(uuid) = self.uuid_of(user) else { return };
        let person = self.runtime.person_mut(uuid);
        person.unsaved = person.unsaved.saturating_sub(1);
        let before = std::mem::replace(&mut person.told, services.clone());
        self.answers.forget(Subject::User(user));
        self.changes.touch_services(user, before, asked);
    }

    /// Whether a change of the user's services is on its way to disk.
    pub(in crate::live) fn is_saving_services(&self, user: UserId) -> bool {
        let person = self.uuid_of(user).and_then(|uuid| self.runtime.person(uuid));
        person.is_some_and(|person| person.unsaved > 0)
    }

    /// Those whose services are neither on their way to disk nor to the telephone system, nor left alone there.
    #[cfg(test)]
    pub(in crate::live) fn users_without_pending_services(&self) -> Vec<UserId> {
        let settled =
            |user: &UserId| !self.is_saving_services(*user) && self.runtime.telephony.services.is_settled(*user);
        self.settings.configuration.users.iter().map(|user| user.id).filter(settled).collect()
    }

    /// Whoever came back has on what they had on, and the telephone system is to have it too.
    pub(super) fn bring_back_removed(&mut self, now: i64) {
        let Self { settings, runtime, .. } = self;
        let back = runtime.bring_back(now, |uuid| settings.index.user(uuid).is_some());
        for user in back.into_iter().filter_map(|uuid| settings.index.user(uuid)) {
            runtime.telephony.services.touch(user);
        }
    }

    /// The telephone system is to have none of who is no more.
    pub(super) fn forget_services_of_gone_users(&mut self) {
        let (settings, services) = (&self.settings, &mut self.runtime.telephony.services);
        let gone: Vec<UserId> = services.users().filter(|user| !settings.exists(Subject::User(*user))).collect();
        gone.into_iter().for_each(|user| services.touch(user));
    }

    /// The telephone system may have other services than ours of everybody who has some, or had there. How many these are.
    pub(in crate::live) fn touch_all_services(&mut self) -> usize {
        let ours = self.runtime.people_with_services().filter_map(|uuid| self.settings.index.user(uuid));
        let services = &self.runtime.telephony.services;
        let users: Vec<UserId> = ours.chain(services.users()).collect();
        users.iter().for_each(|user| self.runtime.telephony.services.touch(*user));
        users.len()
    }

    /// Whose services are to be compared with those on the telephone system next, as far as this slice goes.
    pub(in crate::live) fn next_due_services(&mut self) -> Option<UserId> {
        let user = if self.left.are_spent() { None } else { self.runtime.telephony.services.next_due() };
        self.left.spend(if user.is_some() { SERVICES_STEPS } else { 0 });
        user
    }

    /// A change of services did not come to disk: unless a later one is on its way, which brings it too, all is as it
    /// was.
    pub(in crate::live) fn revert_services(&mut self, user: UserId) {
        let Some(uuid) = self.uuid_of(user) else { return };
        let person = self.runtime.person_mut(uuid);
        person.unsaved = person.unsaved.saturating_sub(1);
        if person.unsaved == 0 {
            person.kept.services = person.told.clone();
        }
    }
}
