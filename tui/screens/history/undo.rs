//! Undoing changes out of the history: what was changed again since is found first, named and left out; the rest is asked
//! about, with what holds afterwards, and undone in one transaction.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::ReadEntry;
use crate::exchange::document::{AuditedChange, ChangedSince, NotUndone, entries_in, restored};
use crate::settings::configuration::Configuration;
use crate::settings::id::AuditId;
use crate::settings::rule::{Refusal, Rule, count};
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::store::{AuditEntry, AuditRange, Store};
use crate::tui::app::{App, Transition, undone};
use crate::tui::ask::Question;
use crate::tui::proposal::Proposal;

/// Actions, changes of one, or what is left out, that are told by name before they are undone.
const NAMED: usize = 6;

/// What is to be undone as one: a transaction, or one entry of it.
pub(super) struct PastAction {
    pub(super) title: String,
    pub(super) entries: Vec<AuditEntry>,
}

impl PastAction {
    pub(super) fn of(entry: AuditEntry) -> Self {
        Self { title: entry.recorded().describe(), entries: vec![entry] }
    }
}

/// What is chosen to be taken back, before it is read.
pub(super) enum ChosenAction {
    Whole { id: AuditId, title: String },
    Entry(Box<ReadEntry>),
}

impl ChosenAction {
    /// Off the thread that draws: a transaction may have a hundred thousand entries.
    pub(super) fn read(self, store: &Store) -> Result<PastAction, String> {
        match self {
            Self::Whole { id, title } => {
                let entries = store.entries_of(id, None, usize::MAX).map_err(|error| error.to_string())?;
                let entries = entries.into_iter().collect::<Result<_, _>>().map_err(|damaged| damaged.to_string())?;
                Ok(PastAction { title, entries })
            }
            Self::Entry(entry) => entry.map(PastAction::of).map_err(|damaged| damaged.to_string()),
        }
    }
}

/// What of the actions can be undone as all is now.
struct Attempt {
    entries: Vec<AuditEntry>,
    left_out: Vec<ChangedSince>,
    /// What is so afterwards.
    holds: String,
    /// What does not come back with it: passwords and PINs.
    lost: Vec<String>,
}

impl Attempt {
    fn of(mut entries: Vec<AuditEntry>, app: &App) -> Result<Self, String> {
        let needed = entries_in(&recorded(&entries));
        let now = app.store.configuration_with(&needed).map_err(|error| error.to_string())?;
        let left_out = now.changed_since(&recorded(&entries)).map_err(|why| why.to_string())?;
        let is_left_out: BTreeSet<_> = left_out.iter().map(ChangedSince::identity).collect();
        entries.retain(|entry| !is_left_out.contains(&entry.recorded().identity()));
        let mut after = now.clone();
        let lost = after.restore(&recorded(&entries)).map_err(|why| why.to_string())?;
        Ok(Self { holds: restored(&now, &after), entries, left_out, lost })
    }
}

fn recorded(entries: &[AuditEntry]) -> Vec<AuditedChange<'_>> {
    entries.iter().map(AuditEntry::recorded).collect()
}

/// Asks whether these are to be undone, as far as nothing of them was changed since.
pub(super) fn ask(actions: Vec<PastAction>, app: &mut App) -> Transition {
    if actions.is_empty() {
        app.warn("nothing is chosen that could be undone");
        return Transition::Stay;
    }
    let title = format!("Undo {}?", count(actions.len(), "change"));
    let mut text = told(&actions);
    let words = match actions.as_slice() {
        [one] => one.title.clone(),
        several => count(several.len(), "change"),
    };
    let entries: Vec<AuditEntry> = actions.into_iter().flat_map(|action| action.entries).collect();
    let Attempt { entries, left_out, holds, lost } = match Attempt::of(entries, app) {
        Ok(attempt) => attempt,
        Err(why) => {
            app.fail(format!("cannot be undone: {why}"));
            return Transition::Stay;
        }
    };
    if entries.is_empty() {
        return nothing_to_undo(&left_out, app);
    }
    text.extend(named_left_out(&left_out, app));
    let told = match left_out.len() {
        0 => undone(&words),
        number => format!("{}, but {} left out that changed since", undone(&words), count(number, "object")),
    };
    // What did not come back has the room of what holds, which was read in the question.
    let told = if lost.is_empty() { format!("{told}; now {holds}") } else { told };
    let afterwards: Vec<String> =
        Some(holds).filter(|holds| !holds.is_empty()).into_iter().chain(told_lost(&lost)).collect();
    let holds = (!afterwards.is_empty()).then(|| afterwards.join("; "));
    propose(UndoQuestion { title, words, text, holds, told }, entries, app)
}

