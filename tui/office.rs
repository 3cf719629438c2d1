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
use crate::control::{self, Session, Status};
use crate::observe::chain;
use crate::settings::configuration::Configuration;
use crate::settings::edit::AppliedChange;
use crate::settings::id::UserUuid;
use crate::settings::password::Secret;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::{Refusal, Rule, Severity};
use crate::settings::setting::{Key as Setting, Layer};
use crate::store::{ChangeError, Origin, Store, StoreError};

use super::ability::Colors;
use super::effect;
use super::job::{Job, Stand};
use super::keys::Key;
use super::plain::without_codes;
use super::proposal::Proposal;
use super::saving::{End, Finish, Look, Outcome, Phase, SaveError, Saved, UnderWay, Writer, Written, store_words};
use super::screen::{Answer, Target};

/// How far Ctrl-Z goes back.
pub(super) const STEPS_MAX: usize = 50;

/// Two minutes of samples, one a second, behind the sparklines.
pub(super) const SAMPLES_MAX: usize = 120;

/// How long the server may take for an answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// So long a key waits for what it began: most changes are over by then, and nothing needs to be told.
pub(super) const AT_ONCE: Duration = Duration::from_millis(150);

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
    /// A change or a question to the server that is not over yet.
    under_way: Option<UnderWay>,
    /// How long a key waits for what it began.
    pub(super) patience: Duration,
    /// Why the database cannot be read, as long as that is so.
    pub(super) lost: Option<String>,
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
#[derive(Clone)]
struct Step {
    words: String,
    change: Arc<AppliedChange>,
}

