//! Ctrl-Z: the last change of this console is proposed to be undone, with its consequence counted. What is undone and what
//! holds afterwards are told before and after; what nobody sees is never undone by that one key. Called by the console from
//! every screen.

use super::app::{App, ChangeNature, Transition, UnaskedUndo, UndoStep, Undoable};
use super::clock::span;
use super::proposal::Proposal;
use super::saving::store_words;
use super::screens;
use super::tab::Tab;
use crate::exchange::document::restored;
use crate::settings::configuration::Configuration;
use crate::settings::edit::AppliedChange;
use crate::settings::phone_book::EntriesNeeded;
use crate::settings::table::Kind;

/// From so many objects on it is asked about. Two are one with its line, or with its neighbour in an order.
const SEVERAL_FROM: usize = 3;

/// Undoes the last change of this console; `shown` is what stands on the screen.
pub(super) fn undo(shown: &str, app: &mut App) -> Transition {
    if let Some(obstacle) = app.read_only_obstacle() {
        app.warn(obstacle);
        return Transition::Stay;
    }
    let Some(step) = app.last_step() else {
        app.note_unasked(UnaskedUndo::Nothing);
        app.warn("there is nothing to undo in this console; History goes further back");
        return Transition::Stay;
    };
    let is_seen = step.place == app.place && is_seen(&step.change, shown, app);
    let entries = step.change.entries();
    if entries == EntriesNeeded::None {
        let before = Ok(Configuration::clone(&app.configuration));
        return propose(step, before, is_seen, app);
    }
    // As many entries of the phone book as it changed: a thread beside reads them.
    let store = app.store.clone();
    let read = move || store.configuration_with(&entries).map_err(|error| store_words(&error));
    app.look_up("reading the phone book", read, move |app, before| {
        propose(step, before.and_then(|before| before), is_seen, app)
    })
}

/// Asks about it, or does it at once where all of it `is_seen`; `before` is what is stored now.
fn propose(step: UndoStep, before: Result<Configuration, String>, is_seen: bool, app: &mut App) -> Transition {
    let UndoStep { words, nature, change, written, at, place } = step;
    let entries = change.entries();
    let holds = match before.map(|before| what_holds(&before, &change)) {
        Ok(Some(holds)) => holds,
        // Somebody changed a part of it again: the history names that, and undoes the rest.
        Ok(None) => {
            app.forget_last_step();
            return screens::undo_written(written, (words, nature), app);
        }
        Err(error) => {
            app.fail(format!("not undone: {error}"));
            return Transition::Stay;
        }
    };
    let undo = nature.undone(&words);
    let told = match nature {
        // No history keeps them.
        ChangeNature::Edit if change.sets_passwords() => {
            format!("{undo}; now {holds}; what was set or made then is gone and cannot be brought back")
        }
        ChangeNature::Edit => format!("{undo}; now {holds}; h, then u brings it back"),
        ChangeNature::Undo => format!("{undo}; now {holds}"),
    };
    let mut lines = vec![format!("To be undone: {words}, {} ago in {}.", span(at, app.now), place.heading())];
    // What was done last outside of the database is not what is undone: it would be taken for that.
    let done_since = app.last_change().filter(|last| last.is_made_elsewhere()).map(|last| last.words.clone());
    if let Some(done) = &done_since {
        lines.insert(0, format!("What was done last cannot be undone: {done}. This is the change before that."));
    }
    if change.sets_passwords() {
        lines.push("The passwords of before hold again; those that were set or made then no longer do.".to_owned());
    }
    // Passwords that were made are gone with it, and may have been given out.
    let is_seen = is_seen && done_since.is_none() && !change.sets_passwords();
    let proposal = Proposal::new("Undo the last change?", "undo it", undo, move |c| c.revert(&change));
    let proposal = if is_seen { proposal.saying(lines) } else { proposal.always(lines) };
    proposal
        .about(entries)
        .holding(Some(holds))
        .undoes(vec![written])
        .remembered(Undoable::No)
        .then(move |app, outcome| {
            match outcome {
                Ok(saved) => {
                    app.forget_last_step();
                    app.tell_saved(&told, &saved);
                }
                // Somebody was faster than what is shown here: the history names it, and undoes the rest.
                Err(error) if error.is_overtaken() => {
                    app.forget_last_step();
                    return screens::undo_written(written, (words, nature), app);
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

/// Whether all that it touched stands on the screen, and is what people come here for: not a line of somebody, an account,
/// a certificate.
fn is_seen(change: &AppliedChange, shown: &str, app: &App) -> bool {
    let (objects, settings) = (change.objects(&app.configuration), change.settings());
    let has_user = objects.iter().any(|object| object.kind == Kind::User);
    let names = objects.iter().filter_map(|object| match object.kind {
        Kind::Account => Some(None),
        // It comes and goes with its user.
        Kind::Line if has_user => None,
        Kind::Line => Some(None),
        // Its context stands elsewhere, or nowhere.
        _ => Some(object.name().map(|name| name.split('@').next().unwrap_or_default().to_owned())),
    });
    let keys = settings.iter().map(|key| Some(key.as_str().to_owned()).filter(|_| app.place != Tab::Certificates));
    let is_shown = |name: Option<String>| name.is_some_and(|name| is_named(&name, shown));
    objects.len() + settings.len() < SEVERAL_FROM && names.chain(keys).all(is_shown)
}

/// Whether the name stands in the text, and not as a part of another one.
fn is_named(name: &str, text: &str) -> bool {
    let is_of_name = |letter: char| letter.is_alphanumeric() || "._-@".contains(letter);
    let places = text.match_indices(name).filter(|_| !name.is_empty());
    places.into_iter().any(|(at, found)| {
        let (before, after) = (text[..at].chars().next_back(), text[at + found.len()..].chars().next());
        !before.is_some_and(is_of_name) && !after.is_some_and(is_of_name)
    })
}

/// What is so once it is undone; none: it was changed again since.
fn what_holds(before: &Configuration, change: &AppliedChange) -> Option<String> {
    let mut after = before.clone();
    after.revert(change).ok().map(|()| restored(before, &after))
}
