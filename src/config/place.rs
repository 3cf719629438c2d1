//! Where in which settings file a value stands.

use std::fmt;
use std::sync::Arc;

use super::yaml::Position;

/// A place in a file, of which `rank` says how many files stand above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilePlace {
    pub(crate) file: Arc<str>,
    pub(crate) rank: usize,
    /// From 1, as `column` is.
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl FilePlace {
    /// The beginning of the file.
    pub(super) fn of_file(path: &str, rank: usize) -> Self {
        Self { file: path.into(), rank, line: 1, column: 1 }
    }

    pub(super) fn at(&self, Position { line, column }: Position) -> Self {
        Self { line, column, ..self.clone() }
    }
}

/// `/etc/ctibox/conf.d/10-auth.yml:2:12`
impl fmt::Display for FilePlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}", self.file, self.line, self.column)
    }
}
