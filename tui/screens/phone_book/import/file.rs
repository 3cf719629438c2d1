//! A file that is to be imported, and what it does not say itself. The form makes it, the reading takes it.

use std::path::PathBuf;

use crate::exchange::phone_book::Format;
use crate::exchange::text_encoding::TextEncoding;
use crate::settings::id::ContextId;

/// A file, and how it is read.
#[derive(Debug, Clone)]
pub(super) struct FileToRead {
    pub(super) path: PathBuf,
    pub(super) format: Format,
    /// None: the file says it, or it is guessed.
    pub(super) encoding: Option<TextEncoding>,
    /// Of entries that name none.
    pub(super) context: Option<ContextId>,
}
