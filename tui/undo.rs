//! Ctrl-Z: the last change of this console is proposed to be taken back, with its consequence counted. Called by the
//! console from every screen.

use super::app::{App, Transition, UndoStep, Undoable};
use super::proposal::Proposal;

/// Takes the last change of this console back.
pub(super) fn undo(app: &mut App) -> Transition {
    if let Some(obstacle) = app.read_only_obstacle() {
        app.warn(obstacle);
        return Transition::Stay;
    }
    let Some(UndoStep { words, change }) = app.last_step() else {
        app.warn("there is nothing to undo in this console; History goes further back");
        return Transition::Stay;
    };
    let entries = change.entries();
    let title = "Take back the last change?";
    Proposal::new(title, "take it back", "undo", move |configuration| configuration.revert(&change))
        .about(entries)
        .remembered(Undoable::No)
        .then(move |app, outcome| {
            match outcome {
                Ok(saved) => {
                    app.forget_last_step();
                    app.tell_saved(&format!("undone: {words}; History can bring it back"), &saved);
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
