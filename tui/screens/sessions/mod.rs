//! Sessions: who is connected now, as the running server tells it every second; sorted, narrowed by typing, and ended,
//! one or all of a user.

mod end;
mod failed;
mod forget;
mod people;
mod row;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::control::Session;
use crate::settings::id::Id as _;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, RowsOf, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::key_table::Action;
use crate::tui::screen::Screen;
use crate::tui::server::Server;
use crate::tui::tab::Tab;
use crate::tui::table_view::{AnyTable, TableView};
use crate::tui::theme;

pub(super) use end::{EndedSessions, ask_to_end};
pub(super) use forget::ask_to_forget;
use people::People;
use row::{SessionColumn, SessionRows};

/// Rows below the list: the chosen session in full.
const FOOT_ROWS: u16 = 4;

pub(super) struct Sessions {
    table: TableView<u64, SessionColumn>,
    people: People,
}

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["user", "context", "from", "client", "secured", "presence"];

impl Sessions {
    pub(super) fn open(app: &App) -> Self {
        let people = People::of(&app.configuration);
        let mut table = TableView::new(FIELDS).sorted_by(SessionColumn::Login).marked();
        table.look(&SessionRows::of(&people, app));
        Self { table, people }
    }

    fn chosen<'a>(&self, app: &'a App) -> Option<&'a Session> {
        let id = self.table.chosen()?;
        app.sessions().iter().find(|session| session.session == id)
    }

    /// All that are marked, else the one under the cursor or all of its user.
    fn end(&mut self, app: &mut App) -> Transition {
        let marked = self.table.list().marked();
        if !marked.is_empty() {
            return ask_to_end(marked, EndedSessions::Marked, app);
        }
        match self.chosen(app) {
            Some(session) => Transition::Push(Box::new(end::question(session, app))),
            None => Transition::Stay,
        }
    }

    fn user(&mut self, app: &mut App) -> Transition {
        let Some(session) = self.chosen(app) else { return Transition::Stay };
        match app.configuration.users.find(|user| user.has_login(&session.user)) {
            Some(user) => Transition::Go(Tab::Users, Some(Target { kind: Kind::User, id: user.id.number() })),
            None => {
                let words = format!("user \"{}\" is not in the database any more", session.user);
                app.warn(words);
                Transition::Stay
            }
        }
    }

    fn failed(&mut self, app: &mut App) -> Transition {
        failed::ask(app)
    }
}

/// Asks how to end the session of this login, as its key does; of several the first that the server named.
pub(super) fn end_of(login: &str, app: &mut App) -> Transition {
    match app.sessions().iter().find(|session| session.user == login) {
        Some(session) => Transition::Push(Box::new(end::question(session, app))),
        None => {
            app.warn(format!("\"{login}\" is not connected any more"));
            Transition::Stay
        }
    }
}

impl Screen for Sessions {
    fn title(&self, _app: &App) -> String {
        "sessions".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        let none = self.table.obstacle("there is no session");
        let no_marked = self.table.obstacle_for_marked("there is no session");
        vec![
            Command::new(
                [Action::Remove, Action::Bulk],
                "end",
                "End the session, all of its user, or all that are marked; asks how",
                Self::end,
            )
            .blocked(no_marked)
            .edits(app),
            Command::new([Action::Open], "user", "Go to the user", Self::user).blocked(none),
            Command::new(
                [Action::SlowedLogins],
                "failed logins",
                "Show whose logins are slowed down after failures",
                Self::failed,
            ),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        let ids = self.table.list().meant().into_iter().filter_map(|session| i64::try_from(session).ok()).collect();
        Some(Rows::meant(RowsOf::Sessions, ids))
    }

    fn table(&self) -> Option<&dyn AnyTable> {
        Some(&self.table)
    }

    fn table_mut(&mut self) -> Option<&mut dyn AnyTable> {
        Some(&mut self.table)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.table.narrow(&SessionRows::of(&self.people, app));
    }

    fn on_update(&mut self, app: &mut App) {
        if !self.people.is_of(&app.configuration) {
            self.people = People::of(&app.configuration);
        }
        self.table.look(&SessionRows::of(&self.people, app));
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.chosen(app).map(|session| Detail::foot(row::in_full(session, width, &self.people, app)))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        if self.table.list().ids().is_empty() {
            let lines = nobody(app, self.table.filter().is_on());
            for (y, line) in (area.y + 1..area.bottom()).zip(lines) {
                frame.buffer_mut().set_line(area.x, y, &line, area.width);
            }
            return;
        }
        let (rows, below) = detail::above_foot(frame, area, FOOT_ROWS);
        self.table.draw(frame, rows, &SessionRows::of(&self.people, app));
        if let Some(session) = self.chosen(app).filter(|_| below.height > 0) {
            row::draw_foot(frame, below, session, &self.people, app);
        }
    }
}

/// Why the list is empty.
fn nobody(app: &App, is_narrowed: bool) -> Vec<Line<'static>> {
    let (style, lines): (_, Vec<String>) = match &app.server {
        Server::NotAskedYet => (theme::MUTED, vec![" … the server is being asked".to_owned()]),
        Server::NotRunning => (
            theme::WARNING,
            vec![
                " ○ The server is not running, so nobody is connected.".to_owned(),
                "   `systemctl start ctibox` starts the service; `ctibox serve` runs one here.".to_owned(),
            ],
        ),
        Server::Silent(why) => (theme::ERROR, vec![format!(" ✗ The server does not answer: {why}")]),
        Server::Running(..) if is_narrowed => (theme::MUTED, vec![" No session matches; Esc shows all.".to_owned()]),
        Server::Running(..) => (theme::MUTED, vec![" Nobody is connected.".to_owned()]),
    };
    lines.into_iter().map(|line| Line::styled(line, style)).collect()
}
