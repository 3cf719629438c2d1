//! The accounts of a document.

use std::collections::BTreeSet;

use serde_json::Value;

use super::lost_secret::{LostSecret, WithoutSecret};
use super::table::{FromDocument, Goal, ObjectNames, Restorer, back};
use super::{Claim, Names, Placed, Reading, settle};
use crate::exchange::document::form;
use crate::exchange::document::tables::{Documented, Show};
use crate::settings::account::{Account, AccountKind, AccountRight};
use crate::settings::id::{AccountId, ContextId, Id};
use crate::settings::name::AccountName;
use crate::settings::password::PasswordHash;
use crate::settings::rule::Rule;

impl FromDocument for Account {
    fn read_list(reading: &mut Reading<'_>, list: Option<Vec<Value>>, names: &mut ObjectNames) {
        // A document without the list was written before there were accounts, and says nothing about them.
        let current = reading.current;
        let as_it_is = || current.accounts.iter().map(|account| account.listed(current, Show::Nothing)).collect();
        let forms = reading.forms(Self::LIST, Some(list.unwrap_or_else(as_it_is)));
        reading.read_accounts(forms, &names.contexts);
    }

    fn restore(restorer: &mut Restorer<'_>, goal: &Goal, image: Value) {
        let Some(Placed { place, form }) = restorer.placed::<form::AccountForm>(goal, image) else { return };
        let current = restorer.reading.current;
        let old = current.accounts.get(Id::new(goal.id));
        let had_password = form.password_hash.is_some();
        // "set": the present one stays.
        let kept = old.and_then(|account| account.password.clone()).filter(|_| had_password);
        let placed = Placed { place, form: form::AccountForm { password_hash: None, ..form } };
        let contexts = &restorer.names.contexts;
        let Some(mut account) = restorer.reading.account(placed, Id::new(goal.id), kept, contexts) else { return };
        if had_password && account.password.is_none() {
            let remembered = restorer.remembered.accounts.get(account.id);
            account.password = remembered.and_then(|account| account.password.clone());
        }
        if had_password && account.password.is_none() {
            account.enabled &= old.is_some();
            let then = WithoutSecret::AccountCannotLogIn { is_disabled: old.is_none() };
            restorer.lost.push(LostSecret { on: goal.on.clone(), then });
        }
        back(&mut restorer.reading.new.accounts, &current.accounts, Some(account), goal.entry);
    }
}

impl Reading<'_> {
    /// Accounts are known again by their names in any case of letters.
    fn read_accounts(&mut self, accounts: Vec<Placed<form::AccountForm>>, contexts: &Names<ContextId>) {
        let current = self.current;
        let same = |form: &form::AccountForm| current.accounts.find(|account| account.has_name(&form.name));
        let claims: Vec<_> = accounts
            .iter()
            .map(|Placed { place, form }| Claim { place, said: form.id, known: same(form).map(|account| account.id) })
            .collect();
        let ids = self.assign(Account::LIST, &claims, &current.accounts);
        for (placed, id) in accounts.into_iter().zip(ids) {
            // On the server that wrote the document the id says which account it is, elsewhere its name does.
            let is_same_server = self.new.server_uuid == current.server_uuid;
            let old = if is_same_server { current.accounts.get(id) } else { same(&placed.form) };
            let kept = old.and_then(|account| account.password.clone());
            if let Some(account) = self.account(placed, id, kept, contexts) {
                settle(&mut self.new.accounts, &current.accounts, account);
            }
        }
        self.new.accounts.raise_next_number(self.next_ids[Account::LIST]);
    }

    fn account(
        &mut self,
        Placed { place, form }: Placed<form::AccountForm>,
        id: AccountId,
        kept: Option<PasswordHash>,
        names: &Names<ContextId>,
    ) -> Option<Account> {
        let kind = self.take(&place, AccountKind::parse(&form.kind));
        let name = self.take(&place, AccountName::parse(&form.name));
        let password = self.take_optional(&place, form.password_hash.as_deref(), PasswordHash::imported);
        let (mut rights, mut contexts) = (BTreeSet::new(), BTreeSet::new());
        for right in &form.rights {
            rights.extend(self.take(&place, AccountRight::parse(right)));
        }
        for context in &form.contexts {
            contexts.extend(self.refer(Rule::C3, &place, "context", names, context));
        }
        Some(Account {
            id,
            version: 1,
            kind: kind?,
            name: name?,
            password: password?.or(kept),
            enabled: form.enabled.unwrap_or(true),
            rights,
            contexts,
        })
    }
}