/// Whether Ctrl-Z takes a change back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Memory {
    Undo,
    /// It is an undo itself: History takes it back.
    Forget,
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
            under_way: None,
            patience: AT_ONCE,
            lost: None,
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

    /// One change in one transaction, remembered under these words. `seen` is what the edit was made for. What came of it is
    /// for `then`, whose answer is this one's where it is over at once, and else comes later.
    pub(super) fn change<T: Send + 'static>(
        &mut self,
        words: impl Into<String>,
        seen: Option<Seen>,
        memory: Memory,
        edit: impl FnOnce(&mut Configuration) -> Result<T, Refusal> + Send + 'static,
        then: impl FnOnce(&mut Self, Outcome<T>) -> Answer + 'static,
    ) -> Answer {
        let edit = move |configuration: &mut Configuration| {
            if let Some(Seen { target, version }) = seen {
                configuration.expect_version(target.kind, target.id, version)?;
            }
            edit(configuration)
        };
        let edit = move |configuration: &mut Configuration| edit(configuration).map_err(|refusal| vec![refusal]);
        self.save(words, memory, move || Ok(edit), then)
    }

    /// The same where something takes its time before: `prepare` gives the edit.
    pub(super) fn save<T: Send + 'static, E>(
        &mut self,
        words: impl Into<String>,
        memory: Memory,
        prepare: impl FnOnce() -> Result<E, Vec<Refusal>> + Send + 'static,
        then: impl FnOnce(&mut Self, Outcome<T>) -> Answer + 'static,
    ) -> Answer
    where
        E: FnOnce(&mut Configuration) -> Result<T, Vec<Refusal>>,
    {
        self.save_with(EntriesNeeded::None, words, memory, prepare, then)
    }

    /// The same with these entries of the phone book at hand.
    pub(super) fn save_with<T: Send + 'static, E>(
        &mut self,
        entries: EntriesNeeded,
        words: impl Into<String>,
        memory: Memory,
        prepare: impl FnOnce() -> Result<E, Vec<Refusal>> + Send + 'static,
        then: impl FnOnce(&mut Self, Outcome<T>) -> Answer + 'static,
    ) -> Answer
    where
        E: FnOnce(&mut Configuration) -> Result<T, Vec<Refusal>>,
    {
        if let Some(obstacle) = self.read_only_obstacle() {
            return then(self, Err(ChangeError::from(Refusal::new(Rule::V1, "the console", obstacle)).into()));
        }
        let words = words.into();
        let server = self.is_running().then(|| self.folder.clone());
        let writer = Writer { store: self.store.clone(), origin: self.origin.clone(), entries, server };
        self.begin(
            "saving",
            move |phase| writer.write(phase, prepare),
            move |office, end| {
                let outcome = match end {
                    End::Done(written) => office.take(words, memory, written),
                    End::GivenUp => Err(SaveError::GivenUp),
                    End::Lost => Err(SaveError::Lost),
                    End::NoThread(error) => Err(SaveError::NoThread(error)),
                };
                then(office, outcome)
            },
        )
    }

    /// A question to the server, whose answer is for `then`.
    pub(super) fn ask_server(
        &mut self,
        ask: control::Request,
        then: impl FnOnce(&mut Self, Result<control::Response, String>) -> Answer + 'static,
    ) -> Answer {
        let folder = self.folder.clone();
        self.begin(
            "asking the server",
            move |_| control::call(&folder, &ask, PATIENCE),
            move |office, end| {
                let reply = match end {
                    End::Done(reply) => reply.map_err(|error| chain(&error)),
                    End::GivenUp => Err("given up waiting; whether the server did it, Sessions shows".to_owned()),
                    End::Lost => Err("the thread that asked came to no end".to_owned()),
                    End::NoThread(error) => Err(format!("no thread can be started: {error}")),
                };
                then(office, reply)
            },
        )
    }

    /// Has a thread do it, and waits a moment for that.
    fn begin<T: Send + 'static>(
        &mut self,
        verb: &'static str,
        work: impl FnOnce(&Phase) -> T + Send + 'static,
        then: impl FnOnce(&mut Self, End<T>) -> Answer + 'static,
    ) -> Answer {
        let phase = Arc::new(Phase::default());
        let shared = Arc::clone(&phase);
        let mut job = match Job::start("work", move |_| work(&shared)) {
            Ok(job) => job,
            Err(error) => return then(self, End::NoThread(error)),
        };
        let mut then = Some(then);
        let finish: Finish = Box::new(move |office, look| {
            let end = match look {
                Look::GivenUp => End::GivenUp,
                Look::Wait(patience) => match job.wait(patience) {
                    Stand::Working => return None,
                    Stand::Ended(value) => End::Done(value),
                    Stand::Lost => End::Lost,
                },
            };
            Some(then.take().map_or(Answer::Stay, |then| then(office, end)))
        });
        let since = self.now.unix_timestamp();
        self.under_way = Some(UnderWay { verb, since, phase, refused: None, finish });
        self.look_after(self.patience).unwrap_or(Answer::Stay)
    }

    pub(super) fn under_way(&self) -> Option<&UnderWay> {
        self.under_way.as_ref()
    }

    /// What is under way may be over by now: then who began it answers.
    pub(super) fn look_after(&mut self, patience: Duration) -> Option<Answer> {
        self.finish(Look::Wait(patience))
    }

    fn finish(&mut self, look: Look) -> Option<Answer> {
        let mut under_way = self.under_way.take()?;
        let answer = (under_way.finish)(self, look);
        if answer.is_none() {
            self.under_way = Some(under_way);
        }
        answer
    }

    /// A key while something is under way: Esc gives it up if that can still be, no other is taken.
    pub(super) fn press_meanwhile(&mut self, key: Key) -> Option<Answer> {
        let under_way = self.under_way.as_mut()?;
        if [Key::ESC, Key::ctrl('c')].contains(&key) && under_way.phase.give_up() {
            return self.finish(Look::GivenUp);
        }
        under_way.refused = Some(key.to_string());
        None
    }

    /// Whether something is under way; what was pasted or clicked is not taken then.
    pub(super) fn refuses(&mut self, what: &str) -> bool {
        let refused = self.under_way.as_mut().map(|under_way| under_way.refused = Some(what.to_owned()));
        refused.is_some()
    }

    /// What was changed is what is shown from now on.
    fn take<T>(&mut self, words: String, memory: Memory, written: Written<T>) -> Outcome<T> {
        let Written { outcome, step, effect } = written;
        let changed = outcome?;
        let mut touched = Vec::new();
        if let Some((before, mut after)) = step {
            let differs = |key: &&Setting| before.settings.get(key) != after.settings.get(key);
            touched.extend(Setting::ALL.iter().filter(differs).copied());
            let change = Arc::new(AppliedChange::between(&before, &after));
            // What was at hand for this change is of no use to the next.
            after.phone_book.put_away();
            self.configuration = Arc::new(after);
            if !change.is_none() {
                self.is_ahead = true;
                self.remember(memory, Step { words, change });
            }
        }
        Ok(Saved { value: changed.value, warnings: changed.warnings, touched, effect })
    }

    fn remember(&mut self, memory: Memory, step: Step) {
        if memory == Memory::Undo {
            self.steps.push(step);
            let surplus = self.steps.len().saturating_sub(STEPS_MAX);
            self.steps.drain(..surplus);
        }
    }

    /// A change whose outcome goes to the message line.
    pub(super) fn change_and_tell(
        &mut self,
        words: impl Into<String>,
        seen: Option<Seen>,
        edit: impl FnOnce(&mut Configuration) -> Result<(), Refusal> + Send + 'static,
    ) -> Answer {
        let words = words.into();
        let told = words.clone();
        self.change(words, seen, Memory::Undo, edit, move |office, outcome| {
            office.tell_outcome(&told, outcome);
            Answer::Stay
        })
    }

    /// The words, or why nothing was done.
    pub(super) fn tell_outcome<T>(&mut self, words: &str, outcome: Outcome<T>) {
        match outcome {
            Ok(saved) => self.tell_saved(words, &saved),
            Err(error) => self.fail(error.words()),
        }
    }

    /// What was done, what the server made of it, and what there is to warn of.
    pub(super) fn tell_saved<T>(&mut self, words: &str, saved: &Saved<T>) {
        let effect = saved.effect.as_ref().map(|effect| effect::words(effect, &saved.touched));
        let (tone, effect) = effect.unwrap_or((Tone::Done, String::new()));
        match saved.warnings.first() {
            Some(warning) if tone == Tone::Done => self.warn(format!("{words}{effect}; but {}", warning.refusal)),
            Some(warning) => self.say(tone, format!("{words}{effect}; besides, {}", warning.refusal)),
            None => self.say(tone, format!("{words}{effect}")),
        }
    }

    /// Takes the last change of this console back.
    pub(super) fn undo(&mut self) -> Answer {
        if let Some(obstacle) = self.read_only_obstacle() {
            self.warn(obstacle);
            return Answer::Stay;
        }
        let Some(Step { words, change }) = self.steps.last().cloned() else {
            self.warn("there is nothing to undo in this console; History goes further back");
            return Answer::Stay;
        };
        let title = "Take back the last change?";
        let entries = change.entries();
        Proposal::new(title, "take it back", "undo", move |configuration| configuration.revert(&change))
            .about(entries)
            .remembered(Memory::Forget)
            .then(move |office, outcome| {
                match outcome {
                    Ok(saved) => {
                        office.steps.pop();
                        office.tell_saved(&format!("undone: {words}; History can bring it back"), &saved);
                    }
                    Err(error) => {
                        // What the store could not do now it may do later; what is refused once is refused for good.
                        if !error.refusals().is_empty() {
                            office.steps.pop();
                        }
                        office.fail(format!("not undone: {}", error.words()));
                    }
                }
                Answer::Stay
            })
            .put(self)
    }

    /// What the watcher read; it may have done so before the last change of this console, which must not vanish again.
    pub(super) fn hear_configuration(&mut self, read: Arc<Configuration>) {
        self.lost = None;
        if !self.is_ahead || read == self.configuration {
            self.is_ahead = false;
            self.configuration = read;
            return;
        }
        match self.store.configuration() {
            Ok(configuration) => self.configuration = Arc::new(configuration),
            Err(error) => self.lost = Some(store_words(&error)),
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