/// How it is asked about, and what is told then.
struct UndoQuestion {
    title: String,
    words: String,
    text: Vec<String>,
    holds: Option<String>,
    told: String,
}

fn propose(question: UndoQuestion, entries: Vec<AuditEntry>, app: &mut App) -> Transition {
    let UndoQuestion { title, words, text, holds, told } = question;
    let ranges = AuditRange::of(entries.iter().map(|entry| (entry.id, entry.transaction)));
    let needed = entries_in(&recorded(&entries));
    // The store knows refusals alone: what this one says more comes beside it.
    let refused: Arc<Mutex<Option<NotUndone>>> = Arc::default();
    let why = Arc::clone(&refused);
    let restore = move |configuration: &mut Configuration| {
        configuration.restore(&recorded(&entries)).map_err(|why| {
            let refusal = Refusal::new(Rule::V1, TargetKind::TheChange, Violation::NotDone { words: why.to_string() });
            *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
            refusal
        })
    };
    Proposal::new(title, "undo", undone(&words), restore)
        .about(needed)
        .always(text)
        .holding(holds)
        .undoes(ranges)
        .then(move |app, outcome| {
            let why = why.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (outcome, why) {
                (Ok(saved), _) => match told_lost(&saved.value) {
                    Some(note) => app.warn(format!("{told}; {note}")),
                    None => app.tell_saved(&told, &saved),
                },
                (Err(_), Some(NotUndone::ChangedSince(since))) => {
                    return nothing_to_undo(&[*since], app);
                }
                (Err(_), Some(why)) => app.fail(format!("not undone: {why}")),
                (Err(error), None) => app.fail(format!("not undone: {}", error.words())),
            }
            Transition::Stay
        })
        .put(app)
}

/// What does not come back: of one object in full, of others that there are more.
fn told_lost(lost: &[String]) -> Option<String> {
    let (first, others) = lost.split_first()?;
    Some(match others.len() {
        0 => first.clone(),
        more => format!("{first}; the same or alike of {}", count(more, "more object")),
    })
}

/// Each action in words; of one that changed several objects those too.
fn told(actions: &[PastAction]) -> Vec<String> {
    let (mut text, number): (Vec<String>, usize) = match actions {
        [PastAction { title, entries }] if entries.len() > 1 => {
            let named = entries.iter().take(NAMED).map(|entry| format!("· {}", entry.recorded().describe()));
            (std::iter::once(format!("{title}:")).chain(named).collect(), entries.len())
        }
        actions => (actions.iter().take(NAMED).map(|action| action.title.clone()).collect(), actions.len()),
    };
    if let more @ 1.. = number.saturating_sub(NAMED) {
        text.push(format!("and {}", count(more, "more change")));
    }
    text
}

/// Each in a line: what became of it since, by whom and when; of many the first ones.
fn lines_of(left_out: &[ChangedSince], app: &App) -> Vec<String> {
    let line = |since: &ChangedSince| {
        let last = app.changed_by(since.kind, since.number(), since.key());
        let last = last.map_or_else(String::new, |last| format!(" ({last})"));
        format!("· {}: {}{last}", since.on, since.difference())
    };
    left_out.iter().take(NAMED).map(line).collect()
}

fn named_left_out(left_out: &[ChangedSince], app: &App) -> Vec<String> {
    if left_out.is_empty() {
        return Vec::new();
    }
    let mut text = vec!["Left out, because it was changed again since:".to_owned()];
    text.extend(lines_of(left_out, app));
    if let more @ 1.. = left_out.len().saturating_sub(NAMED) {
        text.push(format!("and {}", count(more, "more object")));
    }
    text
}

fn nothing_to_undo(left_out: &[ChangedSince], app: &App) -> Transition {
    let mut text = vec!["Nothing was undone: what was changed then was changed again since.".to_owned()];
    text.extend(lines_of(left_out, app));
    text.push("Undo the later change first, or both together: Space marks them.".to_owned());
    let question = Question::new("Changed again since", text.join("\n")).stay("leave it as it is now");
    Transition::Push(Box::new(question))
}
