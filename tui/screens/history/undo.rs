//! Undoing changes out of the history: what cannot be undone is found first, named and left out; the rest is asked about, with
//! what holds afterwards, and undone in one transaction.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::attempt::{Attempt, Looking, PastAction, counted, line_of, recorded};
use super::{ReadEntry, told};
use crate::exchange::document::{ChangedSince, LostSecret, NotUndone, Restored, entries_in};
use crate::settings::configuration::Configuration;
use crate::settings::id::AuditId;
use crate::settings::rule::{Refusal, Rule, count};
use crate::settings::state::STATE_IS_GONE;
use crate::settings::target_kind::TargetKind;
use crate::settings::violation::Violation;
use crate::store::{AuditEntry, AuditRange, Store};
use crate::tui::app::{App, ChangeNature, Transition};
use crate::tui::ask::Question;
use crate::tui::proposal::{NAMED, Proposal};

/// How an undo is taken back itself: it is a change as any other.
const BROUGHT_BACK: &str = "u on the undo's own row in History brings it back";

/// What is chosen to be taken back, before it is read.
pub(super) enum ChosenAction {
    Whole { id: AuditId, title: String, nature: ChangeNature },
    Entry(Box<ReadEntry>),
}

impl ChosenAction {
    /// Off the thread that draws: a transaction may have a hundred thousand entries.
    pub(super) fn read(self, store: &Store) -> Result<PastAction, String> {
        match self {
            Self::Whole { id, title, nature } => {
                let entries = store.entries_of(id, None, usize::MAX).map_err(|error| error.to_string())?;
                let entries = entries.into_iter().collect::<Result<_, _>>().map_err(|damaged| damaged.to_string())?;
                Ok(PastAction { title, nature, entries })
            }
            Self::Entry(entry) => read_with_what_belongs(entry.map_err(|damaged| damaged.to_string())?, store),
        }
    }
}

/// An entry, with those of its transaction without which it is nothing: a user comes and goes with lines, box and agent.
pub(super) fn read_with_what_belongs(entry: AuditEntry, store: &Store) -> Result<PastAction, String> {
    let mut action = PastAction::of(entry.clone());
    if entry.recorded().is_whole() {
        let along = store.entries_of(entry.transaction, None, usize::MAX).map_err(|error| error.to_string())?;
        let belongs = |other: &AuditEntry| other.recorded().belongs_to(&entry.recorded());
        action.entries.extend(along.into_iter().flatten().filter(belongs));
    }
    Ok(action)
}

/// Reads these, finds out on a thread beside what of them can be undone, and asks whether it is to be.
pub(super) fn ask(
    read: impl FnOnce(&Store) -> Result<Vec<PastAction>, String> + Send + 'static,
    app: &mut App,
) -> Transition {
    let looking = Looking::of(app);
    let look = move || {
        let actions = read(looking.store())?;
        if actions.is_empty() {
            return Ok(None);
        }
        Attempt::of(actions, &looking).map(Some).map_err(|why| format!("cannot be undone: {why}"))
    };
    app.look_up("reading the changes", look, |app, found| match found.and_then(|found: Result<_, String>| found) {
        Ok(Some(attempt)) => ask_about(attempt, app),
        Ok(None) => {
            app.warn("nothing is chosen that could be undone");
            Transition::Stay
        }
        Err(error) => told(&error, app),
    })
}

fn ask_about(attempt: Attempt, app: &mut App) -> Transition {
    if attempt.actions.is_empty() {
        return nothing_to_undo(attempt.left_out, &attempt.since);
    }
    let (words, nature) = match attempt.actions.as_slice() {
        [one] => (one.title.clone(), one.nature),
        several => (count(several.len(), "change"), ChangeNature::Edit),
    };
    let undone = nature.undone(&words);
    let mut text = words_of(&attempt.actions);
    text.extend(attempt.left_out.iter().cloned());
    let mut done = undone.clone();
    for (number, what, why) in [
        (attempt.number_since(), "object", "left out, as a whole or in part, that changed since"),
        (attempt.number_hanging, "object", "left out with what stays"),
        (attempt.number_impossible, "change", "left out that cannot be undone"),
    ] {
        if number > 0 {
            let joined = if done == undone { ", but" } else { " and" };
            done.push_str(&format!("{joined} {} {why}", count(number, what)));
        }
    }
    let Attempt { actions, holds, lost, number_going, number_returning_late, remembered, .. } = attempt;
    // What did not come back has the room of what holds, which was read in the question.
    let told = match nature {
        _ if !lost.is_empty() => done,
        ChangeNature::Edit => format!("{done}; now {holds}; {BROUGHT_BACK}"),
        ChangeNature::Undo => format!("{done}; now {holds}"),
    };
    let afterwards = Some(holds).filter(|holds| !holds.is_empty()).into_iter().chain(LostSecret::told(&lost));
    let afterwards: Vec<String> =
        afterwards.chain((number_returning_late > 0).then(|| STATE_IS_GONE.to_owned())).collect();
    let holds = (!afterwards.is_empty()).then(|| afterwards.join("; "));
    text.extend(told_going(number_going));
    let title = format!("Undo {}?", counted(&actions));
    propose(UndoQuestion { title, undone, text, holds, told }, actions, remembered, app)
}

