//! Ctrl-Z: the last change of this console is proposed to be undone, with its consequence counted. What is undone and what
//! holds afterwards are told before and after. Called by the console from every screen.

use super::app::{App, Transition, UndoStep, Undoable, undone};
use super::clock::span;
use super::proposal::Proposal;
use super::screens;
use crate::exchange::document::restored;
use crate::settings::configuration::Configuration;
use crate::settings::edit::AppliedChange;
use crate::settings::id::Id as _;
use crate::settings::phone_book::EntriesNeeded;

/// From so many objects on it is asked about. Two are one with its line, or with its neighbour in an order.
const SEVERAL_FROM: i64 = 3;

/// Undoes the last change of this console.
pub(super) fn undo(app: &mut App) -> Transition {
    if let Some(obstacle) = app.read_only_obstacle() {
        app.warn(obstacle);
        return Transition::Stay;
    }
    let Some(UndoStep { words, change, written, at, place }) = app.last_step() else {
        app.warn("there is nothing to undo in this console; History goes further back");
        return Transition::Stay;
    };
    let entries = change.entries();
    let holds = match what_holds(app, &change) {
        Holds::Told(holds) => Some(holds),
        Holds::Unknown => None,
        // Somebody changed a part of it again: the history names that, and undoes the rest.
        Holds::ChangedAgain => {
            app.forget_last_step();
            return screens::undo_written(written, words, app);
        }
    };
    let undo = undone(&words);
    let told = match &holds {
        Some(holds) => format!("{undo}; now {holds}; History can bring it back"),
        None => format!("{undo}; History can bring it back"),
    };
    let lines = vec![format!("To be undone: {words}, {} ago in {}.", span(at, app.now), place.heading())];
    let proposal = Proposal::new("Undo the last change?", "undo it", undo, move |c| c.revert(&change));
    // What is not seen from here, or touched several objects, is not undone by one key.
    let objects = written.last.number() - written.first.number() + 1;
    let is_seen = place == app.place && objects < SEVERAL_FROM;
    let proposal = if is_seen { proposal.saying(lines) } else { proposal.always(lines) };
    proposal
        .about(entries)
        .holding(holds)
        .undoes(vec![written])
        .remembered(Undoable::No)
        .then(move |app, outcome| {
            match outcome {
                Ok(saved) => {
                    app.forget_last_step();
                    app.tell_saved(&told, &saved);
                }
                Err(error) => {
                    // What the store could not do now it may do later; what is refused once is refused for good.
                    if !error.refusals().is_empty() {
                        app.forget_last_step();
                    }
                    app.fail(format!("not undone: {}", error.words()));
                }
            }
            Transition::Stay
        })
        .put(app)
}

/// What is so once it is undone.
enum Holds {
    Told(String),
    /// The store cannot be read now.
    Unknown,
    ChangedAgain,
}

fn what_holds(app: &App, change: &AppliedChange) -> Holds {
    let before = match change.entries() {
        EntriesNeeded::None => Ok(Configuration::clone(&app.configuration)),
        entries => app.store.configuration_with(&entries),
    };
    let Ok(before) = before else { return Holds::Unknown };
    let mut after = before.clone();
    match after.revert(change) {
        Ok(()) => Holds::Told(restored(&before, &after)),
        Err(_) => Holds::ChangedAgain,
    }
}
