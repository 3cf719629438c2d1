//! The backend `xivo_user`: users of the configuration with their argon2id hashes. An unknown user costs what a wrong
//! password costs, so that the time of an answer tells nobody who exists.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::{Answer, Authenticator};
use crate::observe::shown;
use crate::settings::configuration::Configuration;
use crate::settings::name::Login;
use crate::settings::password::{CheckMemory, PasswordHash, Secret};
use crate::settings::people::User;
use crate::settings::table::Table;

/// A hash that costs what every other costs; written out because making it would cost a start as much.
const DUMMY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlcy4uLg$bw1CM5wnOh5y4ctcm4g5CnPtffXnuSMdFzzGhkTWllo";

/// Holds the users of the latest configuration by login.
pub(crate) struct XivoUser {
    users: RwLock<Users>,
    /// What the password of somebody without one is compared with.
    dummy: PasswordHash,
}

impl XivoUser {
    pub(crate) fn new(configuration: &Configuration) -> Self {
        let dummy = PasswordHash::parse(DUMMY).expect("the text is a hash, as a test shows");
        let mut users = Users::default();
        users.follow(&configuration.users);
        Self { users: RwLock::new(users), dummy }
    }

    /// From the next check on these are the users.
    pub(crate) fn follow(&self, configuration: &Configuration) {
        self.users.write().unwrap_or_else(PoisonError::into_inner).follow(&configuration.users);
    }

    fn find(&self, login: &str) -> Option<Arc<User>> {
        let login = Login::parse(login).ok()?.folded();
        self.users.read().unwrap_or_else(PoisonError::into_inner).by_login.get(&login).cloned()
    }
}

#[derive(Default)]
struct Users {
    known: Table<User>,
    by_login: HashMap<String, Arc<User>>,
}

impl Users {
    /// All that goes before all that comes: two users may have swapped their logins.
    fn follow(&mut self, newer: &Table<User>) {
        let differences = self.known.differences(newer);
        for login in differences.iter().filter_map(|(old, _)| old.and_then(|old| old.folded_login())) {
            self.by_login.remove(&login);
        }
        for new in differences.iter().filter_map(|(_, new)| *new) {
            self.by_login.extend(new.folded_login().map(|login| (login, Arc::clone(new))));
        }
        self.known = newer.clone();
    }
}

impl Authenticator for XivoUser {
    fn check(&self, login: &str, password: &Secret, memory: &mut CheckMemory) -> Answer {
        let user = self.find(login);
        let hash = user.as_ref().and_then(|user| user.password.as_ref());
        let is_right = hash.unwrap_or(&self.dummy).is_of(password, memory);
        let refuse = |answer, cause| {
            tracing::info!(login = shown(login), cause, "login refused");
            answer
        };
        match (&user, hash) {
            (None, _) => refuse(Answer::UnknownUser, "no such user"),
            (_, None) => refuse(Answer::WrongPassword, "the user has no password"),
            _ if !is_right => refuse(Answer::WrongPassword, "wrong password"),
            (Some(user), _) if !user.enabled => refuse(Answer::WrongPassword, "the user is disabled"),
            (Some(user), _) if user.profile.is_none() => refuse(Answer::WrongPassword, "the user has no profile"),
            (Some(user), _) => Answer::Accepted(user.uuid),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::id::{Id as _, ProfileId, ServerUuid, UserUuid};
    use crate::settings::name::{FirstName, LastName};
    use crate::settings::password::Password;

    fn uuid(number: u128) -> UserUuid {
        UserUuid::new(uuid::Uuid::from_u128(number))
    }

    fn add(configuration: &mut Configuration, number: u128, login: &str, change: impl FnOnce(&mut User)) {
        configuration.users.add(|id| {
            let mut user = User {
                id,
                version: 1,
                uuid: uuid(number),
                login: Some(Login::parse(login).expect("a login")),
                first_name: FirstName::parse("Some").expect("a name"),
                last_name: LastName::parse("Body").expect("a name"),
                email: None,
                mobile: None,
                password: Some(Password::parse("right one").expect("a password").hash(&[1; 16])),
                enabled: true,
                profile: Some(ProfileId::new(1)),
            };
            change(&mut user);
            user
        });
    }

    #[test]
    fn an_unknown_user_costs_what_a_password_costs() {
        let made = Password::parse("nobody has this password").expect("a password").hash(b"sixteen bytes...");
        assert_eq!(made.as_str(), DUMMY);
    }

    #[test]
    fn only_an_enabled_user_with_profile_and_password_is_accepted() {
        let mut configuration = Configuration::empty(ServerUuid::new(uuid::Uuid::from_u128(9)));
        add(&mut configuration, 1, "alice", |_| {});
        add(&mut configuration, 2, "disabled", |user| user.enabled = false);
        add(&mut configuration, 3, "nopassword", |user| user.password = None);
        add(&mut configuration, 4, "noprofile", |user| user.profile = None);
        // Even if somebody's hand wrote a hash beside it.
        add(&mut configuration, 5, "nologin", |user| user.login = None);
        let backend = XivoUser::new(&configuration);
        for login in ["nologin", "", "5", "00000000-0000-0000-0000-000000000005"] {
            let answer = backend.check(login, &Secret::new("right one"), &mut CheckMemory::default());
            assert_eq!(answer, Answer::UnknownUser, "{login}");
        }
        let check =
            |login: &str, password: &str| backend.check(login, &Secret::new(password), &mut CheckMemory::default());
        assert_eq!(check("alice", "right one"), Answer::Accepted(uuid(1)));
        assert_eq!(check("ALICE", "right one"), Answer::Accepted(uuid(1)));
        assert_eq!(check("alice", "wrong one"), Answer::WrongPassword);
        for login in ["disabled", "nopassword", "noprofile"] {
            assert_eq!(check(login, "right one"), Answer::WrongPassword, "{login}");
        }
        assert_eq!(check("nopassword", "nobody has this password"), Answer::WrongPassword);
        assert_eq!(check("bob", "nobody has this password"), Answer::UnknownUser);
        assert_eq!(check("\u{1b}[2J", ""), Answer::UnknownUser);
        let id = |number| configuration.user_by_uuid(uuid(number)).expect("a user").id;
        let (alice, disabled) = (id(1), id(2));
        configuration.users.edit(alice, |user| user.login = Login::parse("disabled").ok());
        configuration.users.edit(disabled, |user| user.login = Login::parse("alice").ok());
        backend.follow(&configuration);
        assert_eq!(check("disabled", "right one"), Answer::Accepted(uuid(1)));
        assert_eq!(check("alice", "right one"), Answer::WrongPassword);
        configuration.users.remove(alice);
        backend.follow(&configuration);
        assert_eq!(check("disabled", "right one"), Answer::UnknownUser);
    }
}
