//! Users: all of them with a search that narrows at each key, one user's page with their lines, the forms for both,
//! changes to all that match, and the import of XiVO's table of users (settings §1.5, §8).

mod bulk;
mod columns;
pub(super) mod form;
mod import;
mod index;
mod live;
mod page;
mod removal;
mod services;
mod table;
mod user_lines;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::settings::id::{Id as _, LineId, UserId};
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::tui::app::{App, Detail, DynScreen, Rows, RowsOf, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::form::Form;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::table_view::{AnyTable, TableView};

use bulk::MeantUsers;
use bulk::made_password_key;
pub(super) use bulk::{disable, enable, make_password, remove, reopened};
use columns::UserColumn;
use form::UserModel;
use index::Index;
use live::Live;
use page::Page;
pub(super) use services::switch_off;
use table::UserRows;

/// The list of users.
pub(super) struct Users {
    index: Index,
    live: Live,
    table: TableView<UserId, UserColumn>,
}

/// Rows below the list: what the row of the chosen one has no room for.
const FOOT_ROWS: u16 = 2;

/// What a filter may ask for by name.
const FIELDS: &[&str] = &[
    "profile", "state", "context", "line", "agent", "presence", "service", "box", "email", "mobile", "name", "login",
    "password",
];

/// The form of a new one.
pub(super) fn add(app: &App) -> Transition {
    Transition::Push(Box::new(Form::open(UserModel::new(app), app)))
}

/// The form of that one; nothing where there is no such user.
pub(super) fn edit(id: UserId, app: &App) -> Transition {
    let model = UserModel::of(id, app);
    model.map_or(Transition::Stay, |model| Transition::Push(Box::new(Form::open(model, app))))
}

/// All that is known of one user: what stands beside a list that has them in its rows, too.
pub(super) fn page_of(id: UserId, app: &App) -> Box<dyn DynScreen> {
    Box::new(Page::open(id, app))
}

impl Users {
    pub(super) fn open(app: &App) -> Self {
        let table = TableView::new(FIELDS).sorted_by(UserColumn::Login).marked();
        let mut users = Self { index: Index::new(&app.configuration), live: Live::of(app), table };
        users.look(app);
        users
    }

    fn look(&mut self, app: &App) {
        self.table.look(&UserRows::new(&self.index, &self.live, app));
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.table.chosen() {
            Some(id) => Transition::Push(Box::new(Page::open(id, app))),
            None => Transition::Stay,
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        self.table.await_new(app.own_changes());
        add(app)
    }

    /// One, or what can be done to several.
    fn edit(&mut self, app: &mut App) -> Transition {
        match self.table.list().meant().as_slice() {
            [] => Transition::Stay,
            [one] => edit(*one, app),
            _ => self.change(app),
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        MeantUsers::of(self.table.list(), app).map_or(Transition::Stay, |meant| meant.remove(app))
    }

    fn change(&mut self, app: &mut App) -> Transition {
        let meant = MeantUsers::of(self.table.list(), app);
        meant.map_or(Transition::Stay, |meant| Transition::Push(Box::new(meant.question(app))))
    }

    fn switch(&mut self, app: &mut App) -> Transition {
        MeantUsers::of(self.table.list(), app).map_or(Transition::Stay, |meant| bulk::switch(meant, app))
    }

    fn import(&mut self, app: &mut App) -> Transition {
        Transition::Push(Box::new(import::File::ask(app)))
    }
}

/// The question which file is imported, as it was when the line was cut.
pub(super) fn reopened_import(app: &App) -> Box<dyn DynScreen> {
    Box::new(import::File::ask(app))
}

/// How often a user is connected.
fn sessions_of(user: &User, app: &App) -> usize {
    app.sessions().iter().filter(|session| user.has_login(&session.user)).count()
}

impl Screen for Users {
    fn title(&self, _app: &App) -> String {
        "users".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("there is no user");
        let no_marked = self.table.obstacle_for_marked("there is no user");
        vec![
            Command::new([Action::Open], "open", "Show the user with all lines", Self::enter).blocked(none),
            Command::new([Action::Add], "add", "Add a user", Self::add).edits(app),
            Command::new(
                [Action::Edit],
                "edit",
                "Edit the user; of several that are marked, what bulk does",
                Self::edit,
            )
            .blocked(no_marked)
            .edits(app),
            Command::new(
                [Action::Remove],
                "remove",
                "Remove the user with all lines, or all that are marked",
                Self::remove,
            )
            .blocked(no_marked)
            .edits(app),
            Command::new(
                [Action::Bulk],
                "bulk",
                "Change all that are marked, else the user: profile, context, passwords and more",
                Self::change,
            )
            .blocked(no_marked)
            .edits(app),
            Command::new(
                [Action::Switch],
                "on/off",
                "Enable or disable the user, or all that are marked",
                Self::switch,
            )
            .blocked(no_marked)
            .edits(app)
            .quiet(),
            Command::new([Action::Import], "import", "Import XiVO's table of users", Self::import)
                .blocked(app.file_obstacle()),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        let ids = self.table.list().meant().into_iter().map(|user| user.number()).collect();
        Some(Rows::meant(RowsOf::Objects(Kind::User), ids))
    }

    fn mark(&mut self, rows: &Rows, app: &mut App) {
        let ids: Vec<UserId> = rows.ids.iter().copied().map(UserId::new).collect();
        self.table.mark(&ids, &UserRows::new(&self.index, &self.live, app));
        app.remark("b changes all that are marked; Esc forgets the marks");
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_filter(&mut self, app: &mut App) {
        if !self.index.is_of(&app.configuration) {
            return Screen::on_update(self, app);
        }
        self.table.narrow(&UserRows::new(&self.index, &self.live, app));
    }

    fn on_update(&mut self, app: &mut App) {
        self.live = Live::of(app);
        if !self.index.is_of(&app.configuration) {
            self.index = Index::new(&app.configuration);
        }
        self.look(app);
    }

    fn on_sort(&mut self, app: &mut App) {
        self.look(app);
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        let line = LineId::new(target.id);
        let user = match target.kind {
            Kind::User => Some(UserId::new(target.id)),
            Kind::Line => app.configuration.lines.get(line).map(|line| line.user),
            _ => None,
        };
        let Some(user) = user else { return Transition::Stay };
        self.table.choose(user, &UserRows::new(&self.index, &self.live, app));
        Transition::Push(Box::new(match target.kind {
            Kind::Line => Page::of_line(user, line, app),
            _ => Page::open(user, app),
        }))
    }

    fn list_width(&self, width: u16) -> u16 {
        detail::list_width_beside_page(width)
    }

    fn detail(&self, _width: u16, app: &App) -> Option<Detail> {
        self.table.chosen().map(|id| Detail::screen(page_of(id, app)))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let (rows, below) = detail::above_foot(frame, area, FOOT_ROWS);
        self.table.draw(frame, rows, &UserRows::new(&self.index, &self.live, app));
        let c = &app.configuration;
        let chosen = self.table.chosen().and_then(|id| c.users.get(id));
        if below.height > 0 {
            table::draw_foot(frame, below, chosen, app, &self.index);
        }
    }
}
