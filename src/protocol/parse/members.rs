//! The members of a line as the parsers ask for them: required or optional, of which type; each refusal names its member.

use serde_json::{Map, Value};

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

/// An object of the line. Members are taken out, so that long texts move and are not copied.
pub(super) struct Members(Map<String, Value>);

impl Members {
    pub(super) fn new(object: Map<String, Value>) -> Self {
        Self(object)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.0.swap_remove(name)
    }

    pub(super) fn require(&mut self, name: &str) -> Result<Value, Fault> {
        self.take(name).ok_or_else(|| Fault::missing(name))
    }

    /// A required text.
    pub(super) fn text(&mut self, name: &str) -> Result<Box<str>, Fault> {
        match self.require(name)? {
            Value::String(text) => Ok(text.into()),
            _ => Err(Fault::wrong(name, "a text")),
        }
    }

    /// A text that may be absent or null, which is the empty text.
    pub(super) fn text_or_empty(&mut self, name: &str) -> Result<Box<str>, Fault> {
        match self.take(name) {
            Some(Value::String(text)) => Ok(text.into()),
            None | Some(Value::Null) => Ok("".into()),
            Some(_) => Err(Fault::wrong(name, "a text")),
        }
    }

    /// A required integer or its text.
    pub(super) fn integer(&mut self, name: &str) -> Result<i64, Fault> {
        integer(&self.require(name)?).ok_or_else(|| Fault::wrong(name, "an integer or its text"))
    }

    /// A required array.
    pub(super) fn array(&mut self, name: &str) -> Result<Vec<Value>, Fault> {
        match self.require(name)? {
            Value::Array(values) => Ok(values),
            _ => Err(Fault::wrong(name, "an array")),
        }
    }

    /// A value that is echoed: anything but an array or object; absent is null.
    pub(super) fn scalar(&mut self, name: &str) -> Result<Value, Fault> {
        match self.take(name) {
            Some(Value::Array(_) | Value::Object(_)) => Err(Fault::wrong(name, "neither an array nor an object")),
            Some(value) => Ok(value),
            None => Ok(Value::Null),
        }
    }
}

/// An integer that came as a number or as text.
pub(super) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
