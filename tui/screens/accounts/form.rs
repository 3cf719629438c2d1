//! The form of an account: its name and kind, what it may do, what it may see, and its password.

use std::collections::BTreeSet;

use crate::settings::account::{Account, AccountKind, AccountRight};
use crate::settings::configuration::Configuration;
use crate::settings::edit::NewAccount;
use crate::settings::id::{AccountId, ContextId, Id as _};
use crate::settings::label::context_name;
use crate::settings::name::AccountName;
use crate::settings::rule::{Refusal, Rule};
use crate::settings::table::Kind;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::tui::app::{App, RandomSource, Target, Transition};
use crate::tui::form::{Fault, Fields, Model, Purpose};
use crate::tui::screens::made::Made;
use crate::tui::screens::new_password::{NewPassword, Way};
use crate::tui::typed_form::FormKey;
use crate::tui::widgets::entry::{Access, Entry, Field};

#[derive(Clone)]
pub(in crate::tui::screens) struct AccountModel {
    /// None: a new one.
    id: Option<AccountId>,
    name: String,
    /// What the marks of the contexts stand for.
    contexts: Vec<ContextId>,
    password: NewPassword,
}

impl AccountModel {
    pub(in crate::tui::screens) fn new(app: &App) -> Self {
        Self::with(None, String::new(), NewPassword::first(), app)
    }

    /// None if there is no such account any more.
    pub(in crate::tui::screens) fn of(id: AccountId, app: &App) -> Option<Self> {
        let account = app.configuration.accounts.get(id)?;
        let password = NewPassword::after(account.password.as_ref());
        Some(Self::with(Some(id), account.name.to_string(), password, app))
    }

    fn with(id: Option<AccountId>, name: String, password: NewPassword, app: &App) -> Self {
        let contexts = app.configuration.contexts.iter().map(|context| context.id).collect();
        Self { id, name, contexts, password }
    }

    /// None for all; nobody is given all by taking the last mark away.
    fn seen(&self, fields: &Fields) -> Result<BTreeSet<ContextId>, Fault> {
        if fields.choose("sees", Sees::ALL)? == Sees::All {
            return Ok(BTreeSet::new());
        }
        let seen: BTreeSet<_> =
            fields.marked("contexts").iter().filter_map(|at| self.contexts.get(*at)).copied().collect();
        if seen.is_empty() {
            let refusal = Refusal::new(Rule::C3, TargetKind::FormField("contexts"), Violation::NothingMarked);
            return Err(Fault::of("contexts", refusal));
        }
        Ok(seen)
    }

    fn edit(&self, id: AccountId, new: NewAccount, way: Way, c: &mut Configuration) {
        c.accounts.edit(id, |account| {
            account.name = new.name;
            account.kind = new.kind;
            account.enabled = new.enabled;
            account.rights = new.rights;
            account.contexts = new.contexts;
            if way != Way::Keep {
                account.password = new.password;
            }
        });
    }
}

fn kind_words(kind: AccountKind) -> String {
    match kind {
        AccountKind::Admin => "admin: a person",
        AccountKind::Service => "service: another program",
    }
    .to_owned()
}

/// What it lets an account do.
fn right_words(right: AccountRight) -> &'static str {
    match right {
        AccountRight::ReadStatus => "who is connected, presences, telephones, agents and queues",
        AccountRight::WritePresence => "change presences of users, in their name",
        AccountRight::WriteServices => "change do-not-disturb, forwards and filters of users",
        AccountRight::Sessions => "who is logged in from where, and end their sessions",
        AccountRight::ReadConfiguration => "see the whole configuration, but no secrets",
        AccountRight::Configuration => "see and change the whole configuration",
    }
}

/// What it may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sees {
    All,
    Marked,
}

impl Sees {
    const ALL: &'static [Self] = &[Self::All, Self::Marked];

    fn words(self) -> String {
        match self {
            Self::All => "all contexts, also those to come",
            Self::Marked => "only those that are marked below",
        }
        .to_owned()
    }
}

fn places<T: PartialEq>(all: &[T], marked: impl Iterator<Item = T>) -> Vec<usize> {
    marked.filter_map(|one| all.iter().position(|known| *known == one)).collect()
}

impl Model for AccountModel {
    fn key(&self) -> Option<FormKey> {
        Some(FormKey::of(Kind::Account, self.target()))
    }

    fn title(&self) -> String {
        if self.id.is_none() { "new account".to_owned() } else { format!("edit {}", self.name) }
    }

    fn target(&self) -> Option<Target> {
        self.id.map(|id| Target { kind: Kind::Account, id: id.number() })
    }

    fn anew(&self, app: &App) -> Option<Self> {
        self.id.and_then(|id| Self::of(id, app))
    }

