//! How a filter looks: a row above its list with what was typed, how many are found, and what to do where none is.

use ratatui::Frame;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr as _;

use super::query::Query;
use super::{Filter, State};
use crate::settings::rule::Severity;
use crate::tui::theme;
use crate::tui::widgets::text_line::Echo;

impl Filter {
    /// `12/129`, for the head of the place; `12/129+` while there are more rows than were read.
    pub(in crate::tui) fn count_words(&self) -> String {
        let more = if self.has_more { "+" } else { "" };
        match self.is_on() {
            true => format!("{}/{}{more}", self.found, self.all),
            false => format!("{}{more}", self.all),
        }
    }

    /// Draws it at the top of the area, while there is one; what is left for the screen.
    pub(in crate::tui) fn draw(&self, frame: &mut Frame<'_>, area: Rect) -> Rect {
        let line = match &self.state {
            State::Off => return area,
            State::Open(line) | State::Kept(line) => line,
        };
        let aside = self.aside();
        let width = u16::try_from(aside.width()).unwrap_or(0).min(area.width.saturating_sub(20));
        let x = area.right().saturating_sub(width + 1);
        let style = if self.found == 0 && !self.has_more { theme::WARNING } else { theme::MUTED };
        frame.buffer_mut().set_stringn(x, area.y, &aside, usize::from(width), style);
        frame.buffer_mut().set_stringn(area.x + 1, area.y, "/", 1, theme::KEY);
        let field = Rect { x: area.x + 3, width: x.saturating_sub(area.x + 4), height: 1, ..area };
        line.draw(frame, field, Echo::Text, self.is_open());
        Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
    }

    /// What is said beside it: how to go on.
    fn aside(&self) -> String {
        if self.found == 0 && self.has_more {
            return "nothing yet; older ones are read".to_owned();
        }
        let unknown = || Query::unknown_field(self.text(), self.fields);
        if self.found == 0
            && self.all > 0
            && let Some(name) = unknown().filter(|_| !self.fields.is_empty())
        {
            let known = self.fields.join(":, ");
            return format!("{} no field {name}: here; {known}:", theme::sign(Severity::Warning));
        }
        if self.found == 0 && self.all > 0 {
            return format!("{} nothing found; Esc shows all", theme::sign(Severity::Warning));
        }
        match self.text().is_empty() && !self.fields.is_empty() {
            true => format!("words, !word, {}:", self.fields.join(":, ")),
            false => String::new(),
        }
    }
}
