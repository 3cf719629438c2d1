//! What the console knows and may do: the configuration as it is now, what the server and the doctor said last, and the
//! one way to change anything. Every screen is handed it; no screen opens a file or a socket past it.

mod change;
mod changed_by;
mod described;
mod last_change;
mod repeat;
mod rows;
mod transition;
mod typed_ahead;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;

use super::appearance::Theme;
use super::at_work::AtWork;
use super::capabilities::Extras;
use super::command_line::SameCommand;
use super::job::{Job, JobState};
use super::last_logins::LastLogins;
use super::note::{Note, Tone};
use super::own_changes::OwnChanges;
use super::saving::{UnderWay, store_words};
use super::server::{SAMPLES_MAX, Sample, Server};
use super::services_on::ServicesOn;
use super::tab::Tab;
use super::terminal_request::TerminalRequest;
use super::typed_form::{FormKey, UnsavedForm};
use super::{FileAccess, NameOf, Rights, Start};
use crate::check;
use crate::config::{self, Effective, FileLayer, Overrides};
use crate::control::Session;
use crate::settings::configuration::Configuration;
use crate::settings::console_theme::ConsoleTheme;
use crate::settings::id::UserUuid;
use crate::settings::password::Secret;
use crate::settings::rule::Severity;
use crate::settings::setting::{Key as Setting, Layer};
use crate::settings::table::Kind;
use crate::store::{self, Store, StoreError};

pub(super) use super::target::Target;
pub(super) use change::{ExpectedVersion, UNDO_STEPS_MAX, UndoStep, Undoable};
pub(super) use changed_by::changed_after;
pub(super) use described::DescribedChange;
pub(super) use last_change::{ChangeNature, LastChange, UnaskedUndo};
pub(super) use repeat::Repeat;
pub(super) use rows::{Rows, RowsOf};
pub(super) use transition::{Detail, DynScreen, KeyStep, Placement, Transition};
pub(super) use typed_ahead::{TypedAhead, TypedInput};

/// So long a key waits for what it began: most changes are over by then, and nothing needs to be told.
pub(super) const AT_ONCE: Duration = Duration::from_millis(150);

/// What terminals take at once for their clipboard: 100 000 characters of base64 are the least of the usual bounds.
const CLIPBOARD_BYTES_MAX: usize = 74_994;

/// So much of what the palette did comes first when it is opened again.
const RECENT_ERRANDS_MAX: usize = 20;

/// So long a frame waits for what is looked at beside for it: it is not to come late for that.
const GLANCE: Duration = Duration::from_millis(3);

/// Random values, which this room has no source for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RandomSource {
    pub(crate) user_uuid: fn() -> UserUuid,
    pub(crate) salt: fn() -> [u8; 16],
    pub(crate) password: fn() -> Secret,
}