    fn fields(&self, app: &App) -> Vec<Field> {
        let c = &app.configuration;
        let account: Option<&Account> = self.id.and_then(|id| c.accounts.get(id)).map(|account| &**account);
        let name = account.map(|account| account.name.to_string()).unwrap_or_default();
        let kind = AccountKind::ALL.iter().position(|kind| account.is_some_and(|account| account.kind == *kind));
        let rights = account.into_iter().flat_map(|account| account.rights.iter().copied());
        let contexts = account.into_iter().flat_map(|account| account.contexts.iter().copied());
        let is_bounded = account.is_some_and(|account| !account.contexts.is_empty());
        let sees = Sees::ALL.iter().position(|sees| (*sees == Sees::Marked) == is_bounded);
        let mut fields = vec![
            Field::new("name", "Account name", "2 to 64 letters, digits or -._~!$&'()*+,;=%@", Entry::text(name)),
            Field::new(
                "kind",
                "Kind",
                "Who uses it; Enter opens the list",
                Entry::choice(AccountKind::ALL.iter().map(|kind| kind_words(*kind)).collect(), kind),
            )
            .worded(),
            Field::new(
                "enabled",
                "Enabled",
                "Whether it may be used; Space switches",
                Entry::Toggle(account.is_none_or(|account| account.enabled)),
            ),
            Field::new(
                "rights",
                "Rights",
                "What it may do, at least one; Enter opens the list, Space marks",
                Entry::several(
                    AccountRight::ALL.iter().map(|right| right.as_str().to_owned()).collect(),
                    places(AccountRight::ALL, rights),
                ),
            )
            .explained(AccountRight::ALL.iter().map(|right| right_words(*right)).collect()),
            Field::new(
                "sees",
                "Sees",
                "Which contexts it may see; Enter opens the list",
                Entry::choice(Sees::ALL.iter().map(|sees| sees.words()).collect(), sees),
            )
            .worded(),
            Field::new(
                "contexts",
                "Contexts",
                "Those that it may see, at least one; Enter opens the list, Space marks",
                Entry::several(
                    self.contexts.iter().map(|id| context_name(c, *id)).collect(),
                    places(&self.contexts, contexts),
                ),
            ),
        ];
        let present = account.and_then(|account| account.password.as_ref());
        fields.extend(self.password.fields(present, "Enter opens the list"));
        fields
    }

    fn explain(&self, _fields: &Fields) -> Vec<String> {
        AccountRight::ALL.iter().map(|right| format!("{right}: {}", right_words(*right))).collect()
    }

    fn notes(&self, fields: &Fields, _c: &Configuration) -> Vec<(&'static str, String)> {
        self.password.notes(fields).into_iter().collect()
    }

    fn arrange(&self, fields: &mut Fields, _app: &App) {
        let sees = Sees::ALL.get(fields.chosen("sees")).copied();
        fields.set_access("contexts", if sees == Some(Sees::Marked) { Access::Open } else { Access::Pointless });
        NewPassword::arrange(self.password.way(fields), fields);
    }

    fn prepare(&mut self, fields: &Fields, random: RandomSource) -> Result<(), Fault> {
        self.password.prepare(self.password.way(fields), fields, random)
    }

    fn apply(&self, fields: &Fields, c: &mut Configuration, _: RandomSource, purpose: Purpose) -> Result<(), Fault> {
        let name = fields.parse("name", AccountName::parse)?;
        let kind = fields.choose("kind", AccountKind::ALL)?;
        let rights: BTreeSet<_> = fields.marked("rights").iter().filter_map(|at| AccountRight::ALL.get(*at)).collect();
        let contexts = self.seen(fields)?;
        let way = self.password.way(fields);
        let new = NewAccount {
            kind,
            name,
            password: self.password.hash(way, fields, purpose)?,
            enabled: fields.is_on("enabled"),
            rights: rights.into_iter().copied().collect(),
            contexts,
        };
        match self.id {
            None => drop(c.add_account(new).map_err(|refusal| Fault::of("contexts", refusal))?),
            Some(id) => self.edit(id, new, way, c),
        }
        Ok(())
    }

    fn field_of(&self, rule: Rule) -> Option<&'static str> {
        match rule {
            Rule::A1 => Some("name"),
            Rule::A2 => Some("rights"),
            Rule::A3 => Some("password"),
            Rule::C3 => Some("contexts"),
            _ => None,
        }
    }

    /// As the command says it.
    fn advice(&self) -> Option<&'static str> {
        Some("its rights act on the administrative interfaces when these come; no desktop client logs in with it")
    }

    fn words(&self, fields: &Fields) -> String {
        let was = if self.id.is_none() { "added" } else { "changed" };
        format!("account \"{}\" was {was}", fields.text("name").trim())
    }

    fn then(&mut self, fields: &Fields, app: &App) -> Transition {
        let name = fields.text("name").trim();
        match self.password.take_made() {
            Some(made) => {
                let account = app.configuration.accounts.find(|account| account.name.as_str() == name);
                let target = account.map(|account| Target { kind: Kind::Account, id: account.id.number() });
                let key = target.map(|target| FormKey::of(Kind::Account, Some(target)));
                Transition::Replace(Box::new(Made::new(name.to_owned(), made, key)))
            }
            None => Transition::Pop,
        }
    }
}
