//! Accounts of the administrative interfaces, of people and of other programs: the list with what each may do and see, and
//! the form. No desktop client logs in with an account.

pub(super) mod form;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::settings::account::Account;
use crate::settings::configuration::Configuration;
use crate::settings::id::{AccountId, Id as _};
use crate::settings::label::context_name;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Repeat, Rows, RowsOf, Target, Transition};
use crate::tui::ask::{Removal, always};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Folded;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, TableColumn};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::SortKey;

use form::AccountModel;

const FOOT_ROWS: u16 = 6;

pub(super) struct Accounts {
    table: TableView<AccountId, AccountColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AccountColumn {
    Name,
    Kind,
    Enabled,
    Password,
    Sees,
    May,
}

impl TableColumn for AccountColumn {
    const ALL: &'static [Self] = &[Self::Name, Self::Kind, Self::Enabled, Self::Password, Self::Sees, Self::May];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Name => ColumnDesign::new("account", 22),
            Self::Kind => ColumnDesign::new("kind", 7),
            Self::Enabled => ColumnDesign::new("enabled", 7),
            Self::Password => ColumnDesign::new("password", 8),
            Self::Sees => ColumnDesign::new("sees", 21),
            Self::May => ColumnDesign::new("may", 9),
        }
    }
}

struct AccountRows<'a>(&'a Configuration);

impl TableRows for AccountRows<'_> {
    type Id = AccountId;
    type Column = AccountColumn;

    fn ids(&self) -> Vec<AccountId> {
        self.0.accounts.iter().map(|account| account.id).collect()
    }

    fn searched(&self, id: AccountId) -> Folded<'_> {
        self.0.accounts.get(id).map_or_else(Folded::default, |account| Folded::of(account.name.as_str()))
    }

    fn field(&self, id: AccountId, name: &'static str) -> Folded<'_> {
        match (self.0.accounts.get(id), name) {
            (None, _) => Folded::default(),
            (Some(account), "kind") => Folded::of(account.kind.as_str()),
            (Some(account), "may") => Folded::of(&account.rights_words()),
            (Some(account), _) => Folded::of(&contexts(account, self.0)),
        }
    }

    fn cell(&self, id: AccountId, column: AccountColumn) -> Line<'static> {
        let Some(account) = self.0.accounts.get(id) else { return Line::default() };
        Line::raw(match column {
            AccountColumn::Name => account.name.to_string(),
            AccountColumn::Kind => account.kind.as_str().to_owned(),
            AccountColumn::Enabled => if account.enabled { "yes" } else { "no" }.to_owned(),
            AccountColumn::Password => if account.password.is_some() { "set" } else { "not set" }.to_owned(),
            AccountColumn::Sees => contexts(account, self.0),
            AccountColumn::May => count(account.rights.len(), "right"),
        })
    }

    fn sort_key(&self, id: AccountId, column: AccountColumn) -> SortKey<'_> {
        match (self.0.accounts.get(id), column) {
            (Some(account), AccountColumn::May) => SortKey::count(account.rights.len()),
            _ => SortKey::of_cell(&self.cell(id, column)),
        }
    }

    fn style(&self, id: AccountId) -> Style {
        let is_enabled = self.0.accounts.get(id).is_some_and(|account| account.enabled);
        if is_enabled { theme::PLAIN } else { theme::MUTED }
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no account yet, for the administrative interfaces; `a` adds one.", theme::MUTED)
    }
}

impl Accounts {
    pub(super) fn open(app: &App) -> Self {
        let mut table = TableView::new(&["kind", "may", "sees"]);
        table.look(&AccountRows(&app.configuration));
        Self { table }
    }

    fn chosen<'a>(&self, c: &'a Configuration) -> Option<&'a Account> {
        self.table.chosen().and_then(|id| c.accounts.get(id)).map(|account| &**account)
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        Transition::Push(Box::new(Form::open(AccountModel::new(app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.table.chosen().and_then(|id| AccountModel::of(id, app)) {
            Some(model) => Transition::Push(Box::new(Form::open(model, app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let Some(account) = self.chosen(&app.configuration) else { return Transition::Stay };
        let id = account.id;
        let removal = Removal {
            target: Target { kind: Kind::Account, id: id.number() },
            title: format!("Remove account {}?", account.name),
            text: always("Whoever uses it can no longer log in."),
            words: format!("account \"{}\" was removed", account.name),
        };
        removal.ask(app, move |c| c.remove_account(id))
    }

    fn switch(&mut self, app: &mut App) -> Transition {
        let Some(account) = self.chosen(&app.configuration) else { return Transition::Stay };
        set_enabled(account.id, !account.enabled, app)
    }

    /// All about the chosen one.
    fn foot(&self, width: u16, c: &Configuration) -> Option<Foot> {
        let account = self.chosen(c)?;
        let mut foot = Foot::new(account.name.as_str(), width);
        foot.say("may", &account.rights_words());
        foot.say("sees", &contexts(account, c));
        if account.enabled && account.password.is_none() {
            foot.say("!", "is enabled, but nobody can log in without a password");
        }
        Some(foot)
    }
}

/// `.` does the same to others.
fn set_enabled(id: AccountId, enabled: bool, app: &mut App) -> Transition {
    let Some(account) = app.configuration.accounts.get(id) else { return Transition::Stay };
    let (name, (done, verb)) =
        (account.name.clone(), if enabled { ("enabled", "enable") } else { ("disabled", "disable") });
    if account.enabled == enabled {
        app.remark(format!("nothing was changed: account \"{name}\" is {done} already"));
        return Transition::Stay;
    }
    let seen = app.expected_version(Target { kind: Kind::Account, id: id.number() });
    let again = Repeat::new(RowsOf::Objects(Kind::Account), format!("{verb} accounts"), move |ids, app| {
        ids.first().map_or(Transition::Stay, |id| set_enabled(AccountId::new(*id), enabled, app))
    });
    app.change_and_repeat(format!("account \"{name}\" was {done}"), seen, again, move |c| {
        c.accounts.edit(id, |account| account.enabled = enabled);
        Ok(())
    })
}

fn contexts(account: &Account, c: &Configuration) -> String {
    if account.contexts.is_empty() {
        return "all contexts".to_owned();
    }
    account.contexts.iter().map(|id| context_name(c, *id)).collect::<Vec<_>>().join(", ")
}

impl Screen for Accounts {
    fn title(&self, _app: &App) -> String {
        "accounts".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("there is no account");
        vec![
            Command::new([Action::Open, Action::Edit], "edit", "Edit rights, contexts and password", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Action::Add], "add", "Add an account", Self::add).edits(app),
            Command::new([Action::Remove], "remove", "Remove the account", Self::remove).blocked(none).edits(app),
            Command::new([Action::Switch], "on/off", "Enable the account, or disable it", Self::switch)
                .blocked(none)
                .edits(app),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::Account, self.table.chosen())
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.table.look(&AccountRows(&app.configuration));
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind == Kind::Account {
            self.table.choose(AccountId::new(target.id), &AccountRows(&app.configuration));
        }
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let (rows, below) = detail::above_foot(frame, area, FOOT_ROWS);
        self.table.draw(frame, rows, &AccountRows(c));
        if let Some(foot) = self.foot(area.width, c) {
            foot.draw(frame, below);
        }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.foot(width, &app.configuration).map(Detail::foot)
    }
}
