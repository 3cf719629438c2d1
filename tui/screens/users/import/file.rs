//! Which file is to be imported: a line of text, and the reading of what it names.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::planned::{PlannedUsers, means};
use super::preview::Preview;
use crate::exchange::user_import::{Means, USER_TABLE_BYTES_MAX, UserTable};
use crate::settings::configuration::Configuration;
use crate::settings::table::Kind;
use crate::tui::app::{App, Placement, Transition};
use crate::tui::commands::Command;
use crate::tui::frame::wrapped;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::path_line::PathLine;
use crate::tui::screen::Screen;
use crate::tui::screens::bad_lines::KeptView;
use crate::tui::theme;
use crate::tui::typed_form::{FormKey, FormSubject, Typed, UnsavedForm};

/// Columns of the box.
const WIDTH: u16 = 72;

/// What stands below the file's name, a paragraph each. A test sees that each column is named.
const EXPLAINED: [&str; 5] = [
    "A name without / first counts from where the console was started. Nothing is written before you have seen it.",
    "",
    "A table, CSV: the first line names the columns, in any order. Only firstname must be there:",
    "firstname, lastname, username, password, email, uuid, mobile_phone_number, cti_profile_name, cti_profile_enabled, \
     exten, context, line_protocol, sip_username, voicemail_number, voicemail_context",
    "cti_profile_enabled 1: may log in. For example:",
];

/// A table that is taken, and one for a narrow terminal: its lines must stay whole.
const EXAMPLE: [&str; 2] =
    ["firstname,username,password,cti_profile_name,cti_profile_enabled", "Zoe,zoe,a-good-one,Client,1"];
const NARROW_EXAMPLE: [&str; 2] = ["firstname,username,password,cti_profile_name", "Zoe,zoe,a-good-one,Client"];

/// By which it is opened again.
const KEY: FormKey = FormKey { subject: FormSubject::Import(Kind::User), within: None };
/// What is typed in it.
const NAME: &str = "file";

pub(in super::super) struct File {
    line: PathLine,
    /// What stood in it at the beginning: the file that was read last.
    before: String,
}

impl File {
    /// With what was typed in it when the line was cut, if that was asked for.
    pub(in super::super) fn ask(app: &App) -> Self {
        let typed = app.take_up(&KEY).and_then(|unsaved| unsaved.fields.get(NAME).cloned());
        let before = app.last_file(Kind::User).to_owned();
        let line = match typed {
            Some(Typed::Text(text)) => PathLine::new(&text),
            _ => PathLine::chosen(&before),
        };
        Self { line, before }
    }

    fn read(&mut self, app: &mut App) -> Transition {
        let name = self.line.text().trim().to_owned();
        if name.is_empty() {
            app.warn("which file? nothing is typed yet");
            return Transition::Stay;
        }
        show(name, KeptView::default(), app)
    }

    fn complete(&mut self, app: &mut App) -> Transition {
        self.line.complete(app)
    }

    fn back(&mut self, _app: &mut App) -> Transition {
        Transition::Pop
    }
}

/// All that is explained, in so many columns.
fn explained(columns: u16) -> Vec<Line<'static>> {
    let columns = usize::from(columns);
    let example = if EXAMPLE[0].len() <= columns { EXAMPLE } else { NARROW_EXAMPLE };
    let rows = EXPLAINED.iter().flat_map(|words| wrapped(words, columns));
    rows.chain(example.map(str::to_owned)).map(Line::raw).collect()
}

/// Reads the file and shows what would become of its lines, in place of what is shown; also once it was mended.
fn show(name: String, kept: KeptView, app: &mut App) -> Transition {
    app.remember_file(Kind::User, &name);
    let (means, configuration) = (means(app), Arc::clone(&app.configuration));
    let read = move || read(name, &means, configuration);
    app.look_up("reading the file", read, |app, preview| match preview.and_then(|preview| preview) {
        Ok(preview) => Transition::Replace(Box::new(preview.keeping(kept))),
        Err(why) => {
            app.fail(why);
            Transition::Stay
        }
    })
}

/// The table in the file, with what would become of its lines; or why not.
fn read(name: String, means: &Means, configuration: Arc<Configuration>) -> Result<Preview, String> {
    let bytes = bytes(Path::new(&name)).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let table = UserTable::read(&bytes, None).map_err(|error| format!("{name} cannot be imported: {error}"))?;
    if table.is_empty() {
        return Err(format!("{name} names no user"));
    }
    let planned = PlannedUsers::of(&table, means, configuration);
    Ok(Preview::of(name, table, planned, show))
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
            Command::new([Action::Open], "read", "Read the file and show what would happen to each line", Self::read),
            Command::new([Action::Next], "complete", "Complete the name of the file", Self::complete),
            Command::new([Action::Back], "back", "Go back without changing anything", Self::back),
        ]
    }

    fn placement(&self, room: Size) -> Placement {
        let width = WIDTH.min(room.width);
        Placement::Over(width, u16::try_from(2 + explained(width).len()).unwrap_or(u16::MAX))
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn takes_text(&self) -> bool {
        true
    }

    fn unsaved(&self, app: &App) -> Option<UnsavedForm> {
        let typed = self.line.text();
        let fields = [(NAME.to_owned(), Typed::Text(typed.to_owned()))].into();
        (typed != self.before).then(|| UnsavedForm { key: KEY, title: Screen::title(self, app), fields })
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        self.line.look_after(app);
        Transition::Stay
    }

    fn is_working(&self) -> bool {
        self.line.is_working()
    }

    fn typed(&mut self, key: Key, app: &mut App) -> Transition {
        self.line.press(key, app);
        Transition::Stay
    }

    fn pasted(&mut self, text: &str, app: &mut App) {
        self.line.paste(text, app);
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let below = Rect { y: area.y + 2, ..area }.intersection(area);
        frame.render_widget(Paragraph::new(explained(area.width)), below);
        frame.buffer_mut().set_stringn(area.x, area.y, "File:", 5, theme::HEAD);
        let field = Rect { x: area.x + 6, y: area.y, width: area.width.saturating_sub(6), height: 1 };
        self.line.draw(frame, field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_that_is_taken_is_named_where_the_file_is_asked_for() {
        let told = EXPLAINED.concat();
        for column in UserTable::column_names() {
            assert!(told.contains(column), "{column} is not named");
        }
    }
}
