//! The message line: what was done, what was not, what is wrong. Screens say it, the frame draws it.

use crate::settings::rule::Severity;

/// The message line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Note {
    pub(super) tone: Tone,
    pub(super) text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Something was done.
    Done,
    /// Nothing was done yet, or nothing was to be done.
    Remark,
    Problem(Severity),
}
