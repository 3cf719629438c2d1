//! Passwords that were made for several users, shown this once: only their hashes are kept. The list can be written to a new
//! file, as a table that `ctibox user import --update` takes.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::made_password::{self, MadePassword};
use crate::exchange::csv;
use crate::settings::id::UserId;
use crate::settings::rule::count;
use crate::tui::app::{App, Transition};
use crate::tui::ask::Question;
use crate::tui::commands::Command;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;
use crate::tui::path_line::PathLine;
use crate::tui::screen::Screen;
use crate::tui::theme;
use crate::tui::typed_form::UnsavedForm;
use crate::tui::widgets::columns::{Column, fit};
use crate::tui::widgets::list::{List, MOVES, RowClick, cell};

pub(super) struct MadeList {
    rows: Vec<PasswordRow>,
    list: List<usize>,
    /// Where it is to be written, while that is typed.
    path: Option<PathLine>,
    /// What came of writing it to a file of that name, until that is told.
    written: Rc<RefCell<Option<(String, WriteOutcome)>>>,
    /// It was written: nothing is lost by closing it.
    is_kept: bool,
}

type WriteOutcome = Result<io::Result<()>, String>;

struct PasswordRow {
    user: UserId,
    login: String,
    first_name: String,
    last_name: String,
    password: String,
}

impl MadeList {
    pub(super) fn of(made: Vec<MadePassword>, app: &App) -> Self {
        let row = |made: MadePassword| {
            let user = app.configuration.users.get(made.user)?;
            Some(PasswordRow {
                user: made.user,
                login: user.login_or_id(),
                first_name: user.first_name.to_string(),
                last_name: user.last_name.to_string(),
                password: made.password.reveal().to_owned(),
            })
        };
        let rows: Vec<PasswordRow> = made.into_iter().filter_map(row).collect();
        let list = List::new((0..rows.len()).collect());
        Self { list, rows, path: None, written: Rc::default(), is_kept: false }
    }

    fn moved(&mut self, key: Key, _app: &mut App) -> Transition {
        self.list.press(key);
        Transition::Stay
    }

    fn copy(&mut self, app: &mut App) -> Transition {
        if let Some(row) = self.list.chosen().and_then(|at| self.rows.get(at)) {
            app.copy(&format!("the password of {}", row.login), row.password.clone());
        }
        Transition::Stay
    }

    fn save(&mut self, _app: &mut App) -> Transition {
        self.path = Some(PathLine::default());
        Transition::Stay
    }

    fn write(&mut self, app: &mut App) -> Transition {
        let name = self.path.as_ref().map(|path| path.text().trim().to_owned()).unwrap_or_default();
        if name.is_empty() {
            app.warn("where to? nothing is typed yet");
            return Transition::Stay;
        }
        let (table, written) = (self.table(), Rc::clone(&self.written));
        let path = PathBuf::from(&name);
        app.make(
            "writing the list",
            move || write_new(&path, &table),
            move |_, outcome| {
                written.replace(Some((name, outcome)));
                Transition::Stay
            },
        );
        self.finish(app)
    }

    /// Tells what came of writing, once it is over.
    fn finish(&mut self, app: &mut App) -> Transition {
        match self.written.take() {
            Some((name, Ok(Ok(())))) => {
                (self.path, self.is_kept) = (None, true);
                app.tell(format!(
                    "{} written to {name}, which nobody else may read",
                    count(self.rows.len(), "password")
                ));
            }
            Some((name, Ok(Err(error)))) if error.kind() == io::ErrorKind::AlreadyExists => {
                app.fail(format!("{name} is there already and stays as it is: type another name"));
            }
            Some((name, Ok(Err(error)))) => app.fail(format!("{name} cannot be written: {error}")),
            Some((name, Err(error))) => app.fail(format!("{name} was not written: {error}")),
            None => {}
        }
        Transition::Stay
    }

    fn complete(&mut self, app: &mut App) -> Transition {
        self.path.as_mut().map_or(Transition::Stay, |path| path.complete(app))
    }

    fn stop_typing(&mut self, _app: &mut App) -> Transition {
        self.path = None;
        Transition::Stay
    }

    fn table(&self) -> String {
        let mut text = String::new();
        csv::write(["username", "firstname", "lastname", "password"], &mut text);
        for row in &self.rows {
            csv::write([&*row.login, &*row.first_name, &*row.last_name, &*row.password], &mut text);
        }
        text
    }

