//! The one way to change anything, and to ask the server: on a thread beside, with what came of it handed back to whoever
//! began it. What was changed here can be taken back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::{App, ChangeNature, DescribedChange, LastChange, Repeat, Target, Transition, TypedInput};
use crate::control;
use crate::observe::chain;
use crate::settings::configuration::Configuration;
use crate::settings::edit::AppliedChange;
use crate::settings::id::UserId;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::{Finding, Refusal, Rule, count};
use crate::settings::setting::Key as Setting;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::store::{self, AuditRange, ChangeError};
use crate::tui::command_line::SameCommand;
use crate::tui::effect;
use crate::tui::job::{Job, JobState};
use crate::tui::keys::Key;
use crate::tui::lock_wait::LockWait;
use crate::tui::note::Tone;
use crate::tui::saving::{
    End, Finish, Look, NOT_BEGUN, Outcome, Overtaken, PATIENCE, Phase, SaveError, Saved, UnderWay, Writer, Written,
};
use crate::tui::tab::Tab;

/// How far Ctrl-Z goes back.
pub(in crate::tui) const UNDO_STEPS_MAX: usize = 50;

/// A change of this console that can be taken back.
#[derive(Clone)]
pub(in crate::tui) struct UndoStep {
    pub(in crate::tui) words: String,
    pub(in crate::tui) nature: ChangeNature,
    pub(in crate::tui) change: Arc<AppliedChange>,
    /// Where the audit tells it.
    pub(in crate::tui) written: AuditRange,
    /// When and where it was made.
    pub(in crate::tui) at: i64,
    pub(in crate::tui) place: Tab,
}

/// Whether Ctrl-Z takes a change back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum Undoable {
    Yes,
    /// It is an undo itself: History takes it back.
    No,
}

/// The version of an object that a form was opened with: saving fails (rule V1) once it has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) struct ExpectedVersion {
    pub(in crate::tui) target: Target,
    pub(in crate::tui) version: u32,
}

/// How a change is told once it is written.
struct ToldChange {
    words: String,
    nature: ChangeNature,
    commands: Option<Vec<SameCommand>>,
}

