//! How the list of users looks: a row a user, and below what there is to say of the chosen one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::columns::{self, ContextsInUse, UserColumn, line_words};
use super::index::{Index, PASSWORDS, UserState};
use super::live::{Live, presence_of};
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::presence::Presence;
use crate::settings::rule::Severity;
use crate::settings::user::User;
use crate::tui::app::App;
use crate::tui::filter::Folded;
use crate::tui::last_logins::day_words;
use crate::tui::screens::login_obstacle::login_obstacle;
use crate::tui::services_on;
use crate::tui::table_view::TableRows;
use crate::tui::theme;
use crate::tui::widgets::columns::Candidate;
use crate::tui::widgets::heads::SortKey;
use crate::tui::widgets::list::cell;

/// Said of whoever has none, with its sign: that is a fault only where it takes something from them, as `check` has it.
pub(super) fn no_line_words(app: &App) -> (Style, String) {
    match app.separates_contexts() {
        true => (theme::WARNING, format!("{} no line: they see nobody", theme::sign(Severity::Warning))),
        false => (theme::MUTED, "no line".to_owned()),
    }
}

/// What a row is made of.
pub(super) struct UserRows<'a> {
    index: &'a Index,
    live: &'a Live,
    app: &'a App,
    /// Looked up once, not for each row.
    separates_contexts: bool,
}

impl<'a> UserRows<'a> {
    pub(super) fn new(index: &'a Index, live: &'a Live, app: &'a App) -> Self {
        Self { index, live, app, separates_contexts: app.separates_contexts() }
    }
}

impl TableRows for UserRows<'_> {
    type Id = UserId;
    type Column = UserColumn;

    const CELLS_ARE_SEARCHED: bool = false;

    /// By login, then those without one by name.
    fn ids(&self) -> Vec<UserId> {
        self.index.ids()
    }

    fn searched(&self, id: UserId) -> Folded<'_> {
        self.index.searched(id, self.live)
    }

    fn values(&self, name: &'static str) -> &'static [&'static str] {
        match name {
            "state" => UserState::ASKED_FOR,
            "service" => services_on::NAMES,
            "password" => PASSWORDS,
            _ => &[],
        }
    }

    fn field(&self, id: UserId, name: &'static str) -> Folded<'_> {
        Folded::of(&self.index.field(id, name, self.live))
    }

    fn cell(&self, id: UserId, column: UserColumn) -> Line<'static> {
        self.app.configuration.users.get(id).map_or_else(Line::default, |user| self.of_user(user, column))
    }

    fn sort_key(&self, id: UserId, column: UserColumn) -> SortKey<'_> {
        self.index.sort_key(id, column, self.live)
    }

    fn columns(&self, _ids: &[UserId]) -> Vec<Candidate<UserColumn>> {
        columns::candidates(self.index.widths(), self.live)
    }

    fn empty_words(&self) -> Line<'static> {
        Line::styled(" There is no user yet; `a` adds one, `i` imports a table.", theme::MUTED)
    }
}

