//! Who changed something, as people read it here: a person before the account that they used. Pure.

use crate::store::SystemUser;

/// `alice (as root)` of whom the audit calls `root (sudo by alice)`: the person stands first.
pub(super) fn person(recorded: &str) -> String {
    match SystemUser::read(recorded) {
        SystemUser { account, person: Some(person) } => format!("{person} (as {account})"),
        SystemUser { account, person: None } => account,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_behind_sudo_stands_first() {
        assert_eq!(person("root (sudo by alice)"), "alice (as root)");
        for other in ["root", "uid 1000", "odd (sudo by ", ""] {
            assert_eq!(person(other), other);
        }
    }
}
