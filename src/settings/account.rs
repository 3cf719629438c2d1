//! Accounts: who may use the administrative interfaces, a person or another program, and for what. An account is no user:
//! it has no telephone, no profile and no presence, and no desktop client logs in with it (settings §6.2).

use std::collections::BTreeSet;

use super::id::{AccountId, ContextId};
use super::name::AccountName;
use super::password::PasswordHash;
use super::string_enum::string_enum;
use super::table::object;

string_enum! {
    /// Which backend knows the account: `xivo_admin` or `xivo_service`.
    AccountKind, A1, AccountKind {
        Admin = "admin",
        Service = "service",
    }
}

string_enum! {
    /// What an account may do.
    AccountRight, A2, Right {
        // Who is connected, presences, states of telephones, agents and queues.
        ReadStatus = "read-status",
        // Presences of users, in their name.
        WritePresence = "write-presence",
        // DND, forwards and filters of users.
        WriteServices = "write-services",
        // Who is logged in from where, and ending their sessions.
        Sessions = "sessions",
        // All that `export` shows without secrets.
        ReadConfiguration = "read-configuration",
        // The same, and to change it.
        Configuration = "configuration",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) id: AccountId,
    pub(crate) version: u32,
    pub(crate) kind: AccountKind,
    pub(crate) name: AccountName,
    /// None: nobody gets in.
    pub(crate) password: Option<PasswordHash>,
    pub(crate) enabled: bool,
    /// At least one (rule A2).
    pub(crate) rights: BTreeSet<AccountRight>,
    /// What it may see; empty: everything.
    pub(crate) contexts: BTreeSet<ContextId>,
}

impl Account {
    /// Whether this is the account's name, in any case of letters.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.name.as_str().eq_ignore_ascii_case(name.trim())
    }

    /// What it may, as a list for people.
    pub(crate) fn rights_words(&self) -> String {
        self.rights.iter().map(|right| right.as_str()).collect::<Vec<_>>().join(", ")
    }
}

object!(Account, AccountId, "account", in |account, context| account.contexts.contains(&context));
