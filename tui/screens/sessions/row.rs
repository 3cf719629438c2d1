//! How a session is told: its columns, what they are sorted by, what a search looks into, and all of it at the foot.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::people::People;
use crate::control::Session;
use crate::settings::color::Color;
use crate::settings::label::context_name;
use crate::settings::presence::Presence;
use crate::settings::rule::count;
use crate::tui::app::App;
use crate::tui::clock::{moment, span};
use crate::tui::frame::wrapped;
use crate::tui::screens::overview::encryption;
use crate::tui::theme;
use crate::tui::widgets::columns::{Candidate, Column, Need};
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::{SortKey, TableColumn, row};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SessionColumn {
    Login,
    Name,
    From,
    Client,
    Secured,
    Since,
    Presence,
    Line,
    Profile,
    Email,
}

impl TableColumn for SessionColumn {
    const ALL: &'static [Self] = &[
        Self::Login,
        Self::Name,
        Self::From,
        Self::Client,
        Self::Secured,
        Self::Since,
        Self::Presence,
        Self::Line,
        Self::Profile,
        Self::Email,
    ];

    fn head(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Name => "name",
            Self::From => "from",
            Self::Client => "client",
            Self::Secured => "secured",
            Self::Since => "since",
            Self::Presence => "presence",
            Self::Line => "main line",
            Self::Profile => "profile",
            Self::Email => "e-mail",
        }
    }
}

impl SessionColumn {
    /// What it has at the design size, and how soon it goes below that.
    fn design(self) -> (usize, Need) {
        match self {
            Self::Login => (11, Need::Always),
            Self::Name => (15, Need::Always),
            Self::From => (15, Need::ByDesign(1)),
            Self::Client => (6, Need::ByDesign(5)),
            Self::Secured => (7, Need::ByDesign(4)),
            Self::Since => (6, Need::ByDesign(3)),
            Self::Presence => (13, Need::ByDesign(2)),
            Self::Line => (14, Need::WithRoom(1)),
            Self::Profile => (12, Need::WithRoom(2)),
            Self::Email => (24, Need::WithRoom(3)),
        }
    }

    /// What a session is sorted by.
    pub(super) fn key<'a>(self, session: &'a Session, people: &'a People) -> SortKey<'a> {
        let person = people.of_session(session);
        match self {
            Self::Login => SortKey::of(&session.user),
            Self::Name => SortKey::of(&session.name),
            Self::From => SortKey::folded(session.address.as_str()),
            Self::Client => SortKey::folded(session.version.as_str()),
            Self::Secured => SortKey::of(&encryption(session)),
            // The longest first.
            Self::Since => SortKey::Number(session.since as i64),
            Self::Presence => SortKey::folded(session.presence.as_str()),
            Self::Line => SortKey::folded(person.map_or("", |person| person.extension.as_str())),
            Self::Profile => SortKey::of(person.map_or("", |person| person.profile.as_str())),
            Self::Email => {
                SortKey::of(person.and_then(|person| person.user.email.as_ref()).map_or("", |email| email.as_str()))
            }
        }
    }

    fn text(self, session: &Session, people: &People, app: &App) -> String {
        let person = people.of_session(session);
        match self {
            Self::Login => session.user.clone(),
            Self::Name => session.name.clone(),
            Self::From => session.address.clone(),
            Self::Client => session.version.clone(),
            Self::Secured => encryption(session),
            Self::Since => span(session.since as i64, app.now),
            Self::Presence => {
                let (color, called) = presence(session, people);
                if color.is_some() { format!("● {called}") } else { called }
            }
            Self::Line => person
                .filter(|person| !person.extension.is_empty())
                .map_or_else(String::new, |person| format!("{}@{}", person.extension, person.context)),
            Self::Profile => person.map_or_else(String::new, |person| person.profile.clone()),
            Self::Email => {
                let email = person.and_then(|person| person.user.email.as_ref());
                email.map_or_else(String::new, ToString::to_string)
            }
        }
    }
}

/// What a search looks into.
pub(super) fn searched(session: &Session) -> String {
    let Session { user, name, address, version, presence, .. } = session;
    format!("{user} {name} {address} {version} {} {presence}", encryption(session))
}

/// What a filter asks for by name.
pub(super) fn field(session: &Session, name: &str, people: &People) -> String {
    match name {
        "user" => format!("{} {}", session.user, session.name),
        "context" => people.of_session(session).map_or_else(String::new, |person| person.context.clone()),
        "from" => session.address.clone(),
        "client" => session.version.clone(),
        "secured" => encryption(session),
        "presence" => format!("{} {}", session.presence, presence(session, people).1),
        _ => String::new(),
    }
}

