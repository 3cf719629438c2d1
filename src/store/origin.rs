//! Who changes something and by which way, as the audit keeps it.

/// Who changes something, for the audit.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The name of the system's user.
    pub(crate) user: String,
    pub(crate) from: OriginKind,
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
