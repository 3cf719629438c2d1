//! Marks in a list: Space marks a row and goes on to the next, `v` begins a range and ends it, `*` inverts what is shown,
//! Ctrl-A marks all of it. A mark belongs to an id: it stays whatever a filter hides, and goes when the object does. The
//! list holds them, `screen::DynScreen` gives them their keys; what is done with them is the screen's.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use crate::settings::rule::count;
use crate::tui::key_hint::KeyHint;
use crate::tui::key_table::Action;
use crate::tui::keys::Key;

/// The sign before a row that is marked.
pub(super) const SIGN: &str = "*";

#[derive(Debug, Clone)]
pub(super) struct Marks<T> {
    pub(super) ids: BTreeSet<T>,
    /// Where a range began that is not ended yet: it reaches to the cursor.
    pub(super) anchor: Option<T>,
    /// What the key that is pressed now means, where somebody was asked.
    pub(super) answer: Option<MeantRows>,
}

/// Which rows a key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tui) enum MeantRows {
    /// The one under the cursor, whatever is marked.
    Cursor,
    /// All that are marked, also those that the filter hides.
    Marked,
}

impl<T> Default for Marks<T> {
    fn default() -> Self {
        Self { ids: BTreeSet::new(), anchor: None, answer: None }
    }
}

impl<T: Copy + Ord> Marks<T> {
    /// Whether a range is open: it is to be ended before the rows become others.
    pub(super) fn has_range(&self) -> bool {
        self.anchor.is_some()
    }
}

/// The rows of a range that is open, if one is.
pub(super) struct MarkedRange(pub(super) Option<RangeInclusive<usize>>);

impl MarkedRange {
    pub(super) fn holds(&self, at: usize) -> bool {
        self.0.as_ref().is_some_and(|rows| rows.contains(&at))
    }
}

/// Any list whose rows can be marked, whatever they are.
pub(in crate::tui) trait Marking {
    /// Whether the key was one of the marks'.
    fn press_mark(&mut self, key: Key) -> bool;
    fn number_marked(&self) -> usize;
    /// How many of them are not shown now.
    fn number_hidden(&self) -> usize;
    fn has_range(&self) -> bool;
    /// Whether it has to be asked which rows are meant: some that are marked are hidden, and the row under the cursor is not
    /// marked.
    fn is_unclear(&self) -> bool;
    /// What the next key means; none: what is marked, else the row.
    fn mean(&mut self, answer: Option<MeantRows>);
}

/// Whether the key is about all that are marked, on screens that have it.
pub(in crate::tui) fn is_for_marks(action: Action) -> bool {
    action == Action::Edit || FOR_MARKS.contains(&action)
}

/// Those that do something with all that are marked.
const FOR_MARKS: [Action; 4] = [Action::Bulk, Action::Switch, Action::Remove, Action::TakeBack];

/// Those that mark something.
pub(in crate::tui) const ACTIONS: [Action; 4] = [Action::Mark, Action::MarkRange, Action::InvertMarks, Action::MarkAll];

/// What Esc has forgotten where a filter hid some of it.
pub(in crate::tui) fn gone_words(marked: usize, hidden: usize) -> String {
    let are = if marked == 1 { "is" } else { "are" };
    let hid = match hidden {
        1 if marked == 1 => "it".to_owned(),
        hidden if hidden == marked => "all of them".to_owned(),
        hidden => format!("{hidden} of them"),
    };
    format!("{} {are} gone; the filter hid {hid}", count(marked, "mark"))
}

/// What marks add to the commands of their screen.
pub(in crate::tui) fn add_to(marking: &dyn Marking, mut hints: Vec<KeyHint>) -> Vec<KeyHint> {
    if marking.number_marked() > 0 || marking.has_range() {
        // Esc shows all again, or goes back, once nothing is marked.
        hints.retain(|hint| !hint.actions.contains(&Action::Back));
        // What is done with all that are marked is what is wanted now.
        let is_for_marks = |hint: &KeyHint| hint.actions.iter().any(|action| FOR_MARKS.contains(action));
        hints.sort_by_key(|hint| !is_for_marks(hint));
        let place = hints.iter().take_while(|hint| is_for_marks(hint)).count();
        hints.insert(place, KeyHint::told([Action::Back], "unmark", "Forget the range, or all marks"));
    }
    if marking.has_range() {
        let place = hints.len().min(2);
        hints.insert(place, KeyHint::told([Action::MarkRange], "end range", "End the range at the cursor"));
    } else {
        hints.push(KeyHint::told([Action::MarkRange], "range", "Begin a range at the cursor; again ends it").quiet());
    }
    hints.extend([
        KeyHint::told([Action::Mark], "mark", "Mark the row or take the mark away, and go to the next"),
        KeyHint::told(
            [Action::InvertMarks],
            "invert",
            "Of the rows that are shown, mark those that are not marked, and unmark the others",
        )
        .quiet(),
        KeyHint::told([Action::MarkAll], "mark all", "Mark all that are shown").quiet(),
    ]);
    hints
}