/// Sessions by which the columns get their widths: a second has other uses than to look over ten thousand.
const LOOKED_OVER: usize = 500;

/// What the columns hold: looked over with each word of the server.
pub(super) fn candidates(app: &App, people: &People) -> Vec<Candidate<SessionColumn>> {
    let candidate = |column: &SessionColumn| {
        let (design, need) = column.design();
        let sessions = app.sessions().iter().take(LOOKED_OVER);
        let texts: Vec<String> = sessions.map(|session| column.text(session, people, app)).collect();
        let says_nothing = texts.iter().all(String::is_empty);
        let width = Column::sortable(design, column.head()).holding(texts);
        Candidate { column: *column, width, need: if says_nothing { Need::Never } else { need } }
    };
    SessionColumn::ALL.iter().map(candidate).collect()
}

pub(super) fn line(session: &Session, columns: &[(SessionColumn, usize)], people: &People, app: &App) -> Line<'static> {
    row(" ", columns, |column| {
        let text = column.text(session, people, app);
        match (column, text.strip_prefix("● ")) {
            (SessionColumn::Presence, Some(called)) => {
                let dot = presence(session, people).0.map_or(Span::raw(" "), theme::dot);
                Line::from(vec![dot, Span::raw(format!(" {called}"))])
            }
            _ => Line::raw(text),
        }
    })
}

/// The colour, if it is known, and what people call it.
fn presence(session: &Session, people: &People) -> (Option<Color>, String) {
    match people.presence(session) {
        Some(presence) => (Some(presence.color), presence.display.to_string()),
        None => (None, session.presence.clone()),
    }
}

/// All about one, to stand beside the list.
pub(super) fn in_full(session: &Session, width: u16, people: &People, app: &App) -> Foot {
    let c = &app.configuration;
    let mut foot = Foot::new(&format!("{} ({})", session.user, session.name), width);
    foot.say("session", &session.session.to_string());
    foot.say("from", &session.address);
    foot.say("client", &session.version);
    foot.say("secured", &encryption(session));
    foot.say("since", &format!("{} ({})", moment(session.since as i64, app.now), span(session.since as i64, app.now)));
    foot.say("presence", &people.presence(session).map_or_else(|| session.presence.clone(), presence_words));
    let Some(person) = people.of_session(session) else {
        foot.say("!", "the user is not in the database any more");
        return foot;
    };
    let user = &person.user;
    foot.say("profile", if person.profile.is_empty() { "none" } else { &person.profile });
    let lines = c.lines_of(user.id).into_iter();
    let lines: Vec<String> =
        lines.map(|line| format!("{}@{}", line.extension, context_name(c, line.context))).collect();
    foot.say("lines", &if lines.is_empty() { "none".to_owned() } else { lines.join(", ") });
    let agent = c.agents.find(|agent| agent.user == Some(user.id));
    if let Some(agent) = agent {
        foot.say("agent", agent.number.as_str());
    }
    let own = app.sessions().iter().filter(|other| user.has_login(&other.user)).count();
    if own > 1 {
        foot.say("also", &format!("{} of the same user", count(own - 1, "session")));
    }
    foot
}

fn presence_words(presence: &Presence) -> String {
    format!("{} ({}) {}", presence.display, presence.name, presence.color)
}

/// A rule, and the session in full.
pub(super) fn draw_foot(frame: &mut Frame<'_>, area: Rect, session: &Session, people: &People, app: &App) {
    let width = usize::from(area.width);
    frame.buffer_mut().set_stringn(area.x, area.y, "─".repeat(width), width, theme::MUTED);
    let words = format!(
        "{} ({}), session {}, from {}, client version {}, {}, since {}, presence {}",
        session.user,
        session.name,
        session.session,
        session.address,
        session.version,
        encryption(session),
        moment(session.since as i64, app.now),
        people
            .presence(session)
            .map_or_else(|| session.presence.clone(), |presence| format!("{} ({})", presence.name, presence.display))
    );
    for (y, line) in (area.y + 1..area.bottom()).zip(wrapped(&words, width.saturating_sub(2))) {
        frame.buffer_mut().set_stringn(area.x + 1, y, line, width - 1, theme::PLAIN);
    }
}