pub(super) struct App {
    pub(super) folder: PathBuf,
    pub(super) store: Store,
    pub(super) configuration: Arc<Configuration>,
    /// The settings files, as they were read last.
    pub(super) files: Arc<FileLayer>,
    /// What the running server says of those that it read, which may be others.
    files_of_server: Option<Arc<FileLayer>>,
    pub(super) server: Server,
    /// How agents and queues stand; None: no server says it.
    pub(super) at_work: Option<AtWork>,
    /// When users logged in last, as it was read last.
    pub(super) last_logins: Arc<LastLogins>,
    /// What users have switched on themselves.
    pub(super) services: Arc<ServicesOn>,
    /// What the doctor found last.
    pub(super) findings: Vec<check::Finding>,
    /// Whether the doctor has looked yet.
    pub(super) was_checked: bool,
    /// Connections, and client lines since the sample before; the newest last.
    pub(super) samples: VecDeque<Sample>,
    /// Where its user is.
    pub(super) place: Tab,
    /// The clock, as the last tick brought it, in the zone of the host.
    pub(super) now: OffsetDateTime,
    pub(super) random: RandomSource,
    /// The file that was imported last, by what it was a table of: mended, it is read again.
    imported: BTreeMap<Kind, String>,
    /// Whether it takes what is copied.
    extras: Extras,
    pub(super) note: Option<Note>,
    /// What the palette went to and did last, the newest first, by its text.
    pub(super) recent_errands: Vec<String>,
    /// What the terminal is to do with the next frame.
    requests: Vec<TerminalRequest>,
    origin: store::Origin,
    /// What it was started with, whatever `console.theme` says.
    pub(super) named_theme: Option<&'static str>,
    rights: Rights,
    file_access: FileAccess,
    /// What `~/` stands for.
    home: Option<String>,
    steps: Vec<UndoStep>,
    /// Undos, which Ctrl-Z leaves alone: what they removed comes back whole out of the history.
    undos: Vec<UndoStep>,
    /// What was changed last, undo and what the server did included.
    last_change: Option<LastChange>,
    /// What `.` does.
    repeat: Option<Repeat>,
    /// The key before was an undo that asked nothing, though it asks at other times: an answer by habit answers nothing then.
    unasked: Option<UnaskedUndo>,
    /// How a shell calls ctibox on the folder: `ctibox`, `ctibox --data here`.
    pub(super) called: String,
    /// How many changes of this console are on disk.
    changes: OwnChanges,
    /// How often it has written anything, files too, and when it did so last: what is read beside is older until it is read
    /// again.
    writes: u64,
    wrote_at: i64,
    /// What a key began has been waited for since the console asked last.
    has_waited: bool,
    /// A change or a question to the server that is not over yet.
    under_way: Option<UnderWay<App, Transition>>,
    /// What was typed meanwhile.
    pub(super) typed_ahead: TypedAhead,
    /// How long a key waits for what it began.
    pub(super) patience: Duration,
    /// How long a frame waits for what is looked at for it.
    pub(super) glance: Duration,
    /// What the database holds, as a thread reads it: something was changed here and elsewhere.
    reread: Option<Job<Result<Configuration, StoreError>>>,
    name_of: NameOf,
    /// What was typed when the line was cut and is to stand in its forms again, as they are opened.
    taken_up: RefCell<Vec<UnsavedForm>>,
    /// Why the database cannot be read, as long as that is so.
    pub(super) lost: Option<String>,
    /// Something was changed here that the watcher may not have read yet.
    is_ahead: bool,
}

impl App {
    pub(super) fn open(start: Start, now: OffsetDateTime) -> Result<Self, StoreError> {
        let configuration = Arc::new(start.store.configuration()?);
        let called = last_change::called_on(&start.folder, &start.usual_folder);
        Ok(Self {
            folder: start.folder,
            store: start.store,
            configuration,
            files: (start.files)(),
            files_of_server: None,
            server: Server::NotAskedYet,
            at_work: None,
            last_logins: Arc::default(),
            services: Arc::default(),
            findings: Vec::new(),
            was_checked: false,
            samples: VecDeque::new(),
            place: start.tab,
            now,
            random: start.random,
            imported: BTreeMap::new(),
            extras: start.capabilities.extras,
            note: None,
            recent_errands: Vec::new(),
            requests: Vec::new(),
            origin: start.origin,
            named_theme: start.theme.map(Theme::as_str),
            rights: start.rights,
            file_access: start.file_access,
            home: start.home,
            steps: Vec::new(),
            undos: Vec::new(),
            last_change: None,
            repeat: None,
            unasked: None,
            called,
            changes: OwnChanges::default(),
            writes: 0,
            wrote_at: 0,
            has_waited: false,
            under_way: None,
            typed_ahead: TypedAhead::default(),
            patience: AT_ONCE,
            glance: GLANCE,
            reread: None,
            name_of: start.name_of,
            taken_up: RefCell::default(),
            lost: None,
            is_ahead: false,
        })
    }

