//! The users here, as a server elsewhere names them: by e-mail address or UUID. Backends that ask such a server hold them;
//! whether somebody whose password is right may log in at all is decided here for every backend.

use std::collections::HashMap;
use std::sync::Arc;

use super::{AuthOutcome, RefusalCause};
use crate::settings::id::UserUuid;
use crate::settings::table::Table;
use crate::settings::user::User;

#[derive(Default)]
pub(super) struct KnownUsers {
    table: Table<User>,
    /// By the address in small letters.
    by_email: HashMap<String, Vec<Arc<User>>>,
}

impl KnownUsers {
    pub(super) fn follow(&mut self, newer: &Table<User>) {
        for (old, new) in self.table.differences(newer) {
            if let Some((old, email)) = old.and_then(|old| Some((old, folded_email(old)?))) {
                let left = self.by_email.get_mut(&email).map(|users| {
                    users.retain(|user| user.id != old.id);
                    users.len()
                });
                if left == Some(0) {
                    self.by_email.remove(&email);
                }
            }
            if let Some((new, email)) = new.and_then(|new| Some((new, folded_email(new)?))) {
                self.by_email.entry(email).or_default().push(Arc::clone(new));
            }
        }
        self.table = newer.clone();
    }

    /// Those who have this address, in whatever case of letters.
    pub(super) fn with_email(&self, email: &str) -> &[Arc<User>] {
        self.by_email.get(&fold(email)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn with_uuid(&self, uuid: UserUuid) -> Option<&Arc<User>> {
        self.table.find(|user| user.uuid == uuid)
    }
}

/// What is said of this user once the password was found right, here or elsewhere.
pub(super) fn outcome_of(user: &User) -> AuthOutcome {
    if !user.enabled {
        return AuthOutcome::Refused(RefusalCause::UserDisabled);
    }
    match user.profile {
        None => AuthOutcome::Refused(RefusalCause::NoProfile),
        Some(_) => AuthOutcome::Accepted(user.uuid),
    }
}

fn folded_email(user: &User) -> Option<String> {
    user.email.as_ref().map(|email| fold(email.as_str()))
}

fn fold(email: &str) -> String {
    email.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::xivo_user::tests::{company, uuid};
    use crate::settings::name::EmailAddress;

    #[test]
    fn an_address_finds_its_user_in_any_case_and_follows_them() {
        let mut configuration = company();
        let id = |number, configuration: &crate::settings::configuration::Configuration| {
            configuration.user_by_uuid(uuid(number)).expect("a user").id
        };
        let set = |configuration: &mut crate::settings::configuration::Configuration, number, email: Option<&str>| {
            let id = id(number, configuration);
            configuration.users.edit(id, |user| {
                user.email = email.map(|email| EmailAddress::parse(email).expect("an address"));
            });
        };
        set(&mut configuration, 1, Some("Alice@Example.org"));
        let mut known = KnownUsers::default();
        known.follow(&configuration.users);
        let found = |known: &KnownUsers, email: &str| -> Vec<UserUuid> {
            known.with_email(email).iter().map(|user| user.uuid).collect()
        };
        assert_eq!(found(&known, " aLICE@example.ORG"), [uuid(1)]);
        assert_eq!(found(&known, "bob@example.org"), []);
        assert_eq!(found(&known, ""), []);
        set(&mut configuration, 2, Some("alice@example.org"));
        known.follow(&configuration.users);
        assert_eq!(found(&known, "alice@example.org").len(), 2, "two share it");
        set(&mut configuration, 1, None);
        known.follow(&configuration.users);
        assert_eq!(found(&known, "alice@example.org"), [uuid(2)]);
        let two = id(2, &configuration);
        configuration.users.remove(two);
        known.follow(&configuration.users);
        assert_eq!(found(&known, "alice@example.org"), []);
        assert!(known.by_email.is_empty());
        assert_eq!(known.with_uuid(uuid(1)).map(|user| user.uuid), Some(uuid(1)));
        assert!(known.with_uuid(uuid(2)).is_none());
    }

    #[test]
    fn who_is_disabled_or_has_no_profile_is_refused_whoever_vouches() {
        let configuration = company();
        let outcome = |number| outcome_of(configuration.user_by_uuid(uuid(number)).expect("a user"));
        assert_eq!(outcome(1), AuthOutcome::Accepted(uuid(1)));
        assert_eq!(outcome(2), AuthOutcome::Refused(RefusalCause::UserDisabled));
        assert_eq!(outcome(4), AuthOutcome::Refused(RefusalCause::NoProfile));
        assert_eq!(outcome(3), AuthOutcome::Accepted(uuid(3)), "a local password is none of it");
    }
}
