//! What keeps a context from being removed, as data: `edit` finds it, a refusal holds and tells it.

use std::fmt;

use super::count::{count, quoted};
use super::table::Kind;

/// What keeps a context.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum ContextUse {
    /// So many of the kind stand in it.
    Holds {
        kind: Kind,
        number: usize,
    },
    IncludedBy {
        contexts: Vec<String>,
    },
}

impl fmt::Display for ContextUse {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Holds { kind, number } => count(*number, kind.noun()).fmt(out),
            Self::IncludedBy { contexts } => write!(out, "the context {}", quoted(contexts)),
        }
    }
}
