//! What the console knows and may do: the configuration as it is now, what the server and the doctor said last, and the
//! one way to change anything. Every screen is handed it; no screen opens a file or a socket past it.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use time::OffsetDateTime;

use super::{Rights, Start};
use crate::check;
use crate::config::{self, Effective};
use crate::control::{self, Ask, ControlError, Reply, Session, Status};
use crate::settings::configuration::Configuration;
use crate::settings::edit::Difference;
use crate::settings::id::UserUuid;
use crate::settings::password::Secret;
use crate::settings::rule::{Refusal, Rule, Severity};
use crate::settings::setting::Layer;
use crate::store::{ChangeError, Changed, Origin, Store, StoreError};

use super::ability::Colors;
use super::plain::without_codes;
use super::screen::Target;

/// How far Ctrl-Z goes back.
pub(super) const STEPS_MAX: usize = 50;

/// Two minutes of samples, one a second, behind the sparklines.
pub(super) const SAMPLES_MAX: usize = 120;

/// How long the server may take for an answer while the screen waits for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Random values, which this room has no source for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chance {
    pub(crate) user_uuid: fn() -> UserUuid,
    pub(crate) salt: fn() -> [u8; 16],
    pub(crate) password: fn() -> Secret,
}

/// What is known of the server of this folder.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Server {
    NotAskedYet,
    NotRunning,
    /// It runs, or seems to, and does not answer.
    Silent(String),
    Running(Status, Vec<Session>),
}

/// The message line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) tone: Tone,
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Something was done.
    Done,
    /// Nothing was done yet, or nothing was to be done.
    Remark,
    Problem(Severity),
}

pub(super) struct Office {
    pub(super) folder: PathBuf,
    pub(super) store: Store,
    pub(super) configuration: Arc<Configuration>,
    pub(super) server: Server,
    /// What the doctor found last.
    pub(super) findings: Vec<check::Finding>,
    /// Connections, and client lines since the sample before; the newest last.
    pub(super) samples: VecDeque<Sample>,
    /// The clock, as the last tick brought it, in the zone of the host.
    pub(super) now: OffsetDateTime,
    pub(super) chance: Chance,
    /// What the terminal can show: without colours, what is told by one is written.
    pub(super) colors: Colors,
    pub(super) note: Option<Note>,
    origin: Origin,
    rights: Rights,
    steps: Vec<Step>,
    /// Something was changed here that the watcher may not have read yet.
    is_ahead: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sample {
    /// When it was taken, Unix time in seconds.
    pub(super) at: i64,
    pub(super) connections: u64,
    pub(super) messages: u64,
}

/// A change of this console that can be taken back.
struct Step {
    words: String,
    change: Difference,
}

/// The version of an object that a form was opened with: saving fails (rule V1) once it has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) target: Target,
    pub(super) version: u32,
}

impl Office {
    pub(super) fn open(start: Start, now: OffsetDateTime) -> Result<Self, StoreError> {
        let configuration = Arc::new(start.store.configuration()?);
        Ok(Self {
            folder: start.folder,
            store: start.store,
            configuration,
            server: Server::NotAskedYet,
            findings: Vec::new(),
            samples: VecDeque::new(),
            now,
            chance: start.chance,
            colors: start.ability.colors,
            note: None,
            origin: start.origin,
            rights: start.rights,
            steps: Vec::new(),
            is_ahead: false,
        })
    }

    /// Why nothing can be changed, if so.
    pub(super) fn read_only_obstacle(&self) -> Option<&'static str> {
        (self.rights == Rights::ReadOnly).then_some("this console only reads; start it without --read-only to edit")
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

    /// The general settings with their origins, what the command line of the running server names among them.
    pub(super) fn effective(&self) -> Effective {
        let named = match &self.server {
            Server::Running(status, _) => config::named_addresses(&status.named),
            _ => Layer::new(),
        };
        Effective::new(&self.configuration.settings, named)
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
        self.note = Some(Note { tone, text: without_codes(&text.into()) });
    }

    /// The object's version now, for a form that opens on it.
    pub(super) fn seen(&self, target: Target) -> Option<Seen> {
        let version = self.configuration.version_of(target.kind, target.id)?;
        Some(Seen { target, version })
    }

