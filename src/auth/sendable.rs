//! Which logins and passwords may go to another server at all. The backends that ask one look here first, before anything
//! is sent: what no person types must not become a filter, a name or a header elsewhere.

use super::{AuthOutcome, RefusalCause, UnknownCause};
use crate::settings::password::Secret;

/// The longest login and the longest password that are sent.
const SENT_BYTES_MAX: usize = 1024;

/// What is said at once of credentials that are never sent.
pub(super) fn refuse_unsendable(login: &str, password: &Secret) -> Result<(), AuthOutcome> {
    if !is_login(login) {
        return Err(AuthOutcome::Unknown(UnknownCause::NoSuchUser));
    }
    let password = password.reveal();
    // Many servers take a bind with an empty password for one of nobody, and let it pass; a server that ends texts at
    // NUL sees less than was typed.
    if password.is_empty() || password.contains('\0') || password.len() > SENT_BYTES_MAX {
        return Err(AuthOutcome::Refused(RefusalCause::WrongPassword));
    }
    Ok(())
}

pub(super) fn is_login(login: &str) -> bool {
    !login.trim().is_empty() && login.len() <= SENT_BYTES_MAX && !login.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_types_is_never_sent() {
        let check = |login: &str, password: &str| refuse_unsendable(login, &Secret::new(password));
        let unknown = Err(AuthOutcome::Unknown(UnknownCause::NoSuchUser));
        let wrong = Err(AuthOutcome::Refused(RefusalCause::WrongPassword));
        assert_eq!(check("alice", "secret"), Ok(()));
        assert_eq!(check("*)(uid=*", " "), Ok(()), "is escaped, not refused");
        assert_eq!(check("", "secret"), unknown);
        assert_eq!(check("  ", "secret"), unknown);
        assert_eq!(check("a\0b", "secret"), unknown);
        assert_eq!(check("a\nb", "secret"), unknown);
        assert_eq!(check(&"a".repeat(1024), "secret"), Ok(()));
        assert_eq!(check(&"a".repeat(10_000), "secret"), unknown);
        assert_eq!(check("alice", ""), wrong);
        assert_eq!(check("alice", "\0"), wrong);
        assert_eq!(check("alice", "secret\0"), wrong);
        assert_eq!(check("alice", &"a".repeat(1025)), wrong);
    }
}
