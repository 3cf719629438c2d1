//! Who uses a profile: all of them, whether they may log in or not, each one key away from their own screen.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::draft;
use crate::settings::auth_settings::AuthSettings;
use crate::settings::configuration::Configuration;
use crate::settings::fold::fold;
use crate::settings::id::{Id as _, ProfileId, UserId};
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Folded;
use crate::tui::key_table::Action;
use crate::tui::natural;
use crate::tui::screen::Screen;
use crate::tui::screens::login_obstacle::login_obstacle;
use crate::tui::screens::users;
use crate::tui::tab::Tab;
use crate::tui::table_view::{AnyTable, TableRows, TableView};
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, TableColumn};

pub(super) struct ProfileUsers {
    profile: ProfileId,
    table: TableView<UserId, ProfileUserColumn>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProfileUserColumn {
    Login,
    Name,
    MayLogIn,
}

impl TableColumn for ProfileUserColumn {
    const ALL: &'static [Self] = &[Self::Login, Self::Name, Self::MayLogIn];

    fn design(self) -> ColumnDesign {
        match self {
            Self::Login => ColumnDesign::new("login", 24),
            Self::Name => ColumnDesign::new("name", 30),
            Self::MayLogIn => ColumnDesign::new("may log in", 18),
        }
    }
}

struct ProfileUserRows<'a> {
    profile: ProfileId,
    c: &'a Configuration,
    auth: AuthSettings,
}

impl<'a> ProfileUserRows<'a> {
    fn of(profile: ProfileId, app: &'a App) -> Self {
        Self { profile, c: &app.configuration, auth: app.effective().general().auth }
    }
}

impl TableRows for ProfileUserRows<'_> {
    type Id = UserId;
    type Column = ProfileUserColumn;

    fn ids(&self) -> Vec<UserId> {
        let users = self.c.users.iter().filter(|user| user.profile == Some(self.profile));
        let mut users: Vec<(String, UserId)> = users.map(|user| (fold(&user.shown_login()), user.id)).collect();
        users.sort_by(|(one, _), (other, _)| natural::compare(one, other));
        users.into_iter().map(|(_, id)| id).collect()
    }

    fn searched(&self, id: UserId) -> Folded<'_> {
        let Some(user) = self.c.users.get(id) else { return Folded::default() };
        Folded::of(&format!("{} {}", user.shown_login(), user.full_name()))
    }

    fn cell(&self, id: UserId, column: ProfileUserColumn) -> Line<'static> {
        let Some(user) = self.c.users.get(id) else { return Line::default() };
        Line::raw(match column {
            ProfileUserColumn::Login => user.shown_login(),
            ProfileUserColumn::Name => user.full_name(),
            ProfileUserColumn::MayLogIn => match (&user.login, user.enabled) {
                (None, _) => "no, without a login",
                (Some(_), false) => "no, disabled",
                (Some(_), true) => match login_obstacle(user, &self.auth) {
                    Some(obstacle) => return Line::raw(format!("no, {obstacle}")),
                    None => "yes",
                },
            }
            .to_owned(),
        })
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" Nobody has this profile; it can be removed.", theme::MUTED)
    }
}

impl ProfileUsers {
    pub(super) fn open(profile: ProfileId, app: &App) -> Self {
        let mut table = TableView::new(&[]);
        table.look(&ProfileUserRows::of(profile, app));
        Self { profile, table }
    }

    fn enter(&mut self, _app: &mut App) -> Transition {
        let target = |id: UserId| Target { kind: Kind::User, id: id.number() };
        self.table.chosen().map_or(Transition::Stay, |id| Transition::Go(Tab::Users, Some(target(id))))
    }
}

impl Screen for ProfileUsers {
    fn title(&self, app: &App) -> String {
        let name = app.configuration.profiles.get(self.profile).map(|profile| profile.name.to_string());
        format!("who uses {}", name.unwrap_or_else(|| draft::target(self.profile).id.to_string()))
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("no user has this profile");
        vec![Command::new([Action::Open], "go to the user", "Show the user in Users", Self::enter).blocked(none)]
    }

    fn rows(&self) -> Option<Rows> {
        Rows::chosen(Kind::User, self.table.chosen())
    }

    fn object(&self) -> Option<Target> {
        Some(Target { kind: Kind::Profile, id: self.profile.number() })
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_update(&mut self, app: &mut App) {
        self.table.look(&ProfileUserRows::of(self.profile, app));
    }

    fn list_width(&self, width: u16) -> u16 {
        detail::list_width_beside_page(width)
    }

    fn detail(&self, _width: u16, app: &App) -> Option<Detail> {
        self.table.chosen().map(|id| Detail::screen(users::page_of(id, app)))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        self.table.draw(frame, area, &ProfileUserRows::of(self.profile, app));
    }
}
