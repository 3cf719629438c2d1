//! The reading of a file that is to be imported, off the thread that draws: Esc stops it, nothing is written.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::{Rect, Size};
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use super::file::FileToRead;
use super::planned::Planned;
use super::preview::EntriesPreview;
use crate::exchange::phone_book::{EntryFile, PHONE_BOOK_BYTES_MAX};
use crate::settings::table::Kind;
use crate::store::Store;
use crate::tui::app::{App, Placement, Transition};
use crate::tui::commands::Command;
use crate::tui::job::{Job, JobState};
use crate::tui::key_table::Action;
use crate::tui::saving::store_words;
use crate::tui::screen::Screen;
use crate::tui::screens::bad_lines::KeptView;

pub(super) struct Reading {
    file: FileToRead,
    /// Of when it was read before.
    kept: KeptView,
    /// Or why there is none.
    job: io::Result<Job<Result<Planned, String>>>,
}

impl Reading {
    pub(super) fn start(file: FileToRead, app: &App) -> Self {
        let (read_from, store) = (file.clone(), app.store.clone());
        Self { file, kept: KeptView::default(), job: Job::start("import", move |_| read(&read_from, &store)) }
    }

    fn again(file: &FileToRead, kept: KeptView, app: &App) -> Transition {
        Transition::Replace(Box::new(Self { kept, ..Self::start(file.clone(), app) }))
    }

    fn stop(&mut self, app: &mut App) -> Transition {
        app.remark("the import was stopped; nothing was written");
        Transition::Pop
    }
}

fn read(file: &FileToRead, store: &Store) -> Result<Planned, String> {
    let name = file.path.display();
    let bytes = bytes(&file.path).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let entries = EntryFile::read(&bytes, file.format, file.encoding)
        .map_err(|error| format!("{name} cannot be imported: {error}"))?;
    let present = store.whole_configuration().map_err(|error| store_words(&error))?;
    let planned = Planned::of(file.clone(), Arc::new(entries), &present);
    if planned.holds_nothing() {
        return Err(format!("{name} holds no entry: a table begins with a line that names its columns"));
    }
    Ok(planned)
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // A pipe or a device would hold the reading up until somebody writes to it.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(PHONE_BOOK_BYTES_MAX + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > PHONE_BOOK_BYTES_MAX {
        let most = PHONE_BOOK_BYTES_MAX / (1024 * 1024);
        let words = format!("it has more than {most} MiB, the limit of an import; import it in parts");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, words));
    }
    Ok(bytes)
}

impl Screen for Reading {
    fn title(&self, _app: &App) -> String {
        "import".to_owned()
    }

    fn commands(&self, _app: &App) -> Vec<Command<Self>> {
        vec![Command::new([Action::Back], "stop", "Stop; nothing is written", Self::stop)]
    }

    fn placement(&self, _room: Size) -> Placement {
        Placement::Over(66, 2)
    }

    fn is_modal(&self) -> bool {
        true
    }

    fn is_working(&self) -> bool {
        true
    }

    fn look_after(&mut self, app: &mut App) -> Transition {
        let job = match &mut self.job {
            Ok(job) => job.look(),
            Err(error) => {
                app.fail(format!("no thread could be started: {error}"));
                return Transition::Pop;
            }
        };
        match job {
            JobState::Working => Transition::Stay,
            JobState::Ended(Ok(planned)) => {
                app.note = None;
                app.remember_file(Kind::PhoneBookEntry, &self.file.path.display().to_string());
                let kept = std::mem::take(&mut self.kept);
                Transition::Replace(Box::new(EntriesPreview::of(planned, kept, Self::again)))
            }
            JobState::Ended(Err(words)) => {
                app.remember_file(Kind::PhoneBookEntry, &self.file.path.display().to_string());
                app.fail(words);
                Transition::Pop
            }
            JobState::Lost => {
                app.fail("reading the file ended unexpectedly; nothing was written");
                Transition::Pop
            }
        }
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, _app: &App) {
        let lines = vec![
            Line::raw(format!("Reading {}", self.file.path.display())),
            Line::raw("Esc stops; nothing is written yet."),
        ];
        frame.render_widget(Paragraph::new(lines), area);
    }
}
