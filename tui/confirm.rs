//! The question before a change that could hurt: what it does, counted, and counted again while it is asked. Above a hundred
//! the number itself is typed, so that no habit of the fingers does it. Where there is no room for all, what is counted stays
//! and what is listed scrolls. Stands over a form or on the stack.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::app::App;
use super::consequence::{Consequence, grouped};
use super::frame::wrapped;
use super::keys::Key;
use super::theme;
use super::widgets::key_areas::KeyAreas;
use super::widgets::scrolled_text::ScrolledText;
use super::widgets::text_line::{Echo, TextLine};

/// Above so many, their number is typed instead of a letter.
pub(super) const TYPED_ABOVE: usize = 100;

/// What `n` does.
const NO: &str = "change nothing";

/// Columns of its text, where there are so many.
pub(super) const WIDTH: u16 = 66;

pub(super) struct Confirm {
    title: String,
    /// What `y` does: `disable them`.
    choice: String,
    consequence: Consequence,
    typed: TextLine,
    list: ScrolledText,
}

/// What a key decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Open,
    Yes,
    No,
}

impl Confirm {
    pub(super) fn new(title: impl Into<String>, choice: impl Into<String>, consequence: Consequence) -> Self {
        Self {
            title: title.into(),
            choice: choice.into(),
            consequence,
            typed: TextLine::default(),
            list: ScrolledText::default(),
        }
    }

    /// Whether some of it has no room.
    pub(super) fn is_longer(&self) -> bool {
        self.list.is_longer()
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// Others may have changed something, users may have come and gone.
    pub(super) fn recount(&mut self, consequence: Consequence) {
        self.consequence = consequence;
    }

    fn is_typed(&self) -> bool {
        self.consequence.number > TYPED_ABOVE
    }

    pub(super) fn press(&mut self, key: Key, app: &mut App) -> Verdict {
        match key {
            key if key == Key::ESC || key == Key::ctrl('c') => Verdict::No,
            key if key == Key::char('n') => Verdict::No,
            Key::ENTER if self.is_typed() => self.judge(app),
            key if self.list.press(key) => Verdict::Open,
            key if self.is_typed() && (key.typed().is_none() || key.typed().is_some_and(is_of_a_number)) => {
                self.typed.press(key);
                Verdict::Open
            }
            key if !self.is_typed() && key == Key::char('y') => Verdict::Yes,
            _ => {
                app.warn(format!("nothing has been done yet: {}", self.how()));
                Verdict::Open
            }
        }
    }

    fn judge(&self, app: &mut App) -> Verdict {
        let digits: String = self.typed.text().chars().filter(char::is_ascii_digit).collect();
        if digits == self.consequence.number.to_string() {
            return Verdict::Yes;
        }
        app.warn(format!("nothing has been done yet: {}", self.how()));
        Verdict::Open
    }

    /// The keys that answer it, and what each does.
    pub(super) fn answers(&self) -> Vec<(Key, String)> {
        let yes = match self.is_typed() {
            true => (Key::ENTER, format!("{}, once {} is typed", self.choice, grouped(self.consequence.number))),
            false => (Key::char('y'), self.choice.clone()),
        };
        vec![yes, (Key::char('n'), NO.to_owned())]
    }

    /// How it is answered.
    fn how(&self) -> String {
        match self.is_typed() {
            true => format!("type {} and press Enter, or n", grouped(self.consequence.number)),
            false => "answer with y or n".to_owned(),
        }
    }

    /// Rows of its content in so many columns.
    pub(super) fn rows(&self, width: u16) -> usize {
        lines(&self.consequence.told, width).len() + lines(&self.consequence.lines, width).len() + 3
    }

    /// Where its answers stand.
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect) -> KeyAreas {
        let room = usize::from(area.height).saturating_sub(3);
        let (told, mut counted) =
            (lines(&self.consequence.told, area.width), lines(&self.consequence.lines, area.width));
        counted.truncate(room);
        let mut lines = self.list.shown(told, room - counted.len());
        lines.append(&mut counted);
        let row = lines.len() + 1;
        lines.push(Line::raw(""));
        let key = |key: &'static str| Span::styled(format!(" {key} "), theme::CHOSEN);
        let words = format!(" Type {} and press Enter to {}: ", grouped(self.consequence.number), self.choice);
        match self.is_typed() {
            true => lines.push(Line::raw(words.clone())),
            false => lines.push(Line::from(vec![key("y"), Span::raw(format!("  {}", self.choice))])),
        }
        lines.push(Line::from(vec![key("n"), Span::raw(format!("  {NO}"))]));
        frame.render_widget(Paragraph::new(lines), area);
        if self.is_typed() {
            let used = u16::try_from(words.chars().count()).unwrap_or(area.width).min(area.width);
            let y = area.y + u16::try_from(row).unwrap_or(0);
            let field = Rect { x: area.x + used, y, width: area.width - used, height: 1 };
            self.typed.draw(frame, field.intersection(area), Echo::Text, true);
        }
        let yes = if self.is_typed() { Key::ENTER } else { Key::char('y') };
        KeyAreas::of_rows(area, row, &[yes, Key::char('n')])
    }
}

/// In so many columns.
fn lines(words: &[String], width: u16) -> Vec<Line<'static>> {
    words.iter().flat_map(|line| wrapped(line, usize::from(width))).map(Line::raw).collect()
}

fn is_of_a_number(letter: char) -> bool {
    letter.is_ascii_digit() || letter == ' '
}
