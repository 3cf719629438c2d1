//! Credentials that were right lately, so that a client that comes back costs no password hash: as a keyed hash under a key
//! of this process, bound to the stored hash, so that a changed password is none of them. Only who is right is quick: a
//! wrong password is compared as if nothing were remembered. `xivo_user` asks and tells it; it never holds a password.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use ring::hmac;
use ring::rand::SystemRandom;
use zeroize::Zeroizing;

use crate::settings::id::UserUuid;
use crate::settings::password::{PasswordHash, Secret};

/// Users whose credentials are remembered.
const REMEMBERED_MAX: usize = 20_000;
/// What part goes at once when it is full.
const PART_THAT_GOES: usize = 8;
/// What is compared with where nothing is remembered.
const NOTHING: [u8; 32] = [0; 32];

pub(super) struct RememberedCredentials {
    /// None: the system gave no random key, and nothing is remembered.
    key: Option<hmac::Key>,
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    by_user: HashMap<UserUuid, Entry>,
    uses: u64,
}

struct Entry {
    tag: hmac::Tag,
    /// By the order of uses: what was not used for long goes first.
    last_use: u64,
}

impl RememberedCredentials {
    pub(super) fn new() -> Self {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new());
        if key.is_err() {
            tracing::warn!("the system gives no random key: no credentials are remembered");
        }
        Self { key: key.ok(), entries: Mutex::default() }
    }

    /// Whether this was right lately and nothing was changed since. Takes as long whether or not anything is remembered.
    pub(super) fn is_remembered(&self, user: Option<UserUuid>, hash: &PasswordHash, password: &Secret) -> bool {
        let Some(key) = &self.key else { return false };
        let mut entries = self.entries();
        entries.uses += 1;
        let now = entries.uses;
        let entry = user.and_then(|user| entries.by_user.get_mut(&user));
        let tag = entry.as_ref().map_or(NOTHING.as_slice(), |entry| entry.tag.as_ref());
        // Compares in constant time.
        let is_right = hmac::verify(key, &message(user.unwrap_or_else(nobody), hash, password), tag).is_ok();
        if let Some(entry) = entry.filter(|_| is_right) {
            entry.last_use = now;
        }
        is_right
    }

    /// The password is that of the hash.
    pub(super) fn remember(&self, user: UserUuid, hash: &PasswordHash, password: &Secret) {
        let Some(key) = &self.key else { return };
        let tag = hmac::sign(key, &message(user, hash, password));
        let mut entries = self.entries();
        entries.uses += 1;
        let last_use = entries.uses;
        entries.by_user.insert(user, Entry { tag, last_use });
        entries.forget_oldest();
    }

    /// Nothing of these is remembered any more.
    pub(super) fn forget(&self, users: impl IntoIterator<Item = UserUuid>) {
        let mut entries = self.entries();
        for user in users {
            entries.by_user.remove(&user);
        }
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn forget_oldest(&mut self) {
        if self.by_user.len() <= REMEMBERED_MAX {
            return;
        }
        let mut uses: Vec<u64> = self.by_user.values().map(|entry| entry.last_use).collect();
        let (_, last_that_goes, _) = uses.select_nth_unstable(REMEMBERED_MAX / PART_THAT_GOES);
        let last_that_goes = *last_that_goes;
        self.by_user.retain(|_, entry| entry.last_use > last_that_goes);
    }
}

fn nobody() -> UserUuid {
    UserUuid::new(uuid::Uuid::nil())
}

/// No two different ones are one text: the last two hold no zero. The password stands first, since what the hash function
/// keeps for its next block is the end, and nothing of a password is to stay on the stack.
fn message(user: UserUuid, hash: &PasswordHash, password: &Secret) -> Zeroizing<Vec<u8>> {
    let (hash, password) = (hash.as_str().as_bytes(), password.reveal().as_bytes());
    let user = user.to_string();
    let mut message = Zeroizing::new(Vec::with_capacity(user.len() + hash.len() + password.len() + 2));
    message.extend_from_slice(password);
    message.push(0);
    message.extend_from_slice(user.as_bytes());
    message.push(0);
    message.extend_from_slice(hash);
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::password::Password;

    fn user(number: u128) -> UserUuid {
        UserUuid::new(uuid::Uuid::from_u128(number))
    }

    fn id(number: u128) -> Option<UserUuid> {
        Some(user(number))
    }

    fn hash(password: &str) -> PasswordHash {
        Password::parse(password).expect("a password").hash(&[7; 16])
    }

    #[test]
    fn only_what_was_right_is_remembered_and_only_for_that_user_and_hash() {
        let remembered = RememberedCredentials::new();
        let (old, new) = (hash("right one"), hash("another one"));
        let right = Secret::new("right one");
        assert!(!remembered.is_remembered(id(1), &old, &right));
        remembered.remember(user(1), &old, &right);
        assert!(remembered.is_remembered(id(1), &old, &right));
        assert!(!remembered.is_remembered(id(1), &old, &Secret::new("wrong one")));
        assert!(!remembered.is_remembered(id(1), &old, &Secret::new("")));
        assert!(!remembered.is_remembered(id(2), &old, &right));
        assert!(!remembered.is_remembered(id(1), &new, &right), "the password was changed since");
        remembered.forget([user(1)]);
        assert!(!remembered.is_remembered(id(1), &old, &right));
    }

    #[test]
    fn another_process_remembers_under_another_key() {
        let (one, other) = (RememberedCredentials::new(), RememberedCredentials::new());
        let (hash, password) = (hash("right one"), Secret::new("right one"));
        one.remember(user(1), &hash, &password);
        other.remember(user(1), &hash, &password);
        let tag = |of: &RememberedCredentials| of.entries().by_user[&user(1)].tag.as_ref().to_vec();
        assert_ne!(tag(&one), tag(&other));
    }

    #[test]
    fn what_was_not_used_for_long_goes_first() {
        let remembered = RememberedCredentials::new();
        let (hash, password) = (hash("right one"), Secret::new("right one"));
        let most = REMEMBERED_MAX as u128;
        for number in 0..most {
            remembered.remember(user(number), &hash, &password);
        }
        assert!(remembered.is_remembered(id(0), &hash, &password));
        remembered.remember(user(most), &hash, &password);
        let held = remembered.entries().by_user.len();
        assert!(held <= REMEMBERED_MAX && held > REMEMBERED_MAX / 2, "{held}");
        assert!(remembered.is_remembered(id(0), &hash, &password));
        assert!(!remembered.is_remembered(id(1), &hash, &password));
        assert!(remembered.is_remembered(id(most), &hash, &password));
    }
}
