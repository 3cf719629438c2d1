//! The console without a terminal: keys in, frames out, on a real store in a folder of its own. Screens have their own
//! files of tests here; `TestConsole` is what they share.

mod accounts;
mod added_rows;
mod agents_at_work;
mod beside;
mod bytes;
mod certificates;
mod concurrent_edits;
mod consequences;
mod dialled_places;
mod documents;
mod filters;
mod first_run;
mod form_refusals;
mod forms;
mod habits;
mod hints;
mod history;
mod history_of_objects;
mod key_meanings;
mod marks;
mod misuse;
mod mouse;
mod moved_presences;
mod namesakes;
mod navigation;
mod overview;
mod palette;
mod phone_book;
mod presence_rules;
mod presences;
mod profile_drafts;
mod profiles;
mod random_keys;
mod readme_image;
mod repeat;
mod saving;
mod services;
mod sessions;
mod settings_files;
mod settings_page;
mod signs;
mod snapshots;
mod sorting;
mod stored_certificates;
mod telephony;
mod undo;
mod unsaved;
mod user_import;
mod users;
mod waiting_keys;
mod widths;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::crossterm::event as terminal;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;
use ratatui::style::Color;
use tempfile::TempDir;
use time::OffsetDateTime;

use snapshots::assert_frames;

use super::app::{App, RandomSource};
use super::appearance::Theme;
use super::capabilities::{Background, Capabilities, Colors, Extras, Glyphs};
use super::command_line::SameCommand;
use super::console::Console;
use super::event::Event;
use super::keys::Key;
use super::palette::{Palette, Role};
use super::server::Server;
use super::tab::Tab;
use super::{FileAccess, Rights, Start};
use crate::control::{ServerStatus, Session, SlowedDown};
use crate::settings::configuration::Configuration;
use crate::settings::fixtures;
use crate::settings::id::UserUuid;
use crate::settings::password::Secret;
use crate::settings::setting::Key as Setting;
use crate::store::{Intent, Origin, OriginKind, Store};

pub(super) const COLOR: Capabilities =
    Capabilities { colors: Colors::True, glyphs: Glyphs::Unicode, extras: Extras::On, background: Background::Dark };
pub(super) const MONO: Capabilities =
    Capabilities { colors: Colors::None, glyphs: Glyphs::Ascii, extras: Extras::Off, background: Background::Dark };

/// What the frames of `COLOR` are drawn with.
pub(super) fn palette() -> Palette {
    Palette::of(Theme::Dark, Colors::True).expect("it has colours")
}

/// None: it is a presence's own.
fn role_of(color: Color) -> Option<Role> {
    let palette = palette();
    Role::ALL.into_iter().find(|role| palette.color(*role) == color)
}

/// Whether the cell is of what is chosen, in the frames of `COLOR`.
fn is_of_chosen_row(cell: &Cell) -> bool {
    cell.bg == palette().color(Role::Chosen)
}

/// A console, its folder and its screen.
pub(super) struct TestConsole {
    pub(super) inner: Console,
    terminal: Terminal<TestBackend>,
    pub(super) folder: TempDir,
    rights: Rights,
}

/// Tuesday, 24 November 2026, 02:00 UTC.
fn two_at_night() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_795_485_600).expect("a moment")
}

fn random() -> RandomSource {
    RandomSource {
        user_uuid: || UserUuid::new(uuid::Uuid::new_v4()),
        salt: || [7; 16],
        password: || Secret::new("made-password"),
    }
}

fn console(folder: &TempDir, tab: Tab, new: Configuration, rights: Rights, capabilities: Capabilities) -> Console {
    let store = Store::open(folder.path(), || new).expect("a store").store;
    let start = Start {
        folder: folder.path().to_owned(),
        usual_folder: folder.path().to_owned(),
        store,
        files: Arc::new(Arc::default),
        origin: Origin { user: "root".to_owned(), from: OriginKind::Console, intent: Intent::Edit },
        rights,
        file_access: FileAccess::Own,
        home: folder.path().to_str().map(str::to_owned),
        random: random(),
        name_of: |_| None,
        capabilities,
        theme: None,
        tab,
    };
    let mut app = App::open(start, two_at_night()).expect("the store can be read");
    // A busy machine is no reason to tell that something takes long.
    app.patience = Duration::from_secs(60);
    app.glance = app.patience;
    Console::new(app, capabilities, None, tab)
}

impl TestConsole {
    /// On the small company of `fixtures`, at this place of the console.
    pub(super) fn at(tab: Tab) -> Self {
        Self::with(tab, fixtures::small_company(), Rights::Edit, COLOR, (80, 24))
    }

    pub(super) fn with(
        tab: Tab,
        configuration: Configuration,
        rights: Rights,
        capabilities: Capabilities,
        size: (u16, u16),
    ) -> Self {
        let folder = TempDir::new().expect("a folder");
        let inner = console(&folder, tab, configuration, rights, capabilities);
        let terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("a screen");
        Self { inner, terminal, folder, rights }
    }

    /// The console was left and is started again on what is there.
    pub(super) fn reopen(&mut self, tab: Tab, capabilities: Capabilities) {
        self.inner = console(&self.folder, tab, Configuration::clone(&self.stored()), self.rights, capabilities);
    }

    /// Ctrl-Z where that asks, and yes.
    pub(super) fn undo_after_question(&mut self) -> &mut Self {
        self.press(&[Key::ctrl('z')]).says("Undo the last change?").press(&[Key::char('y')])
    }

