//! The names of the rules of settings §4 and what breaking one looks like. Names and edits return a `Refusal`,
//! `Configuration::findings` returns `Finding`s; whoever talks to a person (command, tui) adds the hint that fits them:
//! `remedy` says which, as data.

use std::fmt;

pub(crate) use super::count::{count, plural};
use super::rule_target::RuleTarget;
use super::table::Kind;
use super::violation::Violation;

/// A rule of settings §4 that can be broken, or one of ctibox's own for what §4 does not speak of (U, C, Q, N, B, A, S,
/// V, D). P11, P12, P18, F13, G1 and G4 have no refusal: they say what an edit or `live` does, or hold by type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Rule {
    P1,
    P2,
    P3,
    P4,
    P5,
    P6,
    P7,
    P8,
    P9,
    P10,
    P13,
    P14,
    P15,
    P16,
    P17,
    H1,
    H2,
    H3,
    H4,
    H5,
    H6,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,
    F14,
    G2,
    G3,
    G5,
    /// G6: where TLS 1.0 and 1.1 are spoken, that is told.
    G6,
    /// U1: a login is unique, in any case of letters, and has the alphabet and length of settings §8.
    U1,
    /// U2: a password has 4..128 characters (settings §8).
    U2,
    /// U3: first name, e-mail, mobile number have the form of settings §8; an e-mail belongs to one user.
    U3,
    /// U4: without a login there is no password and nobody is enabled: such a user never logs in.
    U4,
    /// U5: a break-glass user can log in with the local password: has one, and is enabled (a warning).
    U5,
    /// C1: a context's name is unique, 1..39 of letters, digits, `_`, `-`; a context in use is not removed.
    C1,
    /// C2: an extension is 1..40 of digits, letters, `*`, `#`, `+`, `_`, `-`, `.` and stands once in its context.
    C2,
    /// C3: what a line, voicemail, agent, queue or room names exists, and a user has one main line, at most one
    /// voicemail and one agent.
    C3,
    /// C4: lines of two users do not ring at one device (a warning).
    C4,
    /// Q1: queue names, agent numbers and mailboxes are unique; penalties and wrap-up times are in range.
    Q1,
    /// N1: what a dial rule looks for and adds has at most 40 digits, `+`, `*` and `#`, and it strips 0..40 of them.
    N1,
    /// N2: some number is left to a dial rule by those before it (a warning).
    N2,
    /// B1: an entry of the phone book has a name or a number, and each of its texts has its form.
    B1,
    /// B2: the phone book has at most 100 000 entries.
    B2,
    /// A1: an account's name is unique, in any case of letters, and has the form of a login; its kind is one of the two.
    A1,
    /// A2: an account has at least one right, and each is one that there is.
    A2,
    /// A3: an account that is enabled has a password (a warning).
    A3,
    /// S1: a setting has its type and range (settings §1.9).
    S1,
    /// S2: something acts by a setting that is set (a warning where it is stored already, an error of `check`).
    S2,
    /// S3: those log in who should, with the backends that are named (a warning).
    S3,
    /// S4: a backend that is named has the settings that it needs (a warning where it is stored, as files may say them;
    /// an error of `check`).
    S4,
    /// D1: an export document has the form of its `format`, each object in its place; a line of a table of users has a
    /// cell for each column, and each cell the form of its column.
    D1,
    /// V1: the object was changed by somebody else since it was read (its version is another).
    V1,
}

impl fmt::Display for Rule {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self:?}")
    }
}

/// Why something was not taken, as data: which rule, on what, how it is broken. `Display` makes the words, without the
/// code of the rule: people in the console have no use for it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{on}: {problem}")]
pub(crate) struct Refusal {
    pub(crate) rule: Rule,
    pub(crate) on: RuleTarget,
    /// Apart, so that results stay small.
    pub(crate) problem: Box<Violation>,
}

impl Refusal {
    pub(crate) fn new(rule: Rule, on: impl Into<RuleTarget>, problem: impl Into<Violation>) -> Self {
        Self { rule, on: on.into(), problem: Box::new(problem.into()) }
    }

    /// The words with the code of the rule, which commands print and the documents explain.
    pub(crate) fn with_rule(&self) -> String {
        format!("{self} (rule {})", self.rule)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Severity {
    Error,
    Warning,
}

/// What a look over a whole configuration found; an error refuses a change that brings it, a warning is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    /// The object that is to be edited to mend it, by kind and id (of a setting its place among `Key::ALL`); none if no
    /// single object is to blame.
    pub(crate) about: Option<(Kind, i64)>,
    pub(crate) refusal: Refusal,
}

impl Finding {
    /// Whether both say the same of what people call the same, be it another object by id.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        (self.severity, &self.refusal) == (other.severity, &other.refusal)
    }
}