    /// Why nothing can be changed, if so.
    pub(super) fn read_only_obstacle(&self) -> Option<&'static str> {
        (self.rights == Rights::ReadOnly).then_some("this console is read-only; start it without --read-only to edit")
    }

    /// Why no file can be named, if so.
    pub(super) fn file_obstacle(&self) -> Option<&'static str> {
        (self.file_access == FileAccess::None)
            .then_some("this console runs through sudo and takes no file names; root can do this with the command")
    }

    /// The home folder of whoever sits here; none where no file can be named.
    pub(super) fn home(&self) -> Option<&str> {
        self.home.as_deref().filter(|_| self.file_obstacle().is_none())
    }

    #[cfg(test)]
    pub(super) fn lend(&mut self, file_access: FileAccess) {
        self.file_access = file_access;
    }

    /// Who edits, as the audit knows them.
    pub(super) fn user(&self) -> &str {
        &self.origin.user
    }

    pub(super) fn is_running(&self) -> bool {
        matches!(self.server, Server::Running(..))
    }

    pub(super) fn sessions(&self) -> &[Session] {
        match &self.server {
            Server::Running(_, sessions) => sessions,
            _ => &[],
        }
    }

    /// What stands above the database: the settings files, and what the command line of the running server names.
    pub(super) fn overrides(&self) -> Overrides {
        let command_line = match &self.server {
            Server::Running(status, _) => config::named_addresses(&status.named),
            _ => Layer::new(),
        };
        Overrides { command_line, files: Arc::clone(self.files_in_force()) }
    }

    /// What the files say that the running server read; without one, those that are here.
    pub(super) fn files_in_force(&self) -> &Arc<FileLayer> {
        self.files_of_server.as_ref().unwrap_or(&self.files)
    }

    /// The general settings with their origins.
    pub(super) fn effective(&self) -> Effective {
        Effective::new(&self.configuration.settings, &self.overrides())
    }

    /// Hands a text to the clipboard of the terminal, by OSC 52: whether that takes it, no terminal says.
    pub(super) fn copy(&mut self, what: &str, text: String) {
        if self.extras == Extras::Off {
            return self.warn("this terminal has no clipboard for programs; select the text and copy it by hand");
        }
        if text.len() > CLIPBOARD_BYTES_MAX {
            return self.warn(format!("not copied: {what} would be {} bytes, too many for a terminal", text.len()));
        }
        self.request(TerminalRequest::Copy(text));
        self.tell(format!("copied {what}, if the terminal lets programs copy"));
    }

    pub(super) fn last_change(&self) -> Option<&LastChange> {
        self.last_change.as_ref()
    }

    /// The running server did something that a command does too, or files were made or removed.
    pub(super) fn remember_made_elsewhere(&mut self, words: String, commands: Vec<SameCommand>) {
        self.last_change = Some(LastChange::made_elsewhere(words, commands));
    }

    /// Ctrl-Z has just done this without a question.
    pub(super) fn note_unasked(&mut self, unasked: UnaskedUndo) {
        self.unasked = Some(unasked);
    }

    /// It is about the key right behind it alone.
    pub(super) fn take_unasked(&mut self) -> Option<UnaskedUndo> {
        self.unasked.take()
    }

    /// It was read to be imported.
    pub(super) fn remember_file(&mut self, kind: Kind, name: &str) {
        self.imported.insert(kind, name.to_owned());
    }

    /// The file that was read last, to be read again.
    pub(super) fn last_file(&self, kind: Kind) -> &str {
        self.imported.get(&kind).map_or("", String::as_str)
    }

    /// For the palette, when it is opened again.
    pub(super) fn remember_errand(&mut self, text: &str) {
        self.recent_errands.retain(|known| known != text);
        self.recent_errands.insert(0, text.to_owned());
        self.recent_errands.truncate(RECENT_ERRANDS_MAX);
    }

    pub(super) fn request(&mut self, request: TerminalRequest) {
        self.requests.push(request);
    }

    pub(super) fn take_requests(&mut self) -> Vec<TerminalRequest> {
        std::mem::take(&mut self.requests)
    }

    /// Whether people see only what is in their own context.
    pub(super) fn separates_contexts(&self) -> bool {
        let value = config::value_of(Setting::ContextSeparation, &self.configuration.settings, &self.overrides());
        value.reveal() == "true"
    }

    /// What `console.theme` is, with nothing else looked up: every frame asks.
    pub(super) fn theme(&self) -> ConsoleTheme {
        let overrides = Overrides { command_line: Layer::new(), files: self.files.clone() };
        let value = config::value_of(Setting::ConsoleTheme, &self.configuration.settings, &overrides);
        ConsoleTheme::parse(value.reveal()).unwrap_or(ConsoleTheme::Auto)
    }

    /// Something was done.
    pub(super) fn tell(&mut self, text: impl Into<String>) {
        self.say(Tone::Done, text);
    }

    /// Nothing was stored, and nothing is wrong.
    pub(super) fn remark(&mut self, text: impl Into<String>) {
        self.say(Tone::Remark, text);
    }

    pub(super) fn warn(&mut self, text: impl Into<String>) {
        self.say(Tone::Problem(Severity::Warning), text);
    }

    pub(super) fn fail(&mut self, text: impl Into<String>) {
        self.say(Tone::Problem(Severity::Error), text);
    }

    fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.note = Some(Note { tone, text: text.into() });
    }

    /// The object's version now, for a form that opens on it.
    pub(super) fn expected_version(&self, target: Target) -> Option<ExpectedVersion> {
        let version = self.configuration.version_of(target.kind, target.id)?;
        Some(ExpectedVersion { target, version })
    }

    /// What the watcher read; it may have done so before the last change of this console, which must not vanish again.
    pub(super) fn on_configuration(&mut self, read: Arc<Configuration>) {
        self.lost = None;
        if !self.is_ahead || read == self.configuration {
            self.is_ahead = false;
            self.configuration = read;
            return;
        }
        let store = self.store.clone();
        match Job::start("reread", move |_| store.configuration()) {
            Ok(job) => self.reread = Some(job),
            Err(error) => self.lost = Some(format!("no thread could be started: {error}")),
        }
        self.take_reread(self.glance);
    }

    /// Takes what was read anew, if it is there.
    pub(super) fn take_reread(&mut self, patience: Duration) {
        let Some(job) = &mut self.reread else { return };
        let read = match job.wait(patience) {
            JobState::Working => return,
            JobState::Ended(read) => read,
            JobState::Lost => return self.reread = None,
        };
        self.reread = None;
        match read {
            Ok(configuration) => self.configuration = Arc::new(configuration),
            Err(error) => self.lost = Some(store_words(&error)),
        }
    }

    /// Whether the database is being read anew.
    pub(super) fn is_rereading(&self) -> bool {
        self.reread.is_some()
    }

    /// How many changes of this console are on disk: who waits for one sees it come.
    pub(super) fn changes(&self) -> u64 {
        self.changes.number()
    }

    /// The same for whoever waits longer.
    pub(super) fn own_changes(&self) -> OwnChanges {
        self.changes.clone()
    }

    /// How often this console has written anything: what was read before the last time may be old.
    pub(super) fn writes(&self) -> u64 {
        self.writes
    }

    /// When it did so last.
    pub(super) fn wrote_at(&self) -> i64 {
        self.wrote_at
    }

    /// What a key began has been waited for since this was asked last: other keys may have been typed meanwhile.
    pub(super) fn take_has_waited(&mut self) -> bool {
        std::mem::take(&mut self.has_waited)
    }

    /// What was typed is to stand in these forms again, as soon as they are opened.
    pub(super) fn offer_again(&self, forms: Vec<UnsavedForm>) {
        self.taken_up.replace(forms);
    }

    /// What was typed in that form when the line was cut; it is given once.
    pub(super) fn take_up(&self, key: &FormKey) -> Option<UnsavedForm> {
        let mut forms = self.taken_up.borrow_mut();
        let at = forms.iter().position(|form| form.key == *key)?;
        Some(forms.remove(at))
    }

    pub(super) fn on_server(&mut self, server: Server) {
        if let Server::Running(status, _) = &server {
            let lines = status.counts.get("lines_read").copied().unwrap_or_default();
            let before = match &self.server {
                Server::Running(before, _) if before.started == status.started => before.counts.get("lines_read"),
                _ => None,
            };
            let messages = before.map_or(0, |before| lines.saturating_sub(*before));
            let (at, connections) = (self.now.unix_timestamp(), u64::from(status.connections));
            self.samples.push_back(Sample { at, connections, messages });
            while self.samples.len() > SAMPLES_MAX {
                self.samples.pop_front();
            }
        }
        match (&self.server, &server) {
            (Server::Running(before, _), Server::Running(now, _)) if before.files == now.files => {}
            (_, Server::Running(now, _)) => self.files_of_server = check::files_of(now, &self.files).map(Arc::new),
            (_, Server::NotRunning) => self.files_of_server = None,
            (_, Server::NotAskedYet | Server::Silent(_)) => {}
        }
        if !matches!(server, Server::Running(..)) {
            self.at_work = None;
        }
        self.server = server;
    }
}