    /// The lines that do what this console did last, without the word `ctibox`.
    pub(super) fn same_commands(&self) -> Vec<String> {
        let commands = self.inner.app.last_change().expect("something was changed").commands();
        let line = |command| match command {
            SameCommand::Line(line) => line,
            SameCommand::None(what) => format!("none: {what}"),
        };
        commands.into_iter().map(line).collect()
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn resize(&mut self, (columns, rows): (u16, u16)) {
        self.terminal.backend_mut().resize(columns, rows);
    }

    /// Where the cursor blinks, if one is shown.
    pub(super) fn cursor(&self) -> Option<Position> {
        let backend = self.terminal.backend();
        backend.cursor_visible().then(|| backend.cursor_position())
    }

    pub(super) fn press(&mut self, keys: &[Key]) -> &mut Self {
        for key in keys {
            self.inner.press(*key);
            self.draw();
        }
        self
    }

    /// A click with the left button on the first place that shows these words.
    pub(super) fn click(&mut self, words: &str) -> &mut Self {
        let screen = self.screen();
        let found = screen.lines().enumerate().find_map(|(row, line)| Some((row, line.find(words)?, line)));
        let (row, at, line) = found.unwrap_or_else(|| panic!("{words:?} is not on\n{screen}"));
        let column = line[..at].chars().count();
        let [column, row] = [column, row].map(|place| u16::try_from(place).expect("a place on the screen"));
        let kind = MouseEventKind::Down(MouseButton::Left);
        let mouse = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        self.inner.handle(Event::Terminal(terminal::Event::Mouse(mouse)));
        self.draw();
        self
    }

    /// Types a text, a key a character.
    pub(super) fn write(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.inner.press(Key::char(letter));
        }
        self.draw();
        self
    }

    /// The frame itself: what a screen keeps beneath a wide letter that was there is no fault of it.
    /// As somebody sees it whose cursor rests.
    pub(super) fn draw(&mut self) -> &Buffer {
        self.inner.detail.follow();
        self.terminal.draw(|frame| self.inner.draw(frame)).expect("a frame").buffer
    }

    /// What stands on the screen, a line a row, without what fills the ends.
    pub(super) fn screen(&mut self) -> String {
        let buffer = self.draw();
        let width = usize::from(buffer.area.width);
        let mut text = String::new();
        for row in buffer.content.chunks(width) {
            let line: String = row.iter().map(|cell| cell.symbol()).collect();
            writeln!(text, "{}", line.trim_end()).expect("a string takes all");
        }
        text
    }

    pub(super) fn says(&mut self, words: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.contains(words), "{words:?} is not on\n{screen}");
        self
    }

    /// The same for words that may be broken over several rows.
    pub(super) fn reads(&mut self, words: &str) -> &mut Self {
        let screen = self.screen();
        let text: Vec<&str> = screen.split(|letter: char| letter.is_whitespace() || letter == '│').collect();
        let text: Vec<&str> = text.into_iter().filter(|word| !word.is_empty()).collect();
        assert!(text.join(" ").contains(words), "{words:?} cannot be read on\n{screen}");
        self
    }

    pub(super) fn does_not_say(&mut self, words: &str) -> &mut Self {
        let screen = self.screen();
        assert!(!screen.contains(words), "{words:?} is on\n{screen}");
        self
    }

    /// The server runs, and these logins are connected, each with a presence.
    pub(super) fn connect(&mut self, who: &[(&str, &str)]) -> &mut Self {
        let session = |(number, (user, presence)): (u64, &(&str, &str))| Session {
            session: number,
            user: (*user).to_owned(),
            name: (*user).to_owned(),
            address: "192.0.2.7:40000".to_owned(),
            version: "2.2".to_owned(),
            encrypted: false,
            tls: None,
            presence: (*presence).to_owned(),
            since: 1_795_480_000.0,
        };
        let sessions: Vec<Session> = (1..).zip(who).map(session).collect();
        let number = u32::try_from(sessions.len()).expect("a few");
        let status = ServerStatus {
            version: "2026.1".to_owned(),
            process: 4711,
            started: 1_795_400_000.0,
            listen: vec!["0.0.0.0:5003".to_owned()],
            named: Vec::new(),
            files: None,
            connections: number,
            sessions: number,
            fingerprint: None,
            certificate_expires: None,
            slowed_down: SlowedDown::default(),
            failed_logins: Vec::new(),
            telephony: None,
            caller_names: None,
            discrepancies: Vec::new(),
            refused_clients: Vec::new(),
            turned_away: None,
            log_filter: None,
            counts: BTreeMap::new(),
        };
        self.inner.handle(Event::Server(Server::Running(Box::new(status), sessions)));
        self
    }

    /// The cursor on the general setting of this key.
    pub(super) fn on_setting(&mut self, key: Setting) -> &mut Self {
        let title = format!("── {key} ─");
        for _ in 0..2 * Setting::ALL.len() {
            if self.screen().contains(&title) {
                return self;
            }
            self.press(&[Key::DOWN]);
        }
        unreachable!("{key} is not on the page")
    }

    /// What is on disk.
    pub(super) fn stored(&self) -> Configuration {
        self.inner.app.store.whole_configuration().expect("a configuration").into_inner()
    }

    /// Another process changes something, and the console hears of it or not.
    pub(super) fn elsewhere(&mut self, edit: impl FnOnce(&mut Configuration)) -> Arc<Configuration> {
        let store = Store::open_existing(self.folder.path()).expect("the same store");
        let origin = Origin { user: "other".to_owned(), from: OriginKind::Cli, intent: Intent::Edit };
        let changed = store.change(&origin, |configuration| {
            edit(configuration);
            Ok(())
        });
        changed.expect("the other's change is taken");
        Arc::new(store.configuration().expect("a configuration"))
    }
}
