//! Sessions: who is connected now, as the running server tells it every second; sorted, narrowed by typing, and ended,
//! one or all of a user.

mod end;
mod failed;
mod row;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use crate::control::Session;
use crate::settings::fold::fold;
use crate::settings::id::Id as _;
use crate::settings::table::Kind;
use crate::tui::app::{App, Target, Transition};
use crate::tui::commands::Command;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::server::Server;
use crate::tui::tab::Tab;
use crate::tui::theme;
use crate::tui::widgets::list::{List, MOVES};
use crate::tui::widgets::text_line::{Echo, TextLine};

use row::{Order, SessionColumns};

/// Rows below the list: the chosen session in full.
const FOOT_ROWS: u16 = 4;

pub(super) struct Sessions {
    list: List<u64>,
    order: Order,
    needle: TextLine,
    typing: Typing,
}

/// Whether keys go into the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Typing {
    Off,
    On,
}

impl Sessions {
    pub(super) fn open() -> Self {
        Self { list: List::default(), order: Order::Login, needle: TextLine::default(), typing: Typing::Off }
    }

    /// Those that are meant by the search, in order.
    fn arrange(&mut self, app: &App) {
        let needle = fold(self.needle.text());
        let words: Vec<&str> = needle.split_whitespace().collect();
        let is_meant = |session: &&Session| {
            let text = fold(&row::searched(session));
            words.iter().all(|word| text.contains(word))
        };
        let mut meant: Vec<&Session> = app.sessions().iter().filter(is_meant).collect();
        meant.sort_by_cached_key(|session| (self.order.key(session), session.session));
        self.list.set(meant.iter().map(|session| session.session).collect());
    }

    fn chosen<'a>(&self, app: &'a App) -> Option<&'a Session> {
        let id = self.list.chosen()?;
        app.sessions().iter().find(|session| session.session == id)
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn end(&mut self, app: &mut App) -> Transition {
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

    fn sort(&mut self, app: &mut App) -> Transition {
        self.order = self.order.next();
        self.arrange(app);
        app.remark(format!("sorted by {}", self.order.words()));
        Transition::Stay
    }

    fn failed(&mut self, app: &mut App) -> Transition {
        failed::ask(app)
    }

    fn search(&mut self, _app: &mut App) -> Transition {
        self.typing = Typing::On;
        Transition::Stay
    }

    fn done(&mut self, _app: &mut App) -> Transition {
        self.typing = Typing::Off;
        Transition::Stay
    }

    fn show_all(&mut self, app: &mut App) -> Transition {
        self.typing = Typing::Off;
        self.needle = TextLine::default();
        self.arrange(app);
        Transition::Stay
    }

    /// The row of the search, while there is one.
    fn draw_search(&self, frame: &mut Frame<'_>, area: Rect) {
        const WORDS: &str = " / ";
        frame.buffer_mut().set_string(area.x, area.y, WORDS, theme::KEY);
        let width = 3;
        let field = Rect { x: area.x + width, width: area.width.saturating_sub(width), ..area };
        self.needle.draw(frame, field, Echo::Text, self.typing == Typing::On);
    }
}

impl Screen for Sessions {
    fn title(&self, _app: &App) -> String {
        "sessions".to_owned()
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        if self.typing == Typing::On {
            let moves: Vec<Key> = MOVES.into_iter().filter(|key| key.typed().is_none()).collect();
            return vec![
                Command::keyed(moves, "move", "Move the cursor", Self::moved),
                Command::new([Key::ENTER], "keep", "Keep the list narrowed", Self::done),
                Command::new([Key::ESC], "show all", "Show all again", Self::show_all),
            ];
        }
        let none = self.chosen(app).is_none().then_some("there is no session");
        let mut commands = vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new(
                [Key::char('d'), Key::DELETE],
                "end",
                "End the session, or all of its user; asks how",
                Self::end,
            )
            .blocked(none)
            .edits(app),
            Command::new([Key::ENTER], "user", "Go to the user", Self::user).blocked(none),
            Command::new([Key::char('s')], "sort", "Sort by another column", Self::sort),
            Command::new([Key::char('t')], "throttle", "Show whose failed logins slow further ones down", Self::failed),
            Command::new([Key::char('/')], "search", "Narrow the list while typing", Self::search),
        ];
        if !self.needle.text().is_empty() {
            commands.push(Command::new([Key::ESC], "show all", "Show all again", Self::show_all));
        }
        commands
    }

    fn takes_text(&self) -> bool {
        self.typing == Typing::On
    }

    fn typed(&mut self, key: Key, app: &mut App) -> Transition {
        if self.needle.press(key) {
            self.arrange(app);
        }
        Transition::Stay
    }

    fn pasted(&mut self, text: &str, app: &mut App) {
        if self.typing == Typing::On {
            self.needle.paste(text);
            self.arrange(app);
        }
    }

    fn on_update(&mut self, app: &mut App) {
        self.arrange(app);
    }

    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        self.list.clicked(at);
        Transition::Stay
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, app: &App) {
        let mut area = area;
        if self.typing == Typing::On || !self.needle.text().is_empty() {
            self.draw_search(frame, area);
            area = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        }
        if self.list.ids().is_empty() {
            let lines = nobody(app, !self.needle.text().is_empty());
            for (y, line) in (area.y + 1..area.bottom()).zip(lines) {
                frame.buffer_mut().set_line(area.x, y, &line, area.width);
            }
            return;
        }
        let columns = SessionColumns::of(area.width);
        let head = columns.head(self.order);
        frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(1 + FOOT_ROWS), ..area };
        self.list.draw(frame, rows, true, |id| {
            let session = app.sessions().iter().find(|session| session.session == id);
            session.map_or_else(Line::default, |session| columns.row(session, app))
        });
        if let Some(session) = self.chosen(app) {
            let foot = Rect { y: area.bottom() - FOOT_ROWS, height: FOOT_ROWS, ..area };
            row::draw_foot(frame, foot, session, app);
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
