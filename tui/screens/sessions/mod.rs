//! Sessions: who is connected now, as the running server tells it every second; sorted, narrowed by typing, and ended,
//! one or all of a user.

mod end;
mod failed;
mod people;
mod row;

use std::borrow::Cow;
use std::collections::HashMap;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::control::Session;
use crate::settings::fold::fold;
use crate::settings::id::Id as _;
use crate::settings::table::Kind;
use crate::tui::app::{App, Detail, Rows, RowsOf, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::detail;
use crate::tui::filter::Filter;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::server::Server;
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::columns::{Candidate, share};
use crate::tui::widgets::heads::{Heads, Sorting};
use crate::tui::widgets::list::{List, MOVES};
use crate::tui::widgets::marks::Marking;

pub(super) use end::ask_to_end;
use people::People;
use row::SessionColumn;

/// Rows below the list: the chosen session in full.
const FOOT_ROWS: u16 = 4;

pub(super) struct Sessions {
    list: List<u64>,
    filter: Filter,
    heads: Heads<SessionColumn>,
    people: People,
    /// What the columns hold.
    columns: Vec<Candidate<SessionColumn>>,
}

/// What a filter may ask for by name.
const FIELDS: &[&str] = &["user", "context", "from", "client", "secured", "presence"];

impl Sessions {
    pub(super) fn open(app: &App) -> Self {
        let (filter, heads) = (Filter::new(FIELDS), Heads::by(SessionColumn::Login));
        let people = People::of(&app.configuration);
        let mut sessions =
            Self { list: List::default(), filter, heads, columns: row::candidates(app, &people), people };
        sessions.arrange(app);
        sessions
    }

    /// Those that are meant by the search, in order.
    fn arrange(&mut self, app: &App) {
        let (sort, people) = (self.heads.sort(), &self.people);
        let mut sessions: Vec<&Session> = app.sessions().iter().collect();
        sessions.sort_by_key(|session| session.session);
        let sessions = sort.arrange(sessions, |&session| sort.column().key(session, people));
        let by_id: HashMap<u64, &Session> = sessions.iter().map(|session| (session.session, *session)).collect();
        let asks = self.filter.asks();
        let text = |session: &Session| if asks { Cow::from(fold(&row::searched(session))) } else { Cow::default() };
        let rows = sessions.iter().map(|session| (session.session, text(session)));
        let field = |id, name| by_id.get(&id).map_or_else(String::new, |session| row::field(session, name, people));
        self.filter.narrow(&mut self.list, rows, field);
    }

    fn chosen<'a>(&self, app: &'a App) -> Option<&'a Session> {
        let id = self.list.chosen()?;
        app.sessions().iter().find(|session| session.session == id)
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    /// All that are marked, else the one under the cursor or all of its user.
    fn end(&mut self, app: &mut App) -> Transition {
        let marked = self.list.marked();
        if !marked.is_empty() {
            return ask_to_end(marked, "that are marked", app);
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
        let none = self.chosen(app).is_none().then_some("there is no session");
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new(
                [Key::char('d'), Key::DELETE, Key::char('b')],
                "end",
                "End the session, all of its user, or all that are marked; asks how",
                Self::end,
            )
            .blocked(none)
            .edits(app),
            Command::new([Key::ENTER], "user", "Go to the user", Self::user).blocked(none),
            Command::new(
                [Key::char('L')],
                "slowed down",
                "Show whose failed logins slow further ones down",
                Self::failed,
            ),
        ]
    }

    fn rows(&self) -> Option<Rows> {
        let ids = self.list.meant().into_iter().filter_map(|session| i64::try_from(session).ok()).collect();
        Some(Rows { of: RowsOf::Sessions, ids })
    }

    fn filter(&self) -> Option<&Filter> {
        Some(&self.filter)
    }

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        Some(&mut self.filter)
    }

    fn on_filter(&mut self, app: &mut App) {
        self.arrange(app);
    }

    fn on_update(&mut self, app: &mut App) {
        if !self.people.is_of(&app.configuration) {
            self.people = People::of(&app.configuration);
        }
        self.columns = row::candidates(app, &self.people);
        self.arrange(app);
    }

    fn heads(&self) -> Option<&dyn Sorting> {
        Some(&self.heads)
    }

    fn heads_mut(&mut self) -> Option<&mut dyn Sorting> {
        Some(&mut self.heads)
    }

    fn marks(&self) -> Option<&dyn Marking> {
        Some(&self.list)
    }

    fn marks_mut(&mut self) -> Option<&mut dyn Marking> {
        Some(&mut self.list)
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn detail(&self, width: u16, app: &App) -> Option<Detail> {
        self.chosen(app).map(|session| Detail::foot(row::in_full(session, width, &self.people, app)))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        if self.list.ids().is_empty() {
            let lines = nobody(app, self.filter.is_on());
            for (y, line) in (area.y + 1..area.bottom()).zip(lines) {
                frame.buffer_mut().set_line(area.x, y, &line, area.width);
            }
            return;
        }
        let columns = share(area.width, &self.columns);
        self.heads.draw(frame, Rect { height: 1, ..area }, 1, &columns);
        let foot_rows = detail::foot_rows(frame, FOOT_ROWS);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + foot_rows), ..area };
        let people = &self.people;
        self.list.draw(frame, rows, true, |id| {
            let session = app.sessions().iter().find(|session| session.session == id);
            session.map_or_else(Line::default, |session| row::line(session, &columns, people, app))
        });
        if let Some(session) = self.chosen(app).filter(|_| foot_rows > 0) {
            let foot = Rect { y: area.bottom() - foot_rows, height: foot_rows, ..area };
            row::draw_foot(frame, foot, session, &self.people, app);
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
        Server::Running(..) if is_narrowed => {
            (theme::MUTED, vec![" Nobody who is connected is meant by that; Esc shows all again.".to_owned()])
        }
        Server::Running(..) => (theme::MUTED, vec![" Nobody is connected.".to_owned()]),
    };
    lines.into_iter().map(|line| Line::styled(line, style)).collect()
}
