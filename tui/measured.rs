//! A console without a terminal for the benches: keys in, the bytes of frames out and forgotten. Built only with the
//! feature `measure`; `measured` opens it.

use std::io::{self, Sink};
use std::path::Path;
use std::sync::Arc;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use time::OffsetDateTime;

use super::app::App;
use super::capabilities::{Background, Capabilities, Colors, Extras, Glyphs};
use super::console::Console;
use super::keys::Key;
use super::{ConsoleError, FileAccess, RandomSource, Rights, Start, Tab};
use crate::settings::id::UserUuid;
use crate::settings::password::Secret;
use crate::store::{self, Intent, OriginKind, Store};

pub(crate) struct BenchConsole {
    console: Console,
    terminal: Terminal<CrosstermBackend<Sink>>,
}

impl BenchConsole {
    /// At the filter of a place, 80 by 24 in all colours.
    pub(crate) fn looking_at(tab: Tab, folder: &Path, store: Store) -> Result<Self, ConsoleError> {
        Self::open(tab, Key::char('/'), folder, store)
    }

    /// At the palette.
    pub(crate) fn at_palette(folder: &Path, store: Store) -> Result<Self, ConsoleError> {
        Self::open(Tab::Overview, Key::char(':'), folder, store)
    }

    /// At a place, once this key was pressed.
    fn open(tab: Tab, key: Key, folder: &Path, store: Store) -> Result<Self, ConsoleError> {
        let capabilities = Capabilities {
            colors: Colors::True,
            glyphs: Glyphs::Unicode,
            extras: Extras::On,
            background: Background::Dark,
        };
        let start = Start {
            folder: folder.to_owned(),
            usual_folder: folder.to_owned(),
            store,
            files: Arc::new(Arc::default),
            origin: store::Origin { user: "bench".to_owned(), from: OriginKind::Console, intent: Intent::Edit },
            rights: Rights::Edit,
            file_access: FileAccess::Own,
            home: None,
            random: RandomSource {
                user_uuid: || UserUuid::new(uuid::Uuid::from_u128(1)),
                salt: || [0; 16],
                password: || Secret::new(""),
            },
            name_of: |_| None,
            capabilities,
            theme: None,
            tab,
        };
        let mut console = Console::new(App::open(start, OffsetDateTime::UNIX_EPOCH)?, capabilities, None, tab);
        while console.is_working() {
            console.look_after();
            std::thread::yield_now();
        }
        console.press(key);
        let viewport = Viewport::Fixed(Rect::new(0, 0, 80, 24));
        let terminal = Terminal::with_options(CrosstermBackend::new(io::sink()), TerminalOptions { viewport })?;
        let mut console = Self { console, terminal };
        console.draw()?;
        Ok(console)
    }

    /// The same with the filter closed: keys are commands.
    pub(crate) fn among_users(folder: &Path, store: Store) -> Result<Self, ConsoleError> {
        let mut console = Self::looking_at(Tab::Users, folder, store)?;
        console.press(Key::ESC)?;
        Ok(console)
    }

    /// All rows are marked, and no row is.
    pub(crate) fn mark_all_and_none(&mut self) -> Result<(), ConsoleError> {
        self.press(Key::ctrl('a'))?;
        self.press(Key::ESC)
    }

    /// By the next column, the other way round, and kept.
    pub(crate) fn sort_and_reverse(&mut self) -> Result<(), ConsoleError> {
        self.press(Key::char('s'))?;
        self.press(Key::char('s'))?;
        self.press(Key::ENTER)
    }

    fn press(&mut self, key: Key) -> Result<(), ConsoleError> {
        self.console.press(key);
        self.draw()
    }

    /// One key and the frame that follows.
    pub(crate) fn write(&mut self, letter: char) -> Result<(), ConsoleError> {
        self.press(Key::char(letter))
    }

    /// The same for the key that takes a letter back.
    pub(crate) fn revert(&mut self) -> Result<(), ConsoleError> {
        self.press(Key::BACKSPACE)
    }

    pub(crate) fn move_down(&mut self) -> Result<(), ConsoleError> {
        self.press(Key::DOWN)
    }

    fn draw(&mut self) -> Result<(), ConsoleError> {
        self.terminal.draw(|frame| self.console.draw(frame))?;
        Ok(())
    }
}
