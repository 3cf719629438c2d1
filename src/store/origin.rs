//! Who changes something and by which way, as the audit keeps it.

use crate::settings::id::{AuditId, Id as _};

/// Who changes something, and what for, for the audit.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The name of the system's user.
    pub(crate) user: String,
    pub(crate) from: OriginKind,
    pub(crate) intent: Intent,
}

/// What a change is for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Intent {
    #[default]
    Edit,
    /// It undoes what these entries tell.
    Undo(Vec<AuditRange>),
    /// It takes over what stands in a file of this name.
    Import(String),
}

/// Neighbouring entries of one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AuditRange {
    pub(crate) first: AuditId,
    pub(crate) last: AuditId,
}

impl AuditRange {
    /// These entries as ranges: neighbours are one, as long as they are of one transaction. `entries` are an entry and its
    /// transaction each.
    pub(crate) fn of(entries: impl IntoIterator<Item = (AuditId, AuditId)>) -> Vec<Self> {
        let mut entries: Vec<(AuditId, AuditId)> = entries.into_iter().collect();
        entries.sort();
        entries.dedup();
        let mut ranges: Vec<(AuditId, Self)> = Vec::new();
        for (id, transaction) in entries {
            match ranges.last_mut() {
                Some((of, range)) if *of == transaction && range.last.number() + 1 == id.number() => range.last = id,
                _ => ranges.push((transaction, Self { first: id, last: id })),
            }
        }
        ranges.into_iter().map(|(_, range)| range).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OriginKind {
    Cli,
    Console,
    Import,
    /// The program itself: the default data of a first run.
    System,
}

impl OriginKind {
    const ALL: [Self; 4] = [Self::Cli, Self::Console, Self::Import, Self::System];

    pub(super) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.as_str() == word)
    }

    /// The word in the database (`audit.origin`).
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Cli => "cli",
            Self::Console => "console",
            Self::Import => "import",
            Self::System => "system",
        }
    }
}