impl App {
    /// One change in one transaction, remembered under these words. `seen` is what the edit was made for. What came of it is
    /// for `then`, whose answer is this one's where it is over at once, and else comes later.
    pub(in crate::tui) fn change<T: Send + 'static>(
        &mut self,
        words: impl Into<DescribedChange>,
        seen: Option<ExpectedVersion>,
        undoable: Undoable,
        edit: impl FnOnce(&mut Configuration) -> Result<T, Refusal> + Send + 'static,
        then: impl FnOnce(&mut Self, Outcome<T>) -> Transition + 'static,
    ) -> Transition {
        let edit = move |configuration: &mut Configuration| {
            if let Some(ExpectedVersion { target, version }) = seen {
                configuration.expect_version(target.kind, target.id, version)?;
            }
            edit(configuration)
        };
        let edit = move |configuration: &mut Configuration| edit(configuration).map_err(|refusal| vec![refusal]);
        self.save(words, undoable, move || Ok(edit), then)
    }

    /// The same where something takes its time before: `prepare` gives the edit.
    pub(in crate::tui) fn save<T: Send + 'static, E>(
        &mut self,
        words: impl Into<DescribedChange>,
        undoable: Undoable,
        prepare: impl FnOnce() -> Result<E, Vec<Refusal>> + Send + 'static,
        then: impl FnOnce(&mut Self, Outcome<T>) -> Transition + 'static,
    ) -> Transition
    where
        E: FnOnce(&mut Configuration) -> Result<T, Vec<Refusal>>,
    {
        self.save_with(EntriesNeeded::None, words, undoable, prepare, then)
    }

    /// The same with these entries of the phone book at hand.
    pub(in crate::tui) fn save_with<T: Send + 'static, E>(
        &mut self,
        entries: EntriesNeeded,
        words: impl Into<DescribedChange>,
        undoable: Undoable,
        prepare: impl FnOnce() -> Result<E, Vec<Refusal>> + Send + 'static,
        then: impl FnOnce(&mut Self, Outcome<T>) -> Transition + 'static,
    ) -> Transition
    where
        E: FnOnce(&mut Configuration) -> Result<T, Vec<Refusal>>,
    {
        if let Some(obstacle) = self.read_only_obstacle() {
            return then(
                self,
                Err(ChangeError::from(Refusal::new(
                    Rule::V1,
                    TargetKind::TheConsole,
                    Violation::NotDone { words: obstacle.to_owned() },
                ))
                .into()),
            );
        }
        let DescribedChange { words, intent, commands } = words.into();
        let server = self.is_running().then(|| self.folder.clone());
        let told = ToldChange { words, nature: ChangeNature::of(&intent), commands };
        let origin = store::Origin { intent, ..self.origin.clone() };
        let name_of = self.name_of;
        let writer = Writer { store: self.store.clone(), origin, entries, server, name_of };
        let lock_wait = LockWait::new(self.store.clone(), name_of);
        self.begin(
            "saving",
            Some(lock_wait),
            move |phase| writer.write(phase, prepare),
            move |app, end| {
                let outcome = match end {
                    End::Done(written) => {
                        app.note_write();
                        app.take(told, undoable, written)
                    }
                    End::GivenUp => Err(SaveError::GivenUp),
                    End::Lost => Err(SaveError::Lost),
                    End::NoThread(error) => Err(SaveError::NoThread(error)),
                };
                then(app, outcome)
            },
        )
    }

    /// Something that only looks, and that can be given up: what was found is for `then`.
    pub(in crate::tui) fn look_up<T: Send + 'static>(
        &mut self,
        verb: &'static str,
        look: impl FnOnce() -> T + Send + 'static,
        then: impl FnOnce(&mut Self, Result<T, String>) -> Transition + 'static,
    ) -> Transition {
        self.begin(verb, None, move |_| look(), move |app, end| then(app, end.into_result()))
    }

    /// Something that makes or removes files: once begun it is done to its end.
    pub(in crate::tui) fn make<T: Send + 'static>(
        &mut self,
        verb: &'static str,
        make: impl FnOnce() -> T + Send + 'static,
        then: impl FnOnce(&mut Self, Result<T, String>) -> Transition + 'static,
    ) -> Transition {
        let work = move |phase: &Phase| phase.begin().then(make);
        self.begin(verb, None, work, move |app, end| {
            app.note_write();
            then(app, end.into_result().and_then(|made| made.ok_or_else(|| NOT_BEGUN.to_owned())))
        })
    }

    /// A question to the server, whose answer is for `then`.
    pub(in crate::tui) fn ask_server(
        &mut self,
        ask: control::Request,
        then: impl FnOnce(&mut Self, Result<control::Response, String>) -> Transition + 'static,
    ) -> Transition {
        let folder = self.folder.clone();
        self.begin(
            "asking the server",
            None,
            move |_| control::call(&folder, &ask, PATIENCE),
            move |app, end| {
                let reply = match end {
                    End::GivenUp => Err("gave up waiting; the server may have done it all the same".to_owned()),
                    other => other.into_result().and_then(|reply| reply.map_err(|error| chain(&error))),
                };
                then(app, reply)
            },
        )
    }

    /// Has a thread do it, and waits a moment for that.
    fn begin<T: Send + 'static>(
        &mut self,
        verb: &'static str,
        lock_wait: Option<LockWait>,
        work: impl FnOnce(&Phase) -> T + Send + 'static,
        then: impl FnOnce(&mut Self, End<T>) -> Transition + 'static,
    ) -> Transition {
        let phase = Arc::new(Phase::default());
        let shared = Arc::clone(&phase);
        let mut job = match Job::start("work", move |_| work(&shared)) {
            Ok(job) => job,
            Err(error) => return then(self, End::NoThread(error)),
        };
        let mut then = Some(then);
        let finish: Finish<Self, Transition> = Box::new(move |app, look| {
            let end = match look {
                Look::GivenUp => End::GivenUp,
                Look::Wait(patience) => match job.wait(patience) {
                    JobState::Working => return None,
                    JobState::Ended(value) => End::Done(value),
                    JobState::Lost => End::Lost,
                },
            };
            Some(then.take().map_or(Transition::Stay, |then| then(app, end)))
        });
        let since = self.now.unix_timestamp();
        self.under_way = Some(UnderWay { verb, since, phase, lock_wait, finish });
        self.has_waited = true;
        if self.patience.is_zero() {
            // Nothing is taken before the next look, not even what is over by now.
            return Transition::Stay;
        }
        self.look_after(self.patience).unwrap_or(Transition::Stay)
    }

    pub(in crate::tui) fn under_way(&self) -> Option<&UnderWay<Self, Transition>> {
        self.under_way.as_ref()
    }

    /// What is under way may be over by now: then who began it answers.
    pub(in crate::tui) fn look_after(&mut self, patience: Duration) -> Option<Transition> {
        let over = self.finish(Look::Wait(patience));
        if let Some(under_way) = &mut self.under_way
            && !under_way.phase.is_under_way()
            && let Some(lock_wait) = &mut under_way.lock_wait
        {
            lock_wait.look();
        }
        over
    }

    fn finish(&mut self, look: Look) -> Option<Transition> {
        let mut under_way = self.under_way.take()?;
        let transition = (under_way.finish)(self, look);
        if transition.is_none() {
            self.under_way = Some(under_way);
        }
        transition
    }

    /// Files or settings were written, as far as that went.
    fn note_write(&mut self) {
        self.writes += 1;
        self.wrote_at = self.now.unix_timestamp();
    }

    /// A key while something is under way: Esc gives it up if that can still be, any other waits.
    pub(in crate::tui) fn press_while_busy(&mut self, key: Key) -> Option<Transition> {
        if [Key::ESC, Key::ctrl('c')].contains(&key)
            && let Some(under_way) = &mut self.under_way
            && under_way.phase.give_up()
        {
            return self.finish(Look::GivenUp);
        }
        self.typed_ahead.keep(TypedInput::Key(key));
        None
    }

    /// What was changed is what is shown from now on.
    fn take<T>(
        &mut self,
        ToldChange { words, nature, commands }: ToldChange,
        undoable: Undoable,
        written: Written<T>,
    ) -> Outcome<T> {
        let Written { outcome, step, effect, overtaken_by } = written;
        let changed = match (outcome, overtaken_by) {
            (Ok(changed), _) => changed,
            (Err(error), None) => return Err(error.into()),
            (Err(error), Some(stored)) => {
                let mut newest = stored.clone();
                newest.phone_book.put_away();
                self.configuration = Arc::new(newest);
                self.is_ahead = true;
                self.reread = None;
                let told = match &error {
                    ChangeError::Refused(refusals) => self.words_of_overtaken(refusals),
                    ChangeError::Store(_) => None,
                };
                return Err(SaveError::Overtaken(Box::new(Overtaken { error, stored, told })));
            }
        };
        let mut touched = Vec::new();
        if let Some((before, mut after)) = step {
            let differs = |key: &&Setting| before.settings.get(key) != after.settings.get(key);
            touched.extend(Setting::ALL.iter().filter(differs).copied());
            let change = Arc::new(AppliedChange::between(&before, &after));
            // "The same as a command" compares what was at hand before and after; the next change has no use for it.
            let changed_to = Arc::new(after.clone());
            after.phone_book.put_away();
            self.configuration = Arc::new(after);
            // What is being read anew may be older.
            self.reread = None;
            if !change.is_none() {
                self.changes.count_one();
                self.is_ahead = true;
                self.last_change = Some(match commands {
                    Some(commands) => LastChange::of_import(words.clone(), commands),
                    None => LastChange::of_configuration(words.clone(), before, changed_to),
                });
                // What `.` did before is no longer the last change; who can do this one again says so next.
                self.repeat = None;
                if let Some(written) = changed.written {
                    let (at, place) = (self.now.unix_timestamp(), self.place);
                    self.remember(undoable, UndoStep { words, nature, change, written, at, place });
                }
            } else if let Some(commands) = commands {
                self.remember_made_elsewhere(words, commands);
            }
        }
        Ok(Saved { value: changed.value, warnings: changed.warnings, touched, effect })
    }

    fn remember(&mut self, undoable: Undoable, step: UndoStep) {
        let steps = match undoable {
            Undoable::Yes => &mut self.steps,
            Undoable::No => &mut self.undos,
        };
        steps.push(step);
        let surplus = steps.len().saturating_sub(UNDO_STEPS_MAX);
        steps.drain(..surplus);
    }

    /// The last change of this console that can be taken back.
    pub(in crate::tui) fn last_step(&self) -> Option<UndoStep> {
        self.steps.last().cloned()
    }

    /// All that this console still knows whole, and where the audit tells it.
    pub(in crate::tui) fn written_steps(&self) -> Vec<(AuditRange, Arc<AppliedChange>)> {
        self.steps.iter().chain(&self.undos).map(|step| (step.written, Arc::clone(&step.change))).collect()
    }

    /// How many users were removed here to whom nobody else than this console could give their passwords back. Whom an undo
    /// removed nobody wanted.
    pub(in crate::tui) fn passwords_held(&self) -> usize {
        let removed = self.steps.iter().flat_map(|step| step.change.removed_with_password());
        let gone: BTreeSet<UserId> = removed.filter(|user| self.configuration.users.get(*user).is_none()).collect();
        gone.len()
    }

    /// It was taken back, or never can be.
    pub(in crate::tui) fn forget_last_step(&mut self) {
        self.steps.pop();
    }

    /// A change whose outcome goes to the message line.
    pub(in crate::tui) fn change_and_tell(
        &mut self,
        words: impl Into<String>,
        seen: Option<ExpectedVersion>,
        edit: impl FnOnce(&mut Configuration) -> Result<(), Refusal> + Send + 'static,
    ) -> Transition {
        self.change_told(words.into(), seen, None, edit)
    }

    /// The same of one that `.` can do to other rows.
    pub(in crate::tui) fn change_and_repeat(
        &mut self,
        words: impl Into<String>,
        seen: Option<ExpectedVersion>,
        repeat: Repeat,
        edit: impl FnOnce(&mut Configuration) -> Result<(), Refusal> + Send + 'static,
    ) -> Transition {
        self.change_told(words.into(), seen, Some(repeat), edit)
    }

    fn change_told(
        &mut self,
        words: String,
        seen: Option<ExpectedVersion>,
        repeat: Option<Repeat>,
        edit: impl FnOnce(&mut Configuration) -> Result<(), Refusal> + Send + 'static,
    ) -> Transition {
        let told = words.clone();
        self.change(words, seen, Undoable::Yes, edit, move |app, outcome| {
            if let Some(repeat) = repeat.filter(|_| outcome.is_ok()) {
                app.remember_repeat(repeat);
            }
            app.tell_outcome(&told, outcome);
            Transition::Stay
        })
    }

    /// The words, or why nothing was done.
    pub(in crate::tui) fn tell_outcome<T>(&mut self, words: &str, outcome: Outcome<T>) {
        match outcome {
            Ok(saved) => self.tell_saved(words, &saved),
            Err(error) => self.fail(error.words()),
        }
    }

    /// What was done, what the server made of it, and what there is to warn of.
    pub(in crate::tui) fn tell_saved<T>(&mut self, words: &str, saved: &Saved<T>) {
        let effect = saved.effect.as_ref().map(|effect| effect::words(effect, &saved.touched, self.files_in_force()));
        let (tone, effect) = effect.unwrap_or((Tone::Done, String::new()));
        match saved.warnings.first() {
            Some(Finding { refusal: Refusal { on, problem, .. }, .. }) => {
                let others = match saved.warnings.len() - 1 {
                    0 => String::new(),
                    others => format!("; and {}, see Overview", count(others, "more note")),
                };
                let told = format!("{words}{effect}. Note: {on} {problem}{others}");
                if tone == Tone::Done { self.warn(told) } else { self.say(tone, told) }
            }
            None => self.say(tone, format!("{words}{effect}")),
        }
    }
}
