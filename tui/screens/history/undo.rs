//! Taking changes back out of the history: asked first, refused with both versions where an object was changed since.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::exchange::document::{ChangedSince, NotUndone, entries_in};
use crate::settings::configuration::Configuration;
use crate::settings::rule::{Refusal, Rule, count};
use crate::settings::violation::Violation;
use crate::store::AuditEntry;
use crate::tui::app::{App, Transition};
use crate::tui::ask::Question;
use crate::tui::proposal::Proposal;

/// Changes that are told by name before they are taken back.
const NAMED: usize = 6;

/// Asks whether these changes are to be taken back, all of them or none.
pub(super) fn ask(entries: Vec<AuditEntry>, app: &mut App) -> Transition {
    if entries.is_empty() {
        app.warn("nothing is chosen that could be taken back");
        return Transition::Stay;
    }
    let mut text: Vec<String> = entries.iter().take(NAMED).map(|entry| entry.recorded().describe()).collect();
    if let more @ 1.. = entries.len().saturating_sub(NAMED) {
        text.push(format!("and {}", count(more, "more change")));
    }
    let title = format!("Take back {}?", count(entries.len(), "change"));
    let words = match entries.as_slice() {
        [one] => format!("taken back: {}", one.recorded().describe()),
        several => format!("taken back: {}", count(several.len(), "change")),
    };
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

fn both_versions(since: &ChangedSince) -> Transition {
    let image = |image: &Option<Value>| image.as_ref().map_or_else(|| "does not exist".to_owned(), Value::to_string);
    let text =
        format!("{since}.\nThe change had left it so:\n{}\nNow it is so:\n{}", image(&since.left), image(&since.now));
    Transition::Push(Box::new(Question::new("Changed since", text).stay("leave it as it is now")))
}
