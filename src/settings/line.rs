//! Lines: the numbers under which users are called.

use super::id::{ContextId, LineId, UserId};
use super::name::{Device, Extension};
use super::table::object;

/// A user's line: an extension in a context, and the device that rings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) id: LineId,
    pub(crate) version: u32,
    pub(crate) user: UserId,
    /// Each user with lines has exactly one main line.
    pub(crate) is_main: bool,
    pub(crate) extension: Extension,
    pub(crate) context: ContextId,
    pub(crate) device: Device,
}

object!(Line, LineId, "line", in |line, context| line.context == context);
