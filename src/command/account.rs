//! `ctibox account`: accounts of the administrative interfaces, of people and of other programs.

use std::collections::BTreeSet;

use super::failure::Failure;
use super::find;
use super::invocation::{Done, Invocation, json_of};
use super::password::{self, PasswordSource};
use super::user::Access;
use super::{complete, prompt};
use crate::settings::account::{Account, AccountKind, AccountRight};
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewAccount;
use crate::settings::id::{AccountId, ContextId, Id as _};
use crate::settings::label::{Labelled as _, context_name};
use crate::settings::name::AccountName;
use crate::settings::rule::Refusal;
use crate::settings::table::Object as _;
use clap::Subcommand;

/// What no interface asks for yet.
const RECORDED: &str = "its rights are recorded, and act on the administrative interfaces when these come; no desktop \
                        client logs in with an account";

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Add an account
    #[command(
        override_usage = "ctibox account add NAME --kind KIND --right RIGHT [OPTIONS]\n         \
                          (--password-stdin | --generate-password | --no-password)",
        after_help = "Example:\n  ctibox account add crm --kind service --right read-status \\\n      \
                      --right write-presence --context sales --generate-password"
    )]
    Add(AddAccount),
    /// List all accounts
    #[command(after_help = "Example:\n  ctibox account list --json")]
    List,
    /// Show one account
    #[command(after_help = "Example:\n  ctibox account show crm")]
    Show(NamedAccount),
    /// Change an account; what is left out stays
    #[command(
        visible_alias = "set",
        after_help = "Example:\n  ctibox account edit crm --right read-status --all-contexts"
    )]
    Edit(EditAccount),
    /// Remove an account
    #[command(after_help = "Example:\n  ctibox account remove crm")]
    Remove(RemoveAccount),
    /// Let an account in again
    #[command(after_help = "Example:\n  ctibox account enable crm")]
    Enable(NamedAccount),
    /// Keep an account out
    #[command(after_help = "Example:\n  ctibox account disable crm")]
    Disable(NamedAccount),
    /// Set an account's password
    #[command(
        override_usage = "ctibox account password NAME [OPTIONS]\n       \
                          (--password-stdin | --generate-password | --no-password)",
        after_help = "Example:\n  echo 'new secret' | ctibox account password crm --password-stdin"
    )]
    Password(NewPasswordOfAccount),
}

