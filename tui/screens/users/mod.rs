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
mod table;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::settings::id::{Id as _, LineId, UserId};
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::tui::app::{App, Detail, DynScreen, Rows, RowsOf, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::widgets::columns::share;
use crate::tui::widgets::heads::{Heads, Sorting};
use crate::tui::widgets::list::{List, MOVES};
use crate::tui::widgets::marks::Marking;

use bulk::MeantUsers;
pub(super) use bulk::{disable, enable};
use columns::UserColumn;
use form::UserModel;
use index::Index;
use live::Live;
use page::Page;
use table::UserRows;

/// The list of users.
pub(super) struct Users {
    index: Index,
    /// Those that match.
    list: List<UserId>,
    filter: Filter,
    heads: Heads<UserColumn>,
    live: Live,
}

/// Rows below the list: what the row of the chosen one has no room for.
const FOOT_ROWS: u16 = 2;

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["profile", "state", "context", "line", "agent", "presence"];

/// The form of a new one.
pub(super) fn add(app: &App) -> Transition {
    Transition::Push(Box::new(Form::open(UserModel::new(app), app)))
}

/// All that is known of one user.
fn page_of(id: UserId, app: &App) -> Box<dyn DynScreen> {
    Box::new(Page::open(id, app))
}

impl Users {
    pub(super) fn open(app: &App) -> Self {
        let (index, filter, heads) =
            (Index::new(&app.configuration), Filter::new(FIELDS), Heads::by(UserColumn::Login));
        let mut users = Self { index, list: List::default(), filter, heads, live: Live::of(app) };
        users.sort();
        users
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn narrow(&mut self) {
        let (index, live) = (&self.index, &self.live);
        let field = |id, name| index.field(id, name, live);
        self.filter.narrow(&mut self.list, index.rows(), field);
    }

    fn sort(&mut self) {
        self.index.sort(self.heads.sort(), &self.live);
        self.narrow();
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(Page::open(id, app))),
            None => Transition::Stay,
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        add(app)
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.list.chosen().and_then(|id| UserModel::of(id, app)) {
            Some(model) => Transition::Push(Box::new(Form::open(model, app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        MeantUsers::of(&self.list, app).map_or(Transition::Stay, |meant| meant.remove(app))
    }

    fn change(&mut self, app: &mut App) -> Transition {
        let meant = MeantUsers::of(&self.list, app);
        meant.map_or(Transition::Stay, |meant| Transition::Push(Box::new(meant.question(app))))
    }

    fn switch(&mut self, app: &mut App) -> Transition {
        MeantUsers::of(&self.list, app).map_or(Transition::Stay, |meant| bulk::switch(meant, app))
    }

    fn import(&mut self, _app: &mut App) -> Transition {
        Transition::Push(Box::new(import::File::ask()))
    }
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
        let none = self.list.chosen().is_none().then_some("there is no user");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Key::ENTER], "open", "Show the user with all lines", Self::enter).blocked(none),
            Command::new([Key::char('a')], "add", "Add a user", Self::add).edits(app),
            Command::new([Key::char('e')], "edit", "Edit names, login, password, profile and agent", Self::edit)
                .blocked(none)
                .edits(app),
            Command::new(
                [Key::char('d'), Key::DELETE],
                "remove",
                "Remove the user with all lines, or all that are marked",
                Self::remove,
            )
            .blocked(none)
            .edits(app),
            Command::new(
                [Key::char('b')],
                "bulk",
                "Change all that are marked, else the user: profile, context, passwords and more",
                Self::change,
            )
            .blocked(none)
            .edits(app),
            Command::new(
                [Key::char('x')],
                "on/off",
                "Enable or disable the user, or all that are marked",
                Self::switch,
            )
            .blocked(none)
            .edits(app)
            .quiet(),
            Command::new([Key::char('i')], "import", "Import XiVO's table of users", Self::import)
                .blocked(app.file_obstacle()),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        let ids = self.list.meant().into_iter().map(|user| user.number()).collect();
        Some(Rows { of: RowsOf::Objects(Kind::User), ids })
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_filter(&mut self, _app: &mut App) {
        self.narrow();
    }

    fn on_update(&mut self, app: &mut App) {
        self.live = Live::of(app);
        let is_known = self.index.is_of(&app.configuration);
        if !is_known {
            self.index = Index::new(&app.configuration);
        }
        match is_known && !self.heads.sort().column().is_live() {
            true => self.narrow(),
            false => self.sort(),
        }
    }

    fn heads(&self) -> Option<&dyn Sorting> {
        Some(&self.heads)
    }

    fn heads_mut(&mut self) -> Option<&mut dyn Sorting> {
        Some(&mut self.heads)
    }

    fn on_sort(&mut self, _app: &mut App) {
        self.sort();
    }

    fn marks(&self) -> Option<&dyn Marking> {
        Some(&self.list)
    }

    fn marks_mut(&mut self) -> Option<&mut dyn Marking> {
        Some(&mut self.list)
    }

    fn reveal(&mut self, target: Target, app: &mut App) -> Transition {
        let line = LineId::new(target.id);
        let user = match target.kind {
            Kind::User => Some(UserId::new(target.id)),
            Kind::Line => app.configuration.lines.get(line).map(|line| line.user),
            _ => None,
        };
        let Some(user) = user else { return Transition::Stay };
        if !self.list.choose(user) {
            self.filter.clear();
            self.narrow();
            self.list.choose(user);
        }
        Transition::Push(Box::new(match target.kind {
            Kind::Line => Page::of_line(user, line, app),
            _ => Page::open(user, app),
        }))
    }

    fn clicked(&mut self, at: Position, app: &mut App) -> Transition {
        if self.list.clicked(at) { self.enter(app) } else { Transition::Stay }
    }

    fn detail(&self, _width: u16, app: &App) -> Option<Detail> {
        self.list.chosen().map(|id| Detail::screen(page_of(id, app)))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let foot_rows = detail::foot_rows(frame, FOOT_ROWS);
        let rows = Rect { y: area.y + 1, height: area.height - 1 - foot_rows, ..area };
        let columns = share(area.width, &columns::candidates(self.index.widths(), &self.live));
        self.heads.draw(frame, Rect { height: 1, ..area }, 1, &columns);
        let (index, c) = (&self.index, &app.configuration);
        let table = UserRows { index, live: &self.live, app };
        self.list.draw(frame, rows, true, |id| table.row(id, &columns));
        let chosen = self.list.chosen().and_then(|id| c.users.get(id));
        let foot = Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area };
        if foot_rows > 0 {
            table::draw_foot(frame, foot, chosen, c, index);
        }
    }
}
