//! Who changed something, as the audit's column `system_user` keeps it: an account, and by whom it was used. Written and
//! read here alone.

use std::fmt;

const BY: &str = " (sudo by ";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SystemUser {
    /// The system's name of it.
    pub(crate) account: String,
    /// Who used it by `sudo`.
    pub(crate) person: Option<String>,
}

impl SystemUser {
    /// Of what the audit holds; a text of another form is the account, whatever it is.
    pub(crate) fn read(recorded: &str) -> Self {
        let by = recorded.split_once(BY).and_then(|(account, rest)| Some((account, rest.strip_suffix(')')?)));
        let (account, person) = by.map_or((recorded, None), |(account, person)| (account, Some(person.to_owned())));
        Self { account: account.to_owned(), person }
    }
}

impl fmt::Display for SystemUser {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.person {
            Some(person) => write!(out, "{}{BY}{person})", self.account),
            None => out.write_str(&self.account),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let root = SystemUser { account: "root".to_owned(), person: Some("alice".to_owned()) };
        assert_eq!(root.to_string(), "root (sudo by alice)");
        for text in ["root (sudo by alice)", "root", "uid 1000", "odd (sudo by ", ""] {
            assert_eq!(SystemUser::read(text).to_string(), text);
        }
        assert_eq!(SystemUser::read("root (sudo by alice)"), root);
        assert_eq!(SystemUser::read("odd (sudo by ").person, None);
    }
}
