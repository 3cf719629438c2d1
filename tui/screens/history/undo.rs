//! Taking changes back out of the history: asked first, refused with both versions where an object was changed since.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::ReadEntry;
use crate::exchange::document::{ChangedSince, NotUndone, entries_in};
use crate::settings::configuration::Configuration;
use crate::settings::id::AuditId;
use crate::settings::rule::{Refusal, Rule, count};
use crate::settings::violation::Violation;
use crate::store::{AuditEntry, Store};
use crate::tui::app::{App, Transition};
use crate::tui::ask::Question;
use crate::tui::proposal::Proposal;

/// Actions, or the changes of one, that are told by name before they are taken back.
const NAMED: usize = 6;

/// What is to be taken back as one: a transaction, or one entry of it.
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

/// Asks whether these are to be taken back, all of them or none.
pub(super) fn ask(actions: Vec<PastAction>, app: &mut App) -> Transition {
    if actions.is_empty() {
        app.warn("nothing is chosen that could be taken back");
        return Transition::Stay;
    }
    let text = told(&actions);
    let title = format!("Take back {}?", count(actions.len(), "change"));
    let words = match actions.as_slice() {
        [one] => format!("taken back: {}", one.title),
        several => format!("taken back: {}", count(several.len(), "change")),
    };
    let entries: Vec<AuditEntry> = actions.into_iter().flat_map(|action| action.entries).collect();
    // The store knows refusals alone: what this one says more comes beside it.
    let refused: Arc<Mutex<Option<NotUndone>>> = Arc::default();
    let (why, told) = (Arc::clone(&refused), words.clone());
    let needed = entries_in(&entries.iter().map(AuditEntry::recorded).collect::<Vec<_>>());
    let restore = move |configuration: &mut Configuration| {
        let recorded: Vec<_> = entries.iter().map(AuditEntry::recorded).collect();
        configuration.restore(&recorded).map_err(|why| {
            let refusal = Refusal::new(Rule::V1, "the change", Violation::NotDone { words: why.to_string() });
            *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
            refusal
        })
    };
    Proposal::new(title, "take back", words, restore)
        .about(needed)
        .always(text)
        .then(move |app, outcome| {
            let why = why.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (outcome, why) {
                (Ok(saved), _) => match saved.value.first() {
                    Some(note) => app.warn(format!("{told}; {note}")),
                    None => app.tell_saved(&told, &saved),
                },
                (Err(_), Some(NotUndone::ChangedSince(since))) => return both_versions(&since),
                (Err(_), Some(why)) => app.fail(format!("not taken back: {why}")),
                (Err(error), None) => app.fail(format!("not taken back: {}", error.words())),
            }
            Transition::Stay
        })
        .put(app)
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

fn both_versions(since: &ChangedSince) -> Transition {
    let image = |image: &Option<Value>| image.as_ref().map_or_else(|| "does not exist".to_owned(), Value::to_string);
    let text =
        format!("{since}.\nThe change had left it so:\n{}\nNow it is so:\n{}", image(&since.left), image(&since.now));
    Transition::Push(Box::new(Question::new("Changed since", text).stay("leave it as it is now")))
}
