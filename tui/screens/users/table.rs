//! How the list of users looks: its search line, head, a row a user, and below what there is to say of the chosen one.

use std::collections::HashSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr as _;

use super::index::Index;
use super::widths::{Longest, line_words};
use super::{Search, Users};
use crate::settings::configuration::Configuration;
use crate::settings::id::UserId;
use crate::settings::rule::{Severity, count};
use crate::settings::user::User;
use crate::tui::theme;
use crate::tui::widgets::columns::fit;
use crate::tui::widgets::list::cell;
use crate::tui::widgets::text_line::Echo;

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

impl Users {
    pub(super) fn draw_search(&self, frame: &mut Frame<'_>, area: Rect) {
        let shown = match self.search {
            Search::None => count(self.index.len(), "user"),
            _ => format!("{} of {}", self.list.ids().len(), count(self.index.len(), "user")),
        };
        let width = u16::try_from(shown.width()).unwrap_or(0);
        let x = area.right().saturating_sub(width + 1);
        frame.buffer_mut().set_stringn(x, area.y, &shown, usize::from(width), theme::MUTED);
        let field = Rect { x: area.x + 3, width: x.saturating_sub(area.x + 4), ..area };
        match &self.search {
            Search::None => {
                let words = "/ looks for a name, login, e-mail address or number";
                frame.buffer_mut().set_stringn(area.x + 1, area.y, words, usize::from(field.width), theme::MUTED);
            }
            Search::Open(line) => {
                frame.buffer_mut().set_stringn(area.x + 1, area.y, "/", 1, theme::KEY);
                line.draw(frame, field, Echo::Text, true);
            }
            Search::Kept(line) => {
                frame.buffer_mut().set_stringn(area.x + 1, area.y, "/", 1, theme::KEY);
                line.draw(frame, field, Echo::Text, false);
            }
        }
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

pub(super) fn row(
    id: UserId,
    c: &Configuration,
    index: &Index,
    connected: &HashSet<String>,
    width: u16,
) -> Line<'static> {
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
pub(super) fn state(user: &User, connected: &HashSet<String>) -> (Style, &'static str) {
    let Some(login) = user.folded_login() else { return (theme::MUTED, "✗ no login") };
    match (user.enabled, connected.contains(&login)) {
        (false, _) => (theme::MUTED, "✗ disabled"),
        (true, true) => (theme::GOOD, "● connected"),
        (true, false) => (theme::PLAIN, "○ enabled"),
    }
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