    /// One change in one transaction, kept for undo under these words. `seen` is what the edit was made for.
    pub(super) fn change<T>(
        &mut self,
        words: impl Into<String>,
        seen: Option<Seen>,
        edit: impl FnOnce(&mut Configuration) -> Result<T, Refusal>,
    ) -> Result<Changed<T>, ChangeError> {
        if let Some(obstacle) = self.read_only_obstacle() {
            return Err(Refusal::new(Rule::V1, "the console", obstacle).into());
        }
        let (mut step, mut pair_warnings) = (None, Vec::new());
        let mut changed = self.store.change(&self.origin, |configuration| {
            let before = configuration.clone();
            if let Some(Seen { target, version }) = seen {
                configuration.expect_version(target.kind, target.id, version)?;
            }
            let value = edit(configuration)?;
            pair_warnings = check::named_pair(&before.settings, &configuration.settings)?;
            step = Some((before, configuration.clone()));
            Ok(value)
        })?;
        changed.warnings.extend(pair_warnings);
        self.keep(words.into(), step);
        Ok(changed)
    }

    /// The same for an edit that makes a whole new configuration of the present one, as an import does.
    pub(super) fn replace(
        &mut self,
        words: impl Into<String>,
        make: impl FnOnce(&Configuration) -> Result<Configuration, Vec<Refusal>>,
    ) -> Result<Changed<()>, ChangeError> {
        if let Some(obstacle) = self.read_only_obstacle() {
            return Err(Refusal::new(Rule::V1, "the console", obstacle).into());
        }
        let mut step = None;
        let changed = self.store.replace(&self.origin, |present| {
            let new = make(present)?;
            step = Some((present.clone(), new.clone()));
            Ok(new)
        })?;
        self.keep(words.into(), step);
        Ok(changed)
    }

    /// What was changed is what is shown from now on, and can be taken back. When this returns, a running server acts by it
    /// as well; one that does not answer sees it by itself.
    fn keep(&mut self, words: String, step: Option<(Configuration, Configuration)>) {
        let Some((before, after)) = step else { return };
        let change = Difference::between(&before, &after);
        self.configuration = Arc::new(after);
        if !change.is_none() {
            self.is_ahead = true;
            self.steps.push(Step { words, change });
            let surplus = self.steps.len().saturating_sub(STEPS_MAX);
            self.steps.drain(..surplus);
            if self.is_running() {
                let _ = self.ask(&Ask::Follow { since: None });
            }
        }
    }

    /// A change whose outcome goes to the message line: its words, its first warning, or why it was refused.
    pub(super) fn change_and_tell<T>(
        &mut self,
        words: impl Into<String>,
        seen: Option<Seen>,
        edit: impl FnOnce(&mut Configuration) -> Result<T, Refusal>,
    ) -> Option<T> {
        let words = words.into();
        match self.change(words.clone(), seen, edit) {
            Ok(changed) => {
                match changed.warnings.first() {
                    Some(warning) => self.warn(format!("{words}; but {}", warning.refusal)),
                    None => self.tell(words),
                }
                Some(changed.value)
            }
            Err(error) => {
                self.fail(error.to_string());
                None
            }
        }
    }

    /// Takes the last change of this console back.
    pub(super) fn undo(&mut self) {
        if let Some(obstacle) = self.read_only_obstacle() {
            return self.warn(obstacle);
        }
        let Some(Step { words, change }) = self.steps.pop() else {
            self.warn("there is nothing to undo in this console; History goes further back");
            return;
        };
        let depth = self.steps.len();
        match self.change("undo", None, |configuration| configuration.take_back(&change)) {
            Ok(_) => {
                // Undo is not undone by itself: History does that.
                self.steps.truncate(depth);
                self.tell(format!("undone: {words}; History can bring it back"));
            }
            Err(error) => {
                // What the store could not do now it may do later; what is refused once is refused for good.
                if let ChangeError::Store(_) = error {
                    self.steps.push(Step { words, change });
                }
                self.fail(format!("not undone: {error}"));
            }
        }
    }

    /// Asks the server and waits a moment for the answer.
    pub(super) fn ask(&self, ask: &Ask) -> Result<Reply, ControlError> {
        control::call(&self.folder, ask, PATIENCE)
    }

    /// What the watcher read; it may have done so before the last change of this console, which must not vanish again.
    pub(super) fn hear_configuration(&mut self, read: Arc<Configuration>) {
        if !self.is_ahead || read == self.configuration {
            self.is_ahead = false;
            self.configuration = read;
            return;
        }
        match self.store.configuration() {
            Ok(configuration) => self.configuration = Arc::new(configuration),
            Err(error) => self.fail(error.to_string()),
        }
    }

    pub(super) fn hear_server(&mut self, server: Server) {
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
        self.server = server;
    }
}
