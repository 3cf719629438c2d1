//! How a session is told: its row, the order of the rows, what a search looks into, and all of it at the foot.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::control::Session;
use crate::settings::fold::fold;
use crate::settings::presence::Presence;
use crate::tui::app::App;
use crate::tui::capabilities::Colors;
use crate::tui::clock::{moment, span};
use crate::tui::frame::wrapped;
use crate::tui::screens::overview::encryption;
use crate::tui::theme;
use crate::tui::widgets::list::cell;

/// What the rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Login,
    Name,
    From,
    Version,
    Encryption,
    /// The longest first.
    Since,
    Presence,
}

const ORDERS: [Order; 7] =
    [Order::Login, Order::Name, Order::From, Order::Version, Order::Encryption, Order::Since, Order::Presence];

impl Order {
    pub(super) fn next(self) -> Self {
        ORDERS[(self as usize + 1) % ORDERS.len()]
    }

    /// The head of its column.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Name => "name",
            Self::From => "from",
            Self::Version => "client",
            Self::Encryption => "secured",
            Self::Since => "since",
            Self::Presence => "presence",
        }
    }

    pub(super) fn key(self, session: &Session) -> (String, i64) {
        match self {
            Self::Login => (fold(&session.user), 0),
            Self::Name => (fold(&session.name), 0),
            Self::From => (session.address.clone(), 0),
            Self::Version => (session.version.clone(), 0),
            Self::Encryption => (encryption(session), 0),
            Self::Since => (String::new(), session.since as i64),
            Self::Presence => (session.presence.clone(), 0),
        }
    }
}

/// What a search looks into.
pub(super) fn searched(session: &Session) -> String {
    let Session { user, name, address, version, presence, .. } = session;
    format!("{user} {name} {address} {version} {} {presence}", encryption(session))
}

/// What a filter asks for by name.
pub(super) fn field(session: &Session, name: &str, app: &App) -> String {
    match name {
        "user" => format!("{} {}", session.user, session.name),
        "from" => session.address.clone(),
        "client" => session.version.clone(),
        "secured" => encryption(session),
        "presence" => {
            let display = presence_of(session, app).map(|presence| presence.display.to_string());
            format!("{} {}", session.presence, display.unwrap_or_default())
        }
        _ => String::new(),
    }
}

/// Columns of the table, as wide as the terminal lets them be.
pub(super) struct SessionColumns {
    widths: [usize; 6],
}

impl SessionColumns {
    pub(super) fn of(width: u16) -> Self {
        // What is over the design size goes to name and address, which want it.
        let over = usize::from(width).saturating_sub(80);
        let address = over.min(30);
        let rest = (over - address).min(30);
        Self { widths: [11 + rest / 3, 15 + rest - rest / 3, 15 + address, 6, 7, 6] }
    }

    pub(super) fn head(&self, order: Order) -> String {
        let mut head = " ".to_owned();
        for (place, known) in ORDERS.iter().enumerate() {
            let sign = if *known == order { "▾" } else { "" };
            head.push_str(&cell(&format!("{}{sign}", known.words()), self.widths.get(place).copied().unwrap_or(10)));
        }
        head
    }

    pub(super) fn row(&self, session: &Session, app: &App) -> Line<'static> {
        let since = span(session.since as i64, app.now);
        let encrypted = encryption(session);
        let cells = [&session.user, &session.name, &session.address, &session.version, &encrypted, &since];
        let text: String = cells.into_iter().zip(self.widths).map(|(text, width)| cell(text, width)).collect();
        let presence = presence_of(session, app);
        let swatch = presence.map_or(theme::MUTED, |presence| theme::swatch(presence.color));
        let called = presence.map_or_else(|| session.presence.clone(), |presence| presence.display.to_string());
        let told = match (app.colors, presence) {
            // A patch of colour says nothing there.
            (Colors::None, Some(presence)) => vec![Span::raw(format!("{called} {}", presence.color))],
            _ => vec![Span::styled("█ ", swatch), Span::raw(called)],
        };
        Line::from([vec![Span::raw(format!(" {text}"))], told].concat())
    }
}

/// The presence of the user's own group, if both are still there.
fn presence_of<'a>(session: &Session, app: &'a App) -> Option<&'a Presence> {
    let configuration = &app.configuration;
    let user = configuration.users.find(|user| user.has_login(&session.user))?;
    let profile = configuration.profiles.get(user.profile?)?;
    let is_his =
        |presence: &Presence| presence.group == profile.presence_group && presence.name.as_str() == session.presence;
    configuration.presences.find(is_his).map(|presence| &**presence)
}

/// A rule, and the session in full.
pub(super) fn draw_foot(frame: &mut Frame<'_>, area: Rect, session: &Session, app: &App) {
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
        presence_of(session, app)
            .map_or_else(|| session.presence.clone(), |presence| format!("{} {}", presence.name, presence.color))
    );
    for (y, line) in (area.y + 1..area.bottom()).zip(wrapped(&words, width.saturating_sub(2))) {
        frame.buffer_mut().set_stringn(area.x + 1, y, line, width - 1, theme::PLAIN);
    }
}
