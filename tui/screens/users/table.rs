//! How the list of users looks: its head, a row a user, and below what there is to say of the chosen one.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Connected;
use super::index::{Index, UserState};
use super::widths::{Longest, line_words};
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::rule::Severity;
use crate::settings::user::User;
use crate::tui::theme;
use crate::tui::widgets::columns::fit;
use crate::tui::widgets::list::cell;

/// Said of whoever has none.
pub(super) const NO_LINE: &str = "no line: isolated when contexts are separated";

/// The widths of the columns.
struct UserColumns {
    login: usize,
    name: usize,
    profile: usize,
    line: usize,
    agent: usize,
}

/// Columns of the state, which comes last, and of the blank before the first.
const STATE_WIDTH: u16 = 12;

impl UserColumns {
    fn of(width: u16, longest: Longest) -> Self {
        let [login, name, profile, line, agent] = fit(width.saturating_sub(STATE_WIDTH), longest);
        Self { login, name, profile, line, agent }
    }
}

pub(super) fn draw_head(frame: &mut Frame<'_>, area: Rect, index: &Index) {
    let columns = UserColumns::of(area.width, index.longest());
    let head = format!(
        " {}{}{}{}{}state",
        cell("login", columns.login),
        cell("name", columns.name),
        cell("profile", columns.profile),
        cell("main line", columns.line),
        cell("agent", columns.agent),
    );
    frame.buffer_mut().set_stringn(area.x, area.y, head, usize::from(area.width), theme::TITLE);
}

pub(super) fn row(id: UserId, c: &Configuration, index: &Index, connected: &Connected, width: u16) -> Line<'static> {
    let Some(user) = c.users.get(id) else { return Line::raw("") };
    let columns = UserColumns::of(width, index.longest());
    let (line_style, line) = match index.main_line(id) {
        Some(line) => (theme::PLAIN, line_words(line, c)),
        None => (theme::WARNING, "! no line".to_owned()),
    };
    let (profile_style, profile) = match user.profile.and_then(|profile| c.profiles.get(profile)) {
        Some(profile) => (theme::PLAIN, profile.name.to_string()),
        None if user.login.is_none() => (theme::MUTED, "none".to_owned()),
        None => (theme::WARNING, "! none".to_owned()),
    };
    let agent = index.agent(id).map_or_else(String::new, |agent| agent.number.to_string());
    let (state_style, state) = state(user, connected);
    Line::from(vec![
        Span::raw(format!(" {}{}", cell(&user.shown_login(), columns.login), cell(&user.full_name(), columns.name))),
        Span::styled(cell(&profile, columns.profile), profile_style),
        Span::styled(cell(&line, columns.line), line_style),
        Span::raw(cell(&agent, columns.agent)),
        Span::styled(state, state_style),
    ])
}

/// Whether the user may log in, and whether they have.
pub(super) fn state(user: &User, connected: &Connected) -> (Style, String) {
    let state = UserState::of(user, connected);
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
    c: &Configuration,
    index: &Index,
) {
    let width = usize::from(area.width);
    frame.buffer_mut().set_stringn(area.x, area.y, "─".repeat(width), width, theme::MUTED);
    let Some(user) = chosen else { return };
    let mut words = vec![user.full_name()];
    words.extend(user.email.as_ref().map(ToString::to_string));
    words.extend(user.mobile.as_ref().map(ToString::to_string));
    words.extend(index.main_line(user.id).map(|line| line_words(line, c)));
    let mut spans = vec![Span::raw(format!(" {}  ", words.join(", ")))];
    if index.main_line(user.id).is_none() {
        spans.push(Span::styled(format!("{} {NO_LINE}", theme::sign(Severity::Warning)), theme::WARNING));
    } else if user.profile.is_none() && user.login.is_some() {
        let words = format!("{} no profile: cannot log in", theme::sign(Severity::Warning));
        spans.push(Span::styled(words, theme::WARNING));
    }
    frame.buffer_mut().set_line(area.x, area.y + 1, &Line::from(spans), area.width);
}
