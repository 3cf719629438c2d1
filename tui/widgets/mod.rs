//! The few parts that screens are made of: a list with a cursor, the words below it, a line of text, a field of a form.
//! They know how to draw and move themselves and nothing of what they show.

pub(super) mod columns;
pub(super) mod dots;
pub(super) mod entry;
pub(super) mod foot;
pub(super) mod heads;
pub(super) mod key_areas;
pub(super) mod list;
mod marked_list;
pub(super) mod marks;
pub(super) mod matches;
pub(super) mod progress;
pub(super) mod rule;
pub(super) mod scrolled_text;
pub(super) mod sparkline;
pub(super) mod text_line;