    fn close(&mut self, _app: &mut App) -> Transition {
        if self.is_kept {
            return Transition::Pop;
        }
        let text =
            "The passwords are shown only once: ctibox keeps only their hashes. The list was not written to a file.";
        let question = Question::new("Close the list?", text)
            .choice('y', "close it", |_| Transition::Pop)
            .stay("go on with the list");
        Transition::Push(Box::new(question))
    }
}

/// For nobody else to read, and over no other file.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

impl Screen for MadeList {
    fn title(&self, _app: &App) -> String {
        format!("{} made", count(self.rows.len(), "password"))
    }

    fn commands(&self, app: &App) -> Vec<Command<Self>> {
        if self.path.is_some() {
            return vec![
                Command::new([Action::Open], "write", "Write the list to a new file", Self::write),
                Command::new([Action::Next], "complete", "Complete the name of the file", Self::complete),
                Command::new([Action::Back, Action::Close], "back", "Go back to the list", Self::stop_typing),
            ];
        }
        vec![
            Command::keyed(MOVES, "move", "Move the cursor", Self::moved),
            Command::new([Action::Save], "save", "Write the list to a new file", Self::save)
                .blocked(app.file_obstacle()),
            Command::new([Action::Clipboard], "copy", "Copy the password under the cursor", Self::copy),
            Command::new([Action::Open, Action::Back], "close", "Close it; it is not shown again", Self::close),
        ]
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn takes_text(&self) -> bool {
        self.path.is_some()
    }

    fn typed(&mut self, key: Key, app: &mut App) -> Transition {
        if let Some(path) = &mut self.path {
            path.press(key, app);
        }
        Transition::Stay
    }

    fn pasted(&mut self, text: &str, app: &mut App) {
        if let Some(path) = &mut self.path {
            path.paste(text, app);
        }
    }

    /// Its rows open nothing: Enter closes it.
    fn clicked(&mut self, at: Position, _app: &mut App) -> Transition {
        match self.list.clicked(at) {
            RowClick::Missed | RowClick::Chosen | RowClick::Again => Transition::Stay,
        }
    }

    fn has_unsaved(&self) -> bool {
        !self.is_kept
    }

    /// Where the line is cut nobody has noted them: whose they are is told at the next start, never what they are.
    fn unsaved(&self, _app: &App) -> Option<UnsavedForm> {
        let were = if self.rows.len() == 1 { "was" } else { "were" };
        let title = format!("{}, which {were} shown this once", count(self.rows.len(), "new password"));
        let users: Vec<UserId> = self.rows.iter().map(|row| row.user).collect();
        (!self.is_kept).then(|| UnsavedForm { key: made_password::key(&users), title, fields: BTreeMap::new() })
    }

    fn is_working(&self) -> bool {
        self.written.borrow().is_some() || self.path.as_ref().is_some_and(PathLine::is_working)
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        if let Some(path) = &mut self.path {
            path.look_after(app);
        }
        self.finish(app)
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let names: Vec<String> = self.rows.iter().map(PasswordRow::full_name).collect();
        let columns = [
            Column::new(20, "login").holding(self.rows.iter().map(|row| &row.login)),
            Column::new(30, "name").holding(&names),
            Column::new(20, "password").holding(self.rows.iter().map(|row| &row.password)),
        ];
        let [login, name, _] = fit(area.width.saturating_sub(1), columns);
        let width = usize::from(area.width);
        let head = format!(" {}{}password", cell("login", login), cell("name", name));
        frame.buffer_mut().set_stringn(area.x, area.y, head, width, theme::HEAD);
        let rows = Rect { y: area.y + 1, height: area.height.saturating_sub(3), ..area };
        let known = &self.rows;
        self.list.draw(frame, rows, true, |at| {
            let Some(row) = known.get(at) else { return Line::raw("") };
            let who = format!(" {}{}", cell(&row.login, login), cell(&row.full_name(), name));
            Line::from(vec![Span::raw(who), Span::styled(row.password.as_str(), theme::STRONG)])
        });
        let foot = Rect { y: area.bottom().saturating_sub(1), height: 1, ..area };
        match &self.path {
            Some(path) => {
                frame.buffer_mut().set_stringn(foot.x, foot.y, " new file:", width, theme::HEAD);
                path.draw(frame, Rect { x: foot.x + 11, width: foot.width.saturating_sub(12), ..foot });
            }
            None => {
                let words = " They are shown only once: ctibox keeps only their hashes.";
                frame.buffer_mut().set_stringn(foot.x, foot.y, words, width, theme::MUTED);
            }
        }
    }
}

impl PasswordRow {
    fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim_end().to_owned()
    }
}
