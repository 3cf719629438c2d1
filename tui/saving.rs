//! Work that may be held up, off the thread that draws: a change on its way into the database, a question to the server.
//! The app has one at a time; who began it goes on with what came of it. Until the database is ours it can be given
//! up, and then nothing was done.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use super::NameOf;
use super::lock_wait::LockWait;
use crate::check;
use crate::control::{self, ControlError};
use crate::observe::chain;
use crate::settings::configuration::Configuration;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::rule::{Finding, Refusal, Rule};
use crate::settings::setting::Key as Setting;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::store::{self, ChangeError, Changed, Store, StoreError, StoreRemedy};

/// How long the server may take for an answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// How far the work is, told between the thread that does it and the one that draws.
#[derive(Debug, Default)]
pub(super) struct Phase(AtomicU8);

const WAITING: u8 = 0;
const UNDER_WAY: u8 = 1;
const GIVEN_UP: u8 = 2;

impl Phase {
    /// From now on it is done; false: it was given up before.
    pub(super) fn begin(&self) -> bool {
        self.0.compare_exchange(WAITING, UNDER_WAY, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    /// Whether it will never be done; false: it is under way.
    pub(super) fn give_up(&self) -> bool {
        self.0.compare_exchange(WAITING, GIVEN_UP, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.0.load(Ordering::SeqCst) == UNDER_WAY
    }
}

/// What is under way, as the app holds it.
pub(super) struct UnderWay<A, T> {
    /// What it does: `saving`.
    pub(super) verb: &'static str,
    /// Unix time in seconds.
    pub(super) since: i64,
    pub(super) phase: Arc<Phase>,
    /// Who holds it up, where it is the database that is waited for.
    pub(super) lock_wait: Option<LockWait>,
    pub(super) finish: Finish<A, T>,
}

/// Gives the answer once it is over, and has the app keep what came of it.
/// `A` is the app, `T` what it tells the console to do next.
pub(super) type Finish<A, T> = Box<dyn FnMut(&mut A, Look) -> Option<T>>;

/// How the app looks after it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Look {
    /// Waits so long at the most.
    Wait(Duration),
    GivenUp,
}

/// How work ended.
pub(super) enum End<T> {
    Done(T),
    GivenUp,
    /// Its thread came to no end.
    Lost,
    NoThread(io::Error),
}

/// What is told of work that was given up before it began.
pub(super) const NOT_BEGUN: &str = "canceled";

impl<T> End<T> {
    /// Why there is nothing, in words.
    pub(super) fn into_result(self) -> Result<T, String> {
        match self {
            Self::Done(value) => Ok(value),
            Self::GivenUp => Err(NOT_BEGUN.to_owned()),
            Self::Lost => Err("it ended unexpectedly".to_owned()),
            Self::NoThread(error) => Err(format!("no thread could be started: {error}")),
        }
    }
}

/// A change that is on disk.
pub(super) struct Saved<T> {
    pub(super) value: T,
    pub(super) warnings: Vec<Finding>,
    /// The settings that are others now.
    pub(super) touched: Vec<Setting>,
    /// What the running server made of it; none: nothing was changed, or no server runs.
    pub(super) effect: Option<Result<control::Response, ControlError>>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum SaveError {
    #[error("canceled, nothing was changed")]
    GivenUp,
    #[error("saving ended unexpectedly; History shows whether it was done")]
    Lost,
    #[error("no thread could be started")]
    NoThread(#[source] io::Error),
    #[error(transparent)]
    Change(#[from] ChangeError),
    /// Somebody else changed the object meanwhile.
    #[error(transparent)]
    Overtaken(Box<Overtaken>),
}

/// A change that came too late.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub(super) struct Overtaken {
    pub(super) error: ChangeError,
    /// What is stored, with the entries of the phone book that the change needed.
    pub(super) stored: Configuration,
    /// Who was faster, and when, in words.
    pub(super) told: Option<String>,
}

pub(super) type Outcome<T> = Result<Saved<T>, SaveError>;

impl SaveError {
    /// With all causes, and what helps.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Change(ChangeError::Store(error)) => store_words(error),
            Self::Overtaken(overtaken) if overtaken.told.is_some() => overtaken.told.clone().unwrap_or_default(),
            other => chain(other),
        }
    }

    pub(super) fn refusals(&self) -> &[Refusal] {
        match self {
            Self::Change(ChangeError::Refused(refusals)) => refusals,
            Self::Overtaken(overtaken) => match &overtaken.error {
                ChangeError::Refused(refusals) => refusals,
                ChangeError::Store(_) => &[],
            },
            Self::GivenUp | Self::Lost | Self::NoThread(_) | Self::Change(ChangeError::Store(_)) => &[],
        }
    }

    /// What is stored, where somebody else was faster and it could be read.
    pub(super) fn stored(&self) -> Option<&Configuration> {
        match self {
            Self::Overtaken(overtaken) => Some(&overtaken.stored),
            Self::GivenUp | Self::Lost | Self::NoThread(_) | Self::Change(_) => None,
        }
    }

    /// Somebody else changed the object meanwhile.
    pub(super) fn is_overtaken(&self) -> bool {
        is_overtaken(self.refusals())
    }
}

fn is_overtaken(refusals: &[Refusal]) -> bool {
    refusals.iter().any(|refusal| refusal.rule == Rule::V1)
}

/// What is wrong with the database, and what helps.
pub(super) fn store_words(error: &StoreError) -> String {
    let remedy = match error.remedy() {
        Some(StoreRemedy::PutRightOne) => {
            Some("leave the console and start it again to work on the file that is there now".to_owned())
        }
        other => other.map(|remedy| remedy.words().to_string()),
    };
    remedy.map_or_else(|| chain(error), |remedy| format!("{}; {remedy}", chain(error)))
}

/// What the thread brings back.
pub(super) struct Written<T> {
    pub(super) outcome: Result<Changed<T>, ChangeError>,
    /// The configuration before and after.
    pub(super) step: Option<(Configuration, Configuration)>,
    pub(super) effect: Option<Result<control::Response, ControlError>>,
    /// What is stored, where somebody else was faster, with the entries of the phone book that were needed: the watcher may
    /// not have read it yet.
    pub(super) overtaken_by: Option<Configuration>,
}

/// Who writes, and where.
pub(super) struct Writer {
    pub(super) store: Store,
    pub(super) origin: store::Origin,
    /// The entries of the phone book that the change needs at hand.
    pub(super) entries: EntriesNeeded,
    /// Of the running server that is to take it over; none if none runs.
    pub(super) server: Option<PathBuf>,
    /// For whoever holds the database.
    pub(super) name_of: NameOf,
}

impl Writer {
    /// One change in one transaction; then the running server is asked what came of it. `prepare` is what takes its time
    /// before, while others can still write.
    pub(super) fn write<T, E>(self, phase: &Phase, prepare: impl FnOnce() -> Result<E, Vec<Refusal>>) -> Written<T>
    where
        E: FnOnce(&mut Configuration) -> Result<T, Vec<Refusal>>,
    {
        let (mut step, mut value, mut pair_warnings) = (None, None, Vec::new());
        let edit = match prepare() {
            Ok(edit) => edit,
            Err(refusals) => {
                let outcome = Err(ChangeError::Refused(refusals));
                return Written { outcome, step, effect: None, overtaken_by: None };
            }
        };
        let outcome = self.store.change_with(&self.entries, &self.origin, |present| {
            if !phase.begin() {
                return Err(vec![Refusal::new(Rule::V1, TargetKind::TheChange, Violation::GivenUp)]);
            }
            let mut new = present.clone();
            value = Some(edit(&mut new)?);
            pair_warnings = check::named_pair(&present.settings, &new.settings).map_err(|refusal| vec![refusal])?;
            step = Some((present.clone(), new.clone()));
            *present = new;
            Ok(())
        });
        let outcome = outcome.map(|changed| (changed, value.take()));
        let (outcome, step) = match outcome {
            Ok((mut changed, Some(value))) => {
                changed.warnings.append(&mut pair_warnings);
                (Ok(with_value(changed, value)), step)
            }
            Ok((_, None)) => (Err(Refusal::new(Rule::V1, TargetKind::TheChange, Violation::NotMade).into()), None),
            Err(error) => (Err(error.named(self.name_of)), None),
        };
        let is_changed = step.as_ref().is_some_and(|(before, after)| before != after);
        let server = self.server.filter(|_| outcome.is_ok() && is_changed);
        let since = outcome.as_ref().ok().map(|changed| changed.since);
        let effect = server.map(|folder| control::call(&folder, &control::Request::ReloadSettings { since }, PATIENCE));
        let is_overtaken = matches!(&outcome, Err(ChangeError::Refused(refusals)) if is_overtaken(refusals));
        let overtaken_by = is_overtaken.then(|| self.store.configuration_with(&self.entries).ok()).flatten();
        Written { outcome, step, effect, overtaken_by }
    }
}

fn with_value<T>(changed: Changed<()>, value: T) -> Changed<T> {
    Changed { value, warnings: changed.warnings, since: changed.since, written: changed.written }
}
