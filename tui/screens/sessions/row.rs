//! How a session is told: its columns, what they are sorted by, what a search looks into, and all of it at the foot.

use std::collections::HashMap;

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
use crate::tui::filter::Folded;
use crate::tui::frame::wrapped;
use crate::tui::screens::overview::encryption;
use crate::tui::table_view::TableRows;
use crate::tui::theme;
use crate::tui::widgets::columns::{ColumnDesign, Need, TableColumn};
use crate::tui::widgets::dots::DOT;
use crate::tui::widgets::foot::Foot;
use crate::tui::widgets::heads::SortKey;

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

    fn design(self) -> ColumnDesign {
        match self {
            Self::Login => ColumnDesign::new("login", 11),
            Self::Name => ColumnDesign::new("name", 15),
            Self::From => ColumnDesign::new("from", 15).need(Need::ByDesign(1)),
            Self::Client => ColumnDesign::new("client", 6).need(Need::ByDesign(5)),
            Self::Secured => ColumnDesign::new("secured", 7).need(Need::ByDesign(4)),
            Self::Since => ColumnDesign::new("since", 6).need(Need::ByDesign(3)),
            Self::Presence => ColumnDesign::new("presence", 13).need(Need::ByDesign(2)),
            Self::Line => ColumnDesign::new("main line", 14).need(Need::WithRoom(1)),
            Self::Profile => ColumnDesign::new("profile", 12).need(Need::WithRoom(2)),
            Self::Email => ColumnDesign::new("e-mail", 24).need(Need::WithRoom(3)),
        }
    }
}

impl SessionColumn {
    /// What a session is sorted by.
    fn key<'a>(self, session: &'a Session, people: &'a People) -> SortKey<'a> {
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

/// The sessions as their table has them.
pub(super) struct SessionRows<'a> {
    by_id: HashMap<u64, &'a Session>,
    people: &'a People,
    app: &'a App,
}

impl<'a> SessionRows<'a> {
    pub(super) fn of(people: &'a People, app: &'a App) -> Self {
        Self { by_id: app.sessions().iter().map(|session| (session.session, session)).collect(), people, app }
    }
}

impl TableRows for SessionRows<'_> {
    type Id = u64;
    type Column = SessionColumn;

    const CELLS_ARE_SEARCHED: bool = false;

    /// Those that came first.
    fn ids(&self) -> Vec<u64> {
        let mut ids: Vec<u64> = self.by_id.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    fn searched(&self, id: u64) -> Folded<'_> {
        let Some(session) = self.by_id.get(&id) else { return Folded::default() };
        let Session { user, name, address, version, .. } = session;
        let presence = format!("{} {}", session.presence, presence(session, self.people).1);
        let person = self.people.of_session(session);
        let [line, profile] =
            [SessionColumn::Line, SessionColumn::Profile].map(|column| column.text(session, self.people, self.app));
        let email = person.and_then(|person| person.user.email.as_ref()).map_or("", |email| email.as_str());
        let secured = encryption(session);
        Folded::of_parts(&[user, name, address, version, &secured, &presence, &line, &profile, email])
    }

    fn field(&self, id: u64, name: &'static str) -> Folded<'_> {
        let Some(session) = self.by_id.get(&id) else { return Folded::default() };
        match name {
            "user" => Folded::of(&format!("{}, {}", session.user, session.name)),
            "context" => {
                let person = self.people.of_session(session);
                person.map_or_else(Folded::default, |person| Folded::of(&person.context))
            }
            "from" => Folded::of(&session.address),
            "client" => Folded::of(&session.version),
            "secured" => Folded::of(&encryption(session)),
            "presence" => Folded::of(&format!("{}, {}", session.presence, presence(session, self.people).1)),
            _ => Folded::default(),
        }
    }

    fn cell(&self, id: u64, column: SessionColumn) -> Line<'static> {
        let Some(session) = self.by_id.get(&id) else { return Line::default() };
        if column == SessionColumn::Presence
            && let (Some(color), called) = presence(session, self.people)
        {
            return Line::from(vec![theme::dot(color), Span::raw(format!(" {called}"))]);
        }
        Line::raw(column.text(session, self.people, self.app))
    }

    fn sort_key(&self, id: u64, column: SessionColumn) -> SortKey<'_> {
        self.by_id.get(&id).map_or(SortKey::Nothing, |session| column.key(session, self.people))
    }
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
    match people.presence(session) {
        Some(presence) => foot.say_with_dots("presence", &presence_words(presence), [presence.color]),
        None => foot.say("presence", &session.presence),
    }
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
    format!("{DOT} {} ({}) {}", presence.display, presence.name, presence.color)
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