/// How it is asked about, and what is told then.
struct UndoQuestion {
    title: String,
    undone: String,
    text: Vec<String>,
    holds: Option<String>,
    told: String,
}

fn propose(question: UndoQuestion, actions: Vec<PastAction>, remembered: Configuration, app: &mut App) -> Transition {
    let UndoQuestion { title, undone, text, holds, told } = question;
    let entries = actions.iter().flat_map(|action| &action.entries);
    let ranges = AuditRange::of(entries.clone().map(|entry| (entry.id, entry.transaction)));
    let undone_entries: BTreeSet<AuditId> = entries.map(|entry| entry.id).collect();
    let needed = entries_in(&recorded(&actions));
    // The store knows refusals alone: what this one says more comes beside it.
    let refused: Arc<Mutex<Option<NotUndone>>> = Arc::default();
    let why = Arc::clone(&refused);
    let restore = move |configuration: &mut Configuration| {
        configuration.restore_remembering(&recorded(&actions), &remembered).map_err(|why| {
            let refusal = Refusal::new(Rule::V1, TargetKind::TheChange, Violation::NotDone { words: why.to_string() });
            *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
            refusal
        })
    };
    Proposal::new(title, "undo", undone, restore)
        .about(needed)
        .always(text)
        .holding(holds)
        .undoes(ranges)
        .then(move |app, outcome| {
            let why = why.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (outcome, why) {
                (Ok(saved), _) => {
                    let Restored { lost, .. } = &saved.value;
                    match LostSecret::told(lost).as_slice() {
                        [] => app.tell_saved(&told, &saved),
                        notes => app.warn(format!("{told}; {}", notes.join("; "))),
                    }
                }
                (Err(_), Some(NotUndone::ChangedSince(since))) => {
                    return tell_changed_since(*since, undone_entries, app);
                }
                (Err(_), Some(why)) => app.fail(format!("not undone: {why}")),
                (Err(error), None) => app.fail(format!("not undone: {}", error.words())),
            }
            Transition::Stay
        })
        .put(app)
}

/// Somebody was faster than the question: by whom it was changed a thread beside reads.
fn tell_changed_since(since: ChangedSince, undone: BTreeSet<AuditId>, app: &mut App) -> Transition {
    let looking = Looking::of(app);
    let look = move || (format!("· {}", line_of(&since, &looking, &undone)), since);
    app.look_up("reading the history", look, |app, found| match found {
        Ok((line, since)) => nothing_to_undo(vec![line], &[since]),
        Err(error) => told(&error, app),
    })
}

/// Whoever goes may be wanted back: only this console still knows the passwords then, and only while it is open.
fn told_going(users: usize) -> Option<String> {
    let (whose, what) = match users {
        0 => return None,
        1 => ("The password goes with the user".to_owned(), "it"),
        several => (format!("The passwords go with the {several} users"), "them"),
    };
    Some(format!("{whose}: the history keeps none. Only this console, as long as it is open, can bring {what} back."))
}

/// Each action in words; of one that changed several objects those too.
fn words_of(actions: &[PastAction]) -> Vec<String> {
    let (mut text, number, what): (Vec<String>, usize, &str) = match actions {
        [PastAction { title, entries, .. }] if entries.len() > 1 => {
            let named = entries.iter().take(NAMED).map(|entry| format!("· {}", entry.recorded().describe()));
            (std::iter::once(format!("{title}:")).chain(named).collect(), entries.len(), "more object")
        }
        actions => {
            (actions.iter().take(NAMED).map(|action| action.title.clone()).collect(), actions.len(), "more change")
        }
    };
    if let more @ 1.. = number.saturating_sub(NAMED) {
        text.push(format!("and {}", count(more, what)));
    }
    text
}

/// Where one can go on from there: the history shows both changes.
fn nothing_to_undo(left_out: Vec<String>, since: &[ChangedSince]) -> Transition {
    let mut text = vec!["Nothing was undone.".to_owned()];
    text.extend(left_out);
    let Some(first) = since.first() else {
        let question = Question::new("Nothing can be undone", text.join("\n")).stay("leave it as it is now");
        return Transition::Push(Box::new(question));
    };
    text.push("Undo the later change first, or mark both in History and undo them together.".to_owned());
    let object = first.on.object().and_then(|object| object.name()).unwrap_or_else(|| first.object());
    let question = Question::new("Changed again since", text.join("\n"))
        .choice('h', "show both in History", move |app| super::changes_of::show_about(&object, app))
        .stay("leave it as it is now");
    Transition::Push(Box::new(question))
}