impl UserRows<'_> {
    fn of_user(&self, user: &User, column: UserColumn) -> Line<'static> {
        let (c, login) = (&self.app.configuration, user.folded_login());
        let login = login.as_deref();
        let plain = |text: Option<String>| Line::raw(text.unwrap_or_default());
        match column {
            UserColumn::Login => Line::raw(user.shown_login()),
            UserColumn::Name => Line::raw(user.full_name()),
            UserColumn::LastName => Line::raw(user.last_name.to_string()),
            UserColumn::Profile => match user.profile.and_then(|profile| c.profiles.get(profile)) {
                Some(profile) => Line::raw(profile.name.to_string()),
                None if user.login.is_none() => Line::styled("none", theme::MUTED),
                None => Line::styled("! none", theme::WARNING),
            },
            UserColumn::Line => match self.index.lines_words(user.id) {
                Some(words) => Line::raw(words),
                None if self.separates_contexts => Line::styled(columns::NO_LINE, theme::WARNING),
                None => Line::styled("no line", theme::MUTED),
            },
            UserColumn::Agent => plain(self.index.agent(user.id).map(|agent| agent.number.to_string())),
            UserColumn::State => {
                let (style, state) = state(user, self.live);
                Line::styled(state, style)
            }
            UserColumn::Presence => presence_of_connected(user, self.live, c).unwrap_or_default(),
            UserColumn::Services => Line::raw(self.live.services(user)),
            UserColumn::Email => plain(user.email.as_ref().map(ToString::to_string)),
            UserColumn::Mobile => plain(user.mobile.as_ref().map(ToString::to_string)),
            UserColumn::Client => plain(login.and_then(|login| self.live.version(login)).map(str::to_owned)),
            UserColumn::LastLogin => {
                let day = login.and_then(|login| self.live.last_login(login));
                plain(day.map(|day| day_words(day, self.app.now)))
            }
        }
    }
}

/// The presence of whoever is connected, behind its dot.
pub(super) fn presence_of_connected(user: &User, live: &Live, c: &Configuration) -> Option<Line<'static>> {
    let login = user.folded_login()?;
    let name = live.presence(&login)?;
    Some(presence(name, presence_of(user, name, c)))
}

/// The name of a presence behind its dot.
fn presence(name: &str, known: Option<&Presence>) -> Line<'static> {
    let dot = known.map_or(Span::raw(" "), |presence| theme::dot(presence.color));
    let called = known.map_or_else(|| name.to_owned(), |presence| presence.display.to_string());
    Line::from(vec![dot, Span::raw(format!(" {called}"))])
}

/// Whether the user may log in, and whether they have.
pub(super) fn state(user: &User, live: &Live) -> (Style, String) {
    let state = UserState::of(user, live);
    let (style, sign) = match state {
        UserState::Connected => (theme::GOOD, "●"),
        UserState::Enabled => (theme::PLAIN, "○"),
        UserState::Disabled | UserState::NoLogin => (theme::MUTED, "✗"),
    };
    (style, format!("{sign} {}", state.as_str()))
}

/// What the row of the chosen one has no room for.
pub(super) fn draw_foot(
    frame: &mut Frame<'_>,
    area: Rect,
    chosen: Option<&std::sync::Arc<User>>,
    app: &App,
    index: &Index,
) {
    let c = &app.configuration;
    let width = usize::from(area.width);
    frame.buffer_mut().set_stringn(area.x, area.y, "─".repeat(width), width, theme::MUTED);
    let Some(user) = chosen else { return };
    let mut words = vec![user.full_name()];
    words.extend(user.email.as_ref().map(ToString::to_string));
    words.extend(user.mobile.as_ref().map(ToString::to_string));
    words.extend(index.main_line(user.id).map(|line| line_words(line, ContextsInUse::Several, c)));
    let mut warning = None;
    if index.main_line(user.id).is_none() {
        let (style, words) = no_line_words(app);
        warning = Some(Span::styled(words, style));
    } else if user.profile.is_none() && user.login.is_some() {
        let words = format!("{} no profile: cannot log in", theme::sign(Severity::Warning));
        warning = Some(Span::styled(words, theme::WARNING));
    } else if let Some(obstacle) = login_obstacle(user, &app.effective().general().auth) {
        let words = format!("{} {obstacle}: cannot log in", theme::sign(Severity::Warning));
        warning = Some(Span::styled(words, theme::WARNING));
    }
    // What is wrong is read whole, whatever else has room before it.
    let room = width.saturating_sub(warning.as_ref().map_or(1, |warning| warning.width() + 3));
    let who = cell(&words.join(", "), room);
    let mut spans = vec![Span::raw(format!(" {}  ", who.trim_end()))];
    spans.extend(warning);
    frame.buffer_mut().set_line(area.x, area.y + 1, &Line::from(spans), area.width);
}
