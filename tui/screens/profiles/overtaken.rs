//! A profile that somebody else changed or removed while its draft was made: what is put together by itself, and what is asked
//! about. The editor calls it where saving says so.

use super::draft::{self, Shared};
use crate::settings::rule::count;
use crate::tui::app::{App, Transition};
use crate::tui::ask::Question;

/// How many parts that both changed a question names.
const CLASHES_NAMED: usize = 4;

/// Somebody else was faster: what only one side changed is taken from that side. Where that is all, it is saved; what both
/// changed is asked about.
pub(super) fn settle(shared: &Shared, app: &mut App) -> Transition {
    let changed = shared.borrow().changed_by(app);
    let Some((merged, seen)) = shared.borrow().merged(app) else {
        return Transition::Push(Box::new(removed(shared, changed)));
    };
    let taken = merged.taken.join(", ");
    if merged.clashes.is_empty() {
        shared.borrow_mut().take_merged(merged.profile, seen, app);
        let by = changed.map_or_else(String::new, |changed| format!(" ({changed})"));
        let also = if taken.is_empty() { String::new() } else { format!("; taken over from others: {taken}{by}") };
        return save_merged(shared, &also, app);
    }
    let by = changed.unwrap_or_else(|| "by somebody else".to_owned());
    let mut text = format!("It was changed meanwhile, {by}; nothing was overwritten.\n");
    for clash in merged.clashes.iter().take(CLASHES_NAMED) {
        text.push_str(&format!("Yours: {}. Stored now: {}.\n", clash.own, clash.their));
    }
    if let Some(more @ 1..) = merged.clashes.len().checked_sub(CLASHES_NAMED) {
        text.push_str(&format!("And {} that both changed.\n", count(more, "more part")));
    }
    if !taken.is_empty() {
        text.push_str(&format!("You did not change this, so it is kept: {taken}.\n"));
    }
    let (mine, theirs) = (shared.clone(), shared.clone());
    let question = Question::new("changed meanwhile", text.trim_end())
        .choice('m', "save it with yours of what both changed", move |app| {
            mine.borrow_mut().take_merged(merged.profile, seen, app);
            save_merged(&mine, "", app)
        })
        .choice('t', "use what is stored, and drop all that you changed", move |app| drop_own(&theirs, app))
        .stay("keep editing");
    Transition::Push(Box::new(question))
}

/// There is nothing any more that it could be saved over.
fn removed(shared: &Shared, changed: Option<String>) -> Question {
    let by = changed.unwrap_or_else(|| "by somebody else".to_owned());
    let text = format!("This profile was removed meanwhile, {by}. History can bring it back.");
    let draft = shared.clone();
    Question::new("changed meanwhile", text)
        .choice('t', "close it, and drop what you changed", move |app| drop_own(&draft, app))
        .stay("keep editing")
}

fn drop_own(draft: &Shared, app: &App) -> Transition {
    if draft.borrow_mut().take_stored(app) { Transition::Stay } else { Transition::Pop }
}

/// What comes after the version that was looked at is no part of the consent.
fn save_merged(draft: &Shared, also: &str, app: &mut App) -> Transition {
    draft::save_told(
        draft,
        also,
        app,
        || Transition::Stay,
        |app| {
            app.fail("not saved: somebody else changed the profile again; Ctrl-S looks at it once more");
            Transition::Stay
        },
    )
}

/// Saves where no question can be asked: that both changed it is said.
pub(super) fn save_unasked(draft: &Shared, app: &mut App, then: Transition) -> Transition {
    draft::save(
        draft,
        app,
        || then,
        |app| {
            app.fail("not saved: somebody else changed the profile meanwhile; Ctrl-S shows what");
            Transition::Stay
        },
    )
}
