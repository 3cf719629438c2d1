//! How a filter looks: a row above its list with what was typed, and below it what can be typed, or what to do where nothing
//! is found.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::complete::LastPiece;
use super::query::Query;
use super::{Filter, State};
use crate::settings::rule::Severity;
use crate::tui::frame::{first_rows, wrapped};
use crate::tui::theme;
use crate::tui::widgets::text_line::Echo;

/// Rows of what is said below it.
const ASIDE_ROWS: usize = 3;

impl Filter {
    /// `12/129`, for the head of the place; `12/129+` while there are more rows than were read.
    pub(in crate::tui) fn count_words(&self) -> String {
        let more = if self.has_more { "+" } else { "" };
        match self.is_on() {
            true => format!("{}/{}{more}", self.found, self.all),
            false => format!("{}{more}", self.all),
        }
    }

    /// Draws it at the top of the area, while there is one, with what there is to say of it below; what is left for the
    /// screen.
    pub(in crate::tui) fn draw(&self, frame: &mut Frame<'_>, area: Rect, marked: usize) -> Rect {
        let line = match &self.state {
            State::Off => return area,
            State::Open(line) | State::Kept(line) => line,
        };
        frame.buffer_mut().set_stringn(area.x + 1, area.y, "/", 1, theme::KEY);
        let field = Rect { x: area.x + 3, width: area.width.saturating_sub(4), height: 1, ..area };
        line.draw(frame, field, Echo::Text, self.is_open());
        let style = if self.found == 0 && !self.has_more { theme::WARNING } else { theme::MUTED };
        let lines = self.aside_lines(usize::from(area.width).saturating_sub(4), marked);
        let mut y = area.y + 1;
        for words in lines.into_iter().filter(|words| !words.is_empty()) {
            if y < area.bottom() {
                frame.buffer_mut().set_stringn(area.x + 3, y, words, usize::from(area.width.saturating_sub(3)), style);
                y += 1;
            }
        }
        Rect { y, height: area.bottom().saturating_sub(y), ..area }
    }

    /// What is said below it, in so many columns.
    fn aside_lines(&self, width: usize, marked: usize) -> Vec<String> {
        first_rows(wrapped(&self.aside(marked), width), ASIDE_ROWS, width)
    }

    /// How to go on; Esc forgets marks before it shows all.
    fn aside(&self, marked: usize) -> String {
        let warning = theme::sign(Severity::Warning);
        let fields = || self.fields.join(":, ");
        if self.found == 0 && self.has_more {
            return "nothing yet; older ones are read".to_owned();
        }
        if self.found == 0 && self.all > 0 {
            return match (Query::unknown_field(self.text(), self.fields), self.misfit()) {
                (Some(name), _) if self.fields.is_empty() => {
                    format!("{warning} no field {name}: here, nor any other; words alone are looked for")
                }
                (Some(name), _) => format!("{warning} no field {name}: here; {}:", fields()),
                (None, Some(known)) => format!("{warning} nothing found; {}: {}", known.name, known.words()),
                (None, None) if marked > 0 && !self.is_open() => {
                    format!("{warning} nothing found; Esc unmarks, Esc again shows all")
                }
                (None, None) => format!("{warning} nothing found; Esc shows all"),
            };
        }
        if let State::Open(line) = &self.state
            && line.is_chosen()
        {
            return "what you type replaces this; → goes on with it".to_owned();
        }
        if !self.is_open() || self.fields.is_empty() {
            return String::new();
        }
        let asked = LastPiece::of(self.text()).field();
        match asked.and_then(|(name, _)| self.known(&name)) {
            Some(known) => format!("{}: {}", known.name, known.words()),
            None => format!("words, a|b, !word, {}: (Tab completes, F1 tells more)", fields()),
        }
    }
}
