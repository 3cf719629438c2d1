//! What is wrong with a line, in the words of its answer; each refusal names its member. Whatever reads a line makes it.

use super::BadLine;
use crate::protocol::notice::ErrorCode;
use crate::protocol::request::CommandId;

/// Why a line is bad, before its `commandid` is added.
#[derive(Debug)]
pub(super) struct Fault {
    code: ErrorCode,
    detail: String,
}

impl Fault {
    pub(super) fn new(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    pub(super) fn missing(member: &str) -> Self {
        Self::new(ErrorCode::MissingMember, format!("`{member}` is missing"))
    }

    /// `expected` says what the member must be, with its article.
    pub(super) fn wrong(member: &str, expected: &str) -> Self {
        Self::new(ErrorCode::WrongType, format!("`{member}` must be {expected}"))
    }

    pub(super) fn into_bad_line(self, reply: CommandId) -> BadLine {
        BadLine { code: self.code, detail: self.detail, reply }
    }

    #[cfg(test)]
    pub(super) fn code(&self) -> ErrorCode {
        self.code
    }
}
