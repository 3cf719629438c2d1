//! What is remembered of logins, for the throttle: which login, from where, how often it failed lately and when it last
//! succeeded. `auth` decides what is remembered, `store` keeps it: state, neither audited nor exported.

use std::fmt;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization as _;

use super::address_group::AddressGroup;

/// Of a longer login this much counts: nobody has such a one.
const LOGIN_CHARACTERS_MAX: usize = 128;

/// A login as the throttle counts it, whether or not anybody has it: texts under which a backend may find the same
/// user are one. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct LoginName(Arc<str>);

impl LoginName {
    /// Without case, without space around it, each space in it one, compatible signs alike: directories compare so.
    pub(crate) fn of(text: &str) -> Self {
        let mut folded = String::new();
        for word in text.split_whitespace() {
            if !folded.is_empty() {
                folded.push(' ');
            }
            folded.extend(word.nfkc().flat_map(char::to_lowercase).take(LOGIN_CHARACTERS_MAX));
            if folded.len() > LOGIN_CHARACTERS_MAX {
                break;
            }
        }
        Self(folded.chars().take(LOGIN_CHARACTERS_MAX).collect::<String>().into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LoginName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// All that is remembered of one login from one address; the later of two replaces the earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LoginRecord {
    pub(crate) login: LoginName,
    pub(crate) address: AddressGroup,
    /// The oldest first.
    pub(crate) failures: Vec<FailedMinute>,
    /// The day of the last success, counted from 1970; None: never, or long ago.
    pub(crate) last_login: Option<i64>,
}

/// How many attempts failed within one minute, which is counted from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FailedMinute {
    pub(crate) minute: i64,
    pub(crate) failures: u32,
}

/// What failures are counted against, and forgotten of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CountedAgainst {
    Login(LoginName),
    Address(AddressGroup),
}

impl CountedAgainst {
    /// An address where the text is one, or else a login.
    pub(crate) fn of(text: &str) -> Self {
        match text.trim().parse() {
            Ok(address) => Self::Address(address),
            Err(_) => Self::Login(LoginName::of(text)),
        }
    }
}

impl fmt::Display for CountedAgainst {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Login(login) => write!(out, "login \"{}\"", crate::observe::shown(login.as_str())),
            Self::Address(address) => write!(out, "address {address}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_finds_the_same_user_is_one_login() {
        let alice = LoginName::of("alice");
        for written in ["ALICE", " alice\t", "Ａlice"] {
            assert_eq!(LoginName::of(written), alice, "{written}");
        }
        assert_eq!(LoginName::of("Alice  B"), LoginName::of("alice b"));
        assert_ne!(LoginName::of("alice"), LoginName::of("al ice"));
        assert_eq!(LoginName::of(&"é".repeat(10_000)).as_str().chars().count(), LOGIN_CHARACTERS_MAX);
        assert_eq!(LoginName::of("").as_str(), "");
    }

    #[test]
    fn an_address_is_told_from_a_login() {
        assert_eq!(CountedAgainst::of("192.0.2.1").to_string(), "address 192.0.2.1");
        assert_eq!(CountedAgainst::of("2001:db8::7").to_string(), "address 2001:db8::/64");
        assert_eq!(CountedAgainst::of("Alice").to_string(), "login \"alice\"");
    }
}
