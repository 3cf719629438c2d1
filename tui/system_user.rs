//! Who changed something, as people read it here: a person before the account that they used. Pure.

use crate::store::SystemUser;

/// `alice (as root)` of whom the audit calls `root (sudo by alice)`: the person stands first.
pub(super) fn person(recorded: &str) -> String {
    match SystemUser::read(recorded) {
        SystemUser { account, person: Some(person) } => format!("{person} (as {account})"),
        SystemUser { account, person: None } => account,
    }
}

/// The person alone, or the account where nobody else is known: it begins what `person` says.
pub(super) fn name_of(recorded: &str) -> String {
    let SystemUser { account, person } = SystemUser::read(recorded);
    person.unwrap_or(account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_behind_sudo_stands_first() {
        assert_eq!(person("root (sudo by alice)"), "alice (as root)");
        assert_eq!((name_of("root (sudo by alice)"), name_of("root")), ("alice".to_owned(), "root".to_owned()));
        for other in ["root", "uid 1000", "odd (sudo by ", ""] {
            assert_eq!(person(other), other);
        }
    }
}
