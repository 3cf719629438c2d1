//! Edits of accounts. That names are unique and that there is a right are findings.

use std::collections::BTreeSet;

use super::{existing, removable};
use crate::settings::account::{Account, AccountKind, AccountRight};
use crate::settings::configuration::Configuration;
use crate::settings::id::{AccountId, ContextId};
use crate::settings::name::AccountName;
use crate::settings::password::PasswordHash;
use crate::settings::rule::Refusal;

#[derive(Debug, Clone)]
pub(crate) struct NewAccount {
    pub(crate) kind: AccountKind,
    pub(crate) name: AccountName,
    pub(crate) password: Option<PasswordHash>,
    pub(crate) enabled: bool,
    pub(crate) rights: BTreeSet<AccountRight>,
    pub(crate) contexts: BTreeSet<ContextId>,
}

removable! {
    Account: remove_account,
}

impl Configuration {
    pub(crate) fn add_account(&mut self, new: NewAccount) -> Result<AccountId, Refusal> {
        for context in &new.contexts {
            existing(&self.contexts, *context)?;
        }
        Ok(self.accounts.add(|id| Account {
            id,
            version: 1,
            kind: new.kind,
            name: new.name,
            password: new.password,
            enabled: new.enabled,
            rights: new.rights,
            contexts: new.contexts,
        }))
    }

    pub(crate) fn remove_account(&mut self, id: AccountId) -> Result<(), Refusal> {
        existing(&self.accounts, id)?;
        self.accounts.remove(id);
        Ok(())
    }
}
