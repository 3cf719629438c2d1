//! Users: all of them with a search that narrows at each key, one user's page with their lines, the forms for both,
//! changes to all that match, and the import of XiVO's table of users (settings §1.5, §8).

mod bulk;
mod form;
mod import;
mod index;
mod page;
mod removal;
mod table;
mod widths;

use std::collections::HashMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::settings::id::{Id as _, LineId, UserId};
use crate::settings::table::Kind;
use crate::settings::user::User;
use crate::tui::app::{App, DynScreen, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::filter::Filter;
use crate::tui::form::Form;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::widgets::list::{List, MOVES};

use form::UserModel;
use index::Index;
use page::Page;

/// The list of users.
pub(super) struct Users {
    index: Index,
    /// Those that match.
    list: List<UserId>,
    filter: Filter,
    connected: Connected,
}

/// The folded login of whoever is connected, with the name of their presence.
type Connected = HashMap<String, String>;

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["profile", "state", "context", "line", "agent", "presence"];

/// All that is known of one user.
fn page_of(id: UserId, app: &App) -> Box<dyn DynScreen> {
    Box::new(Page::open(id, app))
}

impl Users {
    pub(super) fn open(app: &App) -> Self {
        let (index, filter) = (Index::new(&app.configuration), Filter::new(FIELDS));
        let mut users = Self { index, list: List::default(), filter, connected: connected(app) };
        users.narrow();
        users
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn narrow(&mut self) {
        let (index, connected) = (&self.index, &self.connected);
        let field = |id, name| index.field(id, name, connected);
        self.filter.narrow(&mut self.list, index.rows(), field);
    }

    fn enter(&mut self, app: &mut App) -> Transition {
        match self.list.chosen() {
            Some(id) => Transition::Push(Box::new(Page::open(id, app))),
            None => Transition::Stay,
        }
    }

    fn add(&mut self, app: &mut App) -> Transition {
        Transition::Push(Box::new(Form::open(UserModel::new(app), app)))
    }

    fn edit(&mut self, app: &mut App) -> Transition {
        match self.list.chosen().and_then(|id| UserModel::of(id, app)) {
            Some(model) => Transition::Push(Box::new(Form::open(model, app))),
            None => Transition::Stay,
        }
    }

    fn remove(&mut self, app: &mut App) -> Transition {
        let user = self.list.chosen().and_then(|id| app.configuration.users.get(id));
        user.map_or(Transition::Stay, |user| Transition::Push(Box::new(removal::question(user, app))))
    }

    fn all(&mut self, _app: &mut App) -> Transition {
        let matching = bulk::Matching::new(self.list.ids().to_vec(), self.filter.text());
        Transition::Push(Box::new(matching.question()))
    }

    fn import(&mut self, _app: &mut App) -> Transition {
        Transition::Push(Box::new(import::File::ask()))
    }
}

/// How often a user is connected.
fn sessions_of(user: &User, app: &App) -> usize {
    app.sessions().iter().filter(|session| user.has_login(&session.user)).count()
}

fn connected(app: &App) -> Connected {
    app.sessions().iter().map(|session| (session.user.to_lowercase(), session.presence.clone())).collect()
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
            Command::new([Key::char('d'), Key::DELETE], "remove", "Remove the user with all lines", Self::remove)
                .blocked(none)
                .edits(app),
            Command::new(
                [Key::char('b')],
                "all",
                "Give all that are shown a profile, enable or disable them",
                Self::all,
            )
            .blocked(none)
            .edits(app),
            Command::new([Key::char('i')], "import", "Import the table of users of XiVO", Self::import)
                .blocked(app.file_obstacle()),
        ]
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_filter(&mut self, _app: &App) {
        self.narrow();
    }

    fn on_update(&mut self, app: &mut App) {
        self.connected = connected(app);
        if !self.index.is_of(&app.configuration) {
            self.index = Index::new(&app.configuration);
        }
        self.narrow();
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

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let rows = Rect { y: area.y + 1, height: area.height - 3, ..area };
        table::draw_head(frame, Rect { height: 1, ..area }, &self.index);
        let (index, connected, c) = (&self.index, &self.connected, &app.configuration);
        self.list.draw(frame, rows, true, |id| table::row(id, c, index, connected, area.width));
        let chosen = self.list.chosen().and_then(|id| c.users.get(id));
        table::draw_foot(frame, Rect { y: area.bottom() - 2, height: 2, ..area }, chosen, c, index);
    }
}
