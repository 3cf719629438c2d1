//! Which file is to be imported: a line of text, and the reading of what it names.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::preview::Preview;
use crate::exchange::user_import::{USER_TABLE_BYTES_MAX, UserTable};
use crate::tui::commands::Command;
use crate::tui::keys::Key;
use crate::tui::office::Office;
use crate::tui::screen::{Answer, Hold, Screen, Stance};
use crate::tui::theme;
use crate::tui::widgets::text_line::{Echo, TextLine};

pub(in super::super) struct File {
    line: TextLine,
}

impl File {
    pub(in super::super) fn ask() -> Self {
        Self { line: TextLine::default() }
    }

    fn read(&mut self, office: &mut Office) -> Answer {
        let name = self.line.text().trim().to_owned();
        if name.is_empty() {
            office.warn("which file? nothing is typed yet");
            return Answer::Stay;
        }
        let bytes = match bytes(Path::new(&name)) {
            Ok(bytes) => bytes,
            Err(error) => {
                office.fail(format!("{name} cannot be read: {error}"));
                return Answer::Stay;
            }
        };
        match UserTable::read(&bytes, None) {
            Ok(table) if table.is_empty() => {
                office.fail(format!("{name} names no user"));
                Answer::Stay
            }
            Ok(table) => Answer::Replace(Box::new(Preview::of(name, table, office))),
            Err(error) => {
                office.fail(format!("{name} cannot be imported: {error}"));
                Answer::Stay
            }
        }
    }

    fn back(&mut self, _office: &mut Office) -> Answer {
        Answer::Pop
    }
}

/// As much as a table may have and a byte more, so that a longer one is known as such.
fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // A pipe or a device would hold the console up until somebody writes to it.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(USER_TABLE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Screen for File {
    fn title(&self, _office: &Office) -> String {
        "import users".to_owned()
    }

    fn commands(&self, _office: &Office) -> Vec<Command<Self>> {
        vec![
            Command::new([Key::ENTER], "read", "Read the file and show what would become of each line", Self::read),
            Command::new([Key::ESC], "back", "Go back, nothing is done", Self::back),
        ]
    }

    fn stance(&self) -> Stance {
        Stance::Over(70, 6)
    }

    fn hold(&self) -> Hold {
        Hold::Modal
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn typed(&mut self, key: Key, _office: &mut Office) -> Answer {
        self.line.press(key);
        Answer::Stay
    }

    fn pasted(&mut self, text: &str, _office: &mut Office) {
        self.line.paste(text);
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _office: &Office) {
        let lines = [
            "A table that XiVO's user import took: CSV in UTF-8.",
            "",
            "File:",
            "",
            "A name without / at its beginning counts from the folder in which",
            "the console was started. Nothing is written before you have seen it.",
        ];
        frame.render_widget(Paragraph::new(lines.map(Line::raw).to_vec()), area);
        frame.buffer_mut().set_stringn(area.x, area.y + 2, "File:", 5, theme::TITLE);
        let field = Rect { x: area.x + 6, y: area.y + 2, width: area.width.saturating_sub(6), height: 1 };
        self.line.draw(frame, field, Echo::Text, true);
    }
}
