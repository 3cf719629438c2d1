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
use crate::tui::app::{App, Placement, Transition};
use crate::tui::commands::Command;
use crate::tui::keys::Key;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::widgets::text_line::{Echo, TextLine};

pub(in super::super) struct File {
    line: TextLine,
}

impl File {
    pub(in super::super) fn ask() -> Self {
        Self { line: TextLine::default() }
    }

    fn read(&mut self, app: &mut App) -> Transition {
        let name = self.line.text().trim().to_owned();
        if name.is_empty() {
            app.warn("which file? nothing is typed yet");
            return Transition::Stay;
        }
        let bytes = match bytes(Path::new(&name)) {
            Ok(bytes) => bytes,
            Err(error) => {
                app.fail(format!("{name} cannot be read: {error}"));
                return Transition::Stay;
            }
        };
        match UserTable::read(&bytes, None) {
            Ok(table) if table.is_empty() => {
                app.fail(format!("{name} names no user"));
                Transition::Stay
            }
            Ok(table) => Transition::Replace(Box::new(Preview::of(name, table, app))),
            Err(error) => {
                app.fail(format!("{name} cannot be imported: {error}"));
                Transition::Stay
            }
        }
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
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
    fn title(&self, _app: &App) -> String {
        "import users".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![
            Command::new([Key::ENTER], "read", "Read the file and show what would become of each line", Self::read),
            Command::new([Key::ESC], "back", "Go back, nothing is done", Self::back),
        ]
    }

    fn placement(&self, _room: u16) -> Placement {
        Placement::Over(56, 7)
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn typed(&mut self, key: Key, _app: &mut App) -> Transition {
        self.line.press(key);
        Transition::Stay
    }

    fn pasted(&mut self, text: &str, _app: &mut App) {
        self.line.paste(text);
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let lines = [
            "A table that XiVO's user import took: CSV in UTF-8.",
            "",
            "File:",
            "",
            "A name without / at its beginning counts from the folder",
            "in which the console was started. Nothing is written",
            "before you have seen it.",
        ];
        frame.render_widget(Paragraph::new(lines.map(Line::raw).to_vec()), area);
        frame.buffer_mut().set_stringn(area.x, area.y + 2, "File:", 5, theme::TITLE);
        let field = Rect { x: area.x + 6, y: area.y + 2, width: area.width.saturating_sub(6), height: 1 };
        self.line.draw(frame, field, Echo::Text, true);
    }
}
