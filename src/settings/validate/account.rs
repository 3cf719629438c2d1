//! Accounts as a whole: rules A1 to A3, and the contexts of C3.

use super::Validator;
use super::dialplan::expect_context;
use crate::settings::rule::Rule;
use crate::settings::violation::Violation;

pub(super) fn validate(validator: &mut Validator<'_>) {
    let accounts = validator.configuration.accounts.iter().map(|account| &**account);
    validator.unique(Rule::A1, "name (the case of letters does not count)", accounts, |account| {
        Some(account.name.as_str().to_ascii_lowercase())
    });
    for account in validator.configuration.accounts.iter() {
        if account.rights.is_empty() {
            validator.error(Rule::A2, &**account, Violation::NoRight);
        }
        if account.enabled && account.password.is_none() {
            validator.warning(Rule::A3, &**account, Violation::EnabledWithoutPassword);
        }
        for context in &account.contexts {
            expect_context(validator, &**account, *context);
        }
    }
}
