//! Accounts of the administrative interfaces, of people and of other programs: the list with what each may do and see, and
//! the form. No desktop client logs in with an account.

pub(super) mod form;

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::settings::account::Account;
use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{AccountId, Id as _};
use crate::settings::label::context_name;
use crate::settings::rule::count;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Target, Transition};
use crate::tui::ask::{Removal, always};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::list::{List, MOVES, cell};

use form::AccountModel;

const FOOT_ROWS: u16 = 6;

pub(super) struct Accounts {
    list: List<AccountId>,
    filter: Filter,
}

impl Accounts {
    pub(super) fn open(app: &App) -> Self {
        let mut accounts = Self { list: List::default(), filter: Filter::new(&["kind", "may", "sees"]) };
        accounts.look(app);
        accounts
    }

    fn look(&mut self, app: &App) {
        let c = &app.configuration;
        let rows = c.accounts.iter().map(|account| (account.id, Cow::from(fold(account.name.as_str()))));
        let field = |id, name| match (c.accounts.get(id), name) {
            (None, _) => String::new(),
            (Some(account), "kind") => account.kind.as_str().to_owned(),
            (Some(account), "may") => rights(account),
            (Some(account), _) => contexts(account, c),
        };
        self.filter.narrow(&mut self.list, rows, field);
    }

    /// The cursor on that one, whatever was looked for.
    fn choose(&mut self, account: AccountId, app: &App) {
        if !self.list.choose(account) {
            self.filter.clear();
            self.look(app);
            self.list.choose(account);
        }
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn chosen<'a>(&self, c: &'a Configuration) -> Option<&'a Account> {
        self.list.chosen().and_then(|id| c.accounts.get(id)).map(|account| &**account)
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.list.await_new();
        Transition::Push(Box::new(Form::open(AccountModel::new(app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.list.chosen().and_then(|id| AccountModel::of(id, app)) {
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
            text: always("Whoever uses it gets in no more."),
            words: format!("account \"{}\" was removed", account.name),
        };
        removal.ask(app, move |c| c.remove_account(id))
    }

    fn switch(&mut self, app: &mut App) -> Transition {
        let Some(account) = self.chosen(&app.configuration) else { return Transition::Stay };
        let (id, name, enabled) = (account.id, account.name.clone(), !account.enabled);
        let seen = app.expected_version(Target { kind: Kind::Account, id: id.number() });
        let words = format!("account \"{name}\" was {}", if enabled { "enabled" } else { "disabled" });
        app.change_and_tell(words, seen, move |c| {
            c.accounts.edit(id, |account| account.enabled = enabled);
            Ok(())
        })
    }

    /// All about the chosen one.
    fn foot(&self, width: u16, c: &Configuration) -> Option<Foot> {
        let account = self.chosen(c)?;
        let mut foot = Foot::new(account.name.as_str(), width);
        foot.say("may", &rights(account));
        foot.say("sees", &contexts(account, c));
        if account.enabled && account.password.is_none() {
            foot.say("!", "is enabled, but nobody gets in without a password");
        }
        Some(foot)
    }
}

fn rights(account: &Account) -> String {
    account.rights.iter().map(|right| right.as_str()).collect::<Vec<_>>().join(", ")
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
        let none = self.list.chosen().is_none().then_some("there is no account");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER, Key::char('e')], "edit", "Edit rights, contexts and password", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('a')], "add", "Add an account", Self::add).edits(app),
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the account", Self::remove)
                .blocked(none)
                .edits(app),
            Command::new([Key::char('x')], "on/off", "Enable the account, or disable it", Self::switch)
                .blocked(none)
                .edits(app),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_update(&mut self, app: &mut App) {
        self.look(app);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        if target.kind == Kind::Account {
            self.choose(AccountId::new(target.id), app);
        }
        Transition::Stay
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let c = &app.configuration;
        let words = c.accounts.iter().map(|account| (account.name.as_str(), contexts(account, c)));
        let [name, sight] = fit(
            area.width.saturating_sub(1 + 8 + 8 + 9 + 8),
            [
                Column::new(22, "account").holding(words.clone().map(|(name, _)| name)),
                Column::new(22, "sees").holding(words.map(|(_, sight)| sight)),
            ],
        );
        let head = format!(
            " {}{}{}{}{}may",
            cell("account", name),
            cell("kind", 7),
            cell("enabled", 7),
            cell("password", 8),
            cell("sees", sight)
        );
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::HEAD);
        if c.accounts.is_empty() {
            let words = " There is no account; the administrative interfaces are nobody's.";
            frame.buffer_mut().set_stringn(area.x, area.y + 2, words, usize::from(area.width), theme::MUTED);
        }
        let foot_rows = detail::foot_rows(frame, FOOT_ROWS);
        let rows = area.height.saturating_sub(1 + foot_rows);
        self.list.draw(frame, Rect { y: area.y + 1, height: rows, ..area }, true, |id| {
            let Some(account) = c.accounts.get(id) else { return Line::default() };
            let row = format!(
                " {}{}{}{}{}{}",
                cell(account.name.as_str(), name),
                cell(account.kind.as_str(), 7),
                cell(if account.enabled { "yes" } else { "no" }, 7),
                cell(if account.password.is_some() { "set" } else { "not set" }, 8),
                cell(&contexts(account, c), sight),
                count(account.rights.len(), "right")
            );
            Line::styled(row, if account.enabled { theme::PLAIN } else { theme::MUTED })
        });
        if let Some(foot) = self.foot(area.width, c) {
            foot.draw(frame, Rect { y: area.y + 1 + rows, height: foot_rows, ..area });
        }
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.foot(width, &app.configuration).map(Detail::foot)
    }
}