#[derive(Debug, clap::Args)]
pub(crate) struct NamedAccount {
    /// Its name, in upper or lower case
    #[arg(add = complete::accounts())]
    account: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct AddAccount {
    /// 2 to 64 letters, digits or -._~!$&'()*+,;=%@
    #[arg(value_name = "NAME")]
    account: String,
    /// admin for a person, service for another program
    #[arg(long, value_name = "KIND", add = complete::account_kinds())]
    kind: String,
    /// What it may do: read-status, write-presence, write-services, sessions, read-configuration or configuration; may be
    /// given more than once
    #[arg(long = "right", value_name = "RIGHT", required = true, add = complete::account_rights())]
    rights: Vec<String>,
    /// A context that it may see; may be given more than once. Left out, it may see all
    #[arg(long = "context", value_name = "C", add = complete::contexts())]
    contexts: Vec<String>,
    /// It may not be used yet
    #[arg(long)]
    disabled: bool,
    #[command(flatten)]
    password: PasswordSource,
}

#[derive(Debug, clap::Args)]
pub(crate) struct EditAccount {
    #[command(flatten)]
    named: NamedAccount,
    /// Its new name
    #[arg(long, value_name = "NEW")]
    rename: Option<String>,
    /// admin or service
    #[arg(long, value_name = "KIND", add = complete::account_kinds())]
    kind: Option<String>,
    /// What it may do, in place of all that it might; may be given more than once
    #[arg(long = "right", value_name = "RIGHT", add = complete::account_rights())]
    rights: Vec<String>,
    /// A context that it may see, in place of all those before; may be given more than once
    #[arg(long = "context", value_name = "C", add = complete::contexts())]
    contexts: Vec<String>,
    /// It may see all contexts
    #[arg(long, conflicts_with = "contexts")]
    all_contexts: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RemoveAccount {
    #[command(flatten)]
    named: NamedAccount,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct NewPasswordOfAccount {
    #[command(flatten)]
    named: NamedAccount,
    #[command(flatten)]
    password: PasswordSource,
}

pub(crate) fn run(command: AccountCommand, ctx: &Invocation) -> Result<(), Failure> {
    match command {
        AccountCommand::Add(arguments) => add(arguments, ctx),
        AccountCommand::List => list(ctx),
        AccountCommand::Show(named) => show(&named.account, ctx),
        AccountCommand::Edit(arguments) => edit(arguments, ctx),
        AccountCommand::Remove(arguments) => remove(arguments, ctx),
        AccountCommand::Enable(named) => set_enabled(named.account, Access::Granted, ctx),
        AccountCommand::Disable(named) => set_enabled(named.account, Access::Refused, ctx),
        AccountCommand::Password(arguments) => set_password(&arguments, ctx),
    }
}

fn add(arguments: AddAccount, ctx: &Invocation) -> Result<(), Failure> {
    let name = AccountName::parse(&arguments.account)?;
    let kind = AccountKind::parse(&arguments.kind)?;
    let rights = rights_of(&arguments.rights)?;
    // What is wrong with the folder or a context is said before anybody types a password.
    contexts_of(&ctx.configuration()?, &arguments.contexts)?;
    let password = arguments.password.take(&ctx.output)?;
    let made = password.made;
    let done = ctx.change(move |c| {
        let contexts = contexts_of(c, &arguments.contexts)?;
        let note = format!("{kind} account \"{name}\" was added; {RECORDED}");
        let enabled = !arguments.disabled;
        let id = c.add_account(NewAccount { kind, name, password: password.hash, enabled, rights, contexts })?;
        Ok(Done::with::<Account>(note, id, c))
    })?;
    password::tell(done, made.as_ref(), ctx)
}

fn rights_of(words: &[String]) -> Result<BTreeSet<AccountRight>, Refusal> {
    words.iter().map(|word| AccountRight::parse(word)).collect()
}

fn contexts_of(c: &Configuration, names: &[String]) -> Result<BTreeSet<ContextId>, Failure> {
    names.iter().map(|name| find::context(c, name).map(|context| context.id)).collect()
}

fn list(ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let rows: Vec<Vec<String>> = c
        .accounts
        .iter()
        .map(|account| {
            vec![
                account.name.to_string(),
                account.kind.to_string(),
                if account.enabled { "yes" } else { "no" }.to_owned(),
                set_or_not(account).to_owned(),
                contexts(account, &c),
                account.rights_words(),
            ]
        })
        .collect();
    let json = || c.accounts.iter().map(|account| json_of::<Account>(account.id, &c)).collect();
    ctx.output.list(&["NAME", "KIND", "ENABLED", "PASSWORD", "CONTEXTS", "RIGHTS"], &rows, json)
}

fn set_or_not(account: &Account) -> &'static str {
    if account.password.is_some() { "set" } else { "not set" }
}

fn contexts(account: &Account, c: &Configuration) -> String {
    if account.contexts.is_empty() {
        return "all".to_owned();
    }
    account.contexts.iter().map(|id| context_name(c, *id)).collect::<Vec<_>>().join(", ")
}

fn show(name: &str, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let account = find::account(&c, name)?;
    let fields = [
        ("name", account.name.to_string()),
        ("id", account.id.to_string()),
        ("kind", account.kind.to_string()),
        ("password", set_or_not(account).to_owned()),
        ("enabled", if account.enabled { "yes" } else { "no" }.to_owned()),
        ("rights", account.rights_words()),
        ("contexts", contexts(account, &c)),
    ];
    ctx.output.fields(&fields, || json_of::<Account>(account.id, &c))
}

fn edit(arguments: EditAccount, ctx: &Invocation) -> Result<(), Failure> {
    let name = arguments.rename.as_deref().map(AccountName::parse).transpose()?;
    let kind = arguments.kind.as_deref().map(AccountKind::parse).transpose()?;
    let rights = rights_of(&arguments.rights)?;
    ctx.edit(move |c| {
        let id = find::account(c, &arguments.named.account)?.id;
        let contexts = contexts_of(c, &arguments.contexts)?;
        c.accounts.edit(id, |account| {
            account.name = name.unwrap_or_else(|| account.name.clone());
            account.kind = kind.unwrap_or(account.kind);
            if !rights.is_empty() {
                account.rights = rights;
            }
            if arguments.all_contexts || !contexts.is_empty() {
                account.contexts = contexts;
            }
        });
        Ok(Done::with::<Account>(format!("{} was changed", label_of(c, id)), id, c))
    })
}

/// `account "crm"`.
fn label_of(c: &Configuration, id: AccountId) -> String {
    c.accounts.get(id).map(|account| account.label(c)).unwrap_or_default()
}

fn remove(arguments: RemoveAccount, ctx: &Invocation) -> Result<(), Failure> {
    let c = ctx.configuration()?;
    let label = find::account(&c, &arguments.named.account)?.label(&c);
    if !arguments.yes {
        prompt::confirm(&ctx.output, &format!("Remove {label}?"))?;
    }
    ctx.edit(move |c| {
        let id = find::account(c, &arguments.named.account)?.id;
        let note = format!("{} was removed", label_of(c, id));
        c.remove_account(id)?;
        Ok(Done::new(note))
    })
}

fn set_enabled(name: String, access: Access, ctx: &Invocation) -> Result<(), Failure> {
    ctx.edit(move |c| {
        let id = find::account(c, &name)?.id;
        c.accounts.edit(id, |account| account.enabled = access == Access::Granted);
        let words = match access {
            Access::Granted => "may be used",
            Access::Refused => "may not be used",
        };
        Ok(Done::with::<Account>(format!("{} {words}", label_of(c, id)), id, c))
    })
}

fn set_password(arguments: &NewPasswordOfAccount, ctx: &Invocation) -> Result<(), Failure> {
    let (id, version) = {
        let c = ctx.configuration()?;
        let account = find::account(&c, &arguments.named.account)?;
        (account.id, account.version)
    };
    let password = arguments.password.take(&ctx.output)?;
    let done = ctx.change(move |c| {
        // Typing takes time: somebody may have changed the account meanwhile.
        c.expect_version(Account::KIND, id.number(), version)?;
        let words = if password.hash.is_some() { "has a new password" } else { "has no password now" };
        c.accounts.edit(id, |account| account.password = password.hash);
        Ok(Done::with::<Account>(format!("{} {words}", label_of(c, id)), id, c))
    })?;
    password::tell(done, password.made.as_ref(), ctx)
}
